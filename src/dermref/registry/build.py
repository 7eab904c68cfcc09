"""The registry as one JSON document: what each row prints, word for word, and the structured terms behind it."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date

from dermref.model.source import Ask, CodeMeaning, ManifestNeeds, Proof, Source, SourceTerms
from dermref.registry.load import load_sources

ABOUT = (
    "Every tracked image source. Built by `dermref sources build` from src/dermref/registry/data; edit those files, "
    "never this one. The fields up to terms_url are the page's, word for word; rights is how dermref reads them."
)


def registry_json() -> str:
    """The document for all tracked sources: the same bytes from the same files. Raises RegistryFaults."""
    return as_json({"about": ABOUT, "sources": [source_row(source) for source in load_sources()]})


def as_json(value: object) -> str:
    """Indented UTF-8 JSON in the order given, with a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def source_row(source: Source) -> dict[str, object]:
    """One source: printed fields first, in the page's order and null where nothing is printed."""
    return printed_row(source) | {
        "kind": source.kind.value,
        "checked": source.checked.isoformat(),
        "rights": _rights(source.terms),
        "conflicts": plain(source.terms.conflicts),
        "ingest": plain(source.ingest),
        "expect": plain(source.expect),
        "watermark": plain(source.watermark),
        "manifest": _manifest(source.manifest) if source.manifest else None,
    }


def printed_row(source: Source) -> dict[str, object]:
    """The fields that the page prints, word for word."""
    return {
        "id": source.source_id,
        "name": source.name,
        "homepage": source.homepage,
        "license": source.license_label,
        "license_text": source.license_text,
        "group": source.group.value,
        "group_label": source.group_label,
        "status": source.status.value,
        "tier": source.tier.value,
        "notes": source.notes,
        "attribution": source.attribution,
        "contact": source.contact,
        "seed_line": source.seed_line,
        "terms_url": source.terms_url,
    }


def _rights(terms: SourceTerms) -> dict[str, object]:
    return {
        "license": terms.license_expression,
        "per_item": terms.per_item,
        **_proof(terms.proof),
        "terms": plain(terms.terms),
        "duties": plain(terms.duties),
        "ask": _ask(terms.ask) if terms.ask else None,
        "codes": {code: _code(meaning) for code, meaning in terms.codes},
    }


def _ask(ask: Ask) -> dict[str, object]:
    contact = _fields_of(ask.contact)
    return contact | {"names_image": ask.names_image, "nobody": list(ask.nobody)} | _proof(ask.proof)


def _manifest(manifest: ManifestNeeds) -> dict[str, object]:
    return {"needs": list(manifest.needs), "gives": dict(manifest.gives)} | _proof(manifest.proof)


def _code(meaning: CodeMeaning) -> dict[str, object]:
    return {"license": meaning.license_id} | _proof(meaning.proof)


def _proof(proof: Proof) -> dict[str, object]:
    return _fields_of(proof)


def plain(value: object) -> object:
    """`value` in JSON's own types. Fields that say nothing are left out, and a proof is folded into what it proves."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _fields_of(value)
    return value


def _fields_of(value: object) -> dict[str, object]:
    row: dict[str, object] = {}
    if not is_dataclass(value):
        raise TypeError(f"{value!r} is not one of the registry's values")
    for field in fields(value):
        held = getattr(value, field.name)
        if isinstance(held, Proof):
            row |= _proof(held)
        elif held is not None and held is not False and held != ():
            row[field.name] = plain(held)
    return row
