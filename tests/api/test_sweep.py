"""The sweep: every route, asked by an outsider for a dev-only and for a withdrawn image, gives neither away."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from dermref.catalog import models
from dermref.model.asking import Action
from isic_server import IsicServer
from kept_sets import collection, ids, snapshot
from reading_client import ReadingClient
from run_types import Run

OUTSIDE = {"REMOTE_ADDR": "203.0.113.9", "HTTP_HOST": "localhost"}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def filled(route: str, image: models.Image, collection: str = "") -> str:
    """The route with its parameters filled to find `image`, and the collection of this name with its first snapshot."""
    path = "/" + route.removesuffix("$").removeprefix("^")
    for start in [at for at, char in enumerate(route) if char == "<"]:
        name = route[start : route.index(">", start) + 1]
        kind = name.strip("<>").rpartition(":")[2]
        value = {
            "foreign_id": image.foreign_id,
            "source_id": image.source_id,
            "slug": (collection if "collections/" in route else "") or image.condition_id or "none",
            "number": "1",
        }.get(kind, image.public_id)
        path = path.replace(name, quote(value))
    return path


def said(response: Any, path: str, image: models.Image) -> str:
    """Everything in an answer but what echoes the request's own path, or the image's id out of it."""
    text = bytes(response.body).decode("utf-8", "replace") + unquote(unquote(str(response.headers)))
    asked = unquote(path)
    for echo in (path, asked, image.public_id, image.foreign_id):
        text = text.replace(echo, "") if echo in (path, asked) or echo in asked else text
    return text


def sweep(image: models.Image, collection: str = "") -> Iterator[tuple[str, int, str]]:
    client = ReadingClient(raise_request_exception=False)
    queries = ("", "?size=small", f"?source={image.source_id}", "?datasets=1", f"?condition={image.condition_id}")
    for route in routes(get_resolver().url_patterns):
        for query in queries:
            path = filled(route, image, collection) + query
            response = client.get(path, **OUTSIDE)
            yield unquote(path), response.status_code, said(response, path, image)


def posted(image: models.Image, action: Action) -> Iterator[tuple[str, Any]]:
    """The answers of every route that takes a set of images, asked for this one alone."""
    client = ReadingClient(raise_request_exception=False)
    body = {"images": [image.public_id], "action": action}
    for route in routes(get_resolver().url_patterns):
        path = filled(route, image)
        if path != "/sign-out/" and client.get(path, **OUTSIDE).status_code == 405:
            yield path, client.post(path, body, content_type="application/json", **OUTSIDE)


def files_of(image: models.Image) -> list[str]:
    return [image.sha256, *image.renditions.values_list("sha256", flat=True)]


@pytest.mark.parametrize("gate", [False, True])
def test_every_route_when_an_outsider_asks_for_a_dev_only_image_then_nothing_of_it(
    legacy: list[str], settings: Any, gate: bool
) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=gate)
    settings.ALLOWED_HOSTS = ["localhost"]
    image = models.Image.objects.first()
    secrets = [*files_of(image), image.title, image.metadata["class_label"]]
    asked = 0
    for path, status, text in sweep(image):
        asked += 1
        assert status < 500, path
        if image.foreign_id in path:
            assert status in ((302,) if path.startswith("/admin/") else (400, 404, 405)), path  # to the sign-in
        assert [secret for secret in secrets if secret in text] == [], path
    assert asked > 20


@pytest.mark.parametrize("gate", [False, True])
def test_every_route_that_takes_a_set_when_an_outsider_names_a_dev_only_image_then_as_if_there_were_none(
    legacy: list[str], settings: Any, gate: bool
) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=gate)
    settings.ALLOWED_HOSTS = ["localhost"]
    image = models.Image.objects.first()
    nowhere = models.Image(source_id=image.source_id, foreign_id="train/no.jpg", public_id=f"{image.source_id}:no.jpg")
    for action in Action:
        known, unknown = list(posted(image, action)), list(posted(nowhere, action))
        assert [path for path, _ in known] == ["/api/v1/decisions"]
        for (_, hidden), (_, missing) in zip(known, unknown, strict=True):
            as_missing = hidden.content.replace(image.public_id.encode(), nowhere.public_id.encode())
            assert (hidden.status_code, as_missing) == (missing.status_code, missing.content)


def test_every_route_that_takes_a_set_when_an_image_is_withdrawn_then_only_a_link_is_left(
    run: Run, archive: IsicServer
) -> None:
    isic_id = "ISIC_0000000"
    archive.set_field(isic_id, "metadata.clinical.diagnosis_3", "Zebraform naevus")
    run()
    image = models.Image.objects.get(foreign_id=isic_id)
    archive.withdraw(isic_id)
    run()
    for action in Action:
        for path, response in posted(image, action):
            assert response.json()["outcome"].startswith("allow") is (action is Action.LINK), path
            text = response.content.decode()
            assert [word for word in (*files_of(image), "Zebraform", "zebraform-naevus") if word in text] == [], path


def test_every_route_when_an_image_is_withdrawn_then_no_bytes_no_tile_and_no_words(
    run: Run, archive: IsicServer
) -> None:
    isic_id = "ISIC_0000000"
    archive.set_field(isic_id, "attribution", "Quillfeather Clinic")
    archive.set_field(isic_id, "metadata.clinical.diagnosis_3", "Zebraform naevus")
    run()
    image = models.Image.objects.get(foreign_id=isic_id)
    assert (image.contributor, image.condition_id) == ("Quillfeather Clinic", "zebraform-naevus")
    snapshot(collection("kept", ids(3)))
    archive.withdraw(isic_id)
    run()
    gone = [*files_of(image), "Zebraform", "zebraform-naevus"]
    for path, status, text in sweep(image, "kept"):
        assert status < 500, path
        words = [word for word in gone if word != image.sha256] if is_frozen(path) else gone
        assert [word for word in words if word in text and word not in path] == [], path
        # A refusal names whom to ask, and links to the item at its source; a snapshot is the record of what it was.
        if not is_refusal(path, status) and not is_frozen(path):
            assert [word for word in ("Quillfeather", isic_id) if word in text] == [], path
        if "/api/image/" in path or "/api/isic-image/" in path:
            assert status in (403, 404), path


def is_frozen(path: str) -> bool:
    """Whether a snapshot answers: it keeps each member's id, hash and credit, whatever became of the image."""
    return "/kept/1/" in path or "/kept/snapshots/1" in path


def is_refusal(path: str, status: int) -> bool:
    """Whether this answer says why the image is refused: a 403, or the decisions about it."""
    return status == 403 or "/decision" in path
