"""What every MediaWiki's API has in common: how it is asked, how it goes on, and how it says, with status 200, that it
cannot answer. Whole batches come out or a sentence; what a page means is the adapters' to say."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from dermref.model.deployment import Stopped
from dermref.model.harvest import BadCursor, Fetch
from dermref.sources.reading import Json, items, load_json, mapping, text, whole

REPLY_BYTES = 32 * 1024 * 1024  # MediaWiki's own limit for a result is 12 MB
TITLES = 50  # in one request, without special rights
LONGEST = 6_000  # bytes of titles in one address
ROUNDS = 60  # replies about the same pages; long metadata need about ten
FILE = 6  # the namespace of file pages
BASICS = {"action": "query", "format": "json", "formatversion": "2", "errorformat": "plaintext", "maxlag": "5"}
# Errors that pass by themselves. Anything else is ours to mend.
PASSING = frozenset({"maxlag", "ratelimited", "readonly", "readonlytext"})
INTERNAL = "internal_api_error_"
PATIENCE = 5.0  # seconds, and never less
LONGEST_LAG = 3_600.0
PASSING_MARKS = ("index", "touched")  # a rank in one listing; when the page was last drawn. Neither is about the file

Continue = Mapping[str, str]
Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wiki:
    """A wiki as it is asked: its name for people, the address of its API, and the way out."""

    name: str
    api: str
    fetch: Fetch


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages about which everything asked was said. `after` asks for the next ones (None at the end); `names` leads from
    a title as asked for to the one it has now."""

    pages: tuple[Json, ...]
    after: Continue | None
    names: Mapping[str, str]

    def title_of(self, asked: str) -> str:
        """The title under which the page asked for as `asked` came."""
        seen = {asked}
        while (following := self.names.get(asked)) and following not in seen:
            seen.add(following)
            asked = following
        return asked


def busy(body: bytes) -> float | None:
    """The seconds to wait where a reply says that the wiki is too busy just now, else None."""
    if b'"error' not in body:
        return None
    try:
        reply = load_json(body)
    except ValueError:
        return None
    waits = [wait for code, _, wait in _errors(mapping(reply)) if _passes(code)]
    return max(waits) if waits else None


def address(api: str, params: Params) -> str:
    """The address that asks `api` for this, always the same for the same."""
    return f"{api}?{urlencode({**BASICS, **params}, quote_via=quote, errors='replace')}"


def ask(wiki: Wiki, params: Params) -> Json:
    """One reply. Raises Stopped where it is an error or none at all, BadCursor where it no longer knows the way on."""
    body = wiki.fetch(address(wiki.api, params), max_bytes=REPLY_BYTES, keep=True, busy=busy).body
    return check_reply(body, wiki.name)


def check_reply(body: bytes, name: str) -> Json:
    """The reply that a body is. Raises Stopped or BadCursor. Warnings are no errors."""
    try:
        reply = load_json(body)
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        raise Stopped(f"{name} answers with something that is no reply of its API; stopped, run again to go on.")
    for code, said, _ in _errors(reply):
        if code == "badcontinue":
            raise BadCursor(f"{name} no longer knows where the last run stopped.")
        raise Stopped(f"{name} answers “{code}”{f' ({said[:200]})' if said else ''}; stopped, run again to go on.")
    return reply


def batch(wiki: Wiki, params: Params, after: Continue | None = None) -> Batch:
    """The pages of one batch, put together from as many replies as they take. Raises Stopped where they never end."""
    pages: dict[object, dict[str, object]] = {}
    names: dict[str, str] = {}
    following: Continue = dict(after or {})
    for _ in range(ROUNDS):
        reply = ask(wiki, {**params, **following})
        merge(pages, reply, wiki.name)
        names |= _names(mapping(reply.get("query")))
        going_on = _continue(reply, wiki.name)
        if going_on and going_on == following:
            raise Stopped(f"{wiki.name} goes on with what it just gave; stopped, run again to go on.")
        if is_complete(reply):
            return Batch(tuple(pages.values()), going_on or None, names)
        if not going_on:
            raise Stopped(f"{wiki.name} breaks off in the middle of its answer; stopped, run again to go on.")
        following = going_on
    raise Stopped(f"{wiki.name} goes on about the same pages without end; stopped, run again to go on.")


def is_complete(reply: Json) -> bool:
    """Whether everything was said about the pages so far; the older format says so with an empty string."""
    return reply.get("batchcomplete") in (True, "")


def merge(pages: dict[object, dict[str, object]], reply: Json, name: str) -> None:
    """Add what a reply says of its pages. Later replies repeat a page without what was said before; lists grow."""
    query = reply.get("query", {})
    listed = query.get("pages", []) if isinstance(query, dict) else None
    found = list(listed.values()) if isinstance(listed, dict) else listed
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Stopped(f"{name} answers with no list of pages; stopped, run again to go on.")
    for page in found:
        known = pages.setdefault(page_id(page) or text(page, "title"), {})
        for key, value in page.items():
            before = known.get(key)
            if isinstance(before, list) and isinstance(value, list):
                known[key] = before + [one for one in value if one not in before]
            elif key not in PASSING_MARKS:
                known.setdefault(key, value)


def in_order(page: Json) -> dict[str, object]:
    """The page's object with its keys in order: the same however many replies it came in."""
    return {key: page[key] for key in sorted(page)}


def page_id(page: Json) -> int | None:
    """The page's number; None for one that does not exist, which the older format numbers below nought."""
    number = whole(page, "pageid")
    return number if number and number > 0 else None


def is_missing(page: Json) -> bool:
    """Whether the wiki has no such page, or no page could have such a title."""
    return any(page.get(key) in (True, "") for key in ("missing", "invalid"))


def listing(wiki: Wiki, params: Params, after: Continue | None) -> Iterator[Batch]:
    """The batches of a listing from `after` on. Raises Stopped where it comes back to where it was."""
    seen: set[int] = set()
    while True:
        found = batch(wiki, params, after)
        after = found.after
        mark = hash(tuple(sorted(after.items()))) if after else 0
        if after and mark in seen:
            raise Stopped(f"{wiki.name} lists the same again and again; stopped, run again to go on.")
        seen.add(mark)
        yield found
        if after is None:
            return


def portions(titles: Sequence[str], start: int) -> Iterator[tuple[Sequence[str], int | None]]:
    """Titles from number `start` on in portions that one address can hold, each with the number after it, if any."""
    while start < len(titles):
        end, length = start, 0
        while end < len(titles) and end - start < TITLES:
            length += len(quote(titles[end], errors="replace")) + 3
            if length > LONGEST and end > start:
                break
            end += 1
        yield titles[start:end], end if end < len(titles) else None
        start = end


def parts_of(query: str) -> list[str]:
    """The titles in a query, one a line or between bars, each once."""
    return list(dict.fromkeys(one for one in (piece.strip() for piece in re.split(r"[|\n]", query)) if one))


def is_in(title: str, space: str) -> bool:
    """Whether a title begins with a namespace's name, in any case."""
    return title.lower().startswith(f"{space.lower()}:")


def categories_in(query: str, depth: int) -> tuple[list[str], int] | None:
    """The categories that a query names, and how deep to go: `Category:A|Category:B depth:2`. None where it names none.
    Raises Stopped where something else stands among them."""
    found = re.fullmatch(r"(?s)(.*?)(?:\s+depth:([0-9]{1,2}))?", query.strip())
    names = parts_of(found[1]) if found else []
    if not names or not is_in(names[0], "Category"):
        return None
    if not all(is_in(name, "Category") for name in names):
        raise Stopped("A query is either categories or titles or words to look for, never a mixture.")
    return names, int(found[2]) if found and found[2] else depth


def cursor(value: Mapping[str, object]) -> str:
    """A place in a listing as text."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def place(written: str | None) -> Json:
    """The place that a cursor means; the beginning where there is none. Raises BadCursor."""
    try:
        value = load_json(written.encode()) if written else {}
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadCursor("The place where the last run stopped cannot be read.")
    return value


def after_in(value: object) -> Continue | None:
    """The way on as a cursor or a reply has it; None where there is none. Raises BadCursor."""
    if not isinstance(value, dict | None) or not all(isinstance(one, str) for one in (value or {}).values()):
        raise BadCursor("The place where the last run stopped cannot be read.")
    return dict(value) if value else None


def number_in(value: Json, *, most: int) -> int:
    """The number of the title that a cursor goes on with; the first where it does not say. Raises BadCursor."""
    number = value.get("from", 0)
    if not isinstance(number, int) or not 0 <= number < most:
        raise BadCursor("The titles asked for are not those that the last run asked for.")
    return number


def _errors(reply: Json) -> list[tuple[str, str, float]]:
    """Code, words and seconds to wait of each error, in either of the two forms that errors have."""
    new = [mapping(one) for one in items(reply.get("errors"))]
    old = [mapping(reply["error"])] if "error" in reply else []
    return [_error({**one, **mapping(one.get("data"))}) for one in (*new, *old)]


def _error(said: Json) -> tuple[str, str, float]:
    lag = said.get("lag")
    known = lag if isinstance(lag, int | float) and PATIENCE <= lag <= LONGEST_LAG else PATIENCE
    return text(said, "code") or "unknown", text(said, "text") or text(said, "info") or "", float(known)


def _passes(code: str) -> bool:
    return code in PASSING or code.startswith(INTERNAL)


def _continue(reply: Json, name: str) -> dict[str, str]:
    value = reply.get("continue", {})
    if not isinstance(value, dict) or not all(isinstance(one, str | int) for one in value.values()):
        raise Stopped(f"{name} does not say how to go on; stopped, run again to go on.")
    return {key: str(one) for key, one in value.items()}


def _names(query: Json) -> dict[str, str]:
    changed = [mapping(one) for key in ("normalized", "redirects") for one in items(query.get(key))]
    return {str(one.get("from")): str(one.get("to")) for one in changed}
