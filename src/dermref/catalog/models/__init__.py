"""The tables.

What a single row cannot check (evidence of the same item, policy of the same source, no bytes of a link-only source,
no blocked bytes) is kept by triggers: see `migrations/0002_promise.py`, `0003_situations.py`, `0004_media.py`,
`0006_permissions.py` and `0007_collections.py`.
"""

from dermref.catalog.models.collections import Collection, CollectionImage, Snapshot
from dermref.catalog.models.curation import Acceptance, Fingerprint, Pair, Tombstone
from dermref.catalog.models.images import Accession, BlockedHash, Condition, Image, IngestRun, Rendition
from dermref.catalog.models.links import Link
from dermref.catalog.models.permissions import (
    CourtesyNote,
    Grant,
    Institution,
    Invitation,
    Membership,
    Purge,
    Subscription,
)
from dermref.catalog.models.rights import Document, Evidence, Policy, Source, SourceVersion, Tally, TermsChange

__all__ = [
    "Acceptance",
    "Accession",
    "BlockedHash",
    "Collection",
    "CollectionImage",
    "Condition",
    "CourtesyNote",
    "Document",
    "Evidence",
    "Fingerprint",
    "Grant",
    "Image",
    "IngestRun",
    "Institution",
    "Invitation",
    "Link",
    "Membership",
    "Pair",
    "Policy",
    "Purge",
    "Rendition",
    "Snapshot",
    "Source",
    "SourceVersion",
    "Subscription",
    "Tally",
    "TermsChange",
    "Tombstone",
]
