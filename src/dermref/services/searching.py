"""Browse and count, filtered through the gate: what a list shows is by construction what the gate allows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dermref.catalog.paging import Filter
from dermref.catalog.reading import COUNT_CAP, ImageRecord, count_of, page_of
from dermref.catalog.received import KeptOut, kept_out
from dermref.catalog.tallies import conditions_of, images_by_facet, images_by_policy, images_by_value
from dermref.credit.license_names import license_name
from dermref.model.asking import Action, Purpose, Viewer
from dermref.model.policy import PolicyKey
from dermref.model.source import Tier
from dermref.services.credits import is_creditable
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources, allowed_policies
from dermref.services.serving import Refused, Shown, admit


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
    body_site: str | None = None


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


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of each facet on a shelf: value, label and number of images, most images first."""

    sources: tuple[tuple[str, str, int], ...]
    licenses: tuple[tuple[str, str, int], ...]
    conditions: tuple[tuple[str, str, int], ...]
    modalities: tuple[tuple[str, str, int], ...]
    body_sites: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that one viewer may meet in lists: the policies by row id, and how many images each has.

    With an action other than `view`, only what may be viewed and also used so, for this purpose.
    """

    viewer: Viewer
    policies: Mapping[int, PolicyKey]
    numbers: Mapping[int, int]
    action: Action = Action.VIEW
    purpose: Purpose = Purpose.UNSPECIFIED


def shelf_of(viewer: Viewer, *, action: Action = Action.VIEW, purpose: Purpose = Purpose.UNSPECIFIED) -> Shelf:
    """What `viewer` may meet in lists: what they may view and do `action` with for `purpose`, and never dev-only
    images, whoever looks."""
    allowed = allowed_policies(Action.VIEW, action, viewer=viewer, operator=deployment().operator, purpose=purpose)
    numbers = images_by_policy()
    policies = {
        row_id: key
        for row_id, key in allowed.items()
        if row_id in numbers and all_sources()[key.source_id].tier is not Tier.DEV_ONLY and is_creditable(key.source_id)
    }
    return Shelf(viewer, policies, numbers, action, purpose)


def search(wanted: Wanted, shelf: Shelf) -> Found:
    """One page, in the order of publication."""
    policies = policies_for(wanted, shelf)
    chosen = Filter(wanted.condition, wanted.modality, wanted.body_site)
    part = page_of(policies, chosen, after=wanted.after, before=wanted.before, limit=wanted.limit)
    verdicts = [admit_to(record, shelf) for record in part.records]
    count = count_of(policies, chosen)
    return Found(
        images=tuple(verdict for verdict in verdicts if isinstance(verdict, Shown)),
        count=count,
        is_count_capped=len(chosen.chosen) > 1 and count > COUNT_CAP,
        next_after=part.records[-1].row_id if part.records and part.has_after else None,
        previous_before=part.records[0].row_id if part.records and part.has_before else None,
    )


def policies_for(wanted: Wanted, shelf: Shelf) -> list[int]:
    """The policies of the shelf that are of the wanted source and license."""
    return [
        row_id
        for row_id, key in shelf.policies.items()
        if wanted.source_id in (None, key.source_id) and wanted.license_id in (None, key.license_id)
    ]


def admit_to(record: ImageRecord, shelf: Shelf) -> Shown | Refused:
    """The gate's word on what the shelf is for; whatever may not be viewed is not shown in a list either."""
    seen = admit(record, viewer=shelf.viewer, action=Action.VIEW, purpose=shelf.purpose)
    if shelf.action is Action.VIEW or isinstance(seen, Refused):
        return seen
    return admit(record, viewer=shelf.viewer, action=shelf.action, purpose=shelf.purpose)


def counts_by_source(shelf: Shelf) -> Mapping[str, int]:
    """How many images of each source are on the shelf."""
    counts: Counter[str] = Counter()
    for row_id, key in shelf.policies.items():
        counts[key.source_id] += shelf.numbers[row_id]
    return counts


def choices(shelf: Shelf) -> Choices:
    """The filters that lead to at least one image."""
    return Choices(
        sources=tuple(sorted(_sources(shelf))),
        licenses=tuple(sorted(_licenses(shelf))),
        modalities=tuple(sorted(images_by_value("modality", shelf.policies))),
    )


def facets(shelf: Shelf) -> Facets:
    """All five facets of what is on the shelf."""
    counted = images_by_facet(shelf.policies)
    labels = conditions_of(counted["condition"])
    return Facets(
        sources=_most_first(_sources(shelf)),
        licenses=_most_first(_licenses(shelf)),
        conditions=_most_first((slug, labels[slug], number) for slug, number in counted["condition"].items()),
        modalities=_most_first((value, value, number) for value, number in counted["modality"].items()),
        body_sites=_most_first((value, value, number) for value, number in counted["body_site"].items()),
    )


def _most_first(rows: Iterable[tuple[str, str, int]]) -> tuple[tuple[str, str, int], ...]:
    return tuple(sorted(rows, key=lambda row: (-row[2], row[1].casefold(), row[0])))


def _sources(shelf: Shelf) -> Iterator[tuple[str, str, int]]:
    return ((one, all_sources()[one].name, number) for one, number in counts_by_source(shelf).items() if number)


def _licenses(shelf: Shelf) -> Iterator[tuple[str, str, int]]:
    counts: Counter[str] = Counter()
    for row_id, key in shelf.policies.items():
        counts[key.license_id] += shelf.numbers[row_id]
    labels = {key.license_id: key.license_label for key in shelf.policies.values()}
    return ((one, license_name(one, labels[one]), number) for one, number in counts.items() if number)


def conditions(shelf: Shelf) -> list[tuple[str, str, int]]:
    """Slug, label and number of images of each condition on the shelf, by label."""
    counted = images_by_value("condition", shelf.policies)
    labels = conditions_of(counted)
    return sorted(((slug, labels[slug], number) for slug, number in counted.items()), key=lambda row: row[1].casefold())


def quarantined(source_id: str | None, *, limit: int) -> list[KeptOut]:
    """What stayed out and why, for a curator."""
    return kept_out(source_id, limit=limit)
