"""Searches bytes that no reader understands: for other files, for scripts, and in their strings for private words; what
they hold packed is unpacked once."""

import re
from collections.abc import Iterator

from dermref.media.buried import buried, pictures, unpacked
from dermref.media.formats import SCRIPT
from dermref.media.metadata.said import Role, Said
from dermref.media.metadata.strings import strings
from dermref.model.media import Block, BlockKind

MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{2,64}@[\w-]{2,60}(?:\.[\w-]{2,60}){0,4}\.[A-Za-z]{2,10}(?!\w)")
PROFILE = "profile"  # whose makers put their own address into it
SHOWN = 60  # bytes of markup in a sentence


def read_unread(block: Block) -> Iterator[Said]:
    """What such bytes hold. `block.data` is bounded by the walk through the container."""
    yield from _file(block.data, block.where)
    yield from _words(block.data, block.where)
    for inner in unpacked(block.data):
        where = f"what is packed in {block.where}"
        yield from _file(inner, where)
        yield from _words(inner, where)
        met = SCRIPT.search(inner.replace(b"\0", b""))
        if met:
            yield Said(Role.MARKUP, where, met[0].decode("latin-1"))


def _file(data: bytes, where: str) -> Iterator[Said]:
    inside = buried(data)
    if inside:
        yield Said(Role.FILE, where, f"{inside}, in {where}")


def _words(data: bytes, where: str) -> Iterator[Said]:
    for one in strings(data, where=where, most=len(data)):
        yield one
        met = MAIL.search(one.text) if PROFILE not in where else None
        if met:
            yield Said(Role.CONTACT, where, met[0])


def read_private(data: bytes, *, where: str) -> Iterator[Said | Block]:
    """What a maker's own block or a manifest holds, in which small copies of the picture are no wonder: their strings,
    and the pictures as thumbnails."""
    yield from strings(data, where=where)
    yield from (Block(BlockKind.THUMBNAIL, picture, f"{where} preview") for picture in pictures(data))
