"""Addresses of this site as others have to know them: whole, and with the scheme that visitors use."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of a path of this site. What ends the encryption before us asks in http for what came by
    https."""
    address = request.build_absolute_uri(path)
    return address.replace("http:", "https:", 1) if settings.SESSION_COOKIE_SECURE else address
