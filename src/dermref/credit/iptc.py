"""The rights notice in the older data sets of IPTC (IIM 4.2), which hold few bytes: what is cut here stands whole in
the XMP beside it. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from dermref.credit.notice import Notice

UTF_8 = b"\x1c\x01\x5a\x00\x03\x1b%G"  # 1:90, the escape sequence of UTF-8
VERSION = b"\x1c\x02\x00\x00\x02\x00\x04"  # 2:00, the version of the record
ELLIPSIS = "…"
NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def iptc_of(notice: Notice, *, rights: str) -> bytes:
    """The data sets; `rights` is the notice of copyright."""
    return UTF_8 + VERSION + b"".join(_data_sets(notice, rights))


def _data_sets(notice: Notice, rights: str) -> Iterator[bytes]:
    said = {
        "title": notice.title,
        "byline": next(iter(notice.creators), None),
        "credit": notice.credit.text,
        "source": notice.source_name,
        "notice": rights,
    }
    for name, text in said.items():
        record, number, most = _lengths()[name]
        # A notice cut short could say less than it must (the second of two licenses, an “NC”): it is whole, or not.
        value = _cut(_plain(text or ""), most, is_whole=name == "notice")
        if value:
            yield b"\x1c" + bytes((record, number)) + len(value).to_bytes(2, "big") + value


def _plain(text: str) -> str:
    """In one line. No markup: these bytes stand in the file as they are, and a browser must find nothing to run."""
    if "<" in text:
        return ""
    return " ".join(NO_TEXT.sub(" ", text).split())


def _cut(text: str, most: int, *, is_whole: bool) -> bytes:
    """At most so many bytes of whole characters; that something is missing can be seen."""
    whole = text.encode()
    if len(whole) <= most:
        return whole
    if is_whole:
        return b""
    return (whole[: most - len(ELLIPSIS.encode())].decode(errors="ignore").rstrip() + ELLIPSIS).encode()


@cache
def _lengths() -> Mapping[str, tuple[int, int, int]]:
    table = tomllib.loads(files("dermref.credit").joinpath("data/embedded.toml").read_text(encoding="utf-8"))
    return {name: (record, number, most) for name, (record, number, most) in table["iim"].items()}
