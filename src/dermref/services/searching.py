"""Browse and count, filtered through the gate: what a list shows is by construction what the gate allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from dermref.catalog.paging import Filter
from dermref.catalog.reading import COUNT_CAP, count_of, page_of
from dermref.catalog.received import KeptOut, kept_out
from dermref.catalog.tallies import conditions_of, images_by_policy, images_by_value
from dermref.model.asking import Action, Viewer
from dermref.model.policy import PolicyKey
from dermref.model.source import Tier
from dermref.rights.facts import licenses_in
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources, allowed_policies
from dermref.services.serving import Shown, admit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; None means any. `license_id` is an SPDX id, `after` and `before` are row ids."""

    source_id: str | None = None
    license_id: str | None = None
    condition: str | None = None
    modality: str | None = None
    after: int = 0
    before: int | None = None
    limit: int = 48


@dataclass(frozen=True, slots=True)
class Found:
    """One page of images. `count` is exact, or COUNT_CAP + 1 when `is_count_capped`."""

    images: tuple[Shown, ...]
    count: int
    is_count_capped: bool
    next_after: int | None
    previous_before: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can be set to, for this viewer."""

    sources: tuple[tuple[str, str, int], ...]
    licenses: tuple[tuple[str, str, int], ...]
    modalities: tuple[str, ...]


def search(wanted: Wanted, *, viewer: Viewer) -> Found:
    """One page, in the order of publication."""
    policies = listed_policies(viewer, source_id=wanted.source_id, license_id=wanted.license_id)
    chosen = Filter(wanted.condition, wanted.modality)
    part = page_of(policies, chosen, after=wanted.after, before=wanted.before, limit=wanted.limit)
    verdicts = [admit(record, viewer=viewer, action=Action.VIEW) for record in part.records]
    count = count_of(policies, chosen)
    return Found(
        images=tuple(verdict for verdict in verdicts if isinstance(verdict, Shown)),
        count=count,
        is_count_capped=None not in (chosen.condition, chosen.modality) and count > COUNT_CAP,
        next_after=part.records[-1].row_id if part.records and part.has_after else None,
        previous_before=part.records[0].row_id if part.records and part.has_before else None,
    )


def listed_policies(
    viewer: Viewer, *, source_id: str | None = None, license_id: str | None = None
) -> Mapping[int, PolicyKey]:
    """The policies whose images may stand in a list, by row id: viewable, and never dev-only, whoever looks."""
    allowed = allowed_policies(Action.VIEW, viewer=viewer, operator=deployment().operator)
    return {
        row_id: key
        for row_id, key in allowed.items()
        if all_sources()[key.source_id].tier is not Tier.DEV_ONLY
        and source_id in (None, key.source_id)
        and license_id in (None, key.license_id)
    }


def counts_by_source(viewer: Viewer) -> Mapping[str, int]:
    """How many images of each source this viewer may see in lists."""
    counts: dict[str, int] = {}
    numbers = images_by_policy()
    for row_id, key in listed_policies(viewer).items():
        counts[key.source_id] = counts.get(key.source_id, 0) + numbers.get(row_id, 0)
    return counts


def choices(viewer: Viewer) -> Choices:
    """The filters that lead to at least one image."""
    policies = listed_policies(viewer)
    licenses: dict[str, tuple[str, int]] = {}
    numbers = images_by_policy()
    for row_id, key in policies.items():
        short = " + ".join(one.short for one in licenses_in(key.license_id)) or key.license_label
        _, before = licenses.get(key.license_id, (short, 0))
        licenses[key.license_id] = (short, before + numbers.get(row_id, 0))
    counted = counts_by_source(viewer)
    return Choices(
        sources=tuple((one, all_sources()[one].name, number) for one, number in sorted(counted.items()) if number),
        licenses=tuple((one, short, number) for one, (short, number) in sorted(licenses.items()) if number),
        modalities=tuple(sorted(images_by_value("modality", policies))),
    )


def conditions(viewer: Viewer) -> list[tuple[str, str, int]]:
    """Slug, label and number of viewable images of each condition."""
    counted = images_by_value("condition", listed_policies(viewer))
    labels = conditions_of(counted)
    return sorted(((slug, labels[slug], number) for slug, number in counted.items()), key=lambda row: row[1].casefold())


def quarantined(source_id: str | None, *, limit: int) -> list[KeptOut]:
    """What stayed out and why, for a curator."""
    return kept_out(source_id, limit=limit)
