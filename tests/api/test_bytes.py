"""Bytes through the gate: credit and license on every answer, ranges and conditions, refusals as values."""

import hashlib
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import pytest

from api.conftest import WEBP_FIRST
from dermref.api.accept import wanted_format
from dermref.catalog import models
from dermref.catalog.policies import intern
from dermref.media.store import Blobs
from dermref.model.asking import Action
from dermref.model.decision import Decision, Outcome
from dermref.model.policy import PolicyKey
from dermref.services.rulings import decide_for
from isic_server import IsicServer
from reading_client import ReadingClient
from rows import supersede
from run_types import Run
from stored import locate

ACTION_OF_SIZE = {
    "": Action.DOWNLOAD,
    "copy": Action.DOWNLOAD,
    "small": Action.THUMBNAIL,
    "medium": Action.VIEW,
    "large": Action.VIEW,
}
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]  # tests answer to a public name too, which shuts the dev gate


@pytest.mark.parametrize("size", ["", "copy", "small", "medium", "large"])
def test_bytes_when_sent_then_they_carry_credit_and_license(client: ReadingClient, path: str, size: str) -> None:
    response = client.get(path, {"size": size} if size else {})
    assert response.status_code == 200
    assert (response["ETag"] == f'"{hashlib.sha256(response.body).hexdigest()}"') == (size == "")
    assert (b"xmpRights:WebStatement" in response.body) == (size != "")
    assert 'rel="license"' in response["Link"]
    assert response["Dermref-License"]
    assert "ISIC" in unquote(response["Dermref-Credit"])
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("denied", [Action.DOWNLOAD, Action.THUMBNAIL, Action.VIEW])
def test_size_when_its_action_alone_is_denied_then_it_alone_is_refused(
    client: ReadingClient, path: str, monkeypatch: pytest.MonkeyPatch, denied: Action
) -> None:
    def decide_but(key: PolicyKey, action: Action, **asked: Any) -> Decision:
        decision = decide_for(key, action, **asked)
        return replace(decision, outcome=Outcome.DENY) if action is denied else decision

    monkeypatch.setattr("dermref.services.serving.decide_for", decide_but)
    answers = {size: client.get(path, {"size": size} if size else {}).status_code for size in ACTION_OF_SIZE}
    assert answers == {size: 403 if action is denied else 200 for size, action in ACTION_OF_SIZE.items()}


@pytest.mark.parametrize(("code", "reserved"), [("CC-0", "0"), ("CC-BY", "0"), ("CC-BY-NC", "1")])
def test_reservation_when_training_is_not_allowed_then_1(
    run: Run, archive: IsicServer, code: str, reserved: str
) -> None:
    archive.relicense("ISIC_0000000", code)
    run(limit=1)
    assert ReadingClient().get("/api/image/isic-archive:ISIC_0000000")["tdm-reservation"] == reserved


@pytest.mark.parametrize(("code", "offer"), [("CC-0", None), ("CC-BY", None), ("CC-BY-NC", "research")])
def test_policy_when_mining_is_reserved_then_its_address_goes_with_the_bytes(
    run: Run, archive: IsicServer, code: str, offer: str | None
) -> None:
    archive.relicense("ISIC_0000000", code)
    run(limit=1)
    response = ReadingClient().get("/api/image/isic-archive:ISIC_0000000", HTTP_HOST="localhost")
    wanted = f"http://localhost/tdm/isic-archive/{offer}.json" if offer else None
    assert response.headers.get("tdm-policy") == wanted
    assert "X-Robots-Tag" not in response.headers  # anybody may pass it on, and show it on another site


@pytest.mark.parametrize(
    ("license_id", "links"),
    [
        ("CC-BY-4.0 OR CC0-1.0", ["licenses/by/4.0/", "publicdomain/zero/1.0/"]),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", []),
    ],
)
def test_license_link_when_two_are_in_play_then_a_choice_is_told_and_never_half_of_what_holds(
    run: Run, archive: IsicServer, license_id: str, links: list[str]
) -> None:
    run(limit=1)
    image, policy_id = models.Image.objects.get(), intern(PolicyKey("isic-archive", license_id, "as printed"))
    models.Image.objects.update(policy_id=policy_id, evidence=supersede(image.evidence_id))
    found = re.findall(r'<([^>]+)>; rel="license"', ReadingClient().get(f"/api/image/{image.public_id}")["Link"])
    assert found == ([f"https://creativecommons.org/{one}" for one in links] or ["/sources/isic-archive/"])


def test_credit_when_the_copy_is_smaller_then_it_says_so(client: ReadingClient, path: str) -> None:
    credits_ = {size: unquote(client.get(path, {"size": size})["Dermref-Credit"]) for size in ("small", "large")}
    assert credits_["small"].endswith(" · resized")
    assert "resized" not in credits_["large"]  # as large as the file that came in


@pytest.mark.parametrize("size", ["", "small", "medium", "large"])
def test_image_when_its_credit_cannot_be_rendered_then_refused(client: ReadingClient, path: str, size: str) -> None:
    models.Image.objects.update(contributor="")
    response = client.get(path, {"size": size} if size else {})
    assert (response.status_code, response["Content-Type"]) == (403, "application/json")


NOTHING_SAID = "*/*"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (WEBP_FIRST, "image/webp"),
        ("IMAGE/WebP ; Q=0.5", "image/webp"),
        ("image/webp;v=1;q=0.3, image/jpeg;q=0.3", "image/webp"),
        ("image/webp;q=0.3, image/jpeg", "image/jpeg"),
        ("image/webp;q=0.3, image/*", "image/jpeg"),
        ("image/webp;q=0, */*", "image/jpeg"),
        ("image/webp;q=0.000", "image/jpeg"),
        ("image/webp;q=much", "image/jpeg"),
        ("image/webp;q=7", "image/jpeg"),
        ("image/webp;q=-1", "image/jpeg"),
        ("image/webp-like, text/html", "image/jpeg"),
        ("image/*", "image/jpeg"),
        (NOTHING_SAID, "image/jpeg"),
        ("", "image/jpeg"),
        (",;,=;q", "image/jpeg"),
    ],
)
def test_format_when_accept_is_read_then_webp_for_those_alone_that_name_it(accept: str, wanted: str) -> None:
    assert wanted_format(accept) == wanted


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_rendition_when_clients_accept_different_formats_then_each_gets_its_own(
    client: ReadingClient, path: str, size: str
) -> None:
    webp = client.get(path, {"size": size}, headers={"Accept": WEBP_FIRST})
    jpeg = client.get(path, {"size": size}, headers={"Accept": NOTHING_SAID})
    assert (webp["Content-Type"], jpeg["Content-Type"]) == ("image/webp", "image/jpeg")
    assert (webp.body[8:12], jpeg.body[:3]) == (b"WEBP", b"\xff\xd8\xff")
    assert webp["ETag"] != jpeg["ETag"]
    assert webp["Vary"] == jpeg["Vary"] == "Accept, Cookie"
    assert webp["Content-Disposition"].endswith('.webp"')


def test_stored_file_when_sent_then_it_is_the_same_for_every_client(client: ReadingClient, path: str) -> None:
    answers = [client.get(path, headers={"Accept": accept}) for accept in (WEBP_FIRST, NOTHING_SAID)]
    assert answers[0].body == answers[1].body
    assert {one["Vary"] for one in answers} == {"Cookie"}


def test_rendition_when_asked_with_a_condition_a_range_or_head_then_as_the_stored_file(
    client: ReadingClient, path: str
) -> None:
    asked = {"size": "small"}
    head = client.get(path, asked, REQUEST_METHOD="HEAD")  # made by this request, which sends none of it
    whole = client.get(path, asked)
    assert (head.status_code, head.body, head["ETag"]) == (200, b"", whole["ETag"])
    assert int(head["Content-Length"]) == len(whole.body)
    same = client.get(path, asked, headers={"If-None-Match": whole["ETag"]})
    assert (same.status_code, same["Vary"]) == (304, "Accept, Cookie")
    other = client.get(path, asked, headers={"If-None-Match": whole["ETag"], "Accept": WEBP_FIRST})
    assert (other.status_code, other["Content-Type"]) == (200, "image/webp")
    part = client.get(path, asked, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.body) == (206, whole.body[5:10])


def test_original_when_sent_then_it_is_the_very_file(client: ReadingClient, path: str) -> None:
    assert hashlib.sha256(client.get(path).body).hexdigest() == models.Image.objects.first().sha256


@pytest.mark.parametrize("damage", ["longer", "changed", "gone"])
@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-1"}])
def test_file_when_damaged_then_never_sent_and_logged(
    client: ReadingClient,
    path: str,
    blobs: Blobs,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    damage: str,
    asked: dict[str, str],
) -> None:
    file = locate(blobs, models.Image.objects.first().sha256)
    whole = file.read_bytes()
    file.write_bytes(whole + b"!" if damage == "longer" else whole[:-1] + b"!")
    if damage == "gone":
        file.unlink()
    monkeypatch.setattr("dermref.media.store.CHECK_ONE_IN", 1)  # every read is hashed
    assert client.get(path, headers=asked).status_code == 404
    assert "dermref doctor --repair" in caplog.text
    file.write_bytes(whole)
    assert client.get(path, headers=asked).status_code == (206 if asked else 200)


def test_isic_route_when_asked_by_isic_id_then_the_same_bytes(client: ReadingClient, path: str) -> None:
    isic_id = path.rpartition(":")[2]
    assert client.get(f"/api/isic-image/{isic_id}").body == client.get(path).body


def test_range_when_valid_then_partial_and_when_beyond_then_416(client: ReadingClient, path: str) -> None:
    whole = client.get(path).body
    part = client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.body, part["Cache-Control"]) == (206, whole[10:20], "no-cache")
    assert part["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert 'rel="license"' in part["Link"]
    assert client.get(path, headers={"Range": "bytes=-5"}).body == whole[-5:]
    assert client.get(path, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    stale = client.get(path, headers={"Range": "bytes=0-1", "If-Range": '"old"'})
    assert (stale.status_code, stale.body) == (200, whole)


def test_condition_when_etag_matches_then_304_without_body_but_with_rights(client: ReadingClient, path: str) -> None:
    etag = client.get(path)["ETag"]
    response = client.get(path, headers={"If-None-Match": etag})
    assert (response.status_code, response.body, response["Cache-Control"]) == (304, b"", "no-cache")
    assert response["Dermref-License"]


def test_image_when_withdrawn_then_bytes_are_gone_at_once_even_for_a_cached_copy(
    client: ReadingClient, run: Run, archive: IsicServer, path: str
) -> None:
    etag = client.get(path)["ETag"]
    run()
    archive.withdraw(path.rpartition(":")[2])
    run()
    response = client.get(path, headers={"If-None-Match": etag})
    assert response.status_code == 403
    assert response.json()["decision"]["reasons"][0]["code"] == "hold-withdrawn"


@pytest.mark.parametrize("bad", ["huge", "../x", "SMALL"])
def test_size_when_unknown_then_400_in_one_sentence(client: ReadingClient, path: str, bad: str) -> None:
    assert client.get(path, {"size": bad}).status_code == 400


@pytest.mark.parametrize(
    "bad", ["x", "isic-archive:", "isic-archive:ISIC_9999999", ":", "no-such:1", "isic-archive:../../etc/passwd"]
)
def test_id_when_unknown_then_404(client: ReadingClient, bad: str) -> None:
    assert client.get(f"/api/image/{quote(bad)}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_method_when_not_safe_then_405(client: ReadingClient, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


def test_dev_image_when_gate_is_open_then_served_uncached_and_otherwise_404(legacy: list[str], settings: Any) -> None:
    client, path = ReadingClient(), f"/api/dev-image/{quote(legacy[0])}"
    local = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}
    assert client.get(path, **local).status_code == 404
    settings.DERMREF = replace(settings.DERMREF, dev_images=True)
    assert client.get(path, **local).status_code == 404
    settings.ALLOWED_HOSTS = LOOPBACK_NAMES
    response = client.get(path, **local)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert response["Dermref-License"]
    assert client.get(path, **{**local, "REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    assert client.get(path, **local, HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404
    assert client.get(f"/api/image/{quote(legacy[0])}", **local).status_code == 404


def test_dev_gate_when_asked_for_a_public_image_then_404(client: ReadingClient, path: str, settings: Any) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=True)
    settings.ALLOWED_HOSTS = LOOPBACK_NAMES
    assert client.get(path.replace("/image/", "/dev-image/"), HTTP_HOST="localhost").status_code == 404
