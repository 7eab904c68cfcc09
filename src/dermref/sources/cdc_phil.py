"""The CDC's Public Health Image Library: one HTML page per image, asked for by id, since no listing is known. Reports
what the page's own rows say; the row "Copyright Restrictions" is its statement, or the reason why it makes none."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD, harvest_pages, page_now, proper_id
from dermref.sources.labelled_page import Labelled, asked_id, one_meaning, read_page, restrictions, rights_in
from dermref.sources.words import load_words

SOURCE_ID = "cdc-phil"
reader = "cdc-phil/2"
is_local = False
is_mirrored = True
is_listing_complete = False

LONGEST_TITLE = 200
DATE_DIGITS = 8  # "04301999", "20031202"
ANY_ALT = re.compile(r"\s*PHIL Image\s*[0-9]", re.IGNORECASE)
OWN_FOLDER = re.compile("/phil_images/+([0-9]+)/", re.IGNORECASE)
OWN_NAME = re.compile(r"/([0-9]+)(?:_lores)?\.[a-z]+$", re.IGNORECASE)
SENTENCE = re.compile(r"(?:(?<=\w\w\w[.!?])|(?<=[)”\"][.!?]))\s")  # no end after “Dr.”


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of the images whose ids the query names, or of recorded pages."""
    return harvest_pages(request, fetch, read=read, file_name=lambda item: item.file.name if item.file else "")


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The image's own page now; None where the library answers that there is none."""
    return page_now(foreign_id, request, fetch, read=read)


def read(document: Document, source: Source) -> Harvested:
    """What one page says. What it lacks, or says in words nobody knows, becomes a fault, never a guess."""
    words = load_words("cdc_phil")
    page = read_page(document.body, words["labels"], inner=("caption",))
    foreign_id, faults = _own_id(page, document, source)
    statements, against = restrictions(page, beside=("id",))
    file = _file(page, document, source, foreign_id)
    faults += [*page.twice(), *against]
    if file is None:
        faults.append(Refusal("no-file", "its page links no picture on a host of this source, or more than one"))
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=(source.ingest.landing_template or "").format(foreign_id=foreign_id),
        file=file,
        document=document,
        statements=() if faults else statements,
        creator=_name(page.value("credit")),
        contributor=_name(page.value("provider")),
        depiction=_depiction(page),
        metadata=page.printed,
        faults=tuple(faults),
        doubts=rights_in(page, **words["rights"]),
    )


def _own_id(page: Labelled, document: Document, source: Source) -> tuple[str, list[Refusal]]:
    """The id that was asked for, or that a recorded page names, and what is wrong with it."""
    own, asked = page.value("id") or "", asked_id(document, "pid")
    foreign_id = proper_id(asked or own, document, source)
    if "id" not in page.values or not page.is_of_an_image:
        return foreign_id, [Refusal(NOT_UNDERSTOOD, "what was sent is no page of an image")]
    if own != foreign_id:
        return foreign_id, [Refusal("wrong-item", f"its page is that of “{own[:40]}”")]
    return foreign_id, []


def _file(page: Labelled, document: Document, source: Source, foreign_id: str) -> FileRef | None:
    """The picture in high resolution, else its preview, as the page links it."""
    words = load_words("cdc_phil")["file"]
    linked = [one for one in page.links if any(part in one.text.casefold() for part in words["link_words"])]
    named = [one for one in page.pictures if one.text == words["preview_alt"].format(foreign_id=foreign_id)]
    unnamed = [one for one in page.pictures if not ANY_ALT.match(one.text)]
    other = [one for one in unnamed if f"{words['preview_end']}." in one.address.rpartition("/")[2]]
    for links in (linked, named, other):
        addresses = {page.own_address(one, document, source) for one in links}
        pictures = {one for one in addresses if one and one.lower().endswith(tuple(words["suffixes"]))}
        found = {one for one in pictures if _is_own(one, foreign_id)}
        if len(found) == 1:
            return FileRef(found.pop())
    return None


def _is_own(address: str, foreign_id: str) -> bool:
    """Whether an address may be that of this image's file: neither a folder nor a name in it is another's number. The
    oldest files lie in folders of a date, whatever they are called there."""
    path = unquote(urlsplit(address).path)
    folder, name = OWN_FOLDER.search(path), OWN_NAME.search(path)
    is_elsewhere = folder and len(folder[1]) != DATE_DIGITS and folder[1] != foreign_id
    is_another = name and name[1] != foreign_id
    return not (is_elsewhere or is_another or ".." in path)


def _name(said: str | None) -> str | None:
    """A name without the punctuation behind it: “National Cancer Institute (NCI);”."""
    return (said or "").rstrip(" ;,") or None


def _depiction(page: Labelled) -> Depiction:
    words = load_words("cdc_phil")
    caption = page.value("caption") or page.value("description") or ""
    title = SENTENCE.split(caption, maxsplit=1)[0]
    short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rpartition(' ')[0]}…"
    categories = page.pieces.get("categories", ())
    return Depiction(
        title=short or None,
        condition=one_meaning(categories, words["condition"]),
        modality=one_meaning(categories, words["modality"]),
    )
