"""`dermref institutions`: who subscribes to what, and whose members may therefore see it."""

from datetime import datetime
from pathlib import Path

import click

from dermref.cli.institution_rows import details_row, iso, left, lines_of, member_row, refuse, say, until, when
from dermref.cli.options import asked_password, author_of, first_day, json_option, last_day, password_option, signed
from dermref.config.start import start
from dermref.model.asking import SubscriptionKind

KINDS = click.Choice([kind.value for kind in SubscriptionKind])


@click.group()
def institutions() -> None:
    """Institutions, their subscriptions, and their members, who sign in.

    Example: dermref institutions list
    """


@institutions.command()
@click.argument("slug")
@click.option("--name", required=True, help="What it is called.")
@json_option
def add(slug: str, name: str, as_json: bool) -> None:
    """Record an institution under a short name.

    Example: dermref institutions add riverside --name "Riverside Hospital"
    """
    start(migrate=True)
    from dermref.services.institutions import Faults, add

    done = add(slug, name)
    if isinstance(done, Faults):
        refuse(done, as_json)
    say(as_json, {"slug": done.slug, "name": done.name}, f"Recorded {done.name} as “{done.slug}”.")


@institutions.command()
@click.argument("slug")
@click.argument("source_id")
@click.option("--kind", type=KINDS, required=True, help="Only an institutional one opens an institution-only source.")
@click.option("--starts", type=first_day, metavar="DATE", required=True, help="Its first day (UTC), or a time.")
@click.option("--ends", type=last_day, metavar="DATE", help="Its last day, until 24:00 UTC; or a time. None: no end.")
@click.option("--document", type=click.Path(path_type=Path), required=True, help="The contract; it is kept.")
@click.option("--by", required=True, help="Who records it.")
@json_option
def subscribe(
    slug: str,
    source_id: str,
    kind: str,
    starts: datetime,
    ends: datetime | None,
    document: Path,
    by: str,
    as_json: bool,
) -> None:
    """Record a subscription with its contract. A day without a zone is a day in UTC; “--ends 2026-12-31” is the last
    day, and the subscription ends on 2027-01-01 at 00:00 UTC.

    \b
    Example:
      dermref institutions subscribe riverside SOURCE_ID --kind institutional --starts 2026-01-01 --ends 2026-12-31 \\
        --document contract.pdf --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.institutions import Faults, Order, subscribe

    done = subscribe(Order(slug, source_id, SubscriptionKind(kind), starts, ends, document, by))
    if isinstance(done, Faults):
        refuse(done, as_json)
    row = {"institution": slug, "source_id": source_id, "kind": kind, "starts": iso(starts), "ends": iso(ends)}
    say(as_json, row, f"{done.institution}: {source_id} from {when(starts)} {until(ends)}.")


@institutions.command()
@click.argument("slug")
@click.argument("source_id")
@signed("ends it")
@json_option
def end(slug: str, source_id: str, by: str, why: str, as_json: bool) -> None:
    """End a subscription now, before its term. Members see when and why.

    Example: dermref institutions end riverside SOURCE_ID --by "A. Curator" --why "the contract was not renewed"
    """
    author = author_of(by, why)
    start(migrate=True)
    from dermref.services.institutions import end

    at = end(slug, source_id, author)
    said = f"Ended on {when(at)}. Nothing of {source_id} is shown to its members from now on."
    say(as_json, {"institution": slug, "source_id": source_id, "ended_at": iso(at)}, said)


@institutions.command()
@click.argument("slug")
@click.argument("email")
@click.option("--by", required=True, help="Who invites.")
@json_option
def invite(slug: str, email: str, by: str, as_json: bool) -> None:
    """Invite a person, and print the link, this once: it works for 14 days, for one person. Send it yourself.

    Example: dermref institutions invite riverside jane@riverside.example --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.deployment import site_address
    from dermref.services.institutions import Faults
    from dermref.services.joining import invite
    from dermref.web.urls import invitation_path

    done = invite(slug, email, by=by)
    if isinstance(done, Faults):
        refuse(done, as_json)
    one, path = done.invitation, invitation_path(done.token)
    site = site_address()
    row = {
        "institution": slug,
        "email": one.email,
        "expires": iso(one.expires),
        "path": path,
        "url": site and site + path,
    }
    hint = "" if site else "Put the address of this site before it. "
    say(as_json, row, f"{site or ''}{path}", f"{hint}It works once, until {when(one.expires)}.")


@institutions.command()
@click.argument("slug")
@click.argument("email")
@json_option
def withdraw(slug: str, email: str, as_json: bool) -> None:
    """Withdraw an invitation that nobody accepted yet.

    Example: dermref institutions withdraw riverside jane@riverside.example
    """
    start(migrate=True)
    from dermref.services.joining import withdraw

    number = withdraw(slug, email)
    say(as_json, {"institution": slug, "email": email, "withdrawn": number}, f"Withdrawn: {email}.")


@institutions.command()
@click.argument("slug")
@json_option
def members(slug: str, as_json: bool) -> None:
    """List the members of an institution, those who left included.

    Example: dermref institutions members riverside --json
    """
    start(migrate=True)
    from dermref.services.institutions import details

    found = details(slug).members
    rows = [member_row(one) for one in found]
    lines = [f"{one.name}  since {when(one.joined_at)}{left(one.ends)}" for one in found]
    say(as_json, rows, *lines, f"{len(found):,} members")


@institutions.command()
@click.argument("slug")
@click.argument("email")
@signed("removes the member")
@json_option
def remove(slug: str, email: str, by: str, why: str, as_json: bool) -> None:
    """End a membership now. The person keeps the account, and sees what everybody sees.

    Example: dermref institutions remove riverside jane@riverside.example --by "A. Curator" --why "left the hospital"
    """
    author = author_of(by, why)
    start(migrate=True)
    from dermref.services.joining import remove

    at = remove(slug, email, author)
    say(as_json, {"institution": slug, "email": email, "ended_at": iso(at)}, f"{email} is a member no longer.")


@institutions.command()
@click.argument("slug")
@click.argument("email")
@password_option
@json_option
def password(slug: str, email: str, password_stdin: bool, as_json: bool) -> None:
    """Set another password for a member who forgot it; whatever was open under the earlier one is closed.

    Example: dermref institutions password riverside jane@riverside.example
    """
    typed = asked_password(password_stdin)
    start(migrate=True)
    from dermref.services.joining import renew_password

    if faults := renew_password(slug, email, typed):
        refuse(faults, as_json)
    say(as_json, {"institution": slug, "email": email}, f"{email} has another password.")


@institutions.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all institutions.

    Example: dermref institutions list --json
    """
    start(migrate=True)
    from dermref.services.institutions import list_institutions

    found = list_institutions()
    rows = [{"slug": one.slug, "name": one.name} for one in found]
    say(as_json, rows, *(f"{one.slug:<24} {one.name}" for one in found), f"{len(found):,} institutions")


@institutions.command()
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """Show an institution: what it subscribes to, who its members are, and who is invited.

    Example: dermref institutions show riverside
    """
    start(migrate=True)
    from dermref.services.institutions import details

    found = details(slug)
    say(as_json, details_row(found), *lines_of(found))
