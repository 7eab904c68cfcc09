"""A walk through a wiki's categories and those below them, which can stop after any batch and go on from a short text.
It knows the categories by their page numbers alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dermref.model.deployment import Stopped
from dermref.model.harvest import BadCursor
from dermref.sources.mediawiki import (
    Batch,
    Continue,
    Params,
    Wiki,
    after_in,
    batch,
    cursor,
    is_missing,
    listing,
    page_id,
    place,
    portions,
)
from dermref.sources.reading import text


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a tree of categories, which are known by their page numbers: `now` are those still to list on this
    level, the first one being listed; `below` those found for the next; `done` those that were listed."""

    level: int
    now: tuple[int, ...]
    below: frozenset[int] = frozenset()
    done: frozenset[int] = frozenset()

    @property
    def onward(self) -> "Walk | None":
        """The place after the first category; None at the end."""
        done = self.done | {self.now[0]}
        if self.now[1:]:
            return replace(self, now=self.now[1:], done=done)
        return Walk(self.level + 1, tuple(sorted(self.below)), done=done) if self.below else None


def walk(
    wiki: Wiki, names: Sequence[str], params: Params, *, depth: int, left_out: Sequence[str], written: str | None
) -> Iterator[tuple[Batch, str | None]]:
    """The members of categories and of those below them to `depth`, a batch at a time, each with the cursor after it.

    Every category is listed once, however many lead to it, level by level and by its number: a cursor need only hold
    numbers, and a run that goes on does the very same as one that was never stopped. `params` are those of the
    generator `categorymembers`. Raises Stopped for a category that does not exist, BadCursor.
    """
    at, after = _read_walk(written) if written else (None, None)
    here: Walk | None = at or Walk(0, tuple(sorted(_numbers(wiki, names))))
    while here is not None:
        if after is None and here.level < depth:
            known = here.done | {*here.now}
            here = replace(here, below=here.below | (_subcategories(wiki, here.now[0], left_out) - known))
        for found in listing(wiki, {**params, "gcmpageid": str(here.now[0])}, after):
            following = here if found.after else here.onward
            yield found, _write_walk(following, found.after) if following else None
        here, after = here.onward, None


def _numbers(wiki: Wiki, names: Sequence[str]) -> Iterator[int]:
    for some, _ in portions(names, 0):
        for page in batch(wiki, {"titles": "|".join(some)}).pages:
            number = page_id(page)
            if is_missing(page) or number is None:
                title = str(page.get("title"))[:200]
                raise Stopped(f"{wiki.name} has no “{title}”; look up how the category is spelled.")
            yield number


def _subcategories(wiki: Wiki, number: int, left_out: Sequence[str]) -> frozenset[int]:
    """The categories right below one, without those whose names are left out."""
    params = {"generator": "categorymembers", "gcmpageid": str(number), "gcmtype": "subcat", "gcmlimit": "500"}
    unwanted = re.compile("|".join(f"(?:{one})" for one in left_out) or "(?!)")
    found = {
        page_id(page)
        for one in listing(wiki, params, None)
        for page in one.pages
        if not unwanted.fullmatch((text(page, "title") or "").partition(":")[2])
    }
    return frozenset(one for one in found if one)


def _write_walk(at: Walk, after: Continue | None) -> str:
    fields = {"level": at.level, "now": _packed(at.now), "below": _packed(at.below), "done": _packed(at.done)}
    return cursor({**fields, "after": dict(after) if after else None})


def _read_walk(written: str) -> tuple[Walk, Continue | None]:
    value = place(written)
    try:
        now, below, done = (_unpacked(str(value[key])) for key in ("now", "below", "done"))
        at = Walk(int(str(value["level"])), tuple(now), frozenset(below), frozenset(done))
    except (KeyError, ValueError):
        at = Walk(0, ())
    if not at.now:
        raise BadCursor("The place where the last run stopped cannot be read.")
    return at, after_in(value.get("after"))


def _packed(numbers: Sequence[int] | frozenset[int]) -> str:
    """Numbers as the steps from one to the next, in hexadecimal: ten thousand take some 50 kB."""
    ordered = sorted(numbers)
    return ".".join(f"{one - before:x}" for before, one in zip([0, *ordered], ordered, strict=False))


def _unpacked(written: str) -> list[int]:
    """Raises ValueError."""
    found, last = [], 0
    for step in written.split(".") if written else ():
        last += int(step, 16)
        found.append(last)
    return found
