"""What is cited as metadata of DataCite 4.5, the form in which a DOI is registered. Pure: nothing is checked against
the schema here."""

from dermref.credit.citable import Citable, Work, most_images_first
from dermref.credit.citations import attribution_text
from dermref.credit.references import full_title
from dermref.credit.words import in_line
from dermref.model.evidence import Refusal
from dermref.rights.facts import load_facts

SCHEMA = "http://datacite.org/schema/kernel-4"
SPDX = {"rightsIdentifierScheme": "SPDX", "schemeUri": "https://spdx.org/licenses/"}
KINDS = {Work.IMAGE: "Image", Work.COLLECTION: "Collection", Work.SNAPSHOT: "Collection", Work.SOURCE: "Collection"}

Metadata = dict[str, object]


def datacite(citable: Citable) -> Metadata | Refusal:
    """The metadata. DataCite asks for a year, a creator and a publisher; what is not known is never made up."""
    if citable.issued is None:
        return Refusal(
            "no-year", f"DataCite wants a year of publication, and none is known of “{full_title(citable)}”."
        )
    if citable.publisher is None:
        return Refusal("no-publisher", f"DataCite wants a publisher, and none is known of “{full_title(citable)}”.")
    names = citable.authors or (citable.publisher,)
    fields: Metadata = {
        "schemaVersion": SCHEMA,
        "doi": citable.doi,
        "url": in_line(citable.url),
        "types": {"resourceTypeGeneral": KINDS[citable.work], "resourceType": in_line(citable.genre or citable.work)},
        "creators": [{"name": in_line(name)} for name in names],
        "titles": [{"title": full_title(citable)}],
        "publisher": {"name": in_line(citable.publisher)},
        "publicationYear": f"{citable.issued:%Y}",
        "dates": [{"date": citable.issued.isoformat(), "dateType": "Issued"}],
        "version": in_line(citable.version or ""),
        "sizes": _sizes(citable),
        "contributors": [
            {"name": in_line(one.name), "contributorType": "Other"} for one in most_images_first(citable.attributions)
        ],
        "alternateIdentifiers": _identifiers(citable),
        "rightsList": _rights(citable),
        "descriptions": _descriptions(citable),
    }
    return {name: value for name, value in fields.items() if value}


def _sizes(citable: Citable) -> list[str]:
    images = sum(one.images for one in citable.attributions)
    return [f"{images} image{'' if images == 1 else 's'}"] if images else []


def _identifiers(citable: Citable) -> list[dict[str, str]]:
    kind = "sha256" if citable.work is Work.SNAPSHOT else "id at the source"
    number = in_line(citable.number or "")
    return [{"alternateIdentifier": number, "alternateIdentifierType": kind}] if number else []


def _rights(citable: Citable) -> list[dict[str, str]]:
    """Each license once, with its address and its SPDX id where it has them."""
    by_url, rows = load_facts().by_url, []
    for name, url in dict.fromkeys(citable.licenses):
        known = by_url.get(url) if url else None
        row = {"rights": in_line(name)} | ({"rightsUri": url} if url else {})
        rows.append(row | ({"rightsIdentifier": known.spdx, **SPDX} if known and known.spdx else {}))
    return rows


def _descriptions(citable: Citable) -> list[dict[str, str]]:
    said = attribution_text(citable)
    return [{"description": said, "descriptionType": "Other"}] if said else []
