"""How each tracked source is reached here, told for people: the way in, the gate before it, what a visitor sees, and
commands that anybody can try without the source. Facts from `ways/<source_id>.toml`; no ingest depends on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dermref.model.asking import Action, Viewer
from dermref.model.decision import Outcome
from dermref.model.policy import PolicyKey
from dermref.model.source import Source, Tier
from dermref.registry.load import load_sources
from dermref.registry.told import load_told
from dermref.rights import Policy, Question, check_ingest, decide

GATES = {  # by the code of the refusal that stands before a source
    None: "open",
    "status-contact-first": "opens once the courtesy note is recorded",
    "status-needs-grant": "shut without a grant",
    "tier-link-only": "bytes are refused without a grant; links are not",
    "status-not-ready": "nothing to let in",
}
HEADING = """\
## Every source: its way in

How each of the {count} is reached, what stands before it, and commands that can be tried in a checkout without the
source: with documents and manifests of the tests, where our own or freely licensed pictures stand in for the source's.
`tests/test_all_sources.py` runs each of them in an empty data folder and looks for what it is said to print.

| source | way in | gate | a visitor sees | checked | never seen live | try | prints |
|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Try:
    """A command, and a part of what it prints. Commands of one source build on each other."""

    run: str
    prints: str


@dataclass(frozen=True, slots=True)
class Way:
    """The way into one source: `checked` on every item or link, and what of it was `unseen` when it was built."""

    source_id: str
    way: str
    checked: str
    unseen: str
    tries: tuple[Try, ...]


@cache
def load_ways() -> tuple[Way, ...]:
    """All of them, by source id. Raises ValueError where a file does not say what it should."""
    return load_told("ways", Way)


def ways_section() -> Iterator[str]:
    """The lines of the section about them, as Markdown, in the order of the registry."""
    tracked, ways = load_sources(), {one.source_id: one for one in load_ways()}
    yield HEADING.format(count=len(tracked))
    for source in tracked:
        way = ways[source.source_id]
        commands = "<br>".join(f"`{one.run}`" for one in way.tries)
        printed = "<br>".join(f"“{one.prints}”" for one in way.tries)
        cells = (way.way, gate_of(source), seen_of(source), way.checked, way.unseen, commands, printed)
        yield f"| `{source.source_id}` | " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def gate_of(source: Source) -> str:
    """What stands before the source while nothing is recorded in writing."""
    refusal = check_ingest(source.terms)
    if refusal and source.tier is Tier.INSTITUTIONAL_ONLY:
        return "shut unless an institution subscribes"
    return GATES[refusal.code if refusal else None]


def seen_of(source: Source) -> str:
    """What a visitor who is nobody in particular sees of it, on a private person's deployment."""
    if source.is_index:
        return "its row, as an index of other sources"
    if source.tier is Tier.DEV_ONLY:
        return "nothing; a developer on the machine itself, framed as “development only”"
    if source.tier is Tier.INSTITUTIONAL_ONLY:
        return "nothing; signed-in members of a subscribing institution, while it subscribes"
    if source.tier is Tier.EXTERNAL_LINK_ONLY:
        return "links, under “See also”"
    if source.terms.per_item:
        return "each picture whose own license lets it be shown, with its credit"
    key = PolicyKey(source.source_id, source.terms.license_expression, source.license_label)
    outcome = decide(Policy(key, source.terms), Question(Action.VIEW, Viewer())).outcome
    shown = outcome in (Outcome.ALLOW, Outcome.ALLOW_WITH_DUTIES)
    return "its pictures, with their credit" if shown else "nothing; a link, and whom to ask"
