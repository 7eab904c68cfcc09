"""Reads what a visitor asked in the address. A value that means nothing is answered with one clear sentence."""

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

from dermref.model.asking import Action, Purpose
from dermref.services.rulings import all_sources
from dermref.services.searching import Wanted

FIELDS = ("source", "license", "modality", "condition", "may", "purpose")
LARGEST_ROW_ID = 2**63 - 1
PAGE_SIZE = 48
MOST_QUOTED = 60
AI = "ai"


def wanted_of(
    query: QueryDict, *, conditions: frozenset[str], licenses: frozenset[str], modalities: frozenset[str]
) -> Wanted:
    """The images asked for, checked against what there is. Raises BadRequest with one sentence."""
    before = place_of(query, "before")
    return Wanted(
        source_id=_one_of(query, "source", frozenset(all_sources())),
        license_id=_one_of(query, "license", licenses),
        condition=_one_of(query, "condition", conditions),
        modality=_one_of(query, "modality", modalities),
        after=0 if before is not None else place_of(query, "after") or 0,
        before=before,
        limit=PAGE_SIZE,
    )


def purpose_of(request: HttpRequest) -> Purpose:
    """The purpose named in the address, `unspecified` when there is none. Raises BadRequest with one sentence."""
    asked = _one_of(request.GET, "purpose", frozenset(Purpose))
    return Purpose(asked) if asked else Purpose.UNSPECIFIED


def use_of(request: HttpRequest) -> Action:
    """The use that images of a list have to allow, `view` when none is named. Raises BadRequest with one sentence."""
    asked = _one_of(request.GET, "may", frozenset(Action))
    return Action(asked) if asked else Action.VIEW


def wants_ai(request: HttpRequest) -> bool:
    """Whether the address asks for the AI uses alone. Raises BadRequest with one sentence."""
    return _one_of(request.GET, "focus", frozenset({AI})) is not None


def search_text(query: QueryDict) -> str:
    """The words typed into a search box, bounded."""
    return " ".join(query.get("q", "").split())[:200]


def query_string(query: QueryDict, **changed: object) -> str:
    """The chosen filters as a query, without the place in the list, with `changed` put in."""
    kept = {name: query[name] for name in FIELDS if query.get(name)}
    return urlencode({**kept, **changed})


def place_of(query: QueryDict, name: str) -> int | None:
    """A place in a list, as a page of it named it; None for none. Raises BadRequest with one sentence."""
    value = query.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= LARGEST_ROW_ID):
        raise BadRequest(f"“{_quoted(value)}” is no place in the list: “{name}” takes the number of an earlier page.")
    return int(value)


def _one_of(query: QueryDict, name: str, known: frozenset[str]) -> str | None:
    value = query.get(name, "").strip()
    if not value:
        return None
    if value not in known:
        raise BadRequest(f"There is no {name} “{_quoted(value)}” here.")
    return value


def _quoted(value: str) -> str:
    printable = "".join(sign if sign.isprintable() else "�" for sign in value)
    return printable if len(printable) <= MOST_QUOTED else printable[:MOST_QUOTED] + "…"
