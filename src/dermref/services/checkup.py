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
from dermref.registry.load import load_sources
from dermref.services.deployment import blobs, deployment

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
    left = len(list(blobs().incoming.glob("*"))) if blobs().incoming.is_dir() else 0
    if left:
        yield Finding("store", f"{left} files of an interrupted ingest; the next ingest settles them")


def _settings() -> Iterator[Finding]:
    place = deployment()
    yield Finding("operator", f"{place.operator.kind}{', behind a paywall' if place.operator.paywall else ''}")
    yield Finding("contact", place.contact or "not set: nothing can be fetched from the internet (DERMREF_CONTACT)")
    if place.dev_images:
        yield Finding("dev images", "DEV_IMAGES_ENABLED is on: dev-only images are shown to clients on this machine")
