"""Looks whether linked pages are still there, politely, and following nothing. What was looked for and not found three
times, a day apart at least, is not shown any more; a name that leads into a private network, not from that look on."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from dermref.catalog.links import Checked, due_links, record_check
from dermref.model.asking import Action
from dermref.model.deployment import Stopped
from dermref.model.link import Finding, LinkRecord, LinkState, Look, Sight
from dermref.model.source import Effect, Pace
from dermref.services.deployment import deployment
from dermref.services.linking import rulers_of, target_of
from dermref.services.rulings import all_sources
from dermref.sources.fetch import HttpFetch
from dermref.sources.looking import NO_PUBLIC_ADDRESS, NO_SUCH_HOST, is_answer, is_busy, look_at

STRIKES = 3
APART = timedelta(days=1)  # a server that is down for an afternoon makes one strike, not three
WAITS = {  # how long after a look the next one is due
    LinkState.UNCHECKED: APART,
    LinkState.MISSING: APART,
    LinkState.THERE: timedelta(days=7),
    LinkState.LOGIN: timedelta(days=7),
    LinkState.MOVED: timedelta(days=7),
    LinkState.BROKEN: timedelta(days=30),
}
# A look reads no page: it asks whether one is there, as a visitor's click would. So a source that forbids automated
# extraction is looked at too, but no faster than a person would click, and so few at a time that a run has an end.
SLOW = 60.0  # seconds between two requests
SLOW_AT_ONCE = 10  # links of such a source in one run; the others are due in the next
STATES = {Sight.THERE: LinkState.THERE, Sight.LOGIN: LinkState.LOGIN, Sight.MOVED: LinkState.MOVED}


@dataclass(frozen=True, slots=True)
class Looked:
    """One link that was looked at, what was found, and what it is now."""

    link: LinkRecord
    finding: Finding
    state: LinkState
    strikes: int


@dataclass(slots=True)
class Report:
    """What a run looked at. `put_off` are due still: beyond its limit, or at a host that wants to be left alone."""

    looked: list[Looked] = field(default_factory=list)
    put_off: int = 0

    @property
    def sights(self) -> Counter[Sight]:
        """How often each thing was found."""
        return Counter(one.finding.sight for one in self.looked)

    @property
    def is_good(self) -> bool:
        """Whether no page was missing."""
        return not self.sights[Sight.GONE]


def check_links(
    *,
    source_id: str | None = None,
    limit: int,
    base_url: str | None = None,
    progress: Callable[[Looked], None] = lambda looked: None,
) -> Report:
    """Look at the links that are due, with a polite fetcher. `base_url` is a mirror, with a folder for each host.
    Raises Stopped with one sentence where it cannot even begin."""
    if source_id is not None and source_id not in all_sources():
        raise Stopped(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    known = [source_id] if source_id is not None else [*all_sources()]
    due = due_links(WAITS, at=timezone.now(), sources=known)
    links = _of_one_run(due, limit)
    with HttpFetch(deployment().contact, base_url=base_url, is_mirrored=bool(base_url), paces=paces_of(links)) as fetch:
        report = look_at_all(links, fetch.look, now=timezone.now, progress=progress)
    report.put_off += len(due) - len(links)
    return report


def look_at_all(
    links: Iterable[LinkRecord],
    look: Look,
    *,
    now: Callable[[], datetime],
    progress: Callable[[Looked], None] = lambda looked: None,
) -> Report:
    """Look at these links in turn, and write down each at once. What visitors are sent to is looked at, once a run."""
    report = Report()
    known: dict[str, Finding] = {}
    resting: set[str] = set()
    nameless: list[tuple[LinkRecord, Finding]] = []
    has_network = False
    for link in links:
        target = target_of(link)
        host = urlsplit(target).netloc
        if host in resting:
            report.put_off += 1
            continue
        finding = known[target] = known.get(target) or look_at(target, look)
        if is_busy(finding):
            resting.add(host)
        if finding.status == NO_SUCH_HOST:
            nameless.append((link, finding))
            continue
        has_network = has_network or is_answer(finding)
        _settle(link, finding, report, now=now(), progress=progress)
    for link, finding in nameless:  # it is the network here that is down where no host at all was found
        said = finding if has_network else Finding(Sight.UNSURE, finding.status)
        _settle(link, said, report, now=now(), progress=progress)
    return report


def after(link: LinkRecord, finding: Finding, *, now: datetime) -> Checked:
    """What a link becomes after this look. Only a page that is gone is a strike: an answer of 5xx or 429, none in time,
    or a robots.txt that keeps us out says something of the server at this minute, and nothing of the page. No visitor
    is sent into a private network once more."""
    if finding.sight is Sight.UNSURE:
        return Checked(link.state, link.strikes, now, finding.status, link.moved_to)
    if finding.sight is not Sight.GONE:
        return Checked(STATES[finding.sight], 0, now, finding.status, finding.moved_to)
    if finding.status == NO_PUBLIC_ADDRESS:
        return Checked(LinkState.BROKEN, STRIKES, now, finding.status, link.moved_to)
    is_too_soon = link.strikes > 0 and link.checked_at is not None and now - link.checked_at < APART
    strikes = link.strikes if is_too_soon else min(link.strikes + 1, STRIKES)
    state = LinkState.BROKEN if strikes >= STRIKES else LinkState.MISSING
    return Checked(state, strikes, now, finding.status, link.moved_to)


def paces_of(links: Iterable[LinkRecord]) -> tuple[Pace, ...]:
    """How the hosts of these links want to be asked: slowly where a source forbids to be fetched in bulk, else as its
    registry row says."""
    slow = {urlsplit(target_of(link)).hostname or "" for link in links if _is_slow(link)}
    said = (pace for source in all_sources().values() for pace in source.ingest.paces)
    return (*(Pace(host, SLOW, 1) for host in sorted(slow)), *said)


def _of_one_run(links: list[LinkRecord], limit: int) -> list[LinkRecord]:
    """At most `limit` of these links: a few of every slow host, looked at last, and else those most overdue. Neither
    can keep the others waiting for ever."""
    slow: dict[str, list[LinkRecord]] = {}
    for link in links:
        if _is_slow(link):
            slow.setdefault(urlsplit(target_of(link)).netloc, []).append(link)
    few = [link for group in slow.values() for link in group[:SLOW_AT_ONCE]][:limit]
    quick = [link for link in links if not _is_slow(link)]
    return quick[: limit - len(few)] + few


def _is_slow(link: LinkRecord) -> bool:
    return any(
        term.effect is Effect.PROHIBIT and Action.FETCH_BULK in term.actions
        for source in rulers_of(link)
        for term in source.terms.terms
    )


def _settle(
    link: LinkRecord, finding: Finding, report: Report, *, now: datetime, progress: Callable[[Looked], None]
) -> None:
    checked = after(link, finding, now=now)
    if not record_check(link, checked):  # another run was faster
        return
    looked = Looked(link, finding, checked.state, checked.strikes)
    report.looked.append(looked)
    progress(looked)
