"""Days and times as options: without a zone they are UTC."""

from datetime import UTC, date, datetime, timedelta

import click

FORM = "say a day such as 2026-12-31, or a time such as 2026-12-31T18:00+01:00"


def from_day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """A day, which begins at 00:00 UTC, or a time of a day, as an option's aware time."""
    return _read(value, is_end=False)


def to_day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """The last day, or a time. An end is excluded, so after a last day it is 00:00 UTC of the next."""
    return _read(value, is_end=True)


def _read(value: str | None, *, is_end: bool) -> datetime | None:
    if value is None:
        return None
    try:
        return moment(value.strip(), is_end=is_end)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"“{value}” is no date; {FORM}.") from None


def moment(text: str, *, is_end: bool) -> datetime:
    """The time that a text means. Raises ValueError, or OverflowError beyond the last day there is.

    >>> moment("2026-12-31", is_end=True).isoformat(), moment("2026-12-31T18:00", is_end=True).isoformat()
    ('2027-01-01T00:00:00+00:00', '2026-12-31T18:00:00+00:00')
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return start + timedelta(days=1) if is_end else start
