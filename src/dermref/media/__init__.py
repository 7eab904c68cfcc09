"""Bytes only: inspection, fingerprints, renditions, the content-addressed store."""
