"""Words of others, made fit to stand in a credit, and a credit's words made fit for HTML and Markdown. Nothing that a
title or a name holds can become markup, a link, a line of its own, or turn the words around it."""

import re
import unicodedata
from html import escape
from urllib.parse import quote

# What no printed name has: control characters, and the marks that turn the direction of what stands after them. Taken
# out, not wrapped: a mark in a name could else show “CC BY” as another license. The letters of right-to-left names keep
# their own direction without them.
TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
UNFIT = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{TURNING}\ud800-\udfff]")
BREAKING = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

# What begins anything in CommonMark or in what GitHub and others add to it; each may stand behind a backslash.
MARKS = re.compile(r"[\\`*_{}\[\]<>#|~^&$@!]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
FIRST = re.compile(r"^(\d{1,9})([.)])|^[-+=]")
KEPT_IN_URL = ":/?#@!$&'+,;=%~"


def fit(text: str) -> str:
    """The text in one line, without characters that nobody sees and that change how others are seen."""
    if text.isprintable() or not UNFIT.search(text):  # the first answers for nearly all, many times faster
        return text
    return UNFIT.sub("", BREAKING.sub(" ", text)).strip()


def is_web_address(url: str | None) -> bool:
    """Whether this may become a link: nothing but the two schemes of the web does."""
    return url is not None and url.startswith(("https://", "http://"))


def html_of(text: str, url: str | None) -> str:
    """The text as HTML, linked where there is an address. Words from right to left stand in a `bdi` of their own, so
    that they do not draw a neighboring license or number into their direction."""
    words = escape(fit(text))
    if not text.isascii() and any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in text):
        words = f"<bdi>{words}</bdi>"
    return f'<a href="{escape(url)}">{words}</a>' if url and is_web_address(url) else words


def markdown_of(text: str, url: str | None) -> str:
    """The text as Markdown, linked where there is an address. Nothing of the text is markup; the very beginning of a
    line is for `opening`."""
    words = MARKS.sub(r"\\\g<0>", fit(text))
    if not words or not url or not is_web_address(url):
        return words
    address = quote(fit(url), safe=KEPT_IN_URL).replace("&", "&amp;")
    return f"[{words}]({address})"


def opening(markdown: str) -> str:
    """Markdown that begins a line: what would make a list, a heading or a rule of it is escaped."""
    return FIRST.sub(lambda found: rf"{found[1]}\{found[2]}" if found[1] else rf"\{found[0]}", markdown.lstrip())
