"""Every write about an item, each one transaction: publish, follow, quarantine, fail. Decides nothing."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.conditions import intern_condition
from dermref.catalog.fingerprints import save_fingerprint
from dermref.catalog.holding import hold_all
from dermref.catalog.inserting import insert, insert_many
from dermref.catalog.pairs import save_pairs
from dermref.catalog.policies import intern, policies_held
from dermref.model.evidence import Document, EvidenceMark, Harvested, Refusal
from dermref.model.media import Inspected
from dermref.model.pair import NewPair, PairVerdict
from dermref.model.policy import Hold, PolicyKey

KEEP_FIRST = "ON CONFLICT DO NOTHING"
REPLACE_ACCESSION = "ON CONFLICT (source_id, foreign_id) DO UPDATE SET " + ", ".join(
    f"{column} = excluded.{column}"
    for column in (
        *("state", "reasons", "landing_url", "file_url", "document_id", "document_url", "reader", "sha256"),
        *("run_id", "received_at", "checked_at"),
    )
)

WORDS_AND_EVIDENCE = (
    *("evidence", "title", "creator", "contributor", "rights_holder", "credit_line", "citation", "landing_url"),
    *("condition", "condition_as_published", "modality", "body_site", "skin_tones", "age", "sex", "metadata"),
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class Received:
    """An item at the door: what was harvested, in which run, when, and by which reader."""

    item: Harvested
    run_id: int
    at: datetime
    reader: str


def publish(
    received: Received,
    key: PolicyKey,
    *,
    file: Inspected,
    doubt: Callable[[set[str]], None],
    is_known: bool = True,
    kept: str = "",
    block: str | None = None,
    pairs: Sequence[NewPair] = (),
    reopening: Collection[PairVerdict] = (),
) -> None:
    """Publish an item, or replace its file and record, with the pairs it makes; those with a verdict in `reopening` are
    put before a curator again.

    `doubt` is told, before the commit, which files the item no longer needs. `is_known` False spares the search for an
    image of this item. `kept` is the file that was kept of it while it waited for a curator. `block` is the reason why
    these bytes are refused from every other source, if they are.
    """
    with transaction.atomic():
        accession = _save_accession(received, "published", ())
        known = models.Image.objects.filter(accession=accession).first() if is_known else None
        before = {*(_file_keys(known) if known else ()), *([kept] if kept else ())}
        # those of the file it had, and has; after a purge there are none
        has_renditions = known is not None and known.sha256 == file.sha256 and known.renditions.exists()
        image = known or models.Image(accession=accession, published_at=received.at)
        _fill(image, received, _append_evidence(received, EvidenceMark.LICENSE, known), intern(key))
        _fill_file(image, file)
        if known:
            image.save()
        else:
            insert(image)
        if not has_renditions:
            models.Rendition.objects.filter(image=image).delete()
            _save_renditions(image, file)
        save_fingerprint(image.pk, file.likeness, is_new=known is None)
        if block:
            _block(file.sha256, received, reason=block)
        save_pairs(image.pk, pairs, at=received.at, reopening=reopening)
        doubt(before - _file_keys(image) if before else before)


def hold_image(
    received: Received,
    key: PolicyKey,
    *refusals: Refusal,
    mark: EvidenceMark,
    state: str,
    file: str = "",
    kept: str = "",
    doubt: Callable[[set[str]], None],
) -> None:
    """An image that may no longer be shown: new evidence and the held policy `key`; its words stay as they were. `file`
    and `kept` are as for `keep_out`."""
    with transaction.atomic():
        accession = _save_accession(received, state, refusals, file=file)
        image = models.Image.objects.get(accession=accession)
        image.evidence = _append_evidence(received, mark, image)
        image.policy_id = intern(key)
        image.updated_at = received.at
        image.save(update_fields=["evidence", "policy_id", "updated_at"])
        if kept and kept != file:
            doubt({kept})


def keep_out(
    received: Received,
    *refusals: Refusal,
    state: str,
    file: str = "",
    kept: str = "",
    doubt: Callable[[set[str]], None],
) -> None:
    """An item stays out as `quarantined` or `failed`, with its reasons; an image it has stays as it was.

    `file` is the key of its file where that is kept for a curator, `kept` that of the one kept before; `doubt` is told,
    before the commit, when that is needed no longer.
    """
    with transaction.atomic():
        _save_accession(received, state, refusals, file=file)
        if kept and kept != file:
            doubt({kept})


def follow_record(received: Received, image_row: int) -> None:
    """A published item says something new that changes neither its rights nor its file: new evidence, new words."""
    with transaction.atomic():
        _save_accession(received, "published", ())
        before = models.Image.objects.values_list("evidence_id", "policy_id").get(pk=image_row)
        image = models.Image(pk=image_row, evidence_id=before[0])
        _fill(image, received, _append_evidence(received, EvidenceMark.LICENSE, image), before[1])
        image.save(force_update=True, update_fields=WORDS_AND_EVIDENCE)


def mark_seen(source_id: str, foreign_ids: Iterable[str], *, run_id: int, at: datetime | None) -> None:
    """These items are as they were; the run has seen them, and asked their source `at` that time, if it did."""
    rows = models.Accession.objects.filter(source_id=source_id, foreign_id__in=list(foreign_ids))
    rows.update(run_id=run_id, **({"checked_at": at} if at else {}))


def mark_asked(source_id: str, foreign_ids: Iterable[str], *, at: datetime) -> None:
    """Their source was asked for these items, whatever it answered."""
    models.Accession.objects.filter(source_id=source_id, foreign_id__in=list(foreign_ids)).update(checked_at=at)


def _save_accession(
    received: Received, state: str, refusals: tuple[Refusal, ...], *, file: str = ""
) -> models.Accession:
    item = received.item
    row = models.Accession(
        source_id=item.source_id,
        foreign_id=item.foreign_id,
        state=state,
        reasons=[{"code": refusal.code, "text": _plain(refusal.text)} for refusal in refusals],
        landing_url=item.landing_url,
        file_url=item.file.url if item.file else "",
        document_id=save_document(item.document),
        document_url=item.document.url,
        reader=received.reader,
        sha256=file,
        run_id=received.run_id,
        received_at=received.at,
        checked_at=received.at,
    )
    insert(row, on_conflict=REPLACE_ACCESSION)
    return row


def save_document(document: Document) -> str:
    """Keep the document, once, and return its key."""
    key = document_key(document)
    insert(models.Document(sha256=key, media_type=document.media_type, body=document.body), on_conflict=KEEP_FIRST)
    return key


def _plain(text: str) -> str:
    """Text that any database keeps; the document has the very characters."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)


def document_key(document: Document) -> str:
    """The sha256 under which a document is stored."""
    return hashlib.sha256(document.body).hexdigest()


def _append_evidence(received: Received, mark: EvidenceMark, image: models.Image | None) -> models.Evidence:
    item = received.item
    statement = " · ".join(part for one in item.statements for part in (one.text, one.url) if part)
    evidence = models.Evidence(
        source_id=item.source_id,
        foreign_id=item.foreign_id,
        mark=mark,
        statement=_plain(statement),
        url=item.document.url,
        retrieved_at=received.at,
        document_id=document_key(item.document),
        reader=received.reader,
        supersedes_id=image.evidence_id if image and image.pk else None,
    )
    insert(evidence)
    return evidence


def _fill(image: models.Image, received: Received, evidence: models.Evidence, policy_id: int) -> None:
    item, shown = received.item, received.item.depiction
    image.public_id = f"{item.source_id}:{item.foreign_id}"
    image.source_id, image.foreign_id = item.source_id, item.foreign_id
    image.policy_id, image.evidence = policy_id, evidence
    image.title, image.creator = shown.title or "", item.creator or ""
    image.contributor, image.rights_holder = item.contributor or "", item.rights_holder or ""
    image.credit_line, image.citation = item.credit_line, item.citation
    image.landing_url = item.landing_url
    image.condition_id = intern_condition(shown.condition)
    image.condition_as_published = shown.condition or ""
    image.modality, image.body_site = shown.modality or "", shown.body_site or ""
    image.skin_tones = [asdict(tone) for tone in shown.skin_tones]
    image.age, image.sex = shown.age, shown.sex or ""
    image.metadata = dict(item.metadata)
    image.updated_at = received.at


def _fill_file(image: models.Image, file: Inspected) -> None:
    facts = file.facts
    image.sha256, image.media_type, image.byte_size = file.sha256, facts.media_type, file.byte_size
    image.original_path = file.original_path
    image.width, image.height = facts.width, facts.height
    image.facts, image.claims = asdict(facts), [asdict(one) for one in file.claims]


def _block(sha256: str, received: Received, *, reason: str) -> None:
    """Refuse these bytes from every other source, and hold the images that came in from one before."""
    source_id = received.item.source_id
    insert(models.BlockedHash(sha256=sha256, source_id=source_id, reason=reason), on_conflict=KEEP_FIRST)
    hold_all(models.Image.objects.filter(sha256=sha256).exclude(source_id=source_id), Hold.BLOCKED, at=received.at)


def _save_renditions(image: models.Image, file: Inspected) -> None:
    made_files = [
        models.Rendition(
            image=image,
            size=made.size,
            media_type=made.media_type,
            sha256=hashlib.sha256(made.data).hexdigest(),
            byte_size=len(made.data),
            width=made.width,
            height=made.height,
        )
        for made in file.renditions
    ]
    insert_many(made_files)


def _file_keys(image: models.Image) -> set[str]:
    """The files of an image that lie in the store."""
    original = () if image.original_path else (image.sha256,)
    return {*original, *image.renditions.values_list("sha256", flat=True)}


def known_files(keys: Iterable[str]) -> set[str]:
    """Which of these files the catalogue needs in the store. What was purged it needs no longer."""
    wanted = list(keys)
    images = list(models.Image.objects.filter(sha256__in=wanted, original_path="").values_list("sha256", "policy_id"))
    gone = {*policies_held(Hold.PURGED)} if images else ()
    originals = {sha256 for sha256, policy_id in images if policy_id not in gone}
    renditions = models.Rendition.objects.filter(sha256__in=wanted).values_list("sha256", flat=True)
    waiting = models.Accession.objects.filter(sha256__in=wanted).values_list("sha256", flat=True)
    return {*originals, *renditions, *waiting}
