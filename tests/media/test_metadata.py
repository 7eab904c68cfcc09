"""What a file's metadata give away, in real files and in blocks of every kind; and that no bytes stop the reading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermref.media.metadata import read_metadata
from dermref.model.media import Block, BlockKind, Claim, ClaimKind, Verdict
from metadata_blocks import FILES, codes, comment, iptc, of_file


def test_real_file_when_it_tells_place_serial_and_people_then_each_is_found() -> None:
    found = of_file("gps_and_serial.jpg").findings
    assert {one.code for one in found} == {"privacy-gps", "privacy-serial", "privacy-person"}
    assert {one.about for one in found if one.about} == {"Dr A. Example", "Ward 4B"}
    assert any("about 48° N, 16° E" in one.text for one in found)
    assert not any("08300" in one.text or "48.2" in one.text for one in found)


def test_real_file_when_its_gps_is_nonsense_then_a_curator_looks() -> None:
    assert "malformed-gps" in {one.code for one in of_file("exif_gps.jpg").findings}


def test_real_file_when_its_texts_name_a_patient_then_the_finding_does_not_quote_them() -> None:
    found = of_file("phi_text.png").findings
    assert {one.code for one in found if one.verdict is Verdict.QUARANTINE} == {"privacy-patient"}
    data = (FILES / "phi_text.png").read_bytes()
    name = data.partition(b"Name\0")[2][:4].decode("latin-1")
    assert name.strip()
    assert not any(name in one.text for one in found)


def test_real_file_when_xmp_reserves_rights_then_every_claim_is_word_for_word() -> None:
    found = of_file("xmp_rights_conflict.jpg")
    assert Claim(ClaimKind.NOTICE, "XMP dc:rights", "All rights reserved. Do not copy.") in found.claims
    assert [one.where for one in found.claims if one.kind is ClaimKind.LICENSE] == [
        "XMP xmpRights:WebStatement",
        "XMP cc:license",
    ]
    assert {one.code for one in found.findings} == {"embedded-rights"}


def test_iptc_when_it_names_people_and_rights_then_findings_and_claims() -> None:
    block = iptc((1, 90, b"\x1b%G"), (2, 80, "Zoë Example".encode()), (2, 110, b"Clinic"), (2, 116, b"2020 Clinic"))
    found = read_metadata([block])
    assert [(one.code, one.about) for one in found.findings] == [
        ("privacy-person", "Zoë Example"),
        ("embedded-rights", ""),
    ]
    assert [(one.kind, one.text) for one in found.claims] == [
        (ClaimKind.CREATOR, "Zoë Example"),
        (ClaimKind.CREATOR, "Clinic"),
        (ClaimKind.NOTICE, "2020 Clinic"),
    ]


def test_iptc_when_cut_off_then_malformed_and_what_is_left_is_read() -> None:
    whole = iptc((2, 105, b"x"), (2, 120, b"Patient name: Jane Example, seen in June"))
    assert codes(Block(whole.kind, whole.data[:-5], whole.where)) == [
        "privacy-patient",
        "privacy-patient",
        "malformed-metadata",
    ]


def test_text_when_keyword_is_author_or_copyright_then_person_and_claim() -> None:
    found = read_metadata([comment("A. Example", name="Author"), comment("2021 A. Example", name="Copyright")])
    assert [one.code for one in found.findings] == ["privacy-person", "embedded-rights"]
    assert [one.where for one in found.claims] == ["PNG text “Author”", "PNG text “Copyright”"]


def test_comment_when_it_holds_a_notice_then_its_line_is_claimed() -> None:
    found = read_metadata([comment("Made on a Monday\n© 2020 Example Clinic")])
    assert found.claims == (Claim(ClaimKind.NOTICE, "JPEG comment", "© 2020 Example Clinic"),)


def test_comment_when_it_is_no_text_then_chance_is_no_finding() -> None:
    noise = bytes(range(256)) + b"\xa9 AB^CD 0123-45-6789 \0\1\2" * 3
    assert read_metadata([Block(BlockKind.TEXT, noise, "JPEG comment")]).findings == ()
    wide = "Patient name: Jane Example".encode("utf-16-le")
    assert codes(Block(BlockKind.TEXT, wide, "JPEG comment")) == ["privacy-patient"]


def test_text_when_it_is_a_profile_in_hexadecimal_then_its_block_is_read() -> None:
    block = iptc((2, 80, b"A. Example"))
    resource = b"8BIM\x04\x04\0\0" + len(block.data).to_bytes(4, "big") + block.data + b"8BIM\x04\x05\0\0"
    profile = f"\niptc\n{len(resource):8}\n{resource.hex()}\n"
    assert codes(comment(profile, name="Raw profile type iptc")) == ["privacy-person"]


def test_manifest_when_there_then_provenance_is_noted_once() -> None:
    found = read_metadata([Block(BlockKind.C2PA, b"jumb", "JPEG")] * 2)
    assert [one.code for one in found.findings] == ["provenance"]
    assert [one.kind for one in found.claims] == [ClaimKind.PROVENANCE]


def test_thumbnail_when_lifted_then_kept_as_it_is() -> None:
    assert read_metadata([Block(BlockKind.THUMBNAIL, b"jpeg", "JFXX")]).thumbnails == (b"jpeg",)


@settings(deadline=None)
@given(kind=st.sampled_from(BlockKind), data=st.binary(max_size=2000), name=st.text(max_size=30))
def test_any_bytes_when_read_then_never_raises(kind: BlockKind, data: bytes, name: str) -> None:
    read_metadata([Block(kind, data, "somewhere", name)])


@settings(deadline=None, max_examples=60)
@given(changes=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12), cut=st.integers(0, 5000))
@pytest.mark.parametrize("name", ["gps_and_serial.jpg", "exif_gps.jpg", "xmp_rights_conflict.jpg"])
def test_real_blocks_when_bytes_change_then_never_raises(name: str, changes: list[tuple[int, int]], cut: int) -> None:
    head = (FILES / name).read_bytes()[2:1000]
    start = max(head.find(b"MM\0*"), head.find(b"II*\0"), head.find(b"<?xpacket"))
    data = bytearray(head[start:][: cut or None])
    for at, value in changes:
        data[at % len(data)] = value
    kind = BlockKind.XMP if b"xpacket" in head else BlockKind.EXIF
    read_metadata([Block(kind, bytes(data), "somewhere")])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 255), st.binary(max_size=40))))
def test_any_iptc_sets_when_read_then_never_raises(sets: list[tuple[int, int, bytes]]) -> None:
    read_metadata([iptc(*sets)])
