"""The legacy folder: every file an item, the class folder a label and no diagnosis."""

from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.harvest import Fetched, HarvestRequest
from dermref.registry.load import load_source
from dermref.sources import dermnet_legacy

SOURCE = load_source("dermnet-legacy")
FILES = Path(__file__).parents[1] / "files"


def no_fetch(url: str, *, max_bytes: int) -> Fetched:
    raise AssertionError("a folder needs no network")


def folder_of(tmp_path: Path, number: int) -> Path:
    for at in range(number):
        path = tmp_path / ("train" if at % 2 else "test") / "Acne and Rosacea Photos" / f"{at:03}Eye é.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((FILES / "hopper.jpg").read_bytes() + bytes([at]))
    return tmp_path


def test_folder_when_harvested_then_paged_in_name_order_without_condition(tmp_path: Path) -> None:
    pages = list(dermnet_legacy.harvest(HarvestRequest(SOURCE, folder=folder_of(tmp_path, 105)), no_fetch))
    items = [item for page in pages for item in page.items]
    assert [len(page.items) for page in pages] == [100, 5]
    assert [item.foreign_id for item in items] == sorted(item.foreign_id for item in items)
    assert items[0].foreign_id == "test/Acne and Rosacea Photos/000Eye é.jpg"
    assert items[0].depiction.condition is None
    assert items[0].metadata["class_label"] == "Acne and Rosacea Photos"
    assert dermnet_legacy.read(items[0].document, SOURCE).metadata == items[0].metadata


@pytest.mark.parametrize("request_", [HarvestRequest(SOURCE), HarvestRequest(SOURCE, folder=Path(), query="x")])
def test_request_when_no_folder_or_a_query_then_said_so(request_: HarvestRequest) -> None:
    with pytest.raises(Stopped):
        list(dermnet_legacy.harvest(request_, no_fetch))


def test_folder_when_empty_then_said_so(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="train/ or test/"):
        list(dermnet_legacy.harvest(HarvestRequest(SOURCE, folder=tmp_path), no_fetch))
