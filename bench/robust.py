"""Holds every file of a robustness corpus to what its label demands: `python bench/robust.py CORPUS`.

Prints label → verdict → code → milliseconds; exit 1 when a file ends otherwise, takes longer than ten seconds, or needs
more than a gigabyte. CORPUS holds MANIFEST.csv (path, label) and the folder robust/.
"""

import csv
import resource
import sys
import time
from pathlib import Path

from dermref.media.inspect import inspect
from dermref.model.evidence import Refusal
from dermref.model.media import Verdict

ACCEPT, QUARANTINE, REFUSE = ({one} for one in Verdict)
ANY = {*Verdict}
SECONDS, KIB = 10, 1024 * 1024
# What a word of a label demands. The strictest of a label's words holds; of `decoder_dependent` and plain `hostile`
# files only that they end.
DEMANDS = {
    "valid": ACCEPT,
    "orientation": ACCEPT,
    "embedded_rights_conflict": ANY - REFUSE,  # quarantined only where it names a person
    **dict.fromkeys(
        (
            "has_gps",
            "has_serial",
            "malformed_gps",
            "has_phi_text",
            "polyglot_zip",
            "trailing_garbage",
            "html_in_comment",
        ),
        QUARANTINE,
    ),
    **dict.fromkeys(
        ("animated", "multi_page", "multi_frame", "bomb", "truncated", "corrupt", "malformed", "not_an_image"), REFUSE
    ),
    **dict.fromkeys(("not_raster", "not_web_image", "fuzzed"), REFUSE),
    "hostile": ANY,
    "decoder_dependent": ANY,
}
NOT_TAKEN = (".bmp", ".ico")  # sound pictures in formats outside the allow-list


def demanded(path: str, label: str) -> set[Verdict]:
    """The verdicts that are right for a file with this label."""
    words = {word.split()[0] for word in label.split(";")}
    if path.endswith(NOT_TAKEN):
        return REFUSE
    if "decoder_dependent" in words:
        return ANY
    known = [DEMANDS[word] for word in words if word in DEMANDS]
    return next((wanted for wanted in (REFUSE, QUARANTINE) if wanted in known), min(known, key=len, default=ANY))


def ended(path: Path) -> tuple[Verdict, list[str]]:
    """The verdict on a file, and the codes of what was found."""
    found = inspect(path.read_bytes(), name=path.name)
    if isinstance(found, Refusal):
        return Verdict.REFUSE, [found.code]
    is_waiting = any(one.verdict is Verdict.QUARANTINE for one in found.findings)
    return Verdict.QUARANTINE if is_waiting else Verdict.ACCEPT, [one.code for one in found.findings]


def main() -> int:
    if len(sys.argv) != 2:
        print("robust.py needs the folder of a corpus: python bench/robust.py CORPUS", file=sys.stderr)
        return 2
    corpus, wrong = Path(sys.argv[1]), 0
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith("robust/")]
    print("| file | label | verdict | found | ms | |\n|---|---|---|---|---|---|")
    for row in rows:
        started = time.perf_counter()
        verdict, codes = ended(corpus / row["path"])
        seconds = time.perf_counter() - started
        is_right = verdict in demanded(row["path"], row["label"]) and seconds < SECONDS
        if "embedded_rights_conflict" in row["label"]:
            is_right &= "embedded-rights" in codes
        wrong += not is_right
        cells = [row["path"].removeprefix("robust/"), row["label"], verdict, ", ".join(codes), f"{1000 * seconds:.0f}"]
        print("| " + " | ".join([*cells, "" if is_right else "WRONG"]) + " |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\n{len(rows)} files, {wrong} otherwise than labelled; at most {peak / 1024:,.0f} MiB in one process")
    return 1 if wrong or peak > KIB else 0


if __name__ == "__main__":
    sys.exit(main())
