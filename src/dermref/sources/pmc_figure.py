"""What one figure of an article of PubMed Central is, read from the article's envelope alone: its rights as they are
stated at it and at its article, its file, and how it is cited."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.source import Source
from dermref.sources.credit_cues import detector_version
from dermref.sources.jats import Article, Unreadable, read_article
from dermref.sources.jats_figures import Figure
from dermref.sources.pmc_bucket import ARTICLE, media_of, own_address
from dermref.sources.pmc_rights import Stated, Verdict, stated_of, verdict_of
from dermref.sources.reading import Json, load_json, mapping, text, whole
from dermref.sources.words import load_words

LONGEST_CAPTION = 2_000
KEY = re.compile(r"[A-Za-z0-9._~:+()@,-]{1,110}/[A-Za-z0-9._~:+()@,-]{1,110}")


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope read once: the bucket's record, where the XML lies, and the article or why it cannot be read."""

    said: Json
    xml_url: str
    article: Article | None
    trouble: str = ""
    stated: Stated = ((), (), ())

    @property
    def pmcid(self) -> str:
        """The article's id as the bucket records it; empty where that is none."""
        found = text(self.said, "pmcid") or ""
        return found if ARTICLE.fullmatch(found) else ""


def figures_in(document: Document) -> tuple[str, ...] | None:
    """The names of the figures of a stored article; None where it cannot be read."""
    article = _opened(document.body).article
    return tuple(figure.key for figure in article.figures) if article else None


def read(document: Document, source: Source) -> Harvested:
    """What a stored article says of the figure that the fragment of the document's address names."""
    opened = _opened(document.body)
    key = unquote(urlsplit(document.url).fragment)
    figure = next((one for one in opened.article.figures if one.key == key), None) if opened.article else None
    landing = str(load_words("pmc")["landing"]).format(pmcid=opened.pmcid)
    item = Harvested(
        source_id=source.source_id,
        foreign_id=f"{opened.pmcid or 'unnamed'}/{key if KEY.fullmatch(key) else '-/-'}",
        landing_url=f"{landing}#{figure.anchor}" if figure and figure.anchor else landing,
        file=_file(opened, figure, source) if figure else None,
        document=document,
        statements=(),
    )
    item = replace(item, faults=_faults(opened, figure, source, has_file=item.file is not None))
    return _told(item, opened, opened.article, figure) if opened.article and figure else item


def _told(item: Harvested, opened: Opened, article: Article, figure: Figure) -> Harvested:
    verdict = verdict_of(article, opened.stated, figure)
    label = (figure.label or "").rstrip(" .:")
    return replace(
        item,
        statements=verdict.statements,
        restrictions=verdict.restrictions,
        faults=(*item.faults, *verdict.faults),
        doubts=verdict.doubts,
        creator=None if verdict.own else article.creator,
        rights_holder=verdict.holder,
        credit_line=verdict.own.notice if verdict.own else None,
        citation=", ".join(filter(None, (article.citation, label))) if article.citation else None,
        depiction=Depiction(
            title=". ".join(filter(None, (label, figure.title))) or None, modality=_modality(figure.caption)
        ),
        metadata=_metadata(opened, article, figure, verdict),
    )


@lru_cache(maxsize=2)
def _opened(body: bytes) -> Opened:
    """The envelope, read once for all figures of its article."""
    try:
        envelope = mapping(load_json(body))
    except ValueError:
        envelope = {}
    said, url, xml = mapping(envelope.get("metadata")), text(envelope, "xml_url") or "", envelope.get("xml")
    if not isinstance(xml, str):
        return Opened(said, url, None, "it is not UTF-8" if envelope else "the stored document is none of ours")
    try:
        article = read_article(xml)
        return Opened(said, url, article, stated=stated_of(article, said))
    except Unreadable as error:
        return Opened(said, url, None, str(error))


def _faults(opened: Opened, figure: Figure | None, source: Source, *, has_file: bool) -> tuple[Refusal, ...]:
    """What is wrong with the article as a whole, and with the figure as a picture."""
    said, article = opened.said, opened.article
    found: list[Refusal] = []
    if article is None:
        found.append(Refusal("unreadable", f"the article cannot be read whole: {opened.trouble}"))
    if not opened.pmcid:
        found.append(Refusal("bad-id", "the record names no PMCID"))
    if said.get("is_retracted") is not False:
        is_said = said.get("is_retracted") is True
        words = "the article is retracted" if is_said else "the record does not say that the article is not retracted"
        found.append(Refusal("retracted" if is_said else "retraction-unknown", words))
    if said.get("is_pmc_openaccess") is not True:
        found.append(Refusal("not-open-access", "the article is not in the open-access subset"))
    if said.get("is_manuscript") is True:
        found.append(Refusal("author-manuscript", "it is an author's manuscript, not what was published"))
    if said.get("is_historical_ocr") is True:
        found.append(Refusal("scanned", "it is the text of a scan, whose figures nobody has marked up"))
    if article and (_is_another(article, opened) or not _is_recorded(opened, source)):
        found.append(Refusal("mixed-up", "the record and the XML are of two articles"))
    if article and figure is None:
        found.append(Refusal("no-figure", "the article has no such figure"))
    if figure and figure.is_twice:
        found.append(Refusal("listed-twice", "two pictures of the article have this name"))
    if figure and not has_file:
        found.append(Refusal("no-file", f"the bucket has no picture for “{figure.href[:100]}”"))
    return tuple(found)


def _is_another(article: Article, opened: Opened) -> bool:
    """Whether XML, record and the place of both name different articles."""
    if f"/{opened.pmcid}." not in opened.xml_url:
        return True
    doi = text(opened.said, "doi")
    is_other_doi = bool(doi and article.doi) and (doi or "").lower() != (article.doi or "").lower()
    return is_other_doi or article.pmcid not in (None, opened.pmcid)


def _is_recorded(opened: Opened, source: Source) -> bool:
    """Whether the XML lies where its record says."""
    folder = opened.xml_url.rpartition("/")[0]
    recorded = own_address(opened.said.get("xml_url"), source.ingest.api_url or "", folder=folder)
    return recorded is not None and recorded[0] == opened.xml_url


def _file(opened: Opened, figure: Figure, source: Source) -> FileRef | None:
    """The picture's file: the article's own of that name, the larger of two copies first."""
    folder = opened.xml_url.rpartition("/")[0]
    bucket = source.ingest.api_url or ""
    if not opened.pmcid or not re.fullmatch(rf"{re.escape(bucket)}{opened.pmcid}\.[0-9]{{1,3}}", folder):
        return None
    media = media_of(opened.said, bucket, folder=folder)
    words = load_words("pmc")
    name = figure.href.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    stem = stem if stem and ending.lower() in words["pictures"] else name
    endings = [case for one in words["pictures"] for case in (one, one.upper())]
    wanted = [f"{stem}{large}.{one}" for large in (words["large"], "") for one in endings]
    found = next((media[one] for one in wanted if one in media), None)
    return FileRef(found[0], checksum=f"md5:{found[1]}" if found[1] else None) if found else None


def _modality(caption: str) -> str | None:
    """How the picture was made, where its caption says so and says one thing only."""
    small = caption.lower()
    kinds = [
        kind
        for kind, words in load_words("pmc")["modality"].items()
        if any(one in small and re.search(rf"(?<![a-z]){re.escape(one)}(?![a-z])", small) for one in words)
    ]
    return kinds[0] if len(kinds) == 1 else None


def _metadata(opened: Opened, article: Article, figure: Figure, verdict: Verdict) -> dict[str, object]:
    code = opened.said.get("license_code")
    return {
        "pmcid": opened.pmcid,
        "version": whole(opened.said, "version"),
        "doi": article.doi,
        "license_code": code if isinstance(code, str) else None,
        "figure_label": figure.label,
        "caption": figure.caption[:LONGEST_CAPTION],
        "keywords": list(article.keywords),
        "credit": verdict.basis,
        "credit_cues": [{"code": one.code, "strength": one.strength.value, "words": one.words} for one in verdict.cues],
        "credit_detector": detector_version(),
    }
