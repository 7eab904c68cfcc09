"""A reference to one thing in one style, as plain text and as HTML, and the list of several. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from dermref.credit.citable import Citable, Work
from dermref.credit.doi import doi_url
from dermref.credit.styles import Style
from dermref.credit.templates import (
    ACCESSED,
    DOI,
    FIRST_AUTHOR,
    GENRE,
    ISSUED,
    MOST_AUTHORS,
    PUBLISHER,
    TITLE,
    URL,
    VERSION,
    Piece,
    Shape,
    Template,
    template_of,
)
from dermref.credit.words import in_line
from dermref.credit.writing import is_web_address

TYPES = {Work.IMAGE: "graphic", Work.COLLECTION: "dataset", Work.SNAPSHOT: "dataset", Work.SOURCE: "webpage"}
RESOLVER = "https://doi.org/"
_NUMERIC = re.compile(r"[0-9]+(\.[0-9]+)*")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in both forms. `number` is how the style numbers its list, with `{}` for the number, or empty."""

    text: str
    html: str
    number: str


def reference(citable: Citable, style: Style) -> Reference:
    """The reference, without a number. Its title has the id that the thing goes by, and its version where the style has
    no place for one."""
    shape = _shape(citable, style)
    template = template_of(style, shape)
    filled = list(_filled(template, _values(citable, template)))
    return Reference("".join(text for text, _ in filled), "".join(html for _, html in filled), template.number)


def full_title(citable: Citable) -> str:
    """The title with the id that an image goes by at its source, unless the title says it.

    >>> from datetime import date
    >>> image = Citable(Work.IMAGE, "a:IMG_1", "Melanoma", "https://example.org/", date(2026, 1, 1), number="IMG_1")
    >>> full_title(image)
    'Melanoma (IMG_1)'
    """
    title = in_line(citable.title)
    number = in_line(citable.number or "") if citable.work is Work.IMAGE else ""
    is_said = not number or re.search(rf"(?<!\w){re.escape(number)}(?!\w)", title)
    return title if is_said else f"{title} ({number})".strip()


def _shape(citable: Citable, style: Style) -> Shape:
    own = style.type_with_doi if citable.doi else None
    version = in_line(citable.version or "")
    return Shape(
        type=own or style.type or TYPES[citable.work],
        authors=min(len(citable.authors), MOST_AUTHORS),
        accessed=citable.accessed.month,
        issued=citable.issued.month if citable.issued else None,
        has_url=bool(citable.url),
        has_doi=bool(citable.doi),
        has_publisher=bool(citable.publisher),
        has_genre=bool(citable.genre),
        version=(version if _NUMERIC.fullmatch(version) else VERSION) if version else None,
    )


def _values(citable: Citable, template: Template) -> Mapping[str, str]:
    """What goes into the blanks."""
    title, version = full_title(citable), in_line(citable.version or "")
    if version and not _says_version(template, version):
        title = f"{title}, version {version}"
    values = {
        TITLE: title,
        URL: in_line(citable.url),
        DOI: citable.doi or "",
        PUBLISHER: in_line(citable.publisher or ""),
        GENRE: in_line(citable.genre or ""),
        VERSION: version,
        **_dated(ISSUED, citable.issued),
        **_dated(ACCESSED, citable.accessed),
    }
    return values | {chr(FIRST_AUTHOR + place): in_line(one) for place, one in enumerate(citable.authors)}


def _dated(blanks: tuple[str, ...], day: date | None) -> Mapping[str, str]:
    return dict(zip(blanks, (str(day.year), str(day.day), f"{day.day:02}"), strict=True)) if day else {}


def _says_version(template: Template, version: str) -> bool:
    own = "".join(piece.text for piece in template.pieces if not piece.is_blank)
    return template.prints(VERSION) or f"Version {version}" in own


def _filled(template: Template, values: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Each piece as text and as HTML. No full stop follows one that a value brought along, nor a question mark."""
    pieces, last = template.pieces, ""
    for place, piece in enumerate(pieces):
        if piece.is_blank:
            last = values[piece.text]
            address = _address(piece.text, last)
            before = pieces[place - 1].text if place else ""
            is_taken = piece.text == DOI and before.endswith(RESOLVER)
            yield (last, _html(piece, f"{RESOLVER}{last}" if is_taken else last, address=address))
            continue
        text = piece.text[1:] if piece.text[0] == "." and last.endswith((".", "?", "!", "…")) else piece.text
        following = pieces[place + 1].text if place + 1 < len(pieces) else ""
        last = ""
        shown = text.removesuffix(RESOLVER) if following == DOI else text  # it becomes part of the link
        yield (text, _html(piece, shown))


def _address(blank: str, value: str) -> str | None:
    if blank == DOI:
        return doi_url(value)
    return value if blank == URL and is_web_address(value) else None


def _html(piece: Piece, text: str, *, address: str | None = None) -> str:
    if not text:
        return ""
    shown = escape(text)
    if piece.is_blank and _RIGHT_TO_LEFT.search(text):
        shown = f"<bdi>{shown}</bdi>"  # or what stands around it would change places with it
    if address:
        shown = f'<a href="{escape(address)}">{shown}</a>'
    shown = f"<b>{shown}</b>" if piece.bold else shown
    return f"<i>{shown}</i>" if piece.italic else shown
