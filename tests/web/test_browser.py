"""The pages in a real browser: narrow, dark, by keyboard, without scripts."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from web.conftest import HIDDEN, NONCOMMERCIAL, ODD, WITHDRAWN, Site

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/images/",
    "/images/?source=pad-ufes-20",
    "/images/?after=x",
    f"/images/{NONCOMMERCIAL}/",
    f"/images/{NONCOMMERCIAL}/?purpose=commercial",
    f"/images/{NONCOMMERCIAL}/?focus=ai",
    f"/images/{quote(ODD)}/",
    f"/images/{WITHDRAWN}/",
    f"/images/{quote(HIDDEN)}/",
    "/conditions/",
    "/conditions/nevus/",
    "/collections/",
    "/collections/nevi/",
    "/collections/nevi/?purpose=commercial",
    "/collections/nevi/1/",
    "/collections/nowhere/",
    "/sources/",
    "/sources/visualdx/",
    "/about/rights/",
)
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Every visible run of text with less contrast to what lies behind it than WCAG AA asks.
FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (c) => { const f = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]); };
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return [255, 255, 255]; };
  const faint = []; const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) { const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !e.checkVisibility()) continue;
    const s = getComputedStyle(e), a = light(parts(s.color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push([walker.currentNode.textContent.trim().slice(0, 40), ratio]); }
  return faint; }"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
  'button, select, input:not([type=checkbox]), .button, .pick label, .top a, .jump a, .switch a, summary')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
  .map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect().height])"""
SMALL_CREDIT = """() => [...document.querySelectorAll('.credit')]
  .map(e => parseFloat(getComputedStyle(e).fontSize)).filter(size => size < 13)"""
CROPPED = """() => [...document.querySelectorAll('main img')].filter(e => {
  const s = getComputedStyle(e); return s.objectFit !== 'contain' || s.clipPath !== 'none' || !e.alt; }).length"""


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 360, "height": 740}, base_url=site.base_url) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", PAGES)
def test_page_when_360_pixels_wide_then_fits_with_everything_open(phone: Page, path: str) -> None:
    phone.goto(path)
    assert phone.evaluate(OVERFLOW) <= 0
    assert phone.evaluate(SMALL_TARGETS) == []
    assert phone.evaluate(SMALL_CREDIT) == []
    phone.evaluate(OPEN_ALL)
    assert phone.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_when_light_or_dark_then_text_stands_out(browser: Browser, site: Site, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme, base_url=site.base_url) as context:  # type: ignore[arg-type]
        page = context.new_page()
        for path in PAGES:
            page.goto(path)
            page.evaluate(OPEN_ALL)
            assert (path, page.evaluate(FAINT)) == (path, [])


def test_pictures_when_drawn_then_are_whole_described_and_loaded(phone: Page) -> None:
    for path in ("/images/", f"/images/{NONCOMMERCIAL}/", f"/images/{quote(ODD)}/"):
        phone.goto(path, wait_until="networkidle")
        assert phone.evaluate(CROPPED) == 0
        assert phone.evaluate("document.querySelector('main img').naturalWidth") > 0


@pytest.mark.parametrize("path", ["/images/", f"/images/{NONCOMMERCIAL}/"])
def test_pictures_when_they_arrive_then_move_nothing(browser: Browser, site: Site, path: str) -> None:
    with browser.new_context(base_url=site.base_url) as context:
        page = context.new_page()
        page.route("**/api/image/**", lambda route: route.abort())
        page.goto(path)
        before = page.evaluate("document.documentElement.scrollHeight")
        page.unroute_all()
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollHeight") == before


def test_keyboard_when_used_alone_then_skips_filters_and_opens_an_image(phone: Page) -> None:
    phone.goto("/images/")
    phone.keyboard.press("Tab")
    skip = phone.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.name") == "source"
    assert phone.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    while not phone.evaluate("document.activeElement.matches('.frame')"):
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/images/*:*/")


def test_site_when_scripts_are_off_then_filters_pages_and_answers_work(browser: Browser, site: Site) -> None:
    with browser.new_context(java_script_enabled=False, base_url=site.base_url) as context:
        page = context.new_page()
        page.goto("/images/")
        page.get_by_label("Source").select_option("pad-ufes-20")
        page.get_by_role("button", name="Filter").click()
        assert page.get_by_role("status").inner_text() == "18 images with these filters"
        page.goto("/images/")
        page.get_by_role("link", name="Next", exact=True).click()
        assert "after=" in page.url
        page.goto(f"/images/{NONCOMMERCIAL}/")
        page.get_by_label("Your purpose").get_by_role("link", name="Commercial use").click()
        assert "purpose=commercial" in page.url
        lecture = page.locator("[data-action=present]")
        assert not lecture.get_by_text("does not permit commercial use").is_visible()
        lecture.locator("summary").click()
        assert lecture.get_by_text("does not permit commercial use").is_visible()
        assert lecture.get_by_text("NonCommercial purposes only").is_visible()
        assert lecture.get_by_text("MILK study team").is_visible()


def test_matrix_when_used_by_keyboard_then_switches_purpose_and_opens_a_reason(phone: Page) -> None:
    phone.goto(f"/images/{NONCOMMERCIAL}/")
    while not phone.evaluate("document.activeElement.matches('.switch a[href*=teaching]')"):
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**purpose=teaching#uses")
    assert phone.locator(".switch [aria-current]").inner_text() == "Teaching"
    phone.locator("[data-action=present] summary").focus()
    phone.keyboard.press("Enter")
    credit = phone.locator("[data-action=present] .copy")
    assert credit.inner_text() == "Image courtesy of MILK study team via ISIC Archive (CC BY-NC 4.0) · ISIC_1748084"
    assert credit.evaluate("one => getComputedStyle(one).userSelect") == "all"


def test_matrix_when_asked_about_ai_then_research_and_commercial_stand_side_by_side(phone: Page) -> None:
    phone.goto(f"/images/{NONCOMMERCIAL}/")
    phone.get_by_role("link", name="AI training").click()
    phone.wait_for_url("**focus=ai#uses")
    answers = phone.locator("[data-action=train] summary .outcome").all_inner_texts()
    assert answers == ["Yes, with duties", "Ask first"]
    assert phone.evaluate(OVERFLOW) <= 0
    assert phone.evaluate(SMALL_TARGETS) == []


def test_site_when_visited_then_the_console_stays_silent(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.base_url) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in ("/", "/images/", f"/images/{quote(ODD)}/", "/sources/", "/about/rights/", "/collections/nevi/"):
            page.goto(path, wait_until="networkidle")
        assert said == []


@pytest.mark.parametrize("public_id", [NONCOMMERCIAL, ODD])
def test_rights_for_machines_when_the_policy_forbids_scripts_then_a_browser_reads_them_and_runs_nothing(
    phone: Page, public_id: str
) -> None:
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text))
    phone.on("dialog", lambda dialog: said.append(dialog.message))
    phone.goto(f"/images/{quote(public_id)}/")
    data = phone.evaluate("""JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent)""")
    assert (data["@type"], data["identifier"][0]) == ("ImageObject", public_id)
    assert said == []
