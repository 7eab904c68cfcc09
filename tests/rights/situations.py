"""Policies, questions and grants for the tests of the engine."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.grant import Grant, GrantDocument
from dermref.model.policy import PolicyKey
from dermref.registry.load import load_source
from dermref.rights import Policy, Question

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LETTER = GrantDocument("a" * 64, "You may show our images on your teaching pages.", "https://example.org/letter")


def policy(source_id: str, license_id: str | None = None, **parts: Any) -> Policy:
    """The policy of an item of this source; `grants` go to the policy, everything else into its key."""
    terms = load_source(source_id).terms
    grants = parts.pop("grants", ())
    key = PolicyKey(source_id, license_id or terms.license_expression, "as printed", **parts)
    return Policy(key, terms, grants)


def grant(source_id: str, *actions: Action, **parts: Any) -> Grant:
    """A grant of this source for these actions, by anybody for anything unless `parts` narrow it."""
    scope = {"viewers": tuple(ViewerKind), "purposes": tuple(Purpose), "operators": tuple(OperatorKind)}
    return Grant("g1", source_id, "The Society", parts.pop("document", LETTER), actions, **{**scope, **parts})


def asked(action: Action, **parts: Any) -> Question:
    """A question at NOW."""
    return Question(action, **{"now": NOW, **parts})
