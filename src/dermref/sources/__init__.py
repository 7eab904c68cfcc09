"""One adapter per source. It reports what it saw, never what is allowed."""
