"""Libre Pathology by its API: images on its pages, whether their files lie there or in the repository it shares. A
shared file is under what its own page in that repository says; nothing here is under the site's license by default."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal, Statement
from dermref.model.harvest import Fetch, HarvestRequest, Missed, Page
from dermref.model.source import Source
from dermref.sources import mediawiki
from dermref.sources.category_walk import walk
from dermref.sources.extmetadata import ASKED, harvested, media_id, narrower_in
from dermref.sources.mediawiki import Wiki
from dermref.sources.page_license import names_stricter
from dermref.sources.page_templates import is_same_license, told
from dermref.sources.reading import Json, canonical, items, mapping, object_of, text
from dermref.sources.recorded import recorded
from dermref.sources.words import load_words

SOURCE_ID = "libre-pathology"
reader = "libre-pathology/2"
is_local = False
is_mirrored = True
is_listing_complete = False

# About a file page here: its text as well, whose templates name the license where no extension does.
ASKED_HERE = {**ASKED, "prop": "imageinfo|categories|info|revisions", "rvprop": "ids|content", "rvslots": "main"}
IMAGES_ON = {"prop": "images", "imlimit": "max"}
PAGES_AT_ONCE = "10"  # a page has some ten images
LOCAL = "P"  # before the number of a page here; a shared file has the id it has there
MOST_MISSED = 10  # in a row: then it is the site, not the item


@dataclass(frozen=True, slots=True)
class Wikis:
    """The two wikis that an item may need, and the source it is an item of."""

    here: Wiki
    shared: Wiki
    source: Source


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of files, by what the query is:

    - `Category:A`, `Category:A|Category:B depth:2`: the images on the pages of categories, and the files in them;
    - `File:A.jpg|File:B.jpg`, also one a line: these files;
    - other titles, between bars or one a line: the images on these pages;
    - none: the categories that `data/libre_pathology.toml` names.
    """
    if request.folder:
        yield from recorded(
            request, request.folder, pattern="*.json", read=lambda path: _recorded(path, request.source)
        )
        return
    wikis = _wikis(request, fetch)
    if request.since:
        raise Stopped(f"{wikis.here.name} cannot be asked by date; leave --since out, unchanged images cost little.")
    missed = 0
    for page in _listed(request, wikis):
        missed = missed + len(page.missed) if page.missed and not page.items else 0
        if missed >= MOST_MISSED:
            last = page.missed[-1].foreign_id
            raise Stopped(f"{missed} files in a row could not be read, the last of them {last}; stopped, run again.")
        yield page


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The item's own document now: None where the file's page is gone, here or in the shared repository."""
    wikis, number = _wikis(request, fetch), foreign_id[1:]
    if foreign_id.startswith(LOCAL):
        found = mediawiki.batch(wikis.here, {**ASKED_HERE, "pageids": number}).pages
        page = next((one for one in found if _local_id(one) == foreign_id and not mediawiki.is_missing(one)), None)
        return _document(wikis, page, None) if page and not _is_shared(page) else None
    found = mediawiki.batch(wikis.shared, {**ASKED, "pageids": number}).pages
    original = next((one for one in found if media_id(one) == foreign_id and not mediawiki.is_missing(one)), None)
    if original is None:
        return None
    page = next(iter(_here(wikis.here, [str(original.get("title"))]).values()), {})
    return _document(wikis, page, original) if _is_shared(page) else None


def read(document: Document, source: Source) -> Harvested:
    """What an item's document says: the page here, and that of the shared repository where the file lies there."""
    pair = object_of(document)
    here, original = mapping(pair.get("here")), mapping(pair.get("shared"))
    is_shared = _is_shared(here)
    found = media_id(original) if is_shared else _local_id(here)
    item = harvested(
        original if is_shared else here,
        document,
        source=source,
        foreign_id=found or f"malformed-{hashlib.sha256(document.body).hexdigest()[:16]}",
        landing_url=_landing(here, source),
    )
    if not found:
        return replace(item, statements=(), faults=(Refusal("bad-id", "its page has no number"), *item.faults))
    return item if is_shared else _with_templates(item, here)


def _with_templates(item: Harvested, page: Json) -> Harvested:
    """A file that lies here, with what the templates of its page say where no extension read them."""
    repository = text(page, "imagerepository")
    if repository not in _words()["local_repositories"]:
        known = f"its file is in a repository that is not known here: “{str(repository)[:80]}”"
        return replace(item, statements=(), faults=(*item.faults, Refusal("unknown-repository", known)))
    written = _wikitext(page)
    said = told(written, _words())
    doubts = [*item.doubts, *said.doubts, *narrower_in(written)]
    if said.is_author_unread and not item.creator:
        doubts.append(Refusal("author-unread", "its page names an author in a way that was not read"))
    if re.search(_words()["third_party"], written):
        doubts.append(Refusal("third-party", "its page names the rights or the permission of others"))
    read = [one.text for one in item.statements]
    differ = read and any(not any(is_same_license(name, one) for one in read) for name in said.statements)
    if differ or names_stricter(written, [*read, *said.statements]):
        doubts.append(Refusal("rights-contradict", "its page names another license than was read"))
    if item.credit_line and said.credit_line and item.credit_line != said.credit_line:
        doubts.append(Refusal("credit-in-template", "its page asks for two different credits"))
    return replace(
        item,
        statements=item.statements or tuple(map(Statement, said.statements)),
        creator=item.creator or said.author,
        credit_line=item.credit_line or said.credit_line,
        faults=(*item.faults, *said.faults),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _listed(request: HarvestRequest, wikis: Wikis) -> Iterator[Page]:
    words, query, here = _words(), (request.query or "").strip(), wikis.here
    asked = mediawiki.categories_in(query, words["depth"])
    if not query:
        asked = words["default_categories"], words["default_depth"]
    if asked:
        params = {**IMAGES_ON, "generator": "categorymembers", "gcmtype": "page|file", "gcmlimit": PAGES_AT_ONCE}
        names, depth = asked
        for found, after in walk(here, names, params, depth=depth, left_out=words["left_out"], written=request.cursor):
            yield replace(_files(wikis, _images_on(found.pages)), next_cursor=after, absent=())
        return
    titles = mediawiki.parts_of(query)
    start = mediawiki.number_in(mediawiki.place(request.cursor), most=len(titles))
    for some, end in mediawiki.portions(titles, start):
        after = mediawiki.cursor({"from": end}) if end else None
        if all(mediawiki.is_in(one, "File") for one in titles):
            yield replace(_files(wikis, some), next_cursor=after, total=len(titles))
        else:
            yield replace(_files(wikis, _on_pages(here, some)), next_cursor=after, absent=())


def _on_pages(here: Wiki, titles: Sequence[str]) -> list[str]:
    """The images on pages. Raises Stopped for a page that does not exist."""
    pages = mediawiki.batch(here, {**IMAGES_ON, "titles": "|".join(titles), "redirects": "1"}).pages
    if lacking := next((one for one in pages if mediawiki.is_missing(one)), None):
        raise Stopped(f"{here.name} has no page “{str(lacking.get('title'))[:200]}”; look up how it is spelled.")
    return _images_on(pages)


def _images_on(pages: Sequence[Json]) -> list[str]:
    """The titles of files among pages, and of those on them, each once."""
    own = [text(one, "title") for one in pages if one.get("ns") == mediawiki.FILE]
    on = [text(mapping(image), "title") for page in pages for image in items(page.get("images"))]
    return list(dict.fromkeys(one for one in (*own, *on) if one))


def _files(wikis: Wikis, titles: Sequence[str]) -> Page:
    """These files, each with its page in the shared repository where it lies there."""
    found: dict[str, Harvested] = {}
    missed: list[Missed] = []
    absent: list[str] = []
    for some, _ in mediawiki.portions(titles, 0):
        pages = _here(wikis.here, some)
        originals = _originals(wikis.shared, [title for title, page in pages.items() if _is_shared(page)])
        for title, page in pages.items():
            original = originals.get(title)
            shown = _as_named_there(wikis.here, page, original) if original else page
            if _is_shared(page) and not (original and _is_shared(shown)):
                gone = f"{title[:200]} is not in the repository where it should lie"
                missed.append(Missed(title, Refusal("not-in-repository", gone)))
            elif _is_shared(page) or not mediawiki.is_missing(page):
                item = read(_document(wikis, shown, original), wikis.source)
                found.setdefault(item.foreign_id, item)  # a file that was renamed there may be on pages by both names
            else:
                absent.append(title)
    return Page(tuple(found.values()), None, missed=tuple(missed), absent=tuple(absent))


def _here(wiki: Wiki, titles: Sequence[str]) -> dict[str, Json]:
    pages = mediawiki.batch(wiki, {**ASKED_HERE, "titles": "|".join(titles), "redirects": "1"}).pages
    return {text(one, "title") or "": one for one in pages}


def _as_named_there(wiki: Wiki, page: Json, original: Json) -> Json:
    """The page here by the name that the file has in the shared repository by now: it is always the same one."""
    title = text(original, "title") or ""
    return page if text(page, "title") == title else _here(wiki, [title]).get(title, {})


def _originals(shared: Wiki, titles: Sequence[str]) -> Mapping[str, Json]:
    """The pages of the shared repository for these titles, whatever they are called there by now."""
    found: dict[str, Json] = {}
    for some, _ in mediawiki.portions(titles, 0):
        answer = mediawiki.batch(shared, {**ASKED, "titles": "|".join(some), "redirects": "1"})
        by_title = {text(one, "title"): one for one in answer.pages if not mediawiki.is_missing(one)}
        found |= {one: by_title[answer.title_of(one)] for one in some if answer.title_of(one) in by_title}
    return found


def _document(wikis: Wikis, page: Json, original: Json | None) -> Document:
    """Both pages of an item, at the address that gives the one that its license is read from."""
    pair: dict[str, object] = {"here": mediawiki.in_order(page)}
    if original is None:
        url = mediawiki.address(wikis.here.api, {**ASKED_HERE, "pageids": str(mediawiki.page_id(page))})
    else:
        pair["shared"] = mediawiki.in_order(original)
        url = mediawiki.address(wikis.shared.api, {**ASKED, "pageids": str(mediawiki.page_id(original))})
    return Document(canonical(pair), url)


def _recorded(path: Path, source: Source) -> Page:
    """One item, as it is kept: `{"here": page}`, with `"shared": page` where its file lies elsewhere."""
    return Page((read(Document(path.read_bytes(), f"recorded:{path.name}"), source),), None)


def _is_shared(page: Json) -> bool:
    return text(page, "imagerepository") in _words()["shared_repositories"]


def _local_id(page: Json) -> str | None:
    number = mediawiki.page_id(page)
    return f"{LOCAL}{number}" if number else None


def _landing(page: Json, source: Source) -> str:
    """The file's page here, which there is wherever the file lies."""
    title = (text(page, "title") or "").replace(" ", "_")
    return (
        _words()["page_address"].format(title=quote(title, safe="/:()!*,;@$~'", errors="replace"))
        if title
        else source.homepage_url
    )


def _wikitext(page: Json) -> str:
    """The text of the page's last revision, in either of the two forms; empty where it was not given."""
    revision = mapping(next(iter(items(page.get("revisions"))), None))
    slot = mapping(mapping(revision.get("slots")).get("main"))
    return text(slot, "content") or text(slot, "*") or ""


def _wikis(request: HarvestRequest, fetch: Fetch) -> Wikis:
    source, words = request.source, _words()
    if not source.ingest.api_url:
        raise Stopped(f"{source.source_id} has no api_url in the registry.")
    here = Wiki(source.name, source.ingest.api_url, fetch)
    return Wikis(here, Wiki(words["shared_name"], words["shared_api"], fetch), source)


def _words() -> dict[str, Any]:
    return load_words("libre_pathology")
