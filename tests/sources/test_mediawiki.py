"""The protocol of MediaWiki's API: whole batches or a sentence, errors with status 200, and walks that can go on."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dermref.model.deployment import Stopped
from dermref.model.harvest import BadCursor, Busy, Fetched
from dermref.sources import mediawiki
from dermref.sources.category_walk import walk
from dermref.sources.mediawiki import Wiki
from mirror import SOURCES

REAL = SOURCES / "wikimedia-commons"
API = "https://wiki.example/w/api.php"
Answer = Callable[[Mapping[str, str]], object]


def wiki(answer: Answer, asked: list[Mapping[str, str]] | None = None) -> Wiki:
    """A wiki that answers what `answer` makes of a request's parameters."""

    def fetch(url: str, *, max_bytes: int, keep: bool = False, busy: Busy | None = None) -> Fetched:
        params = {key: value for key, [value] in parse_qs(urlsplit(url).query).items()}
        if asked is not None:
            asked.append(params)
        said = answer(params)
        return Fetched(url, said if isinstance(said, bytes) else json.dumps(said).encode(), "application/json")

    return Wiki("The wiki", API, fetch)


def in_turn(*replies: object) -> Answer:
    left = iter(replies)
    return lambda params: next(left)


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ((REAL / "RECONSTRUCTED_error_maxlag.json").read_bytes(), 5.4),
        ((REAL / "RECONSTRUCTED_errors_maxlag.json").read_bytes(), 7.5),
        (b'{"error":{"code":"maxlag","lag":0.1}}', 5.0),
        (b'{"error":{"code":"maxlag","lag":1e999}}', 5.0),
        (b'{"error":{"code":"ratelimited","info":"You have exceeded your rate limit."}}', 5.0),
        (b'{"errors":[{"code":"readonly"}]}', 5.0),
        (b'{"error":{"code":"internal_api_error_DBQueryError"}}', 5.0),
        (b'{"error":{"code":"invalidcategory"}}', None),
        (b'{"warnings":{"main":{"warnings":"an \\"error\\" of yours"}},"batchcomplete":true}', None),
        (b'{"error":{"code":"maxlag"', None),
        (b'"error"', None),
    ],
)
def test_reply_when_the_wiki_is_busy_then_it_says_how_long_to_wait(body: bytes, seconds: float | None) -> None:
    assert mediawiki.busy(body) == seconds


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b'{"a":1,"a":2}', b"\xff\xfe", b"[" * 9000])
def test_reply_when_it_is_none_then_stopped(body: bytes) -> None:
    with pytest.raises(Stopped, match="no reply of its API"):
        mediawiki.ask(wiki(lambda params: body), {})


@pytest.mark.parametrize("reply", [{"error": {"code": "invalidcategory"}}, {"errors": [{"code": "invalidcategory"}]}])
def test_error_when_it_will_not_pass_then_stopped_with_its_code(reply: object) -> None:
    with pytest.raises(Stopped, match="invalidcategory"):
        mediawiki.ask(wiki(lambda params: reply), {})


def test_error_when_the_way_on_is_unknown_then_begin_again() -> None:
    with pytest.raises(BadCursor):
        mediawiki.ask(wiki(lambda params: {"errors": [{"code": "badcontinue"}]}), {})


def test_request_when_made_then_it_waits_its_turn_and_asks_for_plain_errors() -> None:
    asked: list[Mapping[str, str]] = []
    mediawiki.ask(wiki(lambda params: {}, asked), {"titles": "File:Über & Co.jpg"})
    assert asked[0].items() >= {"maxlag": "5", "formatversion": "2", "errorformat": "plaintext"}.items()
    assert asked[0]["titles"] == "File:Über & Co.jpg"


def test_batch_when_it_takes_three_real_replies_then_pages_are_put_together() -> None:
    steps = [json.loads((REAL / f"openverse_continuation_step{n}.trimmed.json").read_text("utf-8")) for n in (1, 2, 3)]
    asked: list[Mapping[str, str]] = []
    found = mediawiki.batch(wiki(in_turn(*steps), asked), {"generator": "allimages"})
    assert [page["pageid"] for page in found.pages] == [18263872, 44672185]
    assert all(len(page["imageinfo"]) == 1 for page in found.pages)  # type: ignore[arg-type]
    assert len(found.pages[0]["globalusage"]) == 1  # type: ignore[arg-type]
    assert found.after == steps[2]["continue"]
    assert [one.get("gucontinue") for one in asked] == [None, *(one["continue"]["gucontinue"] for one in steps[:2])]


BROKEN = [
    ({"batchcomplete": True, "query": {"pages": 3}}, "no list of pages"),
    ({"batchcomplete": True, "query": {"pages": [None]}}, "no list of pages"),
    ({"batchcomplete": True, "query": []}, "no list of pages"),
    ({"query": {"pages": []}}, "breaks off"),
    ({}, "breaks off"),
    ({"batchcomplete": True, "continue": ["x"]}, "how to go on"),
    ({"continue": {"iicontinue": None}}, "how to go on"),
    ({"continue": {"iicontinue": "a"}}, "just gave"),
]


@pytest.mark.parametrize(("reply", "words"), BROKEN)
def test_batch_when_a_reply_is_not_as_it_must_be_then_stopped(reply: object, words: str) -> None:
    with pytest.raises(Stopped, match=words):
        mediawiki.batch(wiki(lambda params: reply), {})


def test_batch_when_it_never_ends_then_stopped() -> None:
    asked: list[Mapping[str, str]] = []
    endless = wiki(lambda params: {"continue": {"iicontinue": params.get("iicontinue", "") + "x"}}, asked)
    with pytest.raises(Stopped, match="without end"):
        mediawiki.batch(endless, {})
    assert len(asked) == mediawiki.ROUNDS


def test_listing_when_it_goes_round_then_stopped() -> None:
    turn = {"": "a", "a": "b", "b": "a"}
    round_about = wiki(lambda params: {"batchcomplete": True, "continue": {"at": turn[params.get("at", "")]}})
    with pytest.raises(Stopped, match="again and again"):
        list(mediawiki.listing(round_about, {}, None))


def test_page_when_a_listing_ranks_it_then_its_object_is_the_same() -> None:
    page = {"pageid": 7, "ns": 6, "title": "File:A.jpg", "lastrevid": 3}
    ranked = {"index": 4, "touched": "2026-11-25T00:00:00Z", **page}
    replies = [{"batchcomplete": True, "query": {"pages": [one]}} for one in (page, ranked)]
    first, second = (mediawiki.batch(wiki(in_turn(reply)), {}).pages for reply in replies)
    assert json.dumps(mediawiki.in_order(first[0])) == json.dumps(mediawiki.in_order(second[0]))


def test_titles_when_they_are_many_or_long_then_each_goes_into_one_portion() -> None:
    titles = [f"File:{number}.jpg" for number in range(120)] + [f"File:{'ж' * 120}{number}" for number in range(30)]
    portions = list(mediawiki.portions(titles, 0))
    assert [title for some, _ in portions for title in some] == titles
    assert all(len(some) <= 50 and len("|".join(some)) < 6_000 for some, _ in portions)
    assert [end for _, end in portions][-1] is None
    assert [some for some, _ in mediawiki.portions(titles, 50)] == [some for some, _ in portions[1:]]


def test_title_when_no_address_can_hold_it_then_asked_for_all_the_same() -> None:
    assert mediawiki.address(API, {"titles": "File:\ud800.jpg"}).endswith("titles=File%3A%3F.jpg")
    assert list(mediawiki.portions(["File:\ud800.jpg"], 0)) == [(["File:\ud800.jpg"], None)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Category:A", (["Category:A"], 0)),
        ("category:A b depth:12", (["category:A b"], 12)),
        ("Category:A|Category:B\nCategory:A depth:2", (["Category:A", "Category:B"], 2)),
        ("File:A.jpg", None),
        ("melanoma depth:2", None),
        ("", None),
    ],
)
def test_query_when_it_names_categories_then_they_and_the_depth_are_read(query: str, found: object) -> None:
    assert mediawiki.categories_in(query, 0) == found


def tree(below: Mapping[int, list[int]]) -> Answer:
    """A wiki with these categories and one file in each; 1 is called “Category:Root”."""

    def answer(params: Mapping[str, str]) -> object:
        if "titles" in params:
            return {"batchcomplete": True, "query": {"pages": [{"pageid": 1, "ns": 14, "title": params["titles"]}]}}
        at = int(params["gcmpageid"])
        if params["gcmtype"] == "file":
            return {
                "batchcomplete": True,
                "query": {"pages": [{"pageid": 100_000 + at, "ns": 6, "title": f"File:{at}"}]},
            }
        pages = [{"pageid": one, "ns": 14, "title": f"Category:C{one}"} for one in below.get(at, [])]
        return {"batchcomplete": True, "query": {"pages": pages}}

    return answer


def walked(
    below: Mapping[int, list[int]], *, depth: int, written: str | None = None
) -> Iterator[tuple[Any, str | None]]:
    params = {"generator": "categorymembers", "gcmtype": "file"}
    for found, cursor in walk(
        wiki(tree(below)), ["Category:Root"], params, depth=depth, left_out=["C9.*"], written=written
    ):
        yield found.pages[0]["pageid"] - 100_000, cursor  # type: ignore[operator]


GRAPH = {1: [4, 2, 91], 2: [3, 1], 3: [1, 5], 4: [3, 4], 5: [6]}


@pytest.mark.parametrize(("depth", "met"), [(0, [1]), (1, [1, 2, 4]), (3, [1, 2, 4, 3, 5]), (9, [1, 2, 4, 3, 5, 6])])
def test_walk_when_categories_lead_in_circles_then_each_is_listed_once_to_its_depth(depth: int, met: list[int]) -> None:
    assert [at for at, _ in walked(GRAPH, depth=depth)] == met


def test_walk_when_it_goes_on_anywhere_then_the_rest_is_the_same() -> None:
    whole = list(walked(GRAPH, depth=9))
    for number, (_, cursor) in enumerate(whole[:-1], 1):
        assert list(walked(GRAPH, depth=9, written=cursor)) == whole[number:]
    assert whole[-1][1] is None


def test_walk_when_there_are_ten_thousand_categories_then_its_cursor_stays_small() -> None:
    numbers = [1 + 17_389 * step for step in range(1, 10_001)]
    cursors = [cursor for (_, cursor), _ in zip(walked({1: numbers}, depth=1), range(3), strict=False)]
    assert all(cursor and len(cursor) < 60_000 for cursor in cursors)


@pytest.mark.parametrize("written", ["x", "[]", "7", '{"level":0}', '{"level":0,"now":"zz","below":"","done":""}'])
def test_walk_when_its_cursor_cannot_be_read_then_begin_again(written: str) -> None:
    with pytest.raises(BadCursor):
        list(walked(GRAPH, depth=1, written=written))


def test_walk_when_a_category_does_not_exist_then_said_so() -> None:
    missing = {"batchcomplete": True, "query": {"pages": [{"ns": 14, "title": "Category:Rooot", "missing": True}]}}
    with pytest.raises(Stopped, match="has no “Category:Rooot”"):
        list(walk(wiki(lambda params: missing), ["Category:Rooot"], {}, depth=0, left_out=[], written=None))
