"""Whose a picture is: what the source says of itself is set aside as a whole, anything else keeps the picture out."""

import time

import pytest

from dermref.registry.load import load_source
from dermref.sources.topic_credit import credits_of, statements_of
from dermref.sources.topic_page import Shown, TopicPage
from dermref.sources.words import load_words

DERMNET = str(load_words("dermnet_nz")["credit"]["own"])
ATLAS = str(load_words("jdd_project_atlas")["credit"]["own"])
CALLED = "dermnet"


def codes(words: str = "", *, credit: str = "", line: str = "", own: str = DERMNET) -> list[str]:
    said, credited = ((one,) if one else () for one in (words, credit))
    page = TopicPage(lines=(line,) if line else ())
    return [
        one.code
        for found in credits_of(Shown("a", ("a",), said, credited), page, own=own, called=CALLED)
        for one in found
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Head louse",
        "© DermNet",
        "Head louse © DermNet NZ",
        "Head louse. © 2024 DermNet. All rights reserved.",
        "Image sourced from DermNet",
        "Image source: (c) DermNet",
        "Photo: DermNet",
        "Acne (DermNet)",
        "Copyright DermNet New Zealand Trust 2010",
        "Copyright © 2026 DermNet®",
    ],
)
def test_words_when_they_credit_the_source_itself_then_nothing_is_against_it(words: str) -> None:
    assert codes(words) == []
    assert codes(line=words) == []


@pytest.mark.parametrize(
    "words",
    [
        "© DermNet and Dr A. Example",
        "© DermNet / Example Hospital",
        "© DermNet, modified from Example et al 2010",
        "Image courtesy of Dr A. Example, © DermNet",
        "Courtesy of A. Example / © DermNet",
        "Image: Example Hospital © DermNet",
        "Reproduced with permission from © DermNet",
        "Image supplied by Dr X. Example",
        "© Example Publisher 2012",
        "Photo: Jane Example",
        "Shared under CC BY-SA 4.0",
    ],
)
def test_words_when_they_credit_anybody_else_then_it_is_not_the_sources(words: str) -> None:
    assert codes(words)[0] in ("third-party-credit", "rights-in-caption")
    assert codes(credit=words) == ["third-party-credit"]


def test_place_for_a_credit_when_any_name_stands_in_it_then_it_is_not_the_sources() -> None:
    assert codes("Acne", credit="Example District Hospital") == ["third-party-credit"]
    assert codes("Acne", credit="© DermNet") == []
    assert codes("Acne", credit=" — ") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"words": "Adapted from Example et al, 2010"}, "rights-in-caption"),
        ({"words": "Acne, Dr. A. Example"}, "credit-unclear"),
        ({"line": "Photographs on this page were kindly provided by Example University."}, "rights-on-page"),
        ({"line": "All pictures © Example Publisher"}, "rights-on-page"),
    ],
)
def test_credit_when_it_is_not_understood_then_a_curator_reads_it_first(asked: dict[str, str], code: str) -> None:
    assert codes(**asked) == [code]


def test_page_when_it_speaks_of_other_things_than_pictures_then_nothing_is_against_them() -> None:
    about = "Treatment is licensed under the programme of 2010. See DermNet and Getty Images, and ask Dr Example."
    assert codes(line=f"{'Much is said of it here. ' * 12}{about}") == []
    assert codes(line="On DermNet") == []
    assert codes(line=about) == ["rights-on-page"]  # as short as a caption


def test_atlas_when_its_own_credit_stands_alone_then_it_is_the_sources() -> None:
    credit = "Image source: The Full Spectrum of Dermatology: A Diverse and Inclusive Atlas"
    assert codes(credit, line="© 2024 Journal of Drugs in Dermatology. All Rights Reserved.", own=ATLAS) == []
    assert codes(f"{credit}, courtesy of Dr B. Example", own=ATLAS) == ["third-party-credit"]


@pytest.mark.parametrize("piece", ["image from ", "© 2024 dermnet, ", "photo: image: source: ", "2024-2025, "])
def test_words_when_endless_then_the_picture_stays_out_in_bounded_time(piece: str) -> None:
    began = time.process_time()
    assert codes(piece * 60_000) == ["third-party-credit"]
    codes(line=piece * 60_000)
    assert time.process_time() - began < 30


def test_license_links_when_on_the_sources_own_site_then_they_state_nothing() -> None:
    elsewhere = "https://creativecommons.org/licenses/by-nc-nd/3.0/nz/"
    page = TopicPage(licenses=("https://dermnetnz.org/image-licence", elsewhere))
    assert [(one.text, one.url) for one in statements_of(page, load_source("dermnet-nz"))] == [("", elsewhere)]
