"""Moments as people write them down: a day, or a day and a time, in UTC unless they say otherwise."""

from datetime import UTC, date, datetime, timedelta


def beginning(text: str) -> datetime:
    """The moment meant by a first day or moment. Raises ValueError for what is neither, OverflowError beyond all days.

    >>> beginning("2026-12-31").isoformat(), beginning("2026-12-31T18:00+01:00").isoformat()
    ('2026-12-31T00:00:00+00:00', '2026-12-31T17:00:00+00:00')
    """
    day = _day(text)
    if day is None:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def ending(text: str) -> datetime:
    """The first moment after a last day, or the moment itself. Raises as `beginning` does.

    >>> ending("2026-12-31").isoformat(), ending("2026-12-31T18:00").isoformat()
    ('2027-01-01T00:00:00+00:00', '2026-12-31T18:00:00+00:00')
    """
    return beginning(text) + (timedelta(days=1) if _day(text) else timedelta())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
