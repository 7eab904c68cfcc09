"""Photoshop's image resources with other IPTC data in them. What is no IPTC and no XMP stays as it stands."""

import hashlib
from collections.abc import Iterator

from dermref.media.containers.found import big
from dermref.media.containers.photoshop import IPTC, MAX_RESOURCES, XMP

DIGEST = 0x0425  # MD5 of the IPTC data: with it, readers know that XMP says the same and more (MWG 2.0, 3.3)
REPLACED = frozenset({IPTC, XMP, DIGEST})
SIGNATURES = frozenset({b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"})


def with_iptc(resources: bytes, iptc: bytes) -> bytes:
    """The resources, IPTC and its digest first."""
    digest = hashlib.md5(iptc, usedforsecurity=False).digest()
    return _resource(IPTC, iptc) + _resource(DIGEST, digest) + without_iptc(resources)


def without_iptc(resources: bytes) -> bytes:
    """Every other resource as it stands, and what follows the last one."""
    return b"".join(raw for number, raw in _raw(resources) if number not in REPLACED)


def _resource(number: int, body: bytes) -> bytes:
    return b"8BIM" + number.to_bytes(2, "big") + b"\0\0" + len(body).to_bytes(4, "big") + body + b"\0" * (len(body) % 2)


def _raw(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The number and all the bytes of each resource; of what is none, the number is 0."""
    at = 0
    for _ in range(MAX_RESOURCES):
        if data[at : at + 4] not in SIGNATURES:
            break
        name = 1 + big(data, at + 6, 1)
        start = at + 6 + name + name % 2
        size = big(data, start, 4)
        stop = start + 4 + size + size % 2
        raw = data[at:stop]
        is_own = data.startswith(b"8BIM", at)
        yield (big(data, at + 4, 2) if is_own else 0), raw + b"\0" * (at + len(raw) < stop <= len(data) + 1)
        at = stop
    if data[at:].strip(b"\0"):
        yield 0, data[at:]
