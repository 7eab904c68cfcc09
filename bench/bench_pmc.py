"""Scanning articles of PubMed Central: from the stored envelope to every figure's rights, articles a second and a core.

The articles are those committed for the tests, sized up to the length of real ones (121 kB and 5 figures on average, in
3,703 of them); `ARTICLES=FOLDER` takes the XML files of a folder instead. Baseline in the same run: lxml alone.
"""

import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from report import Row, show

from dermref.model.evidence import Document
from dermref.registry.load import load_source
from dermref.sources import pmc, pmc_figure
from dermref.sources.credit_cues import find_cues
from dermref.sources.jats import read_article
from dermref.sources.pmc_figure import figures_in
from dermref.sources.reading import canonical

TESTS = Path(__file__).parents[1] / "tests" / "sources" / "pmc-oa"
SOURCE = load_source("pmc-oa")
NUMBER, RUNS, LENGTH = int(os.environ.get("NUMBER", "200")), 5, 121_000
WORDS = 'Words of <italic>an</italic> article [<xref ref-type="bibr" rid="B1">1</xref>] and <sup>no</sup> figure. '


def main() -> None:
    """Run and print."""
    articles = real_articles() or sized_up()
    envelopes = [enveloped(xml) for xml in articles]
    captions = [figure.said for xml in articles for figure in read_article(xml).figures]
    bare = rate(lambda: [etree.fromstring(xml.encode()) for xml in articles], len(articles))
    parsed = rate(lambda: [read_article(xml) for xml in articles], len(articles))
    scanned = rate(lambda: [scan(one) for one in envelopes], len(articles))
    cues = rate(lambda: [find_cues(caption) for caption in captions], len(captions))
    size = statistics.mean(len(xml.encode()) for xml in articles)
    show(
        f"Scanning {len(articles)} articles of {size / 1000:,.0f} kB with {len(captions)} figures",
        [
            Row("articles a second and a core, envelope to every figure's verdict", scanned, "1/s", floor=150),
            Row("articles a second and a core, read alone", parsed, "1/s"),
            Row("the same articles parsed by lxml and nothing else", bare, "1/s"),
            Row("ratio of the whole scan to that baseline", scanned / bare, "×"),
            Row("captions a second and a core through the detector of credits", cues, "1/s"),
        ],
    )


def rate(work: Callable[[], object], number: int) -> float:
    """How many a second of CPU time, the median of several runs after a warm one."""
    work()
    return number / statistics.median(spent(work) for _ in range(RUNS))


def spent(work: Callable[[], object]) -> float:
    """Seconds of CPU time; nothing is remembered from the run before."""
    pmc_figure._opened.cache_clear()
    start = time.process_time()
    work()
    return time.process_time() - start


def scan(envelope: Document) -> int:
    """Every figure of one article, as a harvest reads it."""
    keys = figures_in(envelope) or ()
    return sum(not pmc.read(Document(envelope.body, f"{envelope.url}#{key}"), SOURCE).faults for key in keys)


def enveloped(xml: str) -> Document:
    """The article as it is stored, with a record that names a file for nothing."""
    url = f"{SOURCE.ingest.api_url}PMC1.1/PMC1.1.xml"
    record = {"pmcid": "PMC1", "version": 1, "is_pmc_openaccess": True, "is_retracted": False, "license_code": None}
    return Document(canonical({"metadata_url": url, "metadata": record, "xml_url": url, "xml": xml}), url)


def real_articles() -> list[str]:
    """The articles of the folder that ARTICLES names, if it names one."""
    folder = os.environ.get("ARTICLES")
    files = sorted(Path(folder).glob("*.xml"))[:NUMBER] if folder else []
    return [path.read_text("utf-8") for path in files]


def sized_up() -> list[str]:
    """The committed articles, their body repeated until they are as long as real ones, ids kept apart."""
    seeds = [path.read_text("utf-8") for path in sorted(TESTS.glob("PMC[1-8]*/*.xml"))]
    grown = [grow(xml) for xml in seeds if "<body" in xml and "<fig " in xml]
    return [grown[at % len(grown)] for at in range(NUMBER)]


def grow(xml: str) -> str:
    """One article, sized up."""
    start, end = xml.index(">", xml.index("<body")) + 1, xml.index("</body>")
    body = xml[start:end]
    filler = f"<p>{WORDS * 10}</p>"
    copies = [body]
    while sum(map(len, copies)) + len(xml) < LENGTH:
        number = len(copies)
        is_figure = number * len(re.findall("<fig ", body)) < 5
        copies.append(re.sub(r'\bid="', f'id="c{number}-', body) if is_figure else filler)
    return xml[:start] + "".join(copies) + xml[end:]


if __name__ == "__main__":
    main()
