"""What is installed, reachable and misconfigured on this machine. Looks and changes nothing."""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import django
import pyvips
from django.db import DatabaseError

from dermref.catalog.health import database_facts
from dermref.media.store import Fault
from dermref.model.deployment import Stopped
from dermref.registry.load import load_sources
from dermref.services.deployment import blobs, deployment
from dermref.services.repairing import Progress, Survey, survey

LITTLE_ROOM = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up; `is_good` False is a fault to mend."""

    name: str
    text: str
    is_good: bool = True


def check_up() -> tuple[Finding, ...]:
    """All findings, good and bad."""
    return (*_versions(), *_database(), *_store(), *_settings())


def _versions() -> Iterator[Finding]:
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    yield Finding("python", platform.python_version())
    yield Finding("django", django.get_version())
    yield Finding("libvips", vips)
    yield Finding("registry", f"{len(load_sources())} sources tracked")


def _database() -> Iterator[Finding]:
    try:
        facts = database_facts()
    except DatabaseError as error:
        yield Finding("database", f"cannot be reached: {error}", is_good=False)
        return
    yield Finding("database", f"{facts.engine}, {facts.images:,} images, {facts.quarantined:,} quarantined")
    if facts.waiting or facts.open_pairs:
        text = f"{facts.waiting:,} items and {facts.open_pairs:,} pairs wait; see “dermref quarantine” and “duplicates”"
        yield Finding("curator", text)
    if facts.uninspected:
        text = f"{facts.uninspected:,} images came in before files were inspected; ingest their sources again"
        yield Finding("inspection", text)
    if facts.unapplied:
        text = f"{facts.unapplied} migrations are not applied; any ingest or serve applies them"
        yield Finding("migrations", text, is_good=False)
    if facts.unfinished_runs:
        yield Finding("runs", f"{facts.unfinished_runs} ingests did not finish; run the same command again to go on")


def _store() -> Iterator[Finding]:
    folder = deployment().data_dir
    if not os.access(folder, os.W_OK):
        yield Finding("data folder", f"{folder} cannot be written", is_good=False)
        return
    free = shutil.disk_usage(folder).free
    yield Finding("data folder", f"{folder}, {free / 1e9:.1f} GB free", is_good=free > LITTLE_ROOM)
    left = len(blobs().noted())
    if left:
        yield Finding("journal", f"{left} files of an ingest at work or interrupted; the next ingest settles them")


def check_store(*, deep: bool, progress: Progress) -> tuple[Survey, Finding]:
    """The store compared with the catalogue, and the line that says how they agree. Where either cannot be asked, the
    line says why and the survey is empty."""
    try:
        if database_facts().unapplied:
            return Survey(), Finding("store", "not compared with the catalogue, whose tables are not up to date")
        found = survey(blobs(), deep=deep, progress=progress)
    except (DatabaseError, Stopped) as error:
        return Survey(), Finding("store", f"cannot be compared with the catalogue: {error}", is_good=False)
    return found, describe_store(found)


def describe_store(found: Survey) -> Finding:
    """How store and catalogue agree, in one line."""
    missing, damaged = found.count(Fault.MISSING), found.count(Fault.DAMAGED)
    counted = f"{found.files:,} files, {len(found.orphans):,} orphans, {missing:,} missing, {damaged:,} damaged"
    mend = "; “dermref doctor --repair” says what to do" if found.broken else ""
    return Finding("store", f"{blobs().shelf.shelf_name}, {counted}{mend}", is_good=not found.broken)


def _settings() -> Iterator[Finding]:
    place = deployment()
    for name, folder in place.originals.items():
        yield Finding("originals", f"{name} is {folder}")
    yield Finding("operator", f"{place.operator.kind}{', behind a paywall' if place.operator.paywall else ''}")
    yield Finding("contact", place.contact or "not set: nothing can be fetched from the internet (DERMREF_CONTACT)")
    if place.dev_images:
        yield Finding("dev images", "DEV_IMAGES_ENABLED is on: dev-only images are shown to clients on this machine")
