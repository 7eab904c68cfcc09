"""Habits a reader relies on: no blind excepts, no print, nothing about one machine, functions that fit in the eye."""

import ast
from collections.abc import Iterator

from architecture.tree import PACKAGE, ROOT, Found, calls_of, modules, repository_files

LAST_RESORT = (
    "cli/main.py",  # turns the unforeseen into one sentence and an exit code
    "cli/worker.py",  # a chore that fails must not keep the others from running
    "services/walking.py",  # raised again by whoever waits for the page
    "services/decoding.py",  # in a worker process: into the refusal of the one picture that brought it about
)
BLIND = {None, "Exception", "BaseException"}
GENERATED = "catalog/migrations/"  # by Django, for the most part
LONGEST_FUNCTION, LONGEST_FILE = 60, 350

# Written in pieces, so that this file may be committed too.
FOREIGN = tuple(
    "".join(pieces).encode()
    for pieces in (("/wo", "rk/"), ("../sh", "ared"), ("pypi", ".org"), ("python", "hosted"), ("registry.", "npmjs"))
)


def blind_excepts() -> Iterator[Found]:
    for path, module in modules().items():
        for node in ast.walk(module):
            if not isinstance(node, ast.ExceptHandler):
                continue
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            for kind in kinds:
                name = kind and ast.unparse(kind)
                if name in BLIND:
                    yield Found(f"{path}:{node.lineno}", f"except {name}")


def functions() -> Iterator[tuple[int, str]]:
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}"


def test_excepts_when_searched_then_only_a_last_resort_is_blind() -> None:
    assert [found for found in blind_excepts() if not found.where.startswith(LAST_RESORT)] == []


def test_code_when_searched_then_prints_nothing() -> None:
    printed = [f"{path}:{call.lineno}" for path, module in modules().items() for call in calls_of(module, "print")]
    assert printed == []


def test_functions_when_measured_then_fit_in_the_eye() -> None:
    assert [f"{where}: {lines} lines" for lines, where in sorted(functions()) if lines > LONGEST_FUNCTION] == []


def test_files_when_measured_then_read_like_a_page() -> None:
    written = [path for path in modules() if not path.startswith(GENERATED)]
    lengths = {path: len((PACKAGE / path).read_text("utf-8").splitlines()) for path in written}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_repository_when_searched_then_names_no_machine_and_no_index() -> None:
    naming = [
        Found(path.relative_to(ROOT).as_posix(), word.decode())
        for path in repository_files()
        for word in FOREIGN
        if word in path.read_bytes()
    ]
    assert naming == []


def test_permits_of_the_store_when_searched_then_only_the_gate_makes_them() -> None:
    made = [path for path, module in modules().items() if any(calls_of(module, "StorePermit"))]
    assert made == ["rights/gate.py"]
