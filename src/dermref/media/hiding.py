"""What a file hides beside its picture: bytes behind the end, a second file inside, markup that a browser could run."""

from collections.abc import Iterator

from dermref.media.buried import buried, certain
from dermref.media.containers.found import Structure
from dermref.media.findings import finding
from dermref.media.formats import SCRIPT, markup, sniff
from dermref.model.media import BlockKind, Finding

BLANK = b"\0\r\n\t "
EMPTY = BLANK + b"\xff"
ZIP_END, ZIP_ENTRY = b"PK\x05\x06", b"PK\x01\x02"
ZIP_END_SIZE, ZIP_COMMENT = 22, 65_535
PDF_HEAD = 1024  # readers of PDF look so far for its beginning
SEARCHED = 1024 * 1024  # bytes at either end of the tail in which other files are looked for
SHOWN = 60  # bytes of markup in a sentence


def hidden(data: bytes, structure: Structure, *, is_told: bool = False) -> Iterator[Finding]:
    """Everything hidden in a file of this structure; `is_told` where a file inside has been found already, in the bytes
    that nothing reads (metadata/unread.py)."""
    tail = b"" if structure.end is None else data[structure.end :]
    inside = _second_file(tail)
    if not is_told:
        inside = inside or _inside(data) or certain(data, 1, len(data) - len(tail))
    if inside:
        yield finding("hidden-file", what=inside)
    elif tail:
        is_empty = not tail.translate(None, EMPTY)
        yield finding("padding" if is_empty else "trailing-data", what=f"{len(tail):,}")
    yield from _active(data, structure)
    if structure.is_cut:
        yield finding("too-much-metadata")


def _second_file(tail: bytes) -> str | None:
    """What the bytes behind the end are or contain, in words; None for bytes that say nothing."""
    tail = tail if len(tail) <= 2 * SEARCHED else tail[:SEARCHED] + tail[-SEARCHED:]
    starts = (tail.lstrip(BLANK), b"\xff" + tail.lstrip(EMPTY))  # FF is empty, and begins a JPEG
    picture = next((kind for kind in map(sniff, starts) if kind), None)
    if picture:
        return f"a second picture ({picture.media_type})"
    return buried(starts[0]) or ("a page or a script" if markup(tail) else None)


def _inside(data: bytes) -> str | None:
    """A file that readers find wherever it begins: a ZIP by its end, a PDF near the head."""
    end = data.rfind(ZIP_END, max(0, len(data) - ZIP_END_SIZE - ZIP_COMMENT))
    if end >= 0:
        size = int.from_bytes(data[end + 12 : end + 16], "little")
        if size and data[end - size : end].startswith(ZIP_ENTRY):
            return "a ZIP archive"
    return "a PDF" if b"%PDF-" in data[:PDF_HEAD] else None


def _active(data: bytes, structure: Structure) -> Iterator[Finding]:
    """Markup in texts; a script anywhere up to the picture's end, whatever part of the file it stands in."""
    is_found = False
    for block in structure.blocks:
        if block.data is data:
            continue  # a TIFF, which is its own EXIF block
        plain = block.data.replace(b"\0", b"")  # UTF-16, too
        met = markup(plain) if block.kind is BlockKind.TEXT else SCRIPT.search(plain)
        if met:
            is_found = True
            yield finding("active-content", where=block.where, what=_shown(plain, met.start()))
    met = None if is_found else SCRIPT.search(data, 0, len(data) if structure.end is None else structure.end)
    if met:
        yield finding("active-content", where="the file", what=_shown(data, met.start()))


def _shown(text: bytes, at: int) -> str:
    return text[at : at + SHOWN].decode("utf-8", errors="replace")
