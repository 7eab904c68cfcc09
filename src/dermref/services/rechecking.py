"""Asks again for items that no listing of changes would tell of. What changed of late may change again soon, and is
asked for often; what stood still for long is left in peace for longer."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from dermref.catalog.received import Known, due_items
from dermref.catalog.writing import mark_asked
from dermref.model.deployment import Stopped
from dermref.model.evidence import Harvested, Refusal
from dermref.model.harvest import FetchFailed, Missed, Page
from dermref.services.job import Job
from dermref.sources.asked_by_id import check_missed

# An item that has not changed for less than the first (None: any time) is due when not asked for for the second.
SCHEDULE = (
    (timedelta(days=30), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=30)),
    (None, timedelta(days=180)),
)
MOST = 1000  # items a run; the rest is due for the next one
AT_ONCE = 20


def recheck_pages(job: Job) -> Iterator[Page]:
    """What the source says now of the items that are due, as if it listed them. Raises Stopped where too many in a row
    cannot be asked for. An item that could not be is not due again at once: it would keep others from being asked."""
    source_id = job.source.source_id
    due = due_items(source_id, schedule=SCHEDULE, now=timezone.now(), limit=MOST)
    missed = 0
    for at in range(0, len(due), AT_ONCE):
        chosen = due[at : at + AT_ONCE]
        page = _page(job, chosen)
        yield page
        mark_asked(source_id, [one.foreign_id for one in chosen], at=timezone.now())
        missed = missed + len(page.missed) if not (page.items or page.absent) else 0
        if page.missed:
            check_missed(missed, page.missed[-1])


def _page(job: Job, due: list[Known]) -> Page:
    items, missed, absent = list[Harvested](), list[Missed](), list[str]()
    for known in due:
        found = _asked(job, known.foreign_id)
        if isinstance(found, Missed):
            missed.append(found)
        elif found is None:
            absent.append(known.foreign_id)
        else:
            items.append(found)
    return Page(tuple(items), None, None, tuple(missed), tuple(absent))


def _asked(job: Job, foreign_id: str) -> Harvested | Missed | None:
    try:
        document = job.adapter.ask_again(foreign_id, job.request, job.fetch)
    except FetchFailed as fault:
        return Missed(foreign_id, Refusal(fault.code, str(fault)))
    except Stopped as stop:  # of this item: what stops a listing need not stop the others
        return Missed(foreign_id, Refusal("not-asked", str(stop)))
    if document is None:
        return None
    item = job.adapter.read(document, job.source)
    if item.foreign_id == foreign_id:
        return item
    return Missed(foreign_id, Refusal("other-item", f"the source answers with {item.foreign_id}"))
