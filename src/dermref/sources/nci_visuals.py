"""NCI Visuals Online: one HTML page per image, asked for by id, since no listing is known. Reports what the page's own
rows say, source and creator kept apart; the row "Reuse Restrictions" is its statement, or why it makes none."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD, harvest_pages, page_now, proper_id
from dermref.sources.labelled_page import Labelled, asked_id, one_meaning, read_page, restrictions, rights_in
from dermref.sources.words import load_words

SOURCE_ID = "nci-visuals"
reader = "nci-visuals/2"
is_local = False
is_mirrored = True
is_listing_complete = False

ROLE = r"\s*\((?:{})\)\s*(?:[,;&]|and\b)?\s*"


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of the images whose ids the query names, or of recorded pages, whose files are named `<id>.<format>`."""
    return harvest_pages(request, fetch, read=read, file_name=_recorded_name)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The image's own page now; None where the library answers that there is none."""
    return page_now(foreign_id, request, fetch, read=read)


def read(document: Document, source: Source) -> Harvested:
    """What one page says. What it lacks, or says in words nobody knows, becomes a fault, never a guess."""
    words = load_words("nci_visuals")
    page = read_page(document.body, words["labels"])
    files = _files(page, document, source)
    foreign_id, faults = _own_id(page, set(files.values()), document, source)
    statements, against = restrictions(page, beside=("source", "creator"))
    holder = page.value("holder")
    faults += [*page.twice(), *against]
    if statements and holder:
        faults.append(Refusal("restriction-contradicted", f"its page names a rights holder: “{holder[:200]}”"))
    if not files:
        faults.append(Refusal("no-file", "its page links no picture on a host of this source"))
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=(source.ingest.landing_template or "").format(foreign_id=foreign_id),
        file=FileRef(next(iter(files))) if files else None,
        document=document,
        statements=() if faults else statements,
        creator=_creator(page.value("creator")),
        contributor=page.value("source"),
        rights_holder=holder,
        depiction=_depiction(page),
        metadata=page.printed,
        faults=tuple(faults),
        doubts=rights_in(page, **words["rights"]),
    )


def _files(page: Labelled, document: Document, source: Source) -> dict[str, str]:
    """The files that the page links, the best first, with the ids of the images that they are of."""
    words = load_words("nci_visuals")["file"]
    found: dict[str, tuple[int, int, str]] = {}
    for link in (*page.links, *page.pictures):
        address = page.own_address(link, document, source)
        asked = dict(parse_qsl(urlsplit(address or "").query))
        kind, dots, owner = asked.get("fileformat", "").lower(), asked.get("dpi", ""), asked.get("imageid", "")
        is_file = address and urlsplit(address).path.rpartition("/")[2] == words["page"]
        if address and is_file and kind in words["formats"] and re.fullmatch("[0-9]{1,5}", dots):
            found[address] = (-int(dots), words["formats"].index(kind), owner)
    return {address: found[address][2] for address in sorted(found, key=lambda one: (*found[one], one))}


def _own_id(page: Labelled, owners: set[str], document: Document, source: Source) -> tuple[str, list[Refusal]]:
    """The id that was asked for, or that the files of a recorded page are of, and what is wrong with it. A page prints
    no id: its files tell, all of them, whose page it is."""
    asked = asked_id(document, "imageid")
    foreign_id = proper_id(asked or (min(owners) if len(owners) == 1 else ""), document, source)
    if not page.is_of_an_image:
        return foreign_id, [Refusal(NOT_UNDERSTOOD, "what was sent is no page of an image")]
    if owners - {foreign_id}:
        named = ", ".join(sorted(owners))
        return foreign_id, [Refusal("wrong-item", f"the files on its page are those of {named[:200]}")]
    return foreign_id, []


def _recorded_name(item: Harvested) -> str:
    query = dict(parse_qsl(urlsplit(item.file.url if item.file else "").query))
    return f"{item.foreign_id}.{query.get('fileformat', '').lower()}"


def _creator(said: str | None) -> str | None:
    """The names alone, without the roles behind them; None for what names nobody."""
    words = load_words("nci_visuals")["creator"]
    roles = ROLE.format("|".join(map(re.escape, words["roles"])))
    names = re.split(roles, said or "", flags=re.IGNORECASE)
    nobody = {one.casefold() for one in words["nobody"]}
    return ", ".join(name for name in names if name and name.casefold() not in nobody) or None


def _depiction(page: Labelled) -> Depiction:
    words = load_words("nci_visuals")
    heading = page.headings[0] if len(page.headings) == 1 else None
    topics = page.pieces.get("topics", ())
    return Depiction(
        title=page.value("title") or heading or None,
        condition=one_meaning(topics, words["condition"]),
        modality=one_meaning(topics, words["modality"]),
    )
