"""Links are looked at politely; what is gone three times, a day apart, is not shown; a good answer brings it back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dermref.catalog import models
from dermref.catalog.links import due_links, links_with
from dermref.model.asking import ANONYMOUS
from dermref.model.deployment import Stopped
from dermref.model.harvest import FetchFailed
from dermref.model.link import Finding, LinkRecord, LinkState, NewLink, Seen, Sight
from dermref.services.link_rot import STRIKES, WAITS, Report, after, check_links, look_at_all, paces_of
from dermref.services.linking import add_link, list_links
from dermref.services.registering import register_sources
from dermref.services.see_also import see_also
from linked_pages import LinkedPages

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = "https://www.hellenicdermatlas.com/x.html"
SPITZ = "https://www.pathologyoutlines.com/topic/spitz{}.html"
GONE, THERE, UNSURE = (Finding(one, "as it was found") for one in (Sight.GONE, Sight.THERE, Sight.UNSURE))


@pytest.fixture(autouse=True)
def registry(db: None) -> None:
    register_sources()


@pytest.fixture
def pages() -> Iterator[LinkedPages]:
    with LinkedPages() as server:
        yield server


def add(url: str = PAGE, source_id: str = "hellenic-derm-atlas") -> LinkRecord:
    return add_link(NewLink(source_id, url, "A page", "Spitz tumor"), by="A. Curator").link


def now_of(link: LinkRecord) -> LinkRecord:
    return links_with([link.row_id])[0]


def told(status: int) -> Callable[[str], Seen]:
    return lambda url: Seen(status)


def look(link: LinkRecord, status: int, at: datetime) -> LinkRecord:
    look_at_all([now_of(link)], told(status), now=lambda: at)
    return now_of(link)


def is_shown() -> bool:
    return bool(see_also(viewer=ANONYMOUS, condition="spitz-tumor"))


def test_page_when_gone_three_days_in_a_row_then_not_shown_and_a_good_answer_brings_it_back() -> None:
    link = add()
    seen = [look(link, 404, NOW + at * DAY) for at in range(2)]
    assert [(one.state, one.strikes) for one in seen] == [(LinkState.MISSING, 1), (LinkState.MISSING, 2)]
    assert is_shown()
    assert look(link, 410, NOW + 2 * DAY).state is LinkState.BROKEN
    assert not is_shown()
    back = look(link, 200, NOW + 40 * DAY)
    assert (back.state, back.strikes, back.status) == (LinkState.THERE, 0, "answers 200")
    assert is_shown()


def test_page_when_gone_in_turn_with_good_answers_then_never_broken() -> None:
    link = add()
    for at in range(2 * STRIKES):
        assert look(link, 200 if at % 3 == 2 else 404, NOW + at * DAY).state is not LinkState.BROKEN


def test_page_when_looked_at_twice_in_a_day_then_one_strike() -> None:
    link = add()
    for at in range(STRIKES):
        seen = look(link, 404, NOW + at * timedelta(hours=5))
    assert (seen.state, seen.strikes) == (LinkState.MISSING, 1)


@pytest.mark.parametrize("status", [500, 503, 429, 418])
def test_page_when_its_server_is_ill_then_noted_and_no_strike(status: int) -> None:
    link = add()
    look(link, 404, NOW)
    seen = look(link, status, NOW + DAY)
    assert (seen.state, seen.strikes, seen.status) == (LinkState.MISSING, 1, f"answers {status}")
    assert seen.checked_at == NOW + DAY


def test_page_when_it_wants_a_login_then_alive_and_said_beside_the_link() -> None:
    link = add()
    assert look(link, 401, NOW).state is LinkState.LOGIN
    (group,) = see_also(viewer=ANONYMOUS, condition="spitz-tumor")
    assert group.pointers[0].needs_login


def test_page_when_moved_on_its_site_then_a_curator_reads_where_and_visitors_go_where_the_link_says() -> None:
    link = add()
    look_at_all([link], lambda url: Seen(301, "/new.html"), now=lambda: NOW)
    seen = now_of(link)
    assert (seen.state, seen.strikes) == (LinkState.MOVED, 0)
    assert seen.moved_to == "https://www.hellenicdermatlas.com/new.html"
    assert see_also(viewer=ANONYMOUS, condition="spitz-tumor")[0].pointers[0].url == PAGE
    assert look(link, 200, NOW + 7 * DAY).moved_to == ""


def test_state_after_a_look_when_broken_already_then_stays_so_until_a_good_answer() -> None:
    link = replace(add(), state=LinkState.BROKEN, strikes=STRIKES, checked_at=NOW)
    assert after(link, GONE, now=NOW + 30 * DAY).strikes == STRIKES
    assert after(link, UNSURE, now=NOW + 30 * DAY).state is LinkState.BROKEN
    assert after(link, THERE, now=NOW + 30 * DAY).state is LinkState.THERE


def test_links_when_not_due_then_left_alone() -> None:
    link = add()

    def is_due(state: LinkState, age: timedelta) -> bool:
        models.Link.objects.update(state=state, checked_at=NOW - age)
        return bool(due_links(WAITS, at=NOW, sources=[link.source_id]))

    assert due_links(WAITS, at=NOW, sources=[link.source_id]) == [link]
    assert [state for state, wait in WAITS.items() if not is_due(state, wait)] == []
    assert [state for state, wait in WAITS.items() if is_due(state, wait - DAY / 2)] == []
    assert set(WAITS) == set(LinkState)


def no_host(url: str) -> Seen:
    raise FetchFailed("no-such-host", "…", is_final=False)


def test_hosts_when_none_at_all_is_found_then_it_is_our_network_and_no_strike() -> None:
    links = [add(), add(SPITZ.format(1), "pathologyoutlines")]
    report = look_at_all(links, no_host, now=lambda: NOW)
    assert report.sights == {Sight.UNSURE: 2}
    assert report.is_good
    assert {now_of(link).strikes for link in links} == {0}


def test_host_when_its_name_is_gone_and_others_answer_then_a_strike() -> None:
    links = [add(), add(SPITZ.format(1), "pathologyoutlines")]

    def one_is_gone(url: str) -> Seen:
        return no_host(url) if url == PAGE else Seen(200)

    report = look_at_all(links, one_is_gone, now=lambda: NOW)
    assert not report.is_good
    assert [now_of(link).status for link in links] == ["no such host", "answers 200"]
    assert [now_of(link).strikes for link in links] == [1, 0]


def private(url: str) -> Seen:
    raise FetchFailed("bad-address", "…", is_final=True)


def test_name_when_it_leads_into_a_private_network_then_not_shown_from_that_look_on() -> None:
    link = add()
    look_at_all([link], private, now=lambda: NOW)
    assert now_of(link).state is LinkState.BROKEN
    assert not is_shown()
    assert [one.hidden.text for one in list_links() if one.hidden] == ["Its name leads to no public address."]
    assert look(link, 404, NOW + 30 * DAY).state is LinkState.BROKEN
    assert look(link, 200, NOW + 60 * DAY).state is LinkState.THERE


def test_page_when_it_redirects_to_no_web_address_then_one_strike() -> None:
    link = add()
    look_at_all([link], lambda url: Seen(302, "javascript:alert(1)"), now=lambda: NOW)
    assert (now_of(link).state, now_of(link).status) == (LinkState.MISSING, "answers 302, to no web address")


def test_link_when_it_gets_another_address_during_the_look_then_the_look_says_nothing_of_it() -> None:
    link = add()
    models.Link.objects.update(url=f"{PAGE}?new")
    report = look_at_all([link], told(404), now=lambda: NOW)
    assert (report.looked, now_of(link).state, now_of(link).checked_at) == ([], LinkState.UNCHECKED, None)


def test_host_when_it_asks_for_peace_then_left_alone_for_this_run() -> None:
    links = [add(f"{PAGE}?{at}") for at in range(3)]
    asked: list[str] = []

    def busy(url: str) -> Seen:
        asked.append(url)
        return Seen(429)

    report = look_at_all(links, busy, now=lambda: NOW)
    assert (len(asked), report.put_off) == (1, 2)
    assert now_of(links[2]).checked_at is None


def test_links_of_masaryk_when_looked_at_then_its_main_page_is_once_and_no_deep_page() -> None:
    deep = "http://atlases.muni.cz/atlases/kuze/atl_en/sect_{}.html"
    links = [add(deep.format(at), "masaryk-dermpath-atlas") for at in range(3)]
    asked: list[str] = []

    def there(url: str) -> Seen:
        asked.append(url)
        return Seen(200)

    look_at_all(links, there, now=lambda: NOW)
    assert asked == ["http://atlases.muni.cz"]
    assert {now_of(link).state for link in links} == {LinkState.THERE}


def test_link_when_another_run_was_faster_then_one_look_counts() -> None:
    link = add()
    look_at_all([link], told(404), now=lambda: NOW)
    report = look_at_all([link], told(404), now=lambda: NOW + DAY)
    assert (report.looked, now_of(link).strikes) == ([], 1)


def test_source_when_it_forbids_bulk_fetching_then_one_request_a_minute() -> None:
    paces = paces_of([add(), add(SPITZ.format(1), "pathologyoutlines")])
    assert [(pace.host, pace.seconds, pace.connections) for pace in paces if pace.seconds >= 60] == [
        ("www.pathologyoutlines.com", 60.0, 1)
    ]


def check(pages: LinkedPages, **wanted: Any) -> Report:
    return check_links(limit=wanted.pop("limit", 500), base_url=pages.base_url, **wanted)


def test_links_when_checked_over_http_then_states_are_written_and_told(pages: LinkedPages) -> None:
    links = [add(), add(f"{PAGE}?2"), add(SPITZ.format(1), "pathologyoutlines")]
    pages.put(PAGE)
    pages.put(f"{PAGE}?2", 302, Location="https://idp.example.org/")
    told_of: list[Sight] = []
    report = check(pages, progress=lambda looked: told_of.append(looked.finding.sight))
    assert told_of == [Sight.THERE, Sight.LOGIN, Sight.GONE]
    assert [now_of(link).state for link in links] == [LinkState.THERE, LinkState.LOGIN, LinkState.MISSING]
    assert not report.is_good
    assert "/idp.example.org/" not in {request.path for request in pages.requests}
    assert check(pages).looked == []  # none is due


def test_links_when_a_source_wants_to_be_asked_slowly_then_few_in_one_run(pages: LinkedPages) -> None:
    for at in range(12):
        add(SPITZ.format(at), "pathologyoutlines")
    report = check(pages, source_id="pathologyoutlines")
    assert (len(report.looked), report.put_off) == (10, 2)
    assert len(check(pages, source_id="pathologyoutlines").looked) == 2


def test_links_when_many_wait_then_neither_slow_nor_quick_hosts_keep_the_others_waiting(pages: LinkedPages) -> None:
    for at in range(12):
        add(SPITZ.format(at), "pathologyoutlines")
    for at in range(12):
        add(f"{PAGE}?{at}")
    first, second = check(pages, limit=15), check(pages, limit=15)
    sources = [[looked.link.source_id for looked in report.looked] for report in (first, second)]
    assert sources[0] == ["hellenic-derm-atlas"] * 5 + ["pathologyoutlines"] * 10
    assert sources[1] == ["hellenic-derm-atlas"] * 7 + ["pathologyoutlines"] * 2
    assert (first.put_off, second.put_off) == (9, 0)


def test_links_when_limited_then_no_more(pages: LinkedPages) -> None:
    for at in range(3):
        add(f"{PAGE}?{at}")
    assert len(check(pages, limit=2).looked) == 2


def test_check_when_the_source_is_unknown_or_nobody_to_write_to_then_one_sentence(pages: LinkedPages) -> None:
    with pytest.raises(Stopped, match="There is no source “nowhere”"):
        check(pages, source_id="nowhere")
    with pytest.raises(Stopped, match="DERMREF_CONTACT"):
        check_links(limit=1)
