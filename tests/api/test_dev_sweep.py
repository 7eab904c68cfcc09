"""The sweep as a developer makes it, on this machine: whether the dev gate is open or shut, a dev-only image shows
nowhere but under its own prefix, and there only while the gate is open."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.urls import get_resolver

from api.test_sweep import filled, routes
from dermref.catalog import models
from reading_client import ReadingClient

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1"}
PREFIX = "/api/dev-image/"
QUERIES = ("", "?size=small", "?datasets=1", "?source={source}", "?condition={condition}", "?after=0&before=99")


@pytest.fixture(params=[False, True], ids=["shut", "open"])
def gate(request: pytest.FixtureRequest, legacy: list[str], settings: Any) -> bool:
    settings.DERMREF = replace(settings.DERMREF, dev_images=request.param)
    settings.ALLOWED_HOSTS = ["localhost"]
    return bool(request.param)


@pytest.fixture
def image(legacy: list[str]) -> models.Image:
    return models.Image.objects.get(public_id=legacy[0])


def get(path: str, **headers: str) -> Any:
    return ReadingClient(raise_request_exception=False).get(path, **{**HERE, **headers})


def answers(image: models.Image) -> Iterator[tuple[str, Any]]:
    """Every route with every query: once with this image's own words in its address, once with those of none."""
    nobody = models.Image(source_id=image.source_id, foreign_id="train/no.jpg", public_id="no:no", condition_id="none")
    for route in routes(get_resolver().url_patterns):
        for one in (image, nobody):
            for query in QUERIES if not route.startswith("admin/") else ("",):  # a query means nothing there
                words = query.format(source=one.source_id, condition=one.condition_id)
                path = filled(route, one) + words
                yield path, get(path)


def secrets_of(image: models.Image) -> list[str]:
    names = [image.foreign_id, image.title, image.metadata["class_label"], image.condition_as_published]
    keys = [image.sha256, *image.renditions.values_list("sha256", flat=True)]
    return [one for one in (*names, *keys) if one]


def told(path: str, response: Any, image: models.Image) -> list[str]:
    """What of the image an answer gives away, the echo of its own address left out."""
    said = unquote(unquote(bytes(response.body).decode("utf-8", "replace") + str(response.headers)))
    asked = unquote(path)
    for echo in (asked, image.public_id, image.foreign_id):
        said = said.replace(echo, "") if echo in asked else said
    return [one for one in secrets_of(image) if one in said]


def test_every_route_when_a_developer_asks_then_the_image_shows_under_its_own_prefix_alone(
    gate: bool, image: models.Image
) -> None:
    seen = set()
    for path, response in answers(image):
        assert response.status_code < 500, path
        is_picture = response.headers.get("Content-Type", "").startswith("image/")
        if told(path, response, image) or is_picture:
            assert path.startswith(PREFIX), (path, told(path, response, image))
            seen.add(path.rpartition("?")[0] or path)
    assert len(seen) == (2 if gate else 0), seen  # the bytes and the page


def test_counts_when_a_developer_asks_then_the_source_has_no_images(gate: bool, image: models.Image) -> None:
    assert get("/api/v1/images").json()["count"] == 0
    assert get(f"/api/v1/images?source={image.source_id}").json()["count"] == 0
    assert get(f"/api/v1/sources/{image.source_id}").json()["images"] == 0
    assert all(one["images"] == 0 for one in get("/api/v1/sources?datasets=1").json())
    assert (get("/api/v1/conditions").json(), set(map(tuple, get("/api/v1/facets").json().values()))) == ([], {()})


def test_decisions_when_a_developer_names_it_in_a_set_then_as_if_there_were_none(
    gate: bool, image: models.Image
) -> None:
    client = ReadingClient()
    said = []
    for public_id in (image.public_id, f"{image.source_id}:train/no.jpg"):
        body = {"images": [public_id], "action": "view"}
        response = client.post("/api/v1/decisions", body, content_type="application/json", **HERE)
        said.append(response.content.replace(public_id.encode(), b"ID"))
    assert said[0] == said[1]


def test_answers_under_the_prefix_when_given_then_nobody_keeps_or_indexes_them(gate: bool, image: models.Image) -> None:
    for path in (f"{PREFIX}{quote(image.public_id)}?size=small", f"{PREFIX}{quote(image.public_id)}/page"):
        response = get(path)
        assert response.status_code == (200 if gate else 404), path
        if gate:
            assert response.headers["Cache-Control"] == "no-store"
            assert "noindex" in response.headers["X-Robots-Tag"]


def test_page_when_the_gate_is_shut_or_passed_by_a_proxy_then_as_where_there_is_no_image(
    gate: bool, image: models.Image
) -> None:
    proxied = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"} if gate else {}
    hidden = get(f"{PREFIX}{quote(image.public_id)}/page", **proxied)
    missing = get(f"{PREFIX}{image.source_id}:train/no.jpg/page", **proxied)
    assert hidden.status_code == missing.status_code == 404
    assert (hidden.body, dict(hidden.headers)) == (missing.body, dict(missing.headers))


def test_page_when_the_image_is_public_then_there_is_none_at_the_dev_gate(gate: bool, image: models.Image) -> None:
    assert get(f"{PREFIX}isic-archive:ISIC_0000000/page").status_code == 404


def test_page_when_the_gate_is_open_then_says_development_only_and_why(gate: bool, image: models.Image) -> None:
    body = get(f"{PREFIX}{quote(image.public_id)}/page").body.decode()
    assert ("Development only — never shown to anyone but a developer on this machine" in body) is gate
    if gate:
        for word in ("Acne and Rosacea Photos", "Why you may see it", 'class="development"', 'class="credit"'):
            assert word in body
