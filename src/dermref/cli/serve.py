"""`dermref serve`: the site and the API on a production server."""

import socket
import sys

import click

from dermref.config.start import start
from dermref.model.deployment import Stopped


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site and the API until interrupted.

    Example: dermref serve --port 8000
    """
    start(migrate=True)
    _check_free(host, port)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    click.echo(f"dermref serves http://{host}:{port}/ with {workers} workers; stop it with Ctrl-C.", err=True)
    server = Granian(
        "dermref.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,  # Django with SQLite: measured, see docs/performance.md
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    server.serve()
    sys.exit(0)


def _check_free(host: str, port: int) -> None:
    """One sentence now instead of a server that dies in its workers. Raises Stopped."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Stopped(f"{host}:{port} cannot be used: {error.strerror}; choose another with --port.") from None
