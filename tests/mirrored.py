"""What the tests of an adapter share: a mirror of its documents, a fetcher that asks nobody else, and the verdict on an
item as if the door of its source stood open."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dermref.model.asking import Operator
from dermref.model.evidence import Harvested, Refusal
from dermref.model.media import StorePermit
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.services.doors import Door
from dermref.services.judging import judge
from dermref.sources.fetch import HttpFetch
from mirror import Mirror


def mirror_of(source_id: str) -> Callable[..., Any]:
    """The fixture `mirror` of this source."""

    @pytest.fixture(name="mirror")
    def mirror() -> Iterator[Mirror]:
        with Mirror(source_id) as server:
            yield server

    return mirror


@pytest.fixture
def fetch(mirror: Mirror) -> Iterator[HttpFetch]:
    with HttpFetch(None, base_url=mirror.base_url, is_mirrored=True, patience=0.001) as client:
        yield client


def open_to(source: Source) -> Door:
    """The door of a source, with nothing in writing that bounds what may come in."""
    return Door(StorePermit(source.source_id), (), datetime.now(UTC))


def judged(source: Source, item: Harvested) -> PolicyKey | Refusal:
    """The policy that an item gets from a private person's deployment, or why it gets none."""
    return judge(source, item, operator=Operator(), door=open_to(source))


def verdict_on(source: Source, item: Harvested) -> str:
    """The same in a word: the license, or the code of the refusal."""
    key = judged(source, item)
    return key.license_id if isinstance(key, PolicyKey) else key.code
