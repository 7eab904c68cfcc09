"""One site for all tests of the web: filled by the real ingest, served by the real server, asked over real HTTP."""

import csv
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from ingest_fixtures import archive, blobs, run
from isic_server import IsicServer

__all__ = ["archive", "blobs", "run"]  # a real ingest, for pages that need no server

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WITHDRAWN = "isic-archive:ISIC_0000002"
SHOWN = "isic-archive:ISIC_0000000"
NONCOMMERCIAL = "isic-archive:ISIC_1748084"
HIDDEN = "dermnet-legacy:train/Nevus/noise.png"
ODD_ID = "odd/a b?c#d%e&ü“<b>"
ODD_SOURCE = "uiowa-skin-of-color"  # its ids have no form of their own
ODD = f"{ODD_SOURCE}:{ODD_ID}"
HOSTILE_TITLE = '<script>alert("title")</script>'
COLLECTED = 'A "set" <b>of</b> nevi & {creator}'
HOSTILE_CREATOR = '"><img src=x onerror=alert(1)>'


@dataclass(frozen=True)
class Site:
    """A running site and its data folder."""

    base_url: str
    data_dir: Path

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.base_url + path, trust_env=False, timeout=30)


def environment(data_dir: Path) -> dict[str, str]:
    """Everything the site keeps lies in its own folder, whatever database the other tests run on."""
    return {**os.environ, "DERMREF_DATA_DIR": str(data_dir), "DATABASE_URL": ""}


def run_dermref(data_dir: Path, *words: str, **settings: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dermref", *words],
        env={**environment(data_dir), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def write_odd_manifest(folder: Path) -> Path:
    """One row with an id that needs quoting and words that need escaping."""
    picture = noise_picture(folder / "odd.png", seed=2)
    row = {
        "file": picture.name,
        "foreign_id": ODD_ID,
        "title": HOSTILE_TITLE,
        "creator": HOSTILE_CREATOR,
        "license": "CC BY-NC-ND 3.0",
        "license_url": "https://creativecommons.org/licenses/by-nc-nd/3.0/",
        "landing_url": "https://www.healthcare.uiowa.edu/odd?a=1&b=2",
        "condition": "Nævus <i>odd</i>",
        "body_site": "<b>arm</b>",
    }
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    return folder / "manifest.csv"


def noise_picture(path: Path, *, seed: int) -> Path:
    """A picture like no other: 1200 by 300 grey pixels, so that it has a large rendition too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    import pyvips  # heavy, and only here

    small = pyvips.Image.new_from_memory(random.Random(seed).randbytes(100 * 25), 100, 25, 1, "uchar")
    small.resize(12, kernel="nearest").write_to_file(str(path))
    return path


def fill(data_dir: Path, folder: Path) -> None:
    with IsicServer(DEMO / "isic-archive") as archive:
        harvest = ("ingest", "isic-archive", "--base-url", archive.api_url)
        run_dermref(data_dir, *harvest)
        archive.withdraw(WITHDRAWN.partition(":")[2])
        run_dermref(data_dir, *harvest)
    manifest = DEMO / "pad-ufes-20" / "manifest.csv"
    run_dermref(data_dir, "ingest", "manifest", "--source", "pad-ufes-20", "--from", str(manifest))
    odd = write_odd_manifest(folder)
    run_dermref(data_dir, "ingest", "manifest", "--source", ODD_SOURCE, "--from", str(odd))
    noise_picture(folder / "legacy" / "train" / "Nevus" / "noise.png", seed=1)
    legacy = ("ingest", "dermnet-legacy", "--from", str(folder / "legacy"))
    run_dermref(data_dir, *legacy, DEV_IMAGES_ENABLED="1")
    add_links(data_dir)
    add_collections(data_dir)


def add_links(data_dir: Path) -> None:
    """Links for a condition that has images, one of them a long way down a list."""
    nevus = ("--condition", "Nevus", "--by", "A. Curator")
    for at in range(7):
        page = (f"https://www.pathologyoutlines.com/topic/nevus{at}.html", "--title", f"Nevus, part {at}")
        run_dermref(data_dir, "links", "add", "pathologyoutlines", *page, *nevus)
    atlas = "http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html"
    run_dermref(data_dir, "links", "add", "masaryk-dermpath-atlas", atlas, "--title", "Atlas", "--login", *nevus)


def add_collections(data_dir: Path) -> None:
    """A public collection of every license there is, frozen; the odd image is in it."""
    curator = ("--by", "A. Curator")
    named = (SHOWN, NONCOMMERCIAL, ODD)
    words = ("--title", COLLECTED, "--description", HOSTILE_TITLE, "--share", "everybody")
    run_dermref(data_dir, "collections", "create", "nevi", *named, *words, *curator)
    run_dermref(data_dir, "collections", "add", "nevi", "--source", "pad-ufes-20", *curator)
    run_dermref(data_dir, "collections", "freeze", "nevi", *curator)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data_dir = tmp_path_factory.mktemp("site-data")
    fill(data_dir, tmp_path_factory.mktemp("site-input"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "dermref", "serve", "--port", str(port), "--workers", "1"],
        env=environment(data_dir),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        found = Site(f"http://127.0.0.1:{port}", data_dir)
        wait_until_up(found, server)
        yield found
    finally:
        server.terminate()
        server.wait(timeout=15)


def wait_until_up(site: Site, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        try:
            if site.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            assert server.poll() is None, "the server ended before it answered"
        time.sleep(0.1)
    pytest.fail("the server did not answer within 15 seconds")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine. Without one the test fails: a page nobody looked at is not tested."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chromium on this machine; install it (.ci/run does)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield opened
        opened.close()
