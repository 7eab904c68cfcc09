"""Every form in which a citation is handed over, with its media type and the name of its file. Pure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dermref.credit.bibtex import bibtex
from dermref.credit.cff import cff
from dermref.credit.citable import Citable
from dermref.credit.csl import csl_item, key_of
from dermref.credit.datacite import datacite
from dermref.credit.ris import ris
from dermref.model.evidence import Refusal

OF_ONE_THING = "of-one-thing"  # the code of the refusal to write about several what has room for one


class Format(StrEnum):
    """What a citation may be asked for as. The first two are for people and have a style; the others are files."""

    TEXT = "text"
    HTML = "html"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    CFF = "cff"
    DATACITE = "datacite"


FOR_PEOPLE = (Format.TEXT, Format.HTML)


@dataclass(frozen=True, slots=True)
class CitationFile:
    """A citation as a file; `name` is ASCII and safe anywhere."""

    text: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class _Kind:
    write: Callable[[Sequence[Citable]], str | Refusal]
    media_type: str
    suffix: str
    is_of_one: bool = False


def citation_file(citables: Sequence[Citable], asked: Format) -> CitationFile | Refusal:
    """The file of one thing or of several, of which there is at least one; some formats have room for one only."""
    kind = _KINDS[asked]
    if kind.is_of_one and len(citables) > 1:
        return Refusal(OF_ONE_THING, f"A file of the format {asked.value} is about one thing; ask for one at a time.")
    text = kind.write(citables)
    name = key_of(citables[0]) if len(citables) == 1 else "citations"
    return text if isinstance(text, Refusal) else CitationFile(text, kind.media_type, f"{name}{kind.suffix}")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _datacite(citables: Sequence[Citable]) -> str | Refusal:
    made = datacite(citables[0])
    return made if isinstance(made, Refusal) else _json(made)


_KINDS = {
    Format.BIBTEX: _Kind(lambda all_: "\n".join(map(bibtex, all_)), "application/x-bibtex", ".bib"),
    Format.RIS: _Kind(ris, "application/x-research-info-systems", ".ris"),
    Format.CSL_JSON: _Kind(
        lambda all_: _json([csl_item(one) for one in all_]), "application/vnd.citationstyles.csl+json", ".csl.json"
    ),
    Format.CFF: _Kind(lambda all_: cff(all_[0]), "application/yaml", ".cff", is_of_one=True),
    Format.DATACITE: _Kind(_datacite, "application/vnd.datacite.datacite+json", ".datacite.json", is_of_one=True),
}
