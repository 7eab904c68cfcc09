"""Are the demo bundle and the test files what their manifests say: complete, unaltered, licensed, small, varied?"""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
DEMO, FILES, MANIFESTS = TESTS.parent / "demo", TESTS / "files", TESTS / "manifests"
BUNDLES = pytest.mark.parametrize("folder", [DEMO, FILES, MANIFESTS], ids=["demo", "files", "manifests"])
NOT_LISTED = {"MANIFEST.csv", "README.md", "NOTICE.md"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def isic_objects() -> list[dict[str, Any]]:
    pages = [json.loads(page.read_text("utf-8")) for page in sorted((DEMO / "isic-archive").glob("images-*.json"))]
    return [item for page in pages for item in page["results"]]


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@BUNDLES
def test_manifest_when_files_are_hashed_then_every_row_matches(folder: Path) -> None:
    wrong = []
    for row in rows(folder / "MANIFEST.csv"):
        data = (folder / row["path"]).read_bytes()
        if (hashlib.sha256(data).hexdigest(), str(len(data))) != (row["sha256"], row["bytes"]):
            wrong.append(row["path"])
    assert wrong == []


@BUNDLES
def test_manifest_when_compared_with_the_folder_then_lists_each_file_once(folder: Path) -> None:
    listed = [row["path"] for row in rows(folder / "MANIFEST.csv")]
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert sorted(listed) == sorted(present - NOT_LISTED)


@BUNDLES
def test_manifest_when_read_then_every_row_states_origin_license_and_credit(folder: Path) -> None:
    silent = [
        row["path"]
        for row in rows(folder / "MANIFEST.csv")
        if not (row["origin"] and row["license"] and row["attribution"])
    ]
    assert silent == []


def test_bundles_when_measured_then_stay_small() -> None:
    assert size(DEMO) <= 15_000_000
    assert size(FILES) <= 1_200_000
    assert size(MANIFESTS) <= 450_000


def test_demo_when_counted_then_is_varied() -> None:
    images = [row for row in rows(DEMO / "MANIFEST.csv") if Path(row["path"]).suffix in {".jpg", ".png"}]
    kinds = {item["metadata"]["acquisition"]["image_type"] for item in isic_objects()}
    assert len(images) >= 100
    assert len({row["license"] for row in images}) >= 3
    assert len({row["attribution"] for row in images}) >= 5
    assert {"dermoscopic", "clinical: close-up"} <= kinds


def test_isic_pages_when_compared_with_the_manifest_then_license_credit_and_size_agree() -> None:
    manifest = {Path(row["path"]).stem: row for row in rows(DEMO / "MANIFEST.csv") if row["path"].endswith(".jpg")}
    stated = {
        o["isic_id"]: (o["copyright_license"], o["attribution"], str(o["files"]["full"]["size"]))
        for o in isic_objects()
    }
    assert stated == {key: (row["license"], row["attribution"], row["bytes"]) for key, row in manifest.items()}


def test_isic_pages_when_followed_then_have_the_shape_of_the_api() -> None:
    pages = [json.loads(page.read_text("utf-8")) for page in sorted((DEMO / "isic-archive").glob("images-*.json"))]
    assert [page["count"] for page in pages] == [len(isic_objects())] + [None] * (len(pages) - 1)
    assert [bool(page["next"]) for page in pages] == [True] * (len(pages) - 1) + [False]
    assert all(len(page["results"]) <= 50 for page in pages)


def test_pad_manifest_when_read_then_names_each_picture_and_its_license() -> None:
    folder = DEMO / "pad-ufes-20"
    listed = rows(folder / "manifest.csv")
    assert {row["file"] for row in listed} == {path.name for path in folder.glob("*.png")}
    assert all(row["license_url"] and row["attribution"] and row["landing_url"] for row in listed)
    assert all(bool(row["skin_tone"]) == bool(row["skin_tone_scale"]) for row in listed)


def test_files_when_read_then_each_expects_a_verdict_and_says_why() -> None:
    expected = [row["expected"].partition(": ") for row in rows(FILES / "MANIFEST.csv")]
    assert {verdict for verdict, _, _ in expected} == {"accept", "quarantine", "refuse"}
    assert all(why for _, _, why in expected)
