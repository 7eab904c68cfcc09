"""Harvest and publish: page by page, one transaction an item, a checkpoint a page. Killed at any moment, the next run
of the same command goes on where this one stopped; run again, it changes nothing that did not change at the source."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice

from django.db import OperationalError
from django.utils import timezone

from dermref.catalog.received import Known, count_published, is_blocked, known_items, unseen_images
from dermref.catalog.runs import checkpoint, close_run, open_run
from dermref.catalog.writing import (
    Received,
    document_key,
    follow,
    hold_image,
    keep_out,
    known_files,
    mark_seen,
    publish,
)
from dermref.media.store import LocalBlobs
from dermref.model.asking import Operator
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, EvidenceMark, FileRef, Harvested, Refusal
from dermref.model.harvest import Adapter, BadCursor, Fetch, HarvestRequest, Page
from dermref.model.media import Inspected
from dermref.model.policy import Hold, PolicyKey
from dermref.model.source import Source
from dermref.rights.gate import check_ingest
from dermref.services.bringing import Brought, Failed, Inspectors, bring
from dermref.services.judging import judge, may_resize
from dermref.services.report import Fate, Report

WITHDRAWN = Refusal("withdrawn", "the source no longer shows this item")
SUDDEN_FALL = 0.5  # more than this share of a source gone at once is a fault of the listing until somebody looked


@dataclass(frozen=True, slots=True)
class Job:
    """One ingest: which source, how it is read, and with what."""

    source: Source
    adapter: Adapter
    request: HarvestRequest
    fetch: Fetch
    blobs: LocalBlobs
    operator: Operator
    workers: int = 2
    limit: int | None = None
    is_dry: bool = False
    progress: Callable[[Report], None] = lambda report: None


@dataclass(frozen=True, slots=True)
class Case:
    """An item, what we knew of it, and the verdict on its rights."""

    received: Received
    known: Known | None
    verdict: PolicyKey | Refusal

    @property
    def item(self) -> Harvested:
        """What the source said."""
        return self.received.item

    @property
    def is_same_document(self) -> bool:
        """Whether the source says the very same as last time."""
        return self.known is not None and self.known.document_key == document_key(self.item.document)


def ingest(job: Job) -> Report:
    """Run `job` to its end, to its limit, or to the first thing that stops it. Never raises for a fault of the source."""
    report = Report(job.source.source_id, is_dry=job.is_dry)
    refusal = check_ingest(job.source.terms)
    if refusal:
        report.state, report.message = "stopped", refusal.text
        return report
    try:
        with job.blobs.only_writer(), Inspectors(job.workers) as inspectors:
            if job.is_dry:
                _rehearse(job, report)
            else:
                _run(job, report, inspectors)
        report.state = "finished"
    except Stopped as stop:
        report.state, report.message = "stopped", str(stop)
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
    for page in _pages(job, job.request.cursor, report):
        for case in _cases(job, page, run_id=0):
            fate = Fate.QUARANTINED if isinstance(case.verdict, Refusal) else Fate.PUBLISHED
            if fate is Fate.PUBLISHED and case.known and case.known.has_image:
                fate = Fate.UNCHANGED if _is_unchanged(case) else Fate.UPDATED
            report.count(case.item.foreign_id, fate, case.verdict if isinstance(case.verdict, Refusal) else None)
        job.progress(report)


def _run(job: Job, report: Report, inspectors: Inspectors) -> None:
    job.blobs.recover(known_files)
    run = open_run(job.source.source_id, _request_record(job))
    report.run_id = run.id
    with ThreadPoolExecutor(max_workers=job.workers * 2) as threads:
        for page in _pages(job, run.cursor or None, report):
            _take_page(job, page, report, _Tools(inspectors, threads))
            if page.next_cursor and job.limit is None:
                checkpoint(run.id, cursor=page.next_cursor, counts=report.counts())
    if _is_whole(job):
        _withdraw_missing(job, report)


def _request_record(job: Job) -> dict[str, object]:
    request = job.request
    return {
        "folder": str(request.folder.resolve()) if request.folder else None,
        "base_url": request.base_url,
        "query": request.query,
        "since": request.since,
        "limit": job.limit,
    }


def _pages(job: Job, cursor: str | None, report: Report) -> Iterator[Page]:
    """The pages from `cursor` on, cut at the limit; from the first page when the source no longer knows the cursor."""
    left = job.limit
    try:
        pages = job.adapter.harvest(replace(job.request, cursor=cursor), job.fetch)
        first = next(pages, None)
    except BadCursor:
        pages = job.adapter.harvest(replace(job.request, cursor=None), job.fetch)
        first = next(pages, None)
    while first is not None:
        report.total = first.total or report.total
        page = first if left is None else replace(first, items=first.items[:left])
        yield page
        left = None if left is None else left - len(page.items)
        first = None if left == 0 else next(pages, None)


@dataclass(frozen=True, slots=True)
class _Tools:
    inspectors: Inspectors
    threads: ThreadPoolExecutor


def _cases(job: Job, page: Page, *, run_id: int) -> list[Case]:
    known = known_items(job.source.source_id, [item.foreign_id for item in page.items])
    now = timezone.now()
    once = {item.foreign_id: item for item in page.items}
    return [
        Case(
            Received(item, run_id, now, job.adapter.reader),
            known.get(item.foreign_id),
            judge(job.source, item, operator=job.operator),
        )
        for item in once.values()
    ]


def _take_page(job: Job, page: Page, report: Report, tools: _Tools) -> None:
    """Deal with every item of one page; when this returns, all of them are committed."""
    assert report.run_id is not None  # a page is only taken inside a run
    cases = _cases(job, page, run_id=report.run_id)
    unchanged = [case.item.foreign_id for case in cases if _is_unchanged(case)]
    mark_seen(job.source.source_id, unchanged, run_id=report.run_id)
    for foreign_id in unchanged:
        report.count(foreign_id, Fate.UNCHANGED)
    to_bring = [case for case in cases if not _is_unchanged(case) and not _settle_without_file(case, report)]
    job.progress(report)
    for case, brought in _bring_all(job, to_bring, tools):
        _settle_with_file(job, case, brought, report)
        job.progress(report)


def _is_unchanged(case: Case) -> bool:
    known = case.known
    return (
        known is not None
        and known.state == "published"
        and case.is_same_document
        and known.policy == case.verdict
        and case.item.file is not None
        and known.has_file(case.item.file)
    )


def _settle_without_file(case: Case, report: Report) -> bool:
    """Commit what needs no bytes: refusals, and changes of the record alone. False when the bytes are needed."""
    verdict, known = case.verdict, case.known
    if isinstance(verdict, Refusal):
        _refuse(case, verdict, report)
        return True
    if known and case.item.file and known.has_file(case.item.file):
        follow(case.received, verdict)
        report.count(case.item.foreign_id, Fate.UPDATED)
        return True
    return False


def _refuse(case: Case, refusal: Refusal, report: Report) -> None:
    known = case.known
    if known and known.policy:
        if not (case.is_same_document and known.state in ("quarantined", "withdrawn")):
            gone = refusal.code == "not-public"
            hold = Hold.WITHDRAWN if gone else Hold.UNRECORDED_LICENSE
            hold_image(
                case.received,
                known.policy.held(hold),
                mark=EvidenceMark.WITHDRAWAL if gone else EvidenceMark.LICENSE,
                state="withdrawn" if gone else "quarantined",
                refusal=refusal,
            )
    else:
        keep_out(case.received, refusal, state="quarantined")
    report.count(case.item.foreign_id, Fate.QUARANTINED, refusal)


def _bring_all(job: Job, cases: Iterable[Case], tools: _Tools) -> Iterator[tuple[Case, Brought]]:
    """The cases with their files, in the order they are done, never more than a few at once."""
    waiting: dict[Future[Brought], Case] = {}
    queue = iter(cases)
    while True:
        for case in islice(queue, job.workers * 3 - len(waiting)):
            waiting[tools.threads.submit(_bring, job, case, tools.inspectors)] = case
        if not waiting:
            return
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield waiting.pop(future), future.result()


def _bring(job: Job, case: Case, inspectors: Inspectors) -> Brought:
    key, file = case.verdict, case.item.file
    if isinstance(key, Refusal) or file is None:
        raise AssertionError("only permitted items with a file are brought")
    resize = may_resize(job.source, key, operator=job.operator)
    return bring(file, fetch=job.fetch, inspectors=inspectors, blobs=job.blobs, may_resize=resize)


def _settle_with_file(job: Job, case: Case, brought: Brought, report: Report) -> None:
    key = case.verdict
    assert isinstance(key, PolicyKey)  # refusals were settled before
    if isinstance(brought, Inspected):
        blocked = is_blocked(brought.sha256, source_id=job.source.source_id)
        if blocked is None:
            _publish(job, case, key, brought, report)
            return
        _discard(job, brought)
        brought = Refusal("blocked-bytes", f"these bytes are refused from here: {blocked}")
    refusal = brought.refusal if isinstance(brought, Failed) else brought
    state, fate = ("failed", Fate.FAILED) if isinstance(brought, Failed) else ("quarantined", Fate.QUARANTINED)
    if case.known and case.known.has_image:
        follow(case.received, key, state=state, refusal=refusal)
    else:
        keep_out(case.received, refusal, state=state)
    report.count(case.item.foreign_id, fate, refusal)


def _publish(job: Job, case: Case, key: PolicyKey, file: Inspected, report: Report) -> None:
    reason = f"they belong to {job.source.name}" if job.source.ingest.block_bytes else None
    unneeded = publish(case.received, key, file=file, block=reason)
    job.blobs.settle(file_keys(file))
    for gone in unneeded:
        job.blobs.remove(gone)
    is_new = not (case.known and case.known.has_image)
    report.count(case.item.foreign_id, Fate.PUBLISHED if is_new else Fate.UPDATED)


def file_keys(file: Inspected) -> list[str]:
    """The store keys of a file and its renditions."""
    return [file.sha256, *(hashlib.sha256(made.data).hexdigest() for made in file.renditions)]


def _discard(job: Job, file: Inspected) -> None:
    keys = file_keys(file)
    for key in set(keys) - known_files(keys):
        job.blobs.remove(key)


def _is_whole(job: Job) -> bool:
    """Whether what the run did not meet is really gone: only after the full listing of a live source."""
    request = job.request
    asked_for_all = not (request.query or request.since or request.folder or job.limit)
    return asked_for_all and job.adapter.is_listing_complete


def _withdraw_missing(job: Job, report: Report) -> None:
    assert report.run_id is not None
    missing = unseen_images(job.source.source_id, run_id=report.run_id)
    published = count_published(job.source.source_id)
    if len(missing) > 20 and len(missing) > SUDDEN_FALL * published:
        raise Stopped(
            f"{len(missing)} of {published} images are missing from the listing at once; nothing was withdrawn."
            " Look at the source before you run this again."
        )
    for known in missing:
        _withdraw_if_gone(job, known, report)


def _withdraw_if_gone(job: Job, known: Known, report: Report) -> None:
    document = job.adapter.ask_again(known.foreign_id, job.request, job.fetch)
    if document is not None:
        return  # still public: the listing was at fault, and the next run meets it
    assert report.run_id is not None and known.policy is not None
    item = Harvested(
        source_id=job.source.source_id,
        foreign_id=known.foreign_id,
        landing_url=(job.source.ingest.landing_template or job.source.homepage_url).format(foreign_id=known.foreign_id),
        file=FileRef(known.file_url),
        document=_absence(job, known),
        statements=(),
    )
    received = Received(item, report.run_id, timezone.now(), job.adapter.reader)
    held = known.policy.held(Hold.WITHDRAWN)
    hold_image(received, held, mark=EvidenceMark.WITHDRAWAL, state="withdrawn", refusal=WITHDRAWN)
    report.count(known.foreign_id, Fate.WITHDRAWN, WITHDRAWN)


def _absence(job: Job, known: Known) -> Document:
    """The document that records an absence: which item was asked for, and that the source did not show it."""
    body = f'{{"absent":"{known.foreign_id}"}}'.encode()
    return Document(body, job.request.base_url or job.source.ingest.api_url or job.source.homepage_url)
