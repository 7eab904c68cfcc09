"""Whether text and data mining is reserved, and whom a miner asks: the TDM Reservation Protocol's file for the whole
site, and its policies in ODRL. Pure.

The words are those of the protocol's final report (W3C community group, 10 May 2024) and of its vocabulary.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dermref.credit.writing import fit, is_web_address
from dermref.model.decision import Contact

RESERVATION, POLICY = "tdm-reservation", "tdm-policy"  # header fields, `meta` names, and keys of the file alike
PROFILE = "http://www.w3.org/ns/tdmrep"
CONTEXT = ("http://www.w3.org/ns/odrl.jsonld", f"{PROFILE}.jsonld")
MINE, RESEARCH, NOT_RESEARCH = "tdm:mine", "tdm:research", "tdm:non-research"
CONSENT = {"action": "obtainConsent"}
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class MiningPolicy:
    """On what conditions the images of one source may be mined. `url` is the policy's own address, `target` the page
    here that its images are found from. `is_research_free`: research needs no consent, everything else does."""

    url: str
    target: str
    contact: Contact
    homepage: str
    is_research_free: bool


def tdmrep_file(policies: Iterable[tuple[str, str]]) -> list[Json]:
    """The file for the whole site from paths with the addresses of their policies: all of it is reserved, for what an
    image's own answer does not say otherwise. The first path that matches counts, so `/` comes last."""
    rules: list[Json] = [{"location": path, RESERVATION: 1, POLICY: url} for path, url in policies]
    return [*rules, {"location": "/", RESERVATION: 1}]


def declared(*, is_reserved: bool, policy_url: str | None) -> dict[str, str]:
    """What one answer says of mining, by name. A policy says how to come to a permission, so it goes with a reservation
    alone."""
    if not is_reserved:
        return {RESERVATION: "0"}
    return {RESERVATION: "1"} | ({POLICY: policy_url} if policy_url else {})


def odrl_policy(policy: MiningPolicy) -> Json:
    """The policy in JSON-LD: an offer to whoever asks. It forbids nothing that the law allows everybody."""
    return {
        "@context": list(CONTEXT),
        "@type": "Offer",
        "profile": PROFILE,
        "uid": policy.url,
        "assigner": _assigner(policy),
        "permission": [*_permissions(policy)],
    }


def _assigner(policy: MiningPolicy) -> Json:
    """Whom to ask, in words of vCard."""
    contact = policy.contact
    card = {"uid": policy.homepage, "vcard:fn": fit(contact.name)}
    if contact.email:
        card["vcard:hasEmail"] = f"mailto:{contact.email}"
    return card | {"vcard:hasURL": contact.url if is_web_address(contact.url) else policy.target}


def _permissions(policy: MiningPolicy) -> Iterable[Json]:
    asked: Json = {"target": policy.target, "action": MINE, "duty": [CONSENT]}
    if not policy.is_research_free:
        yield asked
        return
    yield {"target": policy.target, "action": MINE, "constraint": [_for(RESEARCH)]}
    yield asked | {"constraint": [_for(NOT_RESEARCH)]}


def _for(purpose: str) -> Json:
    return {"leftOperand": "purpose", "operator": "eq", "rightOperand": purpose}
