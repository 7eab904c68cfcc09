"""What an image may be used for as it stands: its record, narrowed by what its own file says and by the pairs that
hold it. The ingest, the curator's desk and the audit ask here, and nowhere else."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from dermref.catalog.pairs import Twin
from dermref.model.asking import Operator
from dermref.model.evidence import Refusal
from dermref.model.media import Claim
from dermref.model.pair import NewPair, PairKind
from dermref.model.policy import Hold, PolicyKey
from dermref.rights.compare import Order, compare
from dermref.rights.embedded import narrowed
from dermref.services.rulings import all_sources, policy_of

CONFLICT = "rights-conflict"  # the code of a file that contradicts its record
LOOSER = frozenset({Order.LOOSER, Order.MIXED})


def standing(
    judged: PolicyKey | Refusal, *, claims: Iterable[Claim], accepted: frozenset[str], is_contested: bool
) -> PolicyKey | Refusal:
    """The policy of an image whose record alone gives `judged`. A conflict that a curator accepted settles what the
    file claims."""
    if isinstance(judged, Refusal):
        return judged
    key = judged if CONFLICT in accepted else narrowed(judged, claims)
    if isinstance(key, Refusal) or not is_contested:
        return key
    return key.held(Hold.CONFLICT)


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


def pairs_of(key: PolicyKey, others: Iterable[tuple[Twin, PairKind, int]], *, operator: Operator) -> Sequence[NewPair]:
    """The pairs an image under `key` makes with its twins (each with kind and distance), and which side each holds:
    the looser one, and both where neither is the stricter.

    Two pictures of one source under the same rights that merely look alike are no pair: a lesion is photographed twice.
    """
    found = []
    for twin, kind, distance in others:
        order = order_of(key, twin.policy, operator=operator)
        if kind is PairKind.NEAR and order is Order.EQUAL and twin.source_id == key.source_id:
            continue
        back = {Order.STRICTER: Order.LOOSER, Order.LOOSER: Order.STRICTER}.get(order, order)
        found.append(NewPair(twin.row_id, kind, distance, order in LOOSER, back in LOOSER))
    return found
