"""What can be cited of the catalogue and the registry, and its citations in every style and format.

Who asks gets no more than the gate shows them: an image is cited only as a value that it let through.
"""

from collections.abc import Sequence

from dermref.credit.citable import Citable, Work
from dermref.credit.citations import Cited, cite_all
from dermref.credit.datacite import Metadata, datacite
from dermref.credit.doi import read_doi
from dermref.credit.formats import CitationFile, Format, citation_file
from dermref.credit.notice import sufficient
from dermref.credit.plain import named
from dermref.credit.styles import style_named
from dermref.model.evidence import Refusal
from dermref.model.source import Source
from dermref.services.credits import credit_facts
from dermref.services.serving import Shown

PICTURE = "Image"


def citable_image(shown: Shown) -> Citable:
    """A shown image as it is cited: by whoever made it, else whoever gave it; as it was on the day it was read."""
    record = shown.record
    genre = _genre(record.modality)
    by = named(credit_facts(record))
    return Citable(
        Work.IMAGE,
        record.public_id,
        record.title or record.condition_as_published or genre,
        record.landing_url,
        record.evidence.retrieved_at.date(),
        authors=(by,) if by else (),
        publisher=shown.source.called,
        number=record.foreign_id,
        genre=genre,
        licenses=_licenses(shown.license_id),
        credit=shown.credit.text,
        credit_html=shown.credit.html,
    )


def citable_source(source: Source, *, link: str | None) -> Citable:
    """A source as it is cited, as on the day its terms were checked. `link` is where a link to it may lead; where it
    may lead nowhere, the citation has no address. A link that is a DOI is cited as one."""
    doi = read_doi(link or "")
    return Citable(
        Work.SOURCE,
        source.source_id,
        source.called,
        link or "",
        source.checked,
        doi=None if isinstance(doi, Refusal) else doi,
        licenses=() if source.terms.per_item else _licenses(source.terms.license_expression),
    )


def cited(citables: Sequence[Citable], style: str) -> Cited | Refusal:
    """The citation of one thing or the list of several, in the style of this key."""
    chosen = style_named(style)
    return chosen if isinstance(chosen, Refusal) else cite_all(citables, chosen)


def cited_file(citables: Sequence[Citable], asked: Format) -> CitationFile | Refusal:
    """The citation as a file. DataCite's metadata are checked against their schema."""
    if asked is Format.DATACITE and len(citables) == 1:
        checked = datacite_metadata(citables[0])
        if isinstance(checked, Refusal):
            return checked
    return citation_file(citables, asked)


def datacite_metadata(citable: Citable) -> Metadata | Refusal:
    """The metadata with which a DOI is registered: valid against DataCite's own schema, or the first reason why not."""
    from datacite import schema45  # takes half a second to import

    made = datacite(citable)
    if isinstance(made, Refusal):
        return made
    fault = next(iter(schema45.validator.iter_errors(made)), None)
    return Refusal("not-datacite", f"DataCite's schema does not take this: {fault.message[:300]}.") if fault else made


def _licenses(expression: str) -> tuple[tuple[str, str | None], ...]:
    """The licenses of which each alone is the whole truth, with their addresses."""
    return tuple((one.short, one.url) for one in sufficient(expression))


def _genre(modality: str) -> str:
    """“Dermoscopic image”, or the bare word where the source says no more."""
    return f"{modality[:1].upper()}{modality[1:]} {PICTURE.lower()}" if modality else PICTURE
