"""Citing one image in every style, and a collection of ten thousand distinct attributions.

No finished citation is remembered: every one measured has a title of its own. What is remembered is the style, and what
it makes of a reference of this shape, with blanks for every value. Baseline in the same run: citeproc asked each time.
"""

import timeit
from dataclasses import replace
from datetime import date
from itertools import count

from report import Row, show

from dermref.credit import templates
from dermref.credit.citable import Attributed, Citable, Work
from dermref.credit.citations import cite
from dermref.credit.formats import Format, citation_file
from dermref.credit.styles import all_styles

RUNS, REPEATS = 500, 5
IMAGE = Citable(
    Work.IMAGE,
    "some-archive:IMG_0000001",
    "Bowen disease",
    "https://archive.example/images/IMG_0000001/",
    date(2026, 11, 2),
    authors=("Hospital of the St. John’s Order",),
    publisher="Some Archive",
    number="IMG_0000001",
    genre="Dermoscopic image",
    credit="Image courtesy of the hospital via Some Archive · IMG_0000001",
)
NAMES = tuple(Attributed(f"Hospital {number}", number + 1, ("a license",)) for number in range(10_000))
SET = replace(IMAGE, work=Work.COLLECTION, credit=None, attributions=NAMES, issued=date(2026, 1, 1))
FILES = (Format.BIBTEX, Format.RIS, Format.CSL_JSON, Format.CFF, Format.DATACITE)


def main() -> None:
    """Run and print."""
    number = count()
    rows = []
    for style in all_styles().values():
        warm = best(lambda one=style: cite(replace(IMAGE, title=f"Nevus {next(number)}"), one), RUNS)
        rows.append(Row(f"{style.key}, warm", warm, "ms", ceiling=5))
    for style in all_styles().values():
        rows.append(Row(f"baseline: {style.key}, citeproc asked anew", best(lambda one=style: anew(one), 10), "ms"))
    show(f"Citing an image with its attribution, best of {REPEATS}", rows)
    apa = all_styles()["apa"]
    sets = [Row("text and HTML", best(lambda: cite(SET, apa), 1), "ms", ceiling=2000)]
    sets += [Row(f"as {one.value}", best(lambda asked=one: citation_file([SET], asked), 1), "ms") for one in FILES]
    show("Citing a set of 10,000 distinct attributions, best of 5", sets)
    show("Starting", [Row("reading the nine styles, once", timeit.timeit(read_styles, number=1) * 1e3, "ms")])


def anew(style) -> None:
    templates.template_of.cache_clear()
    cite(IMAGE, style)


def read_styles() -> None:
    templates._read.cache_clear()
    for style in all_styles().values():
        templates.sorts_by_name(style)


def best(work, runs: int) -> float:
    work()
    return min(timeit.repeat(work, number=runs, repeat=REPEATS)) / runs * 1e3


if __name__ == "__main__":
    main()
