"""What a restriction on an item means: the rules of `data/restrictions.toml`, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dermref.model.asking import Action
from dermref.model.policy import Restriction
from dermref.model.source import Effect
from dermref.rights.toml import Table, read_data, tables, text, words


@dataclass(frozen=True, slots=True)
class RestrictionRule:
    """One rule: its effect on some actions, and on every commercial use where `is_commercial`."""

    effect: Effect
    actions: frozenset[Action]
    is_commercial: bool
    text: str
    quote: str


@cache
def load_restrictions() -> Mapping[Restriction, tuple[RestrictionRule, ...]]:
    """The rules of every restriction. Raises TypeError when one has none: it would restrict nothing."""
    data = read_data("restrictions")
    return {one: tuple(_rule(rule) for rule in tables(data, one)) for one in Restriction}


def _rule(values: Table) -> RestrictionRule:
    return RestrictionRule(
        effect=Effect(text(values, "effect")),
        actions=frozenset(Action(action) for action in words(values, "actions")),
        is_commercial=values.get("commercial") is True,
        text=text(values, "text"),
        quote=text(values, "quote"),
    )
