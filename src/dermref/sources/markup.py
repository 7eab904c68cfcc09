"""The one way to a tree of somebody else's HTML page: not for what nests without end, which takes forever to parse."""

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

MOST_OPEN = 3000
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
LEFT_OPEN = frozenset({"p", "li", "dd", "dt", "td", "th", "tr", "option"})  # the next one closes them


def parse_html(text: str) -> LexborHTMLParser:
    """The tree of a page. Raises ValueError for one that nests without end."""
    if _is_bottomless(text):
        raise ValueError("the page nests without end")
    return LexborHTMLParser(text)


def _is_bottomless(text: str) -> bool:
    """Whether so many elements stand open at once that parsing alone, whose time grows with their square, is long."""
    opened, total = Counter[str](), 0
    for tag in TAG.finditer(text):
        name = tag[2].lower()
        if name in EMPTY | LEFT_OPEN:
            continue
        if not tag[1]:
            opened[name] += 1
            total += 1
        elif opened[name]:
            opened[name] -= 1
            total -= 1
        if total > MOST_OPEN:
            return True
    return False
