"""A collection: an ordered list of images with a name, kept by somebody, shared with some. It holds no rights: every
view of it is filtered by them anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sharing(StrEnum):
    """Who may look at a collection besides whoever keeps it: nobody, those who have its link, or everybody."""

    NOBODY = "nobody"
    LINK = "link"
    EVERYBODY = "everybody"


class Order(StrEnum):
    """What a collection can be put in order by."""

    TITLE = "title"
    CONDITION = "condition"
    SOURCE = "source"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who acts on a collection: an account, or a curator at the command line, who has none."""

    name: str
    user_id: int | None = None
    is_curator: bool = False


NOBODY = Keeper("")  # a visitor


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """A collection as stored. `owner_id` is None where the curators keep it together; `key` is the secret of its link;
    `search` is what it was made from, where it was; `doi` is that of the same set published elsewhere; `images` counts
    its members, whatever their rights."""

    row_id: int
    slug: str
    title: str
    description: str
    owner_id: int | None
    sharing: Sharing
    key: str
    search: Mapping[str, str]
    doi: str
    version: int
    created_at: datetime
    changed_at: datetime
    changed_by: str
    images: int

    def is_kept_by(self, keeper: Keeper) -> bool:
        """Whether this person may change it."""
        return keeper.is_curator or (self.owner_id is not None and self.owner_id == keeper.user_id)

    def is_open_to(self, keeper: Keeper) -> bool:
        """Whether this person may look at it without its link."""
        return self.sharing is Sharing.EVERYBODY or self.is_kept_by(keeper)


@dataclass(frozen=True, slots=True)
class Changed:
    """A collection after a change, or as it is where nothing was: how many images came in, or went, or were moved."""

    record: CollectionRecord
    images: int = 0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A change that was made from an older version of the collection, and was not made: somebody was faster."""

    record: CollectionRecord

    @property
    def text(self) -> str:
        """One sentence that says who changed it, and when."""
        one = self.record
        return (
            f"{one.changed_by} changed this collection on {one.changed_at:%Y-%m-%d at %H:%M} UTC, after you had opened"
            " it; nothing of yours was saved yet."
        )


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """A snapshot as stored: which version of which collection, the sha256 of its document, which is its content hash,
    and its DOI once it has one."""

    row_id: int
    slug: str
    number: int
    sha256: str
    title: str
    images: int
    frozen_at: datetime
    frozen_by: str
    doi: str

    @property
    def name(self) -> str:
        """How it is called: `melanoma-teaching@2`."""
        return f"{self.slug}@{self.number}"


@dataclass(frozen=True, slots=True)
class SetName:
    """A collection, or one of its snapshots, as it is named in commands and addresses."""

    slug: str
    number: int | None = None


def read_set_name(text: str) -> SetName | None:
    """`slug` or `slug@2`; None where it is neither.

    >>> read_set_name("melanoma-teaching@2")
    SetName(slug='melanoma-teaching', number=2)
    >>> read_set_name("melanoma@two") is None
    True
    """
    slug, at, number = text.strip().partition("@")
    if not slug or (at and not (number.isascii() and number.isdigit() and len(number) < 9)):
        return None
    return SetName(slug, int(number) if at else None)


@dataclass(frozen=True, slots=True)
class Group:
    """Members of a set that share everything which settles their rights and their attribution. `has_title` and
    `has_citation`: whether their records have what a template may need; `first` is the id of one of them."""

    policy_row: int
    source_id: str
    creator: str
    contributor: str
    credit_line: str | None
    has_title: bool
    has_citation: bool
    images: int
    first: str
