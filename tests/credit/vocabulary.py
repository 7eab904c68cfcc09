"""The words of schema.org, ODRL and TDMRep that we may use, each on what, from `vocabulary.csv`: a word that is not
there is a word that nobody has looked up."""

import csv
from collections.abc import Iterator
from pathlib import Path

with (Path(__file__).parent / "vocabulary.csv").open(encoding="utf-8") as file:
    KNOWN = {(term, kind) for row in csv.DictReader(file) for term in (row["term"],) for kind in row["used_on"].split()}


def unknown(value: object, kind: str) -> Iterator[str]:
    """The words in a JSON value that are not in the list for what they stand on."""
    if isinstance(value, list):
        for one in value:
            yield from unknown(one, kind)
    elif isinstance(value, dict):
        own = value.get("@type", kind)
        for term, inner in value.items():
            if not term.startswith("@") and (term, own) not in KNOWN:
                yield f"{term} on {own}"
            yield from unknown(inner, term)
