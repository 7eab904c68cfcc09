"""Which licenses a file page of a wiki with CommonsMetadata states, and of which it offers a choice: in the page's own
words, from the extension's fields and the page's categories."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dermref.model.evidence import Refusal, Statement
from dermref.sources.words import load_words

UNCLEAR = Refusal("license-choice-unclear", "its page offers a choice of licenses and names only one of them")

Said = Mapping[str, str]  # field of the extension → its words
Statements = tuple[Statement, ...]


def license_of(said: Said, categories: Sequence[str]) -> tuple[Statements, tuple[Refusal, ...]]:
    """The license statements of a page, and what is unclear about them.

    The extension names one license of several. Where the page offers a choice, one statement names all that we may be
    able to read; where it names others and offers no choice, each is a statement of its own, and the strictest holds.
    """
    short = said.get("LicenseShortName", "")
    if not short:
        return (), ()
    others = list(licenses_in(categories))
    if is_public_domain(said):
        return _public_domain(said, categories, others), ()
    offered, is_template = _offered([_words()["choices"].get(short, short), *others])
    is_chosen = re.search(_words()["choice_words"], said.get("Permission", ""))
    if is_chosen or is_template:
        return _choice(said, categories, offered)
    return (*_alone(said), *map(Statement, offered[1:])), ()


def is_public_domain(said: Said) -> bool:
    """Whether the page calls its file public domain and names no more than that."""
    words = _words()
    is_named = said.get("LicenseShortName", "").lower() in words["public_domain_names"]
    return is_named or said.get("License") in words["public_domain_keys"]


def is_of_one_mind(said: Said) -> bool:
    """Whether the extension's key for the license is the printed name, its terms and its link are of the same kind, and
    "copyrighted" goes with all of them."""
    short, key, copyrighted = (said.get(one, "") for one in ("LicenseShortName", "License", "Copyrighted"))
    if copyrighted and (copyrighted.lower() == "true") == is_public_domain(said):
        return False
    others = (said.get("UsageTerms", ""), said.get("LicenseUrl", ""))
    if not all(_is_like(short, one) for one in others if short and one):
        return False
    return not key or is_public_domain(said) or short in _words()["choices"] or _key(short) == _key(key)


def names_stricter(words: str, names: Sequence[str]) -> bool:
    """Whether words hold a condition on use that none of the licenses of these names has."""
    conditions = [one for key, one in _words()["traits"].items() if key in ("nc", "nd")]
    return any(re.search(one, words) and not any(re.search(one, name) for name in names) for one in conditions)


def has_unread_license(categories: Iterable[str]) -> bool:
    """Whether a category seems to name a license, and is not understood."""
    return any(re.match(_words()["license_like"], _key(one)) and not any(licenses_in([one])) for one in categories)


def _is_like(short: str, other: str) -> bool:
    """Whether terms or a link have the same conditions and version as the printed name, as far as they say any."""
    traits = _words()["traits"].values()
    if any(bool(re.search(one, short)) != bool(re.search(one, other)) for one in traits):
        return False
    ours, theirs = (re.search(_words()["version"], one) for one in (short, other))
    return not (ours and theirs) or ours[0] == theirs[0]


def _choice(
    said: Said, categories: Iterable[str], offered: Sequence[str]
) -> tuple[tuple[Statement, ...], tuple[Refusal, ...]]:
    unread = _words()["unread_licenses"]
    readable = [one for one in offered if _key(one) not in unread]
    if len(readable) > 1:
        return (Statement(" OR ".join(readable)),), ()
    is_whole = len(offered) > 1 or any(_key(one) in unread for one in categories)
    is_other = readable and readable[0] != offered[0]
    return (Statement(readable[0]),) if is_other else _alone(said), () if is_whole else (UNCLEAR,)


def _alone(said: Said) -> Statements:
    """One license as the page prints and links it, and by the extension's key."""
    key = said.get("License")
    return Statement(said["LicenseShortName"], said.get("LicenseUrl")), *((Statement(key),) if key else ())


def _public_domain(said: Said, categories: Iterable[str], others: Iterable[str]) -> Statements:
    """The grounds, where a category tells them. A license beside it, which the extension passes over, counts too."""
    known, url = _words()["public_domain_basis"], said.get("LicenseUrl")
    stated = list(dict.fromkeys(known[one] for one in categories if one in known)) or [said["LicenseShortName"]]
    return *map(Statement, stated), *((Statement("", url),) if url else ()), *map(Statement, others)


def licenses_in(categories: Iterable[str]) -> Iterator[str]:
    """The names of licenses among the categories."""
    words = _words()
    known = {_key(name): value for name, value in words["license_categories"].items()}
    for one in categories:
        key = _key(one)
        if key in known:
            yield known[key]
        elif re.fullmatch(words["license_category"], key) or re.fullmatch(words["license_list"], key):
            yield one.strip()


def _offered(names: Iterable[str]) -> tuple[list[str], bool]:
    """The different licenses, each once, and whether it is one template that offers all of them: a list of versions."""
    once: dict[str, str] = {}
    listed: set[str] = set()
    for name in names:
        is_list = re.fullmatch(_words()["license_list"], _key(name))
        stem, _, versions = name.rpartition("-")
        for one in [f"{stem}-{version}" for version in versions.split(",")] if is_list else [name]:
            once.setdefault(_key(one), one)
            listed |= {_key(one)} if is_list else set()
    return list(once.values()), listed == once.keys()


def _key(name: str) -> str:
    """A license's name as names are compared."""
    return re.sub(r"[ _-]+", "-", name.strip()).lower()


def _words() -> dict[str, Any]:
    return load_words("commons")
