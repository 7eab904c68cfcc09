"""Which address may stand as a link, and where it leads; each rule of a source named after it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.asking import Action, Operator, OperatorKind, Viewer, ViewerKind
from dermref.model.decision import DutyCode, Outcome
from dermref.model.policy import PolicyKey
from dermref.model.source import Effect, LinkTarget, Source, SourceKind
from dermref.registry.load import load_datasets, load_source, load_sources
from dermref.rights import Decision, Policy, Question, decide
from dermref.rights.linking import LONGEST, check_link, hosts_of, is_own, link_target

SITE = load_source("pathologyoutlines")
RELEASE = next(source for source in load_datasets() if source.kind is SourceKind.DATASET)
SPITZ = "https://www.pathologyoutlines.com/topic/skintumormelanocyticatypicalspitz.html"
PAYWALLED = Operator(OperatorKind.EDUCATIONAL_INSTITUTION, paywall=True)


def link(source: Source, operator: Operator = Operator(), viewer: ViewerKind = ViewerKind.ANONYMOUS) -> Decision:
    key = PolicyKey(source.source_id, source.terms.license_expression, source.license_label)
    return decide(Policy(key, source.terms), Question(Action.LINK, Viewer(viewer), operator=operator))


@pytest.mark.parametrize(
    ("source_id", "url"),
    [
        ("pathologyoutlines", SPITZ),
        ("pathologyoutlines", "http://pathologyoutlines.com/topic/x.html"),
        ("pathologyoutlines", "https://m.pathologyoutlines.com:8443/?a=1&b={2}#top"),
        ("masaryk-dermpath-atlas", "http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html"),
        ("hellenic-derm-atlas", "http://hellenicdermatlas.com/en/viewpicture/292"),
        ("dermis", "https://zope.dermis.net/dermisroot/en/1/diagnose.htm"),
        ("webpathology", "https://WWW.WebPathology.com./terms-of-use"),
        ("pmc-oa", "https://pmc.ncbi.nlm.nih.gov/articles/PMC10203758/"),
    ],
)
def test_address_when_on_a_host_of_its_source_then_nothing_speaks_against_it(source_id: str, url: str) -> None:
    assert check_link(url, load_source(source_id)) == ()
    assert is_own(url, load_source(source_id))


@pytest.mark.parametrize("source", load_sources(), ids=lambda one: one.source_id)
def test_homepage_when_checked_as_a_link_of_its_source_then_sound(source: Source) -> None:
    assert check_link(source.homepage_url, source) == ()
    assert check_link(link_target(source.homepage_url, source), source) == ()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("javascript:alert(1)", "does not begin with http"),
        ("JavaScript://www.pathologyoutlines.com/%0aalert(1)", "does not begin with http"),
        ("data:text/html,x", "does not begin with http"),
        ("ftp://www.pathologyoutlines.com/", "does not begin with http"),
        ("//www.pathologyoutlines.com/", "does not begin with http"),
        ("www.pathologyoutlines.com/", "does not begin with http"),
        ("", "holds a space or a character"),
        ("http://", "names no host"),
        ("https:///topic", "names no host"),
        ("https://[::1", "cannot be read"),
        ("https://www.pathologyoutlines.com:99999/", "cannot be read"),
        ("https://www.pathologyoutlines.com:0/", "has a port that no server has"),
        ("https://www.pathologyoutlines.com/a b", "holds a space or a character"),
        ("https://www.pathologyoutlines.com/\n", "holds a space or a character"),
        (" https://www.pathologyoutlines.com/", "holds a space or a character"),
        ("java\tscript:alert(1)", "holds a space or a character"),
        ("https://www.pathologyoutlines.com/\u202e", "holds a space or a character"),
        ("https://evil.example.org\\@www.pathologyoutlines.com/", "holds a space or a character"),
        ('https://www.pathologyoutlines.com/"onclick="x', "holds a space or a character"),
        ("https://user:secret@www.pathologyoutlines.com/", "holds a name or a password"),
        ("https://www.pathologyoutlines.com@evil.example.org/", "holds a name or a password"),
        ("https://pathologyoutlines.com.evil.example.org/", "is no host of pathologyoutlines"),
        ("https://evilpathologyoutlines.com/", "is no host of pathologyoutlines"),
        ("https://www.dermis.net/", "is no host of pathologyoutlines"),
        ("https://%6cocalhost.com/", "is no name that a host can have"),
        ("https://a..pathologyoutlines.com/", "is no name that a host can have"),
        ("https://xn--.pathologyoutlines.com/", "is no name that a host can have"),
        ("https://xn--abc-.pathologyoutlines.com/", "is no name that a host can have"),
        ("https://a.xn--999999999999b.pathologyoutlines.com/", "is no name that a host can have"),
        ("https://www.pathologyoutlines.com/a/../b", "has a step up in its path"),
        ("https://www.pathologyoutlines.com/a/%2e%2E/b", "has a step up in its path"),
        ("https://www.pathologyoutlines.com/a%2f..%2fb", "has a step up in its path"),
        ("https://www.pathologyoutlines.com/a%5C.%5Cb", "has a step up in its path"),
    ],
)
def test_address_when_unfit_then_one_sentence_says_why(url: str, words: str) -> None:
    faults = check_link(url, SITE)
    assert any(words in fault for fault in faults)
    assert all(fault.isprintable() and "secret" not in fault for fault in faults)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost.", "LOCALHOST", "printer.local", "db.internal", "a.localhost", "wiki.intranet"),
        *("router.lan", "nas.home.arpa", "intranet", "x.onion", "x.test", "a.localdomain", "1.0.0.10.in-addr.arpa"),
        *("x.example", "db.default.svc", "x.alt", "x.i2p", "fritz.box", "x.home", "x.corp", "x.invalid"),
    ],
)
def test_host_when_a_name_of_a_private_network_then_refused_even_for_a_release(host: str) -> None:
    (fault,) = check_link(f"http://{host}/", RELEASE)
    assert "is a private address" in fault


@pytest.mark.parametrize("host", ["10.0.0.1.nip.io", "app-127-0-0-1.example.org", "x.169.254-169.254.example.org"])
def test_host_when_its_name_holds_an_address_then_refused_even_for_a_release(host: str) -> None:
    (fault,) = check_link(f"http://{host}/", RELEASE)
    assert "holds a number" in fault


@pytest.mark.parametrize("host", ["xn--bcher-kva.example.org", "1-2-3.example.org", "examples.org", "x.inbox.org"])
def test_host_when_it_only_looks_like_a_private_one_then_sound(host: str) -> None:
    assert check_link(f"http://{host}/", RELEASE) == ()


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "8.8.8.8"),
        *("2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.0.1.", "1.2.3.4.5", "0x"),
        *("[::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "www.1"),
    ],
)
def test_host_when_a_number_in_any_form_then_refused_even_for_a_release(host: str) -> None:
    (fault,) = check_link(f"http://{host}/", RELEASE)
    assert "is a number" in fault


def test_address_when_longer_than_any_then_said_without_printing_it_whole() -> None:
    (fault,) = check_link("https://www.pathologyoutlines.com/" + "x" * LONGEST, SITE)
    assert "has more than 1,000 characters" in fault
    assert len(fault) < 200


def test_release_when_its_pages_lie_anywhere_then_linked_there() -> None:
    assert check_link("http://atlasdermatologico.com.br/img?imageId=2409", RELEASE) == ()


@given(st.text(max_size=60))
def test_address_when_it_passes_then_always_a_plain_web_address(text: str) -> None:
    if not check_link(text, RELEASE):
        assert text.lower().startswith(("http://", "https://"))
        assert text.isascii()
        assert not any(char.isspace() for char in text)


def test_masaryk_when_linked_then_every_link_leads_to_its_main_page() -> None:
    masaryk = load_source("masaryk-dermpath-atlas")
    assert link_target("http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html", masaryk) == "http://atlases.muni.cz"
    assert hosts_of(masaryk) == ("atlases.muni.cz",)


def test_link_target_when_terms_say_home_and_no_address_then_the_printed_homepage() -> None:
    masaryk = load_source("masaryk-dermpath-atlas")
    duties = tuple(replace(duty, target_url=None) for duty in masaryk.terms.duties)
    assert [duty.target for duty in duties] == [LinkTarget.HOME]
    bare = replace(masaryk, terms=replace(masaryk.terms, duties=duties))
    assert link_target("http://atlases.muni.cz/x", bare) == masaryk.homepage_url


@pytest.mark.parametrize("source", load_sources(), ids=lambda one: one.source_id)
def test_link_target_when_no_terms_name_another_then_the_page_itself(source: Source) -> None:
    page = f"{source.homepage_url.rstrip('/')}/some/page"
    is_named = any(duty.code is DutyCode.LINK_BACK and duty.target_url for duty in source.terms.duties)
    expected = {"masaryk-dermpath-atlas": "http://atlases.muni.cz"}.get(source.source_id, page)
    assert link_target(page, source) == expected
    assert is_named == (expected != page)


def test_dermis_when_linked_then_the_deep_link_stays() -> None:
    url = "http://www.dermis.net/dermisroot/en/1/diagnose.htm"
    assert link_target(url, load_source("dermis")) == url


@pytest.mark.parametrize("viewer", ViewerKind)
def test_pathologyoutlines_when_behind_a_paywall_then_no_link_and_its_words_say_why(viewer: ViewerKind) -> None:
    decision = link(SITE, PAYWALLED, viewer)
    assert decision.outcome is Outcome.DENY
    assert [(one.code, one.evidence.quote) for one in decision.reasons] == [
        ("terms-no-paywall", "no paywalling of linked content")
    ]
    assert link(SITE).is_allowed
    assert link(SITE, Operator(OperatorKind.COMMERCIAL, advertising=True)).is_allowed


@pytest.mark.parametrize("source", [*load_sources(), *load_datasets()], ids=lambda one: one.source_id)
def test_source_when_linked_behind_a_paywall_then_denied_only_where_its_terms_forbid_that(source: Source) -> None:
    forbids = any(duty.code is DutyCode.NO_PAYWALL and Action.LINK in duty.actions for duty in source.terms.duties)
    forbids = forbids or any(one.effect is Effect.PROHIBIT and Action.LINK in one.actions for one in source.terms.terms)
    assert link(source, PAYWALLED).is_allowed != forbids
    assert forbids == (source.source_id == "pathologyoutlines")
