"""May this item become an image at all? Resolves its rights, its credit, and whether anybody here could ever see it."""

from dermref.credit.attribution import CreditFacts, attribution
from dermref.model.asking import Action, Operator, Viewer, ViewerKind
from dermref.model.evidence import Harvested, Refusal
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.rights.decide import Policy, Question, decide
from dermref.rights.facts import licenses_in
from dermref.rights.resolve import resolve


def judge(source: Source, item: Harvested, *, operator: Operator) -> PolicyKey | Refusal:
    """The policy under which `item` may be published, or the first reason why it may not."""
    key = resolve(source.terms, item, declared_label=source.license_label)
    if isinstance(key, Refusal):
        return key
    credit = attribution(source, licenses_in(key.license_id), credit_facts(item))
    if isinstance(credit, Refusal):
        return credit
    if not _is_showable(Policy(key, source.terms), operator):
        return Refusal("nobody-may-see", f"under {key.license_id} nobody may look at it on this deployment")
    return key


def may_resize(source: Source, key: PolicyKey, *, operator: Operator) -> bool:
    """Whether display sizes may be made; where not, the stored bytes are shown as they came."""
    policy = Policy(key, source.terms)
    return any(
        decide(policy, Question(Action.RESIZE, Viewer(kind), operator=operator)).is_allowed for kind in ViewerKind
    )


def credit_facts(item: Harvested) -> CreditFacts:
    """The words of an item that its credit may need."""
    return CreditFacts(
        foreign_id=item.foreign_id,
        landing_url=item.landing_url,
        title=item.depiction.title,
        creator=item.creator,
        contributor=item.contributor,
    )


def _is_showable(policy: Policy, operator: Operator) -> bool:
    return any(decide(policy, Question(Action.VIEW, Viewer(kind), operator=operator)).is_allowed for kind in ViewerKind)
