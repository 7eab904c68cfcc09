"""What a change of a source's terms does: the fields that differ, and for how many images which decision becomes
another. Worked out over the interned policies of the source; no image is read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from dermref.catalog.policies import load_policies
from dermref.catalog.tallies import images_by_policy
from dermref.model.asking import Action, Operator, Purpose, Viewer, ViewerKind, subscriber_of
from dermref.model.change import FieldChange, OutcomeChange
from dermref.model.decision import Outcome
from dermref.model.policy import PolicyKey
from dermref.registry.canonical import Document, source_of
from dermref.rights import Policy, Question, decide

UNKNOWN = "unknown"
TERMS = "terms"  # the part of a source's document that is compared field by field
Ruler = Callable[[PolicyKey, Question], str]


def changed_fields(before: Document | None, after: Document | None) -> tuple[FieldChange, ...]:
    """The fields that differ, by path; terms, duties and conflicts are told apart by their codes."""
    was, now = _flat(before or {}), _flat(after or {})
    paths = [*now, *(path for path in was if path not in now)]
    return tuple(FieldChange(path, was.get(path), now.get(path)) for path in paths if was.get(path) != now.get(path))


def _flat(document: Document) -> Document:
    terms = document.get(TERMS)
    parts = {name: value for name, value in document.items() if name != TERMS}
    inner = terms if isinstance(terms, dict) else {}
    return parts | {f"{TERMS}.{path}": one for name, value in inner.items() for path, one in _by_code(name, value)}


def _by_code(name: str, value: object) -> Iterator[tuple[str, object]]:
    members = value if isinstance(value, list) else []
    codes = [one["code"] for one in members if isinstance(one, dict) and "code" in one]
    if codes and len(set(codes)) == len(members):
        yield from ((f"{name}.{code}", one) for code, one in zip(codes, members, strict=True))
    else:
        yield name, value


def changed_outcomes(
    source_id: str, before: Document | None, after: Document | None, *, operator: Operator
) -> tuple[OutcomeChange, ...]:
    """Every decision on the source's images that becomes another one; None is a source that is not registered."""
    rule_before, rule_after = _ruler(before), _ruler(after)
    images = _images_of(source_id)
    found: list[OutcomeChange] = []
    for action in Action:
        for viewer in _viewers(source_id):
            counts: defaultdict[tuple[str, str], Counter[Purpose]] = defaultdict(Counter)
            for purpose in Purpose:
                question = Question(action, viewer, purpose, operator)
                for key, number in images.items():
                    pair = rule_before(key, question), rule_after(key, question)
                    if pair[0] != pair[1]:
                        counts[pair][purpose] += number
            found += _grouped(action, viewer.kind, counts)
    return tuple(found)


def _grouped(
    action: Action, viewer: ViewerKind, counts: Mapping[tuple[str, str], Mapping[Purpose, int]]
) -> Iterator[OutcomeChange]:
    """Purposes with the same number of images together; none named where all have it."""
    for (before, after), by_purpose in counts.items():
        for number in sorted(set(by_purpose.values()), reverse=True):
            purposes = tuple(one for one in Purpose if by_purpose.get(one) == number)
            named = () if len(purposes) == len(Purpose) else purposes
            yield OutcomeChange(action, viewer, named, before, after, number)


def _ruler(document: Document | None) -> Ruler:
    """How this version of the source decides. One that is not registered denies everything."""
    if document is None:
        return lambda key, question: Outcome.DENY.value
    try:
        terms = source_of(document).terms
    except ValueError:  # written by a release whose words are not known here
        return lambda key, question: UNKNOWN
    return lambda key, question: decide(Policy(key, terms), question).outcome.value


def _images_of(source_id: str) -> Mapping[PolicyKey, int]:
    """The source's policies that have images, and how many."""
    numbers = images_by_policy()
    return {
        key: numbers[row_id]
        for row_id, key in load_policies().items()
        if key.source_id == source_id and row_id in numbers
    }


def _viewers(source_id: str) -> tuple[Viewer, ...]:
    """One of each kind; an institution's member is one whose institution subscribes to this source."""
    member = subscriber_of(source_id)
    return tuple(member if kind is member.kind else Viewer(kind) for kind in ViewerKind)
