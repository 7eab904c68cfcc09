"""What has to be done again and again on a running deployment. Each chore looks for itself whether something is due."""

from collections.abc import Callable
from dataclasses import dataclass

from dermref.model.link import Sight
from dermref.services.deployment import blobs, deployment
from dermref.services.link_rot import check_links
from dermref.services.purging import purge

LINKS_AT_ONCE = 500
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Chore:
    """One of them. `run` does what is due and says so in one sentence, or "" where nothing was; it calls its argument
    between two steps, which raises KeyboardInterrupt when the work has to end."""

    name: str
    run: Callable[[Check], str]


def _purge(check: Check) -> str:
    """Where nothing in writing ended, it may be a setting that is wrong: that is left to a person."""
    done = purge(blobs(), only_ended=True, progress=lambda gone: check())
    return " ".join(f"{one.source_id}: {one.images:,} images and {one.files:,} files removed." for one in done)


def _look_at_links(check: Check) -> str:
    """Where nobody is named to write to, nothing is asked of the internet."""
    if deployment().contact is None:
        return ""
    report = check_links(limit=LINKS_AT_ONCE, progress=lambda looked: check())
    gone = report.sights[Sight.GONE]
    return f"{len(report.looked):,} links looked at, {gone:,} of them without a page." if report.looked else ""


CHORES: tuple[Chore, ...] = (Chore("purge", _purge), Chore("links", _look_at_links))
