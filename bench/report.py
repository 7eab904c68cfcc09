"""Prints a benchmark's figures as a Markdown table, with the aim beside each figure that has one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `floor` is the least it should be, `ceiling` the most."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ceiling: float | None = None

    @property
    def aim(self) -> str:
        """The aim and whether it is met."""
        if self.floor is not None:
            return f"≥ {self.floor:g}: {'met' if self.value >= self.floor else 'MISSED'}"
        if self.ceiling is not None:
            return f"≤ {self.ceiling:g}: {'met' if self.value <= self.ceiling else 'MISSED'}"
        return ""


def show(title: str, rows: list[Row]) -> None:
    """Print the table."""
    print(f"\n### {title}\n\n| figure | value | aim |\n|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {row.value:,.4g} {row.unit} | {row.aim} |")
