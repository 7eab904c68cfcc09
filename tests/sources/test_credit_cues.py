"""The detector of credits finds what real captions say, and what it finds is counted on labelled figures."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermref.sources.credit_cues import (
    LONGEST,
    REFERENCE,
    Strength,
    _cue,
    _patterns,
    detector_version,
    find_cues,
)
from dermref.sources.words import load_words

FIGURES = Path(__file__).parent / "figures" / "figures.jsonl"
ROWS = [json.loads(line) for line in FIGURES.read_text("utf-8").splitlines()]


def strength(caption: str) -> str:
    return next((cue.strength.value for cue in find_cues(caption)), "none")


STRONG = [
    "Reprinted with permission from ⟦3⟧. Copyright 2018 Wiley.",
    "Reproduced with permission.47 Copyright 2016, Elsevier.",
    "(Reproduced with permission from [⟦202⟧], Copywrite 2015 Royal Society of Chemistry)",
    "The shadow below is of lesser size (with permission of the publisher).",
    "Dermoscopy. (Courtesy of Example Hospital.)",
    "Photo credit: Daniel Ajaku (ICRISAT).",
    "Credits to Salako et al. ⟦30⟧",
    "PHOTOGRAPH: D KESSLER, MAX PLANCK INSTITUTE",
    "Photos by László Jakab-Farkas.",
    "The image is licensed under CC BY 3.0.",
    "Source: Materialgeeza /Wikimedia commons.",
    "Foto cedida por cortesía del Dr. Pérez.",
    "Mit freundlicher Genehmigung des Verlags.",
    "Copyright © Esri. All rights reserved",
    "Reproduced with permission from Elsevier, photographs of the patient.",
    "Photographs of two patients with permission from Elsevier.",
    "Reprinted with permission of Family Practice.",
    "With permission of the patient. Reprinted with permission from ⟦3⟧.",
    "Cour\N{SOFT HYPHEN}tesy of Jane Doe",
    "ⓒ 2010 Korean Society of Examples",
    "Ⓒ Elsevier",
    "Ｃｏｕｒｔｅｓｙ of Jane Doe",
    "Reprinted by kind consent of the editors.",
    "Contributed by Dr. Jane Smith.",
    "Photo: Alamy",
    "Vessels. Science Photo Library",
    "Tomado de Pérez 2010",
    "Imagen cedida por el Dr. Pérez",
    "Mit Erlaubnis des Verlags",
    "Avec l’aimable accord de l’éditeur",
    "经出版社许可转载",
    "出版社の許可を得て",
    "With\N{NO-BREAK SPACE}permission\N{NO-BREAK SPACE}of the Museum",
]
WEAK = [
    "This figure is adapted from Wang et al. [⟦28⟧].",
    "Modified from Google Earth",
    "Schema adapted from 32",
    "redrawn from reference 3",
    "Figure is modified from Jones et al. (2016a).",
    "(from ⟦Souty-Grosset et al. 2005a⟧).",
    "Pictures taken from ⟦Crous et al. (2014b)⟧.",
    "SEM image of multilayer sample [⟦38⟧].",
    "Percentage by cause. Source: World Health Organization [⟦17⟧].",
    "Map data: Google Earth, DigitalGlobe.",
    "(C) BMJ 2010",
    "A lesion (c) 2010 AAP",
    "Photo: Reuters",
]
NONE = [
    "",
    "Erythematous plaque on the left forearm.",
    "Samples were taken from the patient before treatment.",
    "Clinical photograph, published with the patient’s permission.",
    "Permission to publish was obtained from the patient's parents.",
    "The patient gave written permission for publication.",
    "Cells were maintained in a modified medium ⟦3⟧; bars show the mean of three experiments.",
    "This experiment was reproduced three times with similar results.",
    "© 2019 The Authors.",
    "ⓒ 2019 The Authors.",
    "Published with the consent of the patient.",
    "Reproduced with consent of the patient.",
    "Growth in (a) 2011, (b) 2012, and (c) 2013.",
    "Source: the authors.",
    "Images were taken by Scanning Electron Microscopy.",
    "Data are taken from ref. ⟦15⟧ and shown with those of ⟦16⟧ in the same plot, as means of all three years.",
]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [(one, "strong") for one in STRONG] + [(one, "weak") for one in WEAK] + [(one, "none") for one in NONE],
)
def test_caption_when_read_then_its_credit_is_seen(caption: str, expected: str) -> None:
    assert strength(caption) == expected


def test_cue_when_found_then_it_shows_the_words_as_written() -> None:
    (cue,) = [one for one in find_cues("(A) A nevus. COURTESY OF DR. DOE.") if one.code == "courtesy"]
    assert "COURTESY OF DR. DOE" in cue.words


def test_patterns_when_loaded_then_each_has_a_reason_and_its_own_code() -> None:
    rows = load_words("credit_cues")["cue"]
    assert all(len(row["why"]) > 20 and row["strength"] in set(Strength) for row in rows)
    assert len({row["code"] for row in rows}) == len(rows)
    assert detector_version().startswith("credit-cues/")


@pytest.mark.parametrize("split", ["dev", "held-out", "blind"])
def test_labelled_figures_when_searched_then_no_fewer_are_found_than_the_page_says(split: str) -> None:
    rows = [row for row in ROWS if row["split"] == split and not row["permissions"]]
    counted = Counter((row["label"], strength(row["text"])) for row in rows)
    credited = sum(number for (label, _), number in counted.items() if label == "third-party")
    own = sum(number for (label, _), number in counted.items() if label == "own")
    assert counted["third-party", "none"] <= 0.015 * credited
    assert counted["own", "strong"] + counted["own", "weak"] <= 0.06 * own
    assert credited >= 9


def test_stems_when_none_is_there_then_the_pattern_would_not_match() -> None:
    """The quick look must never hide what a pattern finds: all of them are tried on all captions here."""
    for caption in (*STRONG, *WEAK, *NONE, *(row["text"] for row in ROWS)):
        found = {cue.code for cue in find_cues(caption)}
        assert {cue.code for pattern in _patterns() for cue in _cue(pattern, caption, caption.lower())} <= found


@pytest.mark.parametrize(
    "piece",
    ["adapted from ", "photo by A. ", "patient permission ", "⟦a⟧, ", "(from ", "images taken ", "© 2019 ", "\n"],
)
def test_caption_when_endless_and_odd_then_time_grows_with_its_length_alone(piece: str) -> None:
    caption = (piece * LONGEST)[:LONGEST]
    start = time.process_time()
    find_cues(caption)
    assert time.process_time() - start < 2  # a pattern that backtracks takes hours


def test_caption_when_longer_than_any_then_it_counts_as_a_credit() -> None:
    assert strength("x" * (LONGEST + 1)) == "strong"


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("Photo by adpte from permission ©⟦⟧().:,;12Aé\n\u00ad\u200b "), max_size=400))
def test_text_when_anything_then_it_is_read_without_a_traceback_and_twice_alike(text: str) -> None:
    assert find_cues(text) == find_cues(text)


@settings(deadline=None)
@given(st.sampled_from(STRONG), st.text(max_size=60), st.text(max_size=60))
def test_strong_cue_when_other_paragraphs_stand_around_it_then_it_stays(cue: str, before: str, after: str) -> None:
    assert strength(f"{before}\n{cue}\n{after}") == "strong"


def test_labels_when_counted_then_the_set_is_as_large_as_the_page_says() -> None:
    assert len(ROWS) == len({row["id"] for row in ROWS}) >= 700
    assert len({row["doi"] for row in ROWS}) >= 500
    assert sum(row["label"] == "third-party" for row in ROWS) >= 180
    assert all(len(row["text"]) <= 1_500 for row in ROWS)
    split = {row["doi"]: row["split"] for row in ROWS if row["doi"]}
    assert all(split[row["doi"]] == row["split"] for row in ROWS if row["doi"]), "an article is on both sides"


def test_reference_marks_when_looked_at_then_they_are_those_of_the_table() -> None:
    assert all(mark in "".join(row["pattern"] for row in load_words("credit_cues")["cue"]) for mark in REFERENCE)
