"""Citations over HTTP: each style and format, its media type and file name, and what a refusal gives away."""

import json

import bibtexparser
import pytest
import rispy

from dermref.catalog import models
from dermref.credit.styles import all_styles
from isic_server import IsicServer
from reading_client import ReadingClient
from run_types import Run

PATH = "/api/v1/images/isic-archive:ISIC_0000001/citation"


@pytest.fixture
def client(run: Run) -> ReadingClient:
    run()
    return ReadingClient()


@pytest.mark.parametrize("style", all_styles())
def test_image_when_cited_in_a_style_then_text_html_and_attribution(client: ReadingClient, style: str) -> None:
    found = client.get(PATH, {"style": style}).json()
    assert set(found) == {"style", "text", "html", "attribution"}
    assert found["style"] == style
    assert "(ISIC_0000001)" in found["text"]
    assert found["text"].endswith(found["attribution"])
    assert found["attribution"].startswith("Attribution: Image courtesy of ")
    assert client.get(PATH, {"style": style, "format": "html"}).json() == found


@pytest.mark.parametrize(
    ("asked", "media_type", "name"),
    [
        ("bibtex", "application/x-bibtex", "isic-archive_ISIC_0000001.bib"),
        ("ris", "application/x-research-info-systems", "isic-archive_ISIC_0000001.ris"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "isic-archive_ISIC_0000001.csl.json"),
        ("cff", "application/yaml", "isic-archive_ISIC_0000001.cff"),
    ],
)
def test_image_when_cited_as_a_file_then_its_kind_and_name(
    client: ReadingClient, asked: str, media_type: str, name: str
) -> None:
    response = client.get(PATH, {"format": asked})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "ISIC" in response.body.decode()


def test_files_when_read_by_others_then_they_say_whose_image_it_is(client: ReadingClient) -> None:
    texts = {asked: client.get(PATH, {"format": asked}).body.decode() for asked in ("bibtex", "ris", "csl-json")}
    entry = bibtexparser.parse_string(texts["bibtex"]).entries[0]
    item = json.loads(texts["csl-json"])[0]
    assert rispy.loads(texts["ris"])[0]["authors"] == [item["author"][0]["literal"]]
    assert entry.fields_dict["url"].value == item["URL"]


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"style": "none"}, 400, "say one of apa, ama"),
        ({"format": "docx"}, 400, "format is one of text, html, bibtex"),
        ({"format": "datacite"}, 422, "wants a year"),
    ],
)
def test_citation_when_asked_wrongly_then_one_sentence(
    client: ReadingClient, query: dict[str, str], status: int, says: str
) -> None:
    response = client.get(PATH, query)
    assert response.status_code == status
    assert says in response.json()["detail"]


def test_image_when_withdrawn_or_unknown_then_nothing_is_cited(
    client: ReadingClient, run: Run, archive: IsicServer
) -> None:
    contributor = models.Image.objects.get(foreign_id="ISIC_0000001").contributor
    archive.withdraw("ISIC_0000001")
    run()
    for query in ({}, {"format": "ris"}):
        response = client.get(PATH, query)
        assert response.status_code == 403
        assert response.json()["decision"]["outcome"] == "deny"
        assert f"courtesy of {contributor}" not in response.body.decode()
    assert client.get("/api/v1/images/isic-archive:ISIC_9999999/citation").status_code == 404


def test_source_when_cited_then_its_name_and_where_it_may_be_linked(client: ReadingClient) -> None:
    found = client.get("/api/v1/sources/isic-archive/citation", {"style": "ama"}).json()
    assert found["text"] == ("ISIC Archive. Accessed November 22, 2026. https://www.isic-archive.com/")
    assert client.get("/api/v1/sources/isic-archive/citation", {"format": "ris"}).status_code == 200
    assert client.get("/api/v1/sources/no-such/citation").status_code == 404


def test_images_when_cited_together_then_one_list_and_each_once(client: ReadingClient) -> None:
    ids = ["isic-archive:ISIC_0000000", "isic-archive:ISIC_0000001", "isic-archive:ISIC_0000000"]
    asked = "&".join(f"image={one}" for one in ids)
    found = client.get(f"/api/v1/citation?{asked}&style=vancouver").json()
    assert [line.partition(" ")[0] for line in found["text"].splitlines()] == ["1.", "2."]
    file = client.get(f"/api/v1/citation?{asked}&format=ris").body.decode()
    assert file.count("TY  - ") == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("image=none", 404), ("image=isic-archive:ISIC_0000000&format=cff", 200), ("&image=x" * 101, 400)],
)
def test_images_when_they_cannot_be_cited_together_then_the_status_says_so(
    client: ReadingClient, query: str, status: int
) -> None:
    assert client.get(f"/api/v1/citation?{query}").status_code == status
