"""The older data sets: cut to their bytes between characters, and no sentence cut that could then say less."""

import pytest

from dermref.media.metadata.iptc import read_iptc
from dermref.model.media import Block, BlockKind
from embedding import packet

NAMES = {"IPTC Object Name": 64, "IPTC By-line": 32, "IPTC Credit": 32, "IPTC Source": 32, "IPTC Copyright Notice": 128}


def said(iptc: bytes) -> dict[str, str]:
    return {one.where: one.text for one in read_iptc(Block(BlockKind.IPTC, iptc, "IPTC"))}


def test_data_sets_when_words_are_short_then_read_back_whole() -> None:
    found = said(packet(holder="Jane Doe").iptc)
    assert set(found) == set(NAMES)
    assert (found["IPTC Object Name"], found["IPTC By-line"]) == ("A lesion", "Jane Doe")
    assert found["IPTC Copyright Notice"] == "© Jane Doe"


@pytest.mark.parametrize("sign", ["x", "é", "皮", "😀"])
def test_words_when_too_long_then_cut_between_characters(sign: str) -> None:
    found = said(packet(title=sign * 100, creator="J" + sign * 100).iptc)
    for name in ("IPTC Object Name", "IPTC By-line"):
        assert found[name].rstrip("…").strip("J" + sign) == ""
        assert NAMES[name] - 7 < len(found[name].encode()) <= NAMES[name]


def test_notice_when_too_long_then_left_out_rather_than_cut() -> None:
    assert "IPTC Copyright Notice" not in said(packet("CC-BY-4.0 AND CC-BY-NC-SA-4.0").iptc)
    assert "IPTC Copyright Notice" not in said(packet(holder="J" * 200).iptc)


def test_words_when_they_are_markup_or_control_characters_then_no_byte_of_them_is_written() -> None:
    made = packet(title="<script>alert(1)</script>", creator="Jane\0\r\nDoe\x1c\x02").iptc
    assert b"<" not in made
    assert said(made)["IPTC By-line"] == "Jane Doe"
    assert "IPTC Object Name" not in said(made)


def test_record_when_nothing_is_known_then_nothing_is_written() -> None:
    found = said(packet(title=None, creator=None).iptc)
    assert "IPTC Object Name" not in found
    assert all(found.values())
