"""Text and data mining: which policy an image's answer points to, what each says, and what holds for the site."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dermref.catalog.reading import ImageRecord
from dermref.model.asking import ANONYMOUS, Action, Purpose
from dermref.model.decision import Contact, EvidenceKind
from dermref.model.source import Source, Tier
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources, decide_for
from dermref.services.searching import counts_by_source, shelf_of


class Offer(StrEnum):
    """On what conditions images may be mined that are reserved: with consent alone, or for research without."""

    CONSENT = "consent"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class Offered:
    """One policy: the source it is about, whom to ask, and on what conditions."""

    source: Source
    contact: Contact
    offer: Offer


def policy_path(record: ImageRecord) -> str:
    """The path of the policy for an image whose mining is reserved. What a letter permits is not offered to others."""
    operator = deployment().operator
    research = decide_for(record.policy, Action.TRAIN, viewer=ANONYMOUS, operator=operator, purpose=Purpose.RESEARCH)
    is_granted = any(reason.evidence.kind is EvidenceKind.GRANT for reason in research.reasons)
    is_free = research.is_allowed and not is_granted
    return path_of(record.source_id, Offer.RESEARCH if is_free else Offer.CONSENT)


def path_of(source_id: str, offer: Offer) -> str:
    """The path of one policy."""
    return f"/tdm/{source_id}/{offer}.json"


def offered(source_id: str, offer: str) -> Offered | None:
    """One policy; None where there is none: of a development-only source nothing is for anybody to mine. Who is to be
    asked is whom a decision names, and the source by name where that is whoever an image names."""
    source = all_sources().get(source_id)
    if source is None or source.tier is Tier.DEV_ONLY or offer not in set(Offer):
        return None
    terms = source.terms
    contact = terms.ask.contact if terms.ask else terms.contact
    if terms.ask and terms.ask.names_image:
        contact = Contact(source.called, contact.email, contact.url)
    return Offered(source, contact, Offer(offer))


def reserved_paths() -> Iterator[tuple[str, str]]:
    """The paths below which the pages and bytes of images that anybody may see lie, each with the path of the policy
    that holds there at least."""
    for source_id, number in sorted(counts_by_source(shelf_of(ANONYMOUS)).items()):
        if not number:
            continue
        policy = path_of(source_id, Offer.CONSENT)
        yield f"/images/{source_id}:", policy
        yield f"/api/image/{source_id}:", policy
        if route := all_sources()[source_id].ingest.image_route:
            yield f"/api/{route}/", policy
