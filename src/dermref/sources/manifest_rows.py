"""One row of a manifest as fields: what its cells say, and what the source or a column's name says for every row."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from dermref.model.manifest import ManifestField as Field

Given = tuple[tuple[Field, str], ...]
TONE = (Field.SKIN_TONE_SCALE, Field.SKIN_TONE_ASSESSED_BY)  # nothing without a tone


def values_of(cells: Mapping[Field, str], given: Given) -> dict[Field, str]:
    """The row's own words, and what is given where it has none; fields without any are left out.

    >>> values_of({Field.FOREIGN_ID: "7", Field.FILE: " "}, ((Field.FILE, "{foreign_id}.jpg"),))[Field.FILE]
    '7.jpg'
    """
    values = {field: cell for field, cell in cells.items() if cell.strip()}
    for field, template in given:
        if field in values or (field in TONE and Field.SKIN_TONE not in values):
            continue
        if (text := filled(template, values)) is not None:
            values[field] = text
    return values


def filled(template: str, values: Mapping[Field, str]) -> str | None:
    """The template with the row's id, or the stem of its file's name; None where the row has none."""
    foreign_id, file = values.get(Field.FOREIGN_ID, ""), values.get(Field.FILE, "")
    parts = {"foreign_id": foreign_id, "stem": PurePosixPath(file).stem if file else ""}
    if any(f"{{{name}}}" in template and not part for name, part in parts.items()):
        return None
    for name, part in parts.items():
        template = template.replace(f"{{{name}}}", part)
    return template
