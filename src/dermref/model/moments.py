"""Moments as people write them down: a day, or a day and a time, in UTC unless they say otherwise."""

from datetime import UTC, date, datetime, timedelta


def beginning(text: str) -> datetime:
    """The moment meant by a first day or moment. Raises ValueError for what is neither.

    >>> beginning("2026-12-31").isoformat()
    '2026-12-31T00:00:00+00:00'
    """
    return _day(date.fromisoformat(text)) if _is_day(text) else _aware(datetime.fromisoformat(text))


def ending(text: str) -> datetime:
    """The first moment after a last day, or the moment itself. Raises ValueError for what is neither.

    >>> ending("2026-12-31").isoformat()
    '2027-01-01T00:00:00+00:00'
    """
    return _day(date.fromisoformat(text) + timedelta(days=1)) if _is_day(text) else beginning(text)


def _is_day(text: str) -> bool:
    return len(text) == len("2026-12-31")


def _day(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
