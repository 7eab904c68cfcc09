"""The engine is usable from a plain `import dermref`: no Django, no settings, no network."""

import subprocess
import sys

SCRIPT = """
import sys, dermref
terms = dermref.registry.load_source("isic-archive").terms
rights = dermref.rights
key = rights.PolicyKey("isic-archive", "CC0-1.0", "CC-0")
print(rights.decide(rights.Policy(key, terms), rights.Question(rights.Action.VIEW)).outcome)
print(sorted(name for name in sys.modules if name.partition(".")[0] in {"django", "httpx", "pyvips", "sqlite3"}))
"""


def test_engine_when_dermref_is_imported_plainly_then_decides_without_django() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, env={})
    assert (done.stdout, done.stderr) == ("allow\n[]\n", "")


def test_package_when_asked_for_what_it_has_not_then_says_so() -> None:
    import dermref

    assert not hasattr(dermref, "no_such_part")
