"""A written permission widens only what its document names, only while it runs, and never beyond a hold."""

from dataclasses import replace
from datetime import datetime

import pytest

from dermref.model.asking import (
    DEVELOPER,
    Action,
    Operator,
    OperatorKind,
    Purpose,
    Subscription,
    SubscriptionKind,
    Viewer,
    ViewerKind,
)
from dermref.model.decision import DutyCode, EvidenceKind, Outcome
from dermref.model.evidence import Refusal
from dermref.model.grant import Grant
from dermref.model.media import StorePermit
from dermref.model.policy import Hold
from dermref.rights import check_grant, check_ingest, decide, grants_naming
from dermref.rights.gate import Writings, store_permit
from dermref.rights.grants import check_grant_for
from rights.situations import DAY, LETTER, NOW, asked, grant, policy

HELLENIC, VISUALDX = "hellenic-derm-atlas", "visualdx"


def outcome(given: Grant, action: Action = Action.VIEW, **question: object) -> Outcome:
    return decide(policy(HELLENIC, grants=(given,)), asked(action, **question)).outcome


def test_hellenic_when_granted_then_allowed_in_the_documents_words() -> None:
    decision = decide(policy(HELLENIC, grants=(grant(HELLENIC, Action.VIEW),)), asked(Action.VIEW))
    assert decision.is_allowed
    [reason] = decision.reasons
    assert (reason.code, reason.evidence.kind) == ("grant-g1", EvidenceKind.GRANT)
    assert (reason.evidence.quote, reason.evidence.url) == (LETTER.quote, LETTER.url)


def test_hellenic_when_another_action_is_asked_then_the_grant_is_silent() -> None:
    assert outcome(grant(HELLENIC, Action.VIEW), Action.DOWNLOAD) is Outcome.DENY


@pytest.mark.parametrize(
    ("scope", "question"),
    [
        ({"purposes": (Purpose.TEACHING,)}, {"purpose": Purpose.RESEARCH}),
        ({"viewers": (ViewerKind.MEMBER,)}, {"viewer": Viewer(ViewerKind.ANONYMOUS)}),
        ({"operators": (OperatorKind.EDUCATIONAL_INSTITUTION,)}, {"operator": Operator(OperatorKind.COMMERCIAL)}),
        ({"operators": (OperatorKind.INDIVIDUAL,)}, {"operator": Operator(OperatorKind.INDIVIDUAL, advertising=True)}),
    ],
)
def test_hellenic_when_the_question_is_outside_the_grants_scope_then_denied(scope: dict, question: dict) -> None:
    assert outcome(grant(HELLENIC, Action.VIEW), **question) is Outcome.ALLOW
    assert outcome(grant(HELLENIC, Action.VIEW, **scope), **question) is Outcome.DENY


@pytest.mark.parametrize(
    ("times", "holds"),
    [
        ({"starts": NOW, "ends": NOW + DAY}, True),
        ({"starts": NOW + DAY}, False),
        ({"ends": NOW}, False),
        ({"revoked": NOW}, False),
        ({"revoked": NOW + DAY}, True),
        ({"document": replace(LETTER, ends=NOW)}, False),
        ({"ends": NOW + DAY, "document": replace(LETTER, ends=NOW - DAY)}, False),
    ],
)
def test_grant_when_time_passes_then_holds_between_its_dates_and_its_documents(times: dict, holds: bool) -> None:
    assert (outcome(grant(HELLENIC, Action.VIEW, **times)) is not Outcome.DENY) is holds


def test_grant_when_nobody_says_what_time_it_is_then_only_one_without_limits_holds() -> None:
    assert outcome(grant(HELLENIC, Action.VIEW), now=None) is Outcome.ALLOW
    assert outcome(grant(HELLENIC, Action.VIEW, starts=NOW - DAY), now=None) is Outcome.DENY
    assert outcome(grant(HELLENIC, Action.VIEW, ends=NOW + DAY), now=None) is Outcome.DENY


@pytest.mark.parametrize("hold", list(Hold))
def test_grant_when_the_image_is_held_then_the_hold_wins(hold: Hold) -> None:
    given = policy(HELLENIC, holds=(hold,), grants=(grant(HELLENIC, Action.VIEW),))
    assert decide(given, asked(Action.VIEW)).outcome is Outcome.DENY


def test_isic_when_an_image_became_private_then_no_grant_reaches_it() -> None:
    private = policy("isic-archive", holds=(Hold.WITHDRAWN,), grants=(grant("isic-archive", *Action),))
    for action in set(Action) - {Action.LINK}:
        assert decide(private, asked(action)).outcome is Outcome.DENY


def test_grant_when_of_another_source_then_nothing_is_widened() -> None:
    assert outcome(grant("pathopic", Action.VIEW)) is Outcome.DENY


def test_grant_when_it_names_images_then_only_their_policies_have_it() -> None:
    given = grant(HELLENIC, Action.VIEW, images=frozenset({"292"}))
    named_in = grants_naming([given], source_id=HELLENIC, foreign_id="292")
    assert named_in == (given.image_key,)
    assert grants_naming([given], source_id=HELLENIC, foreign_id="293") == ()
    assert grants_naming([given], source_id="pathopic", foreign_id="292") == ()
    assert grants_naming([grant(HELLENIC, Action.VIEW)], source_id=HELLENIC, foreign_id="292") == ()
    named = policy(HELLENIC, grants=(given,))
    assert decide(named, asked(Action.VIEW)).outcome is Outcome.DENY
    remembered = replace(named, key=replace(named.key, grants=named_in))
    assert decide(remembered, asked(Action.VIEW)).is_allowed
    narrowed = replace(remembered, grants=(replace(given, images=frozenset({"291"})),))
    assert decide(narrowed, asked(Action.VIEW)).outcome is Outcome.DENY


def test_skin_deep_when_cropping_is_granted_then_the_ban_on_changes_is_no_duty_but_the_logo_is() -> None:
    given = grant("skin-deep-dftb", Action.CROP, Action.VIEW, ends=NOW + DAY)
    duties = {
        duty.code: duty.detail
        for duty in decide(policy("skin-deep-dftb", grants=(given,)), asked(Action.CROP, viewer=DEVELOPER)).duties
    }
    assert DutyCode.NO_MODIFICATION not in duties
    assert DutyCode.KEEP_WATERMARK in duties
    assert duties[DutyCode.DELETE_ON] == (NOW + DAY).isoformat()
    seen = decide(policy("skin-deep-dftb", grants=(given,)), asked(Action.VIEW, viewer=DEVELOPER))
    assert DutyCode.NO_MODIFICATION in {duty.code for duty in seen.duties}


def test_grants_when_one_of_two_has_no_end_then_nothing_is_to_be_deleted() -> None:
    two = (grant(HELLENIC, Action.VIEW, ends=NOW + DAY), replace(grant(HELLENIC, Action.VIEW), grant_id="g2"))
    assert DutyCode.DELETE_ON not in {
        duty.code for duty in decide(policy(HELLENIC, grants=two), asked(Action.VIEW)).duties
    }


NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 (the fault under test)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (grant(HELLENIC), "actions"),
        (grant(HELLENIC, Action.VIEW, images=frozenset()), "images"),
        (replace(grant(HELLENIC, Action.VIEW), granted_by=" "), "granted_by"),
        (grant(HELLENIC, Action.VIEW, document=replace(LETTER, quote="")), "document"),
        (grant(HELLENIC, Action.VIEW, document=replace(LETTER, sha256="A" * 64)), "document"),
        (grant(HELLENIC, Action.VIEW, document=replace(LETTER, sha256="a" * 63)), "document"),
        (grant(HELLENIC, Action.VIEW, ends=NAIVE), "ends: has no time zone"),
        (grant(HELLENIC, Action.VIEW, starts=NOW, ends=NOW), "ends: is not after its start"),
        (grant(HELLENIC, Action.VIEW, ends=NOW + DAY, document=replace(LETTER, ends=NOW)), "later than the document"),
    ],
)
def test_grant_when_malformed_then_its_fault_is_named(given: Grant, fault: str) -> None:
    [said] = check_grant(given)
    assert fault in said


def test_grant_when_sound_then_no_fault() -> None:
    assert check_grant(grant(HELLENIC, Action.VIEW, starts=NOW, ends=NOW + DAY, images=frozenset({"1"}))) == ()


def test_grant_when_everything_is_wrong_then_every_fault_is_told() -> None:
    worst = replace(grant(HELLENIC, images=frozenset()), granted_by="", document=replace(LETTER, quote="", sha256=""))
    assert len(check_grant(worst)) == 5
    unnamed = replace(grant(HELLENIC, Action.VIEW), viewers=(), purposes=(), operators=())
    assert [fault.partition(":")[0] for fault in check_grant(unnamed)] == ["viewers", "purposes", "operators"]
    assert outcome(unnamed) is Outcome.DENY


@pytest.mark.parametrize(
    "source_id", [HELLENIC, "socs", "webpath-utah", "pathpresenter", "visualdx", "dermpath-interactive-atlas-bu"]
)
def test_ingest_when_storing_is_granted_then_the_door_opens_while_it_runs(source_id: str) -> None:
    terms = policy(source_id).terms
    assert check_ingest(terms) is not None
    assert check_ingest(terms, Writings(grants=(grant(source_id, Action.STORE, ends=NOW + DAY),)), now=NOW) is None
    assert (
        check_ingest(terms, Writings(grants=(grant(source_id, Action.STORE, ends=NOW + DAY),)), now=NOW + DAY)
        is not None
    )
    assert check_ingest(terms, Writings(grants=(grant(source_id, Action.VIEW),)), now=NOW) is not None
    assert check_ingest(terms, Writings(grants=(grant("isic-archive", Action.STORE),)), now=NOW) is not None


def test_dermweb_when_storing_is_granted_then_a_meta_source_still_has_nothing_to_take_in() -> None:
    refusal = check_ingest(policy("dermweb-ubc").terms, Writings(grants=(grant("dermweb-ubc", Action.STORE),)))
    assert refusal is not None
    assert refusal.code == "status-not-ready"


def test_atlas_dermatologico_when_the_courtesy_note_is_sent_then_the_door_opens() -> None:
    assert check_ingest(policy("atlas-dermatologico").terms, Writings(is_note_sent=True)) is None
    assert check_ingest(policy(HELLENIC).terms, Writings(is_note_sent=True)) is not None


@pytest.mark.parametrize(
    ("domains", "is_given"),
    [
        (("atlas.example.org",), True),
        (("example.org", ".example.org"), True),
        (("atlas.example.org", "other.example.com"), False),
        (("example.org.evil.net",), False),
        (("notexample.org",), False),
        (("*",), False),
        ((), False),
    ],
)
def test_hellenic_when_granted_to_a_site_then_to_no_other(domains: tuple[str, ...], is_given: bool) -> None:
    given = grant(HELLENIC, Action.VIEW, domain="example.org")
    decision = decide(policy(HELLENIC, grants=(given,)), asked(Action.VIEW, operator=Operator(domains=domains)))
    assert decision.is_allowed == is_given


def test_hellenic_when_the_letter_sets_conditions_then_the_reason_says_them() -> None:
    given = grant(HELLENIC, Action.VIEW, conditions=("name the photographer", "no changes"))
    [reason] = decide(policy(HELLENIC, grants=(given,)), asked(Action.VIEW)).reasons
    assert reason.text.endswith("It asks: name the photographer; no changes.")


@pytest.mark.parametrize("domain", ["", "localhost", "https://example.org", "example", "a b.org", "-a.org"])
def test_grant_when_its_domain_is_none_then_it_is_a_fault(domain: str) -> None:
    assert any(one.startswith("domain:") for one in check_grant(grant(HELLENIC, Action.VIEW, domain=domain)))


ATLAS_BU, SKIN_DEEP, INDEX = "dermpath-interactive-atlas-bu", "skin-deep-dftb", "dermweb-ubc"
READERS = (ViewerKind.CURATOR, ViewerKind.INSTITUTION_MEMBER)


@pytest.mark.parametrize(
    ("source_id", "viewers", "is_fit"),
    [
        (HELLENIC, tuple(ViewerKind), True),
        (ATLAS_BU, tuple(ViewerKind), False),
        (ATLAS_BU, (ViewerKind.MEMBER,), False),
        (ATLAS_BU, READERS, True),
        (SKIN_DEEP, (ViewerKind.DEVELOPER,), True),
        (SKIN_DEEP, (ViewerKind.DEVELOPER, ViewerKind.ANONYMOUS), False),
        (INDEX, READERS, False),
    ],
)
def test_grant_when_the_source_cannot_have_it_then_it_is_a_fault(
    source_id: str, viewers: tuple[ViewerKind, ...], is_fit: bool
) -> None:
    faults = check_grant_for(grant(source_id, Action.VIEW, viewers=viewers), policy(source_id).terms)
    assert (faults == ()) == is_fit


@pytest.mark.parametrize(
    ("subscription", "is_open"),
    [
        (Subscription(VISUALDX, "a", starts=NOW - DAY, ends=NOW + DAY), True),
        (Subscription(VISUALDX, "a", starts=NOW - DAY, ends=NOW), False),
        (Subscription(VISUALDX, "a", starts=NOW + DAY), False),
        (Subscription(VISUALDX, "a", SubscriptionKind.TRIAL), False),
        (Subscription(VISUALDX, "a", SubscriptionKind.INDIVIDUAL), False),
        (Subscription("uptodate", "a"), False),
    ],
)
def test_visualdx_when_an_institution_subscribes_then_its_door_is_open_while_that_runs(
    subscription: Subscription, is_open: bool
) -> None:
    writings = Writings(subscriptions=(subscription,))
    assert (check_ingest(policy(VISUALDX).terms, writings, now=NOW) is None) == is_open


def test_uptodate_when_an_institution_subscribes_then_its_bytes_stay_out_all_the_same() -> None:
    writings = Writings(subscriptions=(Subscription("uptodate", "a"),))
    assert check_ingest(policy("uptodate").terms, writings, now=NOW) is not None


def test_store_permit_when_the_door_is_shut_then_there_is_none() -> None:
    assert isinstance(store_permit(policy(HELLENIC).terms, now=NOW), Refusal)
    given = Writings(grants=(grant(HELLENIC, Action.STORE),))
    assert store_permit(policy(HELLENIC).terms, given, now=NOW) == StorePermit(HELLENIC)


def test_pad_when_its_license_allows_it_anyway_then_a_grant_narrows_nothing() -> None:
    given = grant("pad-ufes-20", Action.VIEW, ends=NOW + DAY)
    free = decide(policy("pad-ufes-20", "CC-BY-4.0"), asked(Action.VIEW))
    assert decide(policy("pad-ufes-20", "CC-BY-4.0", grants=(given,)), asked(Action.VIEW)) == free


def test_grant_when_given_to_nobody_in_particular_then_to_anybody() -> None:
    given = grant(HELLENIC, Action.VIEW, viewers=(ViewerKind.ANONYMOUS,))
    assert {outcome(given, viewer=Viewer(kind)) for kind in ViewerKind} == {Outcome.ALLOW}


@pytest.mark.parametrize(
    ("source_id", "opened"),
    [
        (ATLAS_BU, {ViewerKind.CURATOR, ViewerKind.INSTITUTION_MEMBER, ViewerKind.DEVELOPER}),
        (SKIN_DEEP, {ViewerKind.DEVELOPER}),
        (INDEX, set()),
    ],
)
def test_grant_when_the_registry_changed_since_then_it_opens_no_more_than_one_recorded_today(
    source_id: str, opened: set[ViewerKind]
) -> None:
    recorded_before = grant(source_id, Action.VIEW, Action.PRINT)
    situation = policy(source_id, grants=(recorded_before,))
    allowed = {kind for kind in ViewerKind if decide(situation, asked(Action.PRINT, viewer=Viewer(kind))).is_allowed}
    assert allowed == opened


def test_skin_deep_when_a_grant_names_no_developer_then_its_door_stays_shut() -> None:
    given = Writings(grants=(grant(SKIN_DEEP, Action.STORE, viewers=(ViewerKind.ANONYMOUS,)),))
    assert check_ingest(policy(SKIN_DEEP).terms, given, now=NOW) is not None
