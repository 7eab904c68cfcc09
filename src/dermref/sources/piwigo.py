"""The interface of a Piwigo gallery: calls, and the errors it answers with, told by an HTTP status, by the body, or by
both, as its release and its server have it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dermref.model.evidence import Document
from dermref.model.harvest import Fetch, FetchFailed
from dermref.sources.asked_by_id import NOT_UNDERSTOOD
from dermref.sources.reading import canonical, load_json, mapping, text, whole

REPLY_BYTES = 8 * 1024 * 1024
PER_PAGE = 100
DENIED = (401, 403)


def list_images(fetch: Fetch, api_url: str, *, category: int, page: int, since: str | None = None) -> Mapping[str, Any]:
    """One page of a category and all below it, by id: `{paging, images[]}`. Pages count from 0. Raises FetchFailed."""
    fields = {"cat_id": category, "recursive": "true", "per_page": PER_PAGE, "page": page, "order": "id"}
    dated = {"f_min_date_available": since} if since else {}
    url = _address(api_url, "pwg.categories.getImages", fields | dated)
    return result_of(fetch(url, max_bytes=REPLY_BYTES).body, url)


def image_document(fetch: Fetch, api_url: str, image_id: str, *, without: list[str]) -> Document:
    """The record of one image, but for the keys `without`. Raises FetchFailed, one that `is_gone` for no such image."""
    url = _address(api_url, "pwg.images.getInfo", {"image_id": image_id})
    return record_in(fetch(url, max_bytes=REPLY_BYTES, keep=True).body, url, without=without)


def record_in(body: bytes, url: str, *, without: list[str]) -> Document:
    """The record of one image in a reply, but for the keys `without`. Raises FetchFailed."""
    record = result_of(body, url)
    return Document(canonical({key: value for key, value in record.items() if key not in without}), url)


def result_of(body: bytes, url: str) -> Mapping[str, Any]:
    """The result in a reply `{stat, result}`. Raises FetchFailed."""
    try:
        reply = mapping(load_json(body))
    except ValueError:
        reply = {}
    result = reply.get("result")
    if reply.get("stat") == "ok" and isinstance(result, dict):
        return result
    if reply.get("stat") != "fail":
        raise FetchFailed(NOT_UNDERSTOOD, f"{url} does not answer as a Piwigo gallery does", is_final=False)
    status = whole(reply, "err") or 0
    said = text(reply, "message") or "no reason given"
    raise FetchFailed(f"piwigo-{status}", f"{url}: {said[:200]} ({status})", is_final=True, status=status)


def is_denied(fault: FetchFailed) -> bool:
    """Whether the gallery, or this image of it, is not for guests."""
    return fault.status in DENIED


def hex_md5(record: Mapping[str, object]) -> str | None:
    """The md5 of the file as declared, as `md5:…`; None where it is none."""
    digest = text(record, "md5sum") or ""
    return f"md5:{digest.lower()}" if re.fullmatch("[0-9a-fA-F]{32}", digest) else None


def _address(api_url: str, method: str, fields: Mapping[str, object]) -> str:
    return f"{api_url}{'&' if '?' in api_url else '?'}{urlencode({'method': method, **fields})}"
