"""Pictures that came in twice: the pairs that wait for a curator, and what a curator decides about them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils import timezone

from dermref.catalog.decisions import decide_pair, hold_more
from dermref.catalog.pairs import PairRecord, Side, find_pair, list_pairs, standing_pairs
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document
from dermref.model.pair import PairDecision, PairVerdict
from dermref.services.deployment import deployment
from dermref.services.standing import looser_sides, order_of

__all__ = ["PairRecord", "Side", "decide", "find_pair", "list_pairs", "order_in_words", "weigh_again"]

ORDERS = {
    "equal": "both allow the same",
    "stricter": "the first is the stricter",
    "looser": "the second is the stricter",
    "mixed": "each is stricter in something",
}


def order_in_words(pair: PairRecord) -> str:
    """How the rights of a pair's images stand to each other."""
    one, other = pair.sides
    return ORDERS[order_of(one.policy, other.policy, operator=deployment().operator)]


def decide(pair_id: int, decision: PairDecision) -> Sequence[str]:
    """Write a curator's decision about a pair; the ids of the images it frees. Raises Stopped with one sentence."""
    pair = find_pair(pair_id)
    if pair is None:
        raise Stopped(f"There is no pair {pair_id}; “dermref duplicates list” shows all.")
    ids = {side.public_id for side in pair.sides}
    if strange := set(decision.released) - ids:
        raise Stopped(f"{min(strange)} is not in pair {pair_id}, which has {' and '.join(sorted(ids))}.")
    return decide_pair(
        pair_id,
        decision,
        holds=_holds(pair, decision),
        document=_document_of(pair, decision),
        at=timezone.now(),
    )


def _holds(pair: PairRecord, decision: PairDecision) -> tuple[bool, bool]:
    """Which sides the decision holds: of one picture the looser ones, but for those it releases."""
    if decision.verdict is PairVerdict.DIFFERENT:
        return False, False
    sides = tuple(replace(side, is_released=side.public_id in decision.released) for side in pair.sides)
    return looser_sides(replace(pair, sides=(sides[0], sides[1])), operator=deployment().operator)


def weigh_again(source_id: str) -> None:
    """Hold what has become the looser side of a pair because the terms of this source changed. Frees nothing."""
    for pair in standing_pairs(source_id):
        holds = looser_sides(pair, operator=deployment().operator)
        if any(is_looser and not side.is_held for side, is_looser in zip(pair.sides, holds, strict=True)):
            hold_more(pair.id, holds, at=timezone.now())


def _document_of(pair: PairRecord, decision: PairDecision) -> Callable[[str], Document]:
    """The decision as the evidence of the image that it frees."""
    said = {
        "pair": [side.public_id for side in pair.sides],
        "verdict": decision.verdict,
        "released": sorted(decision.released),
        "by": decision.author.by,
        "why": decision.author.why,
    }

    def document(public_id: str) -> Document:
        body = json.dumps({"image": public_id, **said}, ensure_ascii=False, sort_keys=True).encode()
        return Document(body, f"urn:dermref:pair:{pair.id}")

    return document
