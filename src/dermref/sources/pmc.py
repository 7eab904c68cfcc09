"""PubMed Central's open-access subset: the figures of its articles, each with the license of its article, or with what
is said at the figure itself, which goes before it. Live from PMC's bucket, or from folders synced from it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Missed, Page
from dermref.sources.asked_by_id import check_missed
from dermref.sources.pmc_bucket import Envelope, Unfit, envelope_of, envelope_on_disk, found_articles
from dermref.sources.pmc_figure import figures_in, read
from dermref.sources.recorded import refuse_questions
from dermref.sources.words import load_words

__all__ = ["SOURCE_ID", "ask_again", "harvest", "is_listing_complete", "is_local", "is_mirrored", "read", "reader"]

SOURCE_ID = "pmc-oa"
reader = "pmc/2"
is_local = False
is_mirrored = True
is_listing_complete = False  # a search finds what it finds

AT_ONCE = 10  # articles a page
FIRST_MARK = "*"
NAMES = re.compile(r"\s*(?:PMC[0-9]{1,12}[\s,;]*)+", re.IGNORECASE)
FOLDER = re.compile(r"(PMC[1-9][0-9]{0,11})\.[1-9][0-9]{0,2}")
CURSOR = re.compile(r"([0-9]{1,4})@(.{1,2000})", re.DOTALL)

Had = Envelope | Missed | None
Batch = tuple[list[str], str | None]  # some articles, and the cursor of the next


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of figures, a few articles each: those named by PMCID, those a search finds, or those in a folder."""
    if request.folder:
        return _recorded(request, request.folder)
    is_named = request.query and NAMES.fullmatch(request.query)
    return _paged(_named(request) if is_named else _searched(request, fetch), request, fetch)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The figure's article now; None where the bucket has it no more, or it has that figure no more. Raises
    FetchFailed."""
    pmcid, _, key = foreign_id.partition("/")
    try:
        envelope = envelope_of(pmcid, _bucket(request), fetch)
    except Unfit as fault:
        raise FetchFailed(fault.code, str(fault), is_final=False) from fault
    if envelope is None:
        return None
    document = _document(envelope, key)
    keys = figures_in(document)
    return document if keys is None or key in keys else None


def _named(request: HarvestRequest) -> Iterator[Batch]:
    """The cursor is a place in the list of names."""
    if request.since:
        raise Stopped("Articles named by their PMCID are not asked by date; leave --since out.")
    numbers = (int(one) for one in re.findall("[0-9]+", request.query or ""))
    names = list(dict.fromkeys(f"PMC{one}" for one in numbers if one))
    cursor = request.cursor
    start = int(cursor) if cursor and re.fullmatch("[0-9]{1,9}", cursor) else 0
    if cursor and not 0 < start < len(names):
        raise BadCursor("The articles named now are not those of the last run.")
    for at in range(start, len(names), AT_ONCE):
        yield names[at : at + AT_ONCE], str(at + AT_ONCE) if at + AT_ONCE < len(names) else None


def _searched(request: HarvestRequest, fetch: Fetch) -> Iterator[Batch]:
    """The cursor is a place in a page of the search, and the mark of that page."""
    query = _query(request)
    cursor = CURSOR.fullmatch(request.cursor or f"0@{FIRST_MARK}")
    if cursor is None:
        raise BadCursor("The recorded place in the search cannot be read.")
    place, mark = int(cursor[1]), cursor[2]
    while mark:
        try:
            names, following = found_articles(query, mark, fetch)
        except FetchFailed as fault:
            if mark != FIRST_MARK and fault.status in (400, 404, 422):
                raise BadCursor("Europe PMC no longer knows where the last run stopped.") from fault
            raise Stopped(f"{fault}; stopped, run the same command again to go on.") from fault
        for at in range(place, max(len(names), place + 1), AT_ONCE):
            is_end = at + AT_ONCE >= len(names)
            yield names[at : at + AT_ONCE], following and f"0@{following}" if is_end else f"{at + AT_ONCE}@{mark}"
        place, mark = 0, following or ""


def _query(request: HarvestRequest) -> str:
    words = load_words("pmc")
    query = str(words["among_open"]).format(query=request.query or words["default_query"])
    if not request.since:
        return query
    try:
        since = date.fromisoformat(request.since)
    except ValueError as error:
        raise Stopped(f"“{request.since}” is no day; write --since as 2026-01-31.") from error
    return str(words["since"]).format(query=query, since=since.isoformat())


def _paged(batches: Iterator[Batch], request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """The figures of each batch of articles. Raises Stopped when too many articles in a row cannot be had."""
    missed = 0
    for names, following in batches:
        had = {}
        for pmcid in names:
            had[pmcid] = found = _had(pmcid, request, fetch)
            missed = missed + 1 if isinstance(found, Missed) else 0
            if isinstance(found, Missed):
                check_missed(missed, found)
        yield _page(had, request, following)


def _had(pmcid: str, request: HarvestRequest, fetch: Fetch) -> Had:
    try:
        return envelope_of(pmcid, _bucket(request), fetch)
    except (FetchFailed, Unfit) as fault:
        return Missed(pmcid, Refusal(fault.code, str(fault)))


def _page(had: dict[str, Had], request: HarvestRequest, following: str | None) -> Page:
    return Page(
        items=tuple(item for one in had.values() if isinstance(one, Envelope) for item in _items(one, request)),
        next_cursor=following,
        missed=tuple(one for one in had.values() if isinstance(one, Missed)),
        absent=tuple(pmcid for pmcid, one in had.items() if one is None),
    )


def _items(envelope: Envelope, request: HarvestRequest) -> Iterator[Harvested]:
    """The article's figures; one item that says why where it cannot be read at all."""
    keys = figures_in(_document(envelope, ""))
    for key in ("-/-",) if keys is None else keys:
        yield read(_document(envelope, key), request.source)


def _document(envelope: Envelope, key: str) -> Document:
    return Document(envelope.body, f"{envelope.xml_url}#{quote(key, safe='/~:+()@,-')}")


def _recorded(request: HarvestRequest, folder: Path) -> Iterator[Page]:
    """The articles of a folder in the order of their names; the cursor is the first of the next page."""
    refuse_questions(request)
    versions: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("PMC*")):
        if (found := FOLDER.fullmatch(path.name)) and path.is_dir():
            versions.setdefault(found[1], []).append(path)
    names = sorted(versions, key=lambda name: int(name[3:]))
    if not names:
        raise Stopped(f"{folder} holds no articles (PMC….1/PMC….1.json and .xml, as they lie in PMC's bucket).")
    start = names.index(request.cursor) if request.cursor in names else 0
    for at in range(start, len(names), AT_ONCE):
        following = names[at + AT_ONCE] if at + AT_ONCE < len(names) else None
        had = {name: _on_disk(name, versions[name], request) for name in names[at : at + AT_ONCE]}
        page = _page(had, request, following)
        yield replace(page, items=tuple(_with_path(item, folder) for item in page.items))


def _on_disk(pmcid: str, folders: list[Path], request: HarvestRequest) -> Had:
    try:
        return envelope_on_disk(folders, _bucket(request))
    except Unfit as fault:
        return Missed(pmcid, Refusal(fault.code, str(fault)))


def _with_path(item: Harvested, folder: Path) -> Harvested:
    if item.file is None:
        return item
    version, name = (unquote(part) for part in urlsplit(item.file.url).path.split("/")[-2:])
    return replace(item, file=replace(item.file, path=folder / version / Path(name).name))


def _bucket(request: HarvestRequest) -> str:
    bucket = request.source.ingest.api_url
    if not bucket:
        raise Stopped(f"{request.source.source_id} has no api_url in the registry.")
    return bucket
