"""What in writing ended, and in which words: the latest subscription or grant by which bytes of a source were kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dermref.catalog.grants import grant_records
from dermref.catalog.institutions import subscriptions_to
from dermref.model.asking import Action, SubscriptionKind


@dataclass(frozen=True, slots=True)
class Ending:
    """When something ended by which bytes could be kept, and the sentence that says so."""

    at: datetime
    sentence: str


def endings(source_id: str, *, now: datetime) -> list[Ending]:
    """All that ended before `now`, the latest first."""
    ended = [one for one in (*_subscriptions(source_id), *_grants(source_id)) if one.at <= now]
    return sorted(ended, key=lambda one: one.at, reverse=True)


def _subscriptions(source_id: str) -> Iterator[Ending]:
    for one in subscriptions_to(source_id):
        if one.kind is SubscriptionKind.INSTITUTIONAL and one.ends is not None:
            why = f": {one.ended_why.rstrip('.')}" if one.ended_why else ""
            text = f"The institutional subscription of {one.institution} ended on {_spoken(one.ends)}{why}."
            yield Ending(one.ends, text)


def _grants(source_id: str) -> Iterator[Ending]:
    for record in grant_records(source_id):
        grant, ends = record.grant, record.grant.effective_end
        if ends is None or Action.STORE not in grant.actions:
            continue
        text = f"Grant {grant.grant_id} of {grant.granted_by} ended on {_spoken(ends)}."
        if ends == grant.revoked and record.revocation:
            by, why = record.revocation.by, record.revocation.why.rstrip(".")
            text = f"Grant {grant.grant_id} of {grant.granted_by} was revoked on {_spoken(ends)} by {by}: {why}."
        yield Ending(ends, text)


def _spoken(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
