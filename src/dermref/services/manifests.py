"""What a curator does with a manifest before anything is taken: see which column is which, have every row checked, and
get an empty one with the columns that a source's terms need. It writes nothing to the catalogue."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dermref.model.decision import DutyCode
from dermref.model.deployment import Stopped
from dermref.model.manifest import ManifestField as Field
from dermref.model.source import LinkTarget, Source, Status, Tier
from dermref.registry.load import load_source
from dermref.sources.adapters import ADAPTERS
from dermref.sources.manifest import unconfirmed
from dermref.sources.manifest_check import Checked, RowFault, check_rows
from dermref.sources.manifest_columns import Matching, match_columns
from dermref.sources.manifest_needs import given_by, needs_of, remarks_on
from dermref.sources.manifest_table import Sheet, open_sheet

__all__ = [
    "Checked",
    "Columns",
    "Format",
    "Matching",
    "RowFault",
    "Template",
    "check",
    "read_columns",
    "refuse_beside_adapter",
    "template",
]

OPTIONAL = {
    Field.TITLE: "optional: what the picture is called",
    Field.CREATOR: "optional: who made it; named in its credit",
    Field.ATTRIBUTION: "optional: the credit in the words that are asked for; beside a contributor it is printed too",
    Field.CONDITION: "optional: the diagnosis in the source’s own words",
    Field.MODALITY: "optional: dermoscopic, clinical, histopathology, …",
    Field.BODY_SITE: "optional: where on the body",
    Field.SKIN_TONE_SCALE: "optional: the scale of skin_tone, such as Fitzpatrick; needed where there is one",
    Field.SKIN_TONE: "optional: the skin tone, never without its scale and who saw it",
    Field.SKIN_TONE_ASSESSED_BY: "optional: who judged skin_tone; needed where there is one",
    Field.AGE: "optional: whole years",
    Field.SEX: "optional: the sex in the source’s own words",
}


class Format(StrEnum):
    """How a template is written."""

    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Columns:
    """A manifest that can be read, and which of its columns is which field."""

    source: Source
    sheet: Sheet
    matching: Matching
    chosen: tuple[tuple[str, str], ...]

    @property
    def meant(self) -> tuple[tuple[str, str], ...]:
        """What was confirmed: every column, or only what somebody said of some where the rest is still in doubt."""
        return self.chosen if self.matching.faults else self.matching.said

    @property
    def question(self) -> str:
        """What to say where somebody has to confirm the columns, and cannot be asked."""
        return unconfirmed(self.matching)


@dataclass(frozen=True, slots=True)
class Template:
    """The columns of a source's manifest, each with why it is there, and what to know besides."""

    columns: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]

    def written(self, how: Format) -> str:
        """The file, without any row: for JSON lines one object whose values are to be filled in."""
        names = [name for name, _ in self.columns]
        if how is Format.JSONL:
            return json.dumps(dict.fromkeys(names, ""), ensure_ascii=False)
        return {Format.CSV: ",", Format.TSV: "\t"}[how].join(names)


def read_columns(source_id: str, manifest: Path, chosen: Mapping[str, str], *, is_granted: bool = False) -> Columns:
    """Match the columns of a manifest. `is_granted` tells that a grant in force lets the source's bytes be stored.
    Raises Stopped for what is no table, or for a source that is never held or has to be asked itself."""
    source = load_source(source_id)
    _refuse_never_held(source, is_granted=is_granted)
    refuse_beside_adapter(source)
    sheet = open_sheet(manifest)
    return Columns(source, sheet, match_columns(sheet.columns, chosen), tuple(chosen.items()))


def check(columns: Columns, on_fault: Callable[[RowFault], None]) -> Checked:
    """Check every row; `on_fault` is told every fault as it is found."""
    return check_rows(columns.sheet, columns.matching, columns.source, on_fault=on_fault)


def template(source_id: str, *, is_granted: bool = False) -> Template:
    """The columns that a source's manifest needs, then those that tell what a picture shows. Raises Stopped where the
    source's images are never held, unless a grant in force lets them be stored, or where it has to be asked itself."""
    source = load_source(source_id)
    _refuse_never_held(source, is_granted=is_granted)
    refuse_beside_adapter(source)
    given = dict(given_by(source))
    needed: dict[str, str] = {}
    for need in needs_of(source):
        if not any(field in given for field in need.fields):
            why = f"{need.why}: “{need.phrase}”" if need.phrase else need.why
            alone = len(need.fields) == 1
            needed |= {str(field): why if alone else f"{need.named}: {why}" for field in need.fields}
    optional = {str(field): why for field, why in OPTIONAL.items() if field not in given}
    told = [f"{field} may be left out: each row has “{text}”." for field, text in given.items()]
    return Template(tuple((needed | {k: v for k, v in optional.items() if k not in needed}).items()),
                    (*remarks_on(source), *told))  # fmt: skip


def refuse_beside_adapter(source: Source) -> None:
    """Raises Stopped where a manifest would be a way around what the source's own adapter reads on its pages: that a
    picture with its watermark is the topic's that its link leads to, and credited to nobody else."""
    links_topic = any(one.code is DutyCode.LINK_BACK and one.target is LinkTarget.TOPIC for one in source.terms.duties)
    if source.source_id in ADAPTERS and source.keeps_watermark and links_topic:
        raise Stopped(
            f"{source.source_id} asks for its watermark and a link to each picture’s topic, which its own pages tell"
            f" and no manifest; use “dermref ingest {source.source_id}”."
        )


def _refuse_never_held(source: Source, *, is_granted: bool) -> None:
    """Whatever else a source may lack, these have no images to bring in. What it lacks besides, the ingest says."""
    if source.status is Status.META:
        raise Stopped(f"{source.source_id} is an index, and has no images of its own to bring in.")
    if source.tier is Tier.EXTERNAL_LINK_ONLY and not is_granted:
        raise Stopped(
            f"{source.source_id} is {source.tier}: its bytes are never stored, only links; make links of the rows with"
            f" “dermref links import {source.source_id} FILE”."
        )
