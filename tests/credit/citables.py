"""Things to cite, for tests: one of each sort, with values made up in shape; and texts that are hard to print."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from dermref.credit.citable import Attributed, Citable, Work
from dermref.credit.styles import all_styles

BY = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
ZERO = ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
DAY = date(2026, 11, 2)
STYLES = list(all_styles().values())
IMAGE = Citable(
    Work.IMAGE,
    "isic-archive:ISIC_0000001",
    "Bowen disease",
    "https://api.isic-archive.com/images/ISIC_0000001/",
    DAY,
    authors=("Hospital of the St. John’s Order",),
    publisher="ISIC Archive",
    number="ISIC_0000001",
    genre="Dermoscopic image",
    licenses=(BY,),
    credit="Image courtesy of the hospital (CC BY 4.0) · ISIC_0000001",
    credit_html=f'Image courtesy of the hospital (<a href="{BY[1]}">CC BY 4.0</a>) · ISIC_0000001',
)
COLLECTION = Citable(
    Work.COLLECTION,
    "teaching",
    "Nevi for teaching",
    "https://derm.example/collections/teaching/",
    DAY,
    authors=("The curators",),
    publisher="dermref",
    issued=date(2025, 3, 1),
    licenses=(BY, ZERO),
    attributions=(
        Attributed("Anonymous", 1200, (ZERO[0],)),
        Attributed("Hospital B", 3, (BY[0], ZERO[0])),
        Attributed("Hospital A", 3, (BY[0],)),
    ),
)
SNAPSHOT = replace(
    COLLECTION,
    work=Work.SNAPSHOT,
    url="https://derm.example/collections/teaching/2/",
    number="5f" * 32,
    version="2",
    doi="10.5072/dermref.teaching.v2",
)
SOURCE = Citable(Work.SOURCE, "isic-archive", "ISIC Archive", "https://www.isic-archive.com/", DAY)
EVERYTHING = (IMAGE, COLLECTION, SNAPSHOT, SOURCE)

ODD = {
    "quotes": "A “nevus”, 'so-called' \"nevus\" and ``another''",
    "braces": "A {nevus}} and {{",
    "placeholder": "{creator} and {0} by {license}",
    "dollars": r"$& $1 \1 \g<0> $x^2_3$",
    "html": "<b>Nevus</b> & <script>alert(1)</script> &amp; <span class=\"nocase\">x</span>",
    "rtl": "שומה (נבוס) وحمة",
    "emoji": "Nevus 🧑🏽‍⚕️ 🇩🇪",
    "tex": r"\input{/etc/hosts} 50% #1 ~tilde^ -- --- ?` <<x>>",
    "stops": "What is this?",
    "private": "Nevus \ue001\ue002\U000f0000",
    "long": "A very long title of a nevus " * 400,
}  # fmt: skip
# Any text that can be printed in a line, as the records have it.
PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=60)
