"""The repository as the architecture tests read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "dermref"


class Found(NamedTuple):
    """Where something stands."""

    where: str
    what: str


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path below `src/dermref`."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"), filename=str(path))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def templates() -> dict[str, str]:
    """Every template's text by its path below `src/dermref`."""
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.html"))}


def repository_files() -> list[Path]:
    """What is, or would be, committed."""
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT)]
    which = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run([*git, *which], check=True, capture_output=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def spoken(module: ast.Module) -> Iterator[ast.Constant]:
    """The string constants a program uses; docstrings, whose examples must name something, are not among them."""
    silent = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node


def calls_of(module: ast.Module, name: str) -> Iterator[ast.Call]:
    """Calls of the plain function `name`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def text(path: str) -> str:
    """A file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")
