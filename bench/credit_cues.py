"""How often the detector of credits is right, on the labelled figures of tests/sources/figures: a Markdown table.

Recall: of the figures credited to somebody else, how many have a cue. Precision: of the figures with a cue, how many
are credited to somebody else. Figures labelled unclear are left out of both, and counted.
"""

import json
from collections import Counter
from pathlib import Path

from dermref.sources.credit_cues import detector_version, find_cues

FIGURES = Path(__file__).parents[1] / "tests" / "sources" / "figures" / "figures.jsonl"
PARTS = [("dev", "random"), ("dev", "enriched"), ("held-out", "random"), ("held-out", "enriched")]
PARTS += [("blind", "random"), ("blind", "enriched")]


def main() -> None:
    """Count and print."""
    rows = [json.loads(line) for line in FIGURES.read_text("utf-8").splitlines()]
    judged = [row for row in rows if not row["permissions"]]
    articles, publishers = (len({row[key] for row in rows}) for key in ("doi", "publisher"))
    print(f"{detector_version()}: {len(rows)} figures, {articles} articles, {publishers} publishers;", end=" ")
    print(f"{len(rows) - len(judged)} figures have permissions of their own and are left out.")
    print("\n| part | figures | credited | strong | weak | missed | own, flagged strong / weak | unclear, flagged |")
    print("|---|---|---|---|---|---|---|---|")
    for split, part in PARTS:
        show(f"{split}, {part}", [row for row in judged if (row["split"], row["part"]) == (split, part)])
    print(
        "\n| split | strong: precision | strong: recall | any cue: precision | any cue: recall |\n|---|---|---|---|---|"
    )
    for split in ("dev", "held-out", "blind"):
        rates(split, [row for row in judged if row["split"] == split])


def counted(rows: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    """How many of each label have a strong, a weak or no cue."""
    return Counter((row["label"], next((cue.strength.value for cue in find_cues(row["text"])), "none")) for row in rows)


def show(name: str, rows: list[dict[str, str]]) -> None:
    """One line of counts."""
    of = counted(rows)
    credited = sum(number for (label, _), number in of.items() if label == "third-party")
    unclear = f"{of['unclear', 'strong'] + of['unclear', 'weak']} of {sum(row['label'] == 'unclear' for row in rows)}"
    found = [of["third-party", strength] for strength in ("strong", "weak", "none")]
    own = f"{of['own', 'strong']} / {of['own', 'weak']} of {sum(row['label'] == 'own' for row in rows)}"
    print(f"| {name} | {len(rows)} | {credited} | {found[0]} | {found[1]} | {found[2]} | {own} | {unclear} |")


def rates(name: str, rows: list[dict[str, str]]) -> None:
    """One line of rates, each with its counts."""
    of = counted(rows)
    strong, weak, none = (of["third-party", strength] for strength in ("strong", "weak", "none"))
    wrong, wrong_weak = of["own", "strong"], of["own", "weak"]
    pairs = [
        (strong, strong + wrong),
        (strong, strong + weak + none),
        (strong + weak, strong + weak + wrong + wrong_weak),
        (strong + weak, strong + weak + none),
    ]
    print(f"| {name} | " + " | ".join(f"{part / whole:.1%} ({part}/{whole})" for part, whole in pairs) + " |")


if __name__ == "__main__":
    main()
