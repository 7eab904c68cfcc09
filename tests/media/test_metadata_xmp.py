"""XMP: by namespace and never by prefix, in every shape that RDF allows, and nothing that XML allows beyond that."""

import base64

import pytest

from dermref.media.metadata import read_metadata
from dermref.model.media import Block, BlockKind, ClaimKind
from metadata_blocks import codes, xmp

AUX = "http://ns.adobe.com/exif/1.0/aux/"
DC = "http://purl.org/dc/elements/1.1/"
EXIF = "http://ns.adobe.com/exif/1.0/"
EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
REGIONS = "http://www.metadataworkinggroup.com/schemas/regions/"


@pytest.mark.parametrize(
    "block",
    [
        xmp("", attributes=f"xmlns:a='{AUX}' a:OwnerName='A. Example'"),
        xmp(f"<a:OwnerName xmlns:a='{AUX}'>A. Example</a:OwnerName>"),
        xmp(f"<OwnerName xmlns='{AUX}'>A. Example</OwnerName>"),
        xmp(f"<a:OwnerName xmlns:a='{AUX}'><rdf:Bag><rdf:li>A. Example</rdf:li></rdf:Bag></a:OwnerName>"),
        Block(BlockKind.XMP, f"<r xmlns:a='{AUX}' a:OwnerName='A. Example'/>".encode("utf-16"), "XMP"),
    ],
)
def test_property_when_written_in_any_shape_then_read(block: Block) -> None:
    assert [(one.code, one.about) for one in read_metadata([block]).findings] == [("privacy-person", "A. Example")]


def test_creators_when_several_then_each_is_named() -> None:
    names = "<rdf:Seq><rdf:li>A. Example</rdf:li><rdf:li>B. Example</rdf:li></rdf:Seq>"
    found = read_metadata([xmp(f"<d:creator xmlns:d='{DC}'>{names}</d:creator>")])
    assert [one.about for one in found.findings] == ["A. Example", "B. Example"]
    assert [one.kind for one in found.claims] == [ClaimKind.CREATOR] * 2


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        ("48,12.492N", "16,22.43E", "privacy-gps"),
        ("48,12,29S", "16,22,26W", "privacy-gps"),
        ("48.2", "-16.4", "privacy-gps"),
        ("north", "east", "malformed-gps"),
        ("1e999", "nan", "malformed-gps"),
    ],
)
def test_place_when_told_then_found_or_malformed(latitude: str, longitude: str, code: str) -> None:
    place = f"xmlns:e='{EXIF}' e:GPSLatitude='{latitude}' e:GPSLongitude='{longitude}'"
    assert codes(xmp("", attributes=place)) == [code]


def test_place_when_inside_a_location_then_found() -> None:
    inner = f"<rdf:Bag><rdf:li><e:GPSLatitude xmlns:e='{EXIF}'>48,12.4N</e:GPSLatitude></rdf:li></rdf:Bag>"
    assert codes(xmp(f"<i:LocationShown xmlns:i='{EXT}'>{inner}</i:LocationShown>")) == ["privacy-gps"]


def test_face_regions_when_named_then_persons() -> None:
    face = "<rdf:li><rdf:Description m:Name='Jane Example' m:Type='Face'/></rdf:li>"
    region = f"<m:Regions xmlns:m='{REGIONS}'>{face}</m:Regions>"
    assert [one.about for one in read_metadata([xmp(region)]).findings] == ["Jane Example"]


def test_contact_when_given_then_not_quoted() -> None:
    core = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
    (found,) = read_metadata([xmp("", attributes=f"xmlns:c='{core}' c:CiEmailWork='jane@example.org'")]).findings
    assert found.code == "privacy-person"
    assert "jane" not in found.text


def test_plus_when_it_grants_and_forbids_then_claims() -> None:
    values = f"xmlns:p='{PLUS}' p:LicensorURL='https://example.org/l' p:DataMining='{PLUS}DMI-PROHIBITED'"
    found = read_metadata([xmp("", attributes=values)])
    assert [one.kind for one in found.claims] == [ClaimKind.CREATOR, ClaimKind.TERMS]
    assert [one.code for one in found.findings] == ["embedded-rights"]


@pytest.mark.parametrize("word", ["DMI-UNSPECIFIED", "DMI-ALLOWED", "DMI-PROHIBITED"])
def test_plus_when_it_leaves_data_mining_open_then_no_claim(word: str) -> None:
    found = read_metadata([xmp("", attributes=f"xmlns:p='{PLUS}' p:DataMining='{PLUS}{word}'")])
    assert bool(found.claims) is (word == "DMI-PROHIBITED")


@pytest.mark.parametrize(
    "attributes",
    ["xmlns:d='http://ns.adobe.com/DICOM/' d:PatientName='Example'", "xmlns:u='urn:x' u:patientBirthDate='today'"],
)
def test_field_when_made_for_a_patient_then_found_whatever_it_says(attributes: str) -> None:
    assert codes(xmp("", attributes=attributes)) == ["privacy-patient"]


def test_thumbnail_when_in_base64_then_decoded() -> None:
    image = (
        f"<g:image xmlns:g='http://ns.adobe.com/xap/1.0/g/img/'>{base64.encodebytes(b'jpeg' * 40).decode()}</g:image>"
    )
    assert read_metadata([xmp(image)]).thumbnails == (b"jpeg" * 40,)


@pytest.mark.parametrize(
    "packet",
    [
        "<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>",
        "<!DOCTYPE r SYSTEM 'file:///etc/hostname'><r/>",
        "<?xml version='1.0' encoding='no-such'?><r",
        "<r>" * 1000,
        "<r>" + "<a>b</a>" * 50_000 + "</r>",
        "<r xmlns:a='urn:x' b:c='d'/>",
        "sample xmp string",
        "",
    ],
)
def test_packet_when_unsafe_or_broken_then_malformed(packet: str) -> None:
    assert codes(Block(BlockKind.XMP, packet.encode(), "XMP")) == ["malformed-metadata"]


def test_packet_when_broken_behind_its_words_then_they_are_found_all_the_same() -> None:
    block = xmp("<d:x xmlns:d='urn:x'>Patient name: Jane Example</d:x>", attributes=f"xmlns:a='{AUX}' a:OwnerName='A'")
    broken = Block(block.kind, block.data[:-30], block.where)
    assert set(codes(broken)) == {"privacy-person", "privacy-patient", "malformed-metadata"}


def test_packet_when_no_word_of_it_can_be_parsed_and_it_names_a_place_then_a_curator_looks() -> None:
    broken = Block(BlockKind.XMP, b"<a <exif:GPSLatitude>48,12N</exif:GPSLatitude>", "XMP")
    assert codes(broken) == ["malformed-gps", "malformed-metadata"]
