"""Templates and readers with made-up values: hostile words, refusals that real data rarely brings, our own faults."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from dermref.catalog.reading import EvidenceRecord, ImageRecord
from dermref.credit.attribution import Credit, Part
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.decision import Contact, Decision, EvidenceKind, EvidenceRef, Outcome, Reason
from dermref.model.policy import PolicyKey
from dermref.registry.load import load_source
from dermref.services.attributing import plain_of
from dermref.services.searching import Found
from dermref.services.serving import Missing, Refused, Shown
from dermref.web.credit_panel import attribution_of_one, panel_of
from dermref.web.errors import asked_wrongly, fault, missing
from dermref.web.images import count_text
from dermref.web.picture import Tile, alt_text, facts_of, full_picture, heading
from dermref.web.status import Answer, answer_to

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
KEY = PolicyKey("pad-ufes-20", "CC-BY-4.0", "CC BY 4.0")
GET = RequestFactory()


def record(**changed: object) -> ImageRecord:
    plain = ImageRecord(
        row_id=1, public_id="pad-ufes-20:1", source_id="pad-ufes-20", foreign_id="1", policy=KEY, title="", creator="",
        contributor="", rights_holder="", landing_url="https://example.org/1", condition_slug=None,
        condition_label=None, condition_as_published="", condition_xrefs=(), modality="", body_site="", skin_tones=(),
        age=None, sex="", metadata={}, sha256="0" * 64, media_type="image/png", byte_size=1, width=4000, height=2,
        evidence=EvidenceRecord("CC BY 4.0", "https://example.org/", datetime(2026, 11, 22, tzinfo=UTC), "0" * 64),
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type]


def decision(outcome: Outcome, **changed: object) -> Decision:
    reason = Reason("terms-x", "The source wants to be asked first.", EvidenceRef(EvidenceKind.SOURCE_TERMS, EVIL))
    plain = Decision(
        outcome, Action.VIEW, ViewerKind.ANONYMOUS, Purpose.UNSPECIFIED, OperatorKind.INDIVIDUAL, (reason,)
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def shown(**changed: object) -> Shown:
    credit = Credit((Part(EVIL), Part("evil", "javascript:alert(1)"), Part("1", "https://example.org/1")))
    source = load_source("pad-ufes-20")
    return Shown(record(**changed), source, "LicenseRef-x", EVIL, (), credit, decision(Outcome.ALLOW))


def image_page(one: Shown, **more: object) -> str:
    panel = panel_of(attribution_of_one(one.credit, plain_of(one)), QueryDict())
    context = {"shown": one, "heading": heading(one), "picture": full_picture(one), "panel": panel}
    return render_to_string("web/image.html", {**context, **more})


def refused(outcome: Outcome, *, landing_url: str = "https://example.org/1", hidden: bool = False) -> Refused:
    asked = decision(outcome, contact=Contact(EVIL, "ask@example.org", "javascript:alert(1)"))
    return Refused("pad-ufes-20:1", load_source("pad-ufes-20"), landing_url, asked, hidden)


def test_tile_when_its_words_are_hostile_then_escapes_them() -> None:
    evil = shown(condition_as_published=EVIL, body_site=EVIL, modality=EVIL)
    html = render_to_string("web/_tiles.html", {"tiles": [Tile(evil, heading(evil), full_picture(evil))]})
    assert "<script" not in html
    assert "onerror=alert" not in html.replace("&gt;&lt;img src=x onerror=alert", "")
    assert html.count("<img") == 1
    assert "javascript:" not in html


def test_tile_when_no_preview_is_permitted_then_has_words_instead() -> None:
    one = shown()
    html = render_to_string("web/_tiles.html", {"tiles": [Tile(one, heading(one), None)]})
    assert "<img" not in html
    assert "No preview is permitted" in html
    assert 'class="credit"' in html


def test_image_page_when_its_words_are_hostile_then_escapes_them() -> None:
    evil = shown(
        condition_as_published=EVIL, title=EVIL, creator=EVIL, contributor=EVIL + "2", rights_holder=EVIL + "3",
        landing_url="javascript:alert(1)", skin_tones=({"scale": EVIL, "value": EVIL, "assessed_by": EVIL},), sex=EVIL,
        evidence=EvidenceRecord(EVIL, "javascript:alert(1)", datetime(2026, 11, 22, tzinfo=UTC), "0" * 64),
    )  # fmt: skip
    html = image_page(evil, metadata=[(EVIL, EVIL)])
    assert html.count("<script") == html.count('<script src="/static/dermref/copy.js"') == 1  # the panel's own
    assert html.count("<img") == 1
    assert 'href="javascript:' not in html


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.ASK, "Nobody has permitted showing it here"),
        (Outcome.DENY, "do not allow showing it here"),
    ],
)
def test_refusal_when_drawn_then_says_why_whom_to_ask_and_where_to_go(outcome: Outcome, sentence: str) -> None:
    html = render_to_string("web/refused.html", {"refused": refused(outcome)})
    assert sentence in html
    assert "The source wants to be asked first." in html
    assert 'href="mailto:ask@example.org"' in html
    assert 'href="https://example.org/1"' in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript:' not in html


def test_refusal_when_the_credit_is_incomplete_then_says_so() -> None:
    html = render_to_string("web/refused.html", {"refused": refused(Outcome.DENY), "is_uncredited": True})
    assert "credit that has to stand beside this image is incomplete" in html


def test_status_when_looked_up_then_hidden_and_missing_are_the_same() -> None:
    assert answer_to(shown()) is Answer.SHOWN
    assert answer_to(refused(Outcome.DENY)) is Answer.REFUSED
    assert answer_to(refused(Outcome.DENY, hidden=True)) is answer_to(Missing("a:b")) is Answer.MISSING
    assert [answer.value for answer in Answer] == [200, 400, 401, 403, 404, 409, 410, 429, 500, 503]


def test_alt_text_when_little_is_known_then_says_only_that() -> None:
    assert alt_text(shown()) == "No diagnosis stated, image"
    tones = ({"scale": "Fitzpatrick", "value": "IV", "assessed_by": "x"},)
    known = shown(condition_as_published="Nevus", modality="total-body-photography", body_site="arm", skin_tones=tones)
    assert alt_text(known) == "Nevus, total body photography image, arm, Fitzpatrick IV"


def test_skin_tone_when_its_assessor_adds_a_note_then_both_stand_beside_it() -> None:
    tones = ({"scale": "Fitzpatrick", "value": "IV", "assessed_by": "estimated by somebody"},)
    one = shown(skin_tones=tones, metadata={"skin_tone_note": f"It has limitations. {EVIL}"})
    html = image_page(one)
    facts = html[html.index("<dt>Skin tone") : html.index("<dt>Age")]
    assert "Fitzpatrick IV" in facts
    assert "(assessed by: estimated by somebody)" in facts
    assert "It has limitations." in facts
    assert "<script" not in facts


def test_metadata_when_nested_then_is_flat_and_leaves_out_what_is_empty() -> None:
    nested = {"clinical": {"melanocytic": True, "age_approx": 55, "sex": None}, "tags": ["a", "b"], "note": ""}
    assert facts_of(nested) == (("clinical: melanocytic", "yes"), ("clinical: age approx", "55"), ("tags", "a, b"))


@pytest.mark.parametrize(("count", "capped", "text"), [(1001, True, "1,000+"), (1234567, False, "1,234,567")])
def test_count_when_capped_then_says_so(count: int, capped: bool, text: str) -> None:
    assert count_text(Found((), count, capped, None, None)) == text


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda: asked_wrongly(GET.get("/"), BadRequest("Say it so.")), 400),
        (lambda: asked_wrongly(GET.get("/"), DisallowedHost("secret")), 400),
        (lambda: missing(GET.get("/"), KeyError("secret")), 404),
        (lambda: fault(GET.get("/")), 500),
    ],
)
def test_fault_pages_when_drawn_then_need_no_database_and_tell_no_secrets(answer: object, status: int) -> None:
    response: HttpResponse = answer()  # type: ignore[operator]
    assert response.status_code == status
    assert b"secret" not in response.content
    assert b"<h1>" in response.content


def test_healthz_when_the_database_has_no_tables_then_is_503(tmp_path: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "print(Client(headers={'host': 'localhost'}).get('/healthz').status_code)"
    )
    env = {**os.environ, "DERMREF_DATA_DIR": str(tmp_path), "DATABASE_URL": "",
           "DJANGO_SETTINGS_MODULE": "dermref.config.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "503", done.stderr
