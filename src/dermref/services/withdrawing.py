"""What a source no longer shows: missed in its full listing and asked for one by one, or named as not there; and held
at once."""

import json

from django.utils import timezone

from dermref.catalog.received import Known, count_present, count_seen, items_under, published_items, unseen_items
from dermref.catalog.writing import Received, hold_image, keep_out
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, EvidenceMark, FileRef, Harvested, Refusal
from dermref.model.harvest import FetchFailed, Page
from dermref.model.policy import Hold
from dermref.services.job import Job
from dermref.services.report import Fate, Report

WITHDRAWN = Refusal("withdrawn", "the source no longer shows this item")
PROBES = 3  # items that are asked for before anything is taken for gone
FEW = 20  # so many missing items are never a sudden fall
SUDDEN_FALL = 0.5  # more than this share of a source gone at once is a fault of the listing until somebody looked


def withdraw_missing(job: Job, report: Report, *, run_id: int) -> None:
    """Hold every image, and let go of every waiting item, that the finished listing of `run_id` did not show and the
    source, asked, does not show either.

    Raises Stopped before anything is withdrawn when so much is missing that the listing itself must be at fault, and
    FetchFailed when the source cannot be asked.
    """
    _check_listing(job, run_id)
    missing = unseen_items(job.source.source_id, run_id=run_id)
    published = count_present(job.source.source_id)
    if len(missing) > FEW and len(missing) > SUDDEN_FALL * published:
        raise Stopped(
            f"{len(missing)} of {published} images are missing from the listing at once; nothing was withdrawn."
            " Look at the source before you run this again."
        )
    for known in missing:
        _withdraw_if_gone(job, known, report, run_id)


def withdraw_absent(job: Job, page: Page, report: Report, *, run_id: int) -> None:
    """The source says that it has no such items: hold their images, let go of those that wait, count the rest. Raises
    Stopped before anything is withdrawn where nothing is where it was: then the source has moved."""
    if not page.absent:
        return
    known = items_under(job.source.source_id, page.absent)
    gone = [one for one in known if one.state != Fate.WITHDRAWN and (one.has_image or one.kept)]
    if gone and not page.items and not _is_there(job, gone):
        raise Stopped(
            f"{len(gone)} images are not where they were, and neither is another that was asked for to make sure; none"
            " was withdrawn. Look whether the source has moved before you run this again."
        )
    report.absent += len(page.absent) - len({one.foreign_id for one in gone} & {*page.absent})
    for one in gone:
        _withdraw(job, one, report, run_id)


def _is_there(job: Job, gone: list[Known]) -> bool:
    """Whether the source still shows another of its items. Where there is no other, one may be gone, not several."""
    others = published_items(job.source.source_id, but=[one.foreign_id for one in gone], limit=PROBES)
    return any(_is_shown(job, other) for other in others) or (not others and len(gone) == 1)


def _is_shown(job: Job, foreign_id: str) -> bool:
    try:
        return job.adapter.ask_again(foreign_id, job.request, job.fetch) is not None
    except FetchFailed:
        return False


def _check_listing(job: Job, run_id: int) -> None:
    expect, seen = job.source.expect, count_seen(job.source.source_id, run_id=run_id)
    if expect and job.request.base_url is None and seen < expect.minimum:
        raise Stopped(
            f"The listing shows {seen} items where at least {expect.minimum} are expected; nothing was withdrawn."
            " Look at the source before you run this again."
        )


def _withdraw_if_gone(job: Job, known: Known, report: Report, run_id: int) -> None:
    document = job.adapter.ask_again(known.foreign_id, job.request, job.fetch)
    if document is not None and _is_still_public(job, known, document):
        return  # the listing was at fault, and the next run meets the item
    _withdraw(job, known, report, run_id)


def _withdraw(job: Job, known: Known, report: Report, run_id: int) -> None:
    item = Harvested(
        source_id=job.source.source_id,
        foreign_id=known.foreign_id,
        landing_url=(job.source.ingest.landing_template or job.source.homepage_url).format(foreign_id=known.foreign_id),
        file=FileRef(known.file_url),
        document=_absence(job, known),
        statements=(),
    )
    received = Received(item, run_id, timezone.now(), job.adapter.reader)
    state, doubt = Fate.WITHDRAWN, job.blobs.doubt
    if known.policy is None:
        keep_out(received, WITHDRAWN, state=state, kept=known.kept, doubt=doubt)
    else:
        held, mark = known.policy.held(Hold.WITHDRAWN), EvidenceMark.WITHDRAWAL
        hold_image(received, held, WITHDRAWN, mark=mark, state=state, kept=known.kept, doubt=doubt)
    report.count(known.foreign_id, Fate.WITHDRAWN, WITHDRAWN)


def _is_still_public(job: Job, known: Known, document: Document) -> bool:
    """Whether the item's own document shows it. Raises Stopped when the answer is not about this item at all."""
    item = job.adapter.read(document, job.source)
    if item.foreign_id != known.foreign_id:
        raise Stopped(f"Asked for {known.foreign_id}, the source answers with something else; run again to go on.")
    return not item.faults


def _absence(job: Job, known: Known) -> Document:
    """The document that records an absence: which item was asked for, and that the source did not show it."""
    body = json.dumps({"absent": known.foreign_id}).encode()
    return Document(body, job.request.base_url or job.source.ingest.api_url or job.source.homepage_url)
