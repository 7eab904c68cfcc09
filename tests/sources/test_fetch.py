"""The way out: bounded, polite, and never into a private network."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.harvest import FetchFailed
from dermref.sources.connection import is_loopback_url, is_permitted
from dermref.sources.fetch import HttpFetch
from isic_server import IsicServer

DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"
ITEM = "images/ISIC_0000000/"
OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def raw_server(*answers: Callable[[socket.socket], None]) -> Iterator[str]:
    """An address on loopback where each connection meets the next answer, the last one again and again."""

    def serve() -> None:
        for number in range(99):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.recv(1 << 16)
                answers[min(number, len(answers) - 1)](connection)

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def fetch_from(url: str, *, max_bytes: int = 1000, deadline: float = 5.0) -> bytes:
    with HttpFetch(None, base_url=url, patience=0.001, deadline=deadline) as client:
        return client(url, max_bytes=max_bytes).body


def drip(start: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.02)

    return answer


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
    assert server.requests[-1].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("kind", [429, 500, 503, "drop", "truncate"])
def test_fault_when_it_passes_then_asked_again(server: IsicServer, fetch: HttpFetch, kind: int | str) -> None:
    server.fail("ISIC_0000000", kind, times=2, headers={"Retry-After": "0"})
    assert fetch(server.api_url + ITEM, max_bytes=10**6).body
    assert len(server.requests) == 3


@pytest.mark.parametrize("value", ["²", "soon", "", "-1", "Mon, 01 Jan 0001 00:00:00 -0000"])
def test_retry_after_when_it_means_nothing_then_asked_again_at_once(value: str) -> None:
    answer = f"HTTP/1.1 503 Busy\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode()
    ok = OK + b"Content-Length: 3, 3\r\n\r\nend"
    with raw_server(lambda one: one.sendall(answer), lambda one: one.sendall(ok)) as url:
        assert fetch_from(url) == b"end"


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


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "GZIP", "br", "x"])
def test_body_when_compressed_then_refused_unread(server: IsicServer, fetch: HttpFetch, coding: str) -> None:
    server.fail("ISIC_0000000", 200, times=9, headers={"Content-Encoding": coding})
    with pytest.raises(FetchFailed, match="compressed") as caught:
        fetch(server.api_url + ITEM, max_bytes=10**6)
    assert (caught.value.code, caught.value.is_final, len(server.requests)) == ("compressed", True, 1)


def test_body_when_declared_too_large_then_refused_before_it_comes(server: IsicServer, fetch: HttpFetch) -> None:
    server.fail("ISIC_0000000", 200, times=9, headers={"Content-Length": "1001"})  # and never sends so many
    with pytest.raises(FetchFailed, match="more than 1,000 bytes"):
        fetch(server.api_url + ITEM, max_bytes=1000)


@pytest.mark.parametrize(("size", "is_allowed"), [(1000, True), (1001, False)])
def test_body_when_it_declares_no_length_then_counted(size: int, is_allowed: bool) -> None:
    with raw_server(lambda connection: connection.sendall(OK + b"\r\n" + bytes(size))) as url:
        if is_allowed:
            assert len(fetch_from(url)) == size
        else:
            with pytest.raises(FetchFailed, match="more than 1,000 bytes"):
                fetch_from(url)


@pytest.mark.parametrize("start", [OK + b"Content-Length: 900\r\n\r\n", OK + b"Endless: ", b"HTTP/1.1 3"])
def test_answer_when_it_drips_then_given_up_at_the_deadline(start: bytes) -> None:
    begun = time.monotonic()
    with raw_server(drip(start)) as url, pytest.raises(FetchFailed, match="in time") as caught:
        fetch_from(url, deadline=0.1)
    assert (caught.value.code, caught.value.is_final) == ("timeout", False)
    assert time.monotonic() - begun < 30


def test_redirect_when_followed_then_its_own_body_is_not_read() -> None:
    def redirect(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 9999999\r\n\r\n")

    with raw_server(redirect, lambda connection: connection.sendall(OK + b"\r\nend")) as url:
        assert fetch_from(url) == b"end"


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/", "without end"),
        ("ftp://127.0.0.1/", "not a web address"),
        ("http://a..b/", "not a web address"),
        ("http://127.0.0.1:99999/", "not a web address"),
        ("http://xn--a/", "not a web address"),
        ("http://user:secret@127.0.0.1/", "not a web address"),
        ("http://10.0.0.1/", "private address"),
    ],
)
def test_redirect_when_it_leads_astray_then_refused(location: str, words: str) -> None:
    answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with raw_server(lambda connection: connection.sendall(answer)) as url, pytest.raises(FetchFailed) as caught:
        fetch_from(url)
    assert (caught.value.code, caught.value.is_final) == ("bad-address", True)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://[x",
        "http://a..b/",
        f"http://{'a' * 64}.example/",
        "http://a\ud800b/",
        "http://127.0.0.1/\ud800",
        "http://127.0.0.1/a\0b",
        "http://user:secret@127.0.0.1/",
        "http://@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://xn--a/",
        "http:///x",
        f"http://127.0.0.1/{'a' * 70_000}",
        "",
    ],
)
def test_address_when_it_is_none_then_refused_in_a_printable_sentence(fetch: HttpFetch, url: str) -> None:
    with pytest.raises(FetchFailed, match="not a web address") as caught:
        fetch(url, max_bytes=10)
    assert (caught.value.code, caught.value.is_final) == ("bad-address", True)
    assert str(caught.value).isascii()
    assert "secret" not in str(caught.value)


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
    "address",
    [
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:a00:1::",
        "2001:0:a00:1::",
        "2001:0:808:808::f5ff:fffe",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "fec0::1",
        "224.0.0.1",
        "232.1.1.1",
        "ff0e::1",
        "::ffff:224.0.0.1",
        "::ffff:0:10.0.0.1",
        "::ffff:0:8.8.8.8",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.0.10",
        "::ffff:192.0.0.9",
    ],
)
@pytest.mark.parametrize("allow_loopback", [False, True])
def test_address_when_private_inside_or_multicast_then_not_permitted(address: str, allow_loopback: bool) -> None:
    assert not is_permitted(address, allow_loopback=allow_loopback)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_address_when_public_then_permitted(address: str) -> None:
    assert is_permitted(address, allow_loopback=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_address_when_loopback_then_permitted_where_named(address: str) -> None:
    assert is_permitted(address, allow_loopback=True)
    assert not is_permitted(address, allow_loopback=False)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8099/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://127.0.0.1.evil.example/", False),
        ("http://[x", False),
    ],
)
def test_base_url_when_loopback_then_known_as_such(url: str, local: bool) -> None:
    assert is_loopback_url(url) is local
