"""Writes rights into a file of each format, and leaves every pixel as it is."""
