"""How an article is had: which there are, from Europe PMC's search; its versions, its record and its XML, from PMC's
bucket. An envelope holds both documents as they came, so that they can be read again without asking."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from lxml import etree

from dermref.model.deployment import Stopped
from dermref.model.harvest import Fetch, FetchFailed
from dermref.sources.jats import LARGEST
from dermref.sources.reading import Json, canonical, items, load_json, mapping, text
from dermref.sources.words import load_words

S3 = "{http://s3.amazonaws.com/doc/2006-03-01/}"
LISTING_BYTES = 4 * 1024 * 1024
RECORD_BYTES = 4 * 1024 * 1024
SEARCH_BYTES = 16 * 1024 * 1024
SEARCH_PAGE = 100
MOST_VERSIONS = 50
MOST_LISTINGS = 10  # pages of one article's versions
OWN_ADDRESS = re.compile(r"([^?#\x00-\x20]{1,900})(?:\?md5=([0-9a-fA-F]{32}))?")
ARTICLE = re.compile(r"PMC([1-9][0-9]{0,11})")


class Unfit(Exception):
    """The article's documents are not what its record says, this time; nothing is known against it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Record:
    """One version of an article as the bucket records it, where the record is, and the folder of its files."""

    url: str
    said: Json
    folder: str

    @property
    def is_fit(self) -> bool:
        """Whether it is open access in its publisher's form, neither a manuscript nor a scan."""
        is_open = self.said.get("is_pmc_openaccess") is True
        return is_open and self.said.get("is_manuscript") is not True and self.said.get("is_historical_ocr") is not True


@dataclass(frozen=True, slots=True)
class Envelope:
    """The two documents of an article's version in one body, and the true address of its XML."""

    body: bytes
    xml_url: str


def found_articles(query: str, mark: str, fetch: Fetch) -> tuple[list[str], str | None]:
    """One page of Europe PMC's search: the PMCIDs that are open access, and the mark of the next page, if any. Raises
    FetchFailed, and Stopped for a page of another form."""
    asked = {"query": query, "resultType": "lite", "format": "json", "cursorMark": mark, "pageSize": str(SEARCH_PAGE)}
    url = f"{load_words('pmc')['search']}?{urlencode(asked)}"
    try:
        page = mapping(load_json(fetch(url, max_bytes=SEARCH_BYTES).body))
    except ValueError:
        page = {}
    results = mapping(page.get("resultList")).get("result")
    following = page.get("nextCursorMark")
    if not isinstance(results, list) or not (following is None or isinstance(following, str)):
        raise Stopped(f"{url} is not a page of Europe PMC's search; stopped, run again to go on.")
    rows = [mapping(one) for one in results]
    ids = [pmcid for one in rows if one.get("isOpenAccess") == "Y" and (pmcid := text(one, "pmcid"))]
    is_last = not results or following in (None, mark)
    return [one for one in dict.fromkeys(ids) if ARTICLE.fullmatch(one)], None if is_last else following


def envelope_of(pmcid: str, bucket: str, fetch: Fetch) -> Envelope | None:
    """The documents of the version that counts; None where the bucket has no such article. Raises FetchFailed and
    Unfit."""
    versions = sorted(_versions(pmcid, bucket, fetch), reverse=True)[:MOST_VERSIONS]
    records = [_record(f"{pmcid}.{one}", bucket, fetch) for one in versions]
    if not records:
        return None
    chosen = version_that_counts(records)
    url, checksum = _xml_of(chosen, bucket)
    return enveloped(chosen, url, checksum, fetch(url, max_bytes=LARGEST, keep=True).body)


def envelope_on_disk(folders: list[Path], bucket: str) -> Envelope:
    """The same from folders as synced from the bucket, one for each version. Raises Unfit."""
    newest_first = sorted(folders, key=lambda one: -int(one.name.rpartition(".")[2]))
    try:
        records = {one: (one / f"{one.name}.json").read_bytes() for one in newest_first}
        made = {
            one: Record(f"{bucket}{one.name}/{one.name}.json", _object(body), f"{bucket}{one.name}")
            for one, body in records.items()
        }
        chosen = version_that_counts(list(made.values()))
        url, checksum = _xml_of(chosen, bucket)
        folder = next(one for one in made if made[one] is chosen)
        return enveloped(chosen, url, checksum, (folder / Path(url).name).read_bytes())
    except OSError as error:
        raise Unfit("incomplete", f"{folders[0]} lacks a document: {error.strerror}") from error


def version_that_counts(records: list[Record]) -> Record:
    """Of the records, the newest first: one that is retracted, for that ends all versions; or else the newest in its
    publisher's form; or else the newest, whose own record says why it is not fit."""
    retracted = [one for one in records if one.said.get("is_retracted") is True]
    return next(iter([*retracted, *(one for one in records if one.is_fit), *records]))


def enveloped(record: Record, xml_url: str, checksum: str | None, xml: bytes) -> Envelope:
    """Both documents in one, the XML as text, or null where it is no UTF-8. Raises Unfit where the XML is not the one
    recorded."""
    if checksum and hashlib.md5(xml, usedforsecurity=False).hexdigest() != checksum:
        raise Unfit("wrong-checksum", f"{xml_url} is not the file that its record describes")
    try:
        words: str | None = xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = None
    body = {"metadata_url": record.url, "metadata": record.said, "xml_url": xml_url, "xml": words}
    return Envelope(canonical(body), xml_url)


def own_address(value: object, bucket: str, *, folder: str) -> tuple[str, str | None] | None:
    """Where one of the bucket's own addresses is on the web, and its MD5, where given; None for what leads anywhere but
    into `folder`, the web address of the article's version."""
    own = str(load_words("pmc")["own_bucket"])
    if not isinstance(value, str) or not value.startswith(own):
        return None
    found = OWN_ADDRESS.fullmatch(value, len(own))
    url = bucket + quote(found[1], safe="/!$'()*+,;:@&=~") if found else ""
    if found is None or url.rpartition("/")[0] != folder:
        return None
    return url, found[2] and found[2].lower()


def media_of(said: Json, bucket: str, *, folder: str) -> Mapping[str, tuple[str, str | None]]:
    """The article's files by their name: address and MD5."""
    named = (own_address(one, bucket, folder=folder) for one in items(said.get("media_urls")))
    return {found[0].rpartition("/")[2]: found for found in named if found}


def _versions(pmcid: str, bucket: str, fetch: Fetch) -> Iterator[int]:
    asked = {"list-type": "2", "prefix": f"{pmcid}.", "delimiter": "/"}
    for _ in range(MOST_LISTINGS):
        root = _listing(fetch(f"{bucket}?{urlencode(asked)}", max_bytes=LISTING_BYTES).body, pmcid)
        for one in root.iterfind(f"{S3}CommonPrefixes/{S3}Prefix"):
            if found := re.fullmatch(rf"{pmcid}\.([1-9][0-9]{{0,2}})/", one.text or ""):
                yield int(found[1])
        token = root.findtext(f"{S3}NextContinuationToken")
        if root.findtext(f"{S3}IsTruncated") != "true":
            return
        if not token or token == asked.get("continuation-token"):
            raise Unfit("bad-listing", f"the bucket's list of {pmcid} breaks off")
        asked["continuation-token"] = token
    raise Unfit("bad-listing", f"the bucket's list of {pmcid} does not end")


def _listing(body: bytes, pmcid: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser) if b"<!" not in body else None
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != f"{S3}ListBucketResult" or root.findtext(f"{S3}Prefix") != f"{pmcid}.":
        raise Unfit("bad-listing", f"the bucket answers for {pmcid} with something else than a list")
    return root


def _record(name: str, bucket: str, fetch: Fetch) -> Record:
    """The record of a version: beside its files, or else among the records of all."""
    for url in (f"{bucket}{name}/{name}.json", f"{bucket}metadata/{name}.json"):
        try:
            return Record(url, _object(fetch(url, max_bytes=RECORD_BYTES, keep=True).body), f"{bucket}{name}")
        except FetchFailed as fault:
            if not fault.is_gone:
                raise
    raise Unfit("no-record", f"the bucket lists {name} and has no record of it")


def _xml_of(record: Record, bucket: str) -> tuple[str, str | None]:
    address = own_address(record.said.get("xml_url"), bucket, folder=record.folder)
    if address is None:
        raise Unfit("no-xml", f"{record.url} names no XML in its own folder of the bucket")
    return address


def _object(body: bytes) -> Json:
    try:
        said = load_json(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unfit("bad-record", "the bucket's record of the article is no JSON object")
    return said
