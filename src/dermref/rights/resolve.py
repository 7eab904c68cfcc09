"""From a source's terms and what an item says to the policy it falls under, or a named refusal. Never a default, and
never an average: where statements disagree the stricter holds, and the policy remembers what gave way."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeGuard

from dermref.model.evidence import Harvested, Refusal, Scope, Statement
from dermref.model.policy import PolicyKey, Restriction
from dermref.model.source import CodeMeaning, SourceTerms
from dermref.rights.facts import License, alternatives_in, licenses_in
from dermref.rights.parse import Licenses, Unknown, parse_statement
from dermref.rights.strictness import holding

Named = Mapping[License | Licenses, str]  # what was named, in the words that named it


def resolve(terms: SourceTerms, item: Harvested, *, declared_label: str) -> PolicyKey | Refusal:
    """The policy of `item` under `terms`. `declared_label` is the registry's printed label.

    A per-item source never falls back to the source's license. A picture credited to somebody else is not covered by
    the license of what surrounds it: only statements about the picture itself count for it.
    """
    if item.faults:
        return item.faults[0]
    is_credited_elsewhere = Restriction.THIRD_PARTY in item.restrictions
    counted = [one for one in item.statements if one.scope is Scope.ITEM or not is_credited_elsewhere]
    if is_credited_elsewhere and not counted:
        return Refusal("third-party-credit", "it is credited to somebody else, whose license is not stated")
    stated = _licenses(counted, dict(terms.codes))
    if isinstance(stated, Refusal):
        return stated
    key = _of_item(terms, stated) if terms.per_item else _of_source(terms, stated, declared_label)
    return key if isinstance(key, Refusal) else _restricted(key, item.restrictions)


def _licenses(statements: Iterable[Statement], codes: Mapping[str, CodeMeaning]) -> Named | Refusal:
    """What the statements name, each once, with the words that name it. A statement's text and its link are two
    statements: they may disagree."""
    found: dict[License | Licenses, str] = {}
    for statement in statements:
        for part in _parts(statement):
            reading = parse_statement(part, codes)
            if isinstance(reading, Unknown):
                return Refusal("unknown-license", reading.reason)
            found.setdefault(reading, statement.text.strip() or statement.url or "")
    versioned = {one.family for one in found if isinstance(one, License) and one.version is not None}
    found = {one: words for one, words in found.items() if not (_lacks_version(one) and one.family in versioned)}
    if lacking := next((one for one in found if _lacks_version(one)), None):
        return Refusal("license-version-unknown", f"it names {lacking.short} and no version, and none is guessed")
    if len(found) > 1 and any(isinstance(one, Licenses) for one in found):
        return Refusal("license-conflict", "one of its statements offers a choice of licenses, another names others")
    return found


def _parts(statement: Statement) -> list[Statement]:
    """The text and the link of a statement, each on its own; an empty statement stays one, and is refused as such."""
    parts = [Statement(statement.text)] if statement.text.strip() else []
    parts += [Statement("", statement.url)] if statement.url else []
    return parts or [statement]


def _lacks_version(one: License | Licenses) -> TypeGuard[License]:
    """Whether a license that has versions was named without one."""
    return isinstance(one, License) and one.lacks_version


def _of_item(terms: SourceTerms, stated: Named) -> PolicyKey | Refusal:
    if not stated:
        return Refusal("no-license", "the item states no license, and this source's license never stands in for it")
    choice = next((one for one in stated if isinstance(one, Licenses)), None)
    if choice:
        return PolicyKey(terms.source_id, choice.expression, stated[choice])
    held, overruled = holding(one for one in stated if isinstance(one, License))
    disputed = tuple(one.id for one in overruled)
    return PolicyKey(terms.source_id, _all_of(held), stated[held[0]], disputed=disputed)


def _of_source(terms: SourceTerms, stated: Named, label: str) -> PolicyKey | Refusal:
    """The source's own license, narrowed by a stricter one that the item states; a freer one gives way to it."""
    if any(isinstance(one, Licenses) for one in stated):
        return Refusal(
            "license-conflict", f"the item offers a choice, the source's terms say {terms.license_expression}"
        )
    if stated and len(alternatives_in(terms.license_expression)) > 1:
        return Refusal("license-conflict", "its source offers a choice of licenses, and the item states one of its own")
    own = licenses_in(terms.license_expression)
    others = [one for one in stated if isinstance(one, License) and one not in own]
    if others and not own:
        named = ", ".join(one.id for one in others)
        return Refusal("license-conflict", f"the item states {named}, where only the source's own terms are known")
    held, overruled = holding([*own, *others])
    added = _all_of([one for one in held if one not in own])
    expression = " AND ".join(part for part in (terms.license_expression, added) if part)
    disputed = tuple(one.id for one in overruled if one not in own)
    return PolicyKey(terms.source_id, expression, label, disputed=disputed)


def _all_of(licenses: Iterable[License]) -> str:
    return " AND ".join(one.id for one in licenses)


def _restricted(key: PolicyKey, restrictions: Iterable[Restriction]) -> PolicyKey:
    """The policy with what the item's page says beside its license. A third party's own license settles its credit."""
    kept = tuple(sorted({*restrictions} - {Restriction.THIRD_PARTY}))
    return replace(key, restrictions=kept)
