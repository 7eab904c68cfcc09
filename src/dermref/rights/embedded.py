"""What a file says of its own rights, weighed against what is recorded of the item. It may narrow, and it may stop the
item; it never permits anything, and silence says nothing."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from dermref.model.evidence import Refusal, Statement
from dermref.model.media import Claim, ClaimKind
from dermref.model.policy import PolicyKey
from dermref.rights.facts import Kind, License, alternatives_in, licenses_in
from dermref.rights.parse import parse_statement
from dermref.rights.strictness import holding
from dermref.rights.toml import read_data, words
from dermref.rights.verdict import Unknown, excerpt

SPEAKING = frozenset({ClaimKind.NOTICE, ClaimKind.TERMS, ClaimKind.LICENSE})


def narrowed(key: PolicyKey, claims: Iterable[Claim]) -> PolicyKey | Refusal:
    """The policy with what the file's claims add: a stricter license holds beside the recorded one, a freer one gives
    way and is remembered. A claim that reserves the rights, that nobody can read, or that asserts a copyright which the
    record says is gone, is a conflict for a curator.

    >>> from dermref.model.media import Claim, ClaimKind
    >>> key = PolicyKey("isic-archive", "CC-BY-4.0", "CC-BY")
    >>> narrowed(key, [Claim(ClaimKind.NOTICE, "EXIF Copyright", "© 2019 Jane Doe")]) == key
    True
    >>> narrowed(key, [Claim(ClaimKind.NOTICE, "EXIF Copyright", "All rights reserved")]).code
    'rights-conflict'
    """
    own = licenses_in(key.license_id)
    found: list[License] = []
    for claim in claims:
        if claim.kind in SPEAKING:
            heard = _heard(claim, own, key)
            if isinstance(heard, Refusal):
                return heard
            found += heard
    return _together(key, [one for one in dict.fromkeys(found) if one not in own], own)


def _heard(claim: Claim, own: tuple[License, ...], key: PolicyKey) -> list[License] | Refusal:
    """The licenses that one claim names; none where it is only a notice that contradicts nothing."""
    is_link = claim.kind is ClaimKind.LICENSE
    reading = parse_statement(Statement("", claim.text) if is_link else Statement(claim.text))
    if isinstance(reading, License) and reading.kind is not Kind.STATEMENT:
        is_vague = reading.lacks_version and reading.family not in {one.family for one in own}
        return _conflict(claim, key) if is_vague else [] if reading.lacks_version else [reading]
    if not own:  # the site's own terms reserve what they do not permit, in words that nobody has to read here
        return []
    is_mere_notice = isinstance(reading, Unknown) and claim.kind is ClaimKind.NOTICE and not _reserves(claim.text)
    return [] if is_mere_notice and all(one.kind is Kind.LICENSE for one in own) else _conflict(claim, key)


def _conflict(claim: Claim, key: PolicyKey) -> Refusal:
    text = f"{claim.where} says {excerpt(claim.text)}, where {key.license_id} is recorded"
    return Refusal("rights-conflict", text)


def _reserves(text: str) -> bool:
    plain = " ".join(text.casefold().split())
    return any(phrase in plain for phrase in _reserved())


@cache
def _reserved() -> tuple[str, ...]:
    return words(read_data("embedded"), "reserved")


def _together(key: PolicyKey, others: list[License], own: tuple[License, ...]) -> PolicyKey | Refusal:
    if not others:
        return key
    if not own or len(alternatives_in(key.license_id)) > 1:
        named = ", ".join(one.id for one in others)
        return Refusal("rights-conflict", f"the file names {named}, where {key.license_id} is recorded")
    held, _ = holding([*own, *others])
    added = [one.id for one in others if one in held]
    given_way = {one.id for one in others if one not in held}
    return replace(
        key,
        license_id=" AND ".join([key.license_id, *added]),
        disputed=tuple(sorted({*key.disputed, *given_way})),
    )
