"""What a <permissions> element of JATS says: the links of its licenses wherever they stand, and its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dermref.sources.jats_text import Element, name_of, one_line, words_of
from dermref.sources.words import load_words

HREF = "{http://www.w3.org/1999/xlink}href"
RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
LICENSE_REF = "{http://www.niso.org/schemas/ali/1.0/}license_ref"
LINKS = ("ext-link", "uri")
WHOLE = frozenset({"body", "back", "front", "article-meta", "floats-group", "article", "sub-article", "response"})


@dataclass(frozen=True, slots=True)
class Rights:
    """The license links of one <permissions> in their order, each once; the words of its licenses; whether it has a
    license at all; its copyright notice and holder; and all that it says, with the kinds of its licenses."""

    links: tuple[str, ...]
    words: str
    is_licensed: bool
    notice: str | None
    holder: str | None
    said: str


def rights_of(permissions: Element) -> Rights:
    """What a <permissions> says."""
    licenses = permissions.findall("license")
    return Rights(
        links=tuple(dict.fromkeys(link for one in licenses for link in _links(one))),
        words=" ".join(filter(None, map(words_of, licenses))),
        is_licensed=bool(licenses),
        notice=words_of(permissions.find("copyright-statement")),
        holder=words_of(permissions.find("copyright-holder")),
        said=" ".join(filter(None, [*map(words_of, permissions), *map(_kind, licenses)])),
    )


def nearest_rights(graphic: Element) -> tuple[Rights, ...]:
    """The <permissions> of the nearest element around a picture that has any, the picture's own first; none where only
    the article has."""
    for one in (graphic, *graphic.iterancestors()):
        if name_of(one) in WHOLE:
            break
        if found := [*one.findall("permissions"), *one.findall("sec-meta/permissions")]:
            return tuple(map(rights_of, found))
    return ()


def _kind(license_element: Element) -> str:
    return one_line(" ".join(license_element.get(name) or "" for name in ("license-type", "specific-use")))


def _links(license_element: Element) -> Iterator[str]:
    """Wherever publishers put them: a reference of their own, an attribute of the license (both count wherever they
    lead), and links and plain addresses among its words (these count where they lead to a license)."""
    known = load_words("pmc")["license"]
    for reference in license_element.iter(LICENSE_REF):
        if address := one_line("".join(reference.itertext())):
            yield address
    for one in license_element.iter():
        own = (one.get(HREF) if one is license_element else None) or one.get(RESOURCE)
        if own and own.strip():
            yield own.strip()
    for link in license_element.iter(*LINKS):
        address = (link.get(HREF) or "").strip()
        if re.match(known["link"], address) and not re.search(known["about_data"], one_line(link.tail or "")):
            yield address
    words = one_line("".join(_words_beside_links(license_element)))
    for found in re.finditer(known["typed"], words):
        if not re.search(known["about_data"], words[found.end() :].lstrip(" )")):
            yield found[0]


def _words_beside_links(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or name_of(element) in LINKS or element.tag == LICENSE_REF:
        return
    yield element.text or ""
    for child in element:
        yield from _words_beside_links(child)
        yield child.tail or ""
