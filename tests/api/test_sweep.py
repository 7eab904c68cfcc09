"""The sweep: every route, asked by an outsider for a dev-only and for a withdrawn image, gives neither away."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from dermref.catalog import models
from isic_server import IsicServer
from reading_client import ReadingClient
from run_types import Run

OUTSIDE = {"REMOTE_ADDR": "203.0.113.9", "HTTP_HOST": "localhost"}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def filled(route: str, image: models.Image) -> str:
    """The route with its parameters filled to find `image`."""
    path = "/" + route.removesuffix("$").removeprefix("^")
    for start in [at for at, char in enumerate(route) if char == "<"]:
        name = route[start : route.index(">", start) + 1]
        kind = name.strip("<>").rpartition(":")[2]
        value = {
            "foreign_id": image.foreign_id,
            "source_id": image.source_id,
            "slug": image.condition_id or "none",
        }.get(kind, image.public_id)
        path = path.replace(name, quote(value))
    return path


def everything(response: Any) -> bytes:
    return bytes(response.body) + str(response.headers).encode()


def sweep(image: models.Image) -> Iterator[tuple[str, int, bytes]]:
    client = ReadingClient(raise_request_exception=False)
    for route in routes(get_resolver().url_patterns):
        for query in ("", "?size=small", f"?source={image.source_id}", "?datasets=1"):
            response = client.get(filled(route, image) + query, **OUTSIDE)
            yield f"{filled(route, image)}{query}", response.status_code, everything(response)


@pytest.mark.parametrize("gate", [False, True])
def test_every_route_when_an_outsider_asks_for_a_dev_only_image_then_nothing_of_it(
    legacy: list[str], settings: Any, gate: bool
) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=gate)
    image = models.Image.objects.first()
    secrets = [image.sha256, "07PerioralDermEye", *image.renditions.values_list("sha256", flat=True)]
    asked = 0
    for path, status, content in sweep(image):
        asked += 1
        assert status < 500, path
        if image.public_id in path or "07PerioralDermEye" in path:
            assert status in (400, 404, 405), path
        found = [secret for secret in secrets if secret.encode() in content.replace(path.encode(), b"")]
        assert not found or status == 404, (path, found)
    assert asked > 20


def test_every_route_when_an_image_is_withdrawn_then_no_bytes_and_no_tile(run: Run, archive: IsicServer) -> None:
    run()
    image = models.Image.objects.first()
    archive.withdraw(image.foreign_id)
    run()
    keys = [image.sha256, *image.renditions.values_list("sha256", flat=True)]
    for path, status, content in sweep(image):
        assert status < 500, path
        assert not any(key.encode() in content for key in keys), path
        if "/api/image/" in path or "/api/isic-image/" in path:
            assert status in (403, 404), path
