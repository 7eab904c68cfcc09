"""What the rows of a source's manifest must say, derived from its terms: where its license stands, what its credit is
filled with, where its link leads. One place for the check and for the template."""

import string
from collections.abc import Iterator
from dataclasses import dataclass

from dermref.model.decision import DutyCode
from dermref.model.manifest import ManifestField as Field
from dermref.model.source import LinkTarget, Source
from dermref.sources.words import load_words

ALWAYS = (
    (Field.FILE, "the picture, by its path below the manifest’s folder"),
    (Field.FOREIGN_ID, "the item’s id at its source, which is its name here for good"),
    (Field.LANDING_URL, "the page that the picture links to"),
)
LEADS = {
    LinkTarget.ITEM: "the item’s own page, to which its terms ask to link",
    LinkTarget.TOPIC: "the page of the topic, to which its terms ask to link",
    LinkTarget.HOME: "the item’s page; the link that its terms ask for leads to the home page",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One of `fields` must stand in every row; why, and the source's words for it where there are any."""

    fields: tuple[Field, ...]
    why: str
    phrase: str | None = None

    @property
    def named(self) -> str:
        """The columns that would do, for a sentence."""
        return " or ".join(f"“{field}”" for field in self.fields)


def needs_of(source: Source) -> tuple[Need, ...]:
    """Everything a row must say, the columns every manifest has first; each set of columns once."""
    found: dict[tuple[Field, ...], Need] = {}
    for need in (*_duties(source), *_always(source), *_statement(source), *_credit(source), *_own(source)):
        found.setdefault(need.fields, need)
    order = [(field,) for field, _ in ALWAYS]
    return tuple(
        sorted(found.values(), key=lambda need: order.index(need.fields) if need.fields in order else len(order))
    )


def given_by(source: Source) -> tuple[tuple[Field, str], ...]:
    """What a row has without saying so: templates with `{foreign_id}` and `{stem}`."""
    landing = source.ingest.landing_template
    gives = dict(source.manifest.gives) if source.manifest else {}
    return tuple(({Field.LANDING_URL: landing} | gives if landing else gives).items())


def fields_of_credit(source: Source) -> frozenset[Field]:
    """The fields that its credit is filled with."""
    return frozenset(field for need in _credit(source) for field in need.fields)


def remarks_on(source: Source) -> tuple[str, ...]:
    """What the files themselves must be like, one sentence each."""
    marks = [duty.proof for duty in source.terms.duties if duty.code is DutyCode.KEEP_WATERMARK]
    return tuple(f"The files bear the source’s mark, whole and untouched: “{one.phrase}”." for one in marks)


def _always(source: Source) -> Iterator[Need]:
    yield from (Need((field,), why) for field, why in ALWAYS)


def _statement(source: Source) -> Iterator[Need]:
    if source.terms.per_item:
        why = "each item states its own license, and the source’s never stands in for it"
        yield Need((Field.LICENSE, Field.LICENSE_URL), why, source.terms.proof.phrase)


def _credit(source: Source) -> Iterator[Need]:
    fills = load_words("manifest")["placeholders"]
    for template in (source.attribution, source.attribution_other):
        for _, name, _, _ in string.Formatter().parse(template or ""):
            if name and fills[name]:
                yield Need(tuple(Field(one) for one in fills[name]), f"its credit is filled with {{{name}}}", template)


def _duties(source: Source) -> Iterator[Need]:
    for duty in source.terms.duties:
        if duty.code is DutyCode.LINK_BACK and duty.target:
            yield Need((Field.LANDING_URL,), LEADS[duty.target], duty.proof.phrase)


def _own(source: Source) -> Iterator[Need]:
    if source.manifest:
        why = "the source’s terms need it"
        yield from (Need((field,), why, source.manifest.proof.phrase) for field in source.manifest.needs)
