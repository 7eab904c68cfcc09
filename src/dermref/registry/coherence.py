"""Whether the fields of one registry file agree with each other; each rule notes every fault it finds."""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dermref.model.asking import Action
from dermref.model.decision import DutyCode
from dermref.model.manifest import ManifestField
from dermref.model.source import Effect, Group, Source, SourceKind, Term
from dermref.registry.faults import Fault
from dermref.registry.rules import table_rule, text_rule, words_rule

Note = Callable[[str, str], None]
"""Takes the field and the sentence."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and the fields it reads; it is silent where one of them is faulty already."""

    holds: Callable[[Source, Note], None]
    reads: tuple[str, ...]


def incoherent(source: Source, *, file: str, stem: str, known: Sequence[Fault]) -> list[Fault]:
    """The faults of `source`, read from the file `<stem>.toml` with the `known` faults, beyond those."""
    found: list[Fault] = []

    def note(field: str, text: str) -> None:
        found.append(Fault(file, field, text))

    if source.source_id != stem and not _touches(known, field="id"):
        note("id", f"“{source.source_id}” is not the name of its file, “{stem}”")
    for rule in RULES:
        if not any(_touches(known, field=field) for field in rule.reads):
            rule.holds(source, note)
    return found


def _touches(faults: Sequence[Fault], *, field: str) -> bool:
    """Whether a fault lies on `field`, inside it, or on a table around it."""
    return any(_is_inside(fault.field, of=field) or _is_inside(field, of=fault.field) for fault in faults)


def _is_inside(field: str, *, of: str) -> bool:
    return field == of or field.startswith((f"{of}.", f"{of}["))


def _kind(source: Source, note: Note) -> None:
    is_dataset = source.kind is SourceKind.DATASET
    if is_dataset != (source.group is Group.DATASET):
        note("kind", f"“{source.kind}” does not go with the group “{source.group}”")
    if is_dataset == (source.seed_line is not None):
        note("seed_line", "stands in the file of every tracked source, and of no data set release")


def _label(source: Source, note: Note) -> None:
    label = text_rule("groups", source.group, "label")
    if source.group_label != label:
        note("group_label", f"“{source.group_label}” is not the label of the group “{source.group}”, “{label}”")


def _status(source: Source, note: Note) -> None:
    statuses = table_rule("groups", source.group, "statuses")
    if source.status not in statuses:
        note("status", f"“{source.status}” does not stand in the group “{source.group}”: {', '.join(statuses)}")


def _tier(source: Source, note: Note) -> None:
    if source.status not in table_rule("groups", source.group, "statuses"):
        return
    tiers = words_rule("groups", source.group, "statuses", source.status)
    if source.tier not in tiers:
        note("tier", f"“{source.tier}” does not go with the status “{source.status}”: {', '.join(tiers)}")


def _lists(source: Source, note: Note) -> None:
    if source.lists and not source.is_index:
        note("lists", f"only an index lists other sources, and this source is “{source.status}”")


def _templates(source: Source, note: Note) -> None:
    known = words_rule("credit_placeholders")
    _placeholders(source.attribution, field="attribution", known=known, note=note)
    _placeholders(source.attribution_other, field="attribution_other", known=known, note=note)
    landing = source.ingest.landing_template
    _placeholders(landing, field="ingest.landing_template", known=words_rule("landing_placeholders"), note=note)


def _placeholders(template: str | None, *, field: str, known: tuple[str, ...], note: Note) -> None:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(template or "") if name is not None]
    except ValueError as error:
        note(field, f"is not a template: {error}")
        return
    for name in names:
        if name not in known:
            note(field, f"“{{{name}}}” is not a known placeholder: {', '.join(known)}")


def _license(source: Source, note: Note) -> None:
    for part in source.terms.license_expression.split(" AND "):
        _license_id(part, own=source.source_id, field="rights.license", note=note)
    for code, meaning in source.terms.codes:
        _license_id(meaning.license_id, own=source.source_id, field=f"rights.codes.{code}.license", note=note)


def _license_id(part: str, *, own: str, field: str, note: Note) -> None:
    prefix = text_rule("site_terms_prefix")
    if part.startswith(prefix):
        if part != prefix + own:
            note(field, f"“{part}” are not this source's own terms, “{prefix}{own}”")
    elif not re.fullmatch(text_rule("versioned_license"), part):
        note(field, f"“{part}” is neither an SPDX id with a version nor “{prefix}{own}”")


def _permits(source: Source, note: Note) -> None:
    viewers = table_rule("permitted_viewers").get(source.tier)
    for index, term in enumerate(source.terms.terms):
        field = f"rights.terms[{index}]"
        if term.effect is not Effect.PERMIT or set(term.actions) == {Action.LINK}:
            continue
        if source.terms.per_item:
            note(field, "permits bytes although per_item is true: each item's own license decides")
        if viewers == []:
            note(field, f"permits bytes although the tier is “{source.tier}”")
        elif isinstance(viewers, list) and [str(viewer) for viewer in term.viewers] != viewers:
            note(f"{field}.viewers", f"must be exactly {', '.join(viewers)}, because the tier is “{source.tier}”")


def _contradictions(source: Source, note: Note) -> None:
    """No term permits for anybody what another forbids to everybody the first speaks to: it would never count."""
    terms = source.terms.terms
    for index, term in enumerate(terms):
        if term.effect is not Effect.PERMIT:
            continue
        for ban in (one for one in terms if one.effect is Effect.PROHIBIT):
            for action in (action for action in term.actions if action in ban.actions and _covers(ban, term)):
                note(f"rights.terms[{index}]", f"permits “{action}”, which “{ban.code}” forbids altogether")


def _covers(ban: Term, term: Term) -> bool:
    """Whether a ban speaks to everybody that a permission speaks to; an empty condition means any."""
    pairs: tuple[tuple[tuple[object, ...], tuple[object, ...]], ...] = (
        (ban.purposes, term.purposes),
        (ban.operators, term.operators),
        (ban.viewers, term.viewers),
    )
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in pairs)


def _per_item(source: Source, note: Note) -> None:
    if source.terms.codes and not source.terms.per_item:
        note("rights.codes", "give items' license codes a meaning, but per_item is false")


def _duties(source: Source, note: Note) -> None:
    for index, duty in enumerate(source.terms.duties):
        if (duty.code is DutyCode.LINK_BACK) != (duty.target is not None):
            note(f"rights.duties[{index}].target", f"goes with “{DutyCode.LINK_BACK}”, and only with it")
        if (duty.code is DutyCode.DELETE_ON) != (duty.event is not None):
            note(f"rights.duties[{index}].event", f"goes with “{DutyCode.DELETE_ON}”, and only with it")


def _codes_once(source: Source, note: Note) -> None:
    for field, codes in (
        ("rights.terms", [term.code for term in source.terms.terms]),
        ("conflicts", [conflict.code for conflict in source.terms.conflicts]),
    ):
        for code in [code for code, times in Counter(codes).items() if times > 1]:
            note(field, f"“{code}” stands twice")


def _ingest(source: Source, note: Note) -> None:
    try:
        re.compile(source.ingest.foreign_id_pattern or "")
    except re.error as error:
        note("ingest.foreign_id_pattern", f"is not a regular expression: {error}")
    if not re.fullmatch(r"[A-Z]+(_[A-Z]+)*_IMAGES_PATH", source.ingest.local_originals or "X_IMAGES_PATH"):
        note("ingest.local_originals", "names a setting such as ISIC_IMAGES_PATH")
    if source.expect and source.expect.minimum > source.expect.images:
        note("expect.minimum", "is more than the expected number of images")


def _watermark(source: Source, note: Note) -> None:
    if (source.watermark is not None) != source.keeps_watermark:
        note("watermark", f"goes with the duty “{DutyCode.KEEP_WATERMARK}”, and only with it")
    if source.watermark is not None and not source.watermark.places:
        note("watermark.places", "names no place")


def _manifest(source: Source, note: Note) -> None:
    """A row's license is the row's own to state, and its id or its file comes from the other, never both."""
    if source.manifest is None:
        return
    gives, known = dict(source.manifest.gives), words_rule("manifest_placeholders")
    if not gives and not source.manifest.needs:
        note("manifest", "neither needs nor gives anything")
    for name, text in gives.items():
        _placeholders(text, field=f"manifest.gives.{name}", known=known, note=note)
        if name in words_rule("manifest_never_given"):
            note(f"manifest.gives.{name}", "is for each row to state")
        if name in source.manifest.needs:
            note(f"manifest.gives.{name}", "is needed of the row, and given")
    if {ManifestField.FILE, ManifestField.FOREIGN_ID} <= gives.keys():
        note("manifest.gives", "gives the file by the id and the id by the file")


RULES = (
    Rule(_kind, reads=("kind", "group", "seed_line")),
    Rule(_label, reads=("group", "group_label")),
    Rule(_status, reads=("group", "status")),
    Rule(_tier, reads=("group", "status", "tier")),
    Rule(_templates, reads=("attribution", "attribution_other", "ingest.landing_template")),
    Rule(_license, reads=("id", "rights.license", "rights.codes")),
    Rule(_permits, reads=("tier", "rights.per_item", "rights.terms")),
    Rule(_contradictions, reads=("rights.terms",)),
    Rule(_per_item, reads=("rights.per_item", "rights.codes")),
    Rule(_duties, reads=("rights.duties",)),
    Rule(_codes_once, reads=("rights.terms", "conflicts")),
    Rule(_lists, reads=("status", "lists")),
    Rule(_watermark, reads=("rights.duties", "watermark")),
    Rule(_manifest, reads=("manifest",)),
    Rule(_ingest, reads=("ingest.foreign_id_pattern", "ingest.local_originals", "expect")),
)
