"""The rights of an image, and of a set of images, as schema.org words for search engines and reference managers. It
says nothing that the notice does not, and names no kind of person where only a name is known. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dermref.credit.notice import Notice
from dermref.credit.writing import is_web_address

CONTEXT = "https://schema.org"
PIXELS = "E37"  # the unit code of a pixel, UN/CEFACT recommendation 20
INERT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Visible:
    """One file of an image that anybody may have, with its absolute address. `sha256` and `byte_size` are known of
    files as received alone."""

    url: str
    width: int
    height: int
    media_type: str | None = None
    byte_size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ImagePage:
    """What the page of an image knows besides its notice. `content` and `thumbnail_url` are None where not just
    anybody may have them; `set_kind` is the schema.org word for what the image belongs to."""

    url: str
    name: str
    set_name: str
    set_url: str
    set_kind: str = "Collection"
    content: Visible | None = None
    thumbnail_url: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """What the page of a set of images knows: a collection, a snapshot, a data set release. `license_urls` are those of
    licenses that each alone hold for all of it, none where there is no such license; `creators` are names as printed.
    No picture of it is told: its members may be under different rights."""

    url: str
    name: str
    description: str
    identifiers: tuple[str, ...] = ()
    license_urls: tuple[str, ...] = ()
    usage_url: str | None = None
    credit_text: str | None = None
    creators: tuple[str, ...] = ()
    version: str | None = None
    published: date | None = None
    part_of: tuple[str, str] | None = None
    same_as: str | None = None


def image_object(notice: Notice, page: ImagePage) -> Json:
    """An `ImageObject`. A creator is a plain name: schema.org takes one where nobody said whether it is a person or an
    organization. Terms that are no license stand under `usageInfo`, never under `license`."""
    return _told(
        {
            "@context": CONTEXT,
            "@type": "ImageObject",
            "@id": page.url,
            "url": page.url,
            "name": notice.title or page.name,
            "identifier": [notice.public_id, notice.foreign_id],
            "sameAs": notice.landing_url if is_web_address(notice.landing_url) else None,
            "license": _one_or_all(notice.license_urls),
            "usageInfo": notice.terms_url if notice.has_terms else notice.statement_url,
            "acquireLicensePage": notice.terms_url,
            "creditText": notice.credit.text,
            "creator": _one_or_all(notice.creators),
            "copyrightNotice": None if notice.is_free else notice.copyright,
            "provider": notice.source_name,
            "isPartOf": {"@type": page.set_kind, "name": page.set_name, "url": page.set_url},
            "thumbnailUrl": page.thumbnail_url,
            **_content(page.content),
        }
    )


def dataset(page: DatasetPage) -> Json:
    """A `Dataset`."""
    return _told(
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "@id": page.url,
            "url": page.url,
            "name": page.name,
            "description": page.description,
            "sameAs": page.same_as,
            "identifier": _one_or_all(page.identifiers),
            "license": _one_or_all(page.license_urls),
            "usageInfo": page.usage_url,
            "creditText": page.credit_text,
            "creator": _one_or_all(page.creators),
            "version": page.version,
            "datePublished": page.published.isoformat() if page.published else None,
            "includedInDataCatalog": _catalog(page.part_of),
        }
    )


def script_text(value: Mapping[str, object]) -> str:
    """The value as JSON that may stand inside a `script` element: nothing in it can end the element, or begin one."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).translate(INERT)


def _content(file: Visible | None) -> Json:
    if file is None:
        return {}
    return {
        "contentUrl": file.url,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.byte_size} B" if file.byte_size else None,
        "sha256": file.sha256,
        "width": _pixels(file.width),
        "height": _pixels(file.height),
    }


def _pixels(number: int) -> Json:
    return {"@type": "QuantitativeValue", "value": number, "unitCode": PIXELS}


def _catalog(part_of: tuple[str, str] | None) -> Json | None:
    return {"@type": "DataCatalog", "name": part_of[0], "url": part_of[1]} if part_of else None


def _one_or_all(values: Iterable[str]) -> str | list[str] | None:
    found = list(values)
    return found[0] if len(found) == 1 else found or None


def _told(value: Json) -> Json:
    return {name: said for name, said in value.items() if said is not None}
