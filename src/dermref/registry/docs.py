"""The page `docs/sources.md`: every source with its label, what it is treated as, and the phrases that decide."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from dermref.model.asking import Action
from dermref.model.source import Conflict, ManifestNeeds, Proof, Source, Term, TermDuty, Watermark
from dermref.registry.interfaces import interfaces_section
from dermref.registry.load import load_datasets, load_sources
from dermref.registry.ways import ways_section

BYTES_ACTIONS = set(Action) - {Action.LINK}
HEADING = """\
# The sources

<!-- Generated from src/dermref/registry by `dermref sources build --docs docs/sources.md`. Do not edit. -->

The {count} tracked sources, in the order of the page “Image sources & licenses”, and the data set releases after them.
For each: the label the page prints and what dermref treats it as, how far an image may travel (tier) and whether it may
be ingested (status), what its terms permit, ask or prohibit with the phrase each rests on, its duties, and the open
conflicts. Where nothing is said, the answer is “ask”. `LicenseRef-…` stands for the site's own terms.
"""


def sources_page() -> str:
    """The whole page as Markdown. Raises RegistryFaults."""
    tracked = load_sources()
    lines = [HEADING.format(count=len(tracked))]
    for label, group in groupby((*tracked, *load_datasets()), key=lambda source: source.group_label):
        members = list(group)
        lines.append(f"## {label} ({len(members)})\n")
        lines += ["\n".join(_source(source)) + "\n" for source in members]
    return "\n".join([*lines, *ways_section(), "", *interfaces_section(), ""])


def _source(source: Source) -> Iterator[str]:
    terms = source.terms
    yield f"### {source.name}\n"
    yield f"`{source.source_id}` · <{source.homepage_url}> · checked {source.checked}\n"
    yield f"- Printed label: {source.license_label}"
    treated = "Each item's own license; the row itself" if terms.per_item else "Treated as"
    yield f"- {treated}: `{terms.license_expression}`{_because(terms.proof)}"
    yield f"- Tier: {source.tier}; status: {source.status}"
    yield from _section("Terms", [_term(term) for term in terms.terms])
    yield from _section("Duties", [_duty(duty) for duty in terms.duties])
    if source.watermark:
        yield f"- {_watermark(source.watermark)}"
    if source.manifest:
        yield f"- {_manifest(source.manifest)}"
    if terms.ask:
        contact = terms.ask.contact
        yield "- Ask: " + ", ".join(part for part in (contact.name, contact.email, contact.url) if part)
    if source.attribution:
        yield f"- Credit: `{source.attribution}`"
    yield from _section("Lists", [f"`{one.source_id}`{_because(one.proof)}" for one in source.lists])
    yield from _section("Open conflicts", [_conflict(one) for one in terms.conflicts if one.cleared is None])


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"- {title}:"
        yield from (f"  - {line}" for line in lines)


def _term(term: Term) -> str:
    return f"**{term.effect}** {what_term(term)}{_because(term.proof)}"


def what_term(term: Term) -> str:
    """The actions of a term and whom it is limited to, such as `print, present (purpose: teaching)`."""
    actions = "everything but a link" if set(term.actions) == BYTES_ACTIONS else ", ".join(term.actions)
    limits = (("purpose", term.purposes), ("operator", term.operators), ("viewer", term.viewers))
    said = "; ".join(f"{name}: {', '.join(words)}" for name, words in limits if words)
    return f"{actions} ({said})" if said else actions


def _duty(duty: TermDuty) -> str:
    details = [duty.target, duty.target_url, duty.event, "on the same page" if duty.same_page else None, *duty.actions]
    said = [detail for detail in details if detail]
    return f"**{duty.code}**" + (f" ({', '.join(said)})" if said else "") + _because(duty.proof)


def _watermark(mark: Watermark) -> str:
    least, most = (f"{share:.0%}" for share in mark.widths)
    where = f"Watermark: looked for {', '.join(mark.places)}; {least} to {most} of the picture's width"
    return where + _because(mark.proof) + (f". {mark.note}" if mark.note else "")


def _manifest(manifest: ManifestNeeds) -> str:
    needed = f"each row needs {', '.join(f'`{name}`' for name in manifest.needs)}" if manifest.needs else ""
    given = ", ".join(f"`{name}` is `{text}`" for name, text in manifest.gives)
    said = "; ".join(part for part in (needed, f"where a row has none, {given}" if given else "") if part)
    return f"Manifest: {said}{_because(manifest.proof)}"


def _because(proof: Proof) -> str:
    read = ", ".join(place for place in (f"<{proof.url}>" if proof.url else None, proof.where) if place)
    return f": “{proof.phrase}” ({proof.basis}{'; ' + read if read else ''})"


def _conflict(conflict: Conflict) -> str:
    blocks = f" Until cleared, at best “ask”: {', '.join(conflict.blocks)}." if conflict.blocks else ""
    return f"**{conflict.severity}** {conflict.code}: “{conflict.quote}” {conflict.meaning}{blocks}"
