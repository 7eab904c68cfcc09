"""`dermref institutions` and `dermref curators`: what an administrator types, and what comes back."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.models import User

from dermref.catalog import models
from dermref.cli.main import cli
from dermref.cli.options import last_day

pytestmark = pytest.mark.django_db
PASSWORD = "violet-otter-41"
EMAIL = "jane@riverside.example"
WORD = ("--by", "A. Curator", "--why", "not renewed")


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, words, input=typed, catch_exceptions=False, standalone_mode=True)


def read(*words: str) -> Any:
    done = run("institutions", *words, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    file = tmp_path / "contract.txt"
    file.write_text("You may show our images to your members.", "utf-8")
    return file


@pytest.fixture
def order(contract: Path) -> tuple[str, ...]:
    assert read("add", "riverside", "--name", "Riverside Hospital") == {
        "slug": "riverside",
        "name": "Riverside Hospital",
    }
    kind = ("--kind", "institutional", "--starts", "2026-01-01", "--ends", "2026-12-31")
    return "subscribe", "riverside", "visualdx", *kind, "--document", str(contract), "--by", "A. Curator"


def test_subscription_when_recorded_by_days_then_the_last_day_is_in_it(order: tuple[str, ...]) -> None:
    assert read(*order)["ends"] == "2027-01-01T00:00:00+00:00"
    shown = read("show", "riverside")["subscriptions"][0]
    assert shown["starts"] == "2026-01-01T00:00:00+00:00"
    assert shown["document"]["name"] == "contract.txt"
    assert "to 2027-01-01 00:00 UTC" in run("institutions", "show", "riverside").stdout


def test_subscription_when_everything_is_wrong_then_every_fault_is_printed_and_exit_1(order: tuple[str, ...]) -> None:
    wrong = ["no-such" if word == "visualdx" else word for word in order]
    wrong[wrong.index("--starts") + 1] = "2027-06-01"
    wrong[wrong.index("--document") + 1] = "/no/such/file.pdf"
    done = run("institutions", *wrong)
    assert done.exit_code == 1
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["source", "ends", "document"]
    as_json = run("institutions", *wrong, "--json")
    assert (as_json.exit_code, len(json.loads(as_json.stdout)["faults"])) == (1, 3)
    assert not models.Subscription.objects.exists()


@pytest.mark.parametrize("missing", ["--kind", "--starts", "--document", "--by"])
def test_subscription_when_an_option_is_missing_then_asked_wrongly(order: tuple[str, ...], missing: str) -> None:
    at = order.index(missing)
    done = run("institutions", *order[:at], *order[at + 2 :])
    assert (done.exit_code, missing in done.stderr) == (2, True)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "31.12.2026", "2026-12-31T25:00", "9999-12-31"])
def test_date_when_it_is_none_then_asked_wrongly(order: tuple[str, ...], text: str) -> None:
    words = list(order)
    words[words.index("--ends") + 1] = text
    done = run("institutions", *words)
    assert (done.exit_code, "is no day" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2024-02-29", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2026-12-31T18:00", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31T18:00+02:00", datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2026-12-31T18:00Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
    ],
)
def test_end_when_a_day_or_a_time_then_utc_unless_it_says_otherwise(text: str, end: datetime) -> None:
    assert last_day(text) == end


def test_subscription_when_ended_then_says_when_and_a_second_time_stops(order: tuple[str, ...]) -> None:
    read(*order)
    assert read("end", "riverside", "visualdx", *WORD)["ended_at"]
    assert "not renewed (ended by A. Curator)" in run("institutions", "show", "riverside").stdout
    again = CliRunner().invoke(cli, ["institutions", "end", "riverside", "visualdx", *WORD])
    assert "no subscription" in str(again.exception)


def test_invitation_when_made_then_the_link_is_printed_once_and_kept_nowhere(order: tuple[str, ...]) -> None:
    made = read("invite", "riverside", EMAIL, "--by", "A. Curator")
    token = made["path"].split("/")[2]
    assert made["url"] is None  # a site with no name of its own
    assert token not in run("institutions", "show", "riverside").stdout
    assert token not in str(list(models.Invitation.objects.values()))
    assert read("withdraw", "riverside", EMAIL)["withdrawn"] == 1
    assert run("institutions", "invite", "riverside", "jane", "--by", "A. Curator").exit_code == 1


def test_member_when_listed_and_removed_then_has_left(order: tuple[str, ...]) -> None:
    user = User.objects.create(username=EMAIL)
    models.Membership.objects.create(institution_id="riverside", user=user, joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [one["name"] for one in read("members", "riverside")] == [EMAIL]
    assert read("remove", "riverside", EMAIL.upper(), *WORD)["ended_at"]
    assert "left 20" in run("institutions", "members", "riverside").stdout
    assert run("institutions", "remove", "riverside", EMAIL, "--by", " ", "--why", "x").exit_code == 2


def test_password_when_a_member_forgot_it_then_another_and_for_nobody_else(order: tuple[str, ...]) -> None:
    user = User.objects.create_user(EMAIL, EMAIL, "forgotten-otter-1")
    User.objects.create(username="anna", is_staff=True)
    models.Membership.objects.create(institution_id="riverside", user=user, joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    words = ("institutions", "password", "riverside", EMAIL, "--password-stdin")
    assert run(*words, typed="short\n").exit_code == 1
    assert run(*words, typed=f"{PASSWORD}\n").exit_code == 0
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    other = CliRunner().invoke(cli, ["institutions", "password", "riverside", "anna", "--password-stdin"], PASSWORD)
    assert "not a member" in str(other.exception)


def test_list_when_there_are_none_and_one_then_counted(db: None) -> None:
    assert "0 institutions" in run("institutions", "list").stdout
    read("add", "riverside", "--name", "Riverside Hospital")
    assert read("list") == [{"slug": "riverside", "name": "Riverside Hospital"}]


def test_curator_when_added_listed_and_removed_then_the_account_follows(db: None) -> None:
    assert run("curators", "add", "anna", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    user = User.objects.get(username="anna")
    assert (user.is_staff, user.is_superuser, user.check_password(PASSWORD)) == (True, False, True)
    assert user.has_perm("catalog.view_subscription")
    assert not user.has_perm("catalog.change_subscription")
    assert json.loads(run("curators", "list", "--json").stdout) == [{"name": "anna", "is_active": True}]
    assert run("curators", "remove", "anna").exit_code == 0
    assert "anna (removed)" in run("curators", "list").stdout


@pytest.mark.parametrize(
    ("name", "typed"), [("anna", ""), ("anna", "short\n"), ("an na", f"{PASSWORD}\n"), ("", f"{PASSWORD}\n")]
)
def test_curator_when_name_or_password_is_no_good_then_refused(db: None, name: str, typed: str) -> None:
    done = run("curators", "add", name, "--password-stdin", typed=typed)
    assert (done.exit_code, bool(done.stderr)) == (1, True)
    assert not User.objects.exists()


def test_curator_when_the_name_is_a_members_then_refused_and_without_a_terminal_asked_wrongly(db: None) -> None:
    User.objects.create(username=EMAIL)
    assert run("curators", "add", EMAIL, "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 1
    assert not User.objects.get().is_staff
    assert "--password-stdin" in run("curators", "add", "anna").stderr


def test_site_when_behind_https_then_forms_of_its_own_names_are_taken_and_cookies_are_secure(tmp_path: Path) -> None:
    code = "from dermref.config import settings as s; print(s.CSRF_TRUSTED_ORIGINS, s.SESSION_COOKIE_SECURE)"
    environ = {**os.environ, "DERMREF_DATA_DIR": str(tmp_path), "DERMREF_ALLOWED_HOSTS": "derm.example,.derm.example"}
    for https, said in (("1", "['https://derm.example', 'https://*.derm.example'] True"), ("", "[] False")):
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env={**environ, "DERMREF_HTTPS": https}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == said
