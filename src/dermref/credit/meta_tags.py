"""What is cited as `meta` elements of its page, for programs that save the page itself. Dublin Core says what it has
words for; Zotero's own vocabulary, which its reader takes from a page as well, says the rest, and above all the type: a
page with an Open Graph card would else be saved as a web page. Pure."""

import re

from dermref.credit.citable import Citable, Work
from dermref.credit.coins import ZOTERO_TYPES, address_of, credit_of, rights_of
from dermref.credit.references import full_title
from dermref.credit.words import in_line

# What Zotero's reader of names takes apart or alters even where no surname is looked for.
_ALTERED = re.compile(r"[,،;]|\.(?=\S)|^[./\[\]:]|[./\[\]:]$")


def meta_tags(citable: Citable) -> dict[str, str]:
    """Contents by name; nothing stands there for what is not known. Of Zotero's own names only those of fields that the
    type has: it would write any other into the item's notes.

    No `citation_title`: search engines of literature take pages that have one for articles. No `DC.identifier`: Zotero
    would read an image's number as that of a book or a journal where its check digit happens to fit.
    """
    tags = {
        "z.itemType": ZOTERO_TYPES[citable.work],
        "DC.title": full_title(citable),
        "DC.rights": rights_of(citable),
        "DC.date": citable.issued.isoformat() if citable.issued else "",
        "DCTERMS.abstract": credit_of(citable),
        "citation_author": _unsplit(citable.authors),
        "citation_doi": citable.doi or "",
        "z.url": address_of(citable),
        **(_of_image(citable) if citable.work is Work.IMAGE else _of_set(citable)),
    }
    return {name: said for name, said in tags.items() if said}


def _of_image(citable: Citable) -> dict[str, str]:
    """`DC.creator` has the names as printed: Zotero, which would split them, does not read it for a picture."""
    return {
        "DC.creator": "; ".join(map(in_line, citable.authors)),
        "DCTERMS.medium": in_line(citable.genre or ""),
        "z.archive": in_line(citable.publisher or ""),
        "z.archiveLocation": in_line(citable.number or ""),
    }


def _of_set(citable: Citable) -> dict[str, str]:
    return {
        "DC.publisher": in_line(citable.publisher or ""),
        "z.versionNumber": in_line(citable.version or ""),
        "z.identifier": in_line(citable.number or ""),
    }


def _unsplit(names: tuple[str, ...]) -> str:
    """A single name so that Zotero keeps it whole: with a comma behind it, no surname is looked for in it. Empty for
    one that would not come out as printed: better no name than half of one."""
    name = in_line(names[0]) if len(names) == 1 else ""
    return f"{name}," if name and not _ALTERED.search(name) else ""
