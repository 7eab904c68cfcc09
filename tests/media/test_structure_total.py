"""The walks are total: whatever the bytes, they end and raise nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from containers import FILES, read
from dermref.media.formats import AVIF, GIF, HEIC, JPEG, PNG, TIFF, WEBP, Format, describe, sniff
from dermref.media.hiding import hidden
from dermref.media.structure import look_through

BEGINNINGS = {
    JPEG: b"\xff\xd8\xff\xe1",
    PNG: b"\x89PNG\r\n\x1a\n",
    WEBP: b"RIFF\0\1\0\0WEBP",
    GIF: b"GIF89a",
    TIFF: b"II*\0\x08\0\0\0",
    AVIF: b"\0\0\0\x14ftypavif\0\0\0\0avif",
    HEIC: b"\0\0\0\x14ftypheic\0\0\0\0heic",
}
REAL = [path.name for path in sorted(FILES.iterdir()) if path.stat().st_size < 70_000 and sniff(path.read_bytes())]
MAGNITUDES = st.sampled_from([b"\0", b"\xff", b"\x7f", b"\x80", b"\1", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x08"])


def walk(data: bytes, kind: Format) -> None:
    seen = look_through(data, kind)
    assert seen.frames >= 1
    assert seen.end is None or 0 <= seen.end <= len(data)
    assert all(block.data for block in seen.blocks)
    list(hidden(data, seen))


@pytest.mark.parametrize("kind", BEGINNINGS, ids=lambda kind: kind.media_type)
@given(rest=st.binary(max_size=2000))
def test_look_through_when_given_any_bytes_then_ends_without_a_word(kind: Format, rest: bytes) -> None:
    walk(rest, kind)
    walk(BEGINNINGS[kind] + rest, kind)


@given(name=st.sampled_from(REAL), data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_look_through_when_a_real_file_is_mutated_then_ends_without_a_word(name: str, data: st.DataObject) -> None:
    original = read(name)
    kind = sniff(original)
    assert kind is not None
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 8))):
        at, piece = data.draw(st.integers(0, min(len(original), 3000))), data.draw(MAGNITUDES)
        changed[at : at + len(piece)] = piece
    walk(bytes(changed[: data.draw(st.integers(0, len(changed)))]), kind)
    walk(bytes(changed), kind)


@given(st.binary(max_size=600))
def test_describe_when_given_any_bytes_then_says_something(data: bytes) -> None:
    assert describe(data)
    sniff(data)
