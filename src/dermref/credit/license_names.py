"""A license expression in the words people print. Pure."""

from functools import lru_cache

from dermref.rights.facts import alternatives_in, licenses_in


def joint_of(license_id: str) -> str:
    """What stands between its instruments: “or” where each alone is a choice, else “+”, for all of them hold.

    >>> joint_of("CC-BY-4.0 OR CC-BY-SA-3.0"), joint_of("CC-BY-4.0 AND CC-BY-SA-3.0")
    ('or', '+')
    """
    number = len(licenses_in(license_id))
    return "or" if number > 1 and len(alternatives_in(license_id)) == number else "+"


@lru_cache(maxsize=4_096)
def license_name(license_id: str, label: str) -> str:
    """The names of its instruments, or what was printed where it has none.

    >>> license_name("CC-BY-4.0 OR CC-BY-SA-3.0", "CC-BY")
    'CC BY 4.0 or CC BY-SA 3.0'
    """
    return f" {joint_of(license_id)} ".join(one.short for one in licenses_in(license_id)) or label
