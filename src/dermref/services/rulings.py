"""Decisions over the interned policies: which of them allow an action to a viewer here. The one place that joins a
stored policy to its source's terms and grants. Decisions are remembered by value, never by row, so a memory cannot go
stale; those that rest on a grant or a subscription are made anew each time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache

from dermref.catalog.policies import load_policies
from dermref.model.asking import Action, Operator, Purpose, Viewer
from dermref.model.decision import Decision
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.registry.load import load_datasets, load_sources
from dermref.rights import Policy, Question, decide
from dermref.services.given import grants_of


@cache
def all_sources() -> Mapping[str, Source]:
    """Every source and data set release by id."""
    return {source.source_id: source for source in (*load_sources(), *load_datasets())}


def policy_of(key: PolicyKey) -> Policy:
    """The policy with its source's terms as they are now. Raises KeyError for a source that is not in the registry."""
    return Policy(key, all_sources()[key.source_id].terms)


def policy_in_force(key: PolicyKey) -> Policy:
    """The same with the source's grants, as they are recorded at this moment."""
    return Policy(key, all_sources()[key.source_id].terms, grants_of(key.source_id))


def decide_for(
    key: PolicyKey, action: Action, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Decision:
    """The decision for an image under this policy, now. Where nothing in writing speaks, which may end at any minute,
    it is remembered."""
    policy, known = policy_in_force(key), viewer.for_source(key.source_id)
    if policy.grants or known.subscriptions:
        return decide(policy, Question(action, known, purpose, operator, datetime.now(UTC)))
    return _decide(key, action, known, operator, purpose)


@lru_cache(maxsize=65536)
def _decide(key: PolicyKey, action: Action, viewer: Viewer, operator: Operator, purpose: Purpose) -> Decision:
    return decide(policy_of(key), Question(action, viewer, purpose, operator))


def decide_all(
    key: PolicyKey, *, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Mapping[Action, Decision]:
    """The decisions for every action, for an image under this policy."""
    if grants_of(key.source_id) or viewer.for_source(key.source_id).subscriptions:
        return {one: decide_for(key, one, viewer=viewer, operator=operator, purpose=purpose) for one in Action}
    return _decide_all(key, viewer.for_source(key.source_id), operator, purpose)


@lru_cache(maxsize=8192)
def _decide_all(key: PolicyKey, viewer: Viewer, operator: Operator, purpose: Purpose) -> Mapping[Action, Decision]:
    return {action: _decide(key, action, viewer, operator, purpose) for action in Action}


def allowed_policies(
    *actions: Action, viewer: Viewer, operator: Operator, purpose: Purpose = Purpose.UNSPECIFIED
) -> Mapping[int, PolicyKey]:
    """All stored policies that allow every one of `actions`, by row id: what a list may show is what the gate would let
    through.

    A policy of a source that left the registry allows nothing.
    """
    return {
        row_id: key
        for row_id, key in load_policies().items()
        if key.source_id in all_sources()
        and all(decide_for(key, one, viewer=viewer, operator=operator, purpose=purpose).is_allowed for one in actions)
    }


def decide_link(source_id: str, *, viewer: Viewer, operator: Operator) -> Decision:
    """The decision for a link to a page of this source, of which nothing is kept here. Raises KeyError for a source
    that is not in the registry."""
    source = all_sources()[source_id]
    key = PolicyKey(source_id, source.terms.license_expression, source.license_label)
    return _decide(key, Action.LINK, viewer.for_source(source_id), operator, Purpose.UNSPECIFIED)
