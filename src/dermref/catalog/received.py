"""What the catalogue already knows of items: enough to tell new from unchanged, changed and gone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from dermref.catalog import models
from dermref.catalog.acceptances import Passed, acceptances, claim_of
from dermref.catalog.pairs import contested
from dermref.catalog.policies import KEY_FIELDS, policy_key
from dermref.model.evidence import FileRef, Refusal
from dermref.model.media import Claim
from dermref.model.policy import Hold, PolicyKey

OWN = (
    "source_id",
    "foreign_id",
    "state",
    "document_id",
    "file_url",
    "sha256",
    "reasons",
    "run_id",
    "reader",
    "checked_at",
)
IMAGE = ("image__id", "image__byte_size", "image__sha256", "image__original_path", "image__claims", "image__facts")
WORDS = ("image__creator", "image__contributor", "image__rights_holder", "image__modality")
POLICY = tuple(f"image__policy__{name}" for name in KEY_FIELDS)


@dataclass(frozen=True, slots=True)
class Known:
    """An item as it stands: its state and document, and its image's policy and file where it has one.

    `claims` are those of the image's file, `accepted` what a curator let pass in it; `holds` are those
    that pairs and lists of bytes put on the image, whose row is `image_row` (0: none); `is_inspected` unless a release
    before inspection let it in. `kept` is the key of the file that waits for a curator, `passed` what was let pass in
    that, `reasons` why the item is kept out. `words` are the image's creator, contributor, rights holder and modality,
    on which inspection and pairs rest. `run_id` is the run that met the item last, `reader` who
    read it, `checked_at` when its source was last asked.
    """

    foreign_id: str
    state: str
    document_key: str
    file_url: str
    policy: PolicyKey | None
    byte_size: int | None
    sha256: str | None
    image_row: int = 0
    kept: str = ""
    passed: tuple[Passed, ...] = ()
    reasons: tuple[Refusal, ...] = ()
    claims: tuple[Claim, ...] = ()
    accepted: tuple[Passed, ...] = ()
    holds: tuple[Hold, ...] = ()
    is_inspected: bool = True
    original_path: str = ""
    words: tuple[str, ...] = ()
    run_id: int = 0
    reader: str = ""
    checked_at: datetime | None = None

    @property
    def has_image(self) -> bool:
        """Whether an image exists, shown or held."""
        return self.policy is not None

    def has_file(self, file: FileRef) -> bool:
        """Whether `file`, as far as it is declared, is the one we took; never for an item that was kept out since."""
        return (
            self.state == "published"
            and self.has_image
            and file.url == self.file_url
            and file.size in (None, self.byte_size)
            and file.sha256 in (None, self.sha256)
        )


def known_items(source_id: str, foreign_ids: Iterable[str]) -> Mapping[str, Known]:
    """The items among `foreign_ids` that were received before."""
    wanted = list(foreign_ids)
    rows = models.Accession.objects.filter(source_id=source_id, foreign_id__in=wanted)
    words = acceptances(source_id, wanted)
    return {
        known.foreign_id: replace(
            known,
            accepted=words.get((known.foreign_id, known.sha256 or ""), ()),
            passed=words.get((known.foreign_id, known.kept), ()),
        )
        for known in _known(rows)
    }


def items_under(source_id: str, names: Iterable[str]) -> list[Known]:
    """The items of these ids, and those whose id begins with one of them and a slash: a document names its items so."""
    wanted = Q(pk__in=())
    for name in names:
        wanted |= Q(foreign_id=name) | Q(foreign_id__startswith=f"{name}/")
    return list(_known(models.Accession.objects.filter(wanted, source_id=source_id).order_by("foreign_id")))


def published_items(source_id: str, *, but: Collection[str], limit: int) -> list[str]:
    """The ids of the published items that were asked for last, these left out."""
    rows = models.Accession.objects.filter(source_id=source_id, state="published").exclude(foreign_id__in=but)
    return list(rows.order_by("-checked_at").values_list("foreign_id", flat=True)[:limit])


def unseen_items(source_id: str, *, run_id: int) -> list[Known]:
    """Items with an image or a file that waits, not yet withdrawn, that the run did not meet."""
    held = Q(image__isnull=False) | Q(sha256__gt="")
    rows = models.Accession.objects.filter(held, source_id=source_id).exclude(run_id=run_id)
    return [known for known in _known(rows.order_by("foreign_id")) if known.state != "withdrawn"]


def due_items(
    source_id: str, *, schedule: Sequence[tuple[timedelta | None, timedelta]], now: datetime, limit: int
) -> list[Known]:
    """Items that are due to be asked for again, those first that nobody asked for for longest. An item that has not
    changed for less than the first of a pair of times (None: any time) is due when nobody asked for the second."""
    is_due, least = Q(), now
    for age, pause in schedule:
        most = now - age if age else None
        is_due |= (
            Q(received_at__lte=least) & (Q(received_at__gt=most) if most else Q()) & Q(checked_at__lte=now - pause)
        )
        least = most or least
    rows = models.Accession.objects.filter(source_id=source_id).order_by("checked_at", "id")
    ahead = rows.filter(checked_at__gt=now)[:limit]  # a clock that jumped back must not put them off for good
    shortest = min(pause for _, pause in schedule)
    due = rows.filter(is_due, checked_at__lte=now - shortest)[:limit]  # said again, alone, for the index
    return [*_known(ahead), *_known(due)][:limit]


def count_present(source_id: str) -> int:
    """How many items of the source have an image and were not withdrawn."""
    rows = models.Accession.objects.filter(source_id=source_id, image__isnull=False)
    return rows.exclude(state="withdrawn").count()


def count_seen(source_id: str, *, run_id: int) -> int:
    """How many items the run has met."""
    return models.Accession.objects.filter(source_id=source_id, run_id=run_id).count()


@dataclass(frozen=True, slots=True)
class Bar:
    """Why bytes may not come in: `blocked`, they belong to `source_id` alone; `takedown`, a tombstone lies on them."""

    hold: Hold
    source_id: str | None
    reason: str

    def is_for(self, source_id: str) -> bool:
        """Whether it keeps these bytes out from this source."""
        return self.source_id != source_id


def bars_on(keys: Collection[str]) -> Mapping[str, tuple[Bar, ...]]:
    """What lies on these bytes, by their sha256; the tombstones first."""
    if not keys:
        return {}
    found: defaultdict[str, tuple[Bar, ...]] = defaultdict(tuple)
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:  # asked once for every file: plain SQL spares half a millisecond
        cursor.execute(
            f"SELECT sha256, NULL, reason, 0 FROM catalog_tombstone WHERE sha256 IN ({marks}) UNION ALL"  # noqa: S608
            f" SELECT sha256, source_id, reason, 1 FROM catalog_blockedhash WHERE sha256 IN ({marks}) ORDER BY 4",
            [*keys, *keys],
        )
        for sha256, source_id, reason, is_blocked in cursor.fetchall():
            found[sha256] += (Bar(Hold.BLOCKED if is_blocked else Hold.TAKEDOWN, source_id, reason),)
    return found


def holds_on(images: Mapping[int, tuple[str, str]]) -> Mapping[int, tuple[Hold, ...]]:
    """What pairs and the lists of bytes hold, by image row; asked by row for sha256 and source."""
    bars, pairs = bars_on({sha256 for sha256, _ in images.values()}), contested(images.keys())
    return {
        row: (
            *(bar.hold for bar in bars.get(sha256, ()) if bar.is_for(source_id)),
            *([Hold.CONFLICT] if row in pairs else []),
        )
        for row, (sha256, source_id) in images.items()
    }


def _known(rows: QuerySet[models.Accession]) -> Iterator[Known]:
    found = list(rows.values(*OWN, *IMAGE, *WORDS, *POLICY))
    held = holds_on({row["image__id"]: (row["image__sha256"], row["source_id"]) for row in found if row["image__id"]})
    for row in found:
        yield Known(
            foreign_id=row["foreign_id"],
            state=row["state"],
            document_key=row["document_id"],
            file_url=row["file_url"],
            policy=policy_key(*(row[name] for name in POLICY)) if row["image__id"] else None,
            byte_size=row["image__byte_size"],
            sha256=row["image__sha256"],
            original_path=row["image__original_path"] or "",
            image_row=row["image__id"] or 0,
            kept=row["sha256"],
            reasons=tuple(Refusal(**one) for one in row["reasons"]),
            claims=tuple(claim_of(one) for one in row["image__claims"] or ()),
            holds=held.get(row["image__id"], ()),
            is_inspected=bool(row["image__facts"]),
            words=tuple(row[name] for name in WORDS) if row["image__id"] else (),
            run_id=row["run_id"],
            reader=row["reader"],
            checked_at=row["checked_at"],
        )


@dataclass(frozen=True, slots=True)
class KeptOut:
    """An item that is not published, and the sentences that say why."""

    source_id: str
    foreign_id: str
    state: str
    reasons: tuple[Refusal, ...]
    landing_url: str


def kept_out(source_id: str | None, *, limit: int) -> list[KeptOut]:
    """Items that are not published, by source and id."""
    rows = models.Accession.objects.exclude(state="published").order_by("source_id", "foreign_id")
    return _kept_out(rows.filter(source_id=source_id) if source_id else rows, limit)


def kept_out_in(run_id: int, *, limit: int) -> list[KeptOut]:
    """Items that are not published and that this run was the last to meet, by id."""
    rows = models.Accession.objects.exclude(state="published").filter(run_id=run_id)
    return _kept_out(rows.order_by("foreign_id"), limit)


def _kept_out(rows: QuerySet[models.Accession], limit: int) -> list[KeptOut]:
    return [
        KeptOut(row.source_id, row.foreign_id, row.state, tuple(Refusal(**one) for one in row.reasons), row.landing_url)
        for row in rows[:limit]
    ]
