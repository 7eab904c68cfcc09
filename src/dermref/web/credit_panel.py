"""What the credit panel of a page copies from: the attribution in each form, the citation in each style, and files to
download. It is filled with what there is; a form that is empty is not drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from django.http import QueryDict

from dermref.credit.attribution import Credit, attributions
from dermref.credit.citable import Attributed

STYLE = "style"  # the style of the citation, in the address and in the browser's memory
MOST_ROWS = 6
MOST_LINES = 200  # attributions that a page lists; the downloads have all


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an attribution as plain text to copy, in a box of so many rows."""

    name: str
    label: str
    short: str
    text: str

    @property
    def rows(self) -> int:
        """Its lines, and one where a line is long; never more than fit in the eye."""
        return min(sum(1 + len(line) // 48 for line in self.text.splitlines() or [""]), MOST_ROWS)


@dataclass(frozen=True, slots=True)
class Attribution:
    """An attribution in each form. `html` is trusted: whoever makes it has escaped every part. `plain` is the sentence
    people know from elsewhere."""

    text: str
    html: str
    markdown: str = ""
    plain: str = ""

    @property
    def forms(self) -> tuple[Form, ...]:
        """Those there are, as text to copy."""
        named = (
            ("text", "Attribution as text", "text", self.text),
            ("plain", "Attribution as a sentence", "sentence", self.plain),
            ("html", "Attribution as HTML", "HTML", self.html),
            ("markdown", "Attribution as Markdown", "Markdown", self.markdown),
        )
        return tuple(Form(*one) for one in named if one[-1])


@dataclass(frozen=True, slots=True)
class CitationForm:
    """A citation in one style; `style` is its name in addresses. `html` is trusted as above."""

    style: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Citations:
    """The styles there are, with their labels, and the citation in those that are drawn. `chosen` is shown at first,
    `is_asked` whether the address names it; `left_out` is how many attributions the page has no room for. `downloads`
    are labels with addresses."""

    styles: tuple[tuple[str, str], ...] = ()
    forms: tuple[CitationForm, ...] = ()
    chosen: str = ""
    is_asked: bool = False
    left_out: int = 0
    downloads: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CreditPanel:
    """Everything that a panel offers. `kept` is what else the address asks, which the choice of a style must keep."""

    attribution: Attribution
    citations: Citations
    kept: tuple[tuple[str, str], ...] = ()
    has_several: bool = False


def panel_of(
    attribution: Attribution, query: QueryDict, *, citations: Citations = Citations(), has_several: bool = False
) -> CreditPanel:
    """The panel for a page that was asked for with `query`."""
    kept = tuple((name, str(query[name])) for name in query if name != STYLE)
    return CreditPanel(attribution, citations, kept, has_several)


def attribution_of_one(credit: Credit, plain: Credit | None = None) -> Attribution:
    """The attribution of one image; `plain` is the sentence about it."""
    return Attribution(credit.text, credit.html, credit.markdown, plain.text if plain else "")


def attribution_of_many(credits_: Mapping[str, Credit]) -> Attribution:
    """The attributions of several images by their ids, one a line, each distinct one once with all it stands for."""
    distinct = [(one.credit.text, one.credit.html, one.credit.markdown) for one in attributions(credits_)]
    texts, htmls, markdowns = zip(*distinct, strict=True) if distinct else ((), (), ())
    return Attribution("\n".join(texts), "<br>\n".join(htmls), "\n\n".join(markdowns))


def attribution_of_set(attributed: Iterable[Attributed], *, most: int = MOST_LINES) -> Attribution:
    """The distinct attributions of a set with their images and licenses, one a line; at most so many, and how many more
    there are."""
    everybody = list(attributed)
    lines = [_line(one) for one in everybody[:most]]
    if len(everybody) > most:
        lines.append(f"and {len(everybody) - most:,} more, which the downloads have")
    return Attribution("\n".join(lines), "<br>\n".join(map(escape, lines)))


def _line(one: Attributed) -> str:
    images = "1 image" if one.images == 1 else f"{one.images:,} images"
    return f"{one.name}: {images}" + (f" ({', '.join(one.licenses)})" if one.licenses else "")
