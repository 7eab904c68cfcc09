"""Reads an SPDX expression into its alternatives: an OR of ANDs of ids. Knows ids only, not what they mean."""

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from license_expression import Licensing

LONGEST = 2_000  # characters; nobody wrote a longer license expression
MOST_GROUPS = 32  # parentheses: they are walked recursively
MOST_ALTERNATIVES = 64

Alternatives = tuple[tuple[str, ...], ...]

_TOKEN = re.compile(r"[()]|[^()\s]+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
JOINING = frozenset({"AND", "OR", "and", "or"})
OPERATORS = JOINING | {"(", ")"}


class NotAnExpression(ValueError):
    """The text is no expression of bounded size; the message says why."""


def is_compound(text: str) -> bool:
    """Whether `text` has the look of more than one id joined: an operator between ids, or parentheses."""
    return "(" in text or any(token in JOINING for token in text.split(" "))


def alternatives_of(text: str, *, ids: tuple[str, ...] = ()) -> Alternatives:
    """Every alternative of an expression as a tuple of ids, in the order written. `ids` gives known ids their spelling.

    Raises NotAnExpression. Ids that are not known come out as they were written: the caller must look each one up.

    >>> alternatives_of("A AND (B OR C)")
    (('A', 'B'), ('A', 'C'))
    """
    if len(text) > LONGEST or text.count("(") > MOST_GROUPS:
        raise NotAnExpression("the license expression is too long")
    if not _is_well_formed(_TOKEN.findall(text)):
        raise NotAnExpression("the license expression cannot be read")
    licensing = _licensing(ids)
    found = _alternatives(licensing.parse(text, simple=True), of=licensing)
    return tuple(dict.fromkeys(tuple(dict.fromkeys(one)) for one in found))


@cache
def _licensing(ids: tuple[str, ...]) -> "Licensing":
    """A parser that knows our ids; the library's own index of thousands is never loaded.

    Imported here because few programs ever meet an expression, and every command would pay for it at its start.
    """
    from license_expression import LicenseSymbol, Licensing

    return Licensing([LicenseSymbol(one) for one in ids])


def _is_well_formed(pieces: list[str]) -> bool:
    """Whether ids and operators take turns and parentheses pair up; the library forgives what means nothing."""
    depth, wants_id = 0, True
    for piece in pieces:
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        elif (piece in JOINING) == wants_id or not _ID.fullmatch(piece):
            return False
        else:
            wants_id = not wants_id
            continue
        if depth < 0 or wants_id != (piece == "("):
            return False
    return not wants_id and depth == 0


def _alternatives(tree: object, *, of: "Licensing") -> Alternatives:
    if isinstance(tree, of.OR):
        return _bounded(tuple(one for part in tree.args for one in _alternatives(part, of=of)))
    if isinstance(tree, of.AND):
        found: Alternatives = ((),)
        for part in tree.args:
            further = _alternatives(part, of=of)
            found = _bounded(tuple((*one, *more) for one, more in product(found, further)))
        return found
    return ((str(tree),),)


def _bounded(alternatives: Alternatives) -> Alternatives:
    if len(alternatives) > MOST_ALTERNATIVES:
        raise NotAnExpression("the license expression has too many alternatives")
    return alternatives
