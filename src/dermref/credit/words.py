"""Makes a text out of a record fit to be printed in one line, and to be part of a name. Pure."""

import hashlib
import re
import unicodedata

from dermref.credit.writing import fit

_UNSEEN = re.compile("[\u200b\ufeff\ufffe\uffff]")  # what has no width, and what is no character
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_LONGEST_NAME = 80  # characters of a key or of a file's name


def in_line(text: str) -> str:
    """The text as it may stand in a credit, with one space for white space of any kind, and without what has no width.

    >>> in_line(" A nevus,\\n  “dysplastic” ")
    'A nevus, “dysplastic”'
    """
    return " ".join(_UNSEEN.sub("", fit(text)).split())


def safe_name(identifier: str) -> str:
    """An identifier as a citation key, or as the name of a file: ASCII, and the same for the same identifier.

    Where something had to be left out, a piece of its hash keeps it apart from others.

    >>> safe_name("some-archive:IMG_0000001")
    'some-archive_IMG_0000001'
    >>> safe_name("some-archive:Ä b")
    'some-archive_A-b-4af5be92'
    """
    source, _, own = identifier.partition(":")
    plain = "_".join(_ascii(part) for part in (source, own) if part)
    is_whole = plain == identifier.replace(":", "_", 1) and len(plain) <= _LONGEST_NAME
    digest = hashlib.sha256(identifier.encode("utf-8", "replace")).hexdigest()[:8]
    return plain if is_whole and plain else f"{plain[:_LONGEST_NAME].strip('-.')}-{digest}".lstrip("-")


def _ascii(text: str) -> str:
    spelled = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"-{2,}", "-", _UNSAFE.sub(lambda one: "_" if one[0] == "_" else "-", spelled)).strip("-.")
