"""One thing that a file's metadata say, before anybody judges it."""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 100_000  # characters of one field that are read
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")


class Role(StrEnum):
    """What the words of a field are. The first ten are the roles of `data/metadata_fields.toml`."""

    CREATOR = "creator"
    PERSON = "person"
    CREDIT = "credit"
    NOTICE = "notice"
    TERMS = "terms"
    LICENSE = "license"
    SERIAL = "serial"
    CONTACT = "contact"
    HOST = "host"
    PATIENT = "patient"
    TEXT = "text"
    PLACE = "place"  # already rounded, in words
    DARK_PLACE = "dark place"  # a place is told, and cannot be read
    DEBRIS = "debris"  # the printable strings of bytes that cannot be read
    BROKEN = "broken"  # the block cannot be read to its end
    MANIFEST = "manifest"
    FILE = "file"  # another file, in words
    MARKUP = "markup"  # a script
    MORE = "more"  # there is more than is read


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a role, and the field they stand in (such as “EXIF Copyright”). `key` is the field's own name where the
    file chose it: the keyword of a text, an XMP property that nobody here knows."""

    role: Role
    where: str
    text: str = ""
    key: str = ""


def decode(data: bytes) -> str:
    """Bytes as text: UTF-8 where they are, else Windows Latin; NULs and blanks around it trimmed."""
    data = data[: 4 * LONGEST]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.start >= len(data) - 3 and error.start > 3  # in the middle of the last character
        text = data[: error.start].decode("utf-8") if is_cut else data.decode("cp1252", errors="replace")
    return tidy(text)


def is_garbled(text: str) -> bool:
    """Is one character in twenty unprintable? Then these are bytes of something else, read as text."""
    start = text[:4000]
    return len(UNPRINTABLE.findall(start)) * 20 > len(start)


def tidy(text: str) -> str:
    """Without NULs and blanks around it, bounded."""
    return text[:LONGEST].strip("\0 \t\r\n\ufeff")
