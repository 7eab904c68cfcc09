"""How a license is told in a sentence; the same one is known again where a file says it."""

from collections.abc import Iterable

from dermref.rights.facts import License


def told(licenses: Iterable[License]) -> str:
    """Which instruments speak of the work, such as “This work is licensed under … (https://…)”; "" where none does."""
    named = tuple(licenses)
    if not named:
        return ""
    verbs = " / ".join(dict.fromkeys(one.verb for one in named))
    return f"This work {verbs} " + ", ".join(f"{one.short} ({one.url})" if one.url else one.short for one in named)
