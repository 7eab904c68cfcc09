"""Who asks for what, where, and what for: the inputs of a decision besides the policy."""

from dataclasses import dataclass
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
    """What the use is for; `unspecified` never counts as a permission that needs a purpose."""

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


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person or program that asks."""

    kind: ViewerKind = ViewerKind.ANONYMOUS


@dataclass(frozen=True, slots=True)
class Operator:
    """The deployment: who runs it, and whether what it shows stands behind a paywall."""

    kind: OperatorKind = OperatorKind.INDIVIDUAL
    paywall: bool = False

    @property
    def is_commercial(self) -> bool:
        """A paywall makes any operator's use commercial."""
        return self.paywall or self.kind is OperatorKind.COMMERCIAL


ANONYMOUS = Viewer()
DEVELOPER = Viewer(ViewerKind.DEVELOPER)
