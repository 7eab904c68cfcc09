"""The answer to "may I?": an outcome with its reasons and duties. A refusal is one of these, never an exception."""

from dataclasses import dataclass
from enum import StrEnum

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind


class Outcome(StrEnum):
    """`ask` means nobody forbade it and nobody permitted it."""

    ALLOW = "allow"
    ALLOW_WITH_DUTIES = "allow_with_duties"
    ASK = "ask"
    DENY = "deny"


class EvidenceKind(StrEnum):
    """Which of the three kinds of fact, or which ruling, a reason rests on."""

    LICENSE = "license"
    SOURCE_TERMS = "source_terms"
    ITEM = "item"
    GRANT = "grant"
    HOLD = "hold"


class DutyCode(StrEnum):
    """What a permitted use asks in return."""

    ATTRIBUTE = "attribute"
    LINK_BACK = "link_back"
    LINK_LICENSE = "link_license"
    KEEP_WATERMARK = "keep_watermark"
    NO_MODIFICATION = "no_modification"
    SHARE_ALIKE = "share_alike"
    INDICATE_CHANGES = "indicate_changes"
    NO_PAYWALL = "no_paywall"
    NOTIFY_COURTESY = "notify_courtesy"
    DELETE_ON = "delete_on"


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """What a reason points at: the very phrase, and where it stands."""

    kind: EvidenceKind
    quote: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code, one plain sentence, and its evidence."""

    code: str
    text: str
    evidence: EvidenceRef


@dataclass(frozen=True, slots=True)
class Duty:
    """One machine-checkable duty; `detail` is its exact value (a URL, a link target, a license set, an event)."""

    code: DutyCode
    text: str
    detail: str | None = None
    same_page: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask. One of `email` and `url` may be known; sometimes only a name is."""

    name: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one question about one policy."""

    outcome: Outcome
    action: Action
    viewer: ViewerKind
    purpose: Purpose
    operator: OperatorKind
    reasons: tuple[Reason, ...]
    duties: tuple[Duty, ...] = ()
    contact: Contact | None = None

    @property
    def is_allowed(self) -> bool:
        """True when the use may go ahead, with or without duties."""
        return self.outcome in (Outcome.ALLOW, Outcome.ALLOW_WITH_DUTIES)


@dataclass(frozen=True, slots=True)
class Cause:
    """One restriction of a set: the outcome and reason, and the members (their ids) that bring it about."""

    outcome: Outcome
    reason: Reason
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetDecision:
    """The answer for a list of images: the strictest outcome, the union of duties, and who causes each restriction.

    `licenses` are the ids a combined work may carry; empty unless the action makes one and the set allows it.
    """

    outcome: Outcome
    action: Action
    viewer: ViewerKind
    purpose: Purpose
    operator: OperatorKind
    causes: tuple[Cause, ...]
    duties: tuple[Duty, ...] = ()
    contacts: tuple[Contact, ...] = ()
    licenses: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """True when the use of the whole set may go ahead, with or without duties."""
        return self.outcome in (Outcome.ALLOW, Outcome.ALLOW_WITH_DUTIES)
