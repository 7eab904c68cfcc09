"""Every test runs with a data folder of its own and without the settings of whoever runs it.

Django reads the environment once, so it is prepared here, before pytest-django loads the settings.
"""

import os
import shutil
import tempfile

import pytest

DATA_DIR = tempfile.mkdtemp(prefix="dermref-tests-")
# Empty rather than absent: an empty value is the default, and outranks a developer's .env file.
SETTINGS = (
    "DERMREF_ALLOWED_HOSTS",
    "DERMREF_CONTACT",
    "DERMREF_DATACITE_PASSWORD",
    "DERMREF_DATACITE_PREFIX",
    "DERMREF_DATACITE_REPOSITORY",
    "DERMREF_DATACITE_URL",
    "DERMREF_DEBUG",
    "DERMREF_HTTPS",
    "DERMREF_OPERATOR",
    "DERMREF_PAYWALL",
    "DERMREF_RENDITIONS_AHEAD",
    "DERMREF_SECRET_KEY",
    "DERMREF_STORE",
    "DEV_IMAGES_ENABLED",
    "ISIC_IMAGES_PATH",
)

for name in [name for name in os.environ if name.startswith("DERMREF_")]:
    del os.environ[name]
os.environ.update(dict.fromkeys(SETTINGS, ""))
os.environ.setdefault("DATABASE_URL", "")  # tools/with_postgres.py sets it
os.environ["DERMREF_DATA_DIR"] = DATA_DIR


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)
