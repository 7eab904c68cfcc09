"""Days and times as options: without a zone they are UTC."""

from datetime import UTC, date, datetime, timedelta

import click

FORM = "say a day such as 2026-12-31, or a time such as 2026-12-31T18:00+01:00"


class Moment(click.ParamType):
    """A day, or a time of a day. A day begins at 00:00 UTC; as an end it is the last day, so that the end, which is
    excluded, is 00:00 UTC of the next."""

    name = "date"

    def __init__(self, *, is_end: bool = False) -> None:
        self.is_end = is_end

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware time."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        try:
            return moment(text, is_end=self.is_end)
        except (ValueError, OverflowError):
            self.fail(f"“{text}” is no date; {FORM}.", param, ctx)


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
