"""What is asked of the catalogue once a request, and never kept longer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dermref.services.given import one_reading


def one_reading_a_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: all decisions of one answer rest on one reading of the grants."""

    def respond(request: HttpRequest) -> HttpResponse:
        with one_reading():
            return get_response(request)

    return respond
