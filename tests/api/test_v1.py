"""The native API: every object carries its credit and license, and pages join without gap or overlap."""

import pytest

from dermref.catalog import models
from dermref.model.asking import Action
from isic_server import IsicServer
from reading_client import ReadingClient
from run_types import Run


@pytest.fixture
def client(run: Run) -> ReadingClient:
    run()
    return ReadingClient()


def test_images_when_listed_then_every_one_has_attribution_license_evidence_and_rights(client: ReadingClient) -> None:
    page = client.get("/api/v1/images").json()
    assert page["count"] == len(page["results"]) == 12
    for image in page["results"]:
        assert image["attribution"]["text"]
        assert image["license"]["url"].startswith("https://")
        assert image["license"]["declared"]
        assert image["evidence"]["statement"]
        assert set(image["allowed"]) == set(Action)
        assert client.get(image["files"][0]["url"]).status_code == 200


@pytest.mark.parametrize(("metadata", "note"), [({"skin_tone_note": "It has many limitations."}, True), ({}, False)])
def test_skin_tone_when_its_assessor_says_more_then_the_note_goes_with_it(
    client: ReadingClient, metadata: dict[str, str], note: bool
) -> None:
    tone = {"scale": "Fitzpatrick", "value": "IV", "assessed_by": "the team"}
    models.Image.objects.update(skin_tones=[tone], metadata=metadata)
    for image in client.get("/api/v1/images").json()["results"]:
        assert image["skin_tone"] == [{**tone, "note": metadata["skin_tone_note"] if note else None}]


def test_images_when_paged_then_no_gap_and_no_overlap(client: ReadingClient) -> None:
    seen: list[str] = []
    after = 0
    while after is not None:
        page = client.get("/api/v1/images", {"limit": 5, "after": after}).json()
        seen += [image["id"] for image in page["results"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 12


def test_filters_when_combined_then_only_matching_images(client: ReadingClient, archive: IsicServer) -> None:
    page = client.get(
        "/api/v1/images", {"license": "CC0-1.0", "modality": "dermoscopic", "source": "isic-archive"}
    ).json()
    assert page["count"] == len(page["results"]) > 0
    assert client.get("/api/v1/images", {"license": "CC-BY-9.9"}).json()["count"] == 0
    assert client.get("/api/v1/images", {"condition": "no-such"}).json()["results"] == []


@pytest.mark.parametrize("name", ["source", "license", "condition", "modality"])
def test_filter_when_empty_then_means_any(client: ReadingClient, name: str) -> None:
    page = client.get("/api/v1/images", {name: ""}).json()
    assert page["count"] == len(page["results"]) == 12


@pytest.mark.parametrize(
    "path", ["v1/images", "v1/images/isic-archive:x", "v1/openapi.json", "image/isic-archive/x", "nowhere"]
)
def test_answer_when_it_says_nothing_of_caches_then_is_not_kept_unasked(client: ReadingClient, path: str) -> None:
    assert client.get(f"/api/{path}").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"after": -1}, {"after": 2**63}])
def test_query_when_out_of_bounds_then_400(client: ReadingClient, query: dict[str, int]) -> None:
    assert client.get("/api/v1/images", query).status_code == 400


def test_query_when_not_a_number_then_422(client: ReadingClient) -> None:
    assert client.get("/api/v1/images", {"after": "x"}).status_code == 422


def test_image_when_asked_for_then_the_same_object_and_unknown_404(client: ReadingClient) -> None:
    image = client.get("/api/v1/images", {"limit": 1}).json()["results"][0]
    assert client.get(f"/api/v1/images/{image['id']}").json() == image
    assert client.get("/api/v1/images/isic-archive:ISIC_9999999").status_code == 404


def test_image_when_withdrawn_then_403_with_the_decision_and_the_page_to_link_to(
    client: ReadingClient, run: Run, archive: IsicServer
) -> None:
    image = client.get("/api/v1/images", {"limit": 1}).json()["results"][0]
    archive.withdraw(image["foreign_id"])
    run()
    response = client.get(f"/api/v1/images/{image['id']}")
    assert response.status_code == 403
    assert response.json()["decision"]["outcome"] == "deny"
    assert response.json()["landing_url"] == image["landing_url"]


def test_decision_when_asked_by_purpose_then_it_follows(client: ReadingClient, run: Run, archive: IsicServer) -> None:
    isic_id = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.relicense(isic_id, "CC-BY-NC")
    archive.set_field(isic_id, "attribution", "Example Hospital")
    run()
    path = f"/api/v1/images/isic-archive:{isic_id}/decision"
    free = client.get(path, {"action": "view"}).json()
    paid = client.get(path, {"action": "view", "purpose": "commercial"}).json()
    assert (free["outcome"], paid["outcome"]) == ("allow_with_duties", "ask")
    assert paid["contact"]["name"] == "Example Hospital"
    assert client.get(path, {"purpose": "fun"}).status_code == 400
    assert client.get(path, {"action": "eat"}).status_code == 400


def test_sources_when_listed_then_37_and_data_sets_only_when_asked(client: ReadingClient) -> None:
    assert len(client.get("/api/v1/sources").json()) == 37
    assert len(client.get("/api/v1/sources", {"datasets": True}).json()) > 37
    assert client.get("/api/v1/sources/isic-archive").json()["images"] == 12
    assert client.get("/api/v1/sources/no-such").status_code == 404


def test_schema_and_facets_when_asked_for_then_given(client: ReadingClient) -> None:
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")
    assert client.get("/api/v1/docs").status_code == 200
    facets = client.get("/api/v1/facets").json()
    assert sum(one["images"] for one in facets["licenses"]) == 12
    assert set(facets) == {"sources", "licenses", "conditions", "modalities", "body_sites"}
    assert client.get("/api/v1/conditions").json()


def test_list_when_asked_for_a_use_then_only_images_that_allow_it_and_facets_agree(client: ReadingClient) -> None:
    use = {"may": "redistribute", "purpose": "commercial"}
    asked = {"action": "redistribute", "purpose": "commercial"}
    allowed = {
        one["id"]
        for one in client.get("/api/v1/images").json()["results"]
        if client.get(f"/api/v1/images/{one['id']}/decision", asked).json()["outcome"].startswith("allow")
    }
    sold = client.get("/api/v1/images", use).json()
    assert {one["id"] for one in sold["results"]} == allowed
    assert sold["count"] == len(allowed)
    facets = client.get("/api/v1/facets", use).json()
    assert sum(one["images"] for one in facets["sources"]) == sold["count"]


@pytest.mark.parametrize("asked", [{"may": "steal"}, {"purpose": "fun"}])
@pytest.mark.parametrize("path", ["images", "facets"])
def test_list_when_the_use_means_nothing_then_asked_wrongly(
    client: ReadingClient, path: str, asked: dict[str, str]
) -> None:
    assert client.get(f"/api/v1/{path}", asked).status_code == 400
