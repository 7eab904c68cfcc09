"""What a file page of a MediaWiki with CommonsMetadata says of its file: license, credit, restrictions and doubts, in
the page's own words. It reads one page object of the API, and decides nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.policy import Restriction
from dermref.model.source import Source
from dermref.sources.mediawiki import FILE, is_missing, page_id
from dermref.sources.page_license import (
    Said,
    has_unread_license,
    is_of_one_mind,
    license_of,
    licenses_in,
    names_stricter,
)
from dermref.sources.reading import Json, host_of, items, mapping, plain, text, web_address, whole, without_hidden
from dermref.sources.words import load_words

FIELDS = (  # all that is asked for: not where a patient's picture was taken, nor with which camera
    *("ObjectName", "ImageDescription", "DateTimeOriginal", "Categories", "AuthorCount", "DeletionReason"),
    *("Artist", "Credit", "Attribution", "AttributionRequired", "Permission", "Restrictions"),
    *("License", "LicenseShortName", "LicenseUrl", "UsageTerms", "Copyrighted", "NonFree"),
)
# What the API is asked about a file page. Its own categories as well: the extension takes licenses out of its list.
ASKED = {
    "prop": "imageinfo|categories|info",
    "iiprop": "timestamp|url|size|mime|sha1|extmetadata",
    "iiextmetadatalanguage": "en",
    "iiextmetadatafilter": "|".join(FIELDS),
    "cllimit": "max",
}
TOLD = {"ImageDescription": "description", "DateTimeOriginal": "date", "Credit": "source", "Permission": "permission"}
# Fields from which nobody may conclude anything about rights.
TELLING = frozenset({"ObjectName", "ImageDescription", "DateTimeOriginal"})
SHA1 = re.compile("[0-9a-f]{40}")


def media_id(page: Json) -> str | None:
    """The page's id as a media file, which a renaming leaves as it is; None for a page that does not exist."""
    number = page_id(page)
    return f"M{number}" if number else None


def harvested(page: Json, document: Document, *, source: Source, foreign_id: str, landing_url: str) -> Harvested:
    """What a file page says. Whatever it lacks or garbles becomes a fault or is left out, never a guess."""
    info = mapping(next(iter(items(page.get("imageinfo"))), None))
    html = fields(info)
    said = {name: words for name, value in html.items() if (words := words_of(value))}
    categories = categories_of(page, said)
    file = _file(info, source.ingest.hosts)
    statements, unclear = license_of(said, categories)
    restrictions, strange = _restrictions(said, categories)
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=landing_url,
        file=file,
        document=document,
        statements=statements,
        creator=said.get("Artist") or _institution(html.get("Credit", "")),
        credit_line=said.get("Attribution"),
        depiction=_depiction(said.get("ObjectName") or _file_name(page), categories),
        metadata=_metadata(page, said, categories),
        restrictions=restrictions,
        faults=(
            *_faults(page, info, file),
            *_of_categories(categories, "fault"),
            *_not_free(html),
            *_garbled(page, info),
        ),
        doubts=tuple(
            dict.fromkeys((*_of_categories(categories, "doubt"), *unclear, *strange, *_doubts(said, categories)))
        ),
    )


def fields(info: Json) -> dict[str, str]:
    """The extension's fields that say something, with their HTML. A value out of the file itself is none of them: it
    tells nothing of the page's license."""
    found = {}
    for name, entry in mapping(info.get("extmetadata")).items():
        value, origin = mapping(entry).get("value"), mapping(entry).get("source")
        written = str(value).strip() if isinstance(value, str | int) else ""
        if written and origin != _words()["file_metadata_source"]:
            found[name] = written
    return found


def categories_of(page: Json, said: Said) -> tuple[str, ...]:
    """Names of the categories the page is in, by the page's own list and by the extension's."""
    listed = [text(mapping(one), "title") or "" for one in items(page.get("categories"))]
    own = [title.partition(":")[2] for title in listed]
    return tuple(dict.fromkeys(name for name in (*own, *said.get("Categories", "").split("|")) if name))


def words_of(html: str) -> str:
    """The words of a field as a reader sees them: templates hide a second copy of some."""
    if "<" in html:
        tree = LexborHTMLParser(html)
        without_hidden(tree)
        html = (tree.body.html or "") if tree.body else ""
    return plain(html)


def _institution(html: str) -> str | None:
    """The institution that a file is from, where its source is the name of one and nothing else."""
    rules, origin = _words()["credit"], words_of(html)
    if not origin or len(origin) > rules["longest"] or re.fullmatch(rules["nobody"], origin):
        return None
    is_name = re.fullmatch(rules["institution"], origin) and not re.fullmatch(rules["not_institution"], origin)
    return origin if is_name and all(map(_is_encyclopedia, _links(html))) else None


def _links(html: str) -> list[str]:
    return [node.attributes.get("href") or "" for node in LexborHTMLParser(html).css("a")] if "<a" in html else []


def _is_encyclopedia(link: str) -> bool:
    host = host_of(link)
    return any(host == one or host.endswith(f".{one}") for one in _words()["credit"]["hosts"])


def _restrictions(said: Said, categories: Iterable[str]) -> tuple[tuple[Restriction, ...], tuple[Refusal, ...]]:
    known, by_category = _words()["restrictions"], _words()["restriction_categories"]
    named = [one.strip() for one in said.get("Restrictions", "").split("|") if one.strip()]
    found = {known[one] for one in named if one in known} | {
        by_category[one] for one in categories if one in by_category
    }
    told = "its page names a restriction beside copyright that needs a curator: {}"
    strange = tuple(Refusal("restricted", told.format(one[:80])) for one in named if one not in known)
    return tuple(sorted(Restriction(one) for one in found)), strange


def _faults(page: Json, info: Json, file: FileRef | None) -> Iterator[Refusal]:
    if "filehidden" in info or (not info and (is_missing(page) or page.get("imagerepository") == "")):
        yield Refusal("not-public", "its wiki does not show it to the public")
    if page.get("redirect") in (True, ""):
        yield Refusal("redirect", "its page only leads to another file")
    if page.get("ns", FILE) != FILE:
        yield Refusal("not-a-file", "its page is not that of a file")
    if file is None:
        yield Refusal("no-file", "its page names no file on a host of this source")
    kind = text(info, "mime")
    if kind and kind not in _words()["picture_types"]:
        yield Refusal("not-an-image", f"its file is {kind[:80]}, which is no picture")


def _of_categories(categories: Iterable[str], weight: str) -> Iterator[Refusal]:
    for rule in _words()["categories"]:
        if rule["weight"] == weight and any(re.fullmatch(rule["pattern"], one) for one in categories):
            yield Refusal(rule["code"], rule["text"])


def _garbled(page: Json, info: Json) -> Iterator[Refusal]:
    """A field that speaks of rights, and is of a form in which it cannot be read."""
    meta = mapping(info.get("extmetadata"))
    for name in FIELDS:
        if name in meta and name not in TELLING and not isinstance(mapping(meta[name]).get("value"), str | int):
            yield Refusal("malformed-rights", f"its page's field “{name}” has a form that is not known here")
    listed = page.get("categories", [])
    if not isinstance(listed, list) or not all(text(mapping(one), "title") for one in listed):
        yield Refusal("malformed-rights", "its page's list of categories has a form that is not known here")


def _not_free(html: Said) -> Iterator[Refusal]:
    if html.get("NonFree"):
        yield Refusal("non-free", "its wiki shows it without a free license, as a quotation or fair use")


def _doubts(said: Said, categories: Sequence[str]) -> Iterator[Refusal]:
    if said.get("DeletionReason"):
        yield Refusal("deletion-requested", "somebody asked for its deletion")
    if said.get("AuthorCount") and not said.get("Attribution"):
        yield Refusal("several-authors", "its page names several authors, and only the first of them can be read")
    for field in ("Permission", "UsageTerms", "Credit", "Attribution"):
        yield from narrower_in(said.get(field, ""), is_terms=field == "UsageTerms")
    stricter = any(
        names_stricter(said.get(one, ""), [said.get("LicenseShortName", ""), *licenses_in(categories)])
        for one in ("Permission", "Attribution")
    )
    if stricter or not is_of_one_mind(said) or has_unread_license(categories):
        yield Refusal("rights-contradict", "what its page says of license and copyright does not go together")


def narrower_in(words: str, *, is_terms: bool = False) -> Iterator[Refusal]:
    """What in a page's words narrows what its license gives. Terms are compared with the license elsewhere."""
    for rule in _words()["permission"]:
        if not (is_terms and rule["is_in_terms"]) and re.search(rule["pattern"], words):
            yield Refusal(rule["code"], rule["text"])


def _file(info: Json, hosts: tuple[str, ...]) -> FileRef | None:
    address = web_address(info.get("url"))
    if address is None or "filemissing" in info or host_of(address) not in hosts:
        return None
    digest, size = (text(info, "sha1") or "").lower(), whole(info, "size") or 0
    checksum = f"sha1:{digest}" if SHA1.fullmatch(digest) else None
    return FileRef(without_tracking(address), size=size if size > 0 else None, checksum=checksum)


def without_tracking(url: str) -> str:
    """An address without what only says where somebody came from; any other as it is."""
    parts = urlsplit(url)
    if "utm_" not in parts.query:
        return url
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not key.startswith("utm_")]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _depiction(title: str | None, categories: Iterable[str]) -> Depiction:
    table = _words()["depiction"]
    named = list(categories)
    conditions = {one for one in named if one in table["conditions"]}
    modalities = {
        kind for pattern, kind in table["modality"].items() if any(re.fullmatch(pattern, one) for one in named)
    }
    return Depiction(
        title=title,
        condition=conditions.pop() if len(conditions) == 1 else None,
        modality=modalities.pop() if len(modalities) == 1 else None,
    )


def _file_name(page: Json) -> str | None:
    """The name of the page's file without namespace and suffix, which is what the extension calls its title."""
    return (text(page, "title") or "").partition(":")[2].rpartition(".")[0] or None


def _metadata(page: Json, said: Said, categories: Iterable[str]) -> dict[str, object]:
    """What else the page says, in words: who looks at a picture wants its description."""
    found: dict[str, object] = {name: said[field] for field, name in TOLD.items() if field in said}
    revision = whole(page, "lastrevid")
    return {**found, "categories": list(categories), **({"revision": revision} if revision else {})}


def _words() -> dict[str, Any]:
    return load_words("commons")
