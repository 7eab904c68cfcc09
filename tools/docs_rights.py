"""Writes the generated blocks of docs/rights.md from the engine's own facts, or says whether they are up to date
(`--check`). A block stands between `<!-- begin NAME -->` and `<!-- end NAME -->`."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind, subscriber_of
from dermref.model.decision import Decision, Outcome
from dermref.model.policy import PolicyKey
from dermref.model.source import Source, Tier
from dermref.registry.load import load_sources
from dermref.rights import Policy, Question, decide
from dermref.rights.duties import DUTY_TEXTS
from dermref.rights.explain import VERBS
from dermref.rights.facts import load_facts
from dermref.rights.judges import HOLD_TEXTS
from dermref.rights.restrictions import load_restrictions

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rights.md"
BLOCK = re.compile(r"(<!-- begin (\S+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
WORDS = {Outcome.ALLOW: "yes", Outcome.ALLOW_WITH_DUTIES: "duties", Outcome.ASK: "ask", Outcome.DENY: "no"}
SHOWN = (Action.VIEW, Action.PRESENT, Action.CROP, Action.REDISTRIBUTE, Action.TRAIN)


def actions() -> Iterator[str]:
    """Each action in words, and what it needs of a license."""
    yield "| action | you want to | needs of a license |\n|---|---|---|"
    for action in Action:
        needs = ", ".join(sorted(load_facts().needs.get(action, ())))
        yield f"| `{action}` | {VERBS[action]} | {needs or 'nothing'} |"


def duties() -> Iterator[str]:
    """Each duty and its sentence."""
    yield "| duty | asks |\n|---|---|"
    yield from (f"| `{code}` | {text} |" for code, text in DUTY_TEXTS.items())


def holds() -> Iterator[str]:
    """Each hold and its sentence."""
    yield "| hold | says |\n|---|---|"
    yield from (f"| `{hold}` | {text} |" for hold, text in HOLD_TEXTS.items())


def restrictions() -> Iterator[str]:
    """Each restriction of an item and what it does."""
    yield "| restriction | does | says |\n|---|---|---|"
    for one, rules in load_restrictions().items():
        for rule in rules:
            parts = [*sorted(rule.actions), *(["every commercial use"] if rule.is_commercial else [])]
            yield f"| `{one}` | {rule.effect} for {', '.join(parts)} | {rule.text} |"


def sources() -> Iterator[str]:
    """Each source: what may be done with an image of it, and the sentence that decides whether it is shown."""
    yield f"| source | {' | '.join(SHOWN)} | the sentence that decides whether it is shown |"
    yield "|---" * (len(SHOWN) + 2) + "|"
    for source in load_sources():
        yield f"| `{source.source_id}` | {' | '.join(_cells(source))} | {_sentence(source)} |"


def _cells(source: Source) -> Iterator[str]:
    for action in SHOWN:
        if source.terms.per_item:
            yield "by item"
        else:
            yield " · ".join(WORDS[_decision(source, action, operator).outcome] for operator in OperatorKind)


def _sentence(source: Source) -> str:
    if source.terms.per_item:
        return f"“{source.terms.proof.phrase}”"
    decisions = (_decision(source, Action.VIEW, operator) for operator in OperatorKind)
    quotes = dict.fromkeys(f"“{decision.reasons[0].evidence.quote}”" for decision in decisions)
    return " · ".join(quotes).replace("|", "\\|")


def _decision(source: Source, action: Action, operator: OperatorKind) -> Decision:
    key = PolicyKey(source.source_id, source.terms.license_expression, source.license_label)
    return decide(Policy(key, source.terms), Question(action, _viewer(source), Purpose.TEACHING, Operator(operator)))


def _viewer(source: Source) -> Viewer:
    """The one whom the source's tier lets in."""
    if source.tier is Tier.INSTITUTIONAL_ONLY:
        return subscriber_of(source.source_id)
    return Viewer(ViewerKind.DEVELOPER if source.tier is Tier.DEV_ONLY else ViewerKind.ANONYMOUS)


BLOCKS: Mapping[str, Callable[[], Iterator[str]]] = {
    "actions": actions,
    "duties": duties,
    "holds": holds,
    "restrictions": restrictions,
    "sources": sources,
}


def renewed(page: str) -> str:
    """The page with every block written anew. Raises KeyError for a block that nobody makes."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{chr(10).join(BLOCKS[found[2]]())}\n\n{found[3]}", page)


def main() -> int:
    """0 when the page says what the facts say; 1 when `--check` finds that it does not."""
    before = PAGE.read_text(encoding="utf-8")
    after = renewed(before)
    if "--check" in sys.argv[1:]:
        if before != after:
            print("docs/rights.md is out of date; run “make docs”.", file=sys.stderr)
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    print(f"docs/rights.md: {'already up to date' if before == after else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
