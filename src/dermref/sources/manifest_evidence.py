"""What one stored row says. Its evidence is the row with its own column names and every cell as it stood, which column
was read as which field, and what was given for every row: all that is needed to read it again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal, SkinTone, Statement
from dermref.model.manifest import IGNORED
from dermref.model.manifest import ManifestField as Field
from dermref.model.source import Source
from dermref.sources.credit_cues import find_cues
from dermref.sources.manifest_cells import years
from dermref.sources.manifest_columns import Matching
from dermref.sources.manifest_credit import others_in
from dermref.sources.manifest_rows import Given, values_of
from dermref.sources.reading import canonical, seen
from dermref.sources.words import load_words

FIRST_SCALE, FIRST_ASSESSOR = "not stated", "as the manifest says"  # what the first version took for granted
CREDITED = (Field.TITLE, Field.CREATOR, Field.CONTRIBUTOR, Field.RIGHTS_HOLDER, Field.ATTRIBUTION)
Values = Mapping[Field, str]


def row_document(cells: list[str], matching: Matching, given: Given, *, sha256: str, manifest: str) -> Document:
    """The evidence of one row. `sha256` (hex) is that of its file, `manifest` the name of the table."""
    body = {
        "columns": dict(matching.said),
        "given": dict(given),
        "row": dict(zip(matching.columns, cells, strict=True)),
        "sha256": sha256,
    }
    return Document(canonical(body), f"manifest:{manifest}")


def read(document: Document, source: Source) -> Harvested:
    """What one stored row says, also one of the first version, which had our own column names only."""
    stored = json.loads(document.body)
    is_first = "columns" not in stored
    values = _first_values(stored) if is_first else _values(stored)
    text, url = values.get(Field.LICENSE, ""), values.get(Field.LICENSE_URL)
    return Harvested(
        source_id=source.source_id,
        foreign_id=values[Field.FOREIGN_ID],
        landing_url=values[Field.LANDING_URL],
        file=FileRef(values[Field.FILE]),
        document=document,
        statements=(Statement(text, url),) if text or url else (),
        creator=values.get(Field.CREATOR),
        contributor=values.get(Field.CONTRIBUTOR) or values.get(Field.ATTRIBUTION),
        rights_holder=values.get(Field.RIGHTS_HOLDER) or values.get(Field.CREATOR),
        credit_line=values.get(Field.ATTRIBUTION) if Field.CONTRIBUTOR in values else None,
        citation=values.get(Field.CITATION),
        depiction=_depiction(values),
        metadata=stored
        if is_first
        else {**{str(field): text for field, text in values.items()}, "sha256": stored["sha256"]},
        doubts=() if is_first else tuple(_doubts(values, source)),
    )


def _values(stored: Mapping[str, Any]) -> Values:
    columns, row = stored["columns"], stored["row"]
    cells = {Field(field): row[name].strip() for name, field in columns.items() if field != IGNORED}
    return values_of(cells, tuple((Field(field), text) for field, text in stored["given"].items()))


def _first_values(stored: Mapping[str, Any]) -> Values:
    """A row of the first version, whose skin tones had no word of who saw them."""
    values = {Field(name): cell for name, cell in stored.items() if name in list(Field) and cell}
    tone = {Field.SKIN_TONE_SCALE: FIRST_SCALE, Field.SKIN_TONE_ASSESSED_BY: FIRST_ASSESSOR}
    return tone | values if Field.SKIN_TONE in values else values


def _depiction(values: Values) -> Depiction:
    modality = values.get(Field.MODALITY)
    age = values.get(Field.AGE)
    return Depiction(
        title=values.get(Field.TITLE),
        condition=values.get(Field.CONDITION),
        modality=load_words("manifest")["modality"].get(modality, modality),
        body_site=values.get(Field.BODY_SITE),
        age=years(age) if age else None,
        sex=values.get(Field.SEX),
        skin_tones=tuple(_tones(values)),
    )


def _tones(values: Values) -> Iterator[SkinTone]:
    """The tone with its scale and who saw it; a number as a table of numbers wrote it, without its zeros."""
    if tone := values.get(Field.SKIN_TONE):
        value = tone.removesuffix(".0")
        yield SkinTone(values[Field.SKIN_TONE_SCALE], value, values[Field.SKIN_TONE_ASSESSED_BY])


def _doubts(values: Values, source: Source) -> Iterator[Refusal]:
    """Words that may credit somebody whom the source's own terms do not speak for; the source's own credit is none."""
    own = seen(source.attribution or "")
    said = [values[field] for field in CREDITED if field in values and seen(values[field]) != own]
    cues = [cue for one in said for cue in find_cues(one)]
    if cues:
        yield Refusal("rights-in-caption", f"its words may credit somebody: “{cues[0].words}”")
    yield from others_in(values, source)
