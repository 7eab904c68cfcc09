"""Who speaks on a question besides the license: holds, the source's status, tier and terms, and the item itself.
Each judge is a function from policy and question to rulings; none of them speaks about links but the one for links."""

from datetime import UTC, datetime

from dermref.model.asking import Subscription, Viewer, ViewerKind
from dermref.model.decision import DutyCode, EvidenceKind, EvidenceRef, Reason
from dermref.model.policy import Hold
from dermref.model.source import Conflict, Effect, Group, SourceTerms, Tier
from dermref.rights.duties import bites
from dermref.rights.facts import licenses_in
from dermref.rights.question import Policy, Question, Ruling, terms_reason
from dermref.rights.restrictions import load_restrictions

REFERENCED_ONLY = frozenset({Group.OFF_LIMITS, Group.META})
HOLD_TEXTS = {
    Hold.WITHDRAWN: "The source has withdrawn this image.",
    Hold.REFUSED: "What the source says of this image now could not be accepted, so nothing may be done with it.",
    Hold.BLOCKED: "These very bytes belong to a source that does not let them be shown from here.",
    Hold.REVIEW: "A curator has to look at this image before anything may be done with it.",
    Hold.CONFLICT: "This image came in under contradicting rights that nobody has settled yet.",
    Hold.TAKEDOWN: "Somebody with a right to this image asked for it to be taken down.",
    Hold.PURGED: "What allowed this image to be kept has ended, and its files were removed from here.",
}
TERM_TEXTS = {
    Effect.PERMIT: "The source's terms permit this.",
    Effect.ASK: "The source wants to be asked first.",
    Effect.PROHIBIT: "The source's terms forbid this.",
}
TIER_TEXTS = {
    Tier.EXTERNAL_LINK_ONLY: "Only links to this source may be kept; its images never are.",
    Tier.DEV_ONLY: "This source is for development on this machine only.",
    Tier.INSTITUTIONAL_ONLY: "Only signed-in members of a subscribing institution may see images of this source.",
}


def holds(policy: Policy) -> list[Reason]:
    """Why nothing but a link is allowed while the image is held."""
    return [Reason(f"hold-{hold}", HOLD_TEXTS[hold], EvidenceRef(EvidenceKind.HOLD, hold)) for hold in policy.key.holds]


def status(policy: Policy, question: Question) -> list[Ruling]:
    """Off-limits and meta sources are referenced only, and no personal or institutional one is public, whatever its
    printed tier."""
    terms = policy.terms
    if terms.group not in REFERENCED_ONLY and not (terms.group is Group.PERSONAL and terms.tier is Tier.HOSTED):
        return []
    text = f"This source is “{terms.status}”: it is referenced only, never hosted publicly."
    return [Ruling(Effect.PROHIBIT, terms_reason("status-referenced-only", text, terms.proof))]


def tier(policy: Policy, question: Question) -> list[Ruling]:
    """Who may see images of this source at all."""
    terms = policy.terms
    if _is_admitted(policy, question):
        return []
    text = TIER_TEXTS[terms.tier]
    if terms.tier is Tier.INSTITUTIONAL_ONLY:
        text = " ".join([text, *why_not_current(question.viewer, terms.source_id, question.now)])
    return [Ruling(Effect.PROHIBIT, terms_reason(f"tier-{terms.tier}", text, terms.proof))]


def _is_admitted(policy: Policy, question: Question) -> bool:
    viewer, terms = question.viewer, policy.terms
    if terms.tier is Tier.HOSTED:
        return True
    if terms.tier is Tier.DEV_ONLY:
        return viewer.kind is ViewerKind.DEVELOPER
    return (
        terms.tier is Tier.INSTITUTIONAL_ONLY
        and viewer.kind is ViewerKind.INSTITUTION_MEMBER
        and any(one.opens(terms.source_id, question.now) for one in viewer.subscriptions)
    )


def why_not_current(viewer: Viewer, source_id: str, now: datetime | None) -> list[str]:
    """What is wrong with the subscriptions that a viewer has to this source; nothing of those that run."""
    own = viewer.for_source(source_id).subscriptions
    return [_why(one, now) for one in own if not one.opens(source_id, now)]


def _why(one: Subscription, now: datetime | None) -> str:
    name = f"The subscription of {one.institution}"
    if one.ends and now and one.ends <= now:
        because = f": {one.ended_why.rstrip('.')}" if one.ended_why else ""
        return f"{name} ended on {one.ends.astimezone(UTC):%Y-%m-%d %H:%M} UTC{because}."
    if one.starts and now and now < one.starts:
        return f"{name} begins on {one.starts.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    return f"{name} is “{one.kind}” and not current for this."


def source_terms(policy: Policy, question: Question) -> list[Ruling]:
    """What the policy's source says of it."""
    return terms_rulings(policy.terms, question)


def terms_rulings(terms: SourceTerms, question: Question) -> list[Ruling]:
    """What the site permits, prohibits or wants to be asked about; and what stays in dispute until it is cleared."""
    asked = (question.action, question.purpose, question.operator_kind, question.viewer.kind)
    spoken = [
        Ruling(term.effect, terms_reason(f"terms-{term.code}", TERM_TEXTS[term.effect], term.proof))
        for term in terms.terms
        if term.holds_for(*asked)
    ]
    disputed = [
        Ruling(Effect.ASK, _conflict_reason(conflict))
        for conflict in terms.conflicts
        if conflict.cleared is None and question.action in conflict.blocks
    ]
    return [*spoken, *_walled_in(terms, question), *disputed]


def _walled_in(terms: SourceTerms, question: Question) -> list[Ruling]:
    """What may not stand behind a paywall is not for a deployment that has one: that duty cannot be kept there."""
    text = "The source does not let this stand behind a paywall, and this site has one."
    return [
        Ruling(Effect.PROHIBIT, terms_reason("terms-no-paywall", text, duty.proof))
        for duty in terms.duties
        if question.operator.paywall and duty.code is DutyCode.NO_PAYWALL and bites(duty, question.action)
    ]


def _conflict_reason(conflict: Conflict) -> Reason:
    text = "What the source's own words allow is in dispute until a curator has cleared it."
    evidence = EvidenceRef(EvidenceKind.SOURCE_TERMS, conflict.quote, conflict.url)
    return Reason(f"conflict-{conflict.code}", text, evidence)


def superseded(policy: Policy, question: Question) -> list[Ruling]:
    """A policy taken from the source's own license falls with it; it never outlives a change of the registry. One that
    an item narrowed begins with the source's license and goes on with the stricter one."""
    current, recorded = policy.terms.license_expression, policy.key.license_id
    if policy.terms.per_item or recorded == current:
        return []
    if licenses_in(current) and recorded.startswith(f"{current} AND "):
        return []
    text = "The license recorded for this source has changed since this image was taken in."
    return [Ruling(Effect.PROHIBIT, terms_reason("policy-superseded", text, policy.terms.proof))]


def item(policy: Policy, question: Question) -> list[Ruling]:
    """What the item's own page says beyond its license."""
    return [
        Ruling(rule.effect, Reason(f"item-{one}", rule.text, EvidenceRef(EvidenceKind.ITEM, rule.quote)))
        for one in policy.key.restrictions
        for rule in load_restrictions()[one]
        if question.action in rule.actions or (rule.is_commercial and question.is_commercial)
    ]
