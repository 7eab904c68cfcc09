"""A tracked image source: its printed registry row, its structured terms, and what is in dispute about them."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.decision import Contact, DutyCode
from dermref.model.manifest import ManifestField
from dermref.model.media import Place

REMARK = re.compile(r" \([^()]*\)$")


class SourceKind(StrEnum):
    """`site` is one of the tracked sources; `dataset` is a data set release that a manifest brings in."""

    SITE = "site"
    DATASET = "dataset"


class Tier(StrEnum):
    """How far an image of this source may travel, as the registry prints it."""

    HOSTED = "hosted"
    DEV_ONLY = "dev-only"
    EXTERNAL_LINK_ONLY = "external-link-only"
    INSTITUTIONAL_ONLY = "institutional-only"


class Group(StrEnum):
    """The seven groups of the page "Image sources & licenses", in its order, and data set releases after them."""

    INTEGRATED = "integrated"
    READY = "ready"
    PLANNED = "planned"
    PENDING = "pending"
    PERSONAL = "personal"
    OFF_LIMITS = "off-limits"
    META = "meta"
    DATASET = "dataset"


class Status(StrEnum):
    """The status exactly as the registry prints it."""

    INTEGRATED = "Integrated"
    READY_TO_HOST = "Ready to host"
    READY_CONTACT_FIRST = "Ready (contact first)"
    READY_LINK_OUT = "Ready (link-out only)"
    PLANNED = "Planned"
    NEEDS_PERMISSION = "Needs permission"
    PARTNERSHIP = "Partnership target"
    PERSONAL = "Personal license"
    LOGIN = "Login required"
    INSTITUTIONAL = "Institutional license"
    OFF_LIMITS = "Off-limits"
    META = "Meta / index"


class Basis(StrEnum):
    """Whose words a fact rests on: the site's own, a curator's reading, or a consequence we derived."""

    SITE = "site"
    CURATOR = "curator"
    DERIVED = "derived"


class Effect(StrEnum):
    """What a term does to the actions it names."""

    PERMIT = "permit"
    ASK = "ask"
    PROHIBIT = "prohibit"


class LinkTarget(StrEnum):
    """Where a link-back must lead."""

    ITEM = "item"
    TOPIC = "topic"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Proof:
    """The phrase a fact rests on, whose words they are, where they were read and when.

    `where` names a place that has no address of its own, or says more exactly where on the page of `url`.
    """

    phrase: str
    basis: Basis
    checked: date
    url: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A permission, prohibition or "ask first" of the source. An empty condition means any."""

    code: str
    effect: Effect
    actions: tuple[Action, ...]
    proof: Proof
    purposes: tuple[Purpose, ...] = ()
    operators: tuple[OperatorKind, ...] = ()
    viewers: tuple[ViewerKind, ...] = ()

    def holds_for(self, action: Action, purpose: Purpose, operator: OperatorKind, viewer: ViewerKind) -> bool:
        """Whether this term speaks about exactly this question."""
        return (
            action in self.actions
            and (not self.purposes or purpose in self.purposes)
            and (not self.operators or operator in self.operators)
            and (not self.viewers or viewer in self.viewers)
        )


@dataclass(frozen=True, slots=True)
class TermDuty:
    """A duty that the source's terms add to those of the license. No actions means every action but `link`.

    `target_url` is the exact link where the terms name one that the registry row's homepage is not.
    """

    code: DutyCode
    proof: Proof
    actions: tuple[Action, ...] = ()
    target: LinkTarget | None = None
    same_page: bool = False
    event: str | None = None
    target_url: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom to ask for more than the terms give; `names_image` means the rights holder named on the image, unless that
    name is one of `nobody`, which name no one who could be asked."""

    contact: Contact
    proof: Proof
    names_image: bool = False
    nobody: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Words that contradict the registry row. Until a curator clears it, `blocks` are at best `ask`."""

    code: str
    severity: str
    evidence: str
    quote: str
    meaning: str
    suggestion: str
    url: str | None = None
    blocks: tuple[Action, ...] = ()
    cleared: date | None = None


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a source's own short license code means: a license id, and why we may say so."""

    license_id: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """Everything a decision needs to know of a source. `contact` is whom to write to when nothing else is said."""

    source_id: str
    tier: Tier
    status: Status
    group: Group
    license_expression: str
    per_item: bool
    proof: Proof
    contact: Contact
    terms: tuple[Term, ...] = ()
    duties: tuple[TermDuty, ...] = ()
    ask: Ask | None = None
    conflicts: tuple[Conflict, ...] = ()
    codes: tuple[tuple[str, CodeMeaning], ...] = ()


@dataclass(frozen=True, slots=True)
class Expect:
    """How many images the source plausibly has; adapter-neutral."""

    images: int
    minimum: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How a host wants to be asked: the seconds between two requests, and how many may be under way at once."""

    host: str
    seconds: float
    connections: int


@dataclass(frozen=True, slots=True)
class Ingest:
    """How the source is reached: facts an adapter or the door needs, none of them about rights but `block_bytes`.
    `local_originals` is the setting that names the folder where its files may lie already. `interfaces` are addresses
    made for programs, to which a robots.txt, which is for crawlers of pages, does not speak."""

    api_url: str | None = None
    landing_template: str | None = None
    image_route: str | None = None
    block_bytes: bool = False
    hosts: tuple[str, ...] = ()
    foreign_id_pattern: str | None = None
    local_originals: str | None = None
    interfaces: tuple[str, ...] = ()
    paces: tuple[Pace, ...] = ()


@dataclass(frozen=True, slots=True)
class Watermark:
    """Where a source that wants its watermark kept puts it, and how wide it is there as a share of the picture's width
    (least, most). How it looks is a curator's to give: a site's own mark is not part of this package."""

    places: tuple[Place, ...]
    widths: tuple[float, float]
    proof: Proof
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A tracked source that an index lists, in the index's own words."""

    source_id: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class ManifestNeeds:
    """What a manifest's rows need beyond what follows from the terms, and what every row of it has without saying so:
    `gives` are texts, in which `{foreign_id}` and `{stem}` (of the file's name) stand for the row's own."""

    proof: Proof
    needs: tuple[ManifestField, ...] = ()
    gives: tuple[tuple[ManifestField, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One row of the registry: what is printed, and the structured terms behind it."""

    source_id: str
    kind: SourceKind
    name: str
    homepage: str
    license_label: str
    license_text: str
    group: Group
    group_label: str
    status: Status
    tier: Tier
    notes: str
    attribution: str | None
    contact: str | None
    seed_line: int | None
    terms_url: str | None
    checked: date
    terms: SourceTerms
    expect: Expect | None
    ingest: Ingest
    watermark: Watermark | None = None
    manifest: ManifestNeeds | None = None
    attribution_yields: bool = False  # to the words that an item's author asks for, which else stand beside it
    attribution_other: str | None = None  # for an item under another license than the one that `attribution` spells out
    lists: tuple[Listed, ...] = ()  # for an index, which has no images of its own

    @property
    def keeps_watermark(self) -> bool:
        """Whether its terms want its watermark on every picture."""
        return any(duty.code is DutyCode.KEEP_WATERMARK for duty in self.terms.duties)

    @property
    def is_index(self) -> bool:
        """Whether it only leads to other sources."""
        return self.status is Status.META

    @property
    def called(self) -> str:
        """Its name as others write it: without the remark in brackets that the registry prints at the end of some."""
        return REMARK.sub("", self.name)

    @property
    def homepage_url(self) -> str:
        """The homepage as a link; the registry prints it without a scheme."""
        return homepage_url(self.homepage)


def homepage_url(homepage: str) -> str:
    """A printed homepage as a link."""
    return homepage if "://" in homepage else f"https://{homepage}"
