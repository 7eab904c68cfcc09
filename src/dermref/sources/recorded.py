"""A folder of recorded replies: the documents in the order of their names, and the files they speak of in `files/`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Harvested
from dermref.model.harvest import HarvestRequest, Page

MANY = 20  # documents of one item each that make a page


def recorded(
    request: HarvestRequest, folder: Path, *, pattern: str, read: Callable[[Path], Page], at_once: int = 1
) -> Iterator[Page]:
    """What `read` finds in the folder's documents, `at_once` of them a page, from the one named by the cursor on.
    Raises Stopped where there is no such document."""
    refuse_questions(request)
    names = sorted(path.name for path in folder.glob(pattern))
    if not names:
        raise Stopped(f"{folder} holds no recorded replies ({pattern}).")
    start = names.index(request.cursor) if request.cursor in names else 0
    for at in range(start, len(names), at_once):
        pages = [read(folder / name) for name in names[at : at + at_once]]
        following = names[at + at_once] if at + at_once < len(names) else None
        yield _together(pages, folder, following)


def _together(pages: list[Page], folder: Path, following: str | None) -> Page:
    return Page(
        items=tuple(on_disk(item, folder) for page in pages for item in page.items),
        next_cursor=following,
        total=next((page.total for page in pages if page.total is not None), None),
        missed=tuple(one for page in pages for one in page.missed),
        absent=tuple(one for page in pages for one in page.absent),
    )


def refuse_questions(request: HarvestRequest) -> None:
    """Raises Stopped for what can only be asked of a live source."""
    if request.query or request.since:
        raise Stopped("Recorded replies take neither --query nor --since: they hold what they hold.")


def on_disk(item: Harvested, folder: Path) -> Harvested:
    """The item with its file in the folder's `files/`, under the last part of its address."""
    if item.file is None:
        return item
    name = Path(unquote(urlsplit(item.file.url).path)).name
    return replace(item, file=replace(item.file, path=folder / "files" / name))
