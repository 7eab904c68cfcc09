"""The packet: every field that is known and none that is not, whatever the words hold."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.credit.xmp import NO_XML
from dermref.model.media import LONGEST_XMP
from embedding import HOSTILE, PAGE, fields, notice, packet

PLUS = "http://ns.useplus.org/ldf/vocab/DMI-"


def test_packet_when_licensed_then_every_field_stands_in_it() -> None:
    found = fields(packet(holder="Jane Doe").xmp)
    assert found["xmpRights:Marked"] == "True"
    assert found["xmpRights:WebStatement"] == found["cc:license"] == notice().license_urls[0]
    assert found["xmpRights:UsageTerms"] == [notice().usage_terms]
    assert (found["dc:rights"], found["dc:creator"], found["dc:title"]) == (["© Jane Doe"], ["Jane Doe"], ["A lesion"])
    assert found["photoshop:Credit"] == notice().credit.text
    assert (found["cc:attributionName"], found["cc:attributionURL"]) == ("Jane Doe", PAGE)
    assert found["plus:DataMining"] == f"{PLUS}ALLOWED"


@pytest.mark.parametrize("title", HOSTILE)
def test_title_when_hostile_then_it_stays_words(title: str) -> None:
    found = fields(packet(title=title, creator=title).xmp)
    assert found["dc:title"] == found["dc:creator"] == [NO_XML.sub("\ufffd", title)]
    assert set(found) == set(fields(packet().xmp))


@given(st.text(min_size=1))
def test_words_when_arbitrary_then_the_packet_is_sound_and_small_enough_for_a_segment(text: str) -> None:
    made = packet(title=text, creator=f"x{text}")
    assert fields(made.xmp)["dc:creator"] == [NO_XML.sub("\ufffd", f"x{text}")]
    assert len(made.main) <= LONGEST_XMP
    assert b"None" not in made.xmp.replace(NO_XML.sub("\ufffd", text).encode(), b"") or "None" in text


def test_record_when_it_knows_little_then_nothing_empty_is_written() -> None:
    found = fields(packet(title=None, creator=None).xmp)
    assert "dc:title" not in found
    assert found["dc:creator"] == ["A Hospital"]
    assert all(found.values())
    assert "None" not in str(found)


def test_waiver_when_nobody_reserves_anything_then_not_marked_and_nobody_licenses() -> None:
    found = fields(packet("CC0-1.0", holder="Jane Doe").xmp)
    assert found["xmpRights:Marked"] == "False"
    assert "plus:Licensor" not in found
    assert "©" not in found["dc:rights"][0]


def test_statement_when_nobody_knows_then_nothing_is_said_of_a_copyright() -> None:
    found = fields(packet("LicenseRef-NKC-1.0", holder="Jane Doe").xmp)
    assert "xmpRights:Marked" not in found
    assert "©" not in found["dc:rights"][0]


def test_licenses_when_a_choice_then_both_and_when_joint_then_none_alone() -> None:
    choice = fields(packet("CC-BY-4.0 OR CC-BY-SA-4.0").xmp)
    assert choice["cc:license"] == list(notice("CC-BY-4.0 OR CC-BY-SA-4.0").license_urls)
    joint = notice("CC-BY-4.0 AND CC-BY-SA-4.0")
    found = fields(packet("CC-BY-4.0 AND CC-BY-SA-4.0").xmp)
    assert "cc:license" not in found
    assert found["xmpRights:WebStatement"] == joint.terms_url


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({}, "ALLOWED"),
        ({"is_mining_reserved": True}, "PROHIBITED-SEECONSTRAINT"),
        ({"is_mining_reserved": True, "is_training_barred": True}, "PROHIBITED-AIMLTRAINING"),
    ],
)
def test_mining_when_decided_then_no_more_is_claimed_than_known(said: dict[str, Any], word: str) -> None:
    found = fields(packet(**said).xmp)
    assert found["plus:DataMining"] == PLUS + word
    assert ("plus:OtherConstraints" in found) == word.endswith("SEECONSTRAINT")


def test_packet_when_too_long_for_a_segment_then_it_goes_on_in_others_and_loses_nothing() -> None:
    made = packet(title="&" * 9_000, creator="J" + "<" * 9_000)
    main, more = fields(made.main), fields(made.more)
    assert len(made.xmp) > LONGEST_XMP >= len(made.main)
    guid = main.pop("xmpNote:HasExtendedXMP")
    assert guid == hashlib.md5(made.more).hexdigest().upper()
    assert {**main, **more} == fields(made.xmp)
    assert {"xmpRights:WebStatement", "cc:license", "plus:DataMining", "xmpRights:Marked"} <= set(main)


def test_packet_when_it_fits_then_there_is_no_more() -> None:
    assert (packet().main, packet().more) == (packet().xmp, b"")
