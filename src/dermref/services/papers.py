"""Letters and contracts from a curator's disk, read whole and named by their hash, before anything rests on them."""

import html
import mimetypes
import re
from hashlib import sha256
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document

LARGEST = 20_000_000  # bytes; a scanned contract is far smaller
READABLE = ("text/", "message/")
TAG = re.compile(r"<[^>]*>")


def read_paper(path: Path) -> Document:
    """The document. Raises Stopped where it is missing, empty, or too large to be a letter."""
    fault = check_paper(path)
    if fault:
        raise Stopped(f"The document {fault}.")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Document(path.read_bytes(), f"file:{path.name}", kind)


def check_paper(path: Path) -> str | None:
    """What is wrong with a document, if anything."""
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    if size is None:
        return f"{path} is not a file; give the letter or contract itself"
    if size > LARGEST:
        return f"{path} has {size:,} bytes; keep it below {LARGEST:,}"
    return None if size else f"{path} is empty; give the letter or contract itself"


def key_of(document: Document) -> str:
    """The sha256 (64 hex digits) that names it."""
    return sha256(document.body).hexdigest()


def lacks(document: Document, quote: str) -> bool:
    """Whether a document that can be read as text does not say the quoted words; a scan is not judged."""
    if not document.media_type.startswith(READABLE):
        return False
    text = document.body.decode("utf-8-sig", "replace")
    return _plain(quote) not in _plain(html.unescape(TAG.sub(" ", text))) and _plain(quote) not in _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
