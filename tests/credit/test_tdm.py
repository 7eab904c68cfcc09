"""Mining: the file for the site, and policies that an outside reader understands as ODRL."""

from dataclasses import replace

import pytest
from pyld import jsonld

from credit.vocabulary import unknown
from dermref.credit.tdm import CONTEXT, MiningPolicy, declared, odrl_policy, tdmrep_file
from dermref.model.decision import Contact

ODRL, TDM, VCARD = "http://www.w3.org/ns/odrl/2/", "http://www.w3.org/ns/tdmrep#", "http://www.w3.org/2006/vcard/ns#"
POLICY = MiningPolicy(
    url="https://here.example/tdm/atlas/consent.json",
    target="https://here.example/sources/atlas/",
    contact=Contact("The Atlas", "ask@example.org", "https://example.org/ask"),
    homepage="https://example.org",
    is_research_free=False,
)
THINGS = ("profile", "assigner", "permission", "target", "duty", "constraint")
WORDS = ("action", "leftOperand", "operator", "rightOperand")
# What the two contexts say of the words that we use, written down here, for the network is shut.
LOCAL = {
    CONTEXT[0]: {
        "odrl": ODRL, "vcard": VCARD, "uid": "@id", "Offer": "odrl:Offer",
        **{one: {"@id": f"odrl:{one}", "@type": "@id"} for one in THINGS},
        **{one: {"@id": f"odrl:{one}", "@type": "@vocab"} for one in WORDS},
        **{one: f"odrl:{one}" for one in ("obtainConsent", "purpose", "eq")},
    },
    CONTEXT[1]: {"tdm": TDM, "mine": "tdm:mine"},
}  # fmt: skip


def expanded(value: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    def load(url: str, options: object) -> dict[str, object]:
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": LOCAL[url]}}

    (found,) = jsonld.expand(value, {"documentLoader": load})
    return dict(found)


def permissions(policy: MiningPolicy) -> list[dict[str, list[dict[str, object]]]]:
    return expanded(odrl_policy(policy))[f"{ODRL}permission"]  # type: ignore[return-value]


def test_policy_when_read_as_odrl_then_it_is_an_offer_of_its_profile() -> None:
    found = expanded(odrl_policy(POLICY))
    assert (found["@id"], found["@type"]) == (POLICY.url, [f"{ODRL}Offer"])
    assert found[f"{ODRL}profile"] == [{"@id": "http://www.w3.org/ns/tdmrep"}]
    (assigner,) = found[f"{ODRL}assigner"]
    assert assigner["@id"] == POLICY.homepage
    assert assigner[f"{VCARD}hasEmail"] == [{"@value": "mailto:ask@example.org"}]
    assert assigner[f"{VCARD}fn"] == [{"@value": "The Atlas"}]


def test_permission_when_everything_is_reserved_then_mining_takes_consent() -> None:
    (one,) = permissions(POLICY)
    assert one[f"{ODRL}action"] == [{"@id": f"{TDM}mine"}]
    assert one[f"{ODRL}target"] == [{"@id": POLICY.target}]
    assert one[f"{ODRL}duty"] == [{f"{ODRL}action": [{"@id": f"{ODRL}obtainConsent"}]}]


def test_permission_when_research_is_free_then_everything_else_still_takes_consent() -> None:
    research, other = permissions(replace(POLICY, is_research_free=True))
    purposes = [one[f"{ODRL}constraint"][0][f"{ODRL}rightOperand"] for one in (research, other)]
    assert purposes == [[{"@id": f"{TDM}research"}], [{"@id": f"{TDM}non-research"}]]
    assert f"{ODRL}duty" not in research
    assert other[f"{ODRL}duty"]


@pytest.mark.parametrize("is_free", [False, True])
def test_words_when_looked_up_then_each_is_of_the_protocol(is_free: bool) -> None:
    assert list(unknown(odrl_policy(replace(POLICY, is_research_free=is_free)), "")) == []


@pytest.mark.parametrize("url", [None, "contact form", "javascript:alert(1)"])
def test_contact_when_it_has_no_web_address_then_the_page_here_says_whom_to_ask(url: str | None) -> None:
    assigner = odrl_policy(replace(POLICY, contact=Contact("The\nAtlas", None, url)))["assigner"]
    assert assigner == {"uid": POLICY.homepage, "vcard:fn": "The Atlas", "vcard:hasURL": POLICY.target}


def test_file_when_nothing_else_matches_then_mining_is_reserved() -> None:
    rules = tdmrep_file([("/images/atlas:", POLICY.url)])
    assert rules[-1] == {"location": "/", "tdm-reservation": 1}
    assert rules[0] == {"location": "/images/atlas:", "tdm-reservation": 1, "tdm-policy": POLICY.url}
    assert list(unknown(rules, "rule")) == []


def test_answer_when_mining_is_free_then_no_policy_goes_with_it() -> None:
    assert declared(is_reserved=False, policy_url=POLICY.url) == {"tdm-reservation": "0"}
    assert declared(is_reserved=True, policy_url=None) == {"tdm-reservation": "1"}
    assert declared(is_reserved=True, policy_url=POLICY.url)["tdm-policy"] == POLICY.url
