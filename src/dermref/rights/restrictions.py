"""What a restriction on an item means: the rules of `data/restrictions.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dermref.model.asking import Action
from dermref.model.policy import Restriction
from dermref.model.source import Effect


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
    """The rules of every restriction. Raises KeyError when one has none: it would restrict nothing."""
    data = tomllib.loads(files(__package__).joinpath("data/restrictions.toml").read_text(encoding="utf-8"))
    return {one: tuple(_rule(rule) for rule in data[one]) for one in Restriction}


def _rule(values: Mapping[str, object]) -> RestrictionRule:
    actions = values["actions"]
    if not isinstance(actions, list):
        raise TypeError("restrictions.toml: actions is a list")
    return RestrictionRule(
        effect=Effect(str(values["effect"])),
        actions=frozenset(Action(action) for action in actions),
        is_commercial=values["commercial"] is True,
        text=str(values["text"]),
        quote=str(values["quote"]),
    )
