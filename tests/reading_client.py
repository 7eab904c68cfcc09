"""A test client that reads every answer to its end and closes it, as a browser does."""

from typing import Any

from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client


class ReadingClient(Client):
    """`get` gives a response whose `body` is the whole content, streamed or not."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        response: Any = super().get(*args, **kwargs)
        response.body = b"".join(response.streaming_content) if response.streaming else response.content
        request_finished.disconnect(close_old_connections)  # as Django's own client: the test's connection stays open
        response.close()
        request_finished.connect(close_old_connections)
        return response
