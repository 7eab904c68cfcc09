"""Builds what is no Creative Commons tool: claims, reserved rights, RightsStatements.org, site terms."""

import re
from collections.abc import Iterator

from dermref.rights.license import Kind, License
from dermref.rights.toml import Table, maybe_text, table, text, words
from dermref.rights.tools import OWN_PREFIX

SITE_TERMS = re.compile(rf"{OWN_PREFIX}[a-z0-9]+(-[a-z0-9]+)*")  # ids of our own begin with a capital


def claims(data: Table) -> Iterator[License]:
    """Public domain on grounds stated or not, and reserved rights."""
    for key in table(data, "claim"):
        row = table(table(data, "claim"), key)
        yield _instrument(row, license_id=text(row, "id"), family=text(row, "family"))


def rights_statements(data: Table) -> Iterator[License]:
    """The twelve statements of RightsStatements.org. None permits anything."""
    common = table(data, "rightsstatements")
    version = text(common, "version")
    base = f"//{text(common, 'host')}"
    for code, family in table(common, "family").items():
        title = text(table(common, "title"), code)
        yield _instrument(
            {**common, "short": title, "name": f"{title} {version}"},
            license_id=f"{OWN_PREFIX}{code}-{version}",
            family=str(family),
            version=version,
            url=f"https:{base}/vocab/{code}/{version}/",
            deed_url=f"https:{base}/page/{code}/{version}/",
        )


def site_terms(license_id: str, data: Table) -> License:
    """The terms of one site; what they permit stands in the registry. `license_id` matches SITE_TERMS."""
    row = table(data, "site-terms")
    return _instrument(row, license_id=license_id, family=text(row, "family"))


def _instrument(
    row: Table,
    *,
    license_id: str,
    family: str,
    version: str | None = None,
    url: str | None = None,
    deed_url: str | None = None,
) -> License:
    return License(
        id=license_id,
        family=family,
        version=version,
        url=url,
        short=text(row, "short"),
        name=text(row, "name"),
        verb=text(row, "verb"),
        clause=text(row, "clause"),
        permits=frozenset(words(row, "permits")),
        requires=frozenset(),
        prohibits=frozenset(),
        kind=Kind(text(row, "kind")),
        jurisdiction=maybe_text(row, "jurisdiction"),
        http_url=url.replace("https:", "http:", 1) if url else None,
        deed_url=deed_url,
        basis=maybe_text(row, "basis"),
    )
