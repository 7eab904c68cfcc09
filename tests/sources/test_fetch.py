"""The way out: bounded, polite, and never into a private network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.harvest import FetchFailed
from dermref.sources.fetch import HttpFetch, is_loopback_url, is_permitted
from isic_server import IsicServer

DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"
ITEM = "images/ISIC_0000000/"


@pytest.fixture
def server() -> Iterator[IsicServer]:
    with IsicServer(DEMO) as running:
        yield running


@pytest.fixture
def fetch(server: IsicServer) -> Iterator[HttpFetch]:
    with HttpFetch("curator@example.org", base_url=server.api_url, patience=0.01) as client:
        yield client


def test_request_when_sent_then_names_the_contact(server: IsicServer, fetch: HttpFetch) -> None:
    assert fetch(server.api_url + ITEM, max_bytes=10**6).body.startswith(b"{")
    assert "curator@example.org" in server.requests[-1].headers["User-Agent"]


@pytest.mark.parametrize("kind", [429, 500, 503, "drop", "truncate"])
def test_fault_when_it_passes_then_asked_again(server: IsicServer, fetch: HttpFetch, kind: int | str) -> None:
    server.fail("ISIC_0000000", kind, times=2, headers={"Retry-After": "0"})
    assert fetch(server.api_url + ITEM, max_bytes=10**6).body
    assert len(server.requests) == 3


def test_fault_when_it_stays_then_failed_in_one_sentence(server: IsicServer, fetch: HttpFetch) -> None:
    server.fail("ISIC_0000000", 503, times=99, headers={"Retry-After": "0"})
    with pytest.raises(FetchFailed, match="answers 503") as caught:
        fetch(server.api_url + ITEM, max_bytes=10**6)
    assert not caught.value.is_final
    assert len(server.requests) == 5


@pytest.mark.parametrize("status", [403, 404, 410])
def test_refusal_when_final_then_not_asked_again(server: IsicServer, fetch: HttpFetch, status: int) -> None:
    server.fail("ISIC_0000000", status, times=9)
    with pytest.raises(FetchFailed) as caught:
        fetch(server.api_url + ITEM, max_bytes=10**6)
    assert (caught.value.code, caught.value.is_final, len(server.requests)) == (f"http-{status}", True, 1)


def test_body_when_larger_than_allowed_then_cut_off(server: IsicServer, fetch: HttpFetch) -> None:
    server.fail("ISIC_0000000", "huge", times=9, size=10**7)
    with pytest.raises(FetchFailed, match="more than 1,000 bytes"):
        fetch(server.api_url + ITEM, max_bytes=1000)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x", "data:,x"])
def test_scheme_when_not_http_then_refused(fetch: HttpFetch, url: str) -> None:
    with pytest.raises(FetchFailed, match="not a web address"):
        fetch(url, max_bytes=10)


def test_contact_when_missing_then_nothing_leaves_but_to_loopback() -> None:
    with pytest.raises(Stopped, match="DERMREF_CONTACT"):
        HttpFetch(None)
    with pytest.raises(Stopped, match="DERMREF_CONTACT"):
        HttpFetch(None, base_url="https://replica.example/api/")
    with HttpFetch(None, base_url="http://127.0.0.1:9/"):
        pass


def test_public_fetcher_when_led_to_loopback_then_refused(server: IsicServer) -> None:
    with HttpFetch("curator@example.org") as outside, pytest.raises(FetchFailed, match="private address"):
        outside(server.api_url + ITEM, max_bytes=10**6)
    assert server.requests == []


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "127.0.0.1", "fe80::1", "0.0.0.0", "100.64.0.1"]
)
def test_address_when_private_then_not_permitted(address: str) -> None:
    assert not is_permitted(address, allow_loopback=False)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8099/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://127.0.0.1.evil.example/", False),
    ],
)
def test_base_url_when_loopback_then_known_as_such(url: str, local: bool) -> None:
    assert is_loopback_url(url) is local
