"""A typed view of one TOML table. Every read notes its fault and goes on, so that all faults of a file come at once.

After a fault a read returns some value of the right type; whoever asks must look at `faults` before using any of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from dermref.registry.faults import Fault, did_you_mean

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

NOWHERE = date.min


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file: where it stands, its values, the file's list of faults, and which keys were asked for."""

    file: str
    path: str
    values: Mapping[str, object]
    faults: list[Fault]
    asked: set[str] = field(default_factory=set)

    def fault(self, key: str, *, text: str) -> None:
        """Note what is wrong with `key` (empty for the table itself)."""
        self.faults.append(Fault(self.file, self._at(key) if key else self.path, text))

    def text(self, key: str) -> str:
        """A string that must be there and say something."""
        value = self._required(key, kind=str, default="?")
        if not value.strip():
            self.fault(key, text="is empty; leave the key out instead")
        return value

    def maybe_text(self, key: str) -> str | None:
        """A string that says something, or None where the key is left out."""
        return self.text(key) if self.has(key) else None

    def flag(self, key: str) -> bool:
        """A true or false that must be there."""
        return self._required(key, kind=bool, default=False)

    def maybe_flag(self, key: str) -> bool:
        """A true or false; false where the key is left out."""
        return self.flag(key) if self.has(key) else False

    def number(self, key: str) -> int:
        """A whole number that must be there."""
        return self._required(key, kind=int, default=0)

    def maybe_number(self, key: str) -> int | None:
        """A whole number, or None where the key is left out."""
        return self.number(key) if self.has(key) else None

    def day(self, key: str) -> date:
        """A date that must be there."""
        return self._required(key, kind=date, default=NOWHERE)

    def maybe_day(self, key: str) -> date | None:
        """A date, or None where the key is left out."""
        return self.day(key) if self.has(key) else None

    def choice(self, key: str, *, of: type[E]) -> E:
        """A member of `of` that must be there."""
        before = len(self.faults)
        word = self.text(key)
        return self._member(key, word=word, of=of) if len(self.faults) == before else next(iter(of))

    def maybe_choice(self, key: str, *, of: type[E]) -> E | None:
        """A member of `of`, or None where the key is left out."""
        return self.choice(key, of=of) if self.has(key) else None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where the key is left out."""
        if not self.has(key):
            return ()
        listed = self._required(key, kind=list, default=[])
        for item in listed:
            if not isinstance(item, str):
                self.fault(key, text=f"must list strings, not {item!r}")
        return tuple(item for item in listed if isinstance(item, str))

    def span(self, key: str) -> tuple[float, float]:
        """Two shares (above 0, at most 1), the lesser first, that must be there."""
        match self._required(key, kind=list, default=[0.5, 0.5]):
            case [float(least), float(most)] if 0 < least <= most <= 1:
                return least, most
            case listed:
                self.fault(key, text=f"must be two shares such as [0.1, 0.4], the lesser first, not {listed!r}")
                return 0.5, 0.5

    def choices(self, key: str, *, of: type[E]) -> tuple[E, ...]:
        """A list of members of `of`; empty where the key is left out."""
        return tuple(self._member(key, word=word, of=of) for word in self.words(key))

    def table(self, key: str) -> "Table":
        """A table that must be there."""
        return self._inner(key, values=self._required(key, kind=dict, default={}))

    def maybe_table(self, key: str) -> "Table | None":
        """A table, or None where the key is left out."""
        return self.table(key) if self.has(key) else None

    def tables(self, key: str) -> tuple["Table", ...]:
        """A list of tables; empty where the key is left out."""
        listed = self._required(key, kind=list, default=[]) if self.has(key) else []
        if not all(isinstance(item, dict) for item in listed):
            self.fault(key, text=f"must be a list of tables: write [[{self._at(key)}]]")
            return ()
        return tuple(self._inner(f"{key}[{index}]", values=item) for index, item in enumerate(listed))

    def named_tables(self, key: str) -> tuple[tuple[str, "Table"], ...]:
        """The tables inside a table, each with its name; empty where the key is left out."""
        outer = self.maybe_table(key)
        return tuple((name, outer.table(name)) for name in outer.values) if outer else ()

    def has(self, key: str) -> bool:
        """Whether the file gives this key; asking makes it a known one."""
        self.asked.add(key)
        return key in self.values

    def refuse_unknown_keys(self) -> None:
        """Note every key that nobody asked for. Call it when the table has been read."""
        for key in sorted(self.values.keys() - self.asked):
            self.fault(key, text=f"is not a known key{did_you_mean(key, known=sorted(self.asked))}")

    def _required(self, key: str, *, kind: type[T], default: T) -> T:
        if not self.has(key):
            self.fault(key, text="is missing")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or _is_stranger(value, kind=kind):
            self.fault(key, text=f"must be {_KINDS[kind]}, not {value!r}")
            return default
        return value

    def _member(self, key: str, *, word: str, of: type[E]) -> E:
        allowed = [member.value for member in of]
        if word in allowed:
            return of(word)
        self.fault(key, text=f"“{word}” is not one of {', '.join(allowed)}")
        return next(iter(of))

    def _inner(self, key: str, *, values: Mapping[str, object]) -> "Table":
        return Table(self.file, self._at(key), values, self.faults)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


_KINDS: dict[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    date: "a date (2026-11-22, without quotes)",
    list: "a list",
    dict: "a table",
}


def _is_stranger(value: object, *, kind: type) -> bool:
    """True for what Python calls a subtype and a reader would not: true as a number, a time of day as a date."""
    return (kind is int and isinstance(value, bool)) or (kind is date and isinstance(value, datetime))
