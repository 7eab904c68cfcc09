"""Starts Django once for the command line, and brings the database to the current shape when asked."""

import os


def start(*, migrate: bool = False, register: bool = True) -> None:
    """Load settings and apps; with `migrate`, create or upgrade the tables and, with `register`, load the registry.

    Raises WrongSetting when a setting is unusable.
    """
    import django  # slow to import; `dermref sources list` must not pay for it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dermref.config.settings")
    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
    if migrate and register:
        from dermref.services.registering import register_sources

        register_sources()
