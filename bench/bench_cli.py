"""Start of the command line, and one decision.

Baseline in the same run: `python -c "import click"`.
"""

import statistics
import subprocess
import sys
import time

from report import Row, show

RUNS = 15


def main() -> None:
    """Run and print."""
    floor = wall([sys.executable, "-c", "import click"])
    listing = wall([sys.executable, "-m", "dermref", "sources", "list", "--json"])
    show(
        f"Start of the command line, median of {RUNS}; one decision",
        [
            Row("dermref sources list", listing * 1000, "ms", ceiling=500),
            Row("baseline: importing click", floor * 1000, "ms"),
            Row("ratio to that baseline", listing / floor, "×"),
            Row("one decision", statistics.median(decision() for _ in range(RUNS)) * 1e6, "µs", ceiling=20),
        ],
    )


def wall(command: list[str]) -> float:
    """Median seconds of a whole process."""
    times = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def decision() -> float:
    """Mean seconds of one decision over all sources and actions."""
    from dermref.model.asking import ANONYMOUS, Action, Operator
    from dermref.model.policy import PolicyKey
    from dermref.registry.load import load_sources
    from dermref.rights import Policy, Question, decide

    policies = [
        Policy(PolicyKey(source.source_id, source.terms.license_expression, ""), source.terms)
        for source in load_sources()
    ]
    questions = [Question(action, ANONYMOUS, operator=Operator()) for action in Action]
    begun = time.perf_counter()
    for policy in policies:
        for question in questions:
            decide(policy, question)
    return (time.perf_counter() - begun) / (len(policies) * len(questions))


if __name__ == "__main__":
    main()
