"""DermNet's image library: topics listed as JSON, each a page with pictures. Of every picture only the variant with the
site's watermark and nothing else done to it is taken, by the address the page itself gives; none is ever built."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.asset_variants import Variant, variant_of
from dermref.sources.reading import host_of, items, load_json, mapping, text
from dermref.sources.topic_credit import credits_of, statements_of
from dermref.sources.topic_page import Shown, TopicPage
from dermref.sources.topic_walk import (
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
    slug_in,
    topic_address,
)
from dermref.sources.words import load_words

SOURCE_ID = "dermnet-nz"
reader = "dermnet-nz/1"
is_local = False
is_mirrored = True
is_listing_complete = False  # whether the library shows every picture is not known

LISTING_BYTES = 20 * 1024 * 1024
# Why no variant is taken: the first code that holds for any of them is told.
REASONS = {
    "unknown-operation": "nobody knows what was done to the file that the page shows",
    "cropped": "the page shows a part or a reduced copy of it, and no whole one with the watermark",
    "unwatermarked": "the page shows it without the watermark",
    "foreign-host": "the page shows it from a host that is not the source's",
}


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of the library's topics, of those the query names, or of recorded pages."""
    return harvest_topics(request, fetch, _topics())


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The picture's topic page now; None where it is gone, or shows this picture no more. Raises FetchFailed."""
    return picture_now(foreign_id, request, fetch, _topics())


def read(document: Document, source: Source) -> Harvested:
    """What a topic page says of the picture that the fragment of its address names."""
    page, key = opened(document, source, _key_of), key_asked(document)
    shown = page.picture(key) or Shown(key)
    foreign_id, malformed = picture_id(_slug_in(page.canonical, source), key, document, source)
    file, against = _file(shown, source)
    others, doubts = credits_of(shown, page, own=_words("credit")["own"], called=_words("credit")["called"])
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=topic_address(page.canonical or "", source, path=_words("topic")["path"]) or source.homepage_url,
        file=file,
        document=document,
        statements=statements_of(page, source),
        depiction=Depiction(title=shown.title, condition=page.heading),
        metadata={"words": shown.printed, "variants": list(shown.addresses)},
        faults=tuple(one for one in (_not_a_topic(page, document, source), malformed, *others, against) if one),
        doubts=doubts,
    )


def _topics() -> Topics:
    return Topics(_listed, _address_of, _keys_in, read, example="--query “acne, /topics/head-lice”")


def _words(part: str) -> dict[str, str]:
    found: dict[str, str] = load_words("dermnet_nz")[part]
    return found


def _listed(request: HarvestRequest, fetch: Fetch) -> Sequence[str]:
    """The addresses of all topics. Raises Stopped for a listing of another shape."""
    body = fetch(request.source.ingest.api_url or "", max_bytes=LISTING_BYTES, keep=True).body
    try:
        entries = items(load_json(body))
    except ValueError:
        entries = []
    named = [text(mapping(one), "url") if text(mapping(one), "name") else None for one in entries]
    urls = [one for one in named if one]
    if not urls or len(urls) != len(named):
        raise Stopped("The library's listing is not what it was: a list of topics, each with its name and address.")
    return [_address_of(one, request.source) or one for one in urls]


def _address_of(named: str, source: Source) -> str | None:
    words = _words("topic")
    if re.fullmatch(words["slug"], named):
        return words["address"].format(slug=named)
    return topic_address(named, source, path=words["listed"])


def _slug_in(address: str | None, source: Source) -> str:
    return slug_in(address, source, path=_words("topic")["path"])


def _keys_in(document: Document, source: Source) -> Keys:
    page = opened(document, source, _key_of)
    return keys_of(page, _not_a_topic(page, document, source))


def _not_a_topic(page: TopicPage, document: Document, source: Source) -> Refusal | None:
    """Why a page is none of a topic, or of another one than was asked for."""
    if not page.is_whole or page.heading is None:
        return no_topic("what was sent is no page with one heading, or breaks off")
    slug, asked = _slug_in(page.canonical, source), _slug_in(page_address(document), source)
    if not slug:
        return no_topic("the page does not name itself as one of a topic")
    return no_topic(f"the page names itself as that of {slug}") if asked and asked != slug else None


def _key_of(address: str) -> str | None:
    """The path of an uploaded picture below its folder, without what was done to it and without its ending."""
    words = load_words("dermnet_nz")["assets"]
    path = unquote(urlsplit(address).path)
    folder, _, name = path.rpartition("/")
    variant = _variant(name)
    is_ornament = any(one in path for one in words["ornaments"]) or variant.base in words["names"]
    if not path.startswith(words["folder"]) or variant.ending not in words["endings"] or is_ornament:
        return None
    return f"{folder}/{variant.base}".removeprefix(words["folder"])


def _variant(name: str) -> Variant:
    words = load_words("dermnet_nz")["operations"]
    return variant_of(name, [*words["allowed"], *words["derivative"], *words["unknown"]])


def _file(shown: Shown, source: Source) -> tuple[FileRef | None, Refusal | None]:
    """The one variant that may be taken, or why there is none."""
    if not shown.addresses:
        return None, Refusal("no-picture", "its page has no such picture")
    reasons = {one: _reason_against(one, source) for one in shown.addresses}
    taken = [address for address, code in reasons.items() if code is None]
    if len(taken) == 1:
        return FileRef(taken[0]), None
    if taken:
        return None, Refusal("file-unclear", f"the page shows {len(taken)} files under the name of this picture")
    code, address = next((one, address) for one in REASONS for address, found in reasons.items() if found == one)
    return None, Refusal(code, f"{REASONS[code]} ({address[:200]})")


def _reason_against(address: str, source: Source) -> str | None:
    """The code of what is wrong with a variant, if anything is. All that is not known to be right is wrong."""
    words = load_words("dermnet_nz")["operations"]
    parts = urlsplit(address)
    if host_of(address) not in source.ingest.hosts:
        return "foreign-host"
    done = _variant(parts.path.rpartition("/")[2]).operations
    if done is None or parts.query:
        return "unknown-operation"
    names = [one.name for one in done]
    if any(one in words["derivative"] for one in names):
        return "cropped"
    if len({*names}) != len(names) or any(list(one.arguments) != words["allowed"].get(one.name) for one in done):
        return "unknown-operation"
    return None if words["watermark"] in names else "unwatermarked"
