"""Decisions over the interned policies: which of them allow an action to a viewer here. The one place that joins a
stored policy to its source's terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from dermref.catalog.policies import load_policies, newest_policy_id
from dermref.model.asking import Action, Operator, Purpose, Viewer
from dermref.model.decision import Decision
from dermref.model.source import Source
from dermref.registry.load import load_datasets, load_sources
from dermref.rights.decide import Policy, Question, decide


@cache
def all_sources() -> Mapping[str, Source]:
    """Every source and data set release by id."""
    return {source.source_id: source for source in (*load_sources(), *load_datasets())}


@dataclass(slots=True)
class Policies:
    """The stored policies with their terms; a policy never changes, so only new ones are ever read."""

    _known: dict[int, Policy] = field(default_factory=dict)
    _newest: int = 0

    def all(self) -> Mapping[int, Policy]:
        """Every policy by row id, as of now."""
        newest = newest_policy_id()
        if newest < self._newest:  # another database than before
            self._known.clear()
            self._newest = 0
        if newest > self._newest:
            for row_id, key in load_policies(after=self._newest).items():
                self._known[row_id] = Policy(key, all_sources()[key.source_id].terms)
            self._newest = newest
        return self._known


_policies = Policies()


def policy_of(policy_id: int) -> Policy:
    """The policy with this row id."""
    return _policies.all()[policy_id]


def allowed_policies(
    action: Action, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> frozenset[int]:
    """The row ids of all policies that allow `action`: what a list may show is what the gate would let through."""
    question = Question(action, viewer, purpose, operator)
    return frozenset(row_id for row_id, policy in _policies.all().items() if decide(policy, question).is_allowed)


def decide_for(
    policy_id: int, action: Action, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Decision:
    """The decision for an image under this policy."""
    return decide(policy_of(policy_id), Question(action, viewer, purpose, operator))
