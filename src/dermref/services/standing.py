"""What an image may be used for as it stands: its record, narrowed by what its own file says and by the pairs that
hold it. The ingest, the curator's desk and the audit ask here, and nowhere else."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dermref.catalog.acceptances import Passed
from dermref.catalog.pairs import PairRecord, Twin, twins
from dermref.model.asking import Operator
from dermref.model.evidence import Refusal
from dermref.model.media import Claim
from dermref.model.pair import NewPair, PairKind
from dermref.model.policy import Hold, PolicyKey
from dermref.rights.compare import Order, compare
from dermref.rights.embedded import narrowed
from dermref.services.likeness import Match
from dermref.services.rulings import all_sources, policy_of

CONFLICT = "rights-conflict"  # the code of a file that contradicts its record
VIEWS = {"clinical", "dermoscopic"}  # two kinds of photograph of one lesion


@dataclass(frozen=True, slots=True)
class Alike:
    """An image that shows the same picture: by its bytes, or by its looks."""

    twin: Twin
    kind: PairKind
    distance: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The policy of an image, and what contradicts its record as long as no curator settled it."""

    key: PolicyKey
    conflicts: tuple[Refusal, ...] = ()


def standing(
    judged: PolicyKey, *, claims: Iterable[Claim], accepted: Iterable[Passed], holds: Iterable[Hold] = ()
) -> Standing:
    """How an image stands whose record alone gives `judged`. A contradiction that a curator accepted under this very
    license is settled; a stricter license that the file names holds all the same."""
    found = narrowed(judged, claims)
    return Standing(found.key.held(*holds), () if passes(accepted, CONFLICT, judged) else found.conflicts)


def passes(accepted: Iterable[Passed], code: str, judged: PolicyKey) -> bool:
    """Whether a curator let this finding pass; a contradiction only under the license that was recorded then."""
    return any(code in one.codes and (code != CONFLICT or one.license_id == judged.license_id) for one in accepted)


def is_settled(accepted: Iterable[Passed], doubt: Refusal, judged: PolicyKey) -> bool:
    """Whether a curator let this doubt pass: in these very words, and under the license that was recorded then."""
    return any(mark_of(doubt) in one.codes and one.license_id == judged.license_id for one in accepted)


def mark_of(doubt: Refusal) -> str:
    """What is kept of a doubt that a curator lets pass: its code and the hash of its words."""
    return f"{doubt.code}:{hashlib.sha256(doubt.text.encode()).hexdigest()[:16]}"


def order_of(one: PolicyKey, other: PolicyKey, *, operator: Operator) -> Order:
    """How the rights of one image stand to those of another, holds left aside."""
    return _order(one.without_holds, other.without_holds, operator)


@lru_cache(maxsize=4096)
def _order(one: PolicyKey, other: PolicyKey, operator: Operator) -> Order:
    known = all_sources()
    if one == other:
        return Order.EQUAL
    if one.source_id not in known or other.source_id not in known:
        return Order.MIXED  # nobody can say what a source that left the registry allows
    return compare(policy_of(one), policy_of(other), operator=operator)


def alike_of(sha256: str, matches: Sequence[Match], *, not_of: tuple[str, str]) -> list[Alike]:
    """Every image that shows the same picture, but for that of the item itself (source and foreign id)."""
    near = {one.image_row: one.distance for one in matches if one.image_row is not None}
    return [
        Alike(one, PairKind.EXACT, 0) if one.sha256 == sha256 else Alike(one, PairKind.NEAR, near[one.row_id])
        for one in twins(sha256, near.keys(), not_of=not_of)
    ]


def pairs_of(key: PolicyKey, modality: str, likes: Iterable[Alike], *, operator: Operator) -> Sequence[NewPair]:
    """The pairs an image under `key` makes with those that look like it, and which side each holds: the looser one, and
    both where neither is the stricter. A copy of an image that is held for its own looser rights is held with it.

    Under equal rights, two images of one source are no pair: a lesion is photographed twice, a picture filed twice. Nor
    are a clinical and a dermoscopic photograph, however alike they look.
    """
    found = []
    for alike in likes:
        twin = alike.twin
        order, (is_looser, is_twin_looser) = _weighed(key, twin.policy, operator)
        is_tainted = Hold.CONFLICT in twin.policy.holds and order is not Order.STRICTER
        if order is Order.EQUAL and not is_tainted and (twin.source_id == key.source_id or _differ(alike, modality)):
            continue
        found.append(NewPair(twin.row_id, alike.kind, alike.distance, is_looser or is_tainted, is_twin_looser))
    return found


def _weighed(one: PolicyKey, other: PolicyKey, operator: Operator) -> tuple[Order, tuple[bool, bool]]:
    """How two stand to each other, and which of them is the looser in anything: both, where neither is the stricter."""
    order = order_of(one, other, operator=operator)
    return order, (order in (Order.LOOSER, Order.MIXED), order in (Order.STRICTER, Order.MIXED))


def _differ(alike: Alike, modality: str) -> bool:
    """Whether one is a clinical and the other a dermoscopic photograph; the very same bytes are one picture anyway."""
    return alike.kind is PairKind.NEAR and {modality, alike.twin.modality} == VIEWS


def looser_sides(pair: PairRecord, *, operator: Operator) -> tuple[bool, bool]:
    """Which images of a pair have the looser rights, those left aside that a curator released."""
    one, other = pair.sides
    _, (is_one, is_other) = _weighed(one.policy, other.policy, operator)
    return is_one and not one.is_released, is_other and not other.is_released
