"""Who asks for what, where, and what for: the inputs of a decision besides the policy."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What somebody wants to do with an image (RIGHTS: actions)."""

    VIEW = "view"
    THUMBNAIL = "thumbnail"
    DOWNLOAD = "download"
    EMBED = "embed"
    PRINT = "print"
    PRESENT = "present"
    RESIZE = "resize"
    CROP = "crop"
    ANNOTATE = "annotate"
    ADAPT = "adapt"
    REDISTRIBUTE = "redistribute"
    TRAIN = "train"
    EVALUATE = "evaluate"
    STORE = "store"
    FETCH_BULK = "fetch_bulk"
    LINK = "link"


class Purpose(StrEnum):
    """What the use is for; `unspecified` counts as a purpose only where a source's terms list it."""

    PRIVATE_STUDY = "private-study"
    PATIENT_EDUCATION = "patient-education"
    TEACHING = "teaching"
    RESEARCH = "research"
    COMMERCIAL = "commercial"
    UNSPECIFIED = "unspecified"


class ViewerKind(StrEnum):
    """Who looks. `developer` exists only behind the dev gate, on a loopback connection."""

    ANONYMOUS = "anonymous"
    MEMBER = "member"
    INSTITUTION_MEMBER = "institution-member"
    CURATOR = "curator"
    DEVELOPER = "developer"


class OperatorKind(StrEnum):
    """Who runs this deployment."""

    INDIVIDUAL = "individual"
    EDUCATIONAL_INSTITUTION = "educational-institution"
    COMMERCIAL = "commercial"


class SubscriptionKind(StrEnum):
    """What was subscribed to; only `institutional` opens an institution-only source."""

    INSTITUTIONAL = "institutional"
    INDIVIDUAL = "individual"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The right of a viewer's institution to use one source. `starts` and `ends` are aware times, the end excluded;
    None means without limit. `ended_why` is said where it ended before its term."""

    source_id: str
    institution: str
    kind: SubscriptionKind = SubscriptionKind.INSTITUTIONAL
    starts: datetime | None = None
    ends: datetime | None = None
    ended_why: str = ""

    def is_current(self, now: datetime | None) -> bool:
        """Whether it runs at `now`; one with a limit never does when nobody says what time it is."""
        if now is None:
            return self.starts is None and self.ends is None
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)

    def opens(self, source_id: str, now: datetime | None) -> bool:
        """Whether it opens this institution-only source at `now`."""
        is_whole = self.kind is SubscriptionKind.INSTITUTIONAL
        return self.source_id == source_id and is_whole and self.is_current(now)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person or program that asks, and what their institution subscribes to."""

    kind: ViewerKind = ViewerKind.ANONYMOUS
    subscriptions: tuple[Subscription, ...] = ()

    def for_source(self, source_id: str) -> "Viewer":
        """The same viewer with nothing but what concerns this source."""
        if not self.subscriptions:
            return self
        return replace(self, subscriptions=tuple(one for one in self.subscriptions if one.source_id == source_id))


def subscriber_of(source_id: str) -> Viewer:
    """A member of an institution whose subscription to this source is current, whoever that may be."""
    return Viewer(ViewerKind.INSTITUTION_MEMBER, (Subscription(source_id, "a subscribing institution"),))


@dataclass(frozen=True, slots=True)
class Operator:
    """The deployment: who runs it, whether what it shows stands behind a paywall or beside advertising, and the names
    it answers to in public."""

    kind: OperatorKind = OperatorKind.INDIVIDUAL
    paywall: bool = False
    advertising: bool = False
    domains: tuple[str, ...] = ()

    @property
    def is_commercial(self) -> bool:
        """A paywall or advertising makes any operator's use commercial."""
        return self.paywall or self.advertising or self.kind is OperatorKind.COMMERCIAL

    @property
    def counts_as(self) -> OperatorKind:
        """Who runs the deployment as terms and letters see it."""
        return OperatorKind.COMMERCIAL if self.is_commercial else self.kind


ANONYMOUS = Viewer()
DEVELOPER = Viewer(ViewerKind.DEVELOPER)
