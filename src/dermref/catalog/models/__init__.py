"""The tables.

What a single row cannot check (evidence of the same item, policy of the same source, no bytes of a link-only source,
no blocked bytes) is kept by triggers: see `migrations/0002_promise.py`, `0003_situations.py` and `0004_media.py`.
"""

from dermref.catalog.models.curation import Acceptance, Fingerprint, Pair, Tombstone
from dermref.catalog.models.images import Accession, BlockedHash, Condition, Image, IngestRun, Rendition
from dermref.catalog.models.rights import Document, Evidence, Policy, Source, SourceVersion, Tally, TermsChange

__all__ = [
    "Acceptance",
    "Accession",
    "BlockedHash",
    "Condition",
    "Document",
    "Evidence",
    "Fingerprint",
    "Image",
    "IngestRun",
    "Pair",
    "Policy",
    "Rendition",
    "Source",
    "SourceVersion",
    "Tally",
    "TermsChange",
    "Tombstone",
]
