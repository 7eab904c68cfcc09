"""A collection of 100,000 images of a catalogue of 120,000, with 15,000 distinct attributions, on SQLite: made of a
search, looked at, cited, decided, frozen, and its snapshot looked at.

Baseline in the same run: counting its members by a bare SQL query.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

ROWS, MEMBERS, REPEATS = 120_000, 100_000, 5
os.environ["ROWS"] = str(ROWS)

import bench_catalogue  # noqa: E402 (it reads how many rows it is to make)
from report import Row, show  # noqa: E402


def main() -> None:
    """Generate, measure, print."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DERMREF_DATA_DIR=scratch, DATABASE_URL="")
        from dermref.config.start import start

        start(migrate=True)
        print(f"generating {ROWS:,} rows …", file=sys.stderr)
        bench_catalogue.generate()
        rows = measure()
        show(f"A collection of {MEMBERS:,} images, SQLite (median of {REPEATS})", rows)


def timed(act: Callable[[], object], *, times: int = REPEATS) -> float:
    """The median seconds of several runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def measure() -> list[Row]:
    """Everything that is done with such a collection."""
    from dermref.credit.formats import Format
    from dermref.model.asking import ANONYMOUS, Action
    from dermref.model.collection import Keeper
    from dermref.services.citing import cited, cited_file
    from dermref.services.citing_sets import citable_living, citable_snapshot
    from dermref.services.collecting import NewCollection, add, create
    from dermref.services.collection_view import use_of_all, view
    from dermref.services.deciding import question_of
    from dermref.services.freezing import check, entries, freeze, read_snapshot
    from dermref.services.searching import shelf_of

    keeper = Keeper("A. Curator", is_curator=True)
    made = create(NewCollection("Large", slug="large"), keeper=keeper, viewer=ANONYMOUS).record
    ids = public_ids()
    begun = time.perf_counter()
    record = add(made, ids, keeper=keeper, viewer=ANONYMOUS).record
    added = time.perf_counter() - begun
    assert record.images == MEMBERS, record.images
    shelf, question = shelf_of(ANONYMOUS), question_of(Action.REDISTRIBUTE, viewer=ANONYMOUS)
    middle = (MEMBERS // 2) << 20
    living = citable_living(record, shelf)
    print(f"{len(living.attributions):,} distinct attributions", file=sys.stderr)
    begun = time.perf_counter()
    snapshot = freeze(record, keeper=keeper).snapshot
    frozen = time.perf_counter() - begun
    members = read_snapshot(snapshot).members
    floor = timed(lambda: bare(record.row_id))
    text = timed(lambda: cited([citable_living(record, shelf)], "apa"))
    return [
        Row("100,000 ids added", added, "s"),
        Row("cited: attributions gathered, sorted and printed (APA, text and HTML)", text, "s", ceiling=2),
        Row("ratio to the baseline", text / floor, "×"),
        Row("the same as BibTeX", timed(lambda: cited_file([citable_living(record, shelf)], Format.BIBTEX)), "s"),
        Row("first page of it", timed(lambda: view(record, shelf)) * 1000, "ms"),
        Row("a page in its middle", timed(lambda: view(record, shelf, after=middle)) * 1000, "ms"),
        Row("the decision about all of it", timed(lambda: use_of_all(record, question)) * 1000, "ms"),
        Row("frozen", frozen, "s"),
        Row("a page of its snapshot", timed(lambda: entries(members[:48], viewer=ANONYMOUS)) * 1000, "ms"),
        Row("the snapshot cited", timed(lambda: cited([citable_snapshot(snapshot)], "apa")), "s"),
        Row("the snapshot checked", timed(lambda: check(snapshot), times=1), "s"),
        Row("baseline: its members counted by a bare SQL query", floor * 1000, "ms"),
    ]


def public_ids() -> list[str]:
    """The ids of the members to be: of images that just anybody may see."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id FROM catalog_image WHERE source_id <> 'dermnet-legacy' ORDER BY id LIMIT %s", [MEMBERS]
        )
        return [row[0] for row in cursor.fetchall()]


def bare(row_id: int) -> None:
    """The members, counted."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM catalog_collectionimage m JOIN catalog_image i ON i.id = m.image_id"
            " WHERE m.collection_id = %s",
            [row_id],
        )
        cursor.fetchall()


if __name__ == "__main__":
    main()
