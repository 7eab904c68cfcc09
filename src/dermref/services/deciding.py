"""Answers to “may I?” for every face: one image, a set of images, or an item of a source that is not in the catalogue.
Duties come with the image's own credit and addresses. What a viewer may not know of is answered as unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dermref.catalog.reading import ImageRecord
from dermref.credit.attribution import Credit
from dermref.credit.duties import rendered
from dermref.model.asking import Action, Operator, Purpose, Viewer
from dermref.model.decision import Cause, Decision, EvidenceKind, EvidenceRef, Outcome, Reason, SetDecision
from dermref.model.evidence import Document, Harvested, Refusal, Statement
from dermref.model.source import Source
from dermref.rights import Question, decide, decide_set, decide_unrecorded, resolve
from dermref.services.credits import credit_of, decide_uncredited
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources, policy_in_force, policy_of
from dermref.services.serving import Missing, find_known, in_full

UNKNOWN = Reason("unknown-image", "There is no such image here.", EvidenceRef(EvidenceKind.ITEM, ""))


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """The answer for a set, and each member's own by its id: None for what there is not, as far as this viewer may
    know. Such a member permits nothing, so the set's answer is no."""

    decision: SetDecision
    members: Mapping[str, Decision | None]


def question_of(
    action: Action, *, viewer: Viewer, purpose: Purpose = Purpose.UNSPECIFIED, operator: Operator | None = None
) -> Question:
    """The question as it is put here and now: to this deployment's operator unless another is named."""
    return Question(action, viewer, purpose, operator or deployment().operator, now=datetime.now(UTC))


def answers(
    public_id: str, question: Question, actions: Iterable[Action] = tuple(Action)
) -> Mapping[Action, Decision] | Missing:
    """One decision for each of `actions`, the rest of the question the same."""
    record = find_known(public_id, viewer=question.viewer)
    return Missing(public_id) if record is None else answers_for(record, question, actions)


def answers_for(
    record: ImageRecord, question: Question, actions: Iterable[Action] = tuple(Action)
) -> Mapping[Action, Decision]:
    """The same for an image that the gate has let through already."""
    credit = _credit(record)
    return {one: _decision(record, replace(question, action=one), credit) for one in actions}


def answer_set(public_ids: Iterable[str], question: Question) -> SetAnswer:
    """The answer for a set of images, each counted once. Raises ValueError where none is named."""
    ids = list(dict.fromkeys(public_ids))
    if not ids:
        raise ValueError("a set needs at least one image")
    known = {one: record for one in ids if (record := find_known(one, viewer=question.viewer))}
    rendering = {one: _credit(record) for one, record in known.items()}
    members = {one: _decision(record, question, rendering[one]) for one, record in known.items()}
    uncredited = [one for one in known if isinstance(rendering[one], Refusal) and not members[one].is_allowed]
    refusals = [Cause(members[one].outcome, reason, (one,)) for one in uncredited for reason in members[one].reasons]
    if unknown := tuple(one for one in ids if one not in known):
        refusals.insert(0, Cause(Outcome.DENY, UNKNOWN, unknown))
    judged = [(one, policy_in_force(record.policy)) for one, record in known.items() if one not in uncredited]
    together = decide_set(judged, question) if judged else refused_set(question)
    return SetAnswer(_exact(together, members.values(), refusals), {one: members.get(one) for one in ids})


def answer_source(source: Source, license_text: str | None, question: Question) -> Decision:
    """The answer for an item of `source` that states `license_text`, or states no license."""
    key = resolve(source.terms, _stating(source, license_text), declared_label=source.license_label)
    if isinstance(key, Refusal):
        decision = decide_unrecorded(key, source.terms, question)
    else:
        decision = decide(policy_in_force(key), question)
    return rendered(decision, source=source, credit=None, landing_url=None)


def _credit(record: ImageRecord) -> Credit | Refusal:
    return credit_of(record, all_sources()[record.source_id], policy_of(record.policy).licenses)


def _decision(record: ImageRecord, question: Question, credit: Credit | Refusal) -> Decision:
    """The decision about a record. Without a credit that can be rendered nothing is allowed, as at the gate."""
    source = all_sources()[record.source_id]
    decision = decide(policy_in_force(record.policy), question)
    if isinstance(credit, Credit):
        decision = rendered(decision, source=source, credit=credit, landing_url=record.landing_url)
    elif decision.is_allowed:
        decision = decide_uncredited(credit, source, question)
    return in_full(decision, record, viewer=question.viewer)


def _exact(together: SetDecision, members: Iterable[Decision], refusals: list[Cause]) -> SetDecision:
    """The set's decision with the duties and contacts of its very members, and what else refuses it."""
    decisions = list(members)
    named = tuple(dict.fromkeys(one.contact for one in decisions if one.contact))
    if refusals or not together.is_allowed:
        outcome = Outcome.DENY if refusals else together.outcome
        causes = (*refusals, *together.causes)
        return replace(together, outcome=outcome, causes=causes, duties=(), contacts=named, licenses=())
    duties = tuple(dict.fromkeys(duty for one in decisions for duty in one.duties))
    return replace(together, duties=duties, contacts=named)


def refused_set(question: Question) -> SetDecision:
    """The decision for a set of which nothing may be known, before its causes are named."""
    kind = question.viewer.kind
    return SetDecision(Outcome.DENY, question.action, kind, question.purpose, question.operator.kind, ())


def _stating(source: Source, license_text: str | None) -> Harvested:
    """An item of `source` of which no more is known than the license it states."""
    return Harvested(
        source_id=source.source_id,
        foreign_id="",
        landing_url=source.homepage_url,
        file=None,
        document=Document(b"", source.homepage_url),
        statements=() if license_text is None else (Statement(license_text),),
    )
