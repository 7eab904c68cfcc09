"""The rights engine: pure functions from terms, license and question to a decision. No clock, disk or network.

`parse_statement` and `resolve` lead from words to a policy; `decide`, `decide_set` and `explain` from a policy to an
answer. `dermref.registry` has the sources' terms.
"""

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind
from dermref.model.decision import Decision, Outcome, SetDecision
from dermref.model.policy import Hold, PolicyKey, Restriction
from dermref.rights.chart import adapter_licenses, combined_licenses
from dermref.rights.decide import decide, decide_unrecorded
from dermref.rights.explain import explain
from dermref.rights.facts import License
from dermref.rights.gate import check_ingest
from dermref.rights.grants import check_grant, grants_naming
from dermref.rights.parse import Unknown, parse_statement
from dermref.rights.question import Policy, Question
from dermref.rights.resolve import resolve
from dermref.rights.sets import decide_set

__all__ = [
    "Action",
    "Decision",
    "Hold",
    "License",
    "Operator",
    "OperatorKind",
    "Outcome",
    "Policy",
    "PolicyKey",
    "Purpose",
    "Question",
    "Restriction",
    "SetDecision",
    "Unknown",
    "Viewer",
    "ViewerKind",
    "adapter_licenses",
    "check_grant",
    "check_ingest",
    "combined_licenses",
    "decide",
    "decide_set",
    "decide_unrecorded",
    "explain",
    "grants_naming",
    "parse_statement",
    "resolve",
]
