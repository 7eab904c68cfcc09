"""What is cited as RIS, which nearly every reference manager reads. Pure."""

from collections.abc import Iterable

import rispy

from dermref.credit.citable import Citable, Work
from dermref.credit.csl import key_of, note_of
from dermref.credit.references import full_title
from dermref.credit.words import in_line

KINDS = {Work.IMAGE: "FIGURE", Work.COLLECTION: "DATA", Work.SNAPSHOT: "DATA", Work.SOURCE: "ELEC"}


def ris(citables: Iterable[Citable]) -> str:
    """The records. No value has a line break, so none can begin a tag of its own."""
    return str(rispy.dumps([_record(one) for one in citables], implementation=_Writer))


class _Writer(rispy.RisWriter):  # type: ignore[misc] # rispy has no types
    """Without a line of its own before each record, which the format does not know."""

    def set_header(self, count: int) -> str:
        return ""


def _record(citable: Citable) -> dict[str, object]:
    record: dict[str, object] = {
        "type_of_reference": KINDS[citable.work],
        "id": key_of(citable),
        "title": full_title(citable),
        "authors": [in_line(name) for name in citable.authors],
        "year": f"{citable.issued:%Y}" if citable.issued else "",
        "date": f"{citable.issued:%Y/%m/%d}" if citable.issued else "",
        "publisher": in_line(citable.publisher or ""),
        "type_of_work": in_line(citable.genre or ""),
        "edition": in_line(citable.version or ""),
        "accession_number": in_line(citable.number or ""),
        "doi": citable.doi,
        "urls": [in_line(citable.url)] if citable.url else [],
        "access_date": f"{citable.accessed:%Y/%m/%d}" if citable.url else "",
        "notes": [note_of(citable)] if note_of(citable) else [],
    }
    return {name: value for name, value in record.items() if value}
