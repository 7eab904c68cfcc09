"""Pages with several pictures: each is found by its address, with what stands beside it and no other."""

import pytest

from dermref.model.harvest import FetchFailed
from dermref.registry.load import load_source
from dermref.sources.fetch import HttpFetch
from dermref.sources.gallery_page import (
    PAGE_BYTES,
    Gallery,
    Picture,
    absolute,
    credited,
    fetch_page,
    lasting,
    open_page,
    read_gallery,
    rights_on_page,
    twice,
)
from mirror import Mirror
from mirrored import fetch, mirror_of

__all__ = ["fetch"]

BASE = "https://example.org/atlas/page.html"
SOURCE = load_source("atlas-dermatologico")
DISEASE = "https://www.atlasdermatologico.com.br/disease.jsf?diseaseId=3"


def key_of(address: str) -> str | None:
    folder, _, name = address.rpartition("/")
    if not name.endswith(".jpg"):
        return None
    return name.removesuffix(".jpg") if folder == "https://example.org/pictures" else ""


def gallery(html: str) -> Gallery:
    tree = open_page(f"<html><body>{html}</body></html>".encode())
    assert tree
    found = read_gallery(tree, BASE, shown=(("a[href]", "href"), ("img[src]", "src")), key_of=key_of)
    assert found
    return found


def picture(name: str, alt: str = "") -> str:
    return f'<img src="/pictures/{name}.jpg" alt="{alt}">'


mirror = mirror_of("atlas-dermatologico")


@pytest.mark.parametrize(
    "address",
    [
        "img;jsessionid=9F3C?imageId=3",
        "img;JSESSIONID=9F3C.node1!-12~*%21?imageId=3",
        "img%3Bjsessionid=9F3C?imageId=3",
        "img;jsessionid=9F$3C:@(1)?imageId=3",
        "img?imageId=3;jsessionid=9F3C",
        "img?jsessionid=9F3C&imageId=3",
        " img;jsessionid=?imageId=3#top",
    ],
)
def test_address_when_it_carries_a_session_in_any_way_then_it_is_the_plain_one(address: str) -> None:
    assert absolute(address, "https://example.org/disease.jsf;jsessionid=1?diseaseId=1") == (
        "https://example.org/img?imageId=3"
    )


@pytest.mark.parametrize(
    "address", ["javascript:open(3)", "data:image/png;base64,AA", "mailto:a@b", "http://[::1", "img?\N{SNOWMAN}", "//"]
)
def test_address_when_no_web_address_then_none(address: str) -> None:
    assert absolute(address, "") == ""


def test_document_when_only_its_session_differs_then_it_is_the_same() -> None:
    links = '<a href="x;jsessionid={0}?a=1"><a href="y?jsessionid={0}&amp;a=1">'
    page = links + '<input name="javax.faces.ViewState" value="{0}">'
    one, other = (lasting(page.format(mark).encode(), ["<input[^<>]*ViewState[^<>]*>"]) for mark in ("A1.n", "B2!3"))
    assert one == other == b'<a href="x?a=1"><a href="y?a=1">'


@pytest.mark.parametrize("mark", [";", "&#x3b;", "&#X003B;", "&#59;", "&semi;", "%3b"])
@pytest.mark.parametrize("session", ["AB12", "AB$12", "AB12.node1!-3~*%21", ""])
def test_document_when_a_session_is_spelled_in_any_way_then_nothing_of_it_is_kept(mark: str, session: str) -> None:
    for end in ('?a=1"', '"', "#top'", "&amp;b=2", "</p>", " x"):
        assert lasting(f"<a href=x{mark}jsessionid={session}{end}".encode(), []) == f"<a href=x{end}".encode()


def test_pictures_when_found_then_each_once_and_what_is_none_is_left() -> None:
    found = gallery(
        f'<a href="/pictures/a.jpg">{picture("a", "A (1)")}</a>{picture("b")}<img src="/logo.png">'
        '<img src="https://example.com/pictures/c.jpg"><img src="../pictures/../x/d.jpg"><a href="other.html#x">o</a>'
    )
    assert found.pictures == {
        "a": Picture(("https://example.org/pictures/a.jpg",), ("A (1)",), ()),
        "b": Picture(("https://example.org/pictures/b.jpg",), (), ("o",)),
    }
    assert found.odd == ("https://example.com/pictures/c.jpg", "../pictures/../x/d.jpg")
    assert "https://example.org/atlas/other.html" in found.links


def test_picture_when_under_two_addresses_then_a_fault() -> None:
    both = gallery(picture("a") + '<img src="http://example.org/pictures/a.jpg">' + picture("b"))
    assert [bool(twice(one)) for one in both.pictures.values()] == [False, False]
    assert both.odd == ("http://example.org/pictures/a.jpg",)
    fault = twice(Picture(("https://example.org/a.jpg", "http://example.org/a.jpg"), (), ()))
    assert fault
    assert fault.code == "listed-twice"


def test_words_when_between_two_pictures_then_they_are_beside_both_and_no_other() -> None:
    found = gallery(f"<main><div>{picture('a')}<p>Courtesy of X</p>{picture('b')} {picture('c')}</div></main>").pictures
    faults = {key: credited(one, own=())[0] for key, one in found.items()}
    assert {key: bool(fault) for key, fault in faults.items()} == {"a": True, "b": True, "c": False}


@pytest.mark.parametrize(
    "html",
    [
        "<figure>{}<figcaption>Courtesy of X</figcaption></figure>",
        "<div><div><div>{}</div></div><p>© A Publisher</p></div>",
        '<a href="/pictures/a.jpg" title="Credit: X">{}</a>',
        "{}<p>Photo by somebody</p>",
        "<p>Fotografia: cortesia do Dr. X</p>{}",
        "{}<p>Court&shy;esy of X</p>",
    ],
)
def test_lone_picture_when_anybody_is_credited_beside_it_then_a_fault(html: str) -> None:
    found = gallery(f"<main><section>{html.format(picture('a'))}</section></main>").pictures["a"]
    fault, _ = credited(found, own=())
    assert fault
    assert fault.code == "third-party-credit"


@pytest.mark.parametrize("said", ["© 2020 Own Name", "Copyright: Own Name", "A lesion, discourteous"])
def test_words_when_they_credit_nobody_but_the_site_then_no_fault(said: str) -> None:
    one = Picture(("https://example.org/a.jpg",), (), (said,))
    assert credited(one, own=[r"(?:copyright|©)[\s\d:]{0,9}own name"]) == (None, ())


def test_words_when_they_may_credit_somebody_then_a_doubt() -> None:
    one = Picture(("https://example.org/a.jpg",), (), ("Adapted from Smith et al., 2010",))
    fault, doubts = credited(one, own=())
    assert fault is None
    assert [doubt.code for doubt in doubts] == ["rights-in-caption"]


def test_page_when_it_speaks_of_rights_far_from_its_pictures_then_a_doubt() -> None:
    html = f"<p>Photographs courtesy of X</p><main><div>{picture('a')}{picture('b')}</div></main>"
    assert rights_on_page(gallery(html), own=())
    assert rights_on_page(gallery(html), own=["photographs courtesy of x"]) is None
    footer = html.replace("<p>", "<footer>").replace("</p>", "</footer>")
    assert rights_on_page(gallery(footer), own=()) is None
    assert rights_on_page(gallery(f"<div>{footer}</div>"), own=())
    assert rights_on_page(gallery(f"<p>{'x ' * 30_000}© X</p>{html.partition('</p>')[2]}"), own=())


@pytest.mark.parametrize("body", [b"", b"\0", b"<html>", b"\xff\xfe\x9d</html>", b"<html><body><img src=x>"])
def test_page_when_no_whole_text_then_none(body: bytes) -> None:
    assert open_page(body) is None


@pytest.mark.parametrize("opened", ["<div>", "<b></x>", "<DIV class='a'><i/>"])
def test_page_when_it_nests_without_end_then_none_before_it_is_parsed(opened: str) -> None:
    assert open_page(f"<html><body>{opened * 3001}</body></html>".encode()) is None
    assert open_page(f"<html><body>{'<div><p><br></div>' * 3001}</body></html>".encode())


def test_picture_when_deep_inside_then_none() -> None:
    tree = open_page(f"<html><body>{'<div>' * 300}{picture('a')}</body></html>".encode())
    assert tree
    assert read_gallery(tree, BASE, shown=(("img[src]", "src"),), key_of=key_of) is None


def test_page_when_too_large_or_elsewhere_then_no_page(mirror: Mirror, fetch: HttpFetch) -> None:
    mirror.put(DISEASE, b"x" * (PAGE_BYTES + 1))
    with pytest.raises(FetchFailed) as caught:
        fetch_page(DISEASE, SOURCE, fetch)
    assert caught.value.code == "too-large"
    assert fetch_page(DISEASE.replace("=3", "=404"), SOURCE, fetch) is None
    mirror.put("https://elsewhere.example/x", b"<html></html>")
    with pytest.raises(FetchFailed, match="another host"):
        fetch_page("https://elsewhere.example/x", SOURCE, fetch)
