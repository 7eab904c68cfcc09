"""The index of likenesses as a file, so that a process need not read the whole table to begin. A file that is damaged,
cut short or of another version is no file: the table is the truth."""

import os
import zlib
from pathlib import Path

import numpy as np

from dermref.catalog.fingerprints import Rows

MAGIC = b"dermref likeness 1\n"  # says that three columns of 64-bit little-endian integers follow, after their checksum
CHECK = 4


def read_rows(path: Path) -> Rows | None:
    """The rows of the file (3 x n, by row id), or None where there is no sound one."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    head = len(MAGIC) + CHECK
    body = memoryview(data)[head:]
    if data[: len(MAGIC)] != MAGIC or len(data) < head or len(body) % 24:
        return None
    if zlib.crc32(body).to_bytes(CHECK, "little") != data[len(MAGIC) : head]:
        return None
    rows: Rows = np.frombuffer(body, dtype="<i8").reshape(3, -1).astype(np.int64, copy=False)
    return rows


def write_rows(path: Path, rows: Rows) -> None:
    """Write the file whole, or leave the one before."""
    body = rows.astype("<i8").tobytes()
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(MAGIC + zlib.crc32(body).to_bytes(CHECK, "little") + body)
    part.replace(path)
