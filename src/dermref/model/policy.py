"""The interned rights situation of an image: the few facts that, with its source's terms, settle every decision."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum


class Hold(StrEnum):
    """What narrows an image to nothing until somebody lifts it."""

    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """What is stored once and shared by every image in the same situation.

    `license_id` is an SPDX id or `LicenseRef-<source_id>`; `license_label` is what the item or the registry printed.
    The source's terms are not copied in: they are joined for each decision, so a change of terms touches no image.
    """

    source_id: str
    license_id: str
    license_label: str
    holds: tuple[Hold, ...] = ()

    @property
    def content_hash(self) -> str:
        """sha256 (64 hex digits) of the canonical JSON form; equal situations hash alike."""
        canonical = json.dumps(
            [self.source_id, self.license_id, self.license_label, sorted(self.holds)],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def held(self, hold: Hold) -> "PolicyKey":
        """The same situation with one more hold."""
        holds = tuple(sorted({*self.holds, hold}))
        return PolicyKey(self.source_id, self.license_id, self.license_label, holds)
