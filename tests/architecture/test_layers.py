"""What import-linter cannot say: the list of layers is the list of folders, and values are standard library only."""

import ast
import sys
import tomllib

from architecture.tree import PACKAGE, Found, modules, text

CONTRACTS = {one["id"]: one for one in tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]}
LAYERS = [name.strip() for row in CONTRACTS["layers"]["layers"] for name in row.split("|")]
NETWORK = {"asyncio", "http", "socket", "ssl", "urllib"}


def imported(module: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_packages_when_listed_then_each_is_a_layer() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(LAYERS)


def test_modules_when_listed_then_none_stands_beside_the_packages() -> None:
    assert {path for path in modules() if "/" not in path} == {"__init__.py", "__main__.py"}


def test_model_when_read_then_imports_only_itself_and_the_standard_library() -> None:
    foreign = [
        Found(path, name)
        for path, module in modules().items()
        if path.startswith("model/")
        for name in imported(module)
        if not name.startswith("dermref.model") and name.partition(".")[0] not in sys.stdlib_module_names - NETWORK
    ]
    assert foreign == []


def test_tables_when_searched_then_only_the_catalogue_asks_them() -> None:
    """`Model.objects` outside the catalogue would be a second place that knows who may see what."""
    asked = [
        Found(f"{path}:{node.lineno}", ast.unparse(node))
        for path, module in modules().items()
        if not path.startswith("catalog/")
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert asked == []
