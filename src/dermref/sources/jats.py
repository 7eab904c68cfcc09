"""Reads an article in JATS: whose it is, which license it names, how it is cited, and its figures. It reports words and
links as they stand, and decides nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from dermref.sources.jats_figures import Figure, figures_of
from dermref.sources.jats_rights import Rights, rights_of
from dermref.sources.jats_text import Element, one_line, words_of

LARGEST = 32 * 1024 * 1024  # bytes; the longest articles have a tenth of it
MOST_KEYWORDS = 50
YEAR = re.compile(r"(?:17|18|19|20)[0-9]{2}")
PMCID = re.compile(r"(?:PMC)?([0-9]{1,12})(?:\.[0-9]{1,3})?")


class Unreadable(ValueError):
    """The text is no article that could be read whole."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its XML tells of it. `rights` is None where it has no <permissions>, and the first where it has
    several; `loose_notice` is a copyright statement outside of any, as early articles have it."""

    pmcid: str | None
    doi: str | None
    creator: str | None
    citation: str | None
    rights: Rights | None
    has_several_rights: bool
    loose_notice: str | None
    keywords: tuple[str, ...]
    figures: tuple[Figure, ...]


def read_article(xml: str) -> Article:
    """The article. Raises Unreadable for what is no XML, is none of JATS, is too large or has entities of its own."""
    root = _root(xml.encode("utf-8", "surrogatepass"))
    meta = root.find("front/article-meta")
    if root.tag != "article" or meta is None:
        raise Unreadable("it is no article in JATS")
    permissions = meta.findall("permissions")
    number = PMCID.fullmatch(_id(meta, "pmc") or _id(meta, "pmcid") or "")
    authors = list(_authors(meta))
    return Article(
        pmcid=f"PMC{int(number[1])}" if number else None,
        doi=_id(meta, "doi"),
        creator=_first_of(authors),
        citation=_citation(root, meta, authors),
        rights=rights_of(permissions[0]) if permissions else None,
        has_several_rights=len(permissions) > 1,
        loose_notice=" ".join(filter(None, map(words_of, meta.iterfind("copyright-statement")))) or None,
        keywords=tuple(filter(None, map(words_of, meta.iterfind("kwd-group/kwd"))))[:MOST_KEYWORDS],
        figures=figures_of(root),
    )


def _root(body: bytes) -> Element:
    if len(body) > LARGEST:
        raise Unreadable(f"it has more than {LARGEST:,} bytes")
    if b"<!ENTITY" in body:
        raise Unreadable("it declares entities of its own")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"it is no well-formed XML ({one_line(str(error))[:100]})") from error
    if next(root.iter(etree.Entity), None) is not None:
        raise Unreadable("it uses entities that it does not spell out")
    return root


def _id(meta: Element, kind: str) -> str | None:
    return next((words_of(one) for one in meta.iterfind("article-id") if one.get("pub-id-type") == kind), None)


def _authors(meta: Element) -> Iterator[str]:
    """The authors as they are cited, “Smith JA”, groups by their name."""
    for one in meta.iterfind("contrib-group/contrib"):
        if one.get("contrib-type", "author") != "author":
            continue
        surname, given = words_of(one.find(".//surname")), words_of(one.find(".//given-names")) or ""
        if surname:
            initials = "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
            yield f"{surname} {initials}".strip()
        elif group := words_of(one.find(".//collab")) or words_of(one.find(".//string-name")):
            yield group


def _first_of(authors: list[str]) -> str | None:
    if not authors:
        return None
    return f"{authors[0]}, et al." if len(authors) > 1 else authors[0]


def _citation(root: Element, meta: Element, authors: list[str]) -> str | None:
    """“Smith J, et al. Title. Journal. 2020;1(2):3-4. doi:10.x/y”; None where title or journal is missing."""
    title = words_of(meta.find("title-group/article-title"))
    journal = words_of(root.find("front/journal-meta//journal-title"))
    if not title or not journal:
        return None
    doi = _id(meta, "doi")
    parts = [_first_of(authors), title, journal, _place(meta), f"doi:{doi}" if doi else None]
    return ". ".join(part.rstrip(" .") for part in parts if part)


def _place(meta: Element) -> str | None:
    """“2020;1(2):3-4”: the year of the issue where there is one, and where in it the article stands."""
    dates = {one.get("pub-type") or one.get("date-type") or "": one for one in meta.iterfind("pub-date")}
    ordered = [dates[kind] for kind in ("collection", "ppub", "epub", "pub") if kind in dates] + list(dates.values())
    year = next((found for one in ordered if (found := words_of(one.find("year"))) and YEAR.fullmatch(found)), None)
    volume, issue = words_of(meta.find("volume")), words_of(meta.find("issue"))
    first, last = words_of(meta.find("fpage")) or words_of(meta.find("elocation-id")), words_of(meta.find("lpage"))
    pages = f"{first}-{last}" if first and last and last != first else first
    place = f"{volume or ''}{f'({issue})' if issue else ''}{f':{pages}' if pages else ''}"
    return ";".join(part for part in (year, place) if part) or None
