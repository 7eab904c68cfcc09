"""The words of JATS elements: in one line, or with paragraphs and references to the bibliography marked."""

from collections.abc import Iterable, Iterator

from lxml import etree

from dermref.sources.credit_cues import REFERENCE

Element = etree._Element  # lxml has no public name for it

BLOCKS = frozenset({"p", "title", "label", "attrib", "caption", "alt-text", "long-desc", "fig", "disp-quote", "fn"})
# Formulas are spelled out twice, an object's own identifier and a supplement's words say nothing about the picture, and
# permissions are read on their own.
SILENT = frozenset({"tex-math", "math", "object-id", "permissions"})
_FORGED = str.maketrans({REFERENCE[0]: "[", REFERENCE[1]: "]"})


def words_of(element: Element | None) -> str | None:
    """All words of an element in one line; None where there are none."""
    if element is None:
        return None
    return one_line("".join(_texts(element, is_marked=False))) or None


def one_line(text: str) -> str:
    """The text with single spaces and no line end."""
    return " ".join(text.split())


def marked_words(elements: Iterable[Element]) -> str:
    """The words of the elements, a line for each paragraph, references to the bibliography between their marks."""
    text = "\n".join("".join(_texts(one, is_marked=True)) for one in elements)
    return "\n".join(line for line in map(one_line, text.split("\n")) if line)


def name_of(element: Element) -> str:
    """The element's name without namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _texts(element: Element, *, is_marked: bool) -> Iterator[str]:
    name = name_of(element)
    if not name or name in SILENT:
        return
    is_reference = is_marked and name == "xref" and element.get("ref-type") == "bibr"
    if is_reference:
        yield REFERENCE[0]
    yield _honest(element.text)
    for child in element:
        yield from _texts(child, is_marked=is_marked)
        yield _honest(child.tail)
    if is_reference:
        yield REFERENCE[1]
    elif name in BLOCKS:
        yield "\n"


def _honest(text: str | None) -> str:
    """The text without marks of its own: they would pass for ours."""
    if not text or text.isascii():
        return text or ""
    return text.translate(_FORGED)
