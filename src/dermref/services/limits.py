"""What one picture may cost a worker process, the words for one that costs more, and the word between two processes."""

from dataclasses import dataclass

from dermref.model.evidence import Refusal

HAVE_IT = b"have it"  # what a worker says when it has a picture and begins


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost.

    `cpu` is seconds of the worker's own processor time, which the kernel counts: a machine under load makes a sound
    picture wait and never refuses it. With one core free that is also the time that passes, so that every picture has
    its verdict within ten seconds, a new worker's start included. `wall` is seconds that pass, for a worker that hangs
    without computing; it is so wide that a twentieth of a core is enough for a picture that takes a second or two.
    `memory` is bytes above what the worker has after its start.
    """

    cpu: float = 8.0
    wall: float = 60.0
    memory: int = 1024**3


DEFAULT = Limits()


def over_memory(name: str, limits: Limits) -> Refusal:
    """The refusal of a picture that wants more memory than it may have."""
    return Refusal("too-much-memory", f"{name} takes more than {limits.memory:,} bytes of memory to decode")
