"""EXIF: places, serials, names and words in both byte orders, and structures that lie about themselves."""

import struct

import pytest

from dermref.media.metadata import read_metadata
from dermref.model.media import Block, BlockKind, ClaimKind
from metadata_blocks import ascii_field, codes, degrees, directory, exif, long_field

NORTH = {1: ascii_field("N"), 2: degrees((48, 1), (12, 1), (2952, 100))}
EAST = {3: ascii_field("E"), 4: degrees((16, 1), (22, 1), (2568, 100))}


@pytest.mark.parametrize("order", "<>")
def test_place_when_readable_then_told_in_whole_degrees(order: str) -> None:
    gps = {
        1: ascii_field("S"),
        2: degrees((33, 1), (51, 1), (0, 1), order=order),
        3: ascii_field("E"),
        4: degrees((151, 1), (12, 1), (0, 1), order=order),
    }
    (found,) = read_metadata([exif({}, gps=gps, order=order)]).findings
    assert (found.code, found.text) == ("privacy-gps", "EXIF GPS says where the picture was taken: about 34° S, 151° E")


def test_place_when_seconds_have_no_denominator_then_still_read() -> None:
    gps = {1: ascii_field("N"), 2: degrees((48, 1), (12, 1), (0, 0))}
    assert codes(exif({}, gps=gps)) == ["privacy-gps"]


@pytest.mark.parametrize("gps", [{}, {0: (7, b"\2\3\0\0")}, {0: (7, b"\2\3\0\0"), 29: ascii_field("2020:01:01")}])
def test_gps_when_it_tells_no_place_then_nothing_is_found(gps: dict[int, tuple[int, bytes]]) -> None:
    assert codes(exif({}, gps=gps)) == []


@pytest.mark.parametrize(
    "gps",
    [
        {2: degrees((0, 0))},
        {2: ascii_field("48 north"), 4: ascii_field("16 east")},
        {2: degrees((400, 1))},
        {99: (7, b"x")},
    ],
)
def test_gps_when_nobody_can_read_it_then_malformed(gps: dict[int, tuple[int, bytes]]) -> None:
    assert codes(exif({}, gps=gps)) == ["malformed-gps"]


@pytest.mark.parametrize("pointer", [0, 8, 10**6, 0xFFFFFFFF])
def test_gps_when_its_pointer_leads_nowhere_then_malformed(pointer: int) -> None:
    assert codes(exif({0x8825: long_field(pointer)})) == ["malformed-gps", "malformed-metadata"]


def test_gps_when_the_structure_is_cut_before_it_then_still_found() -> None:
    block = exif({0x010E: ascii_field("x" * 40)}, gps=NORTH | EAST)
    assert "malformed-gps" in codes(Block(block.kind, b"\xff\xff" + block.data[2:], block.where))


def test_serial_when_found_then_only_its_end_is_told() -> None:
    found = read_metadata([exif({0xA431: ascii_field("123456789"), 0xA435: ascii_field("0000000000")})]).findings
    assert [one.text.rpartition(": ")[2] for one in found] == ["9 characters that end in 89"]


def test_serial_when_printed_in_a_makers_block_then_found() -> None:
    assert codes(exif({0x927C: (7, b"\1\2\3 Serial Number: AB12345 \0\0")})) == ["privacy-serial"]


def test_names_when_written_in_their_charsets_then_read() -> None:
    artist, author = (2, "Zoë".encode("cp1252")), (7, "Ärztin Ü".encode("utf-16-le") + b"\0\0")
    found = read_metadata([exif({0x013B: artist, 0x9C9D: author})])
    assert [one.about for one in found.findings] == ["Zoë", "Ärztin Ü"]
    assert {one.kind for one in found.claims} == {ClaimKind.CREATOR}


@pytest.mark.parametrize(
    ("host", "owner"), [("Jane’s iPad", "Jane"), ("iPhone von Jörg", "Jörg"), ("iPhone 12 Pro", "")]
)
def test_host_when_it_says_whose_it_is_then_a_person(host: str, owner: str) -> None:
    assert "".join(one.about for one in read_metadata([exif({0x013C: ascii_field(host)})]).findings) == owner


def test_copyright_when_of_photographer_and_editor_then_both_are_claimed() -> None:
    claims = read_metadata([exif({0x8298: (2, b"2020 A. Example\0Example Press \0")})]).claims
    assert [(one.where, one.text) for one in claims] == [
        ("EXIF Copyright", "2020 A. Example"),
        ("EXIF Copyright", "Example Press"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        b"ASCII\0\0\0Patient name: Jane Example",
        b"UNICODE\0" + "Patient name: Jane Example".encode("utf-16-be"),
        b"UNICODE\0" + "Patient name: Jane Example".encode("utf-16-le"),
        b"\0" * 8 + b"Patient name: Jane Example",
        b"Patient name: Jane Example",
    ],
)
def test_comment_when_in_any_charset_then_its_words_are_searched(value: bytes) -> None:
    assert codes(exif({0x9286: (7, value)})) == ["privacy-patient"]


def test_thumbnail_when_in_the_second_directory_then_kept() -> None:
    first = directory({0x0112: (3, b"\0\6")}, at=8)
    at = 8 + len(first) + 2 + 24 + 4
    first = directory({0x0112: (3, b"\0\6")}, at=8, following=8 + len(first))
    second = directory({0x0201: long_field(at), 0x0202: long_field(4)}, at=8 + len(first))
    data = b"MM" + struct.pack(">HI", 42, 8) + first + second + b"jpeg"
    found = read_metadata([Block(BlockKind.EXIF, data, "EXIF")])
    assert (found.thumbnails, found.findings) == ((b"jpeg",), ())


def test_directories_when_they_point_in_a_circle_then_malformed_and_done() -> None:
    data = b"MM" + struct.pack(">HI", 42, 8) + directory({0x8769: long_field(8)}, at=8, following=8)
    assert codes(Block(BlockKind.EXIF, data, "EXIF")) == ["malformed-metadata"]


@pytest.mark.parametrize("coded", ["utf-8", "utf-16-le", "utf-16-be"])
def test_structure_when_unreadable_then_its_strings_are_searched(coded: str) -> None:
    data = b"\0\1\2\3\xff\xfe\x80" + "Patient ID: 1234567".encode(coded)
    assert codes(Block(BlockKind.EXIF, data, "EXIF")) == ["privacy-patient", "malformed-metadata"]


def test_xmp_and_iptc_when_inside_exif_then_read_too() -> None:
    packet = b'<r xmlns:e="http://ns.adobe.com/exif/1.0/aux/" e:OwnerName="A. Example"/>'
    assert codes(exif({0x02BC: (7, packet), 0x83BB: (7, b"\x1c\x02\x50\x00\x05Other")})) == ["privacy-person"] * 2


def test_artist_when_a_word_stands_before_the_name_then_about_is_bare() -> None:
    (found,) = read_metadata([exif({0x013B: ascii_field("Photographer: A. Example")})]).findings
    assert found.about == "A. Example"
    assert found.text.endswith("Photographer: A. Example")


def test_words_when_they_go_on_behind_a_nul_then_searched_but_no_part_of_a_name() -> None:
    hidden = (2, b"a lesion\0Patient name: Jane Example\0")
    found = read_metadata([exif({0x010E: hidden, 0x013B: (2, b"A. Example\0\x03\x01rest")})]).findings
    assert sorted((one.code, one.about) for one in found) == [("privacy-patient", ""), ("privacy-person", "A. Example")]


def test_structure_when_its_only_fault_is_a_value_outside_then_the_rest_is_read() -> None:
    whole = exif({0x013B: ascii_field("A. Example"), 0x8298: ascii_field("2020 Example Press")})
    assert codes(Block(whole.kind, whole.data[:-3], whole.where)) == ["privacy-person", "malformed-metadata"]
