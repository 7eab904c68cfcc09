"""The way of a member and of a curator through a real browser: invitation, account, sign-out, and the admin under our
content policy."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from web.conftest import Site, environment, run_dermref
from web.test_browser import FAINT, OVERFLOW, SMALL_TARGETS

pytestmark = pytest.mark.browser
PASSWORD = "violet-otter-41"


def said(site: Site, *words: str, typed: str = "") -> str:
    command = [sys.executable, "-m", "dermref", *words]
    done = subprocess.run(
        command, env=environment(site.data_dir), input=typed, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def riverside(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An institution of the running site that subscribes."""
    contract: Path = tmp_path_factory.mktemp("contract") / "contract.pdf"
    contract.write_bytes(b"%PDF-1.7 a contract")
    run_dermref(site.data_dir, "institutions", "add", "riverside", "--name", "Riverside Hospital")
    order = ("--kind", "institutional", "--starts", "2026-01-01", "--document", str(contract), "--by", "A. Curator")
    run_dermref(site.data_dir, "institutions", "subscribe", "riverside", "visualdx", *order)
    return "riverside"


@pytest.fixture(params=["light", "dark"])
def context(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    size = {"width": 360, "height": 740}
    with browser.new_context(base_url=site.base_url, color_scheme=request.param, viewport=size) as opened:  # type: ignore[arg-type]
        yield opened


def check(page: Page) -> None:
    assert page.evaluate(OVERFLOW) <= 0, page.url
    assert page.evaluate(SMALL_TARGETS) == [], page.url
    assert page.evaluate(FAINT) == [], page.url


def test_member_when_invited_then_chooses_a_password_reads_the_account_and_leaves(
    context: BrowserContext, site: Site, riverside: str, request: pytest.FixtureRequest
) -> None:
    email = f"{request.node.callspec.params['context']}@riverside.example"
    invitation = json.loads(said(site, "institutions", "invite", riverside, email, "--by", "A. Curator", "--json"))
    page = context.new_page()
    page.goto(invitation["path"])
    check(page)
    page.get_by_label("Choose a password").fill("short")
    page.get_by_label("The password again").fill("short")
    page.get_by_role("button", name="Accept").click()
    assert "too short" in page.get_by_role("alert").inner_text()
    check(page)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/account/")
    assert page.get_by_text("with no end recorded").is_visible()
    check(page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    check(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    assert "do not belong together" in page.get_by_role("alert").inner_text()
    check(page)


def test_admin_when_a_curator_opens_it_then_it_works_under_our_content_policy(
    browser: Browser, site: Site, riverside: str
) -> None:
    said(site, "curators", "add", "anna", "--password-stdin", typed=f"{PASSWORD}\n")
    with browser.new_context(base_url=site.base_url) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/admin/")
        page.get_by_label("E-mail address").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/")
        for path in ("subscription/", "subscription/1/change/", "invitation/", "institution/?q=river"):
            page.goto(f"/admin/catalog/{path}", wait_until="networkidle")
        assert page.evaluate("getComputedStyle(document.querySelector('#header')).display") == "flex"
        assert [one for one in complaints if "favicon" not in one and "404" not in one] == []
