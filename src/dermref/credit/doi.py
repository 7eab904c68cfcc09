"""Reads a DOI as people write one. Pure."""

import re

from dermref.model.evidence import Refusal

# A prefix of a registrant, with its subdivisions, and anything printable behind the slash (DOI Handbook, 2.2).
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[\x21-\x7e]+")
_ADDRESS = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
LONGEST = 2048  # characters; registration agencies take no longer ones


def read_doi(text: str) -> str | Refusal:
    """The bare DOI of `text`, which may be an address at doi.org or begin with “doi:”; in small letters, for DOIs are
    the same in any case.

    >>> read_doi("https://doi.org/10.5281/Zenodo.1003150")
    '10.5281/zenodo.1003150'
    >>> read_doi("zenodo.1003150").code
    'not-a-doi'
    """
    bare = text.strip()
    if found := _ADDRESS.match(bare):
        bare = bare[found.end() :]
    if len(bare) > LONGEST or not _DOI.fullmatch(bare):
        shown = text if len(text) <= 80 else f"{text[:79]}…"
        return Refusal("not-a-doi", f"“{shown}” is no DOI; one looks like 10.5281/zenodo.1003150.")
    return bare.lower()


def doi_url(doi: str) -> str:
    """Where a DOI leads, as an address that needs no more escaping in HTML than any other.

    >>> doi_url("10.1002/(sici)1<1::x>3.0.co;2-w")
    'https://doi.org/10.1002/(sici)1%3C1::x%3E3.0.co;2-w'
    """
    return "https://doi.org/" + re.sub(r"[^A-Za-z0-9\-._~:/@!$&'()*+,;=]", lambda one: f"%{ord(one[0]):02X}", doi)
