"""The rights notice as an XMP packet, as Adobe, IPTC, PLUS and Creative Commons have agreed on its fields. Whatever a
title or a name holds, it stays words. Pure."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dermref.credit.iptc import iptc_of
from dermref.credit.notice import Notice
from dermref.model.media import LONGEST_XMP, Packet
from dermref.rights.facts import Kind

HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description rdf:about=""'
FOOT = '</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>'
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\r": "&#13;"})
# What goes on in further segments first, where one is not enough; the addresses and flags never do.
MOVABLE = ("dc:title", "photoshop:Source", "dc:creator", "cc:attributionName", "plus:Licensor", "dc:rights",
           "photoshop:Credit", "xmpRights:UsageTerms")  # fmt: skip
SHORTEST = ("xmpRights:Marked", "plus:DataMining")  # what is left where addresses have thousands of characters


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    xml: str


def packet_of(notice: Notice) -> Packet:
    """The notice as it is written into a file; nothing empty and nothing unknown stands in it."""
    properties = _properties(notice)
    whole = _packet(properties)
    iptc = iptc_of(notice, rights=_rights(notice))
    if len(whole) <= LONGEST_XMP:
        return Packet(whole, whole, b"", iptc)
    main, more = _parted(properties)
    return Packet(whole, main, more, iptc)


def _parted(properties: list[_Property]) -> tuple[bytes, bytes]:
    """The part that fits one segment and names the rest by its MD5, as XMP part 3 (1.1.3.1) has it; and the rest."""
    for number in range(1, len(MOVABLE) + 1):
        goes = [one for one in properties if one.name in MOVABLE[:number]]
        main, more = _pair([one for one in properties if one not in goes], goes)
        if len(main) <= LONGEST_XMP:
            return main, more
    return _pair([one for one in properties if one.name in SHORTEST], properties)


def _pair(stays: list[_Property], goes: list[_Property]) -> tuple[bytes, bytes]:
    more = _meta(goes).encode()
    guid = hashlib.md5(more, usedforsecurity=False).hexdigest().upper()
    return _packet([*stays, _plain("xmpNote:HasExtendedXMP", guid)]), more


def _properties(notice: Notice) -> list[_Property]:
    found = [
        _plain("xmpRights:Marked", _marked(notice)),
        _plain("xmpRights:WebStatement", notice.statement_url),
        _localized("xmpRights:UsageTerms", notice.usage_terms),
        _localized("dc:rights", _rights(notice)),
        _list("dc:creator", "Seq", notice.creators),
        _localized("dc:title", notice.title),
        _plain("dc:identifier", notice.public_id),
        _plain("dc:source", notice.landing_url),
        _plain("photoshop:Credit", notice.credit.text),
        _plain("photoshop:Source", notice.source_name),
        _licenses(notice.license_urls),
        _plain("cc:attributionName", next(iter(notice.creators), notice.source_name)),
        _resource("cc:attributionURL", notice.landing_url),
        None if notice.is_free else _licensor(notice),
        *_mining(notice),
    ]
    return [one for one in found if one]


def _marked(notice: Notice) -> str | None:
    """Whether there are rights; nothing where all that is known is that nobody knows."""
    if notice.licenses and all(one.kind is Kind.STATEMENT for one in notice.licenses):
        return None
    return "False" if notice.is_free else "True"


def _licenses(urls: tuple[str, ...]) -> _Property | None:
    """The license; several are a choice, and XMP has no property twice."""
    if len(urls) <= 1:
        return _resource("cc:license", *urls) if urls else None
    items = "".join(f'<rdf:li rdf:resource="{_escaped(url)}"/>' for url in urls)
    return _Property("cc:license", f"<cc:license><rdf:Alt>{items}</rdf:Alt></cc:license>\n")


def _rights(notice: Notice) -> str:
    """The notice of copyright; where nobody is known to reserve anything, the words of the terms."""
    is_reserved = all(one.kind is Kind.LICENSE for one in notice.licenses) and not notice.is_free
    return (notice.copyright if is_reserved else None) or notice.usage_terms


def _licensor(notice: Notice) -> _Property | None:
    """Whom to ask for more, in the structure of PLUS."""
    fields = (_plain("plus:LicensorName", notice.licensor), _plain("plus:LicensorURL", notice.terms_url))
    inside = "".join(one.xml for one in fields if one)
    item = f'<rdf:Seq><rdf:li rdf:parseType="Resource">{inside}</rdf:li></rdf:Seq>'
    return _Property("plus:Licensor", f"<plus:Licensor>{item}</plus:Licensor>\n")


def _mining(notice: Notice) -> Iterable[_Property | None]:
    """Allowed where anybody may; barred where license or terms say so; else reserved, with where to ask."""
    words = _data()["mining"]
    if not notice.is_mining_reserved:
        return [_plain("plus:DataMining", words["allowed"])]
    if notice.is_training_barred:
        return [_plain("plus:DataMining", words["no_training"])]
    told = f"Text and data mining is reserved: {notice.terms_url}"
    return [_plain("plus:DataMining", words["see_constraint"]), _localized("plus:OtherConstraints", told)]


def _plain(name: str, text: str | None) -> _Property | None:
    return _Property(name, f"<{name}>{_escaped(text)}</{name}>\n") if _says(text) and text else None


def _resource(name: str, url: str) -> _Property | None:
    return _Property(name, f'<{name} rdf:resource="{_escaped(url)}"/>\n') if url.startswith("http") else None


def _localized(name: str, text: str | None) -> _Property | None:
    if not _says(text) or not text:
        return None
    item = f'<rdf:Alt><rdf:li xml:lang="x-default">{_escaped(text)}</rdf:li></rdf:Alt>'
    return _Property(name, f"<{name}>{item}</{name}>\n")


def _list(name: str, kind: str, texts: Iterable[str]) -> _Property | None:
    items = "".join(f"<rdf:li>{_escaped(one)}</rdf:li>" for one in texts if _says(one))
    return _Property(name, f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>\n") if items else None


def _says(text: str | None) -> bool:
    return bool(text and text.strip())


def _escaped(text: str) -> str:
    """Words as XML has them; a character that XML has no place for is replaced."""
    return NO_XML.sub("\ufffd", text).translate(SIGNS)


def _packet(properties: Iterable[_Property | None]) -> bytes:
    return (HEAD + _rdf(properties) + FOOT).encode()


def _meta(properties: Iterable[_Property]) -> str:
    """The further part: as the packet, without its frame."""
    start, stop = HEAD.partition("\n")[2], FOOT.rpartition("\n")[0]
    return start + _rdf(properties) + stop


def _rdf(properties: Iterable[_Property | None]) -> str:
    return RDF + _declared() + "".join(one.xml for one in properties if one)


@cache
def _declared() -> str:
    return "".join(f'\n xmlns:{prefix}="{uri}"' for prefix, uri in _data()["namespaces"].items()) + ">\n"


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("dermref.credit").joinpath("data/embedded.toml").read_text(encoding="utf-8"))
