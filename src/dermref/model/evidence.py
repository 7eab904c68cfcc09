"""What an adapter saw, verbatim, before anybody judged it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dermref.model.policy import Restriction


class EvidenceMark(StrEnum):
    """What a piece of evidence tells about an item."""

    LICENSE = "license"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"
    DECISION = "decision"


class Scope(StrEnum):
    """What a statement speaks of: the very item, or what contains it (an article, a data set, a book, a site)."""

    ITEM = "item"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Statement:
    """A license statement word for word: its text, and the URL it linked, when it linked one."""

    text: str
    url: str | None = None
    scope: Scope = Scope.ITEM


@dataclass(frozen=True, slots=True)
class Document:
    """The raw document that was read, as received, and where it came from."""

    body: bytes
    url: str
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class FileRef:
    """Where the item's bytes are: a URL, or a file on this machine. `size` (bytes), `sha256` and `checksum` as
    declared, if any. `checksum` is the name of another hash and its hex digits, such as `md5:9e10…`."""

    url: str
    path: Path | None = None
    size: int | None = None
    sha256: str | None = None
    checksum: str | None = None

    @property
    def name(self) -> str:
        """The file's own name, without folders or query."""
        return self.url.partition("?")[0].partition("#")[0].rpartition("/")[2] or self.url


@dataclass(frozen=True, slots=True)
class SkinTone:
    """A skin tone with its scale and who judged it; never a bare number."""

    scale: str
    value: str
    assessed_by: str


@dataclass(frozen=True, slots=True)
class Depiction:
    """What the picture shows, in the source's own words; None where it does not say."""

    title: str | None = None
    condition: str | None = None
    modality: str | None = None
    body_site: str | None = None
    age: int | None = None
    sex: str | None = None
    skin_tones: tuple[SkinTone, ...] = ()


@dataclass(frozen=True, slots=True)
class Harvested:
    """One item as a source reported it.

    `credit_line` is the credit in the words its author asks for, `citation` how what contains it is cited. `faults` are
    reasons it cannot be published whatever its license; `doubts` are for a curator, who gets to see its file.
    """

    source_id: str
    foreign_id: str
    landing_url: str
    file: FileRef | None
    document: Document
    statements: tuple[Statement, ...]
    creator: str | None = None
    contributor: str | None = None
    rights_holder: str | None = None
    credit_line: str | None = None
    citation: str | None = None
    depiction: Depiction = field(default_factory=Depiction)
    metadata: Mapping[str, object] = field(default_factory=dict)
    restrictions: tuple[Restriction, ...] = ()
    faults: tuple["Refusal", ...] = ()
    doubts: tuple["Refusal", ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an item stays out: a stable code and one clear sentence."""

    code: str
    text: str
