"""What is said of a figure's rights. Nearest wins: what stands at the figure goes before the license of its article,
and a figure that is credited to somebody else never inherits it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dermref.model.evidence import Refusal, Scope, Statement
from dermref.model.policy import Restriction
from dermref.sources.credit_cues import SHOWN, Cue, Strength, find_cues
from dermref.sources.jats import Article
from dermref.sources.jats_figures import Figure
from dermref.sources.jats_rights import Rights
from dermref.sources.reading import Json, one_spelling
from dermref.sources.words import load_words

LONGEST_WORDS = 3_900  # characters of a license's own words
THIRD_PARTY = (Restriction.THIRD_PARTY,)
Stated = tuple[tuple[Statement, ...], tuple[Refusal, ...], tuple[Refusal, ...]]  # and the faults and doubts in it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the figure's rights rest on (`basis`), the statements that count, and what stands against them. `own` is the
    license that the figure itself has."""

    basis: str
    statements: tuple[Statement, ...]
    restrictions: tuple[Restriction, ...] = ()
    faults: tuple[Refusal, ...] = ()
    doubts: tuple[Refusal, ...] = ()
    own: Rights | None = None
    holder: str | None = None
    cues: tuple[Cue, ...] = ()


def verdict_of(article: Article, stated: Stated, figure: Figure) -> Verdict:
    """What the article and its record say (`stated`) and what the figure says, which goes first."""
    cues = (*find_cues(figure.said), *_attrib_cues(figure))
    if _has_a_license(figure):
        return _of_its_own(figure.own[0], cues)
    statements, faults, doubts = stated
    holder = article.rights.holder if article.rights else None
    if figure.own or figure.has_stray_rights:
        return Verdict("own permissions without a license for the whole", statements, THIRD_PARTY, faults, cues=cues)
    if any(one.strength is Strength.STRONG for one in cues):
        return Verdict("credit cue", statements, THIRD_PARTY, faults, cues=cues)
    if cues:
        weak = Refusal("credit-cue-weak", f"it may be made after somebody else's work: “{cues[0].words}”")
        return Verdict("weak credit cue", statements, (), faults, (weak, *doubts), holder=holder, cues=cues)
    return Verdict("no cue", statements, (), faults, doubts, holder=holder)


def _has_a_license(figure: Figure) -> bool:
    """Whether the figure has one license for the whole. The words at it go before the link: where they take the
    picture out of a license, it is somebody else's, whose license nobody states."""
    if len(figure.own) != 1 or not figure.own[0].links or figure.has_stray_rights:
        return False
    return not re.search(load_words("pmc")["license"]["refused"], one_spelling(figure.own[0].said))


def _of_its_own(own: Rights, cues: tuple[Cue, ...]) -> Verdict:
    """A license at the figure itself. One of a part, one whose words are stricter than its link, or one beside a
    credit to somebody else, goes before a curator."""
    doubts = list(_stricter(own.said, own.links))
    if re.search(load_words("pmc")["license"]["part"], own.words):
        doubts.append(Refusal("license-of-a-part", f"its license may be that of a part of it: “{own.words[:200]}”"))
    if cues:
        doubts.append(Refusal("credit-beside-license", f"it has a license, and a credit: “{cues[0].words}”"))
    statements = tuple(Statement("", link) for link in own.links)
    holder = own.holder or own.notice
    return Verdict("own license", statements, doubts=tuple(doubts), own=own, holder=holder, cues=cues)


def _attrib_cues(figure: Figure) -> Iterator[Cue]:
    """An <attrib> is a credit, whatever its words, unless it is a note that was put there."""
    known = load_words("pmc")["attrib"]
    for words in figure.attribs:
        if not re.match(known["no_credit"], words):
            strength = Strength.STRONG if len(words) <= known["longest"] else Strength.WEAK
            yield Cue("attrib", strength, words[:120])


def stated_of(article: Article, said: Json) -> Stated:
    """The statements about the article, and the faults and doubts in them."""
    rights = article.rights
    faults: list[Refusal] = []
    if rights and not rights.is_licensed:
        faults.append(Refusal("all-rights-reserved", "the article has permissions and no license among them"))
    if article.has_several_rights:
        faults.append(Refusal("several-permissions", "the article has several permissions, and which hold is not said"))
    links = rights.links if rights else ()
    words = rights.words if rights else article.loose_notice
    stated = [Statement("", link, Scope.CONTAINER) for link in links]
    if not links and words:
        stated.append(Statement(words[:LONGEST_WORDS], scope=Scope.CONTAINER))
    notices = " ".join(filter(None, (rights.said if rights else None, article.loose_notice)))
    doubts = (*(_stricter(notices, links) if links else ()), *_excluding(notices))
    code = said.get("license_code")
    if code is None:
        missing = Refusal("license-code-missing", "PMC's record names no license where the article does")
        return tuple(stated), tuple(faults), (missing, *doubts) if stated else ()
    if fault := _code_fault(code, links):
        faults.append(fault)
    elif isinstance(code, str):
        stated.append(Statement(code, scope=Scope.CONTAINER))
    return tuple(stated), tuple(faults), doubts


def _stricter(said: str, links: tuple[str, ...]) -> Iterator[Refusal]:
    """Terms that the words name and no link does."""
    known = load_words("pmc")["license"]
    units = "-".join(found[1].lower() for link in links if (found := re.search(known["unit"], link))).split("-")
    words = re.sub(known["both_uses"], " ", one_spelling(said))
    for term, pattern in known["terms"].items():
        if term not in units and (found := re.search(pattern, words)):
            yield Refusal("license-words-stricter", f"its words are stricter than its link: “{_near(words, found)}”")


def _excluding(said: str) -> Iterator[Refusal]:
    """Words that may take something out of the article's license, beside those that publishers always put there."""
    known = load_words("pmc")["license"]
    words = one_spelling(said)
    for usual in known["usual"]:
        words = re.sub(usual, " ", words)
    if found := re.search(known["refused"], words):
        yield Refusal("license-excludes", f"its license may not be for all of it: “{_near(words, found)}”")


def _near(words: str, found: re.Match[str]) -> str:
    start = max(0, found.start() - 40)
    return words[start : start + SHOWN].strip()


def _code_fault(code: object, links: tuple[str, ...]) -> Refusal | None:
    """Why the record's license code is none, or another than the article's own links name."""
    known = load_words("pmc")["license"]
    if code in known["no_license"]:
        return Refusal("text-mining-only", f"PMC's record says “{code}”: for text mining, and nothing else")
    unit = known["codes"].get(code) if isinstance(code, str) else None
    if unit is None:
        return Refusal("license-code-unknown", f"PMC's record says “{str(code)[:40]}”, which names no license we know")
    named = {found[1].lower() if (found := re.search(known["unit"], link)) else link for link in links}
    if named and named != {unit}:
        return Refusal("license-conflict", f"PMC's record says “{code}”, the article links {', '.join(links)[:200]}")
    return None
