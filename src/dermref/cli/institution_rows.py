"""Institutions as the command line prints them: lines for people, rows for machines, and every fault of an order."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from dermref.services.institutions import Details, Faults, InvitationRecord, MembershipRecord, SubscriptionRecord


def refuse(faults: "Faults", as_json: bool) -> NoReturn:
    """Print every fault, and exit 1."""
    if as_json:
        click.echo(json.dumps({"faults": list(faults.sentences)}, ensure_ascii=False))
    else:
        for sentence in faults.sentences:
            click.echo(sentence, err=True)
    sys.exit(1)


def say(as_json: bool, row: object, *lines: str) -> None:
    """Print the row as JSON, or the lines."""
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else "\n".join(lines))


def details_row(found: "Details") -> dict[str, object]:
    """Everything about an institution."""
    return {
        "slug": found.institution.slug,
        "name": found.institution.name,
        "subscriptions": [_subscription(one) for one in found.subscriptions],
        "members": [member_row(one) for one in found.members],
        "invitations": [_invitation(one) for one in found.invitations],
    }


def _subscription(one: "SubscriptionRecord") -> dict[str, object]:
    value = one.subscription
    return {
        "source_id": value.source_id,
        "kind": value.kind.value,
        "starts": iso(value.starts),
        "ends": iso(value.ends),
        "ended_why": value.ended_why or None,
        "document": {"name": one.document_name, "sha256": one.document_sha256},
        "by": one.by,
        "at": iso(one.at),
    }


def member_row(one: "MembershipRecord") -> dict[str, object]:
    """A membership."""
    return {"name": one.name, "joined_at": iso(one.joined_at), "ends": iso(one.ends)}


def _invitation(one: "InvitationRecord") -> dict[str, object]:
    names = ("at", "expires", "accepted_at", "withdrawn_at")
    return {"email": one.email, "by": one.by, **{name: iso(getattr(one, name)) for name in names}}


def lines_of(found: "Details") -> Iterable[str]:
    """Everything about an institution, for people."""
    yield f"{found.institution.slug}: {found.institution.name}"
    for one in found.subscriptions:
        value = one.subscription
        because = f", because {value.ended_why}" if value.ended_why else ""
        yield f"  {value.source_id} ({value.kind}) from {when(value.starts)} {until(value.ends)}{because}"
        yield f"    {one.document_name}, sha256 {one.document_sha256}, recorded by {one.by}"
    for member in found.members:
        yield f"  member {member.name} since {when(member.joined_at)}{left(member.ends)}"
    for invited in found.invitations:
        state = "accepted" if invited.accepted_at else "withdrawn" if invited.withdrawn_at else "open"
        yield f"  invited {invited.email} until {when(invited.expires)}, {state}"


def iso(moment: datetime | None) -> str | None:
    """A time in ISO 8601."""
    return moment.isoformat() if moment else None


def when(moment: datetime | None) -> str:
    """A time, for people."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "ever"


def until(ends: datetime | None) -> str:
    """When it ends, for people."""
    return f"to {when(ends)}" if ends else "with no end"


def left(ends: datetime | None) -> str:
    """That somebody left, and when."""
    return f", left {when(ends)}" if ends else ""
