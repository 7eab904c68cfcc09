"""Source rows, every version a source ever had, and the record of what each change of its terms did. No image is read
or written here."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from dermref.catalog import models
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.change import Author, FieldChange, OutcomeChange, TermsChange

GONE = "0" * 64  # the digest of a source that is not in the registry any more


@dataclass(frozen=True, slots=True)
class Version:
    """A source as the registry has it: the columns of its row, and the whole as a document under its digest."""

    source_id: str
    tier: str
    status: str
    digest: str
    document: dict[str, object]


def stored_digests() -> Mapping[str, str]:
    """The digest of every source there is a row of; GONE for those that left the registry."""
    return dict(models.Source.objects.values_list("source_id", "digest"))


def stored_document(digest: str) -> dict[str, object] | None:
    """The version with this digest; None for one from before versions were kept."""
    return models.SourceVersion.objects.filter(pk=digest).values_list("document", flat=True).first()


def save_source(version: Version, *, known: str | None, change: TermsChange | None) -> bool:
    """Store a version of a source in the place of the one with the digest `known`, and the change that this is.

    False when another process was faster; nothing is written then.
    """
    with transaction.atomic():
        columns = {"tier": version.tier, "status": version.status, "digest": version.digest}
        if known is None:
            _, is_ours = models.Source.objects.get_or_create(source_id=version.source_id, defaults=columns)
        else:
            is_ours = bool(models.Source.objects.filter(pk=version.source_id, digest=known).update(**columns))
        if is_ours:
            models.SourceVersion.objects.get_or_create(
                digest=version.digest,
                defaults={
                    "source_id": version.source_id,
                    "document": version.document,
                    "recorded_at": timezone.now(),
                },
            )
            _record(change)
        return is_ours


def mark_gone(source_id: str, *, known: str, change: TermsChange | None) -> bool:
    """The source left the registry; its rows, images and versions stay. False when it was marked already."""
    with transaction.atomic():
        is_ours = bool(models.Source.objects.filter(pk=source_id, digest=known).update(digest=GONE))
        if is_ours:
            _record(change)
        return is_ours


def _record(change: TermsChange | None) -> None:
    if change is None:
        return
    models.TermsChange.objects.create(
        source_id=change.source_id,
        at=change.at,
        by=change.author.by,
        why=change.author.why,
        before_id=change.before,
        after_id=change.after,
        operator=change.operator,
        fields=[asdict(one) for one in change.fields],
        outcomes=[asdict(one) for one in change.outcomes],
    )


def recorded_changes(source_id: str | None = None) -> Iterator[TermsChange]:
    """Every recorded change, or those of one source, latest first."""
    rows = models.TermsChange.objects.order_by("-id")
    for row in rows.filter(source_id=source_id) if source_id else rows:
        yield TermsChange(
            source_id=row.source_id,
            at=row.at,
            author=Author(row.by, row.why),
            before=row.before_id,
            after=row.after_id,
            operator=OperatorKind(row.operator),
            fields=tuple(FieldChange(**one) for one in row.fields),
            outcomes=tuple(_outcome(**one) for one in row.outcomes),
        )


def _outcome(*, action: str, viewer: str, purposes: list[str], before: str, after: str, images: int) -> OutcomeChange:
    named = tuple(Purpose(one) for one in purposes)
    return OutcomeChange(Action(action), ViewerKind(viewer), named, before, after, images)
