"""What is cited as a ContextObject in a `span` (COinS), which reference managers gather from a page: the only embedded
form of which Zotero takes several from one page, and the only one in which it never takes a name apart. Pure."""

from urllib.parse import quote

from dermref.credit.citable import Citable, Work
from dermref.credit.citations import attribution_text
from dermref.credit.references import full_title
from dermref.credit.words import in_line
from dermref.credit.writing import is_web_address

# Zotero's own names of types: it reads one under `rft.type`, where other programs look for any word.
ZOTERO_TYPES = {
    Work.IMAGE: "artwork",
    Work.COLLECTION: "dataset",
    Work.SNAPSHOT: "dataset",
    Work.SOURCE: "webpage",
}
NOBODY = ("rft.inventor", ".")  # Zotero takes it for a name, cleans it, and drops what is empty then
LONGEST_CREDIT = 4_000  # characters; a set may have ten thousand attributions, and its page tells only how many


def coins(citable: Citable) -> str:
    """The text of the `title` attribute, not yet escaped for HTML.

    Names go as those of corporations, which nobody splits; the last first, for Zotero turns their order. Where there is
    none, an empty one stands for it: else Zotero asks other services about the title, and writes all of this into the
    item's notes. The key is one that others read of patents alone. The address is an `rft.identifier`: of one under
    `rft_id` Zotero keeps no day of access.

    >>> from datetime import date
    >>> image = Citable(Work.IMAGE, "a:I_1", "Nevus", "", date(2026, 1, 1), number="I_1", authors=("St. A & B",))
    >>> coins(image).partition("&rft.type=")[2]
    'artwork&rft.title=Nevus%20%28I_1%29&rft.aucorp=St.%20A%20%26%20B'
    """
    named = [("rft.aucorp", name) for name in map(in_line, reversed(citable.authors)) if name]
    pairs = (
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", ZOTERO_TYPES[citable.work]),
        ("rft.title", _versioned(citable)),
        *(named or [NOBODY]),
        ("rft.publisher", in_line(citable.publisher or "")),
        ("rft.date", citable.issued.isoformat() if citable.issued else ""),
        ("rft_id", f"info:doi/{citable.doi}" if citable.doi else ""),
        ("rft.identifier", _without_plus(address_of(citable))),
        ("rft.rights", rights_of(citable)),
        ("rft.description", credit_of(citable)),
    )
    return "&".join(f"{name}={quote(said, safe='')}" for name, said in pairs if said)


def address_of(citable: Citable) -> str:
    """Its address, where that may become a link."""
    url = in_line(citable.url)
    return url if is_web_address(url) else ""


def rights_of(citable: Citable) -> str:
    """The licenses with their addresses: those among which there is a choice for an image, those of the images for a
    set."""
    named = [in_line(f"{name} ({url})" if url else name) for name, url in citable.licenses]
    if citable.work is Work.IMAGE or len(named) < 2:
        return " or ".join(named)
    return f"{', '.join(named)}; each image is under its own"


def credit_of(citable: Citable) -> str:
    """Every attribution; of a set that has too many for the head of a page, how many there are."""
    credit = attribution_text(citable)
    if len(credit) <= LONGEST_CREDIT or not citable.attributions:
        return credit
    return f"Images attributed to {len(citable.attributions):,} names, which its citation lists."


def _versioned(citable: Citable) -> str:
    """The title; that of a set has its version, for which there is no key."""
    title, version = full_title(citable), in_line(citable.version or "")
    return f"{title}, version {version}" if version else title


def _without_plus(url: str) -> str:
    """The same address without plus signs, out of which Zotero makes spaces even where they are escaped."""
    path, mark, query = url.partition("?")
    return path.replace("+", "%2B") + mark + query.replace("+", "%20")
