"""Which of two rights situations is the stricter, over everything that can be asked of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from dermref.model.asking import Action, Operator, Purpose, Viewer, ViewerKind, subscriber_of
from dermref.model.decision import Decision, Outcome
from dermref.rights.decide import decide
from dermref.rights.question import Policy, Question

PUBLIC = (ViewerKind.ANONYMOUS, ViewerKind.MEMBER)


class Order(StrEnum):
    """How one situation stands to another. `mixed`: each is stricter in something."""

    EQUAL = "equal"
    STRICTER = "stricter"
    LOOSER = "looser"
    MIXED = "mixed"


def compare(one: Policy, other: Policy, *, operator: Operator) -> Order:
    """How `one` stands to `other` for every action, purpose and viewer of the site here, holds left aside: a hold says
    nothing about whose rights are the narrower. Where both allow the same, the one with more duties is the stricter.
    Curators and developers do not count: what they may look at on their own machine is published nowhere.

    >>> from dermref.model.policy import PolicyKey
    >>> from dermref.registry.load import load_source
    >>> terms = load_source("isic-archive").terms
    >>> free, bound = (Policy(PolicyKey("isic-archive", one, one), terms) for one in ("CC0-1.0", "CC-BY-NC-4.0"))
    >>> compare(free, bound, operator=Operator()).value
    'looser'
    """
    sides = [replace(policy, key=policy.key.without_holds) for policy in (one, other)]
    questions = list(_questions(one.terms.source_id, other.terms.source_id, operator))
    decided = [tuple(decide(side, question) for side in sides) for question in questions]
    by_outcome = _order((_freedom(mine), _freedom(theirs)) for mine, theirs in decided)
    return by_outcome if by_outcome is not Order.EQUAL else _by_duties(decided)


def _freedom(decision: Decision) -> int:
    """How much is allowed; under how many duties is another question."""
    return int(decision.is_allowed) + (decision.outcome is not Outcome.DENY)


def _by_duties(decided: Iterable[tuple[Decision, ...]]) -> Order:
    """The order of two that allow the same: who has more duties, in everything that has any, is the stricter."""
    duties = [tuple({duty.code for duty in one.duties} for one in pair) for pair in decided]
    return _order((-len(mine - theirs), -len(theirs - mine)) for mine, theirs in duties)


def _order(pairs: Iterable[tuple[int, int]]) -> Order:
    """The order of two by how free each is in every case."""
    found = {(mine > theirs) - (mine < theirs) for mine, theirs in pairs} - {0}
    return {frozenset({1}): Order.LOOSER, frozenset({-1}): Order.STRICTER, frozenset({1, -1}): Order.MIXED}.get(
        frozenset(found), Order.EQUAL
    )


def _questions(source_id: str, other_id: str, operator: Operator) -> Iterator[Question]:
    viewers = (*map(Viewer, PUBLIC), subscriber_of(source_id), subscriber_of(other_id))
    for action in Action:
        if action is not Action.LINK:  # a link leads to each one's own page
            for purpose in Purpose:
                yield from (Question(action, viewer, purpose, operator) for viewer in viewers)
