"""Reads the whole registry with a curator's eye: every fault, and every conflict, recorded or found by rule.

The rules look at texts and terms, never at an id: their words are data (`rules.toml`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from string import Formatter

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.source import Effect, Proof, Source, Tier
from dermref.registry.findings import Finding, Severity
from dermref.registry.rules import table_rule, tables_rule, text_rule, words_in, words_rule

RECORDED = "recorded"


def check_registry(sources: Sequence[Source]) -> tuple[Finding, ...]:
    """Every finding, faults first, then by weight; inside that, in the order of `sources`."""
    found = [finding for source in sources for rule in RULES for finding in rule(source)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def recorded_conflicts(source: Source) -> Iterator[Finding]:
    """The conflicts that stand in the source's file and that no curator has cleared."""
    for conflict in source.terms.conflicts:
        if conflict.cleared is None:
            severity = Severity(conflict.severity)
            yield Finding(source.source_id, conflict.code, severity, conflict.meaning, conflict.quote, RECORDED)


def unproven_phrases(source: Source) -> Iterator[Finding]:
    """A phrase that neither the row nor a conflict's quote contains, and that names no place where it was read."""
    printed = (
        source.license_text, source.notes, source.attribution, source.contact, source.license_label,
        source.status, source.tier, *(conflict.quote for conflict in source.terms.conflicts),
    )  # fmt: skip
    for field, proof in proofs(source):
        is_proven = proof.url or proof.where or any(proof.phrase in text for text in printed if text)
        if not is_proven:
            text = f"The phrase of {field} stands nowhere in the row, and no place is named where it was read."
            yield Finding(source.source_id, "unproven-phrase", Severity.FAULT, text, proof.phrase, "unproven-phrases")


def proofs(source: Source) -> Iterator[tuple[str, Proof]]:
    """Every fact's proof with the name of its field."""
    terms = source.terms
    yield "rights", terms.proof
    yield from ((f"rights.terms {term.code}", term.proof) for term in terms.terms)
    yield from ((f"rights.duties {duty.code}", duty.proof) for duty in terms.duties)
    yield from ((f"rights.codes {code}", meaning.proof) for code, meaning in terms.codes)
    if terms.ask:
        yield "rights.ask", terms.ask.proof
    if source.watermark:
        yield "watermark", source.watermark.proof
    if source.manifest:
        yield "manifest", source.manifest.proof


def tier_against_text(source: Source) -> Iterator[Finding]:
    """A tier that the row's own words contradict: one finding for each kind of contradiction."""
    for kind in tables_rule("contradictions"):
        if source.tier not in words_in(kind, key="tiers"):
            continue
        quote = _first_sentence(words_in(kind, key="patterns"), texts=(source.license_text, source.notes))
        if quote:
            severity = Severity(str(kind["severity"]))
            yield Finding(source.source_id, str(kind["code"]), severity, str(kind["text"]), quote, "tier-against-text")


def tier_against_terms(source: Source) -> Iterator[Finding]:
    """A public tier although the structured terms do not let everybody's deployment show an image."""
    prefix = text_rule("site_terms_prefix")
    if source.tier is not Tier.HOSTED or source.terms.per_item:
        return
    asked = (Action.VIEW, Purpose.UNSPECIFIED, OperatorKind.INDIVIDUAL, ViewerKind.ANONYMOUS)
    spoken = [term for term in source.terms.terms if term.holds_for(*asked)]
    is_licensed = not source.terms.license_expression.startswith(prefix)
    if any(term.effect is not Effect.PERMIT for term in spoken) or not (spoken or is_licensed):
        narrow = [term.proof.phrase for term in source.terms.terms if Action.VIEW in term.actions]
        text = "The tier says anybody may be shown the images; the recorded terms do not permit that everywhere."
        quote = (narrow or [source.terms.proof.phrase])[0]
        yield Finding(source.source_id, "hosted-beyond-terms", Severity.HIGH, text, quote, "tier-against-terms")


def label_without_grant(source: Source) -> Iterator[Finding]:
    """A printed public-license label that the row's text does not bear out. Grave where it is treated as granted."""
    if source.terms.per_item or not re.search(text_rule("label_claims", "label"), source.license_label):
        return
    denied = _first_sentence([text_rule("label_claims", "denied")], texts=(source.license_text,))
    if denied or not re.search(text_rule("label_claims", "named"), source.license_text):
        is_kept_apart = source.terms.license_expression.startswith(text_rule("site_terms_prefix"))
        severity = Severity.LOW if is_kept_apart else Severity.FAULT
        treated = source.terms.license_expression
        text = f"The row prints “{source.license_label}”, which no text of the site grants; it is treated as {treated}."
        quote = denied or source.license_text
        yield Finding(source.source_id, "label-without-grant", severity, text, quote, "label-without-grant")


def thin_credit(source: Source) -> Iterator[Finding]:
    """A credit template without something that the license it stands under asks for."""
    if not re.search(text_rule("credit_needs", "license"), source.terms.license_expression.split(" AND ")[0]):
        return
    template = source.attribution or ""
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    needs = table_rule("credit_needs", "parts")
    missing = [part for part in needs if names.isdisjoint(words_rule("credit_needs", "parts", part))]
    if missing:
        text = f"The printed credit does not give {_listed(missing)}; the renderer has to add what is known."
        yield Finding(source.source_id, "credit-incomplete", Severity.LOW, text, template, "thin-credit")


def missing_credit(source: Source) -> Iterator[Finding]:
    """A source whose images may be shown, and that prints no credit to show with them."""
    if source.tier is not Tier.EXTERNAL_LINK_ONLY and not source.attribution:
        text = f"The tier is “{source.tier}”, and the row prints no attribution."
        yield Finding(source.source_id, "no-credit-template", Severity.FAULT, text, source.tier, "missing-credit")


def page_rule(source: Source) -> Iterator[Finding]:
    """A source in a "referenced only" group whose tier is public, whatever its status is called."""
    is_public = source.tier == text_rule("page_rule", "public_tier")
    if not is_public or source.group not in words_rule("page_rule", "groups"):
        return
    named = source.status in words_rule("page_rule", "named_statuses")
    how = "names it" if named else f"does not name “{source.status}”, yet its group is meant"
    text = f"The tier is “{source.tier}”; the page's rule {how}: referenced only, never hosted publicly."
    yield Finding(
        source.source_id,
        "referenced-only-but-public",
        Severity.FAULT,
        text,
        text_rule("page_rule", "quote"),
        "page-rule",
    )


RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    unproven_phrases,
    missing_credit,
    page_rule,
    tier_against_text,
    tier_against_terms,
    label_without_grant,
    thin_credit,
    recorded_conflicts,
)


def _first_sentence(patterns: Sequence[str], *, texts: Sequence[str]) -> str | None:
    """The sentence around the first match of any pattern in any text."""
    for text in texts:
        for pattern in patterns:
            match = re.search(pattern, text)
            if match:
                return _sentence_around(text, start=match.start(), end=match.end())
    return None


def _sentence_around(text: str, *, start: int, end: int) -> str:
    ends = [match.end() for match in re.finditer(r"[.!?][’'\"]?\s+", text)]
    begin = max((stop for stop in ends if stop <= start), default=0)
    stop = min((stop for stop in ends if stop >= end), default=len(text))
    return text[begin:stop].strip()


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
