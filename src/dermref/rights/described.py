"""What a license statement means, as the License JSON of every interface."""

from dermref.rights.license import Kind, License
from dermref.rights.verdict import Licenses, Reading, Unknown

Row = dict[str, object]


def license_row(reading: Reading) -> Row:
    """One JSON object: `id` (SPDX, or a site's own terms; else null), `family`, `version`, `jurisdiction`, `url`,
    `known`, `reason`, and the facts behind them; a compound statement has `expression` and `alternatives` too.
    """
    if isinstance(reading, Unknown):
        return _answer(known=False, reason=reading.reason)
    if isinstance(reading, Licenses):
        rows = [[license_row(one) for one in each] for each in reading.alternatives]
        return _answer(known=True) | {"expression": reading.expression, "alternatives": rows}
    return _answer(known=True) | _facts(reading)


def _answer(*, known: bool, reason: str | None = None) -> Row:
    empty: Row = dict.fromkeys(("id", "family", "version", "jurisdiction", "url"))
    return empty | {"known": known, "reason": reason}


def _facts(one: License) -> Row:
    return {
        "id": one.id if one.kind is Kind.SITE_TERMS else one.spdx,
        "family": one.family,
        "version": one.version,
        "jurisdiction": one.jurisdiction,
        "url": one.url,
        "ref": one.id,
        "kind": str(one.kind),
        "short": one.short,
        "name": one.name,
        "basis": one.basis,
        "http_url": one.http_url,
        "deed_url": one.deed_url,
        "legalcode_url": one.legalcode_url,
        "deprecated_on": one.deprecated_on.isoformat() if one.deprecated_on else None,
        "permits": sorted(one.permits),
        "requires": sorted(one.requires),
        "prohibits": sorted(one.prohibits),
    }
