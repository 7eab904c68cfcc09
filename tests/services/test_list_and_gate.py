"""What a list shows is what the gate allows: for random catalogues, viewers, purposes, actions and operators the list
holds an image exactly when the gate lets it through, and counts and facets are those of the images it holds."""

from collections import Counter
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from dermref.catalog import models
from dermref.catalog.policies import intern
from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Subscription, Viewer, ViewerKind
from dermref.model.policy import Hold, PolicyKey, Restriction
from dermref.model.source import Tier
from dermref.services.registering import register_sources
from dermref.services.rulings import all_sources
from dermref.services.searching import Facets, Shelf, Wanted, counts_by_source, facets, search, shelf_of
from dermref.services.serving import Shown, show
from rows import make_parts

SOURCES = sorted(one for one, source in all_sources().items() if source.tier is not Tier.EXTERNAL_LINK_ONLY)
LICENSES = ["CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "CC-BY-ND-4.0"]
Facet = dict[str, int]


class Item(NamedTuple):
    """An image to be: its situation, and its values of the facets."""

    key: PolicyKey
    condition: str | None
    modality: str
    body_site: str


class Asked(NamedTuple):
    """Who asks what, what for, and where."""

    viewer: Viewer
    action: Action
    purpose: Purpose
    operator: Operator


def few(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """Mostly none, as in life."""
    return st.just(()) | st.just(()) | st.sets(st.sampled_from(sorted(values)), max_size=2).map(sorted).map(tuple)


@st.composite
def keys(draw: st.DrawFn) -> PolicyKey:
    source = all_sources()[draw(st.sampled_from(SOURCES))]
    own = st.sampled_from(LICENSES) if source.terms.per_item else st.just(source.terms.license_expression)
    license_id = draw(own | st.sampled_from(LICENSES))
    lists = (draw(few(Hold)), draw(few(Restriction)), draw(few(LICENSES)))
    return PolicyKey(source.source_id, license_id, license_id, *lists)


items = st.builds(
    Item,
    keys(),
    st.sampled_from([None, "acne", "psoriasis"]),
    st.sampled_from(["", "clinical", "dermoscopic"]),
    st.sampled_from(["", "arm"]),
)
viewers = st.builds(
    Viewer,
    st.sampled_from(ViewerKind),
    st.lists(st.builds(Subscription, st.sampled_from(SOURCES), st.just("clinic")), max_size=2).map(tuple),
)
askers = st.builds(
    Asked,
    viewers,
    st.sampled_from(Action),
    st.sampled_from(Purpose),
    st.builds(Operator, st.sampled_from(OperatorKind), st.booleans(), st.booleans()),
)


@pytest.fixture
def registered(db: None) -> None:
    register_sources()
    for slug in ("acne", "psoriasis"):
        models.Condition.objects.create(slug=slug, label=slug.title())


def insert(number: int, item: Item) -> models.Image:
    parts = make_parts(item.key.source_id, f"ITEM_{number}", policy_id=intern(item.key))
    words = dict.fromkeys(("title", "creator", "contributor", "rights_holder", "citation"), f"name {number}")
    values = {"skin_tones": [], "metadata": {}, "condition_id": item.condition}
    return models.Image.objects.create(
        **{**parts, **words, **values, "modality": item.modality, "body_site": item.body_site}
    )


def passes(image: models.Image, asked: Asked) -> bool:
    """Whether the gate lets the image through, and lists may hold it at all."""
    verdicts = [
        show(image.public_id, viewer=asked.viewer, action=action, purpose=asked.purpose)
        for action in (Action.VIEW, asked.action)
    ]
    return all(isinstance(one, Shown) for one in verdicts) and all_sources()[image.source_id].tier is not Tier.DEV_ONLY


def walked(shelf: Shelf, **wanted: Any) -> list[str]:
    """The ids on all pages, one after the other."""
    found = search(Wanted(**wanted, limit=2), shelf)
    ids = [one.record.public_id for one in found.images]
    while found.next_after:
        found = search(Wanted(**wanted, limit=2, after=found.next_after), shelf)
        ids += [one.record.public_id for one in found.images]
    return ids


def counted(rows: tuple[tuple[str, str, int], ...]) -> Facet:
    return {value: number for value, _, number in rows}


def brute(images: list[models.Image], field: str) -> Facet:
    return dict(Counter(value for image in images if (value := getattr(image, field))))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(items, min_size=1, max_size=9), asked=askers)
def test_list_when_compared_with_the_gate_then_both_agree_on_every_image(
    registered: None, settings: Settings, made: list[Item], asked: Asked
) -> None:
    settings.DERMREF = replace(settings.DERMREF, operator=asked.operator)
    with transaction.atomic():
        images = [insert(number, item) for number, item in enumerate(made)]
        allowed = [image for image in images if passes(image, asked)]
        shelf = shelf_of(asked.viewer, action=asked.action, purpose=asked.purpose)
        check_lists(shelf, allowed)
        check_facets(shelf, allowed)
        transaction.set_rollback(True)


def check_lists(shelf: Shelf, allowed: list[models.Image]) -> None:
    ids = [image.public_id for image in allowed]
    assert walked(shelf) == ids
    assert search(Wanted(), shelf).count == len(ids)
    backwards = search(Wanted(before=2**62), shelf)
    assert [one.record.public_id for one in backwards.images] == ids
    narrowed = {"modality": "clinical", "body_site": "arm"}
    for wanted in ({"condition": "acne"}, {"body_site": "arm"}, {"modality": "clinical"}, narrowed):
        columns = {{"condition": "condition_id"}.get(name, name): value for name, value in wanted.items()}
        some = [one.public_id for one in allowed if all(getattr(one, name) == columns[name] for name in columns)]
        assert walked(shelf, **wanted) == some
        assert search(Wanted(**wanted), shelf).count == len(some)


def check_facets(shelf: Shelf, allowed: list[models.Image]) -> None:
    found: Facets = facets(shelf)
    licenses = Counter(image.policy.license_id for image in allowed)
    assert counted(found.sources) == brute(allowed, "source_id") == dict(counts_by_source(shelf))
    assert counted(found.licenses) == dict(licenses)
    assert counted(found.conditions) == brute(allowed, "condition_id")
    assert counted(found.modalities) == brute(allowed, "modality")
    assert counted(found.body_sites) == brute(allowed, "body_site")
