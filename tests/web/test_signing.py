"""Signing in and out, invitations and the account page: nobody is told who has an account, nobody is led away."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dermref.catalog import models
from dermref.config.env import read_environment
from dermref.model.deployment import WrongSetting
from dermref.services.accounts import add as add_curator
from dermref.services.accounts import remove as remove_curator
from dermref.services.joining import Invited, accept_as_new, invite, password_faults
from dermref.services.registering import register_sources
from dermref.services.throttling import FROM_ONE_PLACE, SIGN_INS
from institutions import DAY, institution

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "jane@riverside.example", "violet-otter-41"
RIGHT = {"name": EMAIL, "password": PASSWORD}
WRONG = {"name": EMAIL, "password": "violet-otter-42"}


@pytest.fixture(autouse=True)
def unthrottled() -> Iterator[None]:
    """The memory of the throttle is this process's: each test begins without failures."""
    SIGN_INS._failures.clear()
    yield
    SIGN_INS._failures.clear()


@pytest.fixture
def invited(tmp_path: Path) -> Invited:
    register_sources()
    institution("riverside", contract=tmp_path / "contract.txt")
    found = invite("riverside", EMAIL, by="A. Curator")
    assert isinstance(found, Invited)
    return found


@pytest.fixture
def member(invited: Invited) -> User:
    accept_as_new(invited.token, PASSWORD)
    return User.objects.get(username=EMAIL)


def link(invited: Invited) -> str:
    return f"/invitation/{invited.token}/"


def name_in_header(client: Client) -> bool:
    return EMAIL in client.get("/").content.decode()


def test_sign_in_when_right_then_signed_in_under_a_new_session_and_kept_nowhere(client: Client, member: User) -> None:
    client.get("/sign-in/")
    answer = client.post("/sign-in/", RIGHT | {"name": f" {EMAIL.title()} "})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.cookies["sessionid"]["httponly"]
    page = client.get("/images/")
    assert (page["Cache-Control"], page["Vary"]) == ("private, no-store", "Cookie")
    assert name_in_header(client)


def test_pages_when_nobody_is_signed_in_then_they_may_be_kept_until_asked_again(client: Client, member: User) -> None:
    for path in ("/", "/images/", "/api/v1/images", "/sources/"):
        answer = client.get(path)
        assert (answer["Cache-Control"], answer["Vary"]) == ("no-cache", "Cookie"), path
        assert "Sign in" in answer.content.decode() or path.startswith("/api/")


def test_sign_in_when_wrong_or_unknown_or_closed_then_the_very_same_answer(client: Client, member: User) -> None:
    closed = User.objects.create_user("closed@x.example", "", PASSWORD, is_active=False)
    tries = (WRONG, WRONG | {"name": "nobody@x.example"}, RIGHT | {"name": closed.username})
    answers = [client.post("/sign-in/", one) for one in tries]
    plain = [one.content.replace(one.context["csrf_token"].encode(), b"") for one in answers]
    assert {one.status_code for one in answers} == {200}
    assert len(set(plain)) == 1
    assert EMAIL not in answers[0].content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"name": EMAIL}, {"name": "a\0b", "password": "x"}, {"name": "x" * 151, "password": "x"}]
)
def test_sign_in_when_the_form_is_broken_then_refused_in_one_sentence(client: Client, sent: dict[str, str]) -> None:
    assert "do not belong together" in client.post("/sign-in/", sent).content.decode()


def test_sign_in_when_tried_too_often_then_429_even_with_the_right_password_and_for_nobody_else(
    client: Client, member: User
) -> None:
    User.objects.create_user("joe@x.example", "", PASSWORD)
    for _ in range(FROM_ONE_PLACE):
        client.post("/sign-in/", WRONG)
    locked = client.post("/sign-in/", RIGHT)
    assert (locked.status_code, 0 < int(locked["Retry-After"]) <= 901) == (429, True)
    assert "too many attempts" in locked.content.decode()
    assert client.post("/sign-in/", RIGHT | {"name": "joe@x.example"}).status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *("http:///evil.example", " //evil.example", "/\t/evil.example", "evil.example", "", "///evil.example"),
        *("/ok\r\nX-Injected: 1", "http://testserver@evil.example/", "ftp://testserver/"),
    ],
)
def test_next_when_it_leads_elsewhere_then_the_account_page_instead(client: Client, member: User, target: str) -> None:
    assert client.post("/sign-in/", RIGHT | {"next": target})["Location"] == "/account/"
    assert client.post(f"/sign-in/?next={quote(target)}", RIGHT)["Location"] == "/account/"


def test_next_when_it_is_ours_then_followed(client: Client, member: User) -> None:
    wanted = "/images/visualdx:a%20b/?purpose=teaching"
    assert client.post("/sign-in/", RIGHT | {"next": wanted})["Location"] == wanted
    assert client.get("/account/")["Cache-Control"] == "private, no-store"
    assert Client().get("/account/")["Location"] == "/sign-in/?next=%2Faccount%2F"


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-out/", "/invitation/x/"])
def test_forms_when_sent_from_elsewhere_then_403_with_a_page(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, RIGHT, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "not sent from here" in answer.content.decode()


def test_sign_out_when_posted_then_out_and_when_only_linked_to_then_not(client: Client, member: User) -> None:
    client.post("/sign-in/", RIGHT)
    assert client.get("/sign-out/").status_code == 405
    assert name_in_header(client)
    client.post("/sign-out/")
    assert not name_in_header(client)


def test_invitation_when_opened_then_names_the_institution_and_the_end_and_is_told_to_no_other_site(
    client: Client, invited: Invited
) -> None:
    page = client.get(link(invited))
    assert "Riverside invites you" in page.content.decode()
    assert f"{invited.invitation.expires:%H:%M} UTC" in page.content.decode()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")


def test_invitation_when_accepted_with_a_password_then_signed_in_as_a_member(client: Client, invited: Invited) -> None:
    answer = client.post(link(invited), {"password": PASSWORD, "again": PASSWORD})
    assert answer["Location"] == "/account/"
    page = client.get("/account/").content.decode()
    assert "a member of an institution" in page
    assert "Runs" in page
    assert client.get(link(invited)).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [(PASSWORD, PASSWORD + "x", "not the same"), ("short", "short", "too short"), ("", "", "too short")],
)
def test_invitation_when_the_password_is_no_good_then_said_and_still_open(
    client: Client, invited: Invited, password: str, again: str, said: str
) -> None:
    page = client.post(link(invited), {"password": password, "again": again})
    assert said in page.content.decode()
    assert client.get(link(invited)).status_code == 200
    assert not User.objects.exists()


def test_invitation_when_forged_expired_or_withdrawn_then_404_or_410_and_nobody_joins(
    client: Client, invited: Invited
) -> None:
    both = {"password": PASSWORD, "again": PASSWORD}
    assert [client.get("/invitation/forged/").status_code, client.post("/invitation/forged/", both).status_code] == [
        404,
        404,
    ]
    models.Invitation.objects.update(expires=timezone.now() - DAY)
    expired = client.post(link(invited), both)
    assert (expired.status_code, "has expired" in expired.content.decode()) == (410, True)
    models.Invitation.objects.update(expires=timezone.now() + DAY, withdrawn_at=timezone.now())
    assert client.post(link(invited), both).status_code == 410
    assert not User.objects.exists()


def test_invitation_when_somebody_is_signed_in_then_their_account_joins_unless_a_curator(
    client: Client, invited: Invited
) -> None:
    client.force_login(User.objects.create(username="anna", is_staff=True))
    assert client.post(link(invited)).status_code == 403
    joe = User.objects.create(username="joe@x.example")
    client.force_login(joe)
    assert "signed in as <b>joe@x.example</b>" in client.get(link(invited)).content.decode()
    assert client.post(link(invited))["Location"] == "/account/"
    assert models.Membership.objects.get().user == joe


def test_invitation_when_the_address_has_an_account_then_it_asks_to_sign_in_and_takes_no_password(
    client: Client, invited: Invited
) -> None:
    User.objects.create_user(EMAIL, EMAIL, PASSWORD)
    page = client.get(link(invited)).content.decode()
    assert f"/sign-in/?next={quote(link(invited), safe='')}" in page
    assert client.post(link(invited), {"password": "another-otter-9", "again": "another-otter-9"}).status_code == 403
    assert User.objects.get().check_password(PASSWORD)


def test_account_when_a_subscription_ended_is_to_begin_or_the_membership_ended_then_it_says_so(
    client: Client, member: User
) -> None:
    client.force_login(member)
    over = timezone.now() - DAY
    models.Subscription.objects.update(ended_at=over, ended_why="the contract was not renewed")
    page = client.get("/account/").content.decode()
    assert "because: the contract was not renewed" in page
    assert f"{over:%H:%M} UTC" in page
    soon = timezone.now() + DAY
    models.Subscription.objects.update(ended_at=None, ended_why="", starts=soon, ends=soon + DAY)
    assert "Begins" in client.get("/account/").content.decode()
    models.Membership.objects.update(ends=timezone.now())
    assert "not a member any more" in client.get("/account/").content.decode()


def test_admin_when_a_curator_looks_then_every_table_reads_and_none_writes(client: Client, member: User) -> None:
    assert add_curator("anna", PASSWORD) is None
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/sign-in/?next=/admin/"
    client.post("/sign-in/", {"name": "anna", "password": PASSWORD})
    for table in ("institution", "subscription", "membership", "invitation", "grant", "courtesynote", "purge"):
        assert client.get(f"/admin/catalog/{table}/").status_code == 200, table
        assert client.get(f"/admin/catalog/{table}/add/").status_code == 403, table
    one = "/admin/catalog/institution/riverside"
    assert client.get(f"{one}/change/").status_code == 200
    assert client.post(f"{one}/change/", {"slug": "riverside", "name": "Mine"}).status_code == 403
    assert client.post(f"{one}/delete/", {"post": "yes"}).status_code == 403
    row = models.Invitation.objects.get()
    assert row.token_sha256 not in client.get(f"/admin/catalog/invitation/{row.pk}/change/").content.decode()
    assert client.get("/admin/auth/user/").status_code == 403


def test_admin_when_a_member_or_a_removed_curator_asks_then_sent_to_sign_in(client: Client, member: User) -> None:
    client.force_login(member)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    add_curator("anna", PASSWORD)
    client.force_login(User.objects.get(username="anna"))
    assert client.get("/admin/").status_code == 200
    remove_curator("anna")
    assert client.get("/admin/").status_code == 302
    assert client.post("/sign-in/", {"name": "anna", "password": PASSWORD}).status_code == 200
    assert add_curator("anna", PASSWORD) is None  # and back again


def test_settings_when_https_is_on_for_any_host_then_the_start_stops_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="name the hosts"):
        read_environment({"DERMREF_DATA_DIR": str(tmp_path), "DERMREF_HTTPS": "1", "DERMREF_ALLOWED_HOSTS": "*"})


def test_password_when_longer_than_the_form_takes_then_no_account_is_made_with_it() -> None:
    assert password_faults("long and odd enough, " * 300, "jane@example.org") == (
        "The password has more than 4,096 characters.",
    )
