"""The way out asks as its hosts want to be asked: slowly, by their rules, and never twice for what did not change."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from dermref.model.harvest import FetchFailed
from dermref.model.source import Pace
from dermref.sources.fetch import HttpFetch
from dermref.sources.pace import Turns
from dermref.sources.remembered import Memory
from faulty_server import FaultyServer, Reply

PAGE = "https://atlas.example/page"
HOST = "/atlas.example"


class Pages(FaultyServer):
    """What each path answers; a mirror of `atlas.example` and others."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: dict[str, Reply] = {f"{HOST}/page": Reply(b"words", 200, "text/html", {"ETag": '"1"'})}

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        reply = self.replies.get(path, Reply(b"", 404))
        if headers.get("If-None-Match") == reply.headers.get("ETag", "no"):
            return Reply(b"", 304)
        return reply

    def robots(self, *lines: str, status: int = 200) -> None:
        self.replies[f"{HOST}/robots.txt"] = Reply("\n".join(lines).encode(), status, "text/plain")

    @property
    def asked(self) -> list[str]:
        return [one.path for one in self.requests if not one.path.endswith("robots.txt")]


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        yield server


@pytest.fixture
def fetch(pages: Pages) -> Iterator[HttpFetch]:
    with HttpFetch(None, base_url=pages.base_url, is_mirrored=True, patience=0.001) as client:
        yield client


def test_address_when_mirrored_then_it_is_asked_for_below_the_mirror_and_keeps_its_name(
    pages: Pages, fetch: HttpFetch
) -> None:
    assert fetch(PAGE, max_bytes=10).url == PAGE
    assert pages.asked == [f"{HOST}/page"]


@pytest.mark.parametrize("target", ["/page", PAGE, "//atlas.example/page"])
def test_redirect_when_mirrored_then_it_stays_in_the_mirror(pages: Pages, fetch: HttpFetch, target: str) -> None:
    pages.replies[f"{HOST}/old"] = Reply(b"", 301, "text/html", {"Location": target})
    assert fetch("https://atlas.example/old", max_bytes=10).url == PAGE


@pytest.mark.parametrize("rule", ["Disallow: /", "Disallow: /page", "Disallow: /*ge"])
def test_page_when_robots_forbid_it_then_it_is_not_asked_for(pages: Pages, fetch: HttpFetch, rule: str) -> None:
    pages.robots("User-agent: *", rule)
    with pytest.raises(FetchFailed, match=r"robots\.txt") as caught:
        fetch(PAGE, max_bytes=10)
    assert (caught.value.code, caught.value.is_final, pages.asked) == ("robots", True, [])


def test_page_when_a_redirect_leads_where_robots_forbid_then_it_is_not_asked_for(
    pages: Pages, fetch: HttpFetch
) -> None:
    pages.robots("User-agent: dermref", "Disallow: /page", "User-agent: *", "Allow: /")
    pages.replies[f"{HOST}/old"] = Reply(b"", 301, "text/html", {"Location": "/page"})
    with pytest.raises(FetchFailed, match=r"robots\.txt"):
        fetch("https://atlas.example/old", max_bytes=10)
    assert pages.asked == [f"{HOST}/old"]


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (403, True), (410, True), (408, False), (425, False), (429, False), (500, False), (503, False)],
)
def test_robots_when_they_cannot_be_had_then_only_a_missing_file_allows(
    pages: Pages, fetch: HttpFetch, status: int, allowed: bool
) -> None:
    pages.robots("User-agent: *", "Disallow: /", status=status)
    with suppress(FetchFailed):
        fetch(PAGE, max_bytes=10)
    assert bool(pages.asked) is allowed


def test_robots_when_asked_often_then_they_are_fetched_once(pages: Pages, fetch: HttpFetch) -> None:
    for _ in range(5):
        fetch(PAGE, max_bytes=10)
    assert [one.path for one in pages.requests].count(f"{HOST}/robots.txt") == 1


def test_interface_when_the_registry_names_it_then_no_robots_speak_to_it(pages: Pages) -> None:
    pages.robots("User-agent: *", "Disallow: /")
    with HttpFetch(None, base_url=pages.base_url, is_mirrored=True, interfaces=(PAGE,)) as client:
        assert client(PAGE, max_bytes=10).body == b"words"


@pytest.mark.parametrize("delay", ["3600", "121"])
def test_delay_when_it_is_longer_than_anybody_waits_then_the_host_is_left_alone(
    pages: Pages, fetch: HttpFetch, delay: str
) -> None:
    pages.robots("User-agent: *", f"Crawl-delay: {delay}")
    with pytest.raises(FetchFailed, match="between two requests"):
        fetch(PAGE, max_bytes=10)


def test_delay_when_a_host_wants_it_then_requests_keep_it(pages: Pages, fetch: HttpFetch) -> None:
    pages.robots("User-agent: *", "Crawl-delay: 0.05")
    start = time.monotonic()
    for _ in range(4):
        fetch(PAGE, max_bytes=10)
    assert time.monotonic() - start >= 0.15


def test_turns_when_many_threads_ask_then_each_host_is_asked_at_its_own_pace() -> None:
    turns, starts = Turns((Pace("slow.example", 0.03, 1),), Pace("", 0.0, 8)), list[float]()

    def ask() -> None:
        with turns.turn("slow.example"):
            starts.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(after - before >= 0.025 for before, after in pairwise(sorted(starts)))


def test_turns_when_one_is_kept_then_no_more_are_under_way_than_the_host_wants() -> None:
    turns, under_way, most = Turns((Pace("narrow.example", 0.0, 2),)), [0], [0]
    lock = threading.Lock()

    def ask() -> None:
        with turns.turn("narrow.example"):
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            time.sleep(0.01)
            with lock:
                under_way[0] -= 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [2]


def test_host_when_it_says_that_it_is_busy_then_every_thread_waits() -> None:
    turns = Turns()
    turns.rest("busy.example", 0.05)
    start = time.monotonic()
    with turns.turn("busy.example"):
        assert time.monotonic() - start >= 0.045


@pytest.mark.parametrize("header", [{"Retry-After": "0"}, {}])
def test_error_when_it_comes_as_success_then_it_is_asked_again(
    pages: Pages, fetch: HttpFetch, header: dict[str, str]
) -> None:
    pages.fail("/page", "html", times=2, headers=header)
    busy = lambda body: 0.001 if b"unavailable" in body else None  # noqa: E731
    assert fetch(PAGE, max_bytes=1000, busy=busy).body == b"words"
    assert len(pages.asked) == 3


def test_server_when_it_wants_an_hour_then_it_is_left_alone(pages: Pages, fetch: HttpFetch) -> None:
    pages.fail("/page", 503, times=9, headers={"Retry-After": "3600"})
    with pytest.raises(FetchFailed, match="answers 503") as caught:
        fetch(PAGE, max_bytes=10)
    assert (caught.value.is_final, len(pages.asked)) == (False, 1)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "documents")


def fetched(pages: Pages, memory: Memory, *, keep: bool = True) -> bytes:
    with HttpFetch(None, base_url=pages.base_url, is_mirrored=True, memory=memory) as client:
        return client(PAGE, max_bytes=100, keep=keep).body


def test_document_when_it_did_not_change_then_it_is_not_sent_again(pages: Pages, memory: Memory) -> None:
    assert [fetched(pages, memory), fetched(pages, memory)] == [b"words", b"words"]
    assert pages.requests[-1].headers["If-None-Match"] == '"1"'


def test_document_when_it_changed_then_the_new_one_comes(pages: Pages, memory: Memory) -> None:
    fetched(pages, memory)
    pages.replies[f"{HOST}/page"] = Reply(b"other words", 200, "text/html", {"ETag": '"2"'})
    assert [fetched(pages, memory), fetched(pages, memory)] == [b"other words", b"other words"]


def test_document_when_nobody_keeps_it_then_it_is_always_sent(pages: Pages, memory: Memory) -> None:
    fetched(pages, memory, keep=False)
    fetched(pages, memory, keep=False)
    assert "If-None-Match" not in pages.requests[-1].headers


def test_memory_when_it_is_damaged_then_the_document_is_fetched_again(pages: Pages, memory: Memory) -> None:
    fetched(pages, memory)
    (kept,) = memory.folder.glob("??/*")
    kept.write_bytes(kept.read_bytes().replace(b"words", b"wurds"))
    assert fetched(pages, memory) == b"words"


def test_memory_when_it_is_full_then_what_was_not_needed_for_longest_goes(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    for number in range(4):
        memory.keep(f"https://a.example/{number}", bytes(400), media_type="text/html", headers={"ETag": str(number)})
        time.sleep(0.01)
    memory.still_needed("https://a.example/0")
    memory.most_bytes = 1500
    memory.shrink()
    assert [bool(memory.find(f"https://a.example/{number}")) for number in range(4)] == [True, False, False, True]


def test_memory_when_a_run_never_ends_then_it_stays_as_large_as_it_may_be(tmp_path: Path) -> None:
    memory = Memory(tmp_path, most_bytes=10_000)
    for number in range(100):
        memory.keep(f"https://a.example/{number}", bytes(1000), media_type="text/html", headers={"ETag": "1"})
    assert sum(path.stat().st_size for path in tmp_path.glob("??/*")) < 13_000


def test_memory_when_the_disk_is_full_then_nothing_stops(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    memory = Memory(tmp_path / "file")
    memory.keep("https://a.example/", b"x", media_type="text/html", headers={"ETag": "1"})
    memory.shrink()
    assert memory.find("https://a.example/") is None


@pytest.mark.parametrize("tag", ["\u00e9", "a\x7fb"])
def test_memory_when_a_validator_could_not_be_sent_back_then_it_is_not_kept(tmp_path: Path, tag: str) -> None:
    memory = Memory(tmp_path)
    memory.keep("https://a.example/", b"x", media_type="text/html", headers={"ETag": tag})
    assert memory.find("https://a.example/") is None


def test_memory_when_a_mirror_filled_it_then_the_live_source_is_asked_all_the_same(
    pages: Pages, memory: Memory
) -> None:
    fetched(pages, memory)
    with Pages() as other, HttpFetch(None, base_url=other.base_url, is_mirrored=True, memory=memory) as client:
        client(PAGE, max_bytes=100, keep=True)
        assert all("If-None-Match" not in one.headers for one in other.requests)


@pytest.mark.parametrize("steps", ["/../secret", "/a/../../secret", "/%2e%2E/secret", "/a/./b", "/..%2fsecret"])
def test_address_when_it_steps_up_then_it_is_none(pages: Pages, fetch: HttpFetch, steps: str) -> None:
    with pytest.raises(FetchFailed, match="not a web address"):
        fetch(f"https://atlas.example{steps}", max_bytes=10)
    assert pages.requests == []


@pytest.mark.parametrize(
    ("interface", "is_below"),
    [(PAGE, True), ("https://atlas.example/pa", False), ("https://atlas.example/", True), (f"{PAGE}/x", False)],
)
def test_interface_when_an_address_only_begins_like_it_then_robots_speak(
    pages: Pages, interface: str, is_below: bool
) -> None:
    pages.robots("User-agent: *", "Disallow: /")
    with HttpFetch(None, base_url=pages.base_url, is_mirrored=True, interfaces=(interface,)) as client:
        if is_below:
            assert client(PAGE, max_bytes=10).body == b"words"
        else:
            with pytest.raises(FetchFailed, match=r"robots\.txt"):
                client(PAGE, max_bytes=10)


def test_robots_when_they_could_not_be_had_then_the_host_is_not_asked_for_them_again_at_once(
    pages: Pages, fetch: HttpFetch
) -> None:
    pages.robots(status=503)
    for _ in range(3):
        with pytest.raises(FetchFailed):
            fetch(PAGE, max_bytes=10)
    assert len(pages.requests) == 5, "five attempts, once"
