"""May this item become an image at all? Resolves its rights, its credit, and whether anybody here could ever see it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from dermref.credit.attribution import CreditFacts, attribution
from dermref.model.asking import Action, Operator, Purpose, Viewer, ViewerKind, subscriber_of
from dermref.model.evidence import Depiction, Harvested, Refusal
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.rights import Policy, Question, decide, grants_naming
from dermref.rights.facts import licenses_in
from dermref.rights.resolve import resolve
from dermref.services.doors import Door
from dermref.sources.reading import host_of

ANY_PURPOSE = (Purpose.UNSPECIFIED, *(one for one in Purpose if one is not Purpose.UNSPECIFIED))  # the likeliest first
LONGEST = 10_000  # characters; real titles and credits are far shorter
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def judge(source: Source, item: Harvested, *, operator: Operator, door: Door | Refusal) -> PolicyKey | Refusal:
    """The policy under which `item` may be published, or the first reason why it may not. The policy remembers which
    of the source's grants name this very item."""
    if isinstance(door, Refusal):
        return door
    against = _malformed(source, item) or _unpermitted(item, door)
    key = against or resolve(source.terms, item, declared_label=source.license_label)
    if isinstance(key, Refusal):
        return key
    credit = attribution(source, licenses_in(key.license_id), credit_facts(item))
    if isinstance(credit, Refusal):
        return credit
    key = key.naming(*grants_naming(door.grants, source_id=source.source_id, foreign_id=item.foreign_id))
    policy = Policy(key, source.terms, door.grants)
    if not _is_allowed(policy, Action.VIEW, operator, door.now):
        return Refusal("nobody-may-see", f"under {key.license_id} nobody may look at it on this deployment")
    if not _is_allowed(policy, Action.STORE, operator, door.now):
        return Refusal("may-not-keep", f"under {key.license_id} its bytes may not be kept on this deployment")
    return key


def may_resize(source: Source, key: PolicyKey, *, operator: Operator, door: Door) -> bool:
    """Whether display sizes may be made; where not, the stored bytes are shown as they came."""
    return _is_allowed(Policy(key, source.terms, door.grants), Action.RESIZE, operator, door.now)


def credit_facts(item: Harvested) -> CreditFacts:
    """The words of an item that its credit may need."""
    return CreditFacts(
        foreign_id=item.foreign_id,
        landing_url=item.landing_url,
        title=item.depiction.title,
        creator=item.creator,
        contributor=item.contributor,
        credit_line=item.credit_line,
        citation=item.citation,
    )


def _is_allowed(policy: Policy, action: Action, operator: Operator, now: datetime) -> bool:
    """Whether anybody at all may do it here, for any purpose."""
    viewers = (*(Viewer(kind) for kind in ViewerKind), subscriber_of(policy.terms.source_id))
    asked = (Question(action, viewer, purpose, operator, now) for purpose in ANY_PURPOSE for viewer in viewers)
    return any(decide(policy, question).is_allowed for question in asked)


def _unpermitted(item: Harvested, door: Door) -> Refusal | None:
    if door.lets_in(item.foreign_id):
        return None
    return Refusal("not-permitted", "no grant in force names it and lets its bytes be kept")


def _malformed(source: Source, item: Harvested) -> Refusal | None:
    """What no database, page or header could carry: an id of another form, control characters, endless words."""
    if not re.fullmatch(source.ingest.foreign_id_pattern or ".+", item.foreign_id):
        return Refusal("bad-id", f"“{item.foreign_id[:80]}” is not an id of this source")
    if source.ingest.hosts and host_of(item.landing_url) not in source.ingest.hosts:
        return Refusal("bad-landing", f"its page {item.landing_url[:200]} is not on a host of this source")
    said = [item.foreign_id, item.landing_url, item.creator, item.contributor, *vars_of(item.depiction)]
    said += [item.rights_holder, item.credit_line, item.citation]
    said += [part for one in item.statements for part in (one.text, one.url)]
    if any(len(text) > LONGEST or not is_plain(text) for text in said if text):
        return Refusal("malformed", "a field holds control characters or is longer than any real one")
    if not all(is_plain(text) for text in _texts_in(item.metadata)):
        return Refusal("malformed", "the metadata hold control characters")
    return None


def _texts_in(value: object) -> Iterator[str]:
    """Every key and every string of a JSON value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


def vars_of(depiction: Depiction) -> list[str | None]:
    """The words of a depiction."""
    return [depiction.title, depiction.condition, depiction.modality, depiction.body_site, depiction.sex]


def is_plain(text: str) -> bool:
    """Whether any database and page can carry the text: no NUL, no lone surrogate, no other control characters."""
    return not CONTROL.search(text)
