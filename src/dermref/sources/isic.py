"""The ISIC Archive, API v2: live, from a base URL, or from a folder of recorded replies. Reports what each image's own
object says, verbatim, and the collection it was asked for in; search facets are not read here."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode, urljoin, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal, SkinTone, Statement
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.reading import Json, canonical, items, load_json, mapping, object_of, text, web_address, whole
from dermref.sources.recorded import recorded
from dermref.sources.words import load_words

SOURCE_ID = "isic-archive"
reader = "isic/1"
is_local = False
is_mirrored = False
is_listing_complete = True

PAGE_BYTES = 32 * 1024 * 1024
PAGE_LIMIT = 100
COLLECTION = re.compile(r"collection: ?([0-9]{1,9})(?: AND (.+))?", re.DOTALL)  # the rest is the archive's own search


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of images in the archive's order. The query is the archive's own search language, by itself or behind a
    collection: `collection:ID`, `collection:ID AND …`."""
    if request.since:
        raise Stopped(
            "The ISIC Archive's API cannot be asked by date; leave --since out, unchanged images cost little."
        )
    if request.folder:
        yield from recorded(
            request,
            request.folder,
            pattern="images*.json",
            read=lambda path: _page(path.read_bytes(), f"recorded:{path.name}", request.source),
        )
    else:
        yield from _live(request, fetch)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The image's own object now; None where the archive answers 404 (private or gone)."""
    url = f"{_base(request)}images/{foreign_id}/"
    try:
        body = fetch(url, max_bytes=PAGE_BYTES).body
    except FetchFailed as fault:
        if fault.is_gone:
            return None
        raise
    try:
        return Document(canonical(load_json(body)), url)  # in the form that a listing gives it, so that equal is equal
    except ValueError:
        return Document(body, url)


def read(document: Document, source: Source) -> Harvested:
    """What one image object says. Anything it lacks or garbles becomes a fault of the item, never a guess."""
    record = object_of(document)
    item = mapping(record.get("image")) or record
    collections = [mapping(one) for one in items(record.get("collections"))] if item is not record else []
    faults: list[Refusal] = []
    foreign_id = text(item, "isic_id") or ""
    if not re.fullmatch(source.ingest.foreign_id_pattern or ".+", foreign_id):
        faults.append(Refusal("bad-id", f"“{foreign_id[:80]}” is not an id of this source"))
        foreign_id = f"malformed-{hashlib.sha256(document.body).hexdigest()[:16]}"
    if item.get("public") is not True:
        faults.append(Refusal("not-public", "the archive does not show this image to the public"))
    file = _file(item)
    if file is None:
        faults.append(Refusal("no-file", "the archive names no file for this image"))
    license_code = text(item, "copyright_license")
    default, own = text(item, "attribution"), _own_attribution(license_code, collections)
    attribution = default or own  # the cohort's, which every listing tells; a collection's would come and go with it
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=(source.ingest.landing_template or "").format(foreign_id=foreign_id),
        file=file,
        document=document,
        statements=(Statement(license_code),) if license_code else (),
        contributor=attribution,
        rights_holder=attribution,
        depiction=_depiction(_section(item, "acquisition"), _section(item, "clinical")),
        metadata={**mapping(item.get("metadata")), **_membership(collections, default, own)},
        faults=tuple(faults),
    )


def _live(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    asked = COLLECTION.fullmatch(request.query or "")
    collections = [_collection(asked[1], request, fetch)] if asked else []
    url: str | None = request.cursor or _first_url(request)
    while url:
        try:
            body = fetch(url, max_bytes=PAGE_BYTES).body
        except FetchFailed as fault:
            raise _page_fault(fault, request) from fault
        page = _page(body, url, request.source, collections)
        following = _same_origin(page.next_cursor, _base(request))
        yield Page(page.items, following, page.total)
        url = following


def _page(body: bytes, url: str, source: Source, collections: Sequence[Json] = ()) -> Page:
    try:
        data = load_json(body)
        results, following, total = data["results"], data["next"], data.get("count")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Stopped(f"{url} is not a page of the ISIC Archive's API; stopped, run again to go on.") from error
    if not isinstance(results, list) or not (following is None or isinstance(following, str)):
        raise Stopped(f"{url} is not a page of the ISIC Archive's API; stopped, run again to go on.")
    seen = [{"image": one, "collections": collections} if collections else one for one in results]
    found = tuple(read(Document(canonical(one), url), source) for one in seen)
    return Page(found, following, total if isinstance(total, int) else None)


def _collection(collection_id: str, request: HarvestRequest, fetch: Fetch) -> Json:
    """A collection as the archive tells of it, with the attributions of its images by license. Raises Stopped."""
    url = f"{_base(request)}collections/{collection_id}/"
    collection = mapping(_told(url, request, fetch))
    if not collection:
        raise Stopped(f"The archive shows no collection {collection_id} to the public.")
    if whole(collection, "id") != int(collection_id):
        raise Stopped(f"{url} is not a collection of the ISIC Archive; stopped, run again to go on.")
    told = items(_told(f"{url}attribution/", request, fetch))  # its documentation leaves this address out
    pairs = [[mapping(one).get("license"), mapping(one).get("attribution")] for one in told]
    kept = {key: collection.get(key) for key in ("id", "name", "doi", "doi_url")}
    return kept | {"attributions": pairs}


def _told(url: str, request: HarvestRequest, fetch: Fetch) -> object:
    """The JSON value at an address; None where the archive knows none. Raises Stopped."""
    try:
        return load_json(fetch(url, max_bytes=PAGE_BYTES).body)
    except FetchFailed as fault:
        if fault.is_gone:
            return None
        raise _page_fault(fault, request) from fault
    except ValueError as error:
        raise Stopped(f"{url} does not answer as the ISIC Archive's API does; stopped, run again to go on.") from error


def _own_attribution(license_code: str | None, collections: Sequence[Json]) -> str | None:
    """The image's own attribution, where all images of its license in a collection have the same one: an image object
    has only that of its cohort."""
    pairs = [pair for one in collections for pair in items(one.get("attributions")) if isinstance(pair, list)]
    own = {pair[1] for pair in pairs if len(pair) == 2 and pair[0] == license_code and isinstance(pair[1], str)}
    return (own.pop().strip() or None) if len(own) == 1 else None


def _membership(collections: Sequence[Json], default: str | None, own: str | None) -> Json:
    """What the collections add to an image's metadata: themselves, and both attributions."""
    if not collections:
        return {}
    named = [{key: one.get(key) for key in ("id", "name", "doi", "doi_url")} for one in collections]
    return {"collections": named, "attributions": {"of_the_cohort": default, "of_the_image": own}}


def _base(request: HarvestRequest) -> str:
    base = request.base_url or request.source.ingest.api_url
    if not base:
        raise Stopped(f"{request.source.source_id} has no api_url in the registry; give --base-url.")
    return base.rstrip("/") + "/"


def _first_url(request: HarvestRequest) -> str:
    path = "images/search/?" if request.query else "images/?"
    asked = COLLECTION.fullmatch(request.query or "")
    query, collection = (asked[2], asked[1]) if asked else (request.query, None)
    fields = {"limit": str(PAGE_LIMIT)} | {
        key: one for key, one in (("query", query), ("collections", collection)) if one
    }
    return urljoin(_base(request), path + urlencode(fields))


def _same_origin(url: str | None, base: str) -> str | None:
    """The next link, if it stays on the API we were told to use."""
    if url is None:
        return None
    if urlsplit(url)[:2] != urlsplit(base)[:2]:
        raise Stopped(f"The archive's next page {url} is on another host than {base}; stopped.")
    return url


def _page_fault(fault: FetchFailed, request: HarvestRequest) -> Exception:
    if fault.code == "http-400":
        return Stopped(f"The archive does not understand the query “{request.query}”.")
    if fault.code == "http-422":
        return BadCursor("The archive no longer knows where the last run stopped.")
    return Stopped(f"{fault}; stopped, run the same command again to go on.")


def _section(item: Json, name: str) -> Json:
    return mapping(mapping(item.get("metadata")).get(name))


def _file(item: Json) -> FileRef | None:
    full = mapping(mapping(item.get("files")).get("full"))
    url, size = full.get("url"), full.get("size")
    address = web_address(url)
    return FileRef(address, None, size if isinstance(size, int) else None) if address else None


def _depiction(acquisition: Json, clinical: Json) -> Depiction:
    words = load_words("isic")
    diagnoses = [text(clinical, f"diagnosis_{level}") for level in (5, 4, 3, 2)]
    sites = [text(clinical, key) for key in words["body_site_keys"]]
    age = clinical.get("age_approx")
    fitzpatrick = text(clinical, "fitzpatrick_skin_type")
    return Depiction(
        condition=next((one for one in diagnoses if one), None),
        modality=words["modality"].get(text(acquisition, "image_type") or ""),
        body_site=next((one for one in sites if one), None),
        age=int(age) if isinstance(age, int | float) and not isinstance(age, bool) and 0 <= age <= 130 else None,
        sex=text(clinical, "sex"),
        skin_tones=(SkinTone("Fitzpatrick", fitzpatrick, words["skin_tone_assessor"]),) if fitzpatrick else (),
    )
