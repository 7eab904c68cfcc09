"""What can be cited, as a value: an image, a collection, a snapshot of one, a source. Every citation style and every
file format is made of this and of nothing else. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ANONYMOUS = "anonymous"  # a real attribution of archives: a name, and the last of a list


class Work(StrEnum):
    """What sort of thing is cited."""

    IMAGE = "image"
    COLLECTION = "collection"
    SNAPSHOT = "snapshot"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Attributed:
    """Somebody to whom images of a set are attributed: the name as printed, never taken apart; how many images; the
    names of the licenses that those fall under."""

    name: str
    images: int
    licenses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Citable:
    """One thing to cite. `identifier` names it here, `number` is the id it goes by elsewhere (an image's id at its
    source, a snapshot's content hash). `authors` are names as printed. `licenses` are names with addresses, None where
    no license has one; an image may be used under each of them. `credit` is the attribution an image carries, and
    `credit_html` the same with its links, escaped; `attributions` are those of a set, in order."""

    work: Work
    identifier: str
    title: str
    url: str
    accessed: date
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    number: str | None = None
    genre: str | None = None
    doi: str | None = None
    version: str | None = None
    issued: date | None = None
    licenses: tuple[tuple[str, str | None], ...] = ()
    credit: str | None = None
    credit_html: str | None = None
    attributions: tuple[Attributed, ...] = ()


def most_images_first(attributions: Iterable[Attributed]) -> tuple[Attributed, ...]:
    """Distinct attributions in the order in which a set's citation lists them: by number of images, then by name, and
    whoever wants no name last.

    >>> rows = [Attributed("Anonymous", 9, ()), Attributed("B", 2, ()), Attributed("A", 2, ()), Attributed("C", 3, ())]
    >>> [one.name for one in most_images_first(rows)]
    ['C', 'A', 'B', 'Anonymous']
    """
    return tuple(
        sorted(
            attributions, key=lambda one: (one.name.casefold() == ANONYMOUS, -one.images, one.name.casefold(), one.name)
        )
    )
