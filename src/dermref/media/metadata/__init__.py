"""What a file's metadata give away: private facts, and what it says of its own rights."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dermref.media.metadata.exif import read_exif
from dermref.media.metadata.iptc import read_iptc
from dermref.media.metadata.judge import find_claims, find_findings
from dermref.media.metadata.said import Role, Said
from dermref.media.metadata.text import read_text
from dermref.media.metadata.unread import read_private, read_unread
from dermref.media.metadata.xmp import read_xmp
from dermref.model.media import Block, BlockKind, Claim, Finding


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was read from all blocks of a file. `thumbnails` are encoded pictures left inside."""

    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    thumbnails: tuple[bytes, ...] = ()


def read_metadata(blocks: Iterable[Block]) -> Metadata:
    """Everything the blocks say; total: a block that cannot be read becomes a finding."""
    told = [one for block in blocks for one in _told(block)]
    said = [one for one in told if isinstance(one, Said)]
    claims = find_claims(said)
    return Metadata(
        findings=find_findings(said, claims),
        claims=claims,
        thumbnails=tuple(dict.fromkeys(one.data for one in told if isinstance(one, Block))),
    )


def _told(block: Block) -> Iterator[Said | Block]:
    """What a block and the blocks inside it say; the thumbnails as they are."""
    if block.kind is BlockKind.THUMBNAIL:
        yield block
        return
    for one in READERS[block.kind](block):
        if isinstance(one, Block):
            yield from _told(one)
        else:
            yield one


def _read_manifest(block: Block) -> Iterator[Said | Block]:
    yield Said(Role.MANIFEST, block.where, f"a C2PA manifest of {len(block.data)} bytes")
    yield from read_private(block.data, where=block.where)


READERS: Mapping[BlockKind, Callable[[Block], Iterator[Said | Block]]] = {
    BlockKind.EXIF: read_exif,
    BlockKind.XMP: read_xmp,
    BlockKind.IPTC: read_iptc,
    BlockKind.TEXT: read_text,
    BlockKind.C2PA: _read_manifest,
    BlockKind.UNREAD: read_unread,
}
