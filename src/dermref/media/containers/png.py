"""Walks a PNG's chunks up to IEND. After the PNG specification, third edition (APNG and eXIf included)."""

import zlib
from collections.abc import Iterator

from dermref.media.containers.found import MAX_PARTS, Gathered, Structure, big, is_text
from dermref.media.containers.photoshop import gather_resources
from dermref.media.containers.profiles import from_hex, is_hex
from dermref.model.media import BlockKind, Colour

COLOURS = {0: Colour.GREY, 2: Colour.RGB, 3: Colour.PALETTE, 4: Colour.GREY, 6: Colour.RGB}
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: the first column and row of each pass, and the steps between its columns and rows.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
STEP = 256 * 1024
MAX_UNPACKED = 96 * 1024 * 1024  # bytes of pixels; the stream of a larger picture is not unpacked twice
XMP_KEYWORD = b"XML:com.adobe.xmp"
SILENT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"gAMA", b"cHRM", b"sRGB",
     b"sBIT", b"bKGD", b"hIST", b"pHYs", b"tIME", b"cICP"}
)  # fmt: skip


def walk_png(data: bytes) -> Structure:
    """The structure of a PNG."""
    gathered = Gathered()
    end, frames, shown, types, pixels = None, 1, 0, set(), list[tuple[int, int]]()
    for kind, start, stop in _chunks(data):
        types.add(kind)
        if kind == b"IEND":
            end = stop + 4
        elif kind == b"acTL":
            frames = max(frames, big(data, start, 4))
        elif kind == b"fcTL":
            shown += 1
        elif kind == b"IDAT":
            pixels.append((start, stop))
        elif kind not in SILENT:
            _metadata(kind, data[start:stop], gathered)
    for piece in _behind_pixels(data, pixels):
        gathered.add_unread(piece, "behind the pixels in the PNG chunk IDAT")
    return Structure(
        end=end,
        frames=max(frames, shown),
        bits=data[24] if len(data) > 24 else 8,
        colour=COLOURS.get(big(data, 25, 1), Colour.OTHER),
        has_alpha=big(data, 25, 1) in (4, 6) or b"tRNS" in types,
        has_profile=b"iCCP" in types,
        is_interlaced=big(data, 28, 1) == 1,
        is_whole=end is not None,
        blocks=gathered.all(),
        is_cut=gathered.is_cut,
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each whole chunk's type and the bounds of its contents, up to IEND."""
    at = 8
    for _ in range(MAX_PARTS):
        start, kind = at + 8, data[at + 4 : at + 8]
        stop = start + big(data, at, 4)
        if len(kind) < 4 or stop + 4 > len(data):
            return
        yield kind, start, stop
        if kind == b"IEND":
            return
        at = stop + 4


def _behind_pixels(data: bytes, pixels: list[tuple[int, int]]) -> Iterator[bytes]:
    """The bytes of the picture's chunks behind its zlib stream; and what that unpacks to beyond the rows."""
    machine, left = zlib.decompressobj(), _room(data)
    if not 0 < left <= MAX_UNPACKED:
        return
    for number, (start, stop) in enumerate(pixels):
        if machine.eof:
            yield from (data[first:last] for first, last in pixels[number:])
            return
        piece = data[start:stop]
        while piece and not machine.eof:
            try:
                made = machine.decompress(piece, STEP)
            except zlib.error:
                return
            yield made[max(0, left) :]
            left -= len(made)
            if left < -STEP:
                return
            piece = machine.unconsumed_tail
        yield machine.unused_data


def _room(data: bytes) -> int:
    """How many bytes the picture's rows have with the one before each, all seven passes of an interlaced one."""
    width, height = big(data, 16, 4), big(data, 20, 4)
    bits = SAMPLES.get(big(data, 25, 1), 4) * big(data, 24, 1)
    passes = PASSES if big(data, 28, 1) == 1 else ((0, 0, 1, 1),)
    sizes = ((-(-(width - left) // across), -(-(height - top) // down)) for left, top, across, down in passes)
    return sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in sizes if columns > 0 and rows > 0)


def _metadata(kind: bytes, body: bytes, gathered: Gathered) -> None:
    if kind == b"eXIf":
        gathered.add_exif(body, "the PNG chunk eXIf")
    elif kind == b"caBX":
        gathered.add(BlockKind.C2PA, body, "a C2PA manifest")
    elif kind in (b"tEXt", b"zTXt", b"iTXt"):
        keyword, _, rest = body.partition(b"\0")
        _text(keyword, _plain(kind, rest, gathered), kind.decode(), gathered)
    elif kind == b"iCCP":
        name, _, rest = body.partition(b"\0")
        profile = gathered.inflate(rest[1:])
        gathered.add(BlockKind.TEXT, name, "the name of the colour profile")
        gathered.add_unread(profile or rest, "the colour profile")
    elif is_text(body):
        gathered.add(BlockKind.TEXT, body, "an unknown PNG chunk")
    else:
        gathered.add_unread(body, "the PNG chunk sPLT" if kind == b"sPLT" else "an unknown PNG chunk")


def _plain(kind: bytes, rest: bytes, gathered: Gathered) -> bytes:
    """The text of a text chunk, from behind its keyword. What cannot be inflated is handed on as it stands."""
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return gathered.inflate(rest[1:]) or rest[1:]
    is_packed = rest[:1] == b"\1"
    text = rest[2:].split(b"\0", 2)[-1]
    return (gathered.inflate(text) or text) if is_packed else text


def _text(keyword: bytes, text: bytes, kind: str, gathered: Gathered) -> None:
    name = keyword.decode("latin-1")
    where = f"the PNG chunk {kind} “{name[:80]}”"
    if keyword == XMP_KEYWORD:
        gathered.add(BlockKind.XMP, text, where)
        return
    profile = name.removeprefix("Raw profile type ").lower() if name.startswith("Raw profile type ") else ""
    raw = from_hex(text) if profile else b""
    if profile and not is_hex(text):
        gathered.add_unread(text, where)  # no digits, as they should be
    if profile in ("exif", "app1") and raw:
        _app1(raw, gathered, where)
    elif profile == "xmp" and raw:
        gathered.add(BlockKind.XMP, raw, where)
    elif profile in ("iptc", "8bim") and raw:
        _iptc(raw, gathered, where)
    elif profile in ("icc", "icm"):
        gathered.add_unread(raw, f"the colour profile in {where}")
    else:
        gathered.add(BlockKind.TEXT, text, where, name)


def _app1(raw: bytes, gathered: Gathered, where: str) -> None:
    if raw.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
        gathered.add(BlockKind.XMP, raw.partition(b"\0")[2], where)
    else:
        gathered.add_exif(raw, where)


def _iptc(raw: bytes, gathered: Gathered, where: str) -> None:
    if raw.startswith(b"8BIM"):
        gather_resources(raw, gathered, where)
    else:
        gathered.add(BlockKind.IPTC, raw, where)
