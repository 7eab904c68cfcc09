"""What in writing ended, and in which words: the latest subscription or grant by which bytes of a source were kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dermref.catalog import models
from dermref.catalog.grants import grant_records
from dermref.model.asking import Action, SubscriptionKind


@dataclass(frozen=True, slots=True)
class Ending:
    """When something ended by which bytes could be kept, and the sentence that says so."""

    at: datetime
    sentence: str


def latest_ending(source_id: str, *, now: datetime) -> Ending | None:
    """The last that ended before `now`; None where nothing that was given in writing did."""
    ended = [one for one in (*_subscriptions(source_id), *_grants(source_id)) if one.at <= now]
    return max(ended, key=lambda one: one.at, default=None)


def _subscriptions(source_id: str) -> Iterator[Ending]:
    rows = models.Subscription.objects.filter(source_id=source_id, kind=SubscriptionKind.INSTITUTIONAL)
    for row in rows.select_related("institution"):
        ends = min((one for one in (row.ends, row.ended_at) if one is not None), default=None)
        if ends is not None:
            why = f": {row.ended_why.rstrip('.')}" if ends == row.ended_at else ""
            text = f"The institutional subscription of {row.institution.name} ended on {_spoken(ends)}{why}."
            yield Ending(ends, text)


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
