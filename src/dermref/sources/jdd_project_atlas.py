"""The JDD Project Atlas: an index of conditions, each a page with pictures. Whether a picture bears the watermark that
its terms speak of is told by its bytes, not here; nothing is said of skin tones, since no page is known to say it."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.markup import parse_html
from dermref.sources.reading import decode, host_of
from dermref.sources.topic_credit import credits_of, statements_of
from dermref.sources.topic_page import Shown, TopicPage
from dermref.sources.topic_walk import (
    PAGE_BYTES,
    Keys,
    Topics,
    harvest_topics,
    key_asked,
    keys_of,
    no_topic,
    opened,
    page_address,
    picture_id,
    picture_now,
    recorded_name,
    slug_in,
    topic_address,
)
from dermref.sources.words import load_words

SOURCE_ID = "jdd-project-atlas"
reader = "jdd-project-atlas/1"
is_local = False
is_mirrored = True
is_listing_complete = False  # whether the index names every condition is not known

LONGEST_TEXT = 4_000


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of the atlas's conditions, of those the query names, or of recorded pages."""
    return harvest_topics(request, fetch, _topics())


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The picture's condition page now; None where it is gone, or shows this picture no more. Raises FetchFailed."""
    return picture_now(foreign_id, request, fetch, _topics())


def read(document: Document, source: Source) -> Harvested:
    """What a condition's page says of the picture that the fragment of its address names."""
    page, key, slug = opened(document, source, _key_of), key_asked(document), _slug_of(document, source)
    shown = page.picture(key) or Shown(key)
    foreign_id, malformed = picture_id(slug, key, document, source)
    file, against = _file(shown, source)
    others, doubts = credits_of(shown, page, own=_words("credit")["own"], called=_words("credit")["called"])
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=_words("topic")["address"].format(slug=slug) if slug else source.homepage_url,
        file=file,
        document=document,
        statements=statements_of(page, source),
        depiction=Depiction(title=shown.title, condition=page.heading),
        metadata=_metadata(page, shown),
        faults=tuple(one for one in (_not_a_condition(page, document, source), malformed, *others, against) if one),
        doubts=(*doubts, *_reduced(file)),
    )


def _topics() -> Topics:
    return Topics(_listed, _address_of, _keys_in, read, example="--query “acne-vulgaris, vitiligo”")


def _words(part: str) -> dict[str, str]:
    found: dict[str, str] = load_words("jdd_project_atlas")[part]
    return found


def _listed(request: HarvestRequest, fetch: Fetch) -> Sequence[str]:
    """The addresses of all conditions that the index links. Raises Stopped for an index of another shape."""
    body = fetch(request.source.homepage_url, max_bytes=PAGE_BYTES, keep=True).body
    try:
        tree = parse_html(decode(body))
    except ValueError as error:
        raise Stopped("The index of the atlas is no page of text; look whether it has moved.") from error
    links = [(node.attributes.get("href") or "").strip() for node in tree.css("a[href]")]
    found = [topic_address(one, request.source, path=_words("topic")["path"]) for one in links]
    topics = list(dict.fromkeys(one for one in found if one))
    if not topics:
        raise Stopped("The index of the atlas links no condition: it is not what it was, or has moved.")
    return topics


def _address_of(named: str, source: Source) -> str | None:
    if re.fullmatch(_words("topic")["slug"], named):
        return _words("topic")["address"].format(slug=named)
    return topic_address(named, source, path=_words("topic")["path"])


def _slug_in(address: str | None, source: Source) -> str:
    return slug_in(address, source, path=_words("topic")["path"])


def _slug_of(document: Document, source: Source) -> str:
    """The condition whose page a document is: by where it came from, or the name of the file it was recorded in."""
    name = recorded_name(document)
    return _slug_in(page_address(document), source) or (name if re.fullmatch(_words("topic")["slug"], name) else "")


def _keys_in(document: Document, source: Source) -> Keys:
    page = opened(document, source, _key_of)
    return keys_of(page, _not_a_condition(page, document, source))


def _not_a_condition(page: TopicPage, document: Document, source: Source) -> Refusal | None:
    """Why a page is none of a condition, or of another one than was asked for."""
    if not page.is_whole or page.heading is None:
        return no_topic("what was sent is no page with one heading, or breaks off")
    slug, named = _slug_of(document, source), _slug_in(page.canonical, source)
    if not slug:
        return no_topic("what was sent does not come from where the pages of conditions are")
    return no_topic(f"the page names itself as that of {named}") if named and named != slug else None


def _key_of(address: str) -> str | None:
    """The name of a picture's file without its ending; None for what is none of the atlas."""
    words = load_words("jdd_project_atlas")["pictures"]
    stem, _, ending = unquote(urlsplit(address).path).rpartition("/")[2].rpartition(".")
    is_picture = words["host"] in address and ending.lower() in words["endings"]
    return stem or None if is_picture else None


def _file(shown: Shown, source: Source) -> tuple[FileRef | None, Refusal | None]:
    """The one file of a picture, as the page has it, or why there is none."""
    if not shown.addresses:
        return None, Refusal("no-picture", "its page has no such picture")
    host = load_words("jdd_project_atlas")["pictures"]["host"]
    own = [one for one in shown.addresses if host_of(one) == host and host in source.ingest.hosts]
    if len(own) == 1:
        return FileRef(own[0]), None
    if own:
        return None, Refusal("file-unclear", f"the page shows {len(own)} files under the name of this picture")
    shows = shown.addresses[0][:200]
    return None, Refusal("foreign-host", f"the page shows it from a host that is not the source's ({shows})")


def _reduced(file: FileRef | None) -> tuple[Refusal, ...]:
    """A doubt where the address asks for a copy that may be reduced or cut."""
    words, parts = _words("reduced"), urlsplit(file.url if file else "")
    stem = unquote(parts.path).rpartition(".")[0]
    is_whole = not parts.query or re.fullmatch(words["harmless"], parts.query, re.ASCII)
    if is_whole and not re.search(words["name"], stem):
        return ()
    return (Refusal("maybe-reduced", f"its address may be that of a reduced copy or a part ({parts.geturl()[:200]})"),)


def _metadata(page: TopicPage, shown: Shown) -> dict[str, object]:
    """What is said of the picture and of its condition, and the credit that the page itself prints, word for word."""
    longest, printed = int(_words("text")["longer_than"]), _words("credit")["printed"]
    said = next((one for one in page.paragraphs if len(one) > longest), None)
    lines = [one for one in (*page.lines, *shown.words) if re.search(printed, one, re.IGNORECASE)]
    found: dict[str, object] = {
        "words": shown.printed,
        "text": said and said[:LONGEST_TEXT],
    }
    return found | ({"printed_credit": lines[0][:LONGEST_TEXT]} if lines else {})
