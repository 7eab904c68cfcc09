"""dermref: a dermatology image reference that knows its rights."""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    """`dermref.rights` and `dermref.registry` after a plain `import dermref`, loaded when first asked for."""
    if name in ("rights", "registry"):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
