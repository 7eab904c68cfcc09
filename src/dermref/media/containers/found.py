"""What a walk through a container gathers, within bounds that no honest picture reaches."""

import zlib
from dataclasses import dataclass, field

from dermref.model.media import Block, BlockKind, Colour

MAX_PARTS = 100_000  # segments, chunks, boxes or blocks of one file
MAX_BLOCKS = 256  # pieces of metadata kept of one file
MAX_BLOCK = 8 * 1024 * 1024  # bytes of one piece
MAX_KEPT = 16 * 1024 * 1024  # bytes of all pieces together
MAX_UNREAD = 4 * 1024 * 1024  # bytes of one file that nothing reads, and that are searched
LEAST_UNREAD = 4  # bytes; fewer hold nothing
BLANK = b"\0\r\n\t "
NOTHING = BLANK + b"\xff"
EXIF_PREFIX = b"Exif\0"
PRINTABLE = bytes([*range(9, 14), *range(32, 127)])
ODD_SHARE = 0.1  # of bytes that are no printable ASCII, in a text


@dataclass(frozen=True, slots=True)
class Structure:
    """What the container alone tells. `end` is the offset behind the picture's last byte, None where it cannot be told;
    `is_whole` False when the container breaks off; `is_cut` True when it holds more metadata than `blocks` keeps."""

    end: int | None = None
    frames: int = 1
    bits: int = 8
    colour: Colour = Colour.RGB
    has_alpha: bool = False
    has_profile: bool = False
    is_interlaced: bool = False
    is_progressive: bool = False
    is_whole: bool = True
    blocks: tuple[Block, ...] = ()
    is_cut: bool = False


@dataclass(slots=True)
class Gathered:
    """The blocks met so far; beyond the bounds it keeps no more and remembers that there was more."""

    blocks: list[Block] = field(default_factory=list)
    is_cut: bool = False
    _kept: int = 0
    _inflated: int = 0
    _unread: dict[str, bytearray] = field(default_factory=dict)
    _left: int = MAX_UNREAD

    def add(self, kind: BlockKind, data: bytes, where: str, name: str = "") -> None:
        """Keep one block; empty ones say nothing."""
        if not data:
            return
        room = min(MAX_BLOCK, MAX_KEPT - self._kept)
        if len(self.blocks) >= MAX_BLOCKS or room <= 0:
            self.is_cut = True
            return
        self.is_cut |= len(data) > room
        piece = data[:room]
        self._kept += len(piece)
        self.blocks.append(Block(kind, piece, where, name))

    def add_exif(self, data: bytes, where: str) -> None:
        """Keep an EXIF block, with or without the prefix that some writers leave before it."""
        self.add(BlockKind.EXIF, data[6:] if data.startswith(EXIF_PREFIX) else data, where)

    def add_unread(self, data: bytes, where: str) -> None:
        """Keep bytes that nothing reads, to be searched; those of one place are joined, as a file may be cut up."""
        data = data.lstrip(BLANK)
        if len(data) < LEAST_UNREAD or not data.strip(NOTHING):
            return
        self.is_cut |= len(data) > self._left
        piece = data[: self._left]
        self._left -= len(piece)
        self._unread.setdefault(where, bytearray()).extend(piece)

    def all(self) -> tuple[Block, ...]:
        """Every block, the unread bytes last."""
        unread = (Block(BlockKind.UNREAD, bytes(data), where) for where, data in self._unread.items() if data)
        return (*self.blocks, *unread)

    def inflate(self, data: bytes) -> bytes:
        """What zlib data hold, as far as they can be read and no more than a block may have."""
        machine, room = zlib.decompressobj(), min(MAX_BLOCK, MAX_KEPT - self._inflated)
        if room <= 0:
            self.is_cut = True
            return b""
        try:
            text = machine.decompress(data, room)
        except zlib.error:
            return b""
        self._inflated += len(text)
        self.is_cut |= bool(machine.unconsumed_tail)
        return text


def big(data: bytes, start: int, size: int) -> int:
    """The unsigned big-endian number at `start`; bytes behind the end count for nothing."""
    return int.from_bytes(data[start : start + size], "big")


def little(data: bytes, start: int, size: int) -> int:
    """The unsigned little-endian number at `start`."""
    return int.from_bytes(data[start : start + size], "little")


def is_text(data: bytes) -> bool:
    """Whether bytes of an unknown part are words rather than numbers: at least eight, nearly all of them printable."""
    sample = data[:4096].rstrip(b"\0")
    odd = sample.translate(None, PRINTABLE)
    return len(sample) >= 8 and len(odd) <= ODD_SHARE * len(sample)
