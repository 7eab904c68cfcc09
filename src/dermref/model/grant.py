"""A permission somebody gave in writing, and the document that says so."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, ViewerKind
from dermref.model.hosts import is_within


@dataclass(frozen=True, slots=True)
class GrantDocument:
    """The letter or contract a grant rests on: the sha256 of the stored file, the sentence that grants, and the last
    moment it names (an aware time, excluded; None when it names none)."""

    sha256: str
    quote: str
    url: str | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted, by whom, for which uses and how long. Only what is named is granted: an empty list names
    nothing. `images` are foreign ids, and None means every image of the source. Times are aware, ends excluded.

    `domain` is the site it was given to, with its subdomains; None where the document names none. `conditions` are the
    document's own words for what it asks in return.
    """

    grant_id: str
    source_id: str
    granted_by: str
    document: GrantDocument
    actions: tuple[Action, ...]
    viewers: tuple[ViewerKind, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    operators: tuple[OperatorKind, ...] = ()
    images: frozenset[str] | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    revoked: datetime | None = None
    domain: str | None = None
    conditions: tuple[str, ...] = ()

    @property
    def effective_end(self) -> datetime | None:
        """The first moment it no longer holds: its own end, its revocation, or its document's end. A grant never
        outruns its document."""
        return min((one for one in (self.ends, self.revoked, self.document.ends) if one is not None), default=None)

    def is_current(self, now: datetime | None) -> bool:
        """Whether it is in force at `now`. Without a `now` only one without any limit is."""
        ends = self.effective_end
        if now is None:
            return self.starts is None and ends is None
        return (self.starts is None or self.starts <= now) and (ends is None or now < ends)

    def is_given_to(self, operator: Operator) -> bool:
        """Whether it was given to this deployment: to one of its kind, and to any or to the domain that all its public
        names lie in."""
        if operator.counts_as not in self.operators:
            return False
        if self.domain is None:
            return True
        return bool(operator.domains) and all(is_within(one, self.domain) for one in operator.domains)

    def is_for(self, viewer: ViewerKind) -> bool:
        """Whether it names such a viewer. What is given to nobody in particular is given to anybody."""
        return viewer in self.viewers or ViewerKind.ANONYMOUS in self.viewers

    def holds_for(self, action: Action, purpose: Purpose, operator: OperatorKind, viewer: ViewerKind) -> bool:
        """Whether it speaks about exactly this question."""
        return (
            action in self.actions and self.is_for(viewer) and purpose in self.purposes and operator in self.operators
        )

    @property
    def image_key(self) -> str:
        """What the policy of an image named here remembers: the id, and which images it named then. A grant whose list
        changes is another one to them."""
        named = "\n".join(sorted(self.images or ()))
        return f"{self.grant_id}:{hashlib.sha256(named.encode()).hexdigest()[:16]}"
