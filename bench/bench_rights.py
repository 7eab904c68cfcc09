"""Reading license statements, and the facts it rests on.

Baseline in the same run: one look-up of a statement in a dictionary, the fastest possible answer.
"""

import subprocess
import sys
import timeit

from report import Row, show

from dermref.model.evidence import Statement
from dermref.rights.facts import alternatives_in, load_facts
from dermref.rights.parse import parse_statement

RUNS, REPEATS = 2_000, 5
STATEMENTS = {
    "an id": Statement("CC-BY-4.0"),
    "a printed name": Statement("Creative Commons Attribution-NonCommercial-NoDerivs 3.0 Unported"),
    "a name and its link": Statement("CC BY-SA 3.0 de", "https://creativecommons.org/licenses/by-sa/3.0/de/deed.en"),
    "a sentence": Statement("This work is licensed under a Creative Commons Attribution 4.0 International License."),
    "unknown words": Statement("No known restrictions (see the library’s terms)"),
    "a choice": Statement("CC-BY-4.0 OR CC0-1.0"),
}
HUGE = Statement("CC BY 4.0 " * 1_000_000)
LOADING = """
import time
from dermref.rights.facts import load_facts
begun = time.perf_counter()
load_facts()
print(time.perf_counter() - begun)
"""


def main() -> None:
    """Run and print."""
    known = dict.fromkeys(STATEMENTS.values())
    rows = [Row(f"reading {name}", micros(one), "µs", ceiling=50) for name, one in STATEMENTS.items()]
    first = Statement("CC-BY-4.0")
    loading = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    rows += [
        Row(
            "reading 10 MB of text",
            timeit.timeit(lambda: parse_statement(HUGE), number=10) / 10 * 1e3,
            "ms",
            ceiling=100,
        ),
        Row("alternatives of an expression, remembered", best(lambda: alternatives_in("CC-BY-4.0 OR CC0-1.0")), "µs"),
        Row("baseline: a dictionary look-up", best(lambda: known[first]), "µs"),
        Row(f"loading the facts of {len(load_facts().by_id)} instruments, once", float(loading.stdout) * 1e3, "ms"),
    ]
    show(f"License statements, best of {REPEATS} × {RUNS}", rows)


def micros(statement: Statement) -> float:
    return best(lambda: parse_statement(statement))


def best(work) -> float:
    return min(timeit.repeat(work, number=RUNS, repeat=REPEATS)) / RUNS * 1e6


if __name__ == "__main__":
    main()
