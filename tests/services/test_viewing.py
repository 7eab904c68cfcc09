"""The dev gate: open to a client on this machine that comes straight to us, and only when switched on."""

from dataclasses import replace
from typing import Any

import pytest

from dermref.model.asking import ANONYMOUS, DEVELOPER
from dermref.services.viewing import dev_gate_viewer

LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000", "SERVER_PROTOCOL": "HTTP/1.1"}


@pytest.fixture
def gate_on(settings: Any) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=True)
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # the default; tests add a public name


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"},
        {"REMOTE_ADDR": "::ffff:127.0.0.1", "HTTP_HOST": "127.0.0.1"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
    ],
)
def test_gate_when_on_and_client_is_local_then_developer(gate_on: None, environ: dict[str, str]) -> None:
    assert dev_gate_viewer({**LOCAL, **environ}) == DEVELOPER


@pytest.mark.parametrize(
    "change",
    [
        {"REMOTE_ADDR": "192.168.1.7"},
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "localhost"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_FORWARDED_HOST": "localhost"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_CLIENT_IP": "127.0.0.1"},
        {"HTTP_X_ORIGINAL_FOR": "127.0.0.1"},
        {"HTTP_TRUE_CLIENT_IP": "127.0.0.1"},
        {"HTTP_CF_CONNECTING_IP": "127.0.0.1"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"SERVER_PROTOCOL": "HTTP/1.0"},
        {"SERVER_PROTOCOL": ""},
        {"HTTP_HOST": "rebound.example:8000"},
        {"HTTP_HOST": ""},
    ],
)
def test_gate_when_on_but_client_is_not_plainly_local_then_nobody(gate_on: None, change: dict[str, str]) -> None:
    assert dev_gate_viewer({**LOCAL, **change}) == ANONYMOUS


@pytest.mark.parametrize("host", ["derm.example", ".localhost.example", "*", "192.168.1.7", ""])
def test_gate_when_the_site_has_another_name_too_then_nobody(gate_on: None, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, host]
    assert dev_gate_viewer(LOCAL) == ANONYMOUS


def test_gate_when_off_then_nobody_even_locally(gate_on: None, settings: Any) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=False)
    assert dev_gate_viewer(LOCAL) == ANONYMOUS
