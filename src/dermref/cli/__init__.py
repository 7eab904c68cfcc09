"""The `dermref` command."""
