"""Near-duplicate look-up among 1,000,000 fingerprints: one picture in all eight orientations, confirmed by the table;
building the index from the table, starting from its file, following one by one, memory, and making a fingerprint.

The fingerprints are those of the demo's pictures with bits flipped at random, each row at a rate of its own from 14 to
50 %: about as crowded around a real picture as real ones are (docs/media.md), which uniform ones would not be. SQLite
unless DATABASE_URL names another (python tools/with_postgres.py python bench/bench_near.py).

Baseline in the same run: one bare pass of XOR and bit count over all pHashes for each of the eight orientations.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from report import Row, show

ROWS, LOOKUPS = int(os.environ.get("ROWS", "1000000")), 60
DEMO = Path(__file__).parents[1] / "demo"


def main() -> None:
    """Generate, measure, print."""
    if sys.argv[1:]:
        cold_start(is_anew=sys.argv[1] == "anew")
        return
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DERMREF_DATA_DIR"] = scratch
        os.environ.setdefault("DATABASE_URL", "")
        from dermref.config.start import start

        start(migrate=True, register=False)
        print(f"generating {ROWS:,} rows …", file=sys.stderr)
        asked = demo_likenesses()
        generate(asked)
        measure(asked)


def demo_likenesses() -> list[object]:
    from dermref.media.inspect import inspect
    from dermref.model.media import Inspected

    found = [inspect(path.read_bytes(), name=path.name) for path in sorted(DEMO.rglob("*.[jp][pn]g"))]
    return [one.likeness for one in found if isinstance(one, Inspected)]


def generate(likenesses: list) -> None:
    """Rows of the table, made of these with flipped bits; keys to images that do not exist."""
    from django.db import connection, transaction

    random = np.random.default_rng(4)
    base = np.array([[int.from_bytes(one.phash), int.from_bytes(one.dhash)] for one in likenesses], dtype=np.uint64)
    sql = "INSERT INTO catalog_fingerprint (image_id, phash, dhash, sketch) VALUES (%s, %s, %s, %s)"
    off = "PRAGMA foreign_keys = OFF" if connection.vendor == "sqlite" else "SET session_replication_role = replica"
    with connection.cursor() as cursor:
        cursor.execute(off)
        for start in range(0, ROWS, 20_000):
            count = min(20_000, ROWS - start)
            of = random.integers(0, len(base), count)
            bits = random.random((count, 128)) < random.uniform(0.14, 0.5, (count, 1))
            hashes = (base[of] ^ np.packbits(bits, axis=1).view(">u8").astype(np.uint64)).view(np.int64).tolist()
            noise = random.integers(-60, 60, (count, 576), dtype=np.int8)
            with transaction.atomic():
                cursor.executemany(sql, [
                    (start + at + 1, *hashes[at], noise[at].tobytes()) for at in range(count)
                ])  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE catalog_fingerprint")


def cold_start(*, is_anew: bool) -> None:
    """In a process of its own: seconds until the index answers, and the memory that took."""
    from dermref.config.start import start

    start()
    from dermref.services.likeness import Likes

    before = memory("VmRSS")
    begun = time.perf_counter()
    likes = Likes(is_anew=is_anew)
    seconds = time.perf_counter() - begun
    assert len(likes) == ROWS
    print(json.dumps({"s": seconds, "MB": memory("VmHWM") - before}))


def memory(name: str) -> float:
    """MB of this process: VmRSS is what it has now, VmHWM the most it had."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def measure(asked: list) -> None:
    from django.db import connection

    from dermref.media.nearness import find_candidates
    from dermref.services.likeness import Likes, index_file

    anew = in_a_process("anew")
    likes = Likes(is_anew=True)
    kept = milliseconds(likes.keep, times=3)
    file = in_a_process("file")
    phashes, dhashes = likes._hashes(1), likes._hashes(2)
    begun = time.process_time()
    whole = each(likes.near, asked)
    processor = (time.process_time() - begun) / LOOKUPS * 1000
    search = each(lambda one: find_candidates(phashes, dhashes, asked=one), asked)
    candidates = [len(find_candidates(phashes, dhashes, asked=one, most=ROWS).places) for one in asked[:LOOKUPS]]
    floor = statistics.median(each(lambda one: bare_pass(phashes, one), asked))
    show(
        f"Near-duplicate look-up among {ROWS:,} fingerprints, eight orientations, {connection.vendor}",
        [
            Row("look-up, confirmed by the table: p50", statistics.median(whole), "ms", ceiling=20),
            Row("look-up, confirmed by the table: p95", at(whole, 0.95), "ms", ceiling=20),
            Row("processor time of a look-up in this process: mean", processor, "ms"),
            Row("of which the search in memory: p50", statistics.median(search), "ms"),
            Row("candidates of a look-up: mean", statistics.mean(candidates), ""),
            Row("baseline: a bare pass over all pHashes for each orientation", floor, "ms"),
            Row("ratio of the look-up to that baseline", statistics.median(whole) / floor, "×"),
            Row("index from the table", anew["s"], "s", ceiling=180),
            Row("memory of that, at its peak", anew["MB"], "MB", ceiling=1000),
            Row("index from its file, checked against the table", file["s"], "s"),
            Row("memory of that, at its peak", file["MB"], "MB", ceiling=1000),
            Row("writing the file", kept, "ms"),
            Row("size of the file", index_file().stat().st_size / 1e6, "MB"),
            Row("one more: save the fingerprint, follow", milliseconds(one_more(likes, asked), times=50), "ms"),
            Row("making a fingerprint of a 256-px picture", milliseconds(fingerprint(), times=200), "ms", ceiling=1),
        ],
    )


def in_a_process(how: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, how], stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def bare_pass(phashes: np.ndarray, likeness: object) -> None:
    part = 65_536
    different, bits = np.empty(part, dtype=np.uint64), np.empty(part, dtype=np.uint8)
    for start in range(0, len(phashes) - part, part):
        for phash, _ in likeness.turned:
            np.bitwise_xor(phashes[start : start + part], np.uint64(int.from_bytes(phash)), out=different)
            np.bitwise_count(different, out=bits)


def one_more(likes: object, asked: list) -> Callable[[], None]:
    from dermref.catalog.fingerprints import save_fingerprint

    rows = iter(range(1, ROWS))

    def save_and_follow() -> None:
        save_fingerprint(next(rows), asked[0])
        likes.refresh()

    return save_and_follow


def fingerprint() -> Callable[[], object]:
    from dermref.media.fingerprint import grey_square, likeness

    picture = np.random.default_rng(5).uniform(0, 255, (192, 256, 3))
    return lambda: likeness(grey_square(picture))


def each(action: Callable[[object], object], asked: list) -> list[float]:
    return [milliseconds(lambda one=one: action(one), times=1) for one in (asked * LOOKUPS)[:LOOKUPS]]


def milliseconds(action: Callable[[], object], *, times: int) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def at(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


if __name__ == "__main__":
    main()
