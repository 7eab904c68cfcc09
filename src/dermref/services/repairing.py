"""Compares the store with the catalogue: files that no row names, rows whose file is missing or is not the file it was.
Says what would mend it, and does so when told; a file it cannot make again is left for the next ingest to bring."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter

from dermref.catalog.mending import NamedFile, Role, forget_outside, forget_renditions, outside_files, stored_files
from dermref.catalog.runs import last_request
from dermref.catalog.writing import known_files
from dermref.media.store import Blobs, Fault, Kept
from dermref.model.deployment import Stopped
from dermref.services.originals import kept
from dermref.sources.adapters import ADAPTERS

FEW = 20  # so many faults are never a mix-up of stores
MIX_UP = 0.5  # more than this share missing or unnamed, and store and database hardly belong together
BATCH = 500
WORDS = {Fault.MISSING: "is missing", Fault.DAMAGED: "is damaged"}
Entry = tuple[str, int | None, NamedFile | None]


@dataclass(frozen=True, slots=True)
class Broken:
    """A file where store and catalogue disagree: an orphan (no `fault`, nobody names it), or one that rows name and
    that is not there as they say. `size` is that of the file in place, in bytes."""

    key: str
    size: int | None
    fault: Fault | None
    named: tuple[NamedFile, ...] = ()

    def has(self, *roles: Role) -> bool:
        """Whether a row names it as one of these."""
        return any(one.role in roles for one in self.named)


@dataclass(slots=True)
class Survey:
    """How many files are in the store, how many files rows name, and what disagrees."""

    files: int = 0
    named: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def orphans(self) -> list[Broken]:
        """The files that no row names."""
        return [one for one in self.broken if one.fault is None]

    def count(self, fault: Fault) -> int:
        """How many files have this fault."""
        return sum(1 for one in self.broken if one.fault is fault)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that mends something, in words that begin with a verb."""

    action: str
    key: str
    text: str


Progress = Callable[[Survey], None]


def survey(blobs: Blobs, *, deep: bool = False, progress: Progress = lambda found: None) -> Survey:
    """Look at every file and every row, `deep` by reading every byte; changes nothing.

    Store and database are read side by side in order of key, so that memory grows with the faults alone.
    """
    found = Survey()
    for key, size, named in _side_by_side(blobs.files(), stored_files()):
        found.files += size is not None
        found.named += bool(named)
        if not named:
            found.broken.append(Broken(key, size, None))
        elif fault := _fault(blobs, key, size, named, deep=deep):
            found.broken.append(Broken(key, size, fault, named))
        progress(found)
    for one in outside_files():
        found.named += 1
        place = kept(one.source_id, one.key, one.size, original_path=one.original_path)
        if fault := blobs.fault(place, deep=deep):
            found.broken.append(Broken(one.key, None, fault, (one,)))
        progress(found)
    return _without_newcomers(found, blobs)


def steps(found: Survey) -> Iterator[Step]:
    """What a repair would do, and all that it would do."""
    for one in found.broken:
        if one.fault is None:
            yield Step("remove-orphan", one.key, f"remove the file {one.key} ({one.size:,} bytes), which no row names")
            continue
        state = WORDS[one.fault]
        if one.fault is Fault.DAMAGED and not _is_outside(one):
            yield Step("remove-file", one.key, f"remove the file {one.key}, which {state}")
        if one.fault is Fault.DAMAGED and _is_outside(one):
            path = one.named[0].original_path
            yield Step("forget-original", one.key, f"forget that the original {one.key} lies in {path}, which {state}")
        if one.has(Role.ORIGINAL, Role.WAITING):
            sources = ", ".join(sorted({file.source_id for file in one.named}))
            yield Step("leave-original", one.key, f"leave the file {one.key}, which {state}, to an ingest of {sources}")
        if one.has(Role.RENDITION):
            yield Step("forget-rendition", one.key, f"forget the rendition {one.key}, which {state}; it is made again")


def repair(blobs: Blobs, *, deep: bool = False, progress: Progress = lambda found: None) -> Survey:
    """Do what `steps` says of the survey that is returned. Raises Stopped while an ingest holds the store, and before
    anything is done when so much disagrees that store and database can hardly belong together."""
    with blobs.only_writer():
        found = survey(blobs, deep=deep, progress=progress)
        check_belonging(found)
        for batch in _batches(found.broken):
            with blobs.settled():
                _mend(blobs, batch)
    return found


def check_belonging(found: Survey) -> None:
    """Raises Stopped when more than half of all files are missing, or belong to no row."""
    missing, orphans = found.count(Fault.MISSING), len(found.orphans)
    for number, total, words in ((missing, found.named, "are missing"), (orphans, found.files, "belong to no row")):
        if number > FEW and number > MIX_UP * total:
            raise Stopped(
                f"{number:,} of {total:,} files {words}; nothing is repaired. Is this the store of this database?"
                " See DERMREF_DATA_DIR, DERMREF_STORE and DATABASE_URL."
            )


def commands(found: Survey) -> list[str]:
    """The commands that bring in anew what nobody here can make again."""
    lost = [one for one in found.broken if one.has(Role.ORIGINAL, Role.WAITING)]
    return [_command(source_id) for source_id in sorted({file.source_id for one in lost for file in one.named})]


def _command(source_id: str) -> str:
    if source_id not in ADAPTERS:
        return f"dermref ingest manifest --source {source_id} --from FILE"
    request = last_request(source_id)
    options = (("--from", request.get("folder")), ("--base-url", request.get("base_url")))
    return " ".join([f"dermref ingest {source_id}", *(f"{name} '{value}'" for name, value in options if value)])


def _side_by_side(
    files: Iterable[tuple[str, int]], named: Iterable[NamedFile]
) -> Iterator[tuple[str, int | None, tuple[NamedFile, ...]]]:
    """Every key that is in the store or in a row, with the file's size and the rows."""
    there: Iterator[Entry] = ((key, size, None) for key, size in files)
    wanted: Iterator[Entry] = ((one.key, None, one) for one in named)
    merged = heapq.merge(_in_order(there), _in_order(wanted), key=itemgetter(0))
    for key, group in groupby(merged, key=itemgetter(0)):
        entries = list(group)
        size = next((size for _, size, _ in entries if size is not None), None)
        yield key, size, tuple(one for _, _, one in entries if one)


def _in_order(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries. Raises Stopped where a server or database sorts in another way: files would pass for orphans."""
    last = ""
    for entry in entries:
        if entry[0] < last:
            raise Stopped("The store or the database does not list its files in order; they cannot be compared.")
        last = entry[0]
        yield entry


def _fault(blobs: Blobs, key: str, size: int | None, named: Iterable[NamedFile], *, deep: bool) -> Fault | None:
    if size is None:
        return Fault.MISSING
    if any(one.size not in (None, size) for one in named):
        return Fault.DAMAGED
    return blobs.fault(Kept(key, size), deep=True) if deep else None


def _without_newcomers(found: Survey, blobs: Blobs) -> Survey:
    """The survey without files that came in, or are under way, since the rows were read."""
    keys = [one.key for one in found.orphans]
    known = blobs.noted().union(*(known_files(keys[at : at + BATCH]) for at in range(0, len(keys), BATCH)))
    broken = [one for one in found.broken if one.fault or one.key not in known]
    return replace(found, broken=broken)


def _mend(blobs: Blobs, batch: list[Broken]) -> None:
    """Rows first: a repair that is killed between the two leaves orphans, which the next one finds. A file that came
    in, or was made again, since the survey stays."""
    needed = known_files([one.key for one in batch if one.fault is None])
    batch = [one for one in batch if one.key not in needed and (one.fault is None or _is_still_broken(blobs, one))]
    forget_renditions(one.key for one in batch if one.has(Role.RENDITION))
    for one in batch:
        if one.fault is Fault.DAMAGED and _is_outside(one):
            forget_outside(one.named[0])
        elif one.fault is not Fault.MISSING:
            blobs.remove(one.key)


def _is_still_broken(blobs: Blobs, one: Broken) -> bool:
    places = (kept(file.source_id, one.key, file.size, original_path=file.original_path) for file in one.named)
    return any(blobs.fault(place, deep=True) for place in places)


def _is_outside(one: Broken) -> bool:
    return any(file.original_path for file in one.named)


def _batches(broken: list[Broken]) -> Iterator[list[Broken]]:
    return (broken[at : at + BATCH] for at in range(0, len(broken), BATCH))
