"""Decisions over the interned policies: which of them allow an action to a viewer here. The one place that joins a
stored policy to its source's terms. Decisions are remembered by value, never by row, so a memory cannot go stale."""

from collections.abc import Mapping
from functools import cache, lru_cache

from dermref.catalog.policies import load_policies
from dermref.model.asking import Action, Operator, Purpose, Viewer
from dermref.model.decision import Decision
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.registry.load import load_datasets, load_sources
from dermref.rights import Policy, Question, decide


@cache
def all_sources() -> Mapping[str, Source]:
    """Every source and data set release by id."""
    return {source.source_id: source for source in (*load_sources(), *load_datasets())}


def policy_of(key: PolicyKey) -> Policy:
    """The policy with its source's terms as they are now. Raises KeyError for a source that is not in the registry."""
    return Policy(key, all_sources()[key.source_id].terms)


@lru_cache(maxsize=65536)
def decide_for(
    key: PolicyKey, action: Action, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Decision:
    """The decision for an image under this policy."""
    return decide(policy_of(key), Question(action, viewer, purpose, operator))


@lru_cache(maxsize=8192)
def decide_all(
    key: PolicyKey, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Mapping[Action, Decision]:
    """The decisions for every action, for an image under this policy."""
    return {action: decide_for(key, action, viewer=viewer, operator=operator, purpose=purpose) for action in Action}


def allowed_policies(
    action: Action, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Mapping[int, PolicyKey]:
    """All stored policies that allow `action`, by row id: what a list may show is what the gate would let through.

    A policy of a source that left the registry allows nothing.
    """
    return {
        row_id: key
        for row_id, key in load_policies().items()
        if key.source_id in all_sources()
        and decide_for(key, action, viewer=viewer, operator=operator, purpose=purpose).is_allowed
    }
