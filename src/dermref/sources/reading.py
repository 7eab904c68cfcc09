"""Strict readings of what others send: JSON, text and scraps of HTML. What is malformed raises ValueError or is absent;
nothing is guessed."""

import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any
from unicodedata import category, normalize
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dermref.model.evidence import Document

Json = Mapping[str, object]
WEB = re.compile(r"https?://[\x21-\x7e]{1,2000}")
UNSEEN = "[hidden], [aria-hidden], [style], [class], del, s, strike, iframe, xmp, noembed, noframes"
UNSEEN_TAGS = frozenset({"del", "s", "strike", "iframe", "xmp", "noembed", "noframes"})
HIDING = re.compile(r"(?:^|[;{])(?:display:none|visibility:(?:hidden|collapse))")
HIDING_CLASSES = frozenset({"hidden", "hide", "d-none", "invisible"})  # what is for screen readers alone is read
BREAKS = "br, p, li, div, tr, dd, dt, h1, h2, h3, h4"


def load_json(body: bytes) -> Any:
    """The JSON value of UTF-8 text. Numbers that JSON does not have read as null. Raises ValueError for text that is no
    JSON, says a key of an object twice, or nests without end."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=lambda name: None, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object says a key twice")
    return found


def object_of(document: Document) -> Json:
    """The JSON object of a stored document; empty where it is none."""
    try:
        return mapping(load_json(document.body))
    except ValueError:
        return {}


def canonical(value: object) -> bytes:
    """The value alone as ASCII JSON in its own key order, so that the same value always has the same hash."""
    return json.dumps(value, separators=(",", ":")).encode()


def mapping(value: object) -> Json:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(item: Json, key: str) -> str | None:
    """The text under `key` without the space around it; None where there is none."""
    value = item.get(key)
    return value.strip() or None if isinstance(value, str) else None


def whole(item: Json, key: str) -> int | None:
    """The whole number under `key`, also where it comes as text; None where there is none."""
    value = item.get(key)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decode(body: bytes) -> str:
    """The text of a page: UTF-8 where it is that, else Windows-1252, which old pages are in whatever they claim. Raises
    ValueError for bytes that are neither."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252")


def plain(html: str) -> str:
    """The words of a scrap of HTML in one line, as a reader sees them."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    tree = LexborHTMLParser(html)
    tree.strip_tags(["style", "script", "template"])
    for node in tree.css(BREAKS):
        node.insert_before(" ")
        node.insert_after(" ")
    root = tree.body
    return " ".join(root.text().split()) if root else ""


def one_spelling(text: str) -> str:
    """The text for a search, as a reader sees it: nothing invisible, wide and joined letters as plain ones, each way to
    draw a copyright sign as the sign itself, tabs as spaces.

    >>> one_spelling("ⓒ 2010 Ｅｌｓｅｖｉｅｒ")
    '© 2010 Elsevier'
    """
    return normalize("NFKC", text.translate(_drawn()))


@cache
def _drawn() -> Mapping[int, str | None]:
    invisible = dict.fromkeys(one for one in range(sys.maxunicode + 1) if category(chr(one)) == "Cf")
    return invisible | dict.fromkeys(map(ord, "\u24b8\u24d2\U0001f12b"), "©") | dict.fromkeys(map(ord, "\t\r"), " ")


def seen(text: str) -> str:
    """The text in one line and one spelling, in which a letter c in brackets is a copyright sign, too."""
    return re.sub(r"\(\s*[cC]\s*\)", "©", " ".join(one_spelling(text).split()))


def without_hidden(tree: LexborHTMLParser) -> None:
    """Take out what a reader does not see, or sees struck out, however its style is spelled."""
    for node in reversed(tree.css(UNSEEN)):  # the inner ones first
        if _is_hidden(node):
            gone = [node] if node.parent and node.tag != "html" else list(node.iter())
            for one in gone:  # the root cannot go, but all in it
                one.decompose()


def _is_hidden(node: LexborNode) -> bool:
    said = {name: (value or "").casefold() for name, value in node.attributes.items()}
    style = re.sub(r"\s+|/\*.*?\*/", "", said.get("style", ""), flags=re.DOTALL)
    return (
        node.tag in UNSEEN_TAGS
        or "hidden" in said
        or said.get("aria-hidden", "").strip() == "true"
        or bool(HIDING.search(style))
        or not HIDING_CLASSES.isdisjoint(said.get("class", "").split())
    )


def web_address(value: object) -> str | None:
    """The value where it is an http(s) address in plain ASCII that can be taken apart, else None."""
    if not isinstance(value, str) or not WEB.fullmatch(value):
        return None
    try:
        return value if urlsplit(value).hostname else None
    except ValueError:
        return None


def host_of(url: str) -> str:
    """The host of an address; empty for what is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
