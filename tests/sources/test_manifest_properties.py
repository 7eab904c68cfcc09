"""Whatever a table holds: no row ever vanishes, and none is taken that has a fault."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from manifest_tables import ROW, checked, table, write

CELLS = st.one_of(
    st.sampled_from([*ROW.values(), "", "b.png", "../a.png", "=1", "\ufeff", '"', "a\nb"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys([*ROW, "title", "age"], CELLS)), max_size=6)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from([",", ";", "\t"]))
def test_rows_when_written_as_a_table_then_each_is_sound_or_faulted(rows: list[dict[str, str]], delimiter: str) -> None:
    text = table(ROW | {"title": "", "age": ""}, *rows, delimiter=delimiter)
    with tempfile.TemporaryDirectory() as folder:
        found, faults = checked(write(Path(folder), "m.csv", text))
    assert found.rows == 1 + len(rows)
    assert found.accepted + len({fault.line for fault in faults}) == found.rows


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.just(json.dumps(ROW)), st.text(max_size=20), ROWS.map(json.dumps)), max_size=6))
def test_rows_when_written_as_json_lines_then_each_is_sound_or_faulted(lines: list[str]) -> None:
    kept = [line.replace("\n", " ") for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(kept).encode("utf-8", "replace")
        found, faults = checked(write(Path(folder), "m.jsonl", text))
    assert found.rows == sum(bool(line.strip()) for line in kept)
    header = any(fault.line == 1 and "column" in fault.text for fault in faults)
    faulted = {fault.line for fault in faults if "no rows follow" not in fault.text}
    assert header or found.accepted + len(faulted) == found.rows
