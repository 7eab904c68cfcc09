"""Files taken out of the catalogue, each with its rights inside and its credit in a text beside it. The gate decides;
nothing that lies there already is written over."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from dermref.model.asking import Viewer
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.rights.explain import explain
from dermref.services.noticing import notice_for
from dermref.services.outgoing import Outgoing, outgoing
from dermref.services.serving import Bytes, Missing, Shown, open_bytes

UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_STEM = 120  # bytes; every disk takes 255 with what stands around it


@dataclass(frozen=True, slots=True)
class Copied:
    """A copied file and the text beside it. `has_credit` is False where it goes exactly as received."""

    public_id: str
    path: Path
    credit_path: Path
    has_credit: bool


def copy_image(public_id: str, folder: Path, *, size: str, viewer: Viewer) -> Copied | Refusal:
    """Copy one image into the folder at this size. A Refusal where `viewer` may not have it, there is none, or a file
    of its name is there. Raises Stopped where the folder cannot be written."""
    source_id, _, foreign_id = public_id.partition(":")
    found = open_bytes(source_id, foreign_id, size=size, viewer=viewer)
    if isinstance(found, Missing):
        return Refusal("no-image", f"there is no image “{public_id}” that could be copied")
    if not isinstance(found, Bytes):
        is_told = not found.is_hidden
        return Refusal("not-allowed", explain(found.decision) if is_told else f"there is no image “{public_id}”")
    leaving = outgoing(found)
    data, has_credit = leaving.read()
    path = folder / file_name(leaving)
    credit = path.with_name(f"{path.name}.credit.txt")
    written = _write({credit: _credit(found.shown).encode(), path: data})
    return written if isinstance(written, Refusal) else Copied(public_id, path, credit, has_credit)


def file_name(leaving: Outgoing) -> str:
    """The source and the item's id there, safe for any disk, with the ending its content has."""
    record, file = leaving.found.shown.record, leaving.found.file
    size = f"-{file.size}" if file.size else ""
    kind = file.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    return f"{record.source_id}--{_stem(record.foreign_id)}{size}.{kind}"


def _stem(foreign_id: str) -> str:
    """The id in letters, digits, points, dashes and underscores; a long one cut, and told apart by its hash."""
    plain = UNSAFE.sub("_", foreign_id)
    if len(plain.encode()) <= LONGEST_STEM:
        return plain
    cut = plain.encode()[: LONGEST_STEM - 13].decode(errors="ignore")
    return f"{cut}-{hashlib.sha256(foreign_id.encode()).hexdigest()[:12]}"


def _credit(shown: Shown) -> str:
    """What must be said beside the file, a line each: the credit, the terms, where it comes from."""
    notice = notice_for(shown)
    return "\n".join((notice.credit.text, notice.usage_terms, notice.landing_url, ""))


def _write(files: dict[Path, bytes]) -> Refusal | None:
    """Write all of them, or none."""
    done: list[Path] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                done.append(path)
                file.write(data)
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            return Refusal("file-exists", f"{error.filename} is there already; choose another folder, or move it away")
        raise Stopped(f"{error.filename or next(iter(files))} cannot be written: {error.strerror}.") from error
    return None
