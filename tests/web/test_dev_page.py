"""The page of a dev-only image in a real browser: framed, never on the picture, narrow and wide, light and dark."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from web.conftest import HIDDEN, Site, environment, wait_until_up
from web.test_browser import CROPPED, FAINT, OVERFLOW

pytestmark = pytest.mark.browser
PAGE = f"/api/dev-image/{quote(HIDDEN)}/page"
# Whether the frame is there on all four sides, and the picture lies within it.
FRAMED = """() => {
  const frame = getComputedStyle(document.body), picture = document.querySelector('main img').getBoundingClientRect();
  const width = parseFloat(frame.borderLeftWidth), body = document.body.getBoundingClientRect();
  return ['Top', 'Right', 'Bottom', 'Left'].every(side => parseFloat(frame[`border${side}Width`]) >= 12)
    && frame.borderImageSource.includes('gradient')
    && picture.left >= body.left + width && picture.right <= body.right - width; }"""


@pytest.fixture(scope="module")
def workshop(site: Site) -> Iterator[Site]:
    """The same site with the dev gate open."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dermref", "serve", "--port", str(port), "--workers", "1"]
    environ = {**environment(site.data_dir), "DEV_IMAGES_ENABLED": "1"}
    server = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        found = Site(f"http://127.0.0.1:{port}", site.data_dir)
        wait_until_up(found, server)
        yield found
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_dev_page_when_drawn_then_framed_whole_and_legible(
    browser: Browser, workshop: Site, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 740}
    with browser.new_context(color_scheme=scheme, viewport=size, base_url=workshop.base_url) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(PAGE, wait_until="networkidle")
        assert page.get_by_text("Development only — never shown").first.is_visible()
        assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
        assert (page.evaluate(FRAMED), page.evaluate(OVERFLOW) <= 0) == (True, True)
        assert (page.evaluate(FAINT), page.evaluate(CROPPED)) == ([], 0)


def test_dev_page_when_the_gate_is_shut_then_not_there(site: Site) -> None:
    assert site.get(PAGE).status_code == 404
