"""Many images at once: the strictest outcome, who causes it, and what a combined work may carry."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from dermref.model.asking import Action, Purpose
from dermref.model.decision import DutyCode, Outcome
from dermref.model.source import Effect, Term
from dermref.rights import Policy, adapter_licenses, combined_licenses, decide, decide_set
from dermref.rights.facts import load_facts
from rights.situations import asked, policy

CC0, BY, NC, SA, NC_SA, ND = (
    "CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0",
)  # fmt: skip


def members(*licenses: str) -> list[tuple[str, Policy]]:
    return [(f"image-{at}", policy("wikimedia-commons", one)) for at, one in enumerate(licenses)]


def chart(*licenses: str) -> set[str]:
    known = load_facts().by_id
    return set(combined_licenses([[known[one]]] for one in licenses))


def test_set_when_all_are_free_then_allowed_with_the_union_of_duties() -> None:
    decision = decide_set(members(CC0, BY, SA), asked(Action.REDISTRIBUTE))
    assert decision.outcome is Outcome.ALLOW_WITH_DUTIES
    assert decision.is_allowed
    assert {duty.detail for duty in decision.duties if duty.code is DutyCode.LINK_LICENSE} == {
        load_facts().by_id[BY].url,
        load_facts().by_id[SA].url,
    }
    assert decision.causes == ()


def test_set_when_some_members_refuse_then_strictest_outcome_and_each_cause_names_its_members() -> None:
    mixed = [*members(BY, NC, NC), ("x", policy("dermnet-nz")), ("held", policy("isic-archive", BY, holds=("review",)))]
    decision = decide_set(mixed, asked(Action.REDISTRIBUTE, purpose=Purpose.COMMERCIAL))
    assert decision.outcome is Outcome.DENY
    assert decision.duties == ()
    causes = {(cause.outcome, cause.reason.code): cause.members for cause in decision.causes}
    assert causes[Outcome.DENY, "license-noncommercial"] == ("image-1", "image-2")
    assert causes[Outcome.DENY, "hold-review"] == ("held",)
    assert causes[Outcome.ASK, "terms-commercial-purpose"] == ("x",)
    assert [cause.outcome for cause in decision.causes][-1] is Outcome.ASK
    assert decision.contacts


def test_set_when_empty_then_asked_wrongly() -> None:
    with pytest.raises(ValueError, match="at least one"):
        decide_set([], asked(Action.VIEW))


def test_set_when_licenses_can_be_combined_then_the_chart_says_which_the_work_may_carry() -> None:
    decision = decide_set(members(CC0, BY, SA), asked(Action.ADAPT))
    assert decision.outcome is Outcome.ALLOW_WITH_DUTIES
    assert decision.licenses == (SA,)


def test_set_when_two_share_alike_licenses_clash_then_denied_and_the_two_are_named() -> None:
    decision = decide_set(members(CC0, SA, NC_SA), asked(Action.ADAPT, purpose=Purpose.TEACHING))
    assert decision.outcome is Outcome.DENY
    [cause] = decision.causes
    assert cause.reason.code == "licenses-incompatible"
    assert cause.members == ("image-1", "image-2")
    assert "image-1" in cause.reason.text
    assert "image-2" in cause.reason.text
    assert decision.licenses == ()


def test_set_when_one_has_site_terms_alone_then_the_combination_is_to_be_asked_about() -> None:
    bare = policy("peir")
    open_terms = replace(bare.terms, terms=(Term("any", Effect.PERMIT, tuple(Action), bare.terms.proof),))
    decision = decide_set([*members(CC0), ("p", Policy(bare.key, open_terms))], asked(Action.ADAPT))
    assert decision.outcome is Outcome.ASK
    assert decision.causes[0].members == ("p",)


def test_set_when_a_third_would_fit_either_then_the_two_that_clash_are_named() -> None:
    either = policy("wikimedia-commons", f"{SA} OR {NC_SA}")
    clashing = [("a", either), *members(SA, NC_SA)]
    decision = decide_set(clashing, asked(Action.ADAPT, purpose=Purpose.RESEARCH))
    assert decision.outcome is Outcome.DENY
    assert set(decision.causes[0].members) == {"image-0", "image-1"}


def test_image_when_its_own_licenses_clash_then_alone_and_in_a_set_the_answer_is_the_same() -> None:
    both = policy("wikimedia-commons", f"{SA} AND {NC_SA}")
    question = asked(Action.ADAPT, purpose=Purpose.RESEARCH)
    alone, together = decide(both, question), decide_set([("both", both)], question)
    assert alone.outcome is together.outcome is Outcome.DENY
    assert alone.reasons[0].code == together.causes[0].reason.code == "licenses-incompatible"


def test_choice_when_the_use_is_commercial_then_the_non_commercial_alternative_carries_nothing() -> None:
    either = policy("wikimedia-commons", f"{SA} OR {NC}")
    decision = decide_set([("a", either)], asked(Action.ADAPT, purpose=Purpose.COMMERCIAL))
    assert decision.licenses == (SA,)


def test_combination_when_one_shares_alike_then_the_duty_names_what_is_left() -> None:
    either = policy("wikimedia-commons", f"{SA} OR {NC_SA}")
    decision = decide_set([("a", either), *members(NC_SA)], asked(Action.ADAPT, purpose=Purpose.TEACHING))
    assert decision.licenses == (NC_SA,)
    assert {one.detail for one in decision.duties if one.code is DutyCode.SHARE_ALIKE} == {NC_SA}


def test_set_when_three_clash_only_together_then_all_are_named() -> None:
    pairs = [f"{SA} OR {NC_SA}", f"{SA} OR CC-BY-SA-1.0", f"{NC_SA} OR CC-BY-SA-1.0"]
    decision = decide_set(members(*pairs), asked(Action.ADAPT, purpose=Purpose.RESEARCH))
    assert decision.outcome is Outcome.DENY
    assert len(decision.causes[0].members) == 3


@pytest.mark.parametrize(
    ("originals", "allowed"),
    [
        ([CC0], {CC0, BY, NC, SA, NC_SA, ND, "CC-BY-NC-ND-4.0"}),
        ([BY], {BY, NC, SA, NC_SA, ND, "CC-BY-NC-ND-4.0"}),
        ([NC], {NC, NC_SA, "CC-BY-NC-ND-4.0"}),
        ([SA], {SA}),
        ([NC_SA], {NC_SA}),
        ([ND], set()),
        ([BY, NC], {NC, NC_SA, "CC-BY-NC-ND-4.0"}),
        ([BY, SA], {SA}),
        ([NC, SA], set()),
        ([NC, NC_SA], {NC_SA}),
    ],
)
def test_chart_when_read_then_as_creative_commons_prints_it(originals: Iterable[str], allowed: set[str]) -> None:
    """Of licenses in their latest version; Creative Commons FAQ, "adapter's license chart"."""
    latest = {one for one in chart(*originals) if one.endswith("-4.0") or one == CC0}
    assert latest == allowed


def test_share_alike_when_an_older_version_then_later_ones_will_do_but_not_for_the_first() -> None:
    assert chart("CC-BY-SA-3.0") == {"CC-BY-SA-3.0", SA}
    assert chart("CC-BY-SA-2.0", "CC-BY-SA-3.0") == {"CC-BY-SA-3.0", SA}
    assert chart("CC-BY-SA-1.0") == {"CC-BY-SA-1.0"}
    assert chart("CC-BY-SA-1.0", SA) == set()


def test_chart_when_nothing_is_combined_then_nothing_follows() -> None:
    assert combined_licenses([]) == frozenset()
    assert adapter_licenses(load_facts().by_id[ND]) == frozenset()


def test_set_when_nothing_is_combined_then_site_terms_alone_are_no_obstacle() -> None:
    decision = decide_set([("p", policy("peir")), *members(CC0)], asked(Action.VIEW))
    assert decision.outcome is Outcome.ALLOW_WITH_DUTIES
    assert decision.licenses == ()


@pytest.mark.parametrize("action", list(Action))
def test_set_when_of_one_image_then_answers_as_for_that_image(action: Action) -> None:
    for one in (policy("wikimedia-commons", BY), policy("peir"), policy("dermnet-nz"), policy("pathopic")):
        alone, together = decide(one, asked(action)), decide_set([("a", one)], asked(action))
        assert (together.outcome, together.duties) == (alone.outcome, alone.duties)
