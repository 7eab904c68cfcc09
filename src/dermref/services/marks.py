"""The watermarks of sources on this deployment: the reference a curator gave, and what it says of files. Nothing here
draws, takes away or alters a mark."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils import timezone

from dermref.media.watermark import read_shape, see_mark_in
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.media import Mark, Sight, Sighting, Verdict, Wish
from dermref.model.source import Source
from dermref.registry.load import load_source
from dermref.services.deployment import deployment
from dermref.services.inspectors import Inspectors
from dermref.services.rulings import all_sources

PNG = "image/png"


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """Who gave a reference, when (UTC, ISO 8601), from which file, and its digest."""

    source_id: str
    sha256: str
    by: str
    at: str
    file: str


@dataclass(frozen=True, slots=True)
class MarkState:
    """A source that wants its mark kept; `record` is None where there is no reference that can be used."""

    source: Source
    record: MarkRecord | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was seen of the mark in one file; a file that is no sound picture is never marked."""

    path: Path
    sight: Sight

    @property
    def is_marked(self) -> bool:
        """Whether the mark is there, beyond doubt."""
        return self.sight.sighting is Sighting.PRESENT


def wish_mark(source: Source) -> tuple[bool, Mark | None]:
    """Whether the source's pictures must bear its mark, and the mark to compare with; None where this deployment has
    no reference, or one that is not as the curator gave it."""
    if not source.keeps_watermark:
        return False, None
    found = _read(source.source_id)
    if found is None or source.watermark is None:
        return True, None
    return True, Mark(found[1], source.watermark.places, source.watermark.widths)


def list_marks() -> tuple[MarkState, ...]:
    """Every source that wants its mark kept."""
    return tuple(_state(source) for source in all_sources().values() if source.keeps_watermark)


def set_mark(source_id: str, file: Path, *, by: str) -> MarkRecord:
    """Keep `file` (PNG) as the reference of the source's mark. Raises Stopped for one that cannot serve,
    UnknownSource for an id that is none."""
    _marked_source(source_id)
    data = _bytes_of(file)
    with Inspectors(1) as inspectors:
        verdict = inspectors.inspect(data, name=file.name, wish=Wish())
    if isinstance(verdict, Refusal):
        raise Stopped(f"{verdict.text}.")
    hidden = next((one for one in verdict.findings if one.verdict is not Verdict.ACCEPT), None)
    if hidden:
        raise Stopped(f"{file.name} cannot be a reference: {hidden.text}.")
    if verdict.facts.media_type != PNG:
        raise Stopped(f"{file.name} is {verdict.facts.media_type}; save the mark as a PNG.")
    if read_shape(data) is None:
        raise Stopped(f"Nothing stands out in {file.name}; give the mark alone, on a clear or plain background.")
    record = MarkRecord(source_id, verdict.sha256, by, timezone.now().isoformat(timespec="seconds"), file.name)
    _keep(record, data)
    return record


def check_marks(source_id: str, paths: tuple[Path, ...]) -> tuple[Checked, ...]:
    """What is seen of the source's mark in each file. Raises Stopped where there is no reference."""
    _, mark = wish_mark(_marked_source(source_id))
    if mark is None:
        raise Stopped(
            f"There is no reference for {source_id}; give one with “dermref watermarks set {source_id} FILE”."
        )
    with Inspectors(1) as inspectors:
        return tuple(Checked(path, _seen(path, mark, inspectors)) for path in paths)


def _seen(path: Path, mark: Mark, inspectors: Inspectors) -> Sight:
    """The file is decoded here only after a worker process found it sound."""
    data = _bytes_of(path)
    verdict = inspectors.inspect(data, name=path.name, wish=Wish())
    if isinstance(verdict, Refusal):
        return Sight(Sighting.ABSENT, doubt=verdict.text)
    return see_mark_in(data, mark)


def _marked_source(source_id: str) -> Source:
    source = load_source(source_id)
    if source.watermark is None:
        raise Stopped(f"{source_id} asks for no watermark; “dermref watermarks list” shows the sources that do.")
    return source


def _state(source: Source) -> MarkState:
    found = _read(source.source_id)
    return MarkState(source, found[0] if found else None)


def _folder() -> Path:
    return deployment().data_dir / "watermarks"


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.") from error


def _keep(record: MarkRecord, data: bytes) -> None:
    """The picture first: until its record says the same, there is no reference."""
    folder = _folder()
    told = json.dumps(asdict(record), ensure_ascii=False, indent=1).encode() + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in ((".png", data), (".json", told)):
            draft = folder / f"{record.source_id}{suffix}.part"
            draft.write_bytes(content)
            draft.replace(folder / f"{record.source_id}{suffix}")
    except OSError as error:
        raise Stopped(f"The reference cannot be kept in {folder}: {error.strerror}.") from error


def _read(source_id: str) -> tuple[MarkRecord, bytes] | None:
    """The reference and its record, if they agree."""
    folder = _folder()
    try:
        data = (folder / f"{source_id}.png").read_bytes()
        record = MarkRecord(**json.loads((folder / f"{source_id}.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    is_whole = record.source_id == source_id and record.sha256 == hashlib.sha256(data).hexdigest()
    return (record, data) if is_whole else None
