"""A curator's desk: what waits in quarantine with its file, and what a curator lets pass, with a name and a reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from dermref.catalog.acceptances import Waiting, save_acceptance, waiting
from dermref.catalog.received import known_items
from dermref.catalog.writing import Received, known_files
from dermref.media.store import Kept
from dermref.model.deployment import Stopped
from dermref.model.evidence import FileRef, Refusal
from dermref.model.media import Inspected
from dermref.model.policy import PolicyKey
from dermref.services.bringing import keep
from dermref.services.deployment import blobs, deployment
from dermref.services.inspectors import Inspectors
from dermref.services.job import Desk
from dermref.services.judging import judge
from dermref.services.likeness import Likes
from dermref.services.originals import read_kept
from dermref.services.report import Report
from dermref.services.rulings import all_sources
from dermref.services.settling import Case, refuse, settle
from dermref.services.wishing import wish_for
from dermref.sources.adapters import READERS

GONE = Refusal("file-missing", "its kept file is missing or damaged: ingest its source again")


@dataclass(frozen=True, slots=True)
class Word:
    """Who lets something pass, and why."""

    by: str
    why: str


def waiting_items(source_id: str | None = None, code: str | None = None) -> Iterator[Waiting]:
    """What waits for a curator, by source and id; only what has this finding."""
    for item in waiting(source_id):
        if code is None or code in {one.code for one in item.reasons}:
            yield item


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
    items: Sequence[Waiting], word: Word, *, codes: frozenset[str] | None = None, progress: Callable[[Report], None]
) -> Report:
    """Let items pass despite what was found in their files (only `codes`, when given), and settle them again at once:
    an item that something else keeps out stays out, and says so."""
    now = timezone.now()
    for item in items:
        found = {one.code for one in item.reasons}
        save_acceptance(item, found & codes if codes else found, by=word.by, why=word.why, at=now)
    return recheck(items, progress=progress)


def recheck(items: Sequence[Waiting], *, progress: Callable[[Report], None]) -> Report:
    """Inspect the kept files again and settle their items by today's rules. Raises Stopped during an ingest."""
    report = Report("quarantine", total=len(items))
    store, likes = blobs(), Likes()
    with store.only_writer(), Inspectors(1) as inspectors:
        store.recover(known_files)
        for item in items:
            desk = Desk(all_sources()[item.source_id], deployment().operator, store, likes)
            _settle_again(item, desk, report, inspectors)
            progress(report)
        store.recover(known_files)
    report.state = "finished"
    return report


def _settle_again(item: Waiting, desk: Desk, report: Report, inspectors: Inspectors) -> None:
    """As if the item had just come in, with the document and the file that are kept of it."""
    reader = READERS[item.reader]
    harvested = reader.read(item.document, desk.source)
    known = known_items(item.source_id, [item.foreign_id]).get(item.foreign_id)
    received = Received(harvested, item.run_id, timezone.now(), item.reader)
    case = Case(received, known, judge(desk.source, harvested, operator=desk.operator))
    if isinstance(case.standing, Refusal) or isinstance(case.judged, Refusal):
        refuse(desk, case, *(one for one in (case.standing, case.judged) if isinstance(one, Refusal)), report=report)
        return
    settle(desk, case, _inspect(item, case.judged, harvested.file, desk, inspectors), report)


def _inspect(
    item: Waiting, key: PolicyKey, file: FileRef | None, desk: Desk, inspectors: Inspectors
) -> Inspected | Refusal:
    data = read_kept(Kept(item.sha256, None))
    if data is None or file is None:
        return GONE
    wish = wish_for(desk.source, key, operator=desk.operator, ahead=deployment().ahead)
    found = inspectors.inspect(data, name=file.name, wish=wish)
    return found if isinstance(found, Refusal) else keep(data, found, desk.blobs)
