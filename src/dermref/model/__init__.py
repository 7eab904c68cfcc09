"""Frozen value types and enums, standard library only; every other package may import these and they import nothing."""
