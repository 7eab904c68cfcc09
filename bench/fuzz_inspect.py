"""Inspects seeded random mutations of real pictures: `python bench/fuzz_inspect.py CORPUS [--number N] [--seed S]`.

Each mutation is inspected in a worker process and must come back as Inspected or Refusal; exit 1 when anything else
happens: an exception, a dead worker, more than ten seconds. CORPUS holds the folders isic/, clinical/ and robust/.
"""

import argparse
import multiprocessing
import os
import random
import resource
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from report import Row, show

SECONDS = 10
LARGEST = 2 * 1024 * 1024  # bytes of a file that is mutated
HEAD = 4096  # where headers stand
ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".avif", ".apng", ".mpo"}


def flip_bits(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    for _ in range(dice.randint(1, 32)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def fill_run(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    at, size = dice.randrange(len(data)), dice.randint(1, 512)
    data[at : at + size] = bytes([dice.choice((0, 255, dice.randrange(256)))]) * size
    return bytes(data)


def cut_off(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    return bytes(data[: dice.randrange(len(data))])


def drop_chunk(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    at = dice.randrange(len(data))
    del data[at : at + dice.randint(1, 4096)]
    return bytes(data)


def double_chunk(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    at, size = dice.randrange(len(data)), dice.randint(1, 4096)
    return bytes(data[: at + size] + data[at:])


def change_header(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    """Numbers in the first kilobytes become extremes: sizes, counts, offsets."""
    for _ in range(dice.randint(1, 6)):
        at, width = dice.randrange(min(HEAD, len(data))), dice.choice((1, 2, 4))
        data[at : at + width] = dice.choice((b"\0", b"\xff", b"\x7f", b"\x80", dice.randbytes(1))) * width
    return bytes(data)


def splice(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    return bytes(data[: dice.randrange(len(data))]) + other[dice.randrange(len(other)) :]


def append(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    return bytes(data) + dice.choice((other, dice.randbytes(300), b"\0" * 64))


MUTATIONS = (flip_bits, fill_run, cut_off, drop_chunk, double_chunk, change_header, change_header, splice, append)


def mutated(files: list[Path], *, seed: int, number: int) -> tuple[str, bytes]:
    """The mutation of this number: what was done to which file, and the bytes. The same for the same seed."""
    dice = random.Random(f"{seed}/{number}")
    path, other = dice.choice(files), dice.choice(files)
    data, done = path.read_bytes(), []
    for change in dice.choices(MUTATIONS, k=dice.choice((1, 1, 1, 2, 3))):
        data = change(bytearray(data or b"\0"), dice, other.read_bytes())
        done.append(change.__name__)
    return f"{path.name}: {', '.join(done)}", data


def work(pipe: Connection, files: list[Path], seed: int) -> None:
    """In a worker: inspect the mutations asked for, and answer with verdict, code and the memory used so far (KiB)."""
    from dermref.media.inspect import inspect
    from dermref.media.memory import keep_memory_flat
    from dermref.model.evidence import Refusal
    from dermref.model.media import Inspected, Verdict

    keep_memory_flat()
    pipe.send("ready")
    while (number := pipe.recv()) is not None:
        name, data = mutated(files, seed=seed, number=number)
        try:
            found = inspect(data, name="mutated")
        except Exception as error:  # noqa: BLE001 — counted, shown, and the run fails
            verdict, code = "exception", f"{type(error).__name__}: {error} ({name})"
        else:
            if isinstance(found, Refusal):
                verdict, code = "refuse", found.code
            else:
                assert isinstance(found, Inspected)
                waits = [one.code for one in found.findings if one.verdict is Verdict.QUARANTINE]
                verdict, code = ("quarantine", waits[0]) if waits else ("accept", "")
        pipe.send((verdict, code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


@dataclass
class Tally:
    """What came of all mutations."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_number: int = -1
    peak: int = 0
    wrong: list[str] = field(default_factory=list)


def drive(numbers: list[int], files: list[Path], seed: int, tally: Tally) -> None:
    """Have one worker at a time inspect these mutations; a dead or stuck one is replaced."""
    worker, pipe = hire(files, seed)
    for number in numbers:
        started = time.perf_counter()
        pipe.send(number)
        verdict, code, peak = answer(pipe)
        seconds = time.perf_counter() - started
        tally.counts[verdict, code if verdict != "exception" else code.partition(":")[0]] += 1
        tally.peak = max(tally.peak, peak)
        if seconds > tally.slowest:
            tally.slowest, tally.slowest_number = seconds, number
        if verdict in ("exception", "crash", "timeout"):
            tally.wrong.append(f"{number} {verdict} {code or mutated(files, seed=seed, number=number)[0]}")
        if verdict in ("crash", "timeout"):
            worker.kill()
            worker, pipe = hire(files, seed)
    pipe.send(None)
    worker.join()


def hire(files: list[Path], seed: int) -> tuple[multiprocessing.Process, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=work, args=(theirs, files, seed), daemon=True)
    worker.start()
    theirs.close()
    ours.recv()  # its imports are not the first mutation's time
    return worker, ours


def answer(pipe: Connection) -> tuple[str, str, int]:
    try:
        return pipe.recv() if pipe.poll(SECONDS) else ("timeout", "", 0)
    except EOFError:
        return "crash", "", 0


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--number", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=4)
    wanted = asked.parse_args()
    folders = [wanted.corpus / name for name in ("isic", "clinical", "robust")]
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    files = [path for path in found if 0 < path.stat().st_size <= LARGEST]
    if not files:
        print(f"fuzz_inspect.py finds no pictures under {wanted.corpus}", file=sys.stderr)
        return 2
    tally, workers, started = Tally(), os.cpu_count() or 1, time.perf_counter()
    shares = [list(range(first, wanted.number, workers)) for first in range(workers)]
    threads = [threading.Thread(target=drive, args=(share, files, wanted.seed, tally)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table(tally, len(files), wanted.seed, time.perf_counter() - started)
    return 1 if tally.wrong else 0


def table(tally: Tally, files: int, seed: int, seconds: float) -> None:
    rows = [Row(f"{verdict} {code}".strip(), count, "") for (verdict, code), count in tally.counts.most_common()]
    rows += [
        Row(f"slowest (number {tally.slowest_number})", tally.slowest, "s", ceiling=SECONDS),
        Row("peak memory of a worker", tally.peak / 1024, "MiB", ceiling=1024),
        Row("exceptions, crashes, timeouts", len(tally.wrong), "", ceiling=0),
    ]
    show(f"{tally.counts.total():,} mutations of {files} pictures (seed {seed}), {seconds:,.0f} s", rows)
    for line in tally.wrong[:20]:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
