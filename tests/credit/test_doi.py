"""What is a DOI, however it is written, and what is none."""

import pytest

from dermref.credit.doi import doi_url, read_doi
from dermref.model.evidence import Refusal


@pytest.mark.parametrize(
    "said",
    [
        "10.5281/zenodo.1003150",
        " 10.5281/ZENODO.1003150\n",
        "doi:10.5281/zenodo.1003150",
        "DOI: 10.5281/zenodo.1003150",
        "https://doi.org/10.5281/zenodo.1003150",
        "http://dx.doi.org/10.5281/zenodo.1003150",
    ],
)
def test_doi_when_written_in_any_way_then_is_the_bare_one(said: str) -> None:
    assert read_doi(said) == "10.5281/zenodo.1003150"


@pytest.mark.parametrize(
    "said",
    [
        *("", "10.5281", "10.5281/", "10.1/x", "11.5281/x", "zenodo.1003150", "https://example.org/10.5281/x"),
        *("10.5281/a b", "10.5281/x\n10.5281/y", "10.5281/é", "10.5281/" + "x" * 3000),
    ],
)
def test_doi_when_it_is_none_then_one_sentence_shows_what_one_is(said: str) -> None:
    found = read_doi(said)
    assert isinstance(found, Refusal)
    assert found.text.endswith("is no DOI; one looks like 10.5281/zenodo.1003150.")
    assert len(found.text) < 200


def test_address_when_a_doi_has_odd_characters_then_they_are_encoded() -> None:
    assert doi_url('10.1000/a"<b>#?') == "https://doi.org/10.1000/a%22%3Cb%3E%23%3F"
