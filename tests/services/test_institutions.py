"""Institutions: what is recorded of a subscription, all that can be wrong with one, and how people join and leave."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dermref.catalog import models
from dermref.model.asking import Subscription, SubscriptionKind, ViewerKind
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.services import joining
from dermref.services.institutions import Faults, Order, add, details, end, subscribe
from dermref.services.joining import Closed, Invited, Joined, accept_as, accept_as_new, invite, look_up, remove
from dermref.services.registering import register_sources
from dermref.services.viewing import viewer_of

SOURCE, PASSWORD = "visualdx", "violet-otter-41"
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
SIGNED = Author("A. Curator", "the contract was not renewed.")
EMAIL = "jane@riverside.example"


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    file = tmp_path / "contract.pdf"
    file.write_bytes(b"%PDF-1.7 a contract")
    return file


@pytest.fixture
def order(db: None, contract: Path) -> Order:
    """Of an institution that is recorded."""
    register_sources()
    add("riverside", "Riverside Hospital")
    return Order("riverside", SOURCE, SubscriptionKind.INSTITUTIONAL, *YEAR, contract, "A. Curator")


@pytest.fixture
def invited(order: Order) -> Invited:
    found = invite("riverside", " Jane@Riverside.example ", by="A. Curator")
    assert isinstance(found, Invited)
    return found


def test_subscription_when_recorded_then_with_dates_document_and_name(order: Order, contract: Path) -> None:
    assert isinstance(subscribe(order), Subscription)
    found = details("riverside").subscriptions[0]
    assert found.subscription == Subscription(SOURCE, "Riverside Hospital", order.kind, *YEAR)
    assert found.document_name == "contract.pdf"
    kept = models.Document.objects.get(pk=found.document_sha256)
    assert (bytes(kept.body), kept.media_type) == (contract.read_bytes(), "application/pdf")


def test_subscription_when_everything_is_wrong_then_all_is_said_at_once_and_nothing_kept(order: Order) -> None:
    wrong = replace(
        order,
        institution="nowhere",
        source_id="isic-archive",
        starts=YEAR[1],
        ends=YEAR[0],
        document=Path("no"),
        by=" ",
    )
    found = subscribe(wrong)
    assert isinstance(found, Faults)
    assert [one.partition(":")[0] for one in found.sentences] == ["source", "ends", "institution", "by", "document"]
    assert not models.Subscription.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ends": YEAR[0]}, "ends: is not after its start"),
        ({"starts": datetime(2026, 1, 1)}, "starts: has no time zone"),  # noqa: DTZ001  that is the fault
        ({"source_id": "no-such"}, "source: there is no source “no-such”"),
        ({"source_id": "uptodate"}, "source: uptodate is external-link-only"),
        ({"document": Path(__file__).parent}, "is not a file"),
    ],
)
def test_subscription_when_one_thing_is_wrong_then_that_is_said(
    order: Order, change: dict[str, object], said: str
) -> None:
    found = subscribe(replace(order, **change))  # type: ignore[arg-type]
    assert isinstance(found, Faults)
    assert said in found.sentences[0]
    assert len(found.sentences) == 1


@pytest.mark.parametrize(("size", "said"), [(0, "is empty"), (20_000_001, "below 20,000,000")])
def test_document_when_empty_or_huge_then_refused(order: Order, contract: Path, size: int, said: str) -> None:
    with contract.open("wb") as file:
        file.truncate(size)
    found = subscribe(order)
    assert isinstance(found, Faults)
    assert said in found.sentences[0]


@pytest.mark.parametrize("slug", ["", "Riverside", "-a", "a-", "a/b", "a" * 81, "ä", "a\n"])
def test_institution_when_its_slug_is_none_then_refused(db: None, slug: str) -> None:
    assert isinstance(add(slug, "A name"), Faults)
    assert not models.Institution.objects.exists()


@pytest.mark.parametrize(("slug", "name"), [("riverside", "Another"), ("another", "riverside hospital"), ("x", " ")])
def test_institution_when_slug_or_name_is_taken_or_missing_then_refused(order: Order, slug: str, name: str) -> None:
    assert isinstance(add(slug, name), Faults)


def test_subscription_when_ended_early_then_the_value_says_when_and_why_and_only_once(order: Order) -> None:
    subscribe(order)
    at = end("riverside", SOURCE, SIGNED)
    found = details("riverside").subscriptions[0].subscription
    assert (found.ends, found.ended_why) == (at, "the contract was not renewed (ended by A. Curator)")
    with pytest.raises(Stopped, match="no subscription"):
        end("riverside", SOURCE, SIGNED)


def test_subscription_when_its_term_is_over_then_it_cannot_be_ended_early(order: Order) -> None:
    subscribe(replace(order, starts=YEAR[0] - timedelta(days=400), ends=YEAR[0]))
    with pytest.raises(Stopped, match="no subscription"):
        end("riverside", SOURCE, SIGNED)
    assert details("riverside").subscriptions[0].subscription.ended_why == ""


def test_invitation_when_made_then_only_the_hash_of_its_token_is_kept(invited: Invited) -> None:
    row = models.Invitation.objects.get()
    assert row.token_sha256 == hashlib.sha256(invited.token.encode()).hexdigest()
    assert invited.token not in str(models.Invitation.objects.values().get())
    assert row.email == EMAIL
    assert row.expires - row.at == timedelta(days=14)


@pytest.mark.parametrize(
    "email", ["", "jane", "jane@", "a b@c.example", f"{'a' * 60}@{'b' * 100}.example", "j@x.org\n."]
)
def test_invitation_when_the_address_is_none_then_refused(order: Order, email: str) -> None:
    assert isinstance(invite("riverside", email, by="A. Curator"), Faults)
    assert not models.Invitation.objects.exists()


def test_invitation_when_accepted_then_a_member_with_an_account_and_the_viewer_says_so(
    order: Order, invited: Invited
) -> None:
    subscribe(order)
    joined = accept_as_new(invited.token, PASSWORD)
    assert isinstance(joined, Joined)
    viewer = viewer_of(joined.person.id)
    assert viewer.kind is ViewerKind.INSTITUTION_MEMBER
    assert [one.source_id for one in viewer.subscriptions] == [SOURCE]
    assert User.objects.get(username=EMAIL).check_password(PASSWORD)
    assert look_up(invited.token) is Closed.USED
    assert isinstance(invite("riverside", EMAIL, by="A. Curator"), Faults)


def test_invitation_when_accepted_twice_then_the_second_is_refused_and_makes_nobody(invited: Invited) -> None:
    accept_as_new(invited.token, PASSWORD)
    assert accept_as_new(invited.token, PASSWORD) is Closed.USED
    assert accept_as(User.objects.create(username="other@x.example").pk, invited.token) is Closed.USED
    assert models.Membership.objects.count() == 1


def test_invitation_when_expired_withdrawn_or_forged_then_refused_by_name(invited: Invited) -> None:
    assert look_up("forged") is Closed.UNKNOWN
    assert look_up("\ud800\x00") is Closed.UNKNOWN
    assert look_up(invited.token.upper()) is Closed.UNKNOWN
    models.Invitation.objects.update(expires=timezone.now())
    assert accept_as_new(invited.token, PASSWORD) is Closed.EXPIRED
    again = invite("riverside", EMAIL, by="A. Curator")
    assert isinstance(again, Invited)
    joining.withdraw("riverside", EMAIL)
    assert accept_as_new(again.token, PASSWORD) is Closed.WITHDRAWN
    assert not User.objects.exists()


def test_invitation_when_made_again_then_the_earlier_link_is_dead(invited: Invited) -> None:
    invite("riverside", EMAIL, by="A. Curator")
    assert look_up(invited.token) is Closed.WITHDRAWN


@pytest.mark.parametrize("password", ["", "short", "password123", EMAIL, "jane@riverside"])
def test_password_when_weak_then_refused_with_reasons_and_the_invitation_stays_open(
    invited: Invited, password: str
) -> None:
    found = accept_as_new(invited.token, password)
    assert isinstance(found, Faults)
    assert found.sentences
    assert look_up(invited.token) == invited.invitation
    assert not User.objects.exists()


def test_invitation_when_the_address_has_an_account_then_its_owner_signs_in_and_joins(invited: Invited) -> None:
    user = User.objects.create(username=EMAIL)
    assert accept_as_new(invited.token, PASSWORD) is Closed.HAS_ACCOUNT
    assert isinstance(accept_as(user.pk, invited.token), Joined)


def test_invitation_when_a_curator_accepts_then_refused(invited: Invited) -> None:
    curator = User.objects.create(username="anna", is_staff=True)
    assert accept_as(curator.pk, invited.token) is Closed.CURATOR
    assert viewer_of(curator.pk).kind is ViewerKind.CURATOR


def test_member_when_removed_then_nobody_special_and_the_record_says_who_and_why(invited: Invited) -> None:
    joined = accept_as_new(invited.token, PASSWORD)
    assert isinstance(joined, Joined)
    remove("riverside", EMAIL, SIGNED)
    assert viewer_of(joined.person.id).kind is ViewerKind.MEMBER
    kept = models.Document.objects.get(media_type="application/vnd.dermref.membership-ended+json")
    assert b'"by": "A. Curator"' in bytes(kept.body)
    with pytest.raises(Stopped, match="not a member"):
        remove("riverside", EMAIL, SIGNED)


def test_member_when_invited_again_after_leaving_then_a_member_again(invited: Invited) -> None:
    accept_as_new(invited.token, PASSWORD)
    remove("riverside", EMAIL, SIGNED)
    again = invite("riverside", EMAIL, by="A. Curator")
    assert isinstance(again, Invited)
    user = User.objects.get(username=EMAIL)
    assert isinstance(accept_as(user.pk, again.token), Joined)
    assert viewer_of(user.pk).kind is ViewerKind.INSTITUTION_MEMBER


def test_viewer_when_the_account_is_closed_or_gone_then_nobody(db: None) -> None:
    closed = User.objects.create(username="closed", is_active=False, is_staff=True)
    assert viewer_of(closed.pk) == viewer_of(None) == viewer_of(closed.pk + 1)
    assert viewer_of(closed.pk).kind is ViewerKind.ANONYMOUS
