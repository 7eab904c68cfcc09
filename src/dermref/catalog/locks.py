"""One ingest of a source at a time, whatever machine it runs on, and one new grant. On SQLite, which lives on one
machine, the lock of the store is enough for an ingest."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from dermref.model.deployment import Stopped

FAMILY = 0x6465726D  # "derm": the first half of the database's lock number; the second stands for the source


@contextmanager
def only_ingest_of(source_id: str) -> Iterator[None]:
    """Hold the source for one ingest. Raises Stopped when another ingest holds it; a dead one never does."""
    if connection.vendor != "postgresql":
        yield
        return
    number = zlib.crc32(source_id.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, number])
        if not cursor.fetchone()[0]:
            raise Stopped(f"Another ingest of {source_id} is at work; wait until it has ended, or stop it.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [FAMILY, number])


@contextmanager
def only_writer_of_grants(source_id: str) -> Iterator[None]:
    """One transaction in which nobody else records a grant of this source: its number is taken once."""
    with transaction.atomic():  # SQLite lets one writer in at a time from the very beginning of a transaction
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(%s, %s)", [FAMILY + 1, zlib.crc32(source_id.encode()) - 2**31]
                )
        yield
