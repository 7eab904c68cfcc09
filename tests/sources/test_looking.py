"""A look at a linked page asks once, reads no body, follows nothing, and obeys robots.txt."""

import socket
from collections.abc import Iterator

import pytest

from dermref.model.harvest import FetchFailed
from dermref.model.link import Seen, Sight
from dermref.sources.fetch import HttpFetch
from dermref.sources.looking import found_at, is_busy, look_at
from faulty_server import Reply
from linked_pages import LinkedPages

PAGE = "https://atlas.example.org/topic/spitz.html"
SEEN_GET = ("HEAD", "GET")


@pytest.fixture
def pages() -> Iterator[LinkedPages]:
    with LinkedPages() as server:
        yield server


@pytest.fixture
def fetch(pages: LinkedPages) -> Iterator[HttpFetch]:
    with HttpFetch(None, base_url=pages.base_url, is_mirrored=True, patience=0.01) as made:
        yield made


def test_page_when_there_then_head_alone_is_asked(pages: LinkedPages, fetch: HttpFetch) -> None:
    pages.put(PAGE)
    assert look_at(PAGE, fetch.look).sight is Sight.THERE
    assert pages.asked(PAGE) == ["HEAD"]


@pytest.mark.parametrize(
    ("status", "sight", "asked"),
    [
        (204, Sight.THERE, 1),
        (304, Sight.UNSURE, 1),
        (401, Sight.LOGIN, 1),
        (403, Sight.LOGIN, 2),
        (404, Sight.GONE, 2),
        (410, Sight.GONE, 2),
        (400, Sight.UNSURE, 2),
        (405, Sight.UNSURE, 2),
        (429, Sight.UNSURE, 1),
        (500, Sight.UNSURE, 2),
        (503, Sight.UNSURE, 1),
    ],
)
def test_page_when_it_answers_so_then_it_is(
    pages: LinkedPages, fetch: HttpFetch, status: int, sight: Sight, asked: int
) -> None:
    pages.put(PAGE, status)
    finding = look_at(PAGE, fetch.look)
    assert (finding.sight, finding.status) == (sight, f"answers {status}")
    assert pages.asked(PAGE) == list(SEEN_GET[:asked])
    assert is_busy(finding) == (status in (429, 503))


def test_page_when_its_server_knows_no_head_then_get_decides_and_wants_few_bytes(
    pages: LinkedPages, fetch: HttpFetch
) -> None:
    pages.put(PAGE)
    pages.fail("spitz", 405)
    assert look_at(PAGE, fetch.look).sight is Sight.THERE
    assert pages.asked(PAGE) == ["HEAD", "GET"]
    assert pages.requests[-1].headers["Range"] == "bytes=0-1023"


@pytest.mark.parametrize(
    ("location", "sight"),
    [
        ("/topic/spitz2.html", Sight.MOVED),
        ("spitz2.html?by=the+author", Sight.MOVED),
        ("https://www.atlas.example.org/topic/spitz.html", Sight.MOVED),
        ("https://example.org/atlas/", Sight.MOVED),
        ("/login?next=/topic/spitz.html", Sight.LOGIN),
        ("/Sign-In/", Sight.LOGIN),
        ("/x?go=SSO", Sight.LOGIN),
        ("https://idp.example.org/", Sight.LOGIN),
        ("https://elsewhere.example.net/topic/spitz.html", Sight.LOGIN),
        ("javascript:alert(1)", Sight.GONE),
        ("https://[x", Sight.GONE),
        ("", Sight.GONE),
    ],
)
def test_page_when_it_redirects_then_nobody_follows(
    pages: LinkedPages, fetch: HttpFetch, location: str, sight: Sight
) -> None:
    pages.put(PAGE, 302, Location=location)
    assert look_at(PAGE, fetch.look).sight is sight
    assert [one.path for one in pages.requests] == [
        "/atlas.example.org/robots.txt",
        "/atlas.example.org/topic/spitz.html",
    ]


def test_page_when_it_moved_on_its_site_then_a_curator_reads_where_to() -> None:
    assert found_at(PAGE, Seen(301, "../new/spitz.html")).moved_to == "https://atlas.example.org/new/spitz.html"
    assert found_at(PAGE, Seen(301, "/login")).moved_to == ""


@pytest.mark.parametrize("location", ["/n\u009b2Jgone.html", "/" + "x" * 3000, "/p\u00e1gina.html"])
def test_page_when_it_moved_to_what_is_no_plain_address_then_moved_and_nothing_odd_is_handed_on(location: str) -> None:
    finding = found_at(PAGE, Seen(301, location))
    assert (finding.sight, finding.moved_to) == (Sight.MOVED, "")


def test_page_when_robots_does_not_allow_it_then_it_is_not_asked_for(pages: LinkedPages, fetch: HttpFetch) -> None:
    pages.put(PAGE)
    pages.replies["/atlas.example.org/robots.txt"] = Reply(b"User-agent: *\nDisallow: /topic/\n", 200, "text/plain")
    assert look_at(PAGE, fetch.look).sight is Sight.UNSURE
    assert pages.asked(PAGE) == []


def test_page_when_its_robots_cannot_be_had_then_unsure(pages: LinkedPages, fetch: HttpFetch) -> None:
    pages.put("https://atlas.example.org/robots.txt", 500)
    assert look_at(PAGE, fetch.look).sight is Sight.UNSURE
    assert pages.asked(PAGE) == []


def test_page_when_the_connection_breaks_off_then_unsure_and_asked_once(pages: LinkedPages, fetch: HttpFetch) -> None:
    pages.fail("spitz", "drop", times=9)
    assert look_at(PAGE, fetch.look).status == "the connection broke off"
    assert pages.asked(PAGE) == ["HEAD"]


def test_address_when_it_leads_into_this_machine_then_never_connected(pages: LinkedPages) -> None:
    with HttpFetch("curator@example.org", patience=0.01) as fetch:
        finding = look_at(f"{pages.base_url}/x", fetch.look)
    assert (finding.sight, finding.status) == (Sight.GONE, "leads to no public address")
    assert pages.requests == []


@pytest.mark.parametrize(
    ("number", "sight"), [(socket.EAI_NONAME, Sight.GONE), (socket.EAI_AGAIN, Sight.UNSURE)], ids=["none", "again"]
)
def test_host_when_its_name_leads_nowhere_then_gone_but_not_when_nobody_answers(
    monkeypatch: pytest.MonkeyPatch, number: int, sight: Sight
) -> None:
    def no_answer(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "as the name service says it")

    monkeypatch.setattr(socket, "getaddrinfo", no_answer)  # no name may be asked for in a test
    with HttpFetch("curator@example.org", patience=0.01) as fetch:
        assert look_at("https://nowhere.example.org/", fetch.look).sight is sight


def test_fault_when_its_code_is_new_then_unsure() -> None:
    def look(url: str) -> Seen:
        raise FetchFailed("something-new", "…", is_final=True)

    assert look_at(PAGE, look).sight is Sight.UNSURE
