"""One byte range of a file, as RFC 9110 has it. Several ranges, or one that makes no sense, mean the whole file."""

import re

PATTERN = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")  # no file is longer; int() refuses endless digits


class Unsatisfiable(Exception):
    """The range lies beyond the end of the file."""


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte (both included) of a file of `size` bytes, or None for the whole file."""
    match = PATTERN.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    if match.group(1) == "":
        length = int(match.group(2))
        if length == 0:
            raise Unsatisfiable
        return max(0, size - length), size - 1
    first = int(match.group(1))
    last = min(int(match.group(2) or size - 1), size - 1)
    if first >= size:
        raise Unsatisfiable
    return (first, last) if first <= last else None
