"""CITATION.cff files as dermref writes them, for programs that read the format."""

from dataclasses import replace

from credit.citables import BY, EVERYTHING, IMAGE, ODD, SNAPSHOT, ZERO
from dermref.credit.cff import cff


def samples() -> dict[str, str]:
    """The files by name: one of each sort of thing, and with everything that is hard to write."""
    plain = {one.work.value: cff(one) for one in EVERYTHING}
    odd = {f"odd-{name}": cff(replace(IMAGE, title=text, authors=(text,), credit=text)) for name, text in ODD.items()}
    more = {
        "choice": cff(replace(IMAGE, licenses=(BY, ZERO))),
        "nobody": cff(replace(IMAGE, authors=())),
        "odd-doi": cff(replace(SNAPSHOT, doi="10.1002/(sici)1<1::x>3.0.co;2-w")),
    }
    return plain | odd | more
