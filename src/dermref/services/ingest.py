"""Harvest and publish: page by page, one transaction an item, a checkpoint a page. Killed at any moment, the next run
of the same command goes on where this one stopped; run again, it changes nothing that did not change at the source."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from django.db import OperationalError
from django.utils import timezone

from dermref.catalog.locks import only_ingest_of
from dermref.catalog.received import known_items
from dermref.catalog.runs import RunRecord, checkpoint, close_run, open_run
from dermref.catalog.writing import Received, follow_record, known_files, mark_seen
from dermref.media.memory import keep_memory_flat
from dermref.media.store import Blobs
from dermref.model.deployment import Stopped
from dermref.model.evidence import FileRef, Harvested, Refusal
from dermref.model.harvest import FetchFailed, Page
from dermref.model.media import Inspected
from dermref.model.policy import PolicyKey
from dermref.services.bringing import Brought, Original, bring, undeclared
from dermref.services.doors import Door, DoorShut, require_door
from dermref.services.inspectors import Inspectors
from dermref.services.job import Desk, Job
from dermref.services.judging import judge
from dermref.services.originals import find_original, folder_of, kept, read_kept
from dermref.services.rechecking import recheck_pages
from dermref.services.report import Fate, Report
from dermref.services.settling import Case, refuse, settle
from dermref.services.walking import Fruitless, walk
from dermref.services.wishing import wish_for
from dermref.services.withdrawing import withdraw_absent, withdraw_missing

TWICE = Refusal("listed-twice", "the source lists this id twice and says different things of it")


def ingest(job: Job) -> Report:
    """Run `job` to its end, its limit, or the first thing that stops it. Never raises for a fault of the source."""
    keep_memory_flat()
    report = Report(job.source.source_id, is_dry=job.is_dry)
    try:
        with (
            job.blobs.only_writer(),
            only_ingest_of(job.source.source_id),
            Inspectors(job.workers) as inspectors,
        ):
            if job.is_dry:
                _rehearse(job, report)
            else:
                _run(job, report, inspectors)
        report.state = "finished"
    except Stopped as stop:
        report.state, report.message = "stopped", str(stop)
    except FetchFailed as fault:
        report.state, report.message = "stopped", f"{fault}; run the same command again to go on."
    except KeyboardInterrupt:
        report.state, report.message = "stopped", "Interrupted; run the same command again to go on."
    except OperationalError as error:
        report.state, report.message = "stopped", f"The database cannot be written ({error}); run again to go on."
    finally:
        _close(report)
    return report


def _close(report: Report) -> None:
    if report.run_id is None:
        return
    state = "finished" if report.state == "finished" else "stopped"
    try:
        close_run(report.run_id, state=state, counts=report.counts(), message=report.message)
    except OperationalError:
        report.message += " The run's record could not be closed; it counts as stopped."


def _rehearse(job: Job, report: Report) -> None:
    """Judge the rights of every item and write nothing."""
    for page in walk(job, job.request.cursor, report):
        _count_missed(page, report)
        for case in _cases(job, page, require_door(job.source, operator=job.operator), run_id=0):
            reason = _why(case, case.standing)
            fate = Fate.QUARANTINED if reason else Fate.PUBLISHED
            if not reason and case.known and case.known.has_image:
                fate = Fate.UNCHANGED if _is_unchanged(case, job.blobs) else Fate.UPDATED
            report.count(case.item.foreign_id, fate, reason)
        job.progress(report)


def _run(job: Job, report: Report, inspectors: Inspectors) -> None:
    job.blobs.recover(known_files)
    run = open_run(job.source.source_id, _request_record(job))
    report.run_id = run.id
    if run.cursor:
        report.go_on_from(run.counts)
    try:
        with ThreadPoolExecutor(max_workers=job.workers * 2) as threads:
            _take_all(job, report, run, _Tools(inspectors, threads))
    except DoorShut:
        job.blobs.recover(known_files)  # what was brought meanwhile may not stay
        raise
    job.blobs.recover(known_files)


def _take_all(job: Job, report: Report, run: RunRecord, tools: "_Tools") -> None:
    if not job.is_recheck:
        _take_listing(job, report, run, tools)
    job.likes.keep()
    if job.is_whole and not job.is_recheck:
        withdraw_missing(job, report, run_id=run.id)
    elif job.is_open:
        for page in recheck_pages(job):
            _take_page(job, page, report, tools)


def _take_listing(job: Job, report: Report, run: RunRecord, tools: "_Tools") -> None:
    fruitless = Fruitless(timezone.now())
    for page in walk(job, run.cursor or None, report):
        cases = _take_page(job, page, report, tools)
        fruitless.count(page, [case.known for case in cases], run_id=run.id)
        job.blobs.recover(known_files)
        if job.limit is None:  # a finished listing begins anew, should what follows stop the run
            checkpoint(run.id, cursor=page.next_cursor or "", counts=report.counts())


def _request_record(job: Job) -> dict[str, object]:
    request = job.request
    return {
        "folder": str(request.folder.resolve()) if request.folder else None,
        "base_url": request.base_url,
        "query": request.query,
        "since": request.since,
        "limit": job.limit,
        **({"recheck": True} if job.is_recheck else {}),
        **({"columns": dict(request.columns)} if request.columns else {}),
    }


@dataclass(frozen=True, slots=True)
class _Tools:
    inspectors: Inspectors
    threads: ThreadPoolExecutor


def _cases(job: Job, page: Page, door: Door, *, run_id: int) -> list[Case]:
    known = known_items(job.source.source_id, [item.foreign_id for item in page.items])
    now = timezone.now()
    listed: dict[str, set[bytes]] = defaultdict(set)
    for item in page.items:
        listed[item.foreign_id].add(item.document.body)
    return [
        Case(
            Received(item, run_id, now, job.adapter.reader),
            known.get(item.foreign_id),
            TWICE if len(listed[item.foreign_id]) > 1 else _judge(job, item, door),
        )
        for item in {item.foreign_id: item for item in page.items}.values()
    ]


def _settle_now(job: Job, case: Case, brought: Brought, desk: Desk, report: Report) -> None:
    """By what is in writing at this moment: what was revoked while the file came in publishes nothing, what was granted
    counts."""
    door = require_door(job.source, operator=job.operator)
    if not door.is_as(desk.door):
        desk, case = job.desk(door), replace(case, judged=_judge(job, case.item, door))
    if isinstance(case.judged, Refusal):
        refuse(desk, case, case.judged, report=report)
    else:
        settle(desk, case, brought, report)


def _judge(job: Job, item: Harvested, door: Door) -> PolicyKey | Refusal:
    return judge(job.source, item, operator=job.operator, door=door)


def _take_page(job: Job, page: Page, report: Report, tools: _Tools) -> list[Case]:
    """Deal with every item of one page; when this returns, all are committed. The items as they were before."""
    assert report.run_id is not None  # a page is only taken inside a run
    _count_missed(page, report)
    withdraw_absent(job, page, report, run_id=report.run_id)
    door = require_door(job.source, operator=job.operator)
    cases = _cases(job, page, door, run_id=report.run_id)
    unchanged = [case.item.foreign_id for case in cases if _is_unchanged(case, job.blobs)]
    is_asked = not (job.request.folder or job.adapter.is_local)
    mark_seen(job.source.source_id, unchanged, run_id=report.run_id, at=timezone.now() if is_asked else None)
    for foreign_id in unchanged:
        report.count(foreign_id, Fate.UNCHANGED)
    changed = [case for case in cases if case.item.foreign_id not in set(unchanged)]
    desk = job.desk(door)
    to_bring = [case for case in changed if not _settle_without_file(case, report, job, desk)]
    job.progress(report)
    for case, brought in _bring_all(job, to_bring, door, tools):
        _settle_now(job, case, brought, desk, report)
        job.progress(report)
    return cases


def _count_missed(page: Page, report: Report) -> None:
    for one in page.missed:
        report.count(one.foreign_id, Fate.FAILED, one.refusal)


def _is_unchanged(case: Case, blobs: Blobs) -> bool:
    return case.is_unchanged and _has_file(case, blobs)


def _has_file(case: Case, blobs: Blobs) -> bool:
    """Whether the item's file is the one we took, and still lies where it was kept, in its size."""
    known, file = case.known, case.item.file
    if known is None or known.sha256 is None or file is None:
        return False
    place = kept(case.item.source_id, known.sha256, known.byte_size, original_path=known.original_path)
    return known.has_file(file) and blobs.fault(place) is None


def _settle_without_file(case: Case, report: Report, job: Job, desk: Desk) -> bool:
    """Commit what needs no bytes: refusals of the record alone, and what waits. False when the bytes are needed."""
    if isinstance(case.judged, Refusal):
        refuse(desk, case, case.judged, report=report)
        return True
    if case.known and case.is_followed and _has_file(case, job.blobs) and _is_declared(job, case):
        follow_record(case.received, case.known.image_row)
        report.count(case.item.foreign_id, Fate.UPDATED)
        return True
    if case.is_waiting:
        mark_seen(job.source.source_id, [case.item.foreign_id], run_id=case.received.run_id, at=case.received.at)
        report.count(case.item.foreign_id, Fate.QUARANTINED, _why(case, case.judged))
        return True
    return False


def _is_declared(job: Job, case: Case) -> bool:
    """Whether the file that is kept is still the one that the source declares, where it declares more than its size."""
    file = case.item.file
    if file is None or file.checksum is None:
        return file is not None
    data = _kept_file(job, case)
    return data is not None and undeclared(data, file) is None


def _kept_file(job: Job, case: Case) -> bytes | None:
    known = case.known
    assert known is not None  # it has a file
    source_id = job.source.source_id
    return read_kept(kept(source_id, known.sha256 or "", known.byte_size, original_path=known.original_path))


def _why(case: Case, verdict: PolicyKey | Refusal) -> Refusal | None:
    """Why an item stays out, if it does."""
    if isinstance(verdict, Refusal):
        return verdict
    if case.is_waiting and case.known:
        return case.known.reasons[0]
    return case.item.doubts[0] if case.is_doubtful else None


def _bring_all(job: Job, cases: Iterable[Case], door: Door, tools: _Tools) -> Iterator[tuple[Case, Brought]]:
    """The cases with their files in the source's own order, a few of them under way at once and no more."""
    waiting: deque[tuple[Case, Future[Brought]]] = deque()
    for case in cases:
        waiting.append((case, tools.threads.submit(_bring, job, case, door, tools.inspectors)))
        if len(waiting) >= job.workers * 4:
            first, future = waiting.popleft()
            yield first, future.result()
    while waiting:
        first, future = waiting.popleft()
        yield first, future.result()


def _bring(job: Job, case: Case, door: Door, inspectors: Inspectors) -> Brought:
    key, file = case.judged, case.item.file
    if isinstance(key, Refusal) or file is None:
        raise AssertionError("only permitted items with a file are brought")
    if _has_file(case, job.blobs) and (found := _look_again(job, case, file, door, inspectors)):
        return found
    return bring(
        file,
        fetch=job.fetch,
        inspectors=inspectors,
        blobs=job.blobs,
        permit=door.permit,
        wish=wish_for(job.source, key, operator=job.operator, ahead=job.ahead, door=door),
        original=_original_of(job, case, file),
    )


def _look_again(job: Job, case: Case, file: FileRef, door: Door, inspectors: Inspectors) -> Brought | None:
    """The file that the image has, seen as if it came in now: its record changed, and with it what may be narrowed."""
    known, data = case.known, _kept_file(job, case)
    assert known is not None  # it has a file
    assert isinstance(case.judged, PolicyKey)  # and is permitted
    if data is None or undeclared(data, file):
        return None
    wish = wish_for(job.source, case.judged, operator=job.operator, ahead=(), door=door)
    found = inspectors.inspect(data, name=file.name, wish=wish)
    return replace(found, original_path=known.original_path) if isinstance(found, Inspected) else found


def _original_of(job: Job, case: Case, file: FileRef) -> Original | None:
    folder = folder_of(job.source)
    path = find_original(folder, case.item.foreign_id, size=file.size) if folder else None
    is_same = case.known is not None and case.known.byte_size == file.size  # then it must be the very file, too
    return Original(path, case.known.sha256 if case.known and is_same else None) if path else None
