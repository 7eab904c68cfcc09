"""What this deployment is: who runs it, where its data lie, and what it has switched on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dermref.model.asking import Operator
from dermref.model.media import AHEAD, Rung


class WrongSetting(Exception):
    """A setting has a value that cannot be used; the message is one sentence that names it."""


class Stopped(Exception):
    """The work cannot go on now; the message is one sentence that says why and what to do. Nothing is lost."""


@dataclass(frozen=True, slots=True)
class DataciteAccount:
    """The repository at DataCite in whose name DOIs are registered; its password is never printed."""

    url: str
    prefix: str
    repository: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The settings that services need, as one value. `originals` are the folders of sources' own files, by the name of
    the setting that names them."""

    operator: Operator
    dev_images: bool
    contact: str | None
    data_dir: Path
    originals: Mapping[str, Path] = field(default_factory=dict)
    ahead: tuple[Rung, ...] = AHEAD  # renditions made at ingest; the others are made when first asked for
    datacite: DataciteAccount | None = None  # where DOIs are registered; none are, without one

    @property
    def store_dir(self) -> Path:
        """Where the content-addressed files lie."""
        return self.data_dir / "store"
