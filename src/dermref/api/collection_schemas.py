"""The shapes of the API's answers about collections and snapshots, as its OpenAPI document shows them."""

from datetime import datetime
from typing import Any

from ninja import Schema

from dermref.api.schemas import CauseOut, ImageOut


class SnapshotOut(Schema):
    """A snapshot; `sha256` is that of its document, which is its content hash."""

    name: str
    collection: str
    number: int
    title: str
    images: int
    sha256: str
    frozen_at: datetime
    frozen_by: str
    doi: str | None
    document: str


class CollectionOut(Schema):
    """A collection; `shown` counts the images you may see, `withheld` those you may not. `shared_with` is nobody, link
    or everybody; `is_own` says whether you may change it."""

    slug: str
    title: str
    description: str
    doi: str | None
    shared_with: str
    is_own: bool
    version: int
    changed_at: datetime
    shown: int
    withheld: int


class CollectionPage(CollectionOut):
    """The same with one page of its images in their order; `next` goes into `after`."""

    next: int | None
    results: list[ImageOut]


class SetCauseOut(CauseOut):
    """One restriction of the whole set; `images` says how many bring it about, where not all are named."""

    images: int


class CollectionDecisionOut(Schema):
    """The decision for everything in a collection: the strictest outcome, who causes it, all duties, and the licenses
    of a combined work."""

    outcome: str
    action: str
    viewer: str
    purpose: str
    operator: str
    causes: list[SetCauseOut]
    duties: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    licenses: list[str]


class GapOut(Schema):
    """Why a member may not be shown any more."""

    code: str
    text: str


class EntryOut(Schema):
    """A member at its place. `sha256` is that of the file that was frozen, `is_same_file` whether it is still that one;
    a gap has neither picture nor title nor credit."""

    place: int
    id: str
    sha256: str
    is_same_file: bool
    gap: GapOut | None
    image: ImageOut | None


class FrozenCreditOut(Schema):
    """A line of the credit list as it was frozen."""

    name: str
    images: int
    licenses: list[str]


class SnapshotPage(SnapshotOut):
    """The same with one page of its members; `next` goes into `start`. `credits` is the frozen credit list, up to
    1,000 lines of it: the document has all."""

    description: str
    credits: list[FrozenCreditOut]
    next: int | None
    members: list[EntryOut]
