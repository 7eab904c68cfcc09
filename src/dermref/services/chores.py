"""What has to be done again and again on a running deployment. Each chore looks for itself whether something is due."""

from collections.abc import Callable
from dataclasses import dataclass

from dermref.services.deployment import blobs
from dermref.services.purging import purge

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


CHORES: tuple[Chore, ...] = (Chore("purge", _purge),)
