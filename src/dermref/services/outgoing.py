"""The rights in the file: what leaves the gate carries what its record says at this moment. Stored files are never
touched. Where the terms bar any change, or a format has no place for it, the bytes go exactly as they are."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from dermref.credit.xmp import packet_of
from dermref.media.embed import CARRIERS, REVISION, embed
from dermref.model.media import Packet
from dermref.services.noticing import notice_for
from dermref.services.serving import Bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves for one request: the file, and the packet that is written into it; without one it goes as it is."""

    found: Bytes
    packet: Packet | None

    @property
    def etag(self) -> str:
        """The strong validator of what will be sent, known before a byte is read: of the stored file as it is, or of
        the file together with the words that are written into it."""
        if self.packet is None:
            return self.found.file.sha256
        parts = (self.found.file.sha256.encode(), b"%d" % REVISION, self.packet.xmp, self.packet.iptc)
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def open(self) -> tuple[BinaryIO, int]:
        """The bytes at their beginning, for whoever gets them to close, and how many they are. To write into a file
        takes its size in memory twice, for as long as the answer lasts; no ingest takes one above 128 MiB."""
        if self.packet is None:
            return self.found.stream, self.found.file.byte_size
        whole, _ = self.read()
        return BytesIO(whole), len(whole)

    def read(self) -> tuple[bytes, bool]:
        """All of the bytes, and whether the credit stands in them."""
        with self.found.stream as stream:
            data = stream.read()
        written = embed(data, self.packet) if self.packet else None
        return (written, True) if isinstance(written, bytes) else (data, False)


def outgoing(found: Bytes) -> Outgoing:
    """What leaves for `found`, with what its record says now."""
    return Outgoing(found, packet_of(notice_for(found.shown)) if found.takes_credit else None)


def carries_credit(media_type: str) -> bool:
    """Whether files of this type have a place for it."""
    return media_type in CARRIERS
