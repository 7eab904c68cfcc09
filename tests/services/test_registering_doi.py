"""DOIs are registered as DataCite's API has it, once each; what goes wrong is one sentence without the password."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from credit.citables import SNAPSHOT
from datacite_server import PASSWORD, DataciteServer, Fault
from dermref.config.env import read_environment
from dermref.credit.datacite import datacite
from dermref.model.deployment import DataciteAccount, Stopped, WrongSetting
from dermref.model.evidence import Refusal
from dermref.services.registering_doi import Datacite, register_doi, snapshot_doi

DOI, URL = "10.5072/dermref.teaching.v2", SNAPSHOT.url
NAMES = [f"DERMREF_DATACITE_{name}" for name in ("PREFIX", "REPOSITORY", "PASSWORD")]


@pytest.fixture
def server() -> Iterator[DataciteServer]:
    with DataciteServer() as started:
        yield started


def metadata() -> dict[str, object]:
    made = datacite(replace(SNAPSHOT, doi=None))
    assert not isinstance(made, Refusal)
    return made


def register(server: DataciteServer, doi: str = DOI, url: str = URL, **account: str) -> str:
    return Datacite(server.account(**account), patience=0.3).register(metadata(), doi=doi, url=url)


def stopped(server: DataciteServer, doi: str = DOI, url: str = URL, **account: str) -> str:
    with pytest.raises(Stopped) as stop:
        register(server, doi, url, **account)
    assert PASSWORD not in str(stop.value)
    return str(stop.value)


def test_doi_when_registered_then_datacite_has_the_metadata_and_the_address(server: DataciteServer) -> None:
    assert register(server, "https://doi.org/10.5072/DERMREF.teaching.v2") == DOI
    told = server.dois[DOI]
    assert (told["url"], told["event"], told["publicationYear"]) == (URL, "publish", "2025")
    assert told["titles"] == [{"title": "Nevi for teaching"}]


def test_doi_when_registered_again_then_it_is_not_minted_twice(server: DataciteServer) -> None:
    assert [register(server), register(server)] == [DOI, DOI]
    assert server.minted == [DOI]


def test_doi_when_the_answer_is_lost_then_asking_again_mints_no_second_one(server: DataciteServer) -> None:
    server.faults.append(Fault("PUT", 201, seconds=0.6, is_done_first=True))
    assert "ask again, it is never registered twice" in stopped(server)
    assert register(server) == DOI
    assert server.minted == [DOI]


def test_doi_when_it_leads_elsewhere_already_then_nothing_is_changed(server: DataciteServer) -> None:
    server.dois[DOI] = {"url": "https://other.example/", "publicationYear": "2020"}
    assert stopped(server) == f"{DOI} is registered already, for https://other.example/; nothing was changed."
    assert [method for method, _ in server.asked] == ["GET"]


@pytest.mark.parametrize(
    ("method", "status", "body", "says"),
    [
        ("PUT", 401, b"", "check DERMREF_DATACITE_REPOSITORY"),
        ("PUT", 403, b"", "check DERMREF_DATACITE_REPOSITORY"),
        ("PUT", 422, b'{"errors": [{"title": "No such prefix."}]}', "(status 422): No such prefix."),
        ("PUT", 422, b"<html>", "it does not say why"),
        ("PUT", 422, b'{"errors": "x"}', "it does not say why"),
        ("PUT", 500, b"", "ask again later"),
        ("PUT", 429, b"", "ask again later"),
        ("GET", 503, b"", "ask again later"),
        ("PUT", 200, b"<html>it works</html>", "cannot be read"),
        ("PUT", 200, b'{"data": []}', "cannot be read"),
        ("PUT", 200, b'{"data": {"attributes": {"doi": "10.5072/other"}}}', "another DOI"),
        ("GET", 302, b"", "(status 302)"),
    ],
)
def test_doi_when_datacite_refuses_or_fails_then_one_sentence(
    server: DataciteServer, method: str, status: int, body: bytes, says: str
) -> None:
    server.faults.append(Fault(method, status, body, headers={"Location": "http://127.0.0.1:1/"}))
    sentence = stopped(server)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_doi_when_the_password_is_wrong_then_one_sentence_says_what_to_check(server: DataciteServer) -> None:
    assert "does not let us register" in stopped(server, password="guess")
    assert server.minted == []


def test_doi_when_datacite_does_not_answer_then_one_sentence(server: DataciteServer) -> None:
    server.faults.append(Fault("GET", 200, seconds=0.6))
    assert stopped(server).startswith("DataCite does not answer (ReadTimeout)")
    gone = replace(server.account(), url="http://127.0.0.1:1")
    with pytest.raises(Stopped, match="does not answer"):
        Datacite(gone).register(metadata(), doi=DOI, url=URL)


@pytest.mark.parametrize("doi", ["dermref.teaching.v2", "10.1234/dermref.teaching.v2", "10.50720/x"])
def test_doi_when_it_is_none_or_of_another_prefix_then_nobody_is_asked(server: DataciteServer, doi: str) -> None:
    assert stopped(server, doi).endswith(".")
    assert server.asked == []


@pytest.mark.parametrize("doi", ["10.5072/a?b", "10.5072/../10.1234/x", "10.5072/a%2f", "10.5072/a#b", "10.5072/a//b"])
def test_doi_when_it_would_be_another_address_then_nobody_is_asked(server: DataciteServer, doi: str) -> None:
    assert "only letters, digits" in stopped(server, doi)
    assert server.asked == []


def test_doi_when_an_account_is_set_then_it_is_registered_with_that(server: DataciteServer, settings: Any) -> None:
    settings.DERMREF = replace(settings.DERMREF, datacite=server.account())
    assert snapshot_doi("Teaching", 2) == DOI
    assert register_doi(metadata(), doi=DOI, url=URL) == DOI


def test_doi_when_no_account_is_set_then_one_sentence_names_the_setting() -> None:
    for asked in (lambda: register_doi({}, doi=DOI, url=URL), lambda: snapshot_doi("teaching", 2)):
        with pytest.raises(Stopped, match="DERMREF_DATACITE_PREFIX"):
            asked()


def account(tmp_path: Path, **values: str) -> DataciteAccount | None:
    own = dict(zip(NAMES, ("10.5072", "DERM.ARCHIVE", PASSWORD), strict=True))
    return read_environment({"DERMREF_DATA_DIR": str(tmp_path), **own, **values}).datacite


def test_settings_when_all_are_there_then_an_account_whose_password_is_not_shown(tmp_path: Path) -> None:
    found = account(tmp_path)
    assert found == DataciteAccount("https://api.datacite.org", "10.5072", "DERM.ARCHIVE", PASSWORD)
    assert PASSWORD not in repr(found)
    assert account(tmp_path, **dict.fromkeys(NAMES, "")) is None
    test = account(tmp_path, DERMREF_DATACITE_URL="https://api.test.datacite.org/")
    assert test is not None
    assert test.url == "https://api.test.datacite.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in NAMES),
        *(("DERMREF_DATACITE_PREFIX", value) for value in ("10", "10.5072/x", "doi:10.5072")),
        *(("DERMREF_DATACITE_URL", value) for value in ("http://api.datacite.org", "https://x/y", "ftp://x", "x")),
        ("DERMREF_DATACITE_REPOSITORY", "a:b"),
    ],
)
def test_setting_when_missing_or_wrong_then_one_sentence_names_it(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=rf"^{name} (is|must)") as stop:
        account(tmp_path, **{name: value})
    assert PASSWORD not in str(stop.value)
