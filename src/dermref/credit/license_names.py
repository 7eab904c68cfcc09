"""A license expression in the words people print. Pure."""

from functools import lru_cache

from dermref.rights.facts import Kind, alternatives_in, ids_in, license_of, licenses_in


def joint_of(license_id: str) -> str:
    """What stands between its instruments: “or” where each alone is a choice, else “+”, for all of them hold.

    >>> joint_of("CC-BY-4.0 OR CC-BY-SA-3.0"), joint_of("CC-BY-4.0 AND CC-BY-SA-3.0")
    ('or', '+')
    """
    number = len(licenses_in(license_id))
    return "or" if number > 1 and len(alternatives_in(license_id)) == number else "+"


@lru_cache(maxsize=4_096)
def license_name(license_id: str, label: str) -> str:
    """The names of its instruments, with a site's own terms where they stand beside one; what was printed where it has
    no instrument.

    >>> license_name("CC-BY-4.0 OR CC-BY-SA-3.0", "CC-BY")
    'CC BY 4.0 or CC BY-SA 3.0'
    >>> license_name("CC-BY-4.0 AND LicenseRef-example", "CC-BY")
    'CC BY 4.0 + site terms'
    """
    if not licenses_in(license_id):
        return label
    ways = ids_in(license_id)
    is_choice = len(ways) > 1 and all(len(way) == 1 for way in ways)
    named = dict.fromkeys(license_of(one) for way in ways for one in way)
    shorts = dict.fromkeys(one.short.lower() if one.kind is Kind.SITE_TERMS else one.short for one in named)
    return f" {'or' if is_choice else '+'} ".join(shorts)
