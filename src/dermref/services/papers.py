"""Letters and contracts from a curator's disk, read whole and named by their hash, before anything rests on them."""

import html
import mimetypes
import re
from hashlib import sha256
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document

LARGEST = 20 * 1024 * 1024  # bytes; a scanned contract is far smaller
READABLE = ("text/", "message/")
TAG = re.compile(r"<[^>]*>")


def read_paper(path: Path) -> Document:
    """The document. Raises Stopped where it is missing, empty, or too large to be a letter."""
    try:
        size = path.stat().st_size
        body = path.read_bytes() if path.is_file() and size <= LARGEST else b""
    except OSError as error:
        raise Stopped(f"The document {path} cannot be read: {error.strerror}.") from None
    if not body:
        why = f"has more than {LARGEST:,} bytes" if size > LARGEST else "is empty, or no file"
        raise Stopped(f"The document {path} {why}; give the letter or contract itself.")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Document(body, f"file:{path.name}", kind)


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
