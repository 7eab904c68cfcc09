"""The ISIC Archive, API v2: live, from a base URL, or from a folder of recorded replies. Reports what each image's own
object says, verbatim; collections and search facets are not read here."""

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal, SkinTone, Statement
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.reading import Json, canonical, load_json, mapping, object_of, text, web_address
from dermref.sources.recorded import recorded
from dermref.sources.words import load_words

SOURCE_ID = "isic-archive"
reader = "isic/1"
is_local = False
is_mirrored = False
is_listing_complete = True

PAGE_BYTES = 32 * 1024 * 1024
PAGE_LIMIT = 100


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of images in the archive's order."""
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
        return Document(fetch(url, max_bytes=PAGE_BYTES).body, url)
    except FetchFailed as fault:
        if fault.code in ("http-404", "http-410"):
            return None
        raise


def read(document: Document, source: Source) -> Harvested:
    """What one image object says. Anything it lacks or garbles becomes a fault of the item, never a guess."""
    item = object_of(document)
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
    attribution = text(item, "attribution")
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
        metadata=mapping(item.get("metadata")),
        faults=tuple(faults),
    )


def _live(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    url: str | None = request.cursor or _first_url(request)
    while url:
        try:
            body = fetch(url, max_bytes=PAGE_BYTES).body
        except FetchFailed as fault:
            raise _page_fault(fault, request) from fault
        page = _page(body, url, request.source)
        following = _same_origin(page.next_cursor, _base(request))
        yield Page(page.items, following, page.total)
        url = following


def _page(body: bytes, url: str, source: Source) -> Page:
    try:
        data = load_json(body)
        results, following, total = data["results"], data["next"], data.get("count")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Stopped(f"{url} is not a page of the ISIC Archive's API; stopped, run again to go on.") from error
    if not isinstance(results, list) or not (following is None or isinstance(following, str)):
        raise Stopped(f"{url} is not a page of the ISIC Archive's API; stopped, run again to go on.")
    items = tuple(read(Document(canonical(one), url), source) for one in results)
    return Page(items, following, total if isinstance(total, int) else None)


def _base(request: HarvestRequest) -> str:
    base = request.base_url or request.source.ingest.api_url
    if not base:
        raise Stopped(f"{request.source.source_id} has no api_url in the registry; give --base-url.")
    return base.rstrip("/") + "/"


def _first_url(request: HarvestRequest) -> str:
    path = "images/search/?" if request.query else "images/?"
    fields = {"limit": str(PAGE_LIMIT)} | ({"query": request.query} if request.query else {})
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
        age=int(age) if isinstance(age, int | float) and 0 <= age <= 130 else None,
        sex=text(clinical, "sex"),
        skin_tones=(SkinTone("Fitzpatrick", fitzpatrick, words["skin_tone_assessor"]),) if fitzpatrick else (),
    )
