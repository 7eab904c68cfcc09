"""A curator's desk: what waits in quarantine with its file, and what a curator lets pass, with a name and a reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils import timezone

from dermref.catalog.acceptances import Passed, Waiting, save_acceptance, waiting
from dermref.catalog.received import known_items
from dermref.catalog.writing import Received, known_files
from dermref.media.store import Blobs, Kept
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.model.evidence import FileRef, Refusal
from dermref.model.media import Inspected
from dermref.model.policy import PolicyKey
from dermref.services.bringing import keep
from dermref.services.deployment import blobs, deployment
from dermref.services.doors import open_door
from dermref.services.inspectors import Inspectors
from dermref.services.job import Desk
from dermref.services.judging import judge
from dermref.services.likeness import Likes
from dermref.services.originals import read_kept
from dermref.services.report import Fate, Report
from dermref.services.rulings import all_sources
from dermref.services.settling import Case, refuse, settle
from dermref.services.standing import mark_of
from dermref.services.wishing import wish_for
from dermref.sources.adapters import READERS

Select = Callable[[], Iterable[Waiting]]
UNREADABLE = Refusal("unknown-source", "its source left the registry, or nobody here can read its document again")
GONE = Refusal("file-missing", "its kept file is missing or damaged: ingest its source again")


def waiting_items(source_id: str | None = None, code: str | None = None) -> Iterator[Waiting]:
    """What waits for a curator, by source and id; only what has this finding."""
    for item in waiting(source_id):
        if code is None or code in {one.code for one in item.reasons}:
            yield item


def only_with(source_id: str, codes: frozenset[str]) -> Iterator[Waiting]:
    """What waits of this source for nothing but these findings."""
    return (item for item in waiting(source_id) if {one.code for one in item.reasons} <= codes)


def find_waiting(public_ids: Iterable[str]) -> list[Waiting]:
    """The items with these ids. Raises Stopped when one of them does not wait."""
    found = []
    for public_id in dict.fromkeys(public_ids):
        source_id, _, foreign_id = public_id.partition(":")
        item = next(waiting(source_id, foreign_id), None) if foreign_id else None
        if item is None:
            raise Stopped(f"{public_id} does not wait for a curator; “dermref quarantine list” shows what does.")
        found.append(item)
    return found


def accept(
    select: Select,
    author: Author,
    *,
    codes: frozenset[str] | None = None,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Let items pass despite what was found in their files (only `codes`, when given), and settle them again at once:
    an item that something else keeps out stays out, and says so. Raises Stopped as `recheck` does, and when none of the
    items has one of `codes`.
    """

    def let_pass(items: Sequence[Waiting]) -> None:
        chosen = {item: [one for one in item.reasons if codes is None or one.code in codes] for item in items}
        if items and not any(chosen.values()):
            raise Stopped(f"None of these items waits for {', '.join(sorted(codes or ()))}.")
        for item in items:
            if chosen[item]:
                marks = {mark for one in chosen[item] for mark in (one.code, mark_of(one))}
                passed = Passed(frozenset(marks), _license_of(item))
                save_acceptance(item, passed, author, at=timezone.now())

    return recheck(select, before=let_pass, progress=progress)


def recheck(
    select: Select,
    *,
    before: Callable[[Sequence[Waiting]], None] = lambda items: None,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Inspect the kept files again and settle their items by today's rules. The items are selected, and `before` is
    told of them, when no ingest can change them any more. Raises Stopped during an ingest."""
    store, likes = blobs(), Likes()
    with store.only_writer(), Inspectors(1) as inspectors:
        store.recover(known_files)
        items = list(select())
        before(items)
        report = Report("quarantine", total=len(items))
        for item in items:
            _settle_again(item, store, likes, report, inspectors)
            progress(report)
        store.recover(known_files)
    report.state = "finished"
    return report


def _settle_again(item: Waiting, store: Blobs, likes: Likes, report: Report, inspectors: Inspectors) -> None:
    """As if the item had just come in, with the document and the file that are kept of it."""
    source, reader = all_sources().get(item.source_id), READERS.get(item.reader)
    if source is None or reader is None:
        report.count(item.foreign_id, Fate.FAILED, UNREADABLE)
        return
    door = open_door(source, operator=deployment().operator)
    if isinstance(door, Refusal):
        report.count(item.foreign_id, Fate.FAILED, door)
        return
    desk = Desk(source, deployment().operator, store, likes, door)
    harvested = reader.read(item.document, source)
    known = known_items(item.source_id, [item.foreign_id]).get(item.foreign_id)
    received = Received(harvested, item.run_id, timezone.now(), item.reader)
    judged = judge(source, harvested, operator=desk.operator, door=door)
    case = Case(received, known, judged)
    if isinstance(case.judged, Refusal):
        refuse(desk, case, case.judged, report=report)
    else:
        settle(desk, case, _inspect(item, case.judged, harvested.file, desk, inspectors), report)


def _license_of(item: Waiting) -> str:
    """The license that the item's document records, by today's rules; "" where it records none."""
    source, reader = all_sources().get(item.source_id), READERS.get(item.reader)
    if source is None or reader is None:
        return ""
    operator = deployment().operator
    door = open_door(source, operator=operator)
    key = judge(source, reader.read(item.document, source), operator=operator, door=door)
    return "" if isinstance(key, Refusal) else key.license_id


def _inspect(
    item: Waiting, key: PolicyKey, file: FileRef | None, desk: Desk, inspectors: Inspectors
) -> Inspected | Refusal:
    data = read_kept(Kept(item.sha256, None))
    if data is None or file is None:
        return GONE
    wish = wish_for(desk.source, key, operator=desk.operator, ahead=deployment().ahead, door=desk.door)
    found = inspectors.inspect(data, name=file.name, wish=wish)
    return found if isinstance(found, Refusal) else keep(data, found, desk.blobs, permit=desk.door.permit)
