"""Who is let in by tier: members of subscribing institutions while the subscription runs, and developers."""

from dataclasses import replace

import pytest

from dermref.model.asking import Action, Purpose, Subscription, SubscriptionKind, Viewer, ViewerKind, subscriber_of
from dermref.model.decision import DutyCode, Outcome
from dermref.model.source import Group, Tier
from dermref.rights import Policy, decide
from rights.situations import DAY, NOW, asked, policy

MEMBER = ViewerKind.INSTITUTION_MEMBER


def member(**parts: object) -> Viewer:
    return Viewer(MEMBER, (Subscription("visualdx", "Riverside", **parts),))  # type: ignore[arg-type]


def test_visualdx_when_the_institution_subscribes_then_shown_with_watermark_source_line_and_an_end() -> None:
    decision = decide(policy("visualdx"), asked(Action.VIEW, viewer=subscriber_of("visualdx")))
    assert decision.is_allowed
    assert {duty.code for duty in decision.duties} >= {DutyCode.KEEP_WATERMARK, DutyCode.ATTRIBUTE, DutyCode.DELETE_ON}


@pytest.mark.parametrize("kind", [SubscriptionKind.INDIVIDUAL, SubscriptionKind.TRIAL])
def test_visualdx_when_the_subscription_is_not_institutional_then_denied(kind: SubscriptionKind) -> None:
    decision = decide(policy("visualdx"), asked(Action.VIEW, viewer=member(kind=kind)))
    assert decision.outcome is Outcome.DENY
    assert kind in decision.reasons[0].text


def test_visualdx_when_the_subscription_ends_then_denied_from_that_minute_and_told_when() -> None:
    viewer = member(ends=NOW)
    assert decide(policy("visualdx"), asked(Action.VIEW, viewer=viewer, now=NOW - DAY)).is_allowed
    decision = decide(policy("visualdx"), asked(Action.VIEW, viewer=viewer))
    assert decision.outcome is Outcome.DENY
    assert "Riverside ended on 2026-11-25 12:00" in decision.reasons[0].text


def test_visualdx_when_the_subscription_ended_early_or_is_to_begin_then_the_reason_says_why_or_when() -> None:
    early = decide(policy("visualdx"), asked(Action.VIEW, viewer=member(ends=NOW, ended_why="not renewed.")))
    assert "Riverside ended on 2026-11-25 12:00 UTC: not renewed." in early.reasons[0].text
    later = decide(policy("visualdx"), asked(Action.VIEW, viewer=member(starts=NOW + DAY)))
    assert "Riverside begins on 2026-11-26 12:00 UTC." in later.reasons[0].text


def test_visualdx_when_a_trial_runs_longer_than_the_subscription_then_its_end_does_not_count() -> None:
    trial = Subscription("visualdx", "Riverside", SubscriptionKind.TRIAL, ends=NOW + 9 * DAY)
    viewer = Viewer(MEMBER, (*member(ends=NOW + DAY).subscriptions, trial))
    decision = decide(policy("visualdx"), asked(Action.VIEW, viewer=viewer))
    ends = {duty.detail for duty in decision.duties if duty.code is DutyCode.DELETE_ON}
    assert ends == {"institutional-license-terminated", (NOW + DAY).isoformat()}


def test_visualdx_when_the_subscription_has_an_end_then_copies_are_to_be_deleted_then() -> None:
    decision = decide(policy("visualdx"), asked(Action.VIEW, viewer=member(ends=NOW + DAY)))
    assert (NOW + DAY).isoformat() in {duty.detail for duty in decision.duties}


@pytest.mark.parametrize("purpose", [Purpose.RESEARCH, Purpose.COMMERCIAL])
def test_visualdx_when_the_purpose_is_outside_the_closed_list_then_denied_even_to_members(purpose: Purpose) -> None:
    viewer = subscriber_of("visualdx")
    for action in (Action.VIEW, Action.PRINT, Action.PRESENT, Action.FETCH_BULK):
        assert decide(policy("visualdx"), asked(action, viewer=viewer, purpose=purpose)).outcome is Outcome.DENY


@pytest.mark.parametrize("viewer", [member(starts=NOW + DAY), Viewer(MEMBER), Viewer(ViewerKind.CURATOR)])
def test_visualdx_when_not_yet_or_not_at_all_subscribed_then_denied(viewer: Viewer) -> None:
    assert decide(policy("visualdx"), asked(Action.VIEW, viewer=viewer)).outcome is Outcome.DENY


def test_visualdx_when_nobody_says_what_time_it_is_then_a_limited_subscription_is_none() -> None:
    assert decide(policy("visualdx"), asked(Action.VIEW, viewer=member(ends=NOW), now=None)).outcome is Outcome.DENY
    assert decide(policy("visualdx"), asked(Action.VIEW, viewer=member(starts=NOW), now=None)).outcome is Outcome.DENY
    assert decide(policy("visualdx"), asked(Action.VIEW, viewer=member(), now=None)).is_allowed


def test_visualdx_when_subscribed_to_another_source_then_denied() -> None:
    assert decide(policy("visualdx"), asked(Action.VIEW, viewer=subscriber_of("uptodate"))).outcome is Outcome.DENY


@pytest.mark.parametrize("source_id", ["pathpresenter", "clinicalkey", "skin-deep-dftb"])
def test_personal_source_when_its_tier_were_printed_hosted_then_still_not_public(source_id: str) -> None:
    """The page's rule bites on tier and group, not on the wording of the label."""
    closed = policy(source_id)
    assert closed.terms.group is Group.PERSONAL
    hosted = Policy(closed.key, replace(closed.terms, tier=Tier.HOSTED))
    for action in set(Action) - {Action.LINK}:
        assert decide(hosted, asked(action)).outcome is Outcome.DENY
