"""What a file says of its own rights, weighed against what is recorded of the item. It may narrow, and it may stop the
item; it never permits anything, and silence says nothing."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from dermref.model.evidence import Refusal, Statement
from dermref.model.media import Claim, ClaimKind
from dermref.model.policy import PolicyKey
from dermref.rights.facts import Kind, License, alternatives_in, ids_in, license_of, licenses_in, load_facts
from dermref.rights.parse import parse_statement
from dermref.rights.strictness import holding
from dermref.rights.told import repeats
from dermref.rights.toml import read_data, words
from dermref.rights.verdict import Unknown, excerpt

LONGEST_NOTICE = 120  # characters; what is longer says more than a name
SPEAKING = frozenset({ClaimKind.NOTICE, ClaimKind.TERMS, ClaimKind.LICENSE})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The policy with the licenses that a file's claims add, and every claim that contradicts the record."""

    key: PolicyKey
    conflicts: tuple[Refusal, ...] = ()


def narrowed(key: PolicyKey, claims: Iterable[Claim]) -> Narrowed:
    """The policy with what the file's claims add: a stricter license holds beside the recorded one, a freer one gives
    way and is remembered. A claim that reserves the rights, that nobody can read, or that asserts a copyright which the
    record says is gone, is a conflict for a curator.

    >>> from dermref.model.media import Claim, ClaimKind
    >>> key = PolicyKey("isic-archive", "CC-BY-4.0", "CC-BY")
    >>> narrowed(key, [Claim(ClaimKind.NOTICE, "EXIF Copyright", "© 2019 Jane Doe")]) == Narrowed(key)
    True
    >>> [one.code for one in narrowed(key, [Claim(ClaimKind.TERMS, "XMP UsageTerms", "Ask first")]).conflicts]
    ['rights-conflict']
    """
    own = licenses_in(key.license_id)
    found: list[License] = []
    conflicts: list[Refusal] = []
    claims = tuple(claims)
    is_repeated = any(claim.kind is ClaimKind.TERMS and repeats(claim.text, key.license_id) for claim in claims)
    for claim in claims:
        if claim.kind in SPEAKING and not (is_repeated and _adds_nothing(claim, own, key)):
            heard = _heard(claim, own, key)
            conflicts += [heard] if isinstance(heard, Refusal) else []
            found += [heard] if isinstance(heard, License) else []
    others = [one for one in dict.fromkeys(found) if one not in own]
    if others and (not own or len(alternatives_in(key.license_id)) > 1):
        named = ", ".join(one.id for one in others)
        text = f"the file names {named}, where {key.license_id} is recorded"
        return Narrowed(key, (*conflicts, Refusal("rights-conflict", text)))
    return Narrowed(_together(key, others, own), tuple(dict.fromkeys(conflicts)))


def _heard(claim: Claim, own: tuple[License, ...], key: PolicyKey) -> License | Refusal | None:
    """What one claim adds: a license, a conflict, or nothing where it contradicts nothing."""
    is_link = claim.kind is ClaimKind.LICENSE
    reading = parse_statement(Statement("", claim.text) if is_link else Statement(claim.text))
    if isinstance(reading, License) and reading.kind is not Kind.STATEMENT:
        is_vague = reading.lacks_version and reading.family not in {one.family for one in own}
        return _conflict(claim, key) if is_vague else None if reading.lacks_version else reading
    if not own:  # the site's own terms reserve what they do not permit, in words that nobody has to read here
        return None
    is_mere = isinstance(reading, Unknown) and claim.kind is ClaimKind.NOTICE and _is_mere_notice(claim.text)
    return None if is_mere and all(one.kind is Kind.LICENSE for one in own) else _conflict(claim, key)


def _adds_nothing(claim: Claim, own: tuple[License, ...], key: PolicyKey) -> bool:
    """Whether a claim beside that sentence says no more: the sentence again, that there are rights, a page where terms
    stand unless one license has them all, that mining is reserved where the record does not permit training to just
    anybody, or that training is barred where a site's terms may bar it."""
    if claim.kind is ClaimKind.LICENSE:
        is_elsewhere = isinstance(parse_statement(Statement("", claim.text)), Unknown) and not _is_one_address(key)
        return is_elsewhere or claim.text in {one.url for one in own}
    if claim.text == "True" or repeats(claim.text, key.license_id):
        return True
    if _has_site_terms(key):
        return any(_patterns(one).fullmatch(claim.text) for one in ("mining", "training"))
    trainable = load_facts().trainable
    is_open = all(one.permits and one.family in trainable and not one.is_noncommercial for one in own)
    return not is_open and _patterns("mining").fullmatch(claim.text) is not None


def _is_one_address(key: PolicyKey) -> bool:
    """Whether a copy of it names the address of its one license, and no other page."""
    ways = ids_in(key.license_id)
    return len(ways) == 1 and len(ways[0]) == 1 and license_of(ways[0][0]).url is not None


def _has_site_terms(key: PolicyKey) -> bool:
    return any(license_of(one).kind is Kind.SITE_TERMS for way in ids_in(key.license_id) for one in way)


@cache
def _patterns(name: str) -> re.Pattern[str]:
    return re.compile("|".join(words(read_data("embedded"), name)))


def _conflict(claim: Claim, key: PolicyKey) -> Refusal:
    text = f"{claim.where} says {excerpt(claim.text)}, where {key.license_id} is recorded"
    return Refusal("rights-conflict", text)


def _is_mere_notice(text: str) -> bool:
    """Whether a notice says no more than who holds the copyright, and since when."""
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return len(plain) <= LONGEST_NOTICE and not _more_than_a_name().search(plain)


@cache
def _more_than_a_name() -> re.Pattern[str]:
    data = read_data("embedded")
    whole, beginnings, parts = ("|".join(map(re.escape, words(data, key))) for key in ("words", "beginnings", "parts"))
    return re.compile(rf"\b(?:(?:{whole})\b|{beginnings})|{parts}")


def _together(key: PolicyKey, others: list[License], own: tuple[License, ...]) -> PolicyKey:
    if not others:
        return key
    held, _ = holding([*own, *others])
    added = [one.id for one in others if one in held]
    given_way = {one.id for one in others if one not in held}
    return replace(
        key,
        license_id=" AND ".join([key.license_id, *added]),
        disputed=tuple(sorted({*key.disputed, *given_way})),
    )
