"""Asks again for items that no listing of changes would tell of. What changed of late may change again soon, and is
asked for often; what stood still for long is left in peace for longer."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from dermref.catalog.received import Known, due_items
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.harvest import FetchFailed, Missed, Page
from dermref.services.job import Job

# An item that has not changed for less than the first (None: any time) is due when not asked for for the second.
SCHEDULE = (
    (timedelta(days=30), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=30)),
    (None, timedelta(days=180)),
)
MOST = 1000  # items a run; the rest is due for the next one
AT_ONCE = 20
MOST_MISSED = 10  # in a row: then it is the source, not the item


def recheck_pages(job: Job) -> Iterator[Page]:
    """What the source says now of the items that are due, as if it listed them."""
    due = due_items(job.source.source_id, schedule=SCHEDULE, now=timezone.now(), limit=MOST)
    missed = 0
    for at in range(0, len(due), AT_ONCE):
        page = _page(job, due[at : at + AT_ONCE])
        missed = missed + len(page.missed) if not (page.items or page.absent) else 0
        yield page
        if missed >= MOST_MISSED:
            raise Stopped(f"{missed} items in a row could not be asked for; stopped, run the same command again.")


def _page(job: Job, due: list[Known]) -> Page:
    items, missed, absent = [], [], []
    for known in due:
        try:
            document = job.adapter.ask_again(known.foreign_id, job.request, job.fetch)
        except FetchFailed as fault:
            missed.append(Missed(known.foreign_id, Refusal(fault.code, str(fault))))
            continue
        if document is None:
            absent.append(known.foreign_id)
            continue
        item = job.adapter.read(document, job.source)
        if item.foreign_id == known.foreign_id:
            items.append(item)
        else:
            missed.append(Missed(known.foreign_id, Refusal("other-item", f"the source answers with {item.foreign_id}")))
    return Page(tuple(items), None, None, tuple(missed), tuple(absent))
