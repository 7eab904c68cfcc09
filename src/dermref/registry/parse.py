"""From one TOML file to a `Source`: reads every key, judges none of them together (that is `coherence.py`)."""

import re
from dataclasses import replace
from datetime import date
from enum import StrEnum

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.decision import Contact, DutyCode
from dermref.model.manifest import ManifestField
from dermref.model.media import Place
from dermref.model.source import (
    Ask,
    Basis,
    CodeMeaning,
    Conflict,
    Effect,
    Expect,
    Group,
    Ingest,
    LinkTarget,
    Listed,
    ManifestNeeds,
    Pace,
    Proof,
    Source,
    SourceKind,
    SourceTerms,
    Status,
    Term,
    TermDuty,
    Tier,
    Watermark,
    homepage_url,
)
from dermref.registry.table import Table

INTERFACE = re.compile(r"https://[a-z0-9.-]+/\S*")  # a host alone would be the beginning of others


class ConflictSeverity(StrEnum):
    """How much depends on clearing a conflict."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def parse_source(table: Table) -> Source:
    """The source that a file's top-level table describes; what is wrong lands in `table.faults`."""
    checked = table.day("checked")
    name, homepage, contact = table.text("name"), table.text("homepage"), table.maybe_text("contact")
    terms = _source_terms(table, checked=checked, contact=_contact(name, homepage, contact))
    source = Source(
        source_id=terms.source_id,
        kind=table.maybe_choice("kind", of=SourceKind) or SourceKind.SITE,
        name=name,
        homepage=homepage,
        license_label=table.text("license"),
        license_text=table.text("license_text"),
        group=terms.group,
        group_label=table.text("group_label"),
        status=terms.status,
        tier=terms.tier,
        notes=table.text("notes"),
        attribution=table.maybe_text("attribution"),
        attribution_yields=table.maybe_flag("attribution_yields"),
        attribution_other=table.maybe_text("attribution_other"),
        contact=contact,
        seed_line=table.maybe_number("seed_line"),
        terms_url=table.maybe_text("terms_url"),
        checked=checked,
        terms=terms,
        expect=_expect(table.maybe_table("expect")),
        ingest=_ingest(table.maybe_table("ingest")),
        watermark=_watermark(table.maybe_table("watermark"), checked=checked),
        lists=tuple(_listed(one, checked=checked) for one in table.tables("lists")),
        manifest=_manifest(table.maybe_table("manifest"), checked=checked),
    )
    table.refuse_unknown_keys()
    return source


def _source_terms(table: Table, *, checked: date, contact: Contact) -> SourceTerms:
    rights = table.table("rights")
    asked = rights.maybe_table("ask")
    terms = SourceTerms(
        source_id=table.text("id"),
        tier=table.choice("tier", of=Tier),
        status=table.choice("status", of=Status),
        group=table.choice("group", of=Group),
        license_expression=rights.text("license"),
        per_item=rights.flag("per_item"),
        proof=_proof(rights, checked=checked),
        contact=contact,
        terms=tuple(_term(one, checked=checked) for one in rights.tables("terms")),
        duties=tuple(_duty(one, checked=checked) for one in rights.tables("duties")),
        ask=_ask(asked, checked=checked) if asked else None,
        conflicts=tuple(_conflict(one) for one in table.tables("conflicts")),
        codes=tuple((name, _code(one, checked=checked)) for name, one in rights.named_tables("codes")),
    )
    rights.refuse_unknown_keys()
    return terms


def _contact(name: str, homepage: str, contact: str | None) -> Contact:
    """Whom the row names, by an address where that is all it says; else the source itself. Its homepage leads there."""
    is_address = contact is not None and re.fullmatch(r"[^@\s]+@[^@\s]+", contact)
    named = name if contact is None or is_address else contact
    return Contact(named, contact if is_address else None, homepage_url(homepage))


def _proof(table: Table, *, checked: date) -> Proof:
    """A fact that names no day of its own was checked on the file's day."""
    return Proof(
        phrase=table.text("phrase"),
        basis=table.choice("basis", of=Basis),
        checked=table.maybe_day("checked") or checked,
        url=table.maybe_text("url"),
        where=table.maybe_text("where"),
    )


def _term(table: Table, *, checked: date) -> Term:
    term = Term(
        code=table.text("code"),
        effect=table.choice("effect", of=Effect),
        actions=table.choices("actions", of=Action),
        proof=_proof(table, checked=checked),
        purposes=table.choices("purposes", of=Purpose),
        operators=table.choices("operators", of=OperatorKind),
        viewers=table.choices("viewers", of=ViewerKind),
    )
    _refuse_empty_lists(table, keys=("actions", "purposes", "operators", "viewers"))
    table.refuse_unknown_keys()
    return term


def _refuse_empty_lists(table: Table, *, keys: tuple[str, ...]) -> None:
    """An empty condition would mean "any", so it is never written down."""
    for key in keys:
        if table.values.get(key) == []:
            table.fault(key, text="is an empty list")
    if "actions" in keys and "actions" not in table.values:
        table.fault("actions", text="is missing")


def _duty(table: Table, *, checked: date) -> TermDuty:
    duty = TermDuty(
        code=table.choice("code", of=DutyCode),
        proof=_proof(table, checked=checked),
        actions=table.choices("actions", of=Action),
        target=table.maybe_choice("target", of=LinkTarget),
        same_page=table.maybe_flag("same_page"),
        event=table.maybe_text("event"),
        target_url=table.maybe_text("target_url"),
    )
    table.refuse_unknown_keys()
    return duty


def _ask(table: Table, *, checked: date) -> Ask:
    """`url` is the address to ask at, which proves nothing; the proof's own place is told by `where`."""
    proof = replace(_proof(table, checked=checked), url=None)
    contact = Contact(table.text("name"), table.maybe_text("email"), table.maybe_text("url"))
    ask = Ask(
        contact=contact,
        proof=proof,
        names_image=table.maybe_flag("names_image"),
        nobody=table.words("nobody") if table.has("nobody") else (),
    )
    table.refuse_unknown_keys()
    return ask


def _code(table: Table, *, checked: date) -> CodeMeaning:
    meaning = CodeMeaning(license_id=table.text("license"), proof=_proof(table, checked=checked))
    table.refuse_unknown_keys()
    return meaning


def _conflict(table: Table) -> Conflict:
    conflict = Conflict(
        code=table.text("code"),
        severity=table.choice("severity", of=ConflictSeverity),
        evidence=table.text("evidence"),
        quote=table.text("quote"),
        meaning=table.text("meaning"),
        suggestion=table.text("suggestion"),
        url=table.maybe_text("url"),
        blocks=table.choices("blocks", of=Action),
        cleared=table.maybe_day("cleared"),
    )
    table.refuse_unknown_keys()
    return conflict


def _listed(table: Table, *, checked: date) -> Listed:
    listed = Listed(table.text("source_id"), _proof(table, checked=checked))
    table.refuse_unknown_keys()
    return listed


def _expect(table: Table | None) -> Expect | None:
    if table is None:
        return None
    expect = Expect(images=table.number("images"), minimum=table.number("minimum"), phrase=table.text("phrase"))
    table.refuse_unknown_keys()
    return expect


def _ingest(table: Table | None) -> Ingest:
    if table is None:
        return Ingest()
    for address in table.words("interfaces"):
        if not INTERFACE.fullmatch(address):
            table.fault("interfaces", text=f"“{address}” is no https address with a path")
    ingest = Ingest(
        api_url=table.maybe_text("api_url"),
        landing_template=table.maybe_text("landing_template"),
        image_route=table.maybe_text("image_route"),
        block_bytes=table.maybe_flag("block_bytes"),
        hosts=table.words("hosts"),
        foreign_id_pattern=table.maybe_text("foreign_id_pattern"),
        local_originals=table.maybe_text("local_originals"),
        interfaces=table.words("interfaces"),
        paces=tuple(_pace(host, pace) for host, pace in table.named_tables("paces")),
    )
    table.refuse_unknown_keys()
    return ingest


def _pace(host: str, table: Table) -> Pace:
    pace = Pace(host, table.number("milliseconds") / 1000, table.number("connections"))
    if pace.seconds < 0 or pace.connections < 1:
        table.fault("connections", text="must be at least 1, and milliseconds at least 0")
    table.refuse_unknown_keys()
    return pace


def _watermark(table: Table | None, *, checked: date) -> Watermark | None:
    if table is None:
        return None
    watermark = Watermark(
        places=table.choices("places", of=Place),
        widths=table.span("widths"),
        proof=_proof(table, checked=checked),
        note=table.maybe_text("note"),
    )
    table.refuse_unknown_keys()
    return watermark


def _manifest(table: Table | None, *, checked: date) -> ManifestNeeds | None:
    if table is None:
        return None
    given = table.maybe_table("gives")
    manifest = ManifestNeeds(
        proof=_proof(table, checked=checked),
        needs=table.choices("needs", of=ManifestField),
        gives=tuple((name, given.text(name)) for name in ManifestField if given.has(name)) if given else (),
    )
    if given:
        given.refuse_unknown_keys()
    table.refuse_unknown_keys()
    return manifest
