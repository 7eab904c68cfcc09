"""An image as a page draws it: alternative text, sizes, addresses. Always the whole picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dermref.model.asking import Action, Viewer
from dermref.model.media import COPY, Size
from dermref.model.media import fitted as fit_within
from dermref.services.describing import image_path
from dermref.services.embedded import embedded_in_list
from dermref.services.outgoing import carries_credit
from dermref.services.serving import Shown, is_changeable, outcome_of

NO_DIAGNOSIS = "No diagnosis stated"


@dataclass(frozen=True, slots=True)
class Picture:
    """One file to draw, with its size in pixels, so that nothing moves when it arrives."""

    url: str
    alt: str
    width: int
    height: int
    srcset: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """An image in a list. `preview` is None where the terms permit the page and not a preview."""

    shown: Shown
    heading: str
    preview: Picture | None

    @property
    def coins(self) -> str:
        """What reference managers gather of it."""
        return embedded_in_list(self.shown)


def tiles_of(images: Sequence[Shown], *, viewer: Viewer) -> tuple[Tile, ...]:
    """Tiles in the order of the list."""
    return tuple(Tile(one, heading(one), _preview(one, viewer)) for one in images)


def heading(shown: Shown) -> str:
    """What an image is called on a page: its condition as published, never a guess."""
    return shown.record.condition_as_published or NO_DIAGNOSIS


def alt_text(shown: Shown) -> str:
    """What the picture shows, as far as its source says."""
    record = shown.record
    kind = f"{_spoken(record.modality)} image" if record.modality else "image"
    tones = [f"{tone.get('scale', '')} {tone.get('value', '')}".strip() for tone in record.skin_tones]
    return ", ".join(part for part in (heading(shown), kind, record.body_site, *tones) if part)


def full_picture(shown: Shown, *, is_resized: bool = True) -> Picture:
    """The picture for a page of its own, in the sizes there are: its own alone, where none other may be made."""
    if not is_resized:
        whole = (shown.record.width, shown.record.height)
        return Picture(image_path(shown, Size.MEDIUM), alt_text(shown), *whole)
    is_large = fitted(shown, Size.LARGE) != fitted(shown, Size.MEDIUM)
    srcset = ", ".join(f"{image_path(shown, size)} {fitted(shown, size)[0]}w" for size in (Size.MEDIUM, Size.LARGE))
    return Picture(
        image_path(shown, Size.MEDIUM), alt_text(shown), *fitted(shown, Size.MEDIUM), srcset if is_large else ""
    )


def stored_file(shown: Shown, *, viewer: Viewer) -> str | None:
    """The address of the file as received, where `viewer` may download it."""
    is_allowed = outcome_of(shown, Action.DOWNLOAD, viewer=viewer).is_allowed
    return image_path(shown, "") if is_allowed else None


def credited_file(shown: Shown, *, viewer: Viewer) -> str | None:
    """The address of the same file with its credit inside, where `viewer` may have it so and its format carries it."""
    is_written = carries_credit(shown.record.media_type) and is_changeable(shown, viewer=viewer)
    return image_path(shown, COPY) if is_written and stored_file(shown, viewer=viewer) else None


def fitted(shown: Shown, size: Size) -> tuple[int, int]:
    """Width and height in pixels at a display size; nothing is ever enlarged."""
    return fit_within(shown.record.width, shown.record.height, size)


def facts_of(metadata: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Published metadata as name and value, groups joined into the name."""
    found: list[tuple[str, str]] = []
    for key, value in metadata.items():
        if isinstance(value, Mapping):
            found += [(f"{_spoken(key)}: {name}", said) for name, said in facts_of(value)]
        elif value not in (None, "", []):
            found.append((_spoken(key), _said(value)))
    return tuple(found)


def _preview(shown: Shown, viewer: Viewer) -> Picture | None:
    if not outcome_of(shown, Action.THUMBNAIL, viewer=viewer).is_allowed:
        return None
    return Picture(image_path(shown, Size.SMALL), alt_text(shown), *fitted(shown, Size.SMALL))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _spoken(name: object) -> str:
    return str(name).replace("_", " ").replace("-", " ")
