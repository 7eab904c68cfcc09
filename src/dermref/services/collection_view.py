"""A collection as somebody sees it: a page of it filtered by their rights now, what may be done with all of it, and to
whom it is attributed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from dermref.catalog import collected, collecting
from dermref.catalog.collected import members_page
from dermref.catalog.policies import load_policies
from dermref.credit.attributed import Share, attributed_to, attributions_of
from dermref.credit.attribution import INCOMPLETE, CreditFacts, attribution
from dermref.credit.citable import Attributed
from dermref.credit.license_names import license_name
from dermref.model.asking import Action
from dermref.model.collection import CollectionRecord, Group, Keeper, Sharing
from dermref.model.decision import Cause, EvidenceKind, EvidenceRef, Outcome, Reason, SetDecision
from dermref.model.evidence import Refusal
from dermref.model.policy import PolicyKey
from dermref.model.source import Tier
from dermref.rights import Question, decide_set
from dermref.services.credits import is_creditable
from dermref.services.deciding import refused_set
from dermref.services.deployment import site_address
from dermref.services.rulings import all_sources, policy_in_force, policy_of
from dermref.services.searching import Shelf, admit_to
from dermref.services.serving import Shown

PAGE_SIZE = 48
UNCREDITED = Reason(
    INCOMPLETE, "The credit that its source asks for cannot be given.", EvidenceRef(EvidenceKind.ITEM, "")
)


@dataclass(frozen=True, slots=True)
class View:
    """One page of a collection: the images that may be shown, in order; how many of all may be; and where the pages
    before and after begin, None where there is none."""

    record: CollectionRecord
    images: tuple[Shown, ...]
    shown: int
    next_after: int | None
    previous_before: int | None

    @property
    def withheld(self) -> int:
        """How many of its images may not be shown to this viewer."""
        return self.record.images - self.shown


@dataclass(frozen=True, slots=True)
class SetUse:
    """The decision about everything in a collection. Each cause names members; `numbers` says how many there are of
    each, where not all are named."""

    decision: SetDecision
    numbers: tuple[int, ...]


def find_collection(slug: str, *, keeper: Keeper) -> CollectionRecord | None:
    """The collection of this name, as far as this person may know of it without its link."""
    record = collecting.find_collection(slug)
    return record if record and record.is_open_to(keeper) else None


def find_by_link(key: str) -> CollectionRecord | None:
    """The collection that this link leads to."""
    return collecting.find_shared(key)


def list_collections(keeper: Keeper) -> tuple[CollectionRecord, ...]:
    """Those that this person may know of, without those they only have a link to."""
    return collecting.list_collections(keeper=keeper)


def kept_collections(keeper: Keeper) -> tuple[tuple[str, str], ...]:
    """Name and title of those that this person may change, latest change first."""
    return collecting.kept_collections(keeper)


def link_of(record: CollectionRecord) -> str | None:
    """The address that its link is, without this site's name where it has none; None where it is shared with nobody."""
    if record.sharing is Sharing.NOBODY:
        return None
    path = record.slug if record.sharing is Sharing.EVERYBODY else f"shared/{record.key}"
    return f"{site_address() or ''}/collections/{path}/"


def view(
    record: CollectionRecord, shelf: Shelf, *, after: int = -1, before: int | None = None, limit: int = PAGE_SIZE
) -> View:
    """One page of what the shelf's viewer may see in it."""
    page = members_page(record.row_id, shelf.policies, after=after, before=before, limit=limit)
    verdicts = (admit_to(one, shelf) for one in page.records)
    return View(
        record=record,
        images=tuple(one for one in verdicts if isinstance(one, Shown)),
        shown=collected.count_members(record.row_id, shelf.policies),
        next_after=page.last if page.has_after else None,
        previous_before=page.first if page.has_before else None,
    )


def policies_of(record: CollectionRecord) -> tuple[int, ...]:
    """The policies that any of its members stands under, whatever they allow."""
    return tuple(collected.policies_in(record.row_id))


def attributions_in(record: CollectionRecord, shelf: Shelf) -> tuple[Attributed, ...]:
    """The distinct attributions of what the shelf's viewer may see in it, in the order of a citation."""
    groups = collected.groups_of(record.row_id, shelf.policies)
    return attributions_of(
        share_of(one, shelf.policies[one.policy_row], images=one.images) for one in groups if _has_credit(one, shelf)
    )


class Attributable(Protocol):
    """What says whom something is attributed to."""

    @property
    def creator(self) -> str: ...  # noqa: D102 (as in an ImageRecord)
    @property
    def contributor(self) -> str: ...  # noqa: D102
    @property
    def credit_line(self) -> str | None: ...  # noqa: D102


def share_of(one: Attributable, key: PolicyKey, *, images: int) -> Share:
    """Images of a set that are attributed alike, under one policy."""
    name = attributed_to(
        all_sources()[key.source_id], creator=one.creator, contributor=one.contributor, credit_line=one.credit_line
    )
    return Share(name, license_name(key.license_id, key.license_label), images)


def _has_credit(group: Group, shelf: Shelf) -> bool:
    """Whether their credit can be given: the gate shows none of them else."""
    facts = CreditFacts(
        foreign_id="id",
        landing_url="https://example.org/",
        title="title" if group.has_title else None,
        creator=group.creator or None,
        contributor=group.contributor or None,
        citation="article" if group.has_citation else None,
        credit_line=group.credit_line,
    )
    licenses = policy_of(shelf.policies[group.policy_row]).licenses
    return not isinstance(attribution(all_sources()[group.source_id], licenses, facts), Refusal)


def use_of_all(record: CollectionRecord, question: Question, *, names: int | None = 20) -> SetUse | None:
    """What may be done with all of it: at most `names` members are named for each cause, all where that is None. None
    for a collection in which this viewer may know of no image."""
    return uses_of_all(record, question, (question.action,), names=names).get(question.action)


def uses_of_all(
    record: CollectionRecord,
    question: Question,
    actions: Iterable[Action],
    *,
    names: int | None = 20,
    within: Collection[int] | None = None,
) -> Mapping[Action, SetUse]:
    """The same for several actions, the rest of the question the same; nothing where it would be None. With `within`,
    rows of policies, only members under those are named. The policies are read once, and they decide."""
    policies = collected.policies_in(record.row_id)
    known = _known(policies)
    if not known:
        return {}

    @cache
    def named(rows: tuple[int, ...]) -> tuple[str, ...]:
        told = rows if within is None else tuple(one for one in rows if one in within)
        return tuple(collected.members_under(record.row_id, told, limit=names)) if told else ()

    return {one: _set_use(policies, known, replace(question, action=one), named) for one in actions}


def _set_use(
    policies: Mapping[int, tuple[int, str]],
    known: Mapping[int, PolicyKey],
    question: Question,
    named: Callable[[tuple[int, ...]], tuple[str, ...]],
) -> SetUse:
    """One decision: each policy stands for its members, by the first of them."""
    by_first = {policies[row][1]: row for row in known}
    credited = {first: row for first, row in by_first.items() if is_creditable(known[row].source_id)}
    bare = [row for first, row in by_first.items() if first not in credited]
    judged = [(first, policy_in_force(known[row])) for first, row in credited.items()]
    decision = decide_set(judged, question) if judged else refused_set(question)
    rows = [[by_first[first] for first in cause.members] for cause in decision.causes]
    causes = list(decision.causes)
    if bare:
        causes.insert(0, Cause(Outcome.DENY, UNCREDITED, ()))
        rows.insert(0, bare)
        decision = replace(decision, outcome=Outcome.DENY, duties=(), licenses=())
    told = tuple(replace(cause, members=named(tuple(some))) for cause, some in zip(causes, rows, strict=True))
    return SetUse(replace(decision, causes=told), tuple(sum(policies[row][0] for row in some) for some in rows))


def _known(rows: Iterable[int]) -> dict[int, PolicyKey]:
    """The policies of images that may be known of: never dev-only ones, nor those whose source left the registry."""
    policies = load_policies()
    keys = {row: policies[row] for row in rows}
    sources = all_sources()
    return {
        row: key
        for row, key in keys.items()
        if key.source_id in sources and sources[key.source_id].tier is not Tier.DEV_ONLY
    }
