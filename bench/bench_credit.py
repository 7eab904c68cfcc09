"""The credit of one image in every form, the plain sentence, and what goes with a page.

Baseline in the same run: formatting one template with one name, the least that a credit could be.
"""

import statistics
import timeit

from report import Row, show

from dermref.credit.attribution import Credit, CreditFacts, attribution, attributions
from dermref.credit.jsonld import ImagePage, image_object, script_text
from dermref.credit.notice import notice_of
from dermref.credit.plain import plain_sentence
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

RUNS, REPEATS = 2_000, 7
MANY = 10_000
SOURCES = {"isic-archive": "CC-BY-4.0", "wikimedia-commons": "CC-BY-SA-3.0", "dermnet-nz": "CC-BY-NC-ND-4.0"}
FACTS = CreditFacts(
    "ISIC_0000001",
    "https://example.org/images/1/",
    title="Nævus of the back",
    creator="Jane Doe",
    contributor="A Clinic",
)


def main() -> None:
    """Run and print."""
    baseline = micros(lambda: "Image courtesy of {contributor}".format(contributor="A Clinic"))
    rows = []
    for source_id, license_id in SOURCES.items():
        source, licenses = load_source(source_id), licenses_in(license_id)
        took = micros(lambda source=source, licenses=licenses: attribution(source, licenses, FACTS))
        rows.append(Row(f"attribution, {source_id}", took, "µs", ceiling=30))
    source, licenses = load_source("isic-archive"), licenses_in("CC-BY-4.0")
    credit = attribution(source, licenses, FACTS)
    if not isinstance(credit, Credit):
        raise SystemExit(credit.text)
    notice = notice_of(source, "CC-BY-4.0", FACTS, credit, holder=None, is_mining_reserved=False)
    page = ImagePage("https://here.example/1/", "Nevus", "ISIC", "https://here.example/sources/")
    several = {str(at): attribution(source, licenses, _of(at)) for at in range(MANY)}
    many = statistics.median(timeit.repeat(lambda: attributions(several), number=1, repeat=REPEATS))
    rows += [
        Row("words that have to be made fit", micros(lambda: attribution(source, licenses, HOSTILE)), "µs", ceiling=30),
        Row("attribution as text", micros(lambda: credit.text), "µs"),
        Row("attribution as HTML", micros(lambda: credit.html), "µs"),
        Row("attribution as Markdown", micros(lambda: credit.markdown), "µs"),
        Row("the plain sentence", micros(lambda: plain_sentence(source, "CC-BY-4.0", FACTS)), "µs", ceiling=30),
        Row("JSON-LD of a page", micros(lambda: script_text(image_object(notice, page))), "µs"),
        Row(f"{MANY:,} credits put together, all distinct", many * 1e3, "ms"),
        Row("baseline: one name put into a template", baseline, "µs"),
        Row("ratio of the first to that baseline", rows[0].value / baseline, "×"),
    ]
    show(f"Credits, median of {REPEATS} × {RUNS}", rows)


HOSTILE = CreditFacts(
    "ISIC_0000001", "https://example.org/1/", title="a\nb", creator="Ann\u202e 0CC", contributor="A\tClinic"
)


def _of(at: int) -> CreditFacts:
    return CreditFacts(f"ISIC_{at:07}", f"https://example.org/images/{at}/", contributor=f"Clinic {at}")


def micros(work) -> float:
    return statistics.median(timeit.repeat(work, number=RUNS, repeat=REPEATS)) / RUNS * 1e6


if __name__ == "__main__":
    main()
