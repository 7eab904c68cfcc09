"""A change of a source's terms decides at once, touches no image, and is recorded: who, when, why, what, how many."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dermref.catalog import models
from dermref.model.asking import Action, Purpose, ViewerKind
from dermref.model.change import Author, TermsChange
from dermref.model.policy import PolicyKey
from dermref.model.source import Basis, Effect, Proof, Source, Term, Tier
from dermref.registry.canonical import digest_of, document_of, source_of
from dermref.registry.load import load_datasets, load_source, load_sources
from dermref.services.registering import THIS_RELEASE, changes_of, register_sources
from dermref.services.rulings import all_sources
from rows import make_parts

SOURCE = "isic-archive"
CURATOR = Author("A. Curator", "the site's page changed")
NO_TRAINING = Term(
    "no-training",
    Effect.PROHIBIT,
    (Action.TRAIN,),
    Proof("No training.", Basis.SITE, date(2026, 11, 25)),
    purposes=(Purpose.RESEARCH,),
)


@pytest.fixture
def images(db: None) -> None:
    """Three images of one source under an open license, and one under a license with conditions."""
    register_sources()
    free = intern_key("CC0-1.0")
    for number in range(3):
        insert(make_parts(SOURCE, f"ISIC_{number}") | {"policy_id": free})
    insert(make_parts(SOURCE, "ISIC_9") | {"policy_id": intern_key("CC-BY-NC-4.0")})


def intern_key(license_id: str) -> int:
    from dermref.catalog.policies import intern

    return intern(PolicyKey(SOURCE, license_id, license_id))


def insert(values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO catalog_image ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def registry(change: Callable[[Source], Source] = lambda source: source) -> Iterator[Source]:
    """The registry with one source changed."""
    return (change(one) if one.source_id == SOURCE else one for one in all_sources().values())


def without() -> Iterator[Source]:
    return (one for one in all_sources().values() if one.source_id != SOURCE)


def no_training(source: Source) -> Source:
    return replace(source, terms=replace(source.terms, terms=(*source.terms.terms, NO_TRAINING)))


def dev_only(source: Source) -> Source:
    return replace(source, tier=Tier.DEV_ONLY, terms=replace(source.terms, tier=Tier.DEV_ONLY))


def apply(sources: Iterator[Source]) -> TermsChange:
    (change,) = register_sources(sources, author=CURATOR)
    return change


def told(change: TermsChange, action: Action, viewer: ViewerKind) -> set[tuple[tuple[Purpose, ...], str, str, int]]:
    return {
        (one.purposes, one.before, one.after, one.images)
        for one in change.outcomes
        if (one.action, one.viewer) == (action, viewer)
    }


@pytest.mark.parametrize("source", [*load_sources(), *load_datasets()], ids=lambda source: source.source_id)
def test_source_when_kept_as_a_document_then_comes_back_the_same(source: Source) -> None:
    assert source_of(document_of(source)) == source


def test_document_when_a_field_holds_its_default_then_leaves_it_out() -> None:
    """So a field that the classes gain later changes no digest."""
    source = load_source(SOURCE)
    plain = replace(source, terms=replace(source.terms, conflicts=(), codes=()))
    terms = document_of(plain)["terms"]
    assert isinstance(terms, dict)
    assert not {"conflicts", "codes"} & set(terms)
    assert digest_of(document_of(plain)) == digest_of(dict(reversed(document_of(plain).items())))


def test_registry_when_new_or_as_it_was_then_nothing_is_recorded(db: None) -> None:
    assert register_sources() == ()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert register_sources() == ()
    assert len(asked) == 1
    assert changes_of(None) == ()
    assert models.SourceVersion.objects.count() == len(all_sources())


def test_terms_when_changed_then_recorded_with_who_why_what_and_for_how_many_images(images: None) -> None:
    change = apply(registry(no_training))
    assert changes_of(SOURCE) == (change,) == changes_of(None)
    assert (change.author, change.before == change.after) == (CURATOR, False)
    assert [(one.field, one.before) for one in change.fields] == [("terms.terms.no-training", None)]
    research = (Purpose.RESEARCH,)
    assert told(change, Action.TRAIN, ViewerKind.ANONYMOUS) == {
        (research, "allow", "deny", 3),
        (research, "allow_with_duties", "deny", 1),
    }
    assert {one.action for one in change.outcomes} == {Action.TRAIN}


def test_terms_when_changed_then_no_image_row_is_read_or_written(images: None) -> None:
    before = list(models.Image.objects.order_by("id").values())
    with CaptureQueriesContext(connection) as asked:
        apply(registry(dev_only))
    assert not [one["sql"] for one in asked if "catalog_image" in one["sql"]]
    assert list(models.Image.objects.order_by("id").values()) == before


def test_tier_when_narrowed_then_every_purpose_and_image_counts(images: None) -> None:
    change = apply(registry(dev_only))
    assert {one.field for one in change.fields} == {"tier", "terms.tier"}
    assert told(change, Action.VIEW, ViewerKind.ANONYMOUS) == {
        ((), "allow", "deny", 3),
        (tuple(one for one in Purpose if one is not Purpose.COMMERCIAL), "allow_with_duties", "deny", 1),
        ((Purpose.COMMERCIAL,), "ask", "deny", 1),
    }
    assert told(change, Action.VIEW, ViewerKind.DEVELOPER) == set()


def test_terms_when_changed_back_then_both_changes_stand_in_the_record(images: None) -> None:
    there, back = apply(registry(no_training)), apply(registry())
    assert changes_of(SOURCE) == (back, there)
    assert (back.before, back.after) == (there.after, there.before)
    assert register_sources() == ()


def test_source_when_it_leaves_the_registry_and_returns_then_both_are_recorded_once(images: None) -> None:
    left = apply(without())
    assert register_sources(without()) == ()
    assert (left.before is None, left.after) == (False, None)
    assert ((), "allow", "deny", 3) in told(left, Action.VIEW, ViewerKind.ANONYMOUS)
    returned = apply(registry())
    assert (returned.before, returned.after) == (None, left.before)
    assert ((), "deny", "allow", 3) in told(returned, Action.VIEW, ViewerKind.ANONYMOUS)


def test_terms_when_the_earlier_ones_cannot_be_read_any_more_then_their_outcomes_are_unknown(images: None) -> None:
    forge(document_of(load_source(SOURCE)) | {"tier": "a tier of the future"})
    (change,) = register_sources()
    assert change.author == THIS_RELEASE
    assert [one.field for one in change.fields] == ["tier"]
    assert ((), "unknown", "allow", 3) in told(change, Action.VIEW, ViewerKind.ANONYMOUS)


def test_source_when_an_earlier_release_kept_no_version_then_this_one_is_the_first(images: None) -> None:
    models.Source.objects.filter(pk=SOURCE).update(digest="f" * 64)
    assert register_sources() == ()
    assert models.Source.objects.get(pk=SOURCE).digest == digest_of(document_of(load_source(SOURCE)))


def test_source_when_another_process_registered_it_meanwhile_then_recorded_once(
    images: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = dict(models.Source.objects.values_list("source_id", "digest"))
    apply(registry(no_training))
    monkeypatch.setattr("dermref.services.registering.stored_digests", lambda: stale)
    assert register_sources(registry(no_training)) == ()
    assert len(changes_of(SOURCE) or ()) == 1


def test_changes_when_the_source_is_unknown_then_none(db: None) -> None:
    assert changes_of("nope") is None


def forge(document: dict[str, object]) -> None:
    """A version as another release would have left it."""
    digest = digest_of(document)
    now = models.SourceVersion.objects.get(source_id=SOURCE).recorded_at
    models.SourceVersion.objects.create(digest=digest, source_id=SOURCE, document=document, recorded_at=now)
    models.Source.objects.filter(pk=SOURCE).update(digest=digest)
