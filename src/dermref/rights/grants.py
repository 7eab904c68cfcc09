"""Written permissions: which of them speak on a question, which name an image, and what is wrong with one."""

import re
from collections.abc import Iterable, Iterator

from dermref.model.asking import ViewerKind
from dermref.model.decision import EvidenceKind, EvidenceRef, Reason
from dermref.model.grant import Grant
from dermref.model.source import Group, SourceTerms, Status, Tier
from dermref.rights.question import Policy, Question

DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
PUBLIC = frozenset({ViewerKind.ANONYMOUS, ViewerKind.MEMBER})  # anybody, and whoever has an account


def grants_naming(grants: Iterable[Grant], *, source_id: str, foreign_id: str) -> tuple[str, ...]:
    """The keys of the grants that name this very image, in order: what its policy has to remember."""
    named = (one for one in grants if one.source_id == source_id and one.images is not None)
    return tuple(sorted(one.image_key for one in named if foreign_id in (one.images or ())))


def grants_for(policy: Policy, question: Question) -> tuple[Grant, ...]:
    """The grants that give exactly this: in force now, for this source, this image, this use."""
    if not policy.grants or question.viewer.kind in barred_viewers(policy.terms):
        return ()
    asked = (question.action, question.purpose, question.operator_kind, question.viewer.kind)
    return tuple(
        one
        for one in policy.grants
        if one.source_id == policy.key.source_id
        and (one.images is None or one.image_key in policy.key.grants)
        and one.is_current(question.now)
        and one.is_given_to(question.operator)
        and one.holds_for(*asked)
    )


def grant_reason(grant: Grant) -> Reason:
    """Why a grant allows it, in its document's own words."""
    ends = grant.effective_end
    until = f" until {ends:%Y-%m-%d %H:%M}" if ends else ""
    asked = f" It asks: {'; '.join(grant.conditions)}." if grant.conditions else ""
    text = f"{grant.granted_by} has permitted this in writing{until}.{asked}"
    evidence = EvidenceRef(EvidenceKind.GRANT, grant.document.quote, grant.document.url)
    return Reason(f"grant-{grant.grant_id}", text, evidence)


def check_grant(grant: Grant) -> tuple[str, ...]:
    """Everything that is wrong with a grant, one sentence each; such a grant must not be recorded."""
    return tuple(_faults(grant))


def check_grant_for(grant: Grant, terms: SourceTerms) -> tuple[str, ...]:
    """The same, and why this source may not have such a grant at all. What the page “Image sources & licenses” calls
    off-limits is never hosted publicly, whatever a letter says; what is only for development stays behind its gate."""
    return (*check_grant(grant), *_faults_of_source(grant, terms))


def barred_viewers(terms: SourceTerms) -> frozenset[ViewerKind]:
    """To whom no letter can open this source, as its row in the registry stands now."""
    if terms.status is Status.META:
        return frozenset(ViewerKind)
    if terms.tier is Tier.DEV_ONLY:
        return frozenset(ViewerKind) - {ViewerKind.DEVELOPER}
    return PUBLIC if terms.group is Group.OFF_LIMITS else frozenset()


def _faults_of_source(grant: Grant, terms: SourceTerms) -> Iterator[str]:
    barred = sorted(set(grant.viewers) & barred_viewers(terms))
    if terms.status is Status.META:
        yield f"source: {terms.source_id} is an index and has no images that anybody could permit"
    elif terms.tier is Tier.DEV_ONLY and barred:
        yield f"viewers: {terms.source_id} is {terms.tier}; only its row in the registry can change that, no grant"
    elif barred:
        yield (
            f"viewers: {terms.source_id} is off-limits (“{terms.proof.phrase}”) and never hosted publicly; a letter"
            f" may open it to curators and members of an institution, not to {', '.join(barred)}"
        )


def _faults(grant: Grant) -> Iterator[str]:
    named = {
        "actions": grant.actions,
        "viewers": grant.viewers,
        "purposes": grant.purposes,
        "operators": grant.operators,
    }
    yield from (f"{name}: is empty; a grant names what it permits" for name, values in named.items() if not values)
    if grant.domain is not None and not DOMAIN.fullmatch(grant.domain):
        yield f"domain: “{grant.domain}” is no name of a host, such as atlas.example.org"
    if grant.images is not None and not grant.images:
        yield "images: is empty; leave it out where every image of the source is meant"
    if not grant.granted_by.strip():
        yield "granted_by: is empty; somebody has to have permitted it"
    if not grant.document.quote.strip():
        yield "document: has no sentence that permits it"
    if len(grant.document.sha256) != 64 or set(grant.document.sha256) - set("0123456789abcdef"):
        yield "document: its sha256 is not 64 hexadecimal digits"
    times = {"starts": grant.starts, "ends": grant.ends, "revoked": grant.revoked, "document": grant.document.ends}
    naive = [name for name, time in times.items() if time is not None and time.tzinfo is None]
    for name in naive:
        yield f"{name}: has no time zone"
    if naive:
        return
    if grant.starts and grant.ends and grant.ends <= grant.starts:
        yield "ends: is not after its start"
    if grant.ends and grant.document.ends and grant.ends > grant.document.ends:
        yield "ends: is later than the document allows"
