"""What the writers of the formats share."""

from dermref.model.evidence import Refusal


class Broken(Exception):
    """The container is not as its format has it; nothing is written into such a file."""


def broken(kind: str, why: str) -> Refusal:
    """The refusal of a file whose container cannot be trusted."""
    return Refusal("broken-container", f"nothing is written into this {kind}: {why}")
