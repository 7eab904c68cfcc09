"""dermref: a dermatology image reference that knows its rights."""

__version__ = "0.1.0"
