"""A source as one canonical document and back: how the catalogue keeps its versions and tells them apart.

Fields that hold their default are left out, so a field that the classes gain later changes no document and no digest.
"""

import hashlib
import json
from functools import cache

from pydantic import TypeAdapter

from dermref.model.source import Source

Document = dict[str, object]


def document_of(source: Source) -> Document:
    """The source in JSON's own types."""
    document: Document = _adapter().dump_python(source, mode="json", exclude_defaults=True)
    return document


def source_of(document: Document) -> Source:
    """The source a document describes. Raises ValueError when today's classes cannot hold it."""
    return _adapter().validate_python(document)


def digest_of(document: Document) -> str:
    """sha256 (64 hex digits) of the document's canonical JSON."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@cache
def _adapter() -> TypeAdapter[Source]:
    return TypeAdapter(Source)
