"""The words of an answer: codes, sentences, evidence and the question told back. A wrong one misleads as surely as a
wrong outcome does."""

from dataclasses import replace

import pytest

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind
from dermref.model.decision import DutyCode, EvidenceKind, Outcome
from dermref.model.evidence import Refusal
from dermref.model.policy import Hold, Restriction
from dermref.rights import Policy, Question, check_grant, check_ingest, decide, decide_set, decide_unrecorded
from dermref.rights.decide import PAGE_RULE
from dermref.rights.facts import load_facts
from dermref.rights.strictness import is_as_strict
from rights.situations import DAY, LETTER, NOW, asked, grant, policy

ASKED = asked(
    Action.VIEW,
    viewer=Viewer(ViewerKind.MEMBER),
    purpose=Purpose.RESEARCH,
    operator=Operator(OperatorKind.EDUCATIONAL_INSTITUTION),
)


def test_answers_when_given_then_tell_the_question_back() -> None:
    told = (Action.VIEW, ViewerKind.MEMBER, Purpose.RESEARCH, OperatorKind.EDUCATIONAL_INSTITUTION)
    one = decide(policy("isic-archive", "CC-BY-4.0"), ASKED)
    assert (one.action, one.viewer, one.purpose, one.operator) == told
    many = decide_set([("a", policy("isic-archive", "CC-BY-4.0"))], ASKED)
    assert (many.action, many.viewer, many.purpose, many.operator) == told


def test_license_reason_when_given_then_quotes_its_clause_and_links_its_text() -> None:
    [reason] = decide(policy("isic-archive", "CC-BY-4.0"), ASKED).reasons
    known = load_facts().by_id["CC-BY-4.0"]
    assert (reason.code, reason.text) == ("license-permits", f"{known.short} permits this.")
    assert (reason.evidence.kind, reason.evidence.quote, reason.evidence.url) == (
        EvidenceKind.LICENSE,
        known.clause,
        known.url,
    )


@pytest.mark.parametrize(
    ("license_id", "question", "code", "words"),
    [
        ("CC-BY-ND-4.0", asked(Action.CROP), "license-no-derivatives", "does not permit adaptations."),
        ("CC-BY-NC-4.0", asked(Action.TRAIN), "license-purpose-needed", "non-commercial purposes only, and no purpose"),
        (
            "CC-BY-NC-4.0",
            asked(Action.VIEW, purpose=Purpose.COMMERCIAL),
            "license-noncommercial",
            "does not permit com",
        ),
        ("LicenseRef-InC-1.0", asked(Action.VIEW), "license-no-permission", "tells of rights and permits nothing."),
        ("LicenseRef-CC-Sampling-1.0", asked(Action.VIEW), "license-does-not-permit", "does not permit this."),
        ("LicenseRef-CC-DevNations-2.0", asked(Action.VIEW), "license-developing-nations", "developing nations only."),
    ],
)
def test_license_refusal_when_given_then_code_and_sentence_say_the_same(
    license_id: str, question: Question, code: str, words: str
) -> None:
    reason = decide(policy("wikimedia-commons", license_id), question).reasons[0]
    assert reason.code == code
    assert words in reason.text


def test_dispute_when_told_then_names_what_gave_way_with_the_item_as_evidence() -> None:
    disputed = policy("isic-archive", "CC-BY-NC-4.0", disputed=("CC-BY-4.0", "CC0-1.0"))
    reason = decide(disputed, asked(Action.VIEW)).reasons[-1]
    assert reason.text == "The item also names CC-BY-4.0, CC0-1.0; where statements disagree, the stricter holds."
    assert (reason.evidence.kind, reason.evidence.quote) == (EvidenceKind.ITEM, "CC-BY-4.0, CC0-1.0")


def test_link_when_allowed_then_says_where_to() -> None:
    [reason] = decide(policy("pathopic"), asked(Action.LINK)).reasons
    assert (reason.code, reason.text) == ("link-public", "A link to a public page is always allowed.")
    home = policy("pathopic").terms.contact.url
    assert (reason.evidence.kind, reason.evidence.quote, reason.evidence.url) == (EvidenceKind.SOURCE_TERMS, home, home)


@pytest.mark.parametrize("hold", list(Hold))
def test_hold_when_told_then_the_hold_is_the_evidence(hold: Hold) -> None:
    [reason] = decide(policy("isic-archive", "CC0-1.0", holds=(hold,)), asked(Action.VIEW)).reasons
    assert (reason.code, reason.evidence.kind, reason.evidence.quote) == (f"hold-{hold}", EvidenceKind.HOLD, hold)


def test_unrecorded_when_told_then_the_refusal_stands_in_the_sentence() -> None:
    refusal = Refusal("no-license", "the item states no license")
    [reason] = decide_unrecorded(refusal, policy("cdc-phil").terms, asked(Action.VIEW)).reasons
    assert reason.text == "Nothing is shown without a recorded license: the item states no license."
    assert (reason.evidence.kind, reason.evidence.quote) == (EvidenceKind.ITEM, PAGE_RULE)


def test_denial_when_nobody_is_named_for_it_then_nobody_is_to_be_asked() -> None:
    assert decide(policy("wikimedia-commons", "CC-BY-ND-4.0"), asked(Action.CROP)).contact is None


def test_grant_when_told_then_says_who_and_until_when() -> None:
    ending = Policy(policy("pathopic").key, policy("pathopic").terms, (grant("pathopic", Action.VIEW, ends=NOW + DAY),))
    text = decide(ending, asked(Action.VIEW)).reasons[0].text
    assert text == "The Society has permitted this in writing until 2026-11-26 12:00."
    endless = Policy(ending.key, ending.terms, (grant("pathopic", Action.VIEW),))
    assert decide(endless, asked(Action.VIEW)).reasons[0].text == "The Society has permitted this in writing."


def test_grant_when_it_ends_with_its_document_then_it_does_not_outrun_it() -> None:
    together = grant("pathopic", Action.VIEW, ends=NOW, document=replace(LETTER, ends=NOW))
    assert check_grant(together) == ()


@pytest.mark.parametrize(
    ("source_id", "code", "words"),
    [
        ("pathologyoutlines", "tier-link-only", "bytes are never stored"),
        ("skin-deep-dftb", "status-needs-grant", "“Personal license”: it needs a recorded grant"),
        ("visualdx", "status-needs-grant", "it needs the current institutional subscription"),
        ("dermweb-ubc", "status-not-ready", "it is an index"),
        ("atlas-dermatologico", "status-contact-first", "record the courtesy note first"),
    ],
)
def test_door_when_shut_then_code_and_sentence_say_why(source_id: str, code: str, words: str) -> None:
    refusal = check_ingest(policy(source_id).terms)
    assert refusal is not None
    assert refusal.code == code
    assert words in refusal.text


def test_set_when_it_cannot_be_combined_then_outcome_code_and_quote_agree() -> None:
    members = [
        ("a", policy("wikimedia-commons", "CC-BY-SA-4.0")),
        ("b", policy("wikimedia-commons", "CC-BY-NC-SA-4.0")),
    ]
    decision = decide_set(members, asked(Action.ADAPT, purpose=Purpose.TEACHING))
    [cause] = decision.causes
    assert (decision.outcome, cause.outcome) == (Outcome.DENY, Outcome.DENY)
    assert (cause.reason.evidence.kind, cause.reason.evidence.quote) == (
        EvidenceKind.LICENSE,
        "CC-BY-SA-4.0 / CC-BY-NC-SA-4.0",
    )


@pytest.mark.parametrize(
    ("one", "other", "stricter"),
    [
        ("CC-BY-4.0", "CC0-1.0", True),
        ("CC0-1.0", "CC-BY-4.0", False),
        ("CC-BY-NC-4.0", "CC-BY-SA-4.0", False),
        ("CC-BY-SA-4.0", "CC-BY-NC-4.0", False),
        ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", True),
        ("CC-BY-ND-4.0", "CC-BY-NC-4.0", False),
        ("CC-BY-3.0", "CC-BY-4.0", True),
    ],
)
def test_strictness_when_two_are_compared_then_every_word_counts(one: str, other: str, stricter: bool) -> None:
    facts = load_facts().by_id
    assert is_as_strict(facts[one], facts[other]) is stricter


def test_conflict_when_it_decides_then_its_words_and_place_are_told() -> None:
    university = asked(Action.VIEW, operator=Operator(OperatorKind.EDUCATIONAL_INSTITUTION))
    [reason] = decide(policy("dermis"), university).reasons
    [conflict] = policy("dermis").terms.conflicts
    assert reason.text == "What the source's own words allow is in dispute until a curator has cleared it."
    assert (reason.evidence.kind, reason.evidence.quote, reason.evidence.url) == (
        EvidenceKind.SOURCE_TERMS,
        conflict.quote,
        conflict.url,
    )


def test_superseded_policy_when_told_then_says_what_happened() -> None:
    [reason, *_] = decide(policy("uiowa-skin-of-color", "CC-BY-4.0"), asked(Action.VIEW)).reasons
    assert reason.text == "The license recorded for this source has changed since this image was taken in."


def test_restriction_when_told_then_code_sentence_and_the_items_word() -> None:
    flagged = policy("wikimedia-commons", "CC0-1.0", restrictions=(Restriction.PERSONALITY,))
    [reason] = decide(flagged, asked(Action.TRAIN)).reasons
    assert (reason.code, reason.evidence.quote) == ("item-personality", "personality rights")
    assert reason.text.startswith("An identifiable person is shown")


def test_share_alike_when_due_then_names_the_licenses_to_choose_from() -> None:
    duties = {one.code: one for one in decide(policy("wikimedia-commons", "CC-BY-SA-3.0"), asked(Action.ADAPT)).duties}
    assert duties[DutyCode.SHARE_ALIKE].detail == "CC-BY-SA-3.0 OR CC-BY-SA-4.0"
