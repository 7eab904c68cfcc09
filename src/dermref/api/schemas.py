"""The shapes of the native API's answers, as its OpenAPI document shows them."""

from datetime import datetime
from typing import Any

from ninja import Schema


class FileOut(Schema):
    """One file that may be had; `size` is small, medium, large, original (as received) or copy (the same with its
    rights written in); `url` leads to the gate.

    A rendition is described as the JPEG that a client gets which asks for nothing else; `bytes` is null where rights
    are written into the file when it is sent.
    """

    size: str
    url: str
    media_type: str
    width: int
    height: int
    bytes: int | None


class LicenseOut(Schema):
    """A license; `declared` is the label as printed by the item or the registry. Where several hold or may be chosen,
    `expression` says how, and no single one's family, version and address stand for them."""

    id: str | None
    family: str | None
    version: str | None
    jurisdiction: str | None
    url: str | None
    known: bool
    reason: str | None
    declared: str
    expression: str | None = None


class AttributionOut(Schema):
    """The credit that must stand beside the image; `same_page`: on the very same page. `plain` says the same in a
    sentence of one style for every source."""

    text: str
    html: str
    markdown: str
    plain: str
    same_page: bool


class CitationOut(Schema):
    """A citation in a style: the reference with the attribution that goes with it, and that attribution alone."""

    style: str
    text: str
    html: str
    attribution: str


class SkinToneOut(Schema):
    """A skin tone on its scale, who assessed it, and what they say of that; null where they say nothing."""

    scale: str
    value: str
    assessed_by: str
    note: str | None


class ConditionRef(Schema):
    """The condition, and the words the source published."""

    slug: str
    label: str
    as_published: str
    xrefs: list[str]


class WrittenOut(Schema):
    """A grant in force that speaks of the image, until `day`, or a courtesy note that was sent on `day`."""

    kind: str
    day: str | None
    sha256: str
    granted_by: str | None
    quote: str | None


class EvidenceOut(Schema):
    """Where the license is recorded from; `sha256` is that of the stored document."""

    statement: str
    url: str
    retrieved_at: datetime
    sha256: str
    in_writing: list[WrittenOut]


class ImageOut(Schema):
    """An image. `allowed` gives the outcome for every action, no purpose named; `same_picture` are the ids of other
    images here that show the very same picture."""

    id: str
    source_id: str
    source_name: str
    foreign_id: str
    title: str | None
    landing_url: str
    files: list[FileOut]
    license: LicenseOut
    attribution: AttributionOut
    creator: str | None
    contributor: str | None
    rights_holder: str | None
    condition: ConditionRef | None
    modality: str | None
    body_site: str | None
    skin_tone: list[SkinToneOut]
    age: int | None
    sex: str | None
    width: int
    height: int
    sha256: str
    evidence: EvidenceOut
    same_picture: list[str]
    allowed: dict[str, str]


class ImagePage(Schema):
    """One page; `next` goes into `after`. A capped count means “more than”."""

    count: int
    count_is_capped: bool
    next: int | None
    results: list[ImageOut]


class DecisionOut(Schema):
    """One decision with its reasons and duties."""

    outcome: str
    action: str
    viewer: str
    purpose: str
    operator: str
    reasons: list[dict[str, Any]]
    duties: list[dict[str, Any]]
    contact: dict[str, Any] | None


class DecisionsOut(Schema):
    """What may be done with an image: one decision for each action."""

    id: str
    decisions: dict[str, DecisionOut]


class CauseOut(Schema):
    """One restriction of a set, and the ids of the images that bring it about."""

    outcome: str
    reason: dict[str, Any]
    members: list[str]


class MemberOut(Schema):
    """One image of a set with its own outcome: `unknown` where there is no such image."""

    id: str
    outcome: str


class SetDecisionOut(Schema):
    """The decision for a set: the strictest outcome, who causes it, all duties, and the licenses of a combined work.

    A member that is unknown permits nothing, so the outcome is `deny`.
    """

    outcome: str
    action: str
    viewer: str
    purpose: str
    operator: str
    causes: list[CauseOut]
    duties: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    licenses: list[str]
    members: list[MemberOut]


class RefusalOut(Schema):
    """Why an image may not be shown, and the page to link to instead."""

    id: str
    source_id: str
    landing_url: str
    decision: DecisionOut


class SourceOut(Schema):
    """A source; `treated_as` is the SPDX expression decisions use."""

    id: str
    name: str
    homepage: str | None
    terms_url: str | None
    license_label: str
    license_text: str
    treated_as: str
    per_item: bool
    group: str
    status: str
    tier: str
    notes: str
    attribution: str | None
    contact: str | None
    conflicts: list[dict[str, str]]
    images: int


class PointerOut(Schema):
    """A page of a source, with the credit that must stand beside the link. `url` is where the source wants links to
    lead; open it as a page of its own, never in a frame."""

    title: str
    url: str
    condition: str | None
    topic: str | None
    language: str | None
    needs_login: bool
    note: str | None
    credits: list[str]


class SourceDetail(SourceOut):
    """The same with links to its pages."""

    see_also: list[PointerOut]


class ConditionOut(Schema):
    """A condition and how many images of it you may see."""

    slug: str
    label: str
    images: int


class FacetValue(Schema):
    """One value of a filter."""

    value: str
    label: str
    images: int


class FacetsOut(Schema):
    """All filters with their values."""

    sources: list[FacetValue]
    licenses: list[FacetValue]
    conditions: list[FacetValue]
    modalities: list[FacetValue]
    body_sites: list[FacetValue]
