"""Profiles that programs write as hexadecimal text, as ImageMagick and its heirs do: a line break, the name, the number
of bytes, then the bytes."""

import re

HEADER = re.compile(rb"\s*[\w ]{1,40}\s+\d{1,10}\s+")
HEX = b"0123456789abcdefABCDEF"
BETWEEN = b" \r\n\t\0"
NOT_HEX = bytes(set(range(256)) - set(HEX))


def from_hex(text: bytes) -> bytes:
    """The bytes; what is no digit is passed over."""
    digits = _behind_header(text).translate(None, NOT_HEX)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def is_hex(text: bytes) -> bool:
    """Whether there is nothing but digits behind the header."""
    return not _behind_header(text).translate(None, HEX + BETWEEN)


def _behind_header(text: bytes) -> bytes:
    header = HEADER.match(text)
    return text[header.end() if header else 0 :]
