"""Reads a page as Zotero's browser connector does, by the rules of its translators and in words of our own.

Facts read on 2026-11-28 in github.com/zotero: translators (“COinS”, priority 310; “Embedded Metadata”, priority 320;
the “RDF” importer that the latter feeds) at 28143701, utilities (`parseContextObject`, `cleanAuthor`) at 4051881d,
translate, and `Item.fromJSON` of the desktop. The lower number goes first; two spans or more are offered as a list.
Here is only what our pages can bring about.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from lxml import html

TYPES = {"artwork", "dataset", "webpage", "journalArticle"}
FIELDS = {"rft.title": "title", "rft.publisher": "publisher", "rft.date": "date", "rft.rights": "rights"}
FIELDS |= {"rft.description": "abstractNote", "rft.identifier": "url"}
PREFIXES = {"dc", "dcterms", "z", "og", "bib", "bibo", "prism", "article", "book", "so", "eprints"}
ITEM_FIELDS = {"archive", "archiveLocation", "url", "versionNumber", "identifier"}  # of the types that we name
Item = dict[str, Any]


def offered(page: str) -> list[Item]:
    """What Zotero offers of a page: an item for each span, in order."""
    root = html.document_fromstring(page.encode())
    spans = root.xpath('//span[contains(concat(" ", @class, " "), " Z3988 ") and @title]')
    return [from_span(str(one.get("title"))) for one in spans]


def from_span(text: str) -> Item:
    """The item of one ContextObject. `asks_elsewhere`: no creator was read, so other services are asked and the whole
    text is left in the item."""
    pairs = [(part.split("=")[0], _value(part.split("=")[1])) for part in text.split("&")]
    assert ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc") in pairs
    item: Item = {"itemType": "webpage", "creators": []}
    corporate: list[Item] = []
    for key, value in pairs:
        if key == "rft.type" and value in TYPES:
            item["itemType"] = value
        elif key == "rft_id" and value.lower().startswith("info:doi"):
            item["DOI"] = value[9:]
        elif key == "rft.aucorp":
            corporate.insert(0, {"lastName": value})  # each before those already there
        elif key in ("rft.au", "rft.creator", "rft.contributor", "rft.inventor"):
            item["creators"].append(clean_author(value, use_comma="," in value))
        elif key in FIELDS:
            item[FIELDS[key]] = value
    item["creators"] = corporate + item["creators"]
    item["asks_elsewhere"] = not item["creators"]
    item["creators"] = [one for one in item["creators"] if any(one.values())]
    return item


def _value(escaped: str) -> str:
    """A plus sign is a space, escaped or not."""
    return unquote(re.sub(r"\+|%2[bB]", " ", escaped), errors="strict")


def embedded(page: str) -> Item:
    """The item of the page's own `meta` elements."""
    root = html.document_fromstring(page.encode())
    metas = [(one.get("name") or one.get("property"), one.get("content")) for one in root.iter("meta")]
    tags = {str(name): str(content) for name, content in reversed(metas) if name and content}
    item = from_tags(tags)
    times = root.xpath("//time[@datetime]")
    if "date" not in item and times:
        item["date"] = str(times[0].get("datetime"))[:10]
    return item


def from_tags(tags: Mapping[str, str]) -> Item:
    """The same of the elements by name, without what is guessed from the rest of the page."""
    said = dict(_statements(tags))
    item: Item = {"itemType": _type(said, tags), "creators": []}
    firsts = {
        "title": ("dc.title", "dcterms.title", "og.title"),
        "rights": ("dc.rights", "dcterms.rights"),
        "publisher": ("dc.publisher", "dcterms.publisher"),
        "date": ("dc.date", "dcterms.issued"),
        "url": ("og.url",),
        "abstractNote": ("og.description", "dcterms.abstract"),
        "artworkMedium": ("dcterms.medium",),
    }
    item |= {field: said[names] for field, ways in firsts.items() for names in reversed(ways) if names in said}
    own = {name.partition(".")[2]: value for name, value in said.items() if name.startswith("z.")}
    item |= {name: value for name, value in own.items() if name != "itemType"}
    item["extra"] = sorted(set(own) - ITEM_FIELDS - {"itemType"})
    if "citation_doi" in tags:
        item["DOI"] = tags["citation_doi"]
    names = [tags["citation_author"]] if "citation_author" in tags else []
    if not names and item["itemType"] != "artwork":
        names = [said[name] for name in ("dc.creator", "dcterms.creator") if name in said][:1]
    item["creators"] = [clean_author(name, use_comma="," in name) for name in names]
    return item


def _statements(tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in tags.items():
        prefix, _, rest = name.partition(".") if "." in name else name.partition(":")
        if prefix.lower() in PREFIXES and rest:
            yield f"{prefix.lower()}.{rest[0].lower()}{rest[1:]}", value


def _type(said: Mapping[str, str], tags: Mapping[str, str]) -> str:
    """Zotero's own word, else the card's, else that of a `citation_title`, else a web page."""
    if said.get("z.itemType") in TYPES:
        return said["z.itemType"]
    if said.get("og.type") == "website":
        return "webpage"
    return "journalArticle" if "citation_title" in tags else "webpage"


def clean_author(name: str, *, use_comma: bool) -> Item:
    """A name taken apart: at its comma where it has one, else at its last space."""
    name = re.sub(r"[\s.,/\[\]:]+$", "", re.sub(r"^[\s.,/\[\]:]+", "", name))
    if not use_comma:
        first, _, last = name.rpartition(" ")
        return {"firstName": first, "lastName": last}
    parts = re.split(r"[,،] ?", re.sub(r"\.([^ ])", r". \1", name, count=1))
    return {"lastName": parts[0], "firstName": parts[1]} if len(parts) > 1 else {"lastName": parts[0]}
