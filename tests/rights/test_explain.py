"""A decision in words that a resident reads."""

from dataclasses import replace

from dermref.model.asking import Action, Purpose, Subscription, Viewer, ViewerKind
from dermref.model.decision import Contact, Decision, DutyCode
from dermref.rights import decide, explain
from rights.situations import DAY, NOW, asked, policy


def credited(decision: Decision, text: str) -> Decision:
    duties = (replace(one, detail=text) if one.code is DutyCode.ATTRIBUTE else one for one in decision.duties)
    return replace(decision, duties=tuple(duties))


def test_lecture_when_the_credit_is_known_then_it_stands_in_the_sentence_with_its_place() -> None:
    decision = credited(decide(policy("dermnet-nz"), asked(Action.PRESENT)), "DermNet")
    assert explain(decision).startswith("You may show this in a lecture. Keep the watermark")
    assert "Put this credit on the same slide or page: “DermNet”." in explain(decision)


def test_page_when_the_source_wants_the_credit_there_then_the_sentence_says_so() -> None:
    decision = credited(decide(policy("jdd-project-atlas"), asked(Action.VIEW)), "JDD")
    assert "Put this credit on the same page: “JDD”." in explain(decision)


def test_page_when_nothing_more_is_said_then_the_credit_stands_beside_the_image() -> None:
    decision = credited(decide(policy("peir"), asked(Action.VIEW)), "PEIR")
    assert explain(decision) == "You may show this on a page. Put this credit beside the image: “PEIR”."


def test_member_when_the_subscription_ends_then_the_day_is_named_and_an_event_is_not_spelled_out() -> None:
    viewer = Viewer(ViewerKind.INSTITUTION_MEMBER, (Subscription("visualdx", "Riverside", ends=NOW + DAY),))
    said = explain(decide(policy("visualdx"), asked(Action.VIEW, viewer=viewer)))
    assert f"Delete it when the permission ends ({(NOW + DAY).isoformat()})." in said
    assert "terminated" not in said


def test_free_image_when_asked_then_yes_and_why() -> None:
    assert (
        explain(decide(policy("isic-archive", "CC0-1.0"), asked(Action.CROP)))
        == "You may crop this. CC0 1.0 permits this."
    )


def test_refusal_when_somebody_could_be_asked_then_says_whom() -> None:
    assert explain(decide(policy("dermnet-nz"), asked(Action.CROP))).endswith("Ask DermNet (info@dermnetnz.org).")
    alone = replace(decide(policy("dermnet-nz"), asked(Action.CROP)), contact=None)
    assert explain(alone) == "You may not crop this. CC BY-NC-ND 4.0 does not permit adaptations."


def test_ask_when_the_contact_is_a_bare_name_or_an_address_then_it_stands_once() -> None:
    decision = decide(policy("peir"), asked(Action.VIEW, purpose=Purpose.COMMERCIAL))
    assert explain(decision).endswith("Genomic Diagnostics & Bioinformatics.")
    named = replace(decision, contact=Contact("a@b.org", "a@b.org"))
    assert explain(named).endswith(" Ask a@b.org.")
    assert "Ask" not in explain(replace(decision, contact=None)).removeprefix("Ask before")
