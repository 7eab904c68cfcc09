"""The table of decisions as text that a curator can read and a diff can show: one page for each source.

`python tests/rights/table.py` writes the pages anew, after a change of terms or rules that was meant. Read the diff.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind, subscriber_of
from dermref.model.decision import Decision, Duty, Outcome
from dermref.model.evidence import Document, Harvested, Refusal, Statement
from dermref.model.source import Source, Tier
from dermref.registry.load import load_sources
from dermref.rights import Policy, Question, decide, decide_unrecorded, resolve

PAGES = Path(__file__).parent / "pages"
WORDS = {Outcome.ALLOW: "yes", Outcome.ALLOW_WITH_DUTIES: "duties", Outcome.ASK: "ask", Outcome.DENY: "no"}
VIEWERS = (ViewerKind.ANONYMOUS, ViewerKind.INSTITUTION_MEMBER, ViewerKind.DEVELOPER)
STATED = (
    "CC0 1.0",
    "Public Domain Mark 1.0",
    "CC BY 4.0",
    "CC BY-SA 4.0",
    "CC BY-NC 4.0",
    "CC BY-NC-SA 4.0",
    "CC BY-NC-ND 4.0",
    "Public domain",
)  # where a source has no codes
WHERE = {
    OperatorKind.INDIVIDUAL: "individual",
    OperatorKind.EDUCATIONAL_INSTITUTION: "university",
    OperatorKind.COMMERCIAL: "company",
}
WIDTH = 16


def render(source: Source) -> str:
    """The page of one source."""
    terms = source.terms
    lines = [
        f"{source.source_id}: {source.name}",
        f"printed license {source.license_label}, read as {terms.license_expression}",
        f"status {source.status}, tier {source.tier}",
        "",
        "Asked by anybody, a member of a subscribing institution, and a developer at the dev gate, where an",
        "individual, an educational institution (“university”) or a company runs the deployment. Numbers say",
        "what decides, letters which duties follow.",
    ]
    notes = _Notes()
    for title, statement, purpose in _items(source):
        lines += ["", title, _header(), *_rows(source, statement, purpose, notes)]
    return "\n".join([*lines, "", *notes.lines()]) + "\n"


def _items(source: Source) -> Iterator[tuple[str, Statement | None, Purpose]]:
    """The tables of a page: for every purpose where images of the source may be held at all; of a per-item source, for
    an item that states no license and for each license it may state."""
    if source.terms.per_item:
        yield "An image that states no license, for no named purpose", None, Purpose.UNSPECIFIED
        for text in [code for code, _ in source.terms.codes] or STATED:
            yield f"An image that states “{text}”, for no named purpose", Statement(text), Purpose.UNSPECIFIED
        return
    for purpose in Purpose if source.tier is not Tier.EXTERNAL_LINK_ONLY else (Purpose.UNSPECIFIED,):
        named = "no named purpose" if purpose is Purpose.UNSPECIFIED else purpose.replace("-", " ")
        yield f"An image of this source, for {named}", None, purpose


def _header() -> str:
    who = "".join(f"{viewer:<{len(WHERE) * WIDTH}}" for viewer in VIEWERS).rstrip()
    where = "".join(f"{name:<{WIDTH}}" for name in [*WHERE.values()] * len(VIEWERS)).rstrip()
    return f"{'':<13}{who}\n{'':<13}{where}"


def _rows(source: Source, statement: Statement | None, purpose: Purpose, notes: "_Notes") -> Iterator[str]:
    for action in Action:
        questions = [
            Question(action, _viewer(kind, source), purpose, Operator(operator))
            for kind in VIEWERS
            for operator in WHERE
        ]
        cells = (notes.cell(_decision(source, statement, question)) for question in questions)
        yield f"{action:<13}{''.join(f'{cell:<{WIDTH}}' for cell in cells)}".rstrip()


def _viewer(kind: ViewerKind, source: Source) -> Viewer:
    return subscriber_of(source.source_id) if kind is ViewerKind.INSTITUTION_MEMBER else Viewer(kind)


def _decision(source: Source, statement: Statement | None, question: Question) -> Decision:
    item = Harvested(source.source_id, "1", "https://example.org/", None, Document(b"{}", "u"), ())
    stated = replace(item, statements=(statement,)) if statement else item
    key = resolve(source.terms, stated, declared_label=source.license_label)
    if isinstance(key, Refusal):
        return decide_unrecorded(key, source.terms, question, stated=statement.text if statement else "")
    return decide(Policy(key, source.terms), question)


class _Notes:
    """The footnotes of a page: each distinct reason a number, each distinct duty a letter."""

    def __init__(self) -> None:
        self._reasons: dict[str, int] = {}
        self._duties: dict[str, str] = {}

    def cell(self, decision: Decision) -> str:
        reasons = [f"{one.code}: “{one.evidence.quote}”" for one in decision.reasons]
        numbers = ",".join(str(self._reasons.setdefault(one, len(self._reasons) + 1)) for one in reasons)
        duties = [_words(duty) for duty in decision.duties]
        letters = "".join(self._duties.setdefault(one, chr(ord("a") + len(self._duties))) for one in duties)
        return " ".join(part for part in (WORDS[decision.outcome], numbers, letters) if part)

    def lines(self) -> list[str]:
        reasons = [f"{number:>3} {text}" for text, number in self._reasons.items()]
        return reasons + [f"{letter:>3} {text}" for text, letter in self._duties.items()]


def _words(duty: Duty) -> str:
    detail = f" ({duty.detail})" if duty.detail else ""
    return f"{duty.code}{detail}{' on the same page' if duty.same_page else ''}"


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for one in load_sources():
        (PAGES / f"{one.source_id}.txt").write_text(render(one), encoding="utf-8")
