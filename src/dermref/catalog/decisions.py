"""A curator's decisions about pairs, as evidence of the images they free."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.inserting import insert
from dermref.catalog.pairs import contested
from dermref.catalog.policies import intern, key_of
from dermref.catalog.writing import save_document
from dermref.model.evidence import Document, EvidenceMark
from dermref.model.pair import PairDecision
from dermref.model.policy import Hold, PolicyKey

READER = "curator/1"  # decisions are read by people alone


def decide_pair(
    pair_id: int, decision: PairDecision, *, document: Callable[[str], Document], at: datetime
) -> Sequence[str]:
    """Write a curator's decision, and lift the holds that nothing stands behind any more; the ids of those images.

    `document` makes the evidence of the decision for one image, from its id.
    """
    with transaction.atomic():
        row = models.Pair.objects.select_related("first", "second").get(pk=pair_id)
        row.verdict, row.by, row.why, row.decided_at = decision.verdict, decision.by, decision.why, at
        row.holds_first &= row.first.public_id not in decision.released
        row.holds_second &= row.second.public_id not in decision.released
        row.save()
        freed = [side for side in (row.first, row.second) if _lift(side.pk, document, at)]
        return [side.public_id for side in freed]


def _lift(row_id: int, document: Callable[[str], Document], at: datetime) -> bool:
    image = models.Image.objects.select_related("policy", "evidence").get(pk=row_id)
    key = key_of(image.policy)
    if Hold.CONFLICT not in key.holds or contested([row_id]):
        return False
    _append(image, key.without(Hold.CONFLICT), document(image.public_id), at=at)
    return True


def _append(image: models.Image, key: PolicyKey, document: Document, *, at: datetime) -> None:
    """An image follows a curator's decision: new evidence, which is the decision itself, and the policy it gives."""
    evidence = models.Evidence(
        source_id=image.source_id,
        foreign_id=image.foreign_id,
        mark=EvidenceMark.DECISION,
        statement=image.evidence.statement,
        url=document.url,
        retrieved_at=at,
        document_id=save_document(document),
        reader=READER,
        supersedes_id=image.evidence_id,
    )
    insert(evidence)
    image.evidence, image.policy_id, image.updated_at = evidence, intern(key), at
    image.save(update_fields=["evidence", "policy_id", "updated_at"])
