"""Whom images of a set are attributed to: the distinct names, each with its images and the licenses they fall under.
Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dermref.credit.attribution import says, says_anything
from dermref.credit.citable import Attributed, most_images_first
from dermref.model.source import Source


@dataclass(frozen=True, slots=True)
class Share:
    """Some images of a set that are attributed alike, under one license."""

    name: str
    license_name: str
    images: int


def attributed_to(source: Source, *, creator: str | None, contributor: str | None, credit_line: str | None) -> str:
    """Whom an image is attributed to: in the words its author asks for, else who made it and through whom it came; the
    source where the item names nobody. “Anonymous” is a name.

    >>> from dermref.registry.load import load_source
    >>> attributed_to(load_source("isic-archive"), creator=None, contributor="Anonymous", credit_line=None)
    'Anonymous'
    >>> attributed_to(load_source("isic-archive"), creator="Doe J", contributor="Doe J, A Clinic", credit_line=None)
    'Doe J, A Clinic'
    """
    if credit_line and says_anything(credit_line):
        return credit_line
    people = dict.fromkeys(one for one in (creator, contributor) if one and says_anything(one))
    named = [one for one in people if not any(one != other and says(other, one) for other in people)]
    return ", ".join(named) or source.called


def attributions_of(shares: Iterable[Share]) -> tuple[Attributed, ...]:
    """The distinct attributions of a set, in the order of its citation.

    >>> rows = [Share("A", "CC BY 4.0", 2), Share("A", "CC0 1.0", 1), Share("B", "CC0 1.0", 4)]
    >>> for one in attributions_of(rows): print(one.name, one.images, one.licenses)
    B 4 ('CC0 1.0',)
    A 3 ('CC BY 4.0', 'CC0 1.0')
    """
    images: dict[str, int] = defaultdict(int)
    licenses: dict[str, dict[str, None]] = defaultdict(dict)
    for one in shares:
        images[one.name] += one.images
        licenses[one.name][one.license_name] = None
    return most_images_first(Attributed(name, images[name], tuple(sorted(licenses[name]))) for name in images)
