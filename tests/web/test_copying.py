"""The credit panel in a real browser: one click copies, screen readers are told, the style is remembered, and without
scripts there is text to select and a form to choose with. And the forms of collections, by hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from web.conftest import NONCOMMERCIAL, Site
from web.test_browser import FAINT, OVERFLOW, SMALL_TARGETS
from web.test_signed_in_browser import PASSWORD, check, said

pytestmark = pytest.mark.browser
CREDIT = "Image courtesy of MILK study team via ISIC Archive (CC BY-NC 4.0) · ISIC_1748084"
CLIPBOARD = """async (kind) => { const [item] = await navigator.clipboard.read();
  return item.types.includes(kind) ? await (await item.getType(kind)).text() : null; }"""
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(params=[PHONE, WIDE], ids=["phone", "wide"])
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_context(base_url=site.base_url, viewport=request.param) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context.new_page()


def test_attribution_when_copied_then_rich_for_a_text_editor_and_plain_for_everything_else(page: Page) -> None:
    page.goto(f"/images/{NONCOMMERCIAL}/")
    panel = page.get_by_role("region", name="Credit and cite")
    panel.get_by_role("button", name="Copy", exact=True).first.click()
    expect(panel.locator("[aria-live=polite]")).to_have_text("Attribution copied.")
    rich = page.evaluate(CLIPBOARD, "text/html")
    assert '<a href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC 4.0</a>' in rich
    assert page.evaluate(CLIPBOARD, "text/plain") == CREDIT


def test_forms_when_copied_then_as_text_alone(page: Page) -> None:
    page.goto(f"/images/{NONCOMMERCIAL}/")
    for name, beginning in (("text", CREDIT), ("HTML", "Image courtesy of MILK study team via ISIC Archive (<a href=")):
        page.get_by_role("button", name=f"Copy {name}").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate(CLIPBOARD, "text/plain").startswith(beginning)
        assert page.evaluate(CLIPBOARD, "text/html") is None
        expect(page.get_by_role("button", name="Copied")).to_have_count(0)


def test_attribution_when_there_is_no_clipboard_then_copied_all_the_same(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"/images/{NONCOMMERCIAL}/")
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("[data-told]")).to_have_text("Attribution as text copied.")


def test_attribution_when_nothing_copies_then_told_to_do_it_by_hand(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.add_init_script("document.execCommand = () => false")
    page.goto(f"/images/{NONCOMMERCIAL}/")
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("[data-told]")).to_have_text("Your browser did not copy it: select the text, and copy it.")


def citation(page: Page) -> Locator:
    return page.locator("[data-style]:not([hidden]) .quoted")


@pytest.mark.parametrize("path", [f"/images/{NONCOMMERCIAL}/", "/images/?source=isic-archive", "/collections/nevi/"])
def test_style_when_chosen_then_shown_and_remembered_until_an_address_names_another(page: Page, path: str) -> None:
    page.goto(path)
    expect(citation(page)).to_have_count(1)
    expect(page.locator("#citation-apa")).to_be_visible()
    page.get_by_label("Style of the citation").select_option("ama")
    expect(page.locator("#citation-ama")).to_be_visible()
    expect(citation(page)).to_have_count(1)
    page.goto(path)
    expect(page.locator("#citation-ama")).to_be_visible()
    expect(citation(page)).to_have_count(1)
    page.goto(f"{path}{'&' if '?' in path else '?'}style=apa")
    expect(page.locator("#citation-apa")).to_be_visible()


def test_citation_when_copied_then_rich_and_the_file_downloads(page: Page) -> None:
    page.goto(f"/images/{NONCOMMERCIAL}/?style=ama")
    page.get_by_role("button", name="Copy", exact=True).last.click()
    expect(page.locator("[data-told]")).to_have_text("Citation copied.")
    assert "Attribution: Image courtesy of MILK study team" in page.evaluate(CLIPBOARD, "text/plain")
    with page.expect_download() as began:
        page.get_by_role("link", name="RIS", exact=True).click()
    assert "ISIC_1748084" in began.value.path().read_text("utf-8")


def test_panel_when_scripts_are_off_then_text_to_select_and_a_form_for_the_style(browser: Browser, site: Site) -> None:
    with browser.new_context(java_script_enabled=False, base_url=site.base_url, viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"/images/{NONCOMMERCIAL}/?purpose=teaching")
        assert page.get_by_role("button", name="Copy").count() == 0
        page.get_by_label("Style of the citation").select_option("ama")
        page.get_by_role("button", name="Show").click()
        assert page.url.endswith("/?purpose=teaching&style=ama#credit-panel")
        expect(page.locator("#citation-ama")).to_be_visible()
        box = page.get_by_label("Attribution as text")
        assert (box.input_value(), box.is_editable()) == (CREDIT, False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_collection_when_made_changed_and_frozen_without_scripts_then_every_page_fits_and_reads(
    browser: Browser, site: Site, scheme: str
) -> None:
    said(site, "curators", "add", f"cora-{scheme}", "--password-stdin", typed=f"{PASSWORD}\n")
    phone = {"java_script_enabled": False, "viewport": PHONE, "color_scheme": scheme}
    with browser.new_context(base_url=site.base_url, **phone) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/sign-in/?next=/images/%3Fsource=pad-ufes-20")
        page.get_by_label("E-mail address").fill(f"cora-{scheme}")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        check(page)
        page.get_by_role("link", name="Keep these 18 images as a collection").click()
        check(page)
        page.get_by_label("Title").fill(f"Eighteen {scheme}")
        page.get_by_role("button", name="Make it").click()
        assert "with 18 images" in page.locator(".done").inner_text()
        check(page)
        page.get_by_role("link", name="Edit").click()
        check(page)
        first = page.locator("#place-1 .meta").first.inner_text()
        page.locator("#place-1").get_by_role("button", name="Down").click()
        assert page.locator("#place-2 .meta").first.inner_text() == first
        page.locator("#place-1").get_by_role("checkbox").check()
        page.get_by_role("button", name="Take the chosen images out").click()
        assert page.locator("#place-1 .meta").first.inner_text() == first
        page.get_by_role("link", name="Freeze a snapshot").click()
        check(page)
        page.get_by_role("button", name="Freeze it").click()
        assert "17 images" in page.locator(".facts").inner_text()
        check(page)
        page.goto(f"/images/{NONCOMMERCIAL}/")
        check(page)
        page.get_by_label("Add to a collection").select_option(f"eighteen-{scheme}")
        page.get_by_role("button", name="Add", exact=True).click()
        assert "was added to" in page.locator(".done").inner_text()


def test_edit_page_when_wide_then_fits(browser: Browser, site: Site) -> None:
    said(site, "curators", "add", "wanda", "--password-stdin", typed=f"{PASSWORD}\n")
    with browser.new_context(base_url=site.base_url, viewport=WIDE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/sign-in/?next=/collections/nevi/edit/")
        page.get_by_label("E-mail address").fill("wanda")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/edit/")
        assert page.evaluate(OVERFLOW) <= 0
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(FAINT) == []
