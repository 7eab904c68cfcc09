"""A page with pictures under one heading: each picture once, with all its addresses and every word said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.sources.topic_page import Shown, TopicPage, read_topic

URL = "https://site.example/topics/lice"
HEAD = '<html><head><link rel="canonical" href="/topics/lice?x=1"></head>'


def key_of(address: str) -> str | None:
    """Pictures are what lies in `/p/`; what was done to one stands behind a `~`."""
    folder, _, name = address.rpartition("/")
    return name.partition("~")[0].partition(".")[0] if folder.endswith("/p") and "." in name else None


def page(body: str, *, head: str = HEAD) -> TopicPage:
    return read_topic(f"<!doctype html>{head}<body>{body}</body></html>".encode(), URL, key_of)


def keys(body: str) -> list[str]:
    return [one.key for one in page(body).pictures]


def words(body: str) -> set[str]:
    (shown,) = page(body).pictures
    return {*shown.words}


def test_picture_when_cropped_and_behind_its_link_whole_then_one_with_the_links_address_first() -> None:
    found = page('<a href="/p/a.jpg"><img src="/p/a~crop.jpg#x" alt="A louse"></a><img src="/p/a~crop.jpg">')
    (shown,) = found.pictures
    assert shown.addresses == ("https://site.example/p/a.jpg", "https://site.example/p/a~crop.jpg")
    assert (shown.title, found.canonical) == ("A louse", "https://site.example/topics/lice?x=1")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<img src="/p/x.gif" data-src="/p/a.jpg">', ["x", "a"]),
        ('<a href="#big"><img src="/p/a.jpg"></a>', ["a"]),
        ('<a href="/topics/lice"><img src="/p/a.jpg"></a>', ["a"]),
        ('<a href="javascript:open()"><img src="/p/a.jpg"></a>', ["a"]),
        ('<a href="/topics/scabies"><img src="/p/a.jpg"></a>', []),
        ('<a href="mailto:a@site.example"><img src="/p/a.jpg"></a>', []),
        ('<nav><img src="/p/a.jpg"></nav><aside><p><img src="/p/b.jpg"></p></aside><footer><img src="/p/c.jpg">', []),
        ('<noscript><img src="/p/a.jpg"></noscript><template><img src="/p/b.jpg"></template>', []),
        ("<script>document.write('<img src=\"/p/a.jpg\">')</script><!-- <img src='/p/b.jpg'> -->", []),
        ('<img src="data:image/gif;base64,R0"><img src="/other/a.jpg"><img src="http://[bad/p/a.jpg"><img>', []),
        ('<base href="https://site.example/p/"><a href="#b"><img src="a.jpg"></a><a href="x"><img src="b.jpg">', ["a"]),
    ],
)
def test_pictures_when_a_page_holds_images_then_those_of_the_topic(body: str, found: list[str]) -> None:
    assert keys(body) == found


def test_base_when_the_page_names_one_then_addresses_begin_there() -> None:
    found = page('<img src="p/a.jpg">', head=HEAD.replace("<head>", '<head><base href="https://cdn.example/">'))
    assert [one.addresses for one in found.pictures] == [("https://cdn.example/p/a.jpg",)]


def test_words_when_said_anywhere_at_the_picture_then_all_are_found() -> None:
    link = '<a href="/p/a.jpg" title="click"><img src="/p/a~s.jpg" alt="hair" aria-label="one" class="not this"></a>'
    text = '<figcaption style="display:none" data-caption="two">© Somebody<br>2010</figcaption>'
    body = f'<figure data-note="by A">{link}{text}</figure>'
    assert words(body) == {"by A", "click", "hair", "one", "two", "© Somebody 2010"}


def test_words_when_two_pictures_stand_side_by_side_then_each_has_its_own() -> None:
    found = page(
        "<ul><li><img src='/p/a.jpg'><i>first</i></li><li><img src='/p/b.jpg'><i>second</i></li></ul><p>about both</p>"
    )
    assert [one.words for one in found.pictures] == [("first",), ("second",)]
    assert found.lines == ("about both",)


def test_caption_when_the_text_around_is_longer_than_any_then_it_is_a_line_of_the_page() -> None:
    found = page(f"<div><p><img src='/p/a.jpg'> near</p><p>{'far ' * 300}</p></div>")
    assert found.pictures[0].words == ("near",)
    assert [line[:8] for line in found.lines] == ["far far "]


def test_credit_when_in_a_place_named_for_it_then_told_apart() -> None:
    image = '<img src="/p/a.jpg" data-credit="A">'
    body = f'<div>{image}<em class="x__Credit">B</em><i itemprop="copyrightHolder">C</i><b id="other">D</b></div>'
    (shown,) = page(body).pictures
    assert shown.credits == ("A", "B", "C")


def test_lines_when_of_the_sites_own_parts_then_left_out() -> None:
    found = page("<nav>menu</nav><main><p>a <b>bold</b> word</p>loose</main><footer>© Site</footer>")
    assert found.lines == ("a bold word", "loose")


def test_lines_when_of_parts_of_the_topic_itself_then_kept() -> None:
    found = page(
        "<header>Site</header><main><section><figure><img src='/p/a.jpg'></figure><footer>Photo by A</footer></section>"
        "<aside>About the photos</aside><nav>On this page</nav></main>"
    )
    assert found.lines == ("Photo by A", "About the photos", "On this page")
    assert [one.key for one in found.pictures] == ["a"]


@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("<h1> Head  <i>lice</i></h1>", "Head lice"),
        ("<h1>Lice</h1><h1>Lice</h1><h1></h1>", "Lice"),
        ("<h1>Lice</h1><h1>Scabies</h1>", None),
        ("<h1>Lice</h1><h1 hidden>Scabies</h1>", "Lice"),
        ("<h2>Lice</h2>", None),
    ],
)
def test_heading_when_there_is_one_then_that(body: str, heading: str | None) -> None:
    assert page(body).heading == heading


def test_canonical_when_twice_or_in_the_body_then_none() -> None:
    link = '<link rel="canonical" href="https://site.example/a">'
    assert page(link, head="<html><head></head>").canonical is None
    assert page("", head=f"{HEAD.removesuffix('</head>')}{link}</head>").canonical is None


def test_licenses_when_links_are_of_that_kind_then_their_addresses() -> None:
    assert page('<a rel="nofollow license" href="/terms">x</a><a href="/other">y</a>').licenses == (
        "https://site.example/terms",
    )


DEEP = b"<div>" * 5000 + b"<h1>Lice</h1><img src=/p/a.jpg></html>"


@pytest.mark.parametrize("body", [b"", b"\0", b"\xff\xfe\x9d", DEEP])
def test_page_when_it_is_none_then_nothing_is_read(body: bytes) -> None:
    assert read_topic(body, URL, key_of).pictures == ()
    assert read_topic(body, URL, key_of).heading is None


def test_page_when_it_breaks_off_then_it_is_not_whole() -> None:
    assert not read_topic(b"<html><body><h1>Lice</h1><img src=/p/a.jpg>", URL, key_of).is_whole


@given(st.binary(max_size=300) | st.text(alphabet="<>/=\"' aimgsrcp.jh1figure", max_size=300).map(str.encode))
def test_page_when_of_any_bytes_then_it_is_read_or_empty(body: bytes) -> None:
    found = read_topic(body, URL, key_of)
    assert all(isinstance(one, Shown) and one.addresses for one in found.pictures)
