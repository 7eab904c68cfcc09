"""The credit of a record, and whether a source's images can have one."""

from functools import cache
from typing import Protocol

from dermref.catalog.reading import ImageRecord
from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.model.decision import Decision
from dermref.model.evidence import Refusal
from dermref.model.source import Source
from dermref.rights import Question, decide_unrecorded
from dermref.rights.facts import License
from dermref.services.rulings import all_sources


class Creditable(Protocol):
    """A record with what a credit is made of."""

    @property
    def foreign_id(self) -> str: ...  # noqa: D102 (as in an ImageRecord)
    @property
    def landing_url(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def creator(self) -> str: ...  # noqa: D102
    @property
    def contributor(self) -> str: ...  # noqa: D102
    @property
    def credit_line(self) -> str | None: ...  # noqa: D102
    @property
    def citation(self) -> str | None: ...  # noqa: D102


def credit_of(record: ImageRecord, source: Source, licenses: tuple[License, ...]) -> Credit | Refusal:
    """The credit that must stand beside the image."""
    return attribution(source, licenses, credit_facts(record))


def credit_facts(record: Creditable) -> CreditFacts:
    """What the record knows for its credit."""
    return CreditFacts(
        foreign_id=record.foreign_id,
        landing_url=record.landing_url,
        title=record.title or None,
        creator=record.creator or None,
        contributor=record.contributor or None,
        credit_line=record.credit_line,
        citation=record.citation,
    )


def decide_uncredited(refusal: Refusal, source: Source, question: Question) -> Decision:
    """The decision where the credit cannot be given, whatever the license allows: no, but for a link."""
    return decide_unrecorded(refusal, source.terms, question, lacking="its credit")


@cache
def is_creditable(source_id: str) -> bool:
    """Whether the fullest record of this source could carry its credit; if not, the gate refuses every image of it."""
    words = {"title": "title", "creator": "name", "contributor": "name", "citation": "article"}
    whole = CreditFacts("id", "https://example.org/", **words)
    return not isinstance(attribution(all_sources()[source_id], (), whole), Refusal)
