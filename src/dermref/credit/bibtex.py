"""What is cited as BibTeX that BibTeX and biblatex both read: an entry of the one type that both have for it. Pure."""

import re
from collections.abc import Iterator

from dermref.credit.citable import Citable
from dermref.credit.citations import hash_text
from dermref.credit.csl import key_of, note_of
from dermref.credit.references import full_title
from dermref.credit.words import in_line

# No escape is a lone brace: BibTeX counts them, backslash or not. The braces behind a dash or a quote keep two of them
# from becoming another character.
_ESCAPES = {
    **{one: f"\\{one}" for one in "%&$#_"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': '{"}',
}
_TABLE = str.maketrans(_ESCAPES)
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[!?])(?=`)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)")
_UNSAFE_IN_ADDRESS = re.compile(r"[{}\\^\s\"<>|`]")


def bibtex(citable: Citable) -> str:
    """The entry, in UTF-8, with a line break at its end."""
    fields = "".join(f",\n  {name} = {{{value}}}" for name, value in _fields(citable) if value)
    return f"@misc{{{key_of(citable)}{fields}\n}}\n"


def _fields(citable: Citable) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(f"{{{_escaped(name)}}}" for name in citable.authors)  # braces: never taken apart
    yield "key", "" if citable.authors else _escaped(citable.title)  # by which BibTeX sorts what has no author
    yield "title", f"{{{_escaped(full_title(citable))}}}"
    yield "howpublished", _escaped(citable.publisher or "")
    yield "type", _escaped(citable.genre or "")
    yield "version", _escaped(citable.version or "")
    yield "year", f"{citable.issued:%Y}" if citable.issued else ""
    yield "month", str(citable.issued.month) if citable.issued else ""
    yield "doi", _address(citable.doi or "")
    yield "url", _address(citable.url)
    yield "urldate", citable.accessed.isoformat() if citable.url else ""
    yield "note", _escaped(" ".join(filter(None, (hash_text(citable), note_of(citable)))))


def _escaped(text: str) -> str:
    return _LIGATURES.sub("\0", in_line(text)).translate(_TABLE).replace("\0", "{}")


def _address(text: str) -> str:
    """As it is: these fields are read word for word. What would end the field goes percent-encoded."""
    return _UNSAFE_IN_ADDRESS.sub(lambda one: "".join(f"%{byte:02X}" for byte in one[0].encode()), in_line(text))
