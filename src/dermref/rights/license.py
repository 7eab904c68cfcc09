"""One instrument as a value: what it is and what its words permit, require and prohibit. Never who may."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of instrument it is; only licenses and waivers are somebody's act of permission."""

    LICENSE = "license"
    WAIVER = "waiver"
    MARK = "mark"
    CLAIM = "claim"
    STATEMENT = "statement"
    SITE_TERMS = "site-terms"


@dataclass(frozen=True, slots=True)
class License:
    """One instrument. The three sets hold CC REL words; `short` is the name people print, with version and port.

    `id` always names it in a policy: the SPDX id where there is one (then `spdx` says so), an own `LicenseRef-…`
    otherwise. `version` is None where a statement named only the family; such a value has no URL and permits nothing,
    because no text stands behind it. `jurisdiction` is the port, or the country whose law the claim names.
    `owes_title`: a credit has to give the work's title, where it has one.
    """

    id: str
    family: str
    version: str | None
    url: str | None
    short: str
    name: str
    verb: str
    clause: str
    permits: frozenset[str]
    requires: frozenset[str]
    prohibits: frozenset[str]
    kind: Kind
    spdx: str | None = None
    jurisdiction: str | None = None
    deprecated_on: date | None = None
    http_url: str | None = None
    deed_url: str | None = None
    legalcode_url: str | None = None
    basis: str | None = None
    owes_title: bool = False

    def __hash__(self) -> int:
        """The id names the instrument; hashing twenty fields would cost more than a decision."""
        return hash(self.id)

    @property
    def lacks_version(self) -> bool:
        """Whether a statement named only the family, where every license, waiver and mark has a version."""
        return self.version is None and self.kind in (Kind.LICENSE, Kind.WAIVER, Kind.MARK)

    @property
    def is_noncommercial(self) -> bool:
        """Whether commercial use of the whole is outside the license; `Sharing` means noncommercial copies only."""
        return "CommercialUse" in self.prohibits or "Sharing" in self.permits
