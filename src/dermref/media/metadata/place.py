"""Where a picture was taken, in whole degrees: a finding must not tell the place itself."""

import math
import re
from collections.abc import Sequence

SIDES = {"lat": ("N", "S", 90), "lon": ("E", "W", 180)}
NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,12})?(?:/\d{1,9})?")


def rounded(latitude: float | None, longitude: float | None) -> str:
    """As in “about 48° N, 16° E”; empty where neither is known."""
    sides = [_side(value, axis) for value, axis in ((latitude, "lat"), (longitude, "lon")) if value is not None]
    return f"about {', '.join(sides)}" if sides else ""


def _side(value: float, axis: str) -> str:
    plus, minus, _ = SIDES[axis]
    return f"{abs(round(value))}° {minus if value < 0 else plus}"


def from_fractions(parts: Sequence[tuple[int, int]], *, ref: str, axis: str) -> float | None:
    """Decimal degrees from degrees, minutes and seconds, None where they are none."""
    if not parts or parts[0][1] == 0:
        return None
    values = [above / below for above, below in parts[:3] if below]
    return _checked(values, is_minus=ref.upper().startswith(SIDES[axis][1]), axis=axis)


def from_words(text: str, *, axis: str) -> float | None:
    """Decimal degrees from XMP: `48,12.492N`, `48,12,29.5N`, or a plain number; None where it is none."""
    head, last = text[:40].strip(), text.strip()[-1:].upper()
    parts = head.rstrip("NSEWnsew ").split(",") if last in SIDES[axis][:2] else [head.replace(",", ".")]
    found = [NUMBER.fullmatch(part.strip()) for part in parts]
    if not all(found) or len(found) > 3:
        return None
    values = [_value(part.strip()) for part in parts]
    return _checked(values, is_minus=last == SIDES[axis][1], axis=axis)


def _value(part: str) -> float:
    above, _, below = part.partition("/")
    return float(above) / (float(below) if below and float(below) else 1.0)


def _checked(values: Sequence[float], *, is_minus: bool, axis: str) -> float | None:
    degrees = sum(value / 60**place for place, value in enumerate(values))
    is_place = math.isfinite(degrees) and abs(degrees) <= SIDES[axis][2]
    return (-degrees if is_minus else degrees) if is_place else None
