"""Tells of any file what an ingest would see in it: for a curator. Writes nothing, and needs neither catalogue nor
settings."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dermref.media.formats import sniff
from dermref.media.inspect import MAX_BYTES
from dermref.model.evidence import Refusal
from dermref.model.media import Claim, Facts, Finding, Inspected, Verdict, Wish
from dermref.services.inspectors import Inspectors

HEAD = 512  # bytes that tell a format
ASKED = "XMP cc:attributionName"  # where a file says by which name it is to be credited
STRICTEST = (Verdict.REFUSE, Verdict.QUARANTINE, Verdict.ACCEPT)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What is known of one file. Of a refused one only the reason, its only finding, and the format it begins like."""

    path: Path
    verdict: Verdict
    media_type: str | None
    sha256: str
    findings: tuple[Finding, ...] = ()
    phash: str | None = None
    facts: Facts | None = None
    claims: tuple[Claim, ...] = ()


def inspect_files(paths: Iterable[Path]) -> Iterator[FileReport]:
    """The report on each file, in their order. Raises OSError for a file that cannot be read."""
    paths = list(paths)
    workers = max(1, min(len(paths), os.cpu_count() or 1))
    with Inspectors(workers) as inspectors, ThreadPoolExecutor(workers) as threads:
        yield from threads.map(lambda path: _report(path, inspectors), paths)


def _report(path: Path, inspectors: Inspectors) -> FileReport:
    if path.stat().st_size > MAX_BYTES:
        return _too_large(path)
    data = path.read_bytes()
    verdict = inspectors.inspect(data, name=path.name, wish=Wish())
    if isinstance(verdict, Refusal):
        kind = sniff(data)
        return _refused(path, verdict, kind.media_type if kind else None, hashlib.sha256(data).hexdigest())
    return _inspected(path, verdict)


def _too_large(path: Path) -> FileReport:
    """A file that is never read into memory."""
    with path.open("rb") as file:
        kind = sniff(file.read(HEAD))
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    refusal = Refusal("too-large", f"{path.name} has more than {MAX_BYTES:,} bytes")
    return _refused(path, refusal, kind.media_type if kind else None, sha256)


def _refused(path: Path, refusal: Refusal, media_type: str | None, sha256: str) -> FileReport:
    reason = Finding(refusal.code, refusal.text, Verdict.REFUSE)
    return FileReport(path, Verdict.REFUSE, media_type, sha256, (reason,))


def _inspected(path: Path, found: Inspected) -> FileReport:
    findings = tuple(_in_its_light(one, found.claims) for one in found.findings)
    verdicts = {one.verdict for one in findings}
    return FileReport(
        path=path,
        verdict=next((one for one in STRICTEST if one in verdicts), Verdict.ACCEPT),
        media_type=found.facts.media_type,
        sha256=found.sha256,
        findings=findings,
        phash=found.likeness.phash.hex(),
        facts=found.facts,
        claims=found.claims,
    )


def _in_its_light(finding: Finding, claims: Iterable[Claim]) -> Finding:
    """A name that the file itself asks to be credited by is told, and keeps nothing out: there is no record here to
    compare it with. An ingest, which has one, compares."""
    name = finding.about.rstrip("…").rstrip()
    asked = [claim.text for claim in claims if claim.where == ASKED]
    return replace(finding, verdict=Verdict.ACCEPT) if name and any(name in one for one in asked) else finding


def report_json(report: FileReport) -> dict[str, object]:
    """The report for machines."""
    facts = report.facts
    return {
        "path": str(report.path),
        "verdict": report.verdict.value,
        "format": report.media_type,
        "width": facts.width if facts else None,
        "height": facts.height if facts else None,
        "findings": [{"code": one.code, "text": one.text} for one in report.findings],
        "sha256": report.sha256,
        "phash": report.phash,
        "facts": asdict(facts) if facts else None,
        "claims": [asdict(one) for one in report.claims],
    }
