"""Letters and contracts from a curator's disk, read whole and named by their hash, before anything rests on them."""

import codecs
import email
import email.policy
import html
import mimetypes
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document

LARGEST = 20_000_000  # bytes; a scanned contract is far smaller
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
    texts = list(_texts(document))
    return bool(texts) and all(_plain(quote) not in _plain(text) for text in texts)


def _texts(document: Document) -> Iterator[str]:
    """What the document says, in every way of reading it; nothing where it is no text."""
    if document.media_type == "message/rfc822":
        message = email.message_from_bytes(document.body, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
        said = " ".join(str(part.get_content()) for part in parts)
    elif document.media_type.startswith("text/"):
        said = _decoded(document.body)
    else:
        return
    yield said
    yield html.unescape(TAG.sub(" ", said))


def _decoded(body: bytes) -> str:
    """As editors save text: with a mark of their own, in UTF-8, or in the page of old systems."""
    encoding = "utf-16" if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
