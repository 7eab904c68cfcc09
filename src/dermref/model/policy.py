"""The interned rights situation of an image: the few facts that, with its source's terms, settle every decision."""

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum


class Hold(StrEnum):
    """What narrows an image to nothing until somebody lifts it. A hold beats everything, grants included."""

    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    BLOCKED = "blocked"
    REVIEW = "review"
    CONFLICT = "conflict"
    TAKEDOWN = "takedown"
    PURGED = "purged"


class Restriction(StrEnum):
    """What an item's own page says about it beyond its license (facts in `rights/data/restrictions.toml`)."""

    PERSONALITY = "personality"
    TRADEMARK = "trademark"
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """What is stored once and shared by every image in the same situation.

    `license_id` is an SPDX expression of license ids and `LicenseRef-<source_id>`; `license_label` is what the item or
    the registry printed. `disputed` are licenses that the item's statements also named and that do not hold because
    they are less strict. `grants` are the keys of grants that name this very image; those for a whole source are joined
    for each decision, as its terms are, so a change of either touches no image.
    """

    source_id: str
    license_id: str
    license_label: str
    holds: tuple[Hold, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    disputed: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()

    @property
    def content_hash(self) -> str:
        """sha256 (64 hex digits) of the canonical JSON form; equal situations hash alike."""
        parts: list[object] = [self.source_id, self.license_id, self.license_label, sorted(self.holds)]
        later = {"restrictions": self.restrictions, "disputed": self.disputed, "grants": self.grants}
        more = {name: sorted(values) for name, values in later.items() if values}  # absent: as hashed before them
        canonical = json.dumps([*parts, more] if more else parts, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def held(self, *holds: Hold) -> "PolicyKey":
        """The same situation with more holds."""
        return replace(self, holds=tuple(sorted({*self.holds, *holds})))

    def naming(self, *grants: str) -> "PolicyKey":
        """The same situation with the keys of more grants that name the image."""
        return replace(self, grants=tuple(sorted({*self.grants, *grants})))

    @property
    def without_holds(self) -> "PolicyKey":
        """The same situation, were nothing held."""
        return replace(self, holds=())

    def without(self, hold: Hold) -> "PolicyKey":
        """The same situation with one hold less."""
        return replace(self, holds=tuple(one for one in self.holds if one is not hold))
