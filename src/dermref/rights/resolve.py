"""From a source's terms and what an item says to the policy it falls under, or a named refusal. Never a default."""

from dermref.model.evidence import Harvested, Refusal, Statement
from dermref.model.policy import PolicyKey
from dermref.model.source import SourceTerms
from dermref.rights.facts import License
from dermref.rights.parse import Licenses, Unknown, parse_statement


def resolve(terms: SourceTerms, item: Harvested, *, declared_label: str) -> PolicyKey | Refusal:
    """The policy of `item` under `terms`. `declared_label` is the registry's printed label.

    A per-item source never falls back to the source's license; statements that disagree are refused, not averaged.
    """
    if item.faults:
        return item.faults[0]
    readings = [parse_statement(statement, dict(terms.codes)) for statement in item.statements]
    for reading in readings:
        if isinstance(reading, Unknown):
            return Refusal("unknown-license", reading.reason)
        if isinstance(reading, Licenses):
            return Refusal("unknown-license", f"the item states {reading.expression}, and nobody has chosen yet")
        if reading.lacks_version:
            return Refusal("unknown-license", f"the item states “{reading.short}” without a version")
    found = {reading for reading in readings if isinstance(reading, License)}
    if len(found) > 1:
        named = ", ".join(sorted(one.id for one in found))
        return Refusal("license-conflict", f"the item's statements name different licenses: {named}")
    if terms.per_item:
        return _of_item(terms, item.statements, found)
    return _of_source(terms, found, declared_label)


def _of_item(terms: SourceTerms, statements: tuple[Statement, ...], found: set[License]) -> PolicyKey | Refusal:
    if not found:
        return Refusal("no-license", "the item states no license, and this source's license never stands in for it")
    stated = statements[0].text.strip() or statements[0].url or ""
    return PolicyKey(terms.source_id, next(iter(found)).id, stated)


def _of_source(terms: SourceTerms, found: set[License], declared_label: str) -> PolicyKey | Refusal:
    if found and {one.id for one in found} != {terms.license_expression}:
        stated = next(iter(found)).id
        return Refusal(
            "license-conflict", f"the item states {stated}, the source's terms say {terms.license_expression}"
        )
    return PolicyKey(terms.source_id, terms.license_expression, declared_label)
