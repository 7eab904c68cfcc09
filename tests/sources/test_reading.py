"""What others send is read strictly: malformed is an error or absent, never guessed at."""

import pytest

from dermref.sources.reading import decode, host_of, load_json, plain, seen, text, web_address, whole


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property"),
        (b"{} {}", "Extra data"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"b": {"a": 1, "a": 1}}', "twice"),
        (b"[" * 200_000, "too deeply"),
        (b"\xff\xfe", "utf-8"),
        ("Ã".encode("cp1252"), "utf-8"),
    ],
)
def test_json_when_it_is_malformed_then_it_is_none(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        load_json(body)


def test_json_when_it_holds_numbers_that_json_does_not_have_then_they_are_null() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": NaN, "b": [-Infinity, 1.5]}') == {"a": None, "b": [None, 1.5]}


@pytest.mark.parametrize(
    ("body", "words"),
    [("Sjögren’s".encode(), "Sjögren’s"), ("Sjögren’s".encode("cp1252"), "Sjögren’s"), (b"\xef\xbb\xbfa", "a")],
)
def test_page_when_in_either_coding_then_its_words_are_read(body: bytes, words: str) -> None:
    assert decode(body) == words


def test_page_when_in_neither_coding_then_it_is_none() -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(b"\x81\xff")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a  b\n c", "a b c"),
        ("<p>One</p><p>two</p>", "One two"),
        ("A&nbsp;&amp; <b>B</b><script>x</script><style>y</style>", "A & B"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_scrap_when_it_holds_markup_then_only_its_words_are_left(html: str, words: str) -> None:
    assert plain(html) == words


@pytest.mark.parametrize("said", ["ⓒ 2010 A", "Ⓒ 2010 A", "( c ) 2010 A", "\u00ad©\u200b 2010\tA", "© ２０１０ Ａ"])
def test_copyright_sign_when_drawn_in_any_way_then_it_is_the_sign(said: str) -> None:
    assert seen(said) == "© 2010 A"


@pytest.mark.parametrize(
    "value", [None, 5, "", "ftp://a.example/", "http://", "http://[::1", "https://a b/", "https://ä.example/"]
)
def test_address_when_it_is_none_of_the_web_then_absent(value: object) -> None:
    assert web_address(value) is None


def test_value_when_of_another_type_then_absent() -> None:
    item = {"text": "  ", "number": True, "digits": "12", "huge": "9" * 30, "words": 5}
    assert (text(item, "text"), text(item, "words"), whole(item, "number"), whole(item, "huge")) == (None,) * 4
    assert (whole(item, "digits"), host_of("http://[x"), host_of("https://a.example/b")) == (12, "", "a.example")
