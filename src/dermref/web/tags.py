"""Template tags and filters of the site."""

from django.template import Library
from django.utils.safestring import SafeString, mark_safe

from dermref.credit import writing
from dermref.credit.attribution import Credit
from dermref.web.credit_panel import Attribution, CitationForm

register = Library()


@register.filter
def credit(value: Credit) -> SafeString:
    """The credit as HTML. The site trusts HTML here and in the next two alone: `Credit.html` has escaped every part."""
    return mark_safe(value.html)  # noqa: S308  every part is escaped in credit.writing


@register.filter
def json_ld(value: str) -> SafeString:
    """The text of a JSON-LD script, in which `script_text` left nothing that could end it."""
    return mark_safe(value)  # noqa: S308  credit.jsonld.script_text escaped what could end the element


@register.filter
def printed(value: Attribution | CitationForm) -> SafeString:
    """An attribution or a citation of the credit panel as HTML: whoever made it has escaped every part, as above."""
    return mark_safe(value.html)  # noqa: S308  every part is escaped in the package credit


@register.filter
def is_web_address(value: str | None) -> bool:
    """Whether this may become a link: nothing but the two schemes of the web does."""
    return writing.is_web_address(value)


@register.filter
def spoken(value: object) -> str:
    """A code as words: `fetch_bulk` becomes “fetch bulk”."""
    return str(value).replace("_", " ").replace("-", " ")


@register.filter
def number(value: int) -> str:
    """A number with its thousands set apart."""
    return f"{value:,}"


@register.filter
def plural(value: int, words: str) -> str:
    """The word that goes with a number, out of “one,many”."""
    one, many = words.split(",")
    return one if value == 1 else many
