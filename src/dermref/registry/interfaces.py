"""How the sources with an interface are reached, what of that was seen in real replies, and what their bundled
documents give: facts for the docs, read from `interfaces/<source_id>.toml`. No ingest depends on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from dermref.registry.told import load_told


@dataclass(frozen=True, slots=True)
class Replayed:
    """What an ingest of the bundled documents gives: items published, kept out and left for a curator by reason, not
    read, and not there."""

    published: int
    quarantined: Mapping[str, int]
    waiting: Mapping[str, int]
    missed: int = 0
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Interface:
    """The way into a source. `asked` is what a query may say."""

    source_id: str
    way: str
    asked: str
    verified: tuple[str, ...]
    unverified: tuple[str, ...]
    replayed: Replayed | None = None


@cache
def load_interfaces() -> tuple[Interface, ...]:
    """All of them, by source id. Raises ValueError where a file does not say what it should."""
    return load_told("interfaces", Interface)


def interfaces_section() -> Iterator[str]:
    """The lines of the section about them, as Markdown."""
    known = load_interfaces()
    yield "## Sources with an interface\n"
    yield (
        "What an ingest of the documents under `tests/sources/` (of the demo, for ISIC) gives, by the real command\n"
        "against a local server that replays them; a test runs each and compares. “Waits” are items whose file is\n"
        "kept for a curator.\n"
    )
    yield "| source | published | kept out | waits | not read | not there |\n|---|---|---|---|---|---|"
    yield from (_row(one.source_id, one.replayed) for one in known if one.replayed)
    for one in known:
        yield f"\n### `{one.source_id}`: the way in\n"
        yield f"- {one.way}"
        yield f"- A query: {one.asked}"
        yield "- Seen in real replies, or in what others' programs make of them:"
        yield from (f"  - {text}" for text in one.verified)
        yield "- Not seen, built from descriptions or memory:"
        yield from (f"  - {text}" for text in one.unverified)


def _row(source_id: str, found: Replayed) -> str:
    cells = (_counted(found.quarantined), _counted(found.waiting), found.missed, found.absent)
    return f"| `{source_id}` | {found.published} | {' | '.join(str(cell) for cell in cells)} |"


def _counted(reasons: Mapping[str, int]) -> str:
    total = sum(reasons.values())
    named = ", ".join(f"{number} {code}" for code, number in sorted(reasons.items()))
    return f"{total}: {named}" if total else "0"
