"""What is cited as an item of CSL-JSON, for programs that set references themselves. Pure."""

from datetime import date

from dermref.credit.citable import Citable, Work
from dermref.credit.citations import attribution_text
from dermref.credit.references import TYPES, full_title
from dermref.credit.words import in_line, safe_name

Item = dict[str, object]


def csl_item(citable: Citable) -> Item:
    """The item. An image's id stands in its title and not in `number`: styles that print both would say it twice."""
    item: Item = {
        "id": key_of(citable),
        "type": TYPES[citable.work],
        "title": full_title(citable),
        "author": [{"literal": in_line(name)} for name in citable.authors],
        "publisher": in_line(citable.publisher or ""),
        "genre": in_line(citable.genre or ""),
        "version": in_line(citable.version or ""),
        "number": in_line(citable.number or "") if citable.work is Work.SNAPSHOT else "",
        "issued": _date(citable.issued),
        "accessed": _date(citable.accessed),
        "DOI": citable.doi,
        "URL": in_line(citable.url),
        "note": note_of(citable),
    }
    return {name: value for name, value in item.items() if value}


def key_of(citable: Citable) -> str:
    """What the thing is called in a list of references and in the names of files; each version has its own."""
    version = f"-v{citable.version}" if citable.work is Work.SNAPSHOT and citable.version else ""
    return safe_name(f"{citable.identifier}{version}")


def note_of(citable: Citable) -> str:
    """What a reference has no field for: every attribution, and the licenses with their addresses. One line, so that no
    program reads a field out of it."""
    named = (f"{name} ({url})" if url else name for name, url in citable.licenses)
    licensed = ", ".join(map(in_line, named))
    return " ".join(filter(None, (attribution_text(citable), licensed and f"License: {licensed}.")))


def _date(day: date | None) -> dict[str, object] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None
