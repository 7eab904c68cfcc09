"""What a text or comment of a file says, and the blocks that programs write into texts."""

import re
from collections.abc import Iterator

from dermref.media.buried import buried
from dermref.media.containers.photoshop import IPTC, resources
from dermref.media.containers.profiles import from_hex
from dermref.media.metadata.fields import fields
from dermref.media.metadata.said import LONGEST, Role, Said, decode, is_garbled
from dermref.media.metadata.strings import strings
from dermref.model.media import Block, BlockKind

PROFILE = re.compile(r"raw profile type (\w+)", re.IGNORECASE)
PLAIN_START = 1024  # bytes; a file of plain ASCII tells what it is at its start


def read_text(block: Block) -> Iterator[Said | Block]:
    """Its words in the role of its keyword; or the EXIF, XMP or IPTC block that it is."""
    inner = _inner(block)
    if inner:
        yield inner
        return
    keyword = block.name.strip()
    where = f"{block.where} “{keyword[:40]}”" if keyword and keyword not in block.where else block.where
    if len(block.data) > 4 * LONGEST:
        yield Said(Role.BROKEN, where)
    is_plain = block.data.isascii() and b"\0" not in block.data
    inside = buried(block.data[:PLAIN_START] if is_plain else block.data)
    if inside:
        yield Said(Role.FILE, where, f"{inside}, in {where}")
    text, role = decode(block.data), fields().text.get(keyword.lower(), Role.TEXT)
    if role is Role.TEXT and is_garbled(text):
        yield from strings(block.data, where=where)
        role = Role.DEBRIS
    yield Said(role, where, text, keyword)


def _inner(block: Block) -> Block | None:
    """The block inside: as it is, or in hexadecimal digits, as ImageMagick and its heirs write it."""
    data = block.data
    if PROFILE.match(block.name):
        data = from_hex(data) or data
    if data.startswith(b"Exif\0\0") or data[:4] in (b"II*\0", b"MM\0*"):
        return Block(BlockKind.EXIF, data, f"EXIF in {block.where}")
    if b"<x:xmpmeta" in data[:1000] or data.lstrip().startswith(b"<?xpacket"):
        return Block(BlockKind.XMP, data, f"XMP in {block.where}")
    data = data.removeprefix(b"Photoshop 3.0\0")
    if data.startswith((b"8BIM", b"\x1c\x01", b"\x1c\x02")):
        inside = next((body for number, body in resources(data) if number == IPTC), data)
        return Block(BlockKind.IPTC, inside, f"IPTC in {block.where}")
    return None
