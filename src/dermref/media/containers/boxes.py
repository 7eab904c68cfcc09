"""Walks the boxes of an AVIF or HEIC file. After ISO/IEC 14496-12 (boxes) and 23008-12 (pictures as items)."""

from collections.abc import Iterator
from dataclasses import dataclass

from dermref.media.containers.found import MAX_BLOCK, Gathered, Structure, big, is_text
from dermref.media.containers.items import BOX, Item, boxes, items_of, uncovered
from dermref.model.media import BlockKind, Colour

KNOWN = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid", b"idat", b"jumb", b"pdin", b"wide"})
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c97925828877ec481")
TABLES = frozenset({b"hdlr", b"pitm", b"iinf", b"iloc", b"iprp", b"iref", b"idat", b"dinf", b"grpl"})
ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
TO_SAMPLES = (b"trak", b"mdia", b"minf", b"stbl", b"stsz")


@dataclass(frozen=True, slots=True)
class _Traits:
    """What the properties of the pictures say."""

    bits: int = 8
    is_grey: bool = False
    has_alpha: bool = False
    has_profile: bool = False


def walk_boxes(data: bytes) -> Structure:
    """The structure of an AVIF or HEIC file."""
    gathered, traits, end, frames, kinds = Gathered(), _Traits(), 0, 1, set()
    items, stores = list[Item](), list[tuple[int, int]]()
    for kind, start, stop in boxes(data, 0, len(data)):
        if not _is_box(kind) or (kind not in KNOWN and stop > len(data)):
            break  # bytes behind the end that only look like a box
        end = stop
        if kind == b"meta" and kind not in kinds:
            traits = _traits(data, start + 4, stop)
            items = items_of(data, start + 4, stop)
            _gather_items(data, items, gathered)
            _gather_rest(data, start + 4, stop, gathered)
        elif kind == b"moov":
            frames = max(frames, _samples(data, start, stop))
        elif kind == b"mdat":
            stores.append((start, min(stop, len(data))))
        else:
            _top(kind, data, start, stop, gathered)
        kinds.add(kind)
    for first, last in uncovered([one for item in items for one in item.extents], stores):
        gathered.add_unread(data[first:last], "what no item of the container uses")
    return Structure(
        end=min(end, len(data)),
        frames=frames,
        bits=traits.bits,
        colour=Colour.GREY if traits.is_grey else Colour.RGB,
        has_alpha=traits.has_alpha,
        has_profile=traits.has_profile,
        is_whole=end <= len(data) and b"meta" in kinds,
        blocks=gathered.all(),
        is_cut=gathered.is_cut,
    )


def _is_box(kind: bytes) -> bool:
    return kind in KNOWN or (kind.isalnum() and kind.isascii() and kind.islower())


def _top(kind: bytes, data: bytes, start: int, stop: int, gathered: Gathered) -> None:
    owner = data[start : start + 16] if kind == b"uuid" else b""
    if kind == b"jumb" or owner == C2PA_UUID:
        gathered.add(BlockKind.C2PA, data[start : min(stop, start + MAX_BLOCK)], "a C2PA manifest")
    elif owner == XMP_UUID:
        gathered.add(BlockKind.XMP, data[start + 16 : stop], "XMP")
    elif kind != b"ftyp" and is_text(data[start : min(stop, start + 4096)]):
        gathered.add(BlockKind.TEXT, data[start:stop], "an unknown part of the container")
    elif kind != b"ftyp":
        gathered.add_unread(data[start:stop], "an unknown part of the container")


def _gather_items(data: bytes, items: list[Item], gathered: Gathered) -> None:
    for item in items:
        if gathered.is_cut:
            return
        if item.kind == b"Exif":
            body = item.contents(data, MAX_BLOCK)
            gathered.add_exif(body[4 + big(body, 0, 4) :] or body[4:], "EXIF")
        elif item.kind == b"mime" and b"rdf+xml" in item.content_type:
            gathered.add(BlockKind.XMP, item.contents(data, MAX_BLOCK), "XMP")
        elif item.kind == b"mime":
            gathered.add(BlockKind.TEXT, item.contents(data, MAX_BLOCK), "an attached item")
        elif item.kind == b"jumb":
            gathered.add(BlockKind.C2PA, item.contents(data, MAX_BLOCK), "a C2PA manifest")


def _gather_rest(data: bytes, start: int, stop: int, gathered: Gathered) -> None:
    """What stands in the meta box besides the tables that are read here, and the colour profiles."""
    for kind, first, last in boxes(data, start, min(stop, len(data))):
        if kind not in TABLES:
            gathered.add_unread(data[first : min(last, stop)], "an unknown part of the container")
    for kind, first, last in _within(data, start, stop, (b"iprp", b"ipco")):
        if kind == b"colr":
            gathered.add_unread(data[first + 4 : min(last, stop)], "the colour profile")
        elif kind in (b"free", b"skip", b"uuid"):
            gathered.add_unread(data[first : min(last, stop)], "an unknown part of the container")


def _traits(data: bytes, start: int, stop: int) -> _Traits:
    """The traits in meta/iprp/ipco: of all pictures together, since a mask or a thumbnail never has more."""
    bits, is_grey, has_alpha, has_profile = 0, False, False, False
    for kind, first, last in _within(data, start, stop, (b"iprp", b"ipco")):
        if kind == b"pixi":
            bits = max(bits, big(data, first + 5, 1))
        elif kind == b"av1C":
            flags = big(data, first + 2, 1)
            bits = max(bits, (12 if flags & 0x20 else 10) if flags & 0x40 else 8)
            is_grey = bool(flags & 0x10)
        elif kind == b"auxC":
            has_alpha |= ALPHA in data[first:last] or b"auxid:1" in data[first:last]
        elif kind == b"colr":
            has_profile |= data[first : first + 4] in (b"prof", b"rICC")
    return _Traits(bits or 8, is_grey and not has_alpha, has_alpha, has_profile)


def _within(data: bytes, start: int, stop: int, path: tuple[bytes, ...]) -> Iterator[BOX]:
    """The boxes inside the first box of each name along the path."""
    stop = min(stop, len(data))
    for name in path:
        found = next(((first, last) for kind, first, last in boxes(data, start, stop) if kind == name), None)
        if found is None:
            return
        start, stop = found[0], min(found[1], stop)
    yield from boxes(data, start, stop)


def _samples(data: bytes, start: int, stop: int) -> int:
    """How many pictures the longest track has."""
    most = 0
    for kind, first, last in boxes(data, start, min(stop, len(data))):
        if kind == b"trak":
            for inner, at, _ in _within(data, first, last, TO_SAMPLES[1:-1]):
                most = max(most, big(data, at + 8, 4) if inner == TO_SAMPLES[-1] else 0)
    return most
