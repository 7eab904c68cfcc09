"""What the head of a page tells machines: search engines, miners of data, and sites that draw a card for a link. All of
it is what anybody may know and do, whoever is looking."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from dermref.credit.citable import Citable
from dermref.credit.citations import attribution_text
from dermref.credit.doi import doi_url
from dermref.credit.jsonld import DatasetPage, ImagePage, Visible, dataset, image_object, script_text
from dermref.credit.notice import sufficient
from dermref.credit.robots import HIDDEN, NO_PICTURE, page_directives
from dermref.credit.tdm import declared
from dermref.model.asking import Action
from dermref.model.media import MediaType, Size
from dermref.model.source import Source, SourceKind, Tier
from dermref.services.addresses import absolute
from dermref.services.announcing import Announced, announce, link_header
from dermref.services.describing import image_path
from dermref.services.embedded import embedded_image, embedded_set
from dermref.services.serving import Shown
from dermref.services.source_pages import Row
from dermref.web.credit_panel import MOST_LINES
from dermref.web.picture import alt_text, fitted, heading

SITE = "dermref"
CARD = frozenset({Action.VIEW, Action.THUMBNAIL, Action.EMBED})  # a card shows the picture on a page of somebody else


@dataclass(frozen=True, slots=True)
class Told:
    """The head of one page: `meta` by name, `card` by property (Open Graph), `data` as the text of a JSON-LD script.
    `coins` is what reference managers gather, the title of a span in the body."""

    meta: Mapping[str, str]
    card: Mapping[str, str]
    data: str | None
    links: str | None = None
    coins: str = ""

    def on(self, response: HttpResponse) -> HttpResponse:
        """The answer with what a robot should know before it reads the page."""
        if self.links:
            response.headers["Link"] = self.links
        if "robots" in self.meta:
            response.headers["X-Robots-Tag"] = self.meta["robots"]
        return response


UNLISTED_PAGE = Told({"robots": "noindex"}, {}, None)


def of_image(request: HttpRequest, shown: Shown) -> Told:
    """For the page of an image."""
    told = announce(shown)
    directives = page_directives(told.allowed)
    policy = absolute(request, told.policy_path) if told.policy_path else None
    mining = declared(is_reserved=told.notice.is_mining_reserved, policy_url=policy)
    data = image_object(told.notice, _image_page(request, shown, told))
    robots = {"robots": directives} if directives else {}
    cited = embedded_image(shown)
    meta = {**robots, **mining, **cited.tags}
    return Told(meta, _card(request, shown, told), script_text(data), link_header(told), cited.coins)


def of_source(request: HttpRequest, row: Row) -> Told:
    """For the page of a source: a data set release is described as one; a source that is here for development alone is
    in no list, and of one that is only linked to there is no picture to show."""
    source = row.source
    if source.tier is Tier.DEV_ONLY:
        return Told({"robots": HIDDEN}, {}, None)
    meta = {} if source.tier is Tier.HOSTED else {"robots": NO_PICTURE}
    data = dataset(_release(request, row)) if source.kind is SourceKind.DATASET else None
    return Told(meta, {}, script_text(data) if data else None)


@dataclass(frozen=True, slots=True)
class PublicSet:
    """What anybody at all may see of a set: it as it is cited, what it is for, and the license of all of it, where
    there is one. `catalog` is the address of this site."""

    citable: Citable
    description: str
    license_url: str | None
    catalog: str


def of_set(citable: Citable, public: PublicSet | None) -> Told:
    """For the page of a collection or a snapshot: to reference managers as whoever looks may see it, to everybody's
    machines as anybody may. Where not everybody may look at it, no address is told: a secret link would be one."""
    cited = embedded_set(citable, url=public.citable.url if public else "")
    if public is None:
        return Told({**UNLISTED_PAGE.meta, **cited.tags}, {}, None, coins=cited.coins)
    return Told(cited.tags, {}, script_text(dataset(_set_page(public))), coins=cited.coins)


def _set_page(public: PublicSet) -> DatasetPage:
    one = public.citable
    listed = one.attributions[:MOST_LINES]
    doi = (doi_url(one.doi),) if one.doi else ()
    return DatasetPage(
        url=one.url,
        name=one.title,
        description=public.description or one.title,
        identifiers=(*doi, *((one.number,) if one.number else ())),
        license_urls=(public.license_url,) if public.license_url else (),
        credit_text=attribution_text(replace(one, attributions=listed)) or None,
        creators=tuple(each.name for each in listed),
        version=one.version,
        published=one.issued,
        part_of=(SITE, public.catalog),
    )


def _release(request: HttpRequest, row: Row) -> DatasetPage:
    source = row.source
    return DatasetPage(
        url=absolute(request, reverse("source", args=[source.source_id])),
        name=source.called,
        description=f"{source.called}: {source.notes}",
        license_urls=tuple(one.url for one in sufficient(source.terms.license_expression) if one.url),
        usage_url=source.terms_url,
        part_of=(SITE, absolute(request, reverse("home"))),
        same_as=row.link,
    )


def _image_page(request: HttpRequest, shown: Shown, told: Announced) -> ImagePage:
    source, allowed = shown.source, told.allowed
    is_small_here = {Action.THUMBNAIL, Action.RESIZE} <= allowed
    return ImagePage(
        url=absolute(request, page_path(shown)),
        name=heading(shown),
        set_name=source.called,
        set_url=absolute(request, reverse("source", args=[source.source_id])),
        set_kind=_kind_of(source),
        content=_content(request, shown, told),
        thumbnail_url=absolute(request, image_path(shown, Size.SMALL)) if is_small_here else None,
    )


def _kind_of(source: Source) -> str:
    return "Dataset" if source.kind is SourceKind.DATASET else "Collection"


def _content(request: HttpRequest, shown: Shown, told: Announced) -> Visible | None:
    """The file that anybody may have: as received where it may be downloaded, else as it is looked at."""
    record = shown.record
    if {Action.VIEW, Action.DOWNLOAD} <= told.allowed:
        whole = (record.width, record.height, record.media_type, record.byte_size, record.sha256)
        return Visible(absolute(request, image_path(shown, "")), *whole)
    if Action.VIEW not in told.allowed:
        return None
    return Visible(absolute(request, image_path(shown, Size.MEDIUM)), *_seen(shown, told))


def _seen(shown: Shown, told: Announced) -> tuple[int, int]:
    """Width and height as anybody sees it on a page."""
    is_resized = Action.RESIZE in told.allowed
    return fitted(shown, Size.MEDIUM) if is_resized else (shown.record.width, shown.record.height)


def _card(request: HttpRequest, shown: Shown, told: Announced) -> dict[str, str]:
    """What a link to the page looks like elsewhere: nothing where not just anybody sees the page, and no picture where
    the terms do not let it stand on other sites."""
    if Action.VIEW not in told.allowed:
        return {}
    card = {
        "og:type": "website",
        "og:site_name": SITE,
        "og:title": heading(shown),
        "og:description": shown.credit.text,
        "og:url": absolute(request, page_path(shown)),
    }
    if not told.allowed >= CARD:
        return card | {"twitter:card": "summary"}
    width, height = _seen(shown, told)
    is_jpeg = Action.RESIZE in told.allowed
    return card | {
        "twitter:card": "summary_large_image",
        "og:image": absolute(request, image_path(shown, Size.MEDIUM)),
        "og:image:type": MediaType.JPEG.value if is_jpeg else shown.record.media_type,
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": f"{alt_text(shown)}. {shown.credit.text}",
    }


def page_path(shown: Shown) -> str:
    """The path of an image's page."""
    return reverse("image", args=[shown.record.public_id])
