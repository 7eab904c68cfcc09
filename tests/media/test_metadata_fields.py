"""Every field of the tables is read from a block that holds it, and judged by its role."""

import pytest

from dermref.media.metadata.fields import Fields, fields
from dermref.media.metadata.said import Role
from dermref.model.media import Block
from metadata_blocks import ascii_field, codes, comment, exif, iptc, xmp

TABLES: Fields = fields()
WORDS = "A12345 patient name: Jane Example"  # for any role: a serial, a name, a notice, a patient's
EXPECTED = {
    Role.CREATOR: "privacy-person",
    Role.PERSON: "privacy-person",
    Role.CONTACT: "privacy-person",
    Role.SERIAL: "privacy-serial",
    Role.NOTICE: "embedded-rights",
    Role.TERMS: "embedded-rights",
    Role.LICENSE: "embedded-rights",
}
URIS = {prefix: uri for uri, prefix in TABLES.prefixes.items()}


def judged(role: Role, block: Block) -> bool:
    found = codes(block)
    return "privacy-patient" in found and EXPECTED.get(role, "privacy-patient") in found


@pytest.mark.parametrize("tag", TABLES.exif, ids=lambda tag: f"{tag:04X}")
def test_exif_tag_when_it_speaks_then_judged(tag: int) -> None:
    is_wide = 0x9C9B <= tag <= 0x9C9F
    words = (7, WORDS.encode("utf-16-le")) if is_wide else ascii_field(WORDS)
    assert judged(TABLES.exif[tag][0], exif({tag: words}))


@pytest.mark.parametrize("number", TABLES.iptc)
def test_iptc_set_when_it_speaks_then_judged(number: tuple[int, int]) -> None:
    assert judged(TABLES.iptc[number][0], iptc((*number, WORDS.encode())))


@pytest.mark.parametrize("keyword", TABLES.text)
def test_keyword_when_it_speaks_then_judged(keyword: str) -> None:
    assert judged(TABLES.text[keyword], comment(WORDS, name=keyword.title()))


@pytest.mark.parametrize("name", TABLES.xmp)
def test_xmp_property_when_it_speaks_then_judged(name: str) -> None:
    prefix, _, local = name.partition(":")
    assert judged(TABLES.xmp[name], xmp(f"<q:{local} xmlns:q='{URIS[prefix]}'>{WORDS}</q:{local}>"))


@pytest.mark.parametrize("name", TABLES.places)
def test_xmp_place_when_told_then_found(name: str) -> None:
    prefix, _, local = name.partition(":")
    assert codes(xmp("", attributes=f"xmlns:q='{URIS[prefix]}' q:{local}='12.5'")) == ["privacy-gps"]


def test_tables_when_read_then_no_prefix_is_unknown() -> None:
    named = {*TABLES.xmp, *TABLES.places, *TABLES.pictures}
    assert {name.partition(":")[0] for name in named} <= set(URIS)
