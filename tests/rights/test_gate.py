"""Which sources may be ingested at all."""

from dataclasses import replace

import pytest

from dermref.model.source import Status
from dermref.registry.load import load_sources
from dermref.rights.gate import check_ingest

OPEN = {Status.INTEGRATED, Status.READY_TO_HOST, Status.PLANNED}


@pytest.mark.parametrize("source", load_sources(), ids=lambda source: source.source_id)
def test_source_when_status_is_not_open_then_ingest_is_refused(source) -> None:
    refusal = check_ingest(source.terms)
    assert (refusal is None) == (source.status in OPEN)


def test_atlas_dermatologico_when_no_courtesy_note_then_refused_by_that_name() -> None:
    source = next(one for one in load_sources() if one.status is Status.READY_CONTACT_FIRST)
    refusal = check_ingest(source.terms)
    assert refusal is not None
    assert refusal.code == "status-contact-first"


def test_status_when_no_rule_opens_it_then_ingest_is_refused_whatever_the_tier() -> None:
    hosted = next(one for one in load_sources() if one.status is Status.PLANNED)
    refusal = check_ingest(replace(hosted.terms, status=Status.READY_LINK_OUT))
    assert refusal is not None
    assert (refusal.code, refusal.text.partition(": ")[2]) == (
        "status-not-ready",
        "a curator has to make it ready first",
    )


def test_planned_source_when_its_items_bring_no_license_of_their_own_then_ingest_is_refused() -> None:
    hosted = next(one for one in load_sources() if one.status is Status.PLANNED)
    assert check_ingest(replace(hosted.terms, per_item=False)) is not None
