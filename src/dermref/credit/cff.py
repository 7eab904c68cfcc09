"""What is cited as a CITATION.cff file (Citation File Format 1.2.0), for who keeps images in a repository. Pure."""

import json
import re
import tomllib
from functools import cache
from importlib.resources import files

from dermref.credit.citable import Citable, Work
from dermref.credit.citations import attribution_text
from dermref.credit.references import full_title
from dermref.credit.words import in_line
from dermref.rights.facts import load_facts

VERSION = "1.2.0"
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")  # of the format, which is narrower than a DOI
_ADDRESS = re.compile(r"(https|http|ftp|sftp)://.+")
_CALLED = {Work.IMAGE: "image", Work.COLLECTION: "collection", Work.SNAPSHOT: "collection", Work.SOURCE: "source"}

Value = str | list[str] | list[dict[str, str]]


def cff(citable: Citable) -> str:
    """The file, as YAML whose every text is quoted as JSON quotes it, which YAML reads alike."""
    return "".join(_lines(name, value) for name, value in _fields(citable).items() if value)


def _fields(citable: Citable) -> dict[str, Value]:
    names = list(dict.fromkeys(in_line(one) for one in citable.authors or (citable.publisher or citable.title,)))
    known, other = _license(citable)
    asked = f"If you use this {_CALLED[citable.work]}, please cite it as below."
    return {
        "cff-version": VERSION,
        "message": " ".join(filter(None, (asked, attribution_text(citable)))),
        "type": "dataset",
        "title": full_title(citable),
        "authors": [{"name": name} for name in names],
        "version": in_line(citable.version or ""),
        "date-released": citable.issued.isoformat() if citable.issued else "",
        "doi": citable.doi if citable.doi and _DOI.fullmatch(citable.doi) else "",
        "url": in_line(citable.url) if _ADDRESS.fullmatch(in_line(citable.url)) else "",
        "identifiers": _identifiers(citable),
        "license": known[0] if len(known) == 1 else known,
        "license-url": other,
    }


def _license(citable: Citable) -> tuple[list[str], str]:
    """The ids that the format knows, or the address of the one license that it does not. Several licenses mean a choice
    in this format: that is so for one image, and wrong for a set whose images each have their own."""
    if citable.work is not Work.IMAGE and len(citable.licenses) > 1:
        return [], ""
    by_url = load_facts().by_url
    read = [(by_url.get(url) if url else None, url) for _, url in citable.licenses]
    ids = [one.spdx for one, _ in read if one and one.spdx in _known()]
    if len(ids) == len(read):
        return list(dict.fromkeys(filter(None, ids))), ""
    return [], (read[0][1] or "") if len(read) == 1 else ""


@cache
def _known() -> frozenset[str]:
    rows = tomllib.loads(files(__package__).joinpath("data/cff.toml").read_text(encoding="utf-8"))
    return frozenset(rows["licenses"])


def _identifiers(citable: Citable) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    if citable.doi and not _DOI.fullmatch(citable.doi):
        found.append({"type": "other", "value": citable.doi, "description": "DOI"})
    if citable.number:
        told = "The hash of the list's document" if citable.work is Work.SNAPSHOT else "The id at the source"
        found.append({"type": "other", "value": in_line(citable.number), "description": told})
    return found


def _lines(name: str, value: Value) -> str:
    if isinstance(value, str):
        return f"{name}: {_quoted(value)}\n"
    return f"{name}:\n" + "".join(_entry(one) for one in value)


def _entry(one: str | dict[str, str]) -> str:
    if isinstance(one, str):
        return f"  - {_quoted(one)}\n"
    pairs = [f"{name}: {_quoted(value)}\n" for name, value in one.items()]
    return "  - " + "    ".join(pairs)


def _quoted(text: str) -> str:
    """JSON's quotes; only what YAML may not hold as it is becomes an escape, and `in_line` left none of that."""
    return json.dumps(text, ensure_ascii=False)
