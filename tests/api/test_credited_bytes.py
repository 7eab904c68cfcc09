"""Files with their rights inside: written anew for each answer, one file to ranges and conditions, and the bytes as
received where they may not be changed."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from api.conftest import WEBP_FIRST
from dermref.catalog import models
from dermref.model.asking import ANONYMOUS, Action
from dermref.model.decision import Decision, Outcome
from dermref.model.policy import PolicyKey
from dermref.services.outgoing import outgoing
from dermref.services.rulings import decide_for
from dermref.services.serving import Bytes, open_bytes
from embedding import pixels
from reading_client import ReadingClient


def test_files_when_described_then_all_that_may_be_had_are_named_before_and_after_they_are_made(
    client: ReadingClient, path: str
) -> None:
    record = path.replace("/api/image/", "/api/v1/images/")
    before = client.get(record).json()["files"]
    image = models.Image.objects.first()
    assert [one["size"] for one in before][:4] == ["original", "copy", "small", "medium"]
    assert ("large" in [one["size"] for one in before]) == (max(image.width, image.height) > 1024)
    answers = [client.get(one["url"]) for one in before]
    after = client.get(record).json()["files"]
    assert after == before
    assert [one["bytes"] for one in after] == [len(answers[0].body), *(None for _ in answers[1:])]
    assert [one["media_type"] for one in after] == [answer["Content-Type"] for answer in answers]


def test_resizing_when_not_allowed_then_the_stored_bytes_alone_are_named_and_sent(
    client: ReadingClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide_but(key: PolicyKey, action: Action, **asked: Any) -> Decision:
        decision = decide_for(key, action, **asked)
        return replace(decision, outcome=Outcome.DENY) if action is Action.RESIZE else decision

    def decide_all(key: PolicyKey, **asked: Any) -> dict[Action, Decision]:
        return {action: decide_but(key, action, **asked) for action in Action}

    monkeypatch.setattr("dermref.services.serving.decide_for", decide_but)
    monkeypatch.setattr("dermref.services.describing.decide_all", decide_all)
    image = models.Image.objects.first()
    for size in ("copy", "small", "medium", "large"):
        answer = client.get(path, {"size": size}, headers={"Accept": WEBP_FIRST})
        assert hashlib.sha256(answer.body).hexdigest() == image.sha256
    named = client.get(path.replace("/api/image/", "/api/v1/images/")).json()["files"]
    assert [(one["size"], one["bytes"]) for one in named] == [("original", image.byte_size)]


def test_copy_when_asked_with_conditions_ranges_or_head_then_as_one_file(client: ReadingClient, path: str) -> None:
    asked = {"size": "copy"}
    whole = client.get(path, asked)
    assert whole["Content-Disposition"].endswith('-copy.jpg"')
    head = client.get(path, asked, REQUEST_METHOD="HEAD")
    assert (head["ETag"], int(head["Content-Length"])) == (whole["ETag"], len(whole.body))
    part = client.get(path, asked, headers={"Range": "bytes=100-199", "If-Range": whole["ETag"]})
    assert (part.status_code, part.body) == (206, whole.body[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(whole.body)}"
    assert client.get(path, asked, headers={"Range": f"bytes={len(whole.body)}-"}).status_code == 416
    assert client.get(path, asked, headers={"If-None-Match": whole["ETag"]}).status_code == 304


def test_copy_when_sent_then_its_pixels_are_those_of_the_file_as_received(client: ReadingClient, path: str) -> None:
    received, copy = client.get(path).body, client.get(path, {"size": "copy"}).body
    assert received != copy
    assert pixels(received) == pixels(copy)


@pytest.mark.parametrize("size", ["copy", "small"])
def test_record_when_it_changes_then_the_next_answer_says_so_in_the_file(
    client: ReadingClient, path: str, size: str
) -> None:
    before = client.get(path, {"size": size})
    models.Image.objects.filter(foreign_id=path.rpartition(":")[2]).update(title="Another title")
    asked = {"If-None-Match": before["ETag"], "Range": "bytes=0-9", "If-Range": before["ETag"]}
    after = client.get(path, {"size": size}, headers=asked)
    assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True)
    assert b">Another title<" in after.body
    assert b">Another title<" not in before.body


def test_condition_when_it_matches_then_no_byte_of_the_file_is_read(client: ReadingClient, path: str) -> None:
    etag = client.get(path, {"size": "copy"})["ETag"]
    record = models.Image.objects.get(foreign_id=path.rpartition(":")[2])
    found = open_bytes(record.source_id, record.foreign_id, size="copy", viewer=ANONYMOUS)
    assert isinstance(found, Bytes)
    found.stream.close()
    assert f'"{outgoing(found).etag}"' == etag
