"""The document of a snapshot: what it says, and the one form in which it is written, so that its sha256 names it. Any
program can read it: plain JSON, keys in order, UTF-8, one line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

FORMAT = "dermref-snapshot/1"


@dataclass(frozen=True, slots=True)
class FrozenSource:
    """A source of the snapshot, and the digest of its terms as they stood."""

    id: str
    name: str
    terms: str


@dataclass(frozen=True, slots=True)
class FrozenPolicy:
    """The rights situation of some of its members: an SPDX expression, what was printed, and the policy's own hash."""

    source: str
    license: str
    label: str
    restrictions: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class FrozenCredit:
    """A distinct attribution of the set: the name, its images, and the names of the licenses they fall under."""

    name: str
    images: int
    licenses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenMember:
    """One image: its id, the sha256 of its file, its policy (a place in the list of policies), the sha256 of the
    document in which its license is recorded and when that was read, and its credit as it was."""

    id: str
    sha256: str
    policy: int
    evidence: str
    recorded_at: str
    credit: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that a snapshot froze. `members` are in the order of the collection, `credits` in that of its
    citation."""

    collection: str
    number: int
    title: str
    description: str
    frozen_at: str
    frozen_by: str
    sources: tuple[FrozenSource, ...]
    policies: tuple[FrozenPolicy, ...]
    credits: tuple[FrozenCredit, ...]
    members: tuple[FrozenMember, ...]

    @property
    def content(self) -> tuple[object, ...]:
        """What it says of the set itself, whenever and by whomever it was frozen."""
        return self.title, self.description, self.sources, self.policies, self.credits, self.members


def written(frozen: Frozen) -> bytes:
    """The document."""
    said = {"format": FORMAT, **_row(frozen)}
    for name, rows in (
        ("sources", frozen.sources),
        ("policies", frozen.policies),
        ("credits", frozen.credits),
        ("members", frozen.members),
    ):
        said[name] = [_row(one) for one in rows]
    return (json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _row(one: FrozenSource | FrozenPolicy | FrozenCredit | FrozenMember | Frozen) -> dict[str, object]:
    """Its fields (`asdict`, which copies deeply, takes ten times as long)."""
    return {field.name: getattr(one, field.name) for field in fields(one)}


def read_frozen(body: bytes) -> Frozen:
    """What a document says. Raises ValueError for one of another form.

    >>> empty = Frozen("a", 1, "A", "", "2026-11-28T00:00:00+00:00", "B", (), (), (), ())
    >>> read_frozen(written(empty)) == empty
    True
    """
    said = json.loads(body)
    if not isinstance(said, Mapping) or said.get("format") != FORMAT:
        raise ValueError(f"this is no document of the form {FORMAT}")
    plain = {name: said[name] for name in ("collection", "number", "title", "description", "frozen_at", "frozen_by")}
    return Frozen(
        **plain,
        sources=tuple(FrozenSource(**one) for one in said["sources"]),
        policies=tuple(FrozenPolicy(**{**one, "restrictions": tuple(one["restrictions"])}) for one in said["policies"]),
        credits=tuple(FrozenCredit(**{**one, "licenses": tuple(one["licenses"])}) for one in said["credits"]),
        members=tuple(FrozenMember(**one) for one in said["members"]),
    )
