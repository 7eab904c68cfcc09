"""What a program asks, read from its words; and the one sentence for words that mean nothing."""

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError

from dermref.model.asking import Action, Purpose
from dermref.rights import Question
from dermref.services.deciding import question_of
from dermref.services.viewing import viewer_of_request


class Problem(Schema):
    """One sentence that says what is wrong."""

    detail: str


def question(request: HttpRequest, action: str, purpose: str) -> Question:
    """The question of whoever asks over HTTP. Raises HttpError with one sentence for words that mean nothing."""
    if action not in set(Action) or purpose not in set(Purpose):
        raise HttpError(400, f"action is one of {', '.join(Action)}; purpose one of {', '.join(Purpose)}.")
    return question_of(Action(action), viewer=viewer_of_request(request), purpose=Purpose(purpose))
