"""A curator's decisions about pairs, as evidence of the images they free."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.inserting import insert
from dermref.catalog.pairs import contested, hold
from dermref.catalog.policies import intern, key_of
from dermref.catalog.writing import save_document
from dermref.model.evidence import Document, EvidenceMark
from dermref.model.pair import PairDecision
from dermref.model.policy import Hold

READER = "curator/1"  # decisions are read by people alone


def decide_pair(
    pair_id: int,
    decision: PairDecision,
    *,
    holds: tuple[bool, bool],
    document: Callable[[str], Document],
    at: datetime,
) -> list[str]:
    """Write a curator's decision, which holds these sides of the pair from now on and no other; the ids of the images
    it frees. `document` makes the evidence of the decision for one image, from its id.
    """
    with transaction.atomic():
        row = models.Pair.objects.select_related("first", "second").get(pk=pair_id)
        row.verdict, row.by, row.why = decision.verdict, decision.author.by, decision.author.why
        row.decided_at = at
        row.holds_first, row.holds_second = holds
        row.released_first = row.first.public_id in decision.released
        row.released_second = row.second.public_id in decision.released
        row.save()
        sides = (row.first, row.second)
        held = contested([side.pk for side in sides])
        for side in sides:
            if side.pk in held:
                hold(side.pk, at)
        return [side.public_id for side in sides if side.pk not in held and _lift(side.pk, document, at)]


def hold_more(pair_id: int, holds: tuple[bool, bool], *, at: datetime) -> None:
    """Hold these sides of a pair, too: the rights of one of its images have become others."""
    with transaction.atomic():
        row = models.Pair.objects.get(pk=pair_id)
        row.holds_first, row.holds_second = row.holds_first or holds[0], row.holds_second or holds[1]
        row.save(update_fields=["holds_first", "holds_second"])
        for side, is_held in zip((row.first_id, row.second_id), holds, strict=True):
            if is_held:
                hold(side, at)


def _lift(row_id: int, document: Callable[[str], Document], at: datetime) -> bool:
    """Free an image of what pairs held, with the decision as its new evidence; False when nothing was held."""
    image = models.Image.objects.select_related("policy", "evidence").get(pk=row_id)
    key = key_of(image.policy)
    if Hold.CONFLICT not in key.holds:
        return False
    said = document(image.public_id)
    evidence = models.Evidence(
        source_id=image.source_id,
        foreign_id=image.foreign_id,
        mark=EvidenceMark.DECISION,
        statement=image.evidence.statement,
        url=said.url,
        retrieved_at=at,
        document_id=save_document(said),
        reader=READER,
        supersedes_id=image.evidence_id,
    )
    insert(evidence)
    image.evidence, image.policy_id, image.updated_at = evidence, intern(key.without(Hold.CONFLICT)), at
    image.save(update_fields=["evidence", "policy_id", "updated_at"])
    return True
