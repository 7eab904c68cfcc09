"""Makes the fingerprints of images anew from their stored files, where they are missing or all of them, looks for
pairs with each, and keeps the index. Writes after every page, so a run that was stopped goes on where it was."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.utils import timezone

from dermref.catalog.fingerprints import Unprinted, count_images, images_to_print, save_fingerprints
from dermref.catalog.pairs import decided, save_found, twin_of
from dermref.model.evidence import Refusal
from dermref.model.media import Likeness, Wish
from dermref.model.pair import PairVerdict
from dermref.services.deployment import deployment
from dermref.services.inspectors import Inspectors
from dermref.services.likeness import Likes
from dermref.services.originals import kept, read_kept
from dermref.services.standing import alike_of, pairs_of

PAGE = 64


@dataclass(slots=True)
class Built:
    """How far a build is. `last` is the row id of the last image done; `missing` have no file, `unsound` one that is no
    image any more (public id and why); `pairs` were found, known ones among them."""

    total: int
    made: int = 0
    last: int = 0
    missing: list[str] = field(default_factory=list)
    unsound: list[tuple[str, str]] = field(default_factory=list)
    indexed: int = 0
    pairs: int = 0


def build(*, is_every: bool, after: int = 0, workers: int, progress: Callable[[Built], None]) -> Built:
    """Make what is missing, or (`is_every`) all of them after that row id; then write the index as the table is now."""
    built = Built(count_images(after=after, is_every=is_every), last=after)
    likes = Likes()
    with Inspectors(workers) as inspectors, ThreadPoolExecutor(workers * 2) as threads:
        while page := images_to_print(after=built.last, is_every=is_every, limit=PAGE):
            found = list(threads.map(lambda record: _likeness_of(record, inspectors), page))
            _save(page, found, built)
            built.pairs += _pair(page, found, likes)
            progress(built)
    likes = Likes(is_anew=True)
    likes.keep()
    built.indexed = len(likes)
    return built


def _save(page: list[Unprinted], found: list[Likeness | Refusal | None], built: Built) -> None:
    made = zip(page, found, strict=True)
    save_fingerprints({record.row: likeness for record, likeness in made if isinstance(likeness, Likeness)})
    for record, likeness in zip(page, found, strict=True):
        if likeness is None:
            built.missing.append(record.public_id)
        elif isinstance(likeness, Refusal):
            built.unsound.append((record.public_id, likeness.text))
        else:
            built.made += 1
    built.last = page[-1].row


def _pair(page: list[Unprinted], found: list[Likeness | Refusal | None], likes: Likes) -> int:
    """Look for pairs of these images with all that have a fingerprint by now; how many there are."""
    likes.refresh()
    number = 0
    for record, likeness in zip(page, found, strict=True):
        if isinstance(likeness, Likeness):
            twin = twin_of(record.row)
            alike = alike_of(twin.sha256, likes.near(likeness), not_of=(twin.source_id, record.foreign_id))
            closed = decided(record.row, {PairVerdict.SAME, PairVerdict.DIFFERENT})
            new = [one for one in alike if one.twin.row_id not in closed]
            pairs = pairs_of(twin.policy, twin.modality, new, operator=deployment().operator)
            save_found(record.row, pairs, at=timezone.now())
            number += len(pairs)
    return number


def _likeness_of(record: Unprinted, inspectors: Inspectors) -> Likeness | Refusal | None:
    data = read_kept(kept(record.source_id, record.sha256, None, original_path=record.original_path))
    if data is None:
        return None
    verdict = inspectors.inspect(data, name=record.public_id, wish=Wish())
    return verdict if isinstance(verdict, Refusal) else verdict.likeness
