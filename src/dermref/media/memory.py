"""Tells the C library to give big freed buffers back to the system instead of keeping its heap as large as the largest
picture ever decoded. Measured in docs/performance.md; does nothing where the C library is not glibc."""

import ctypes

# mallopt(3): the parameter and its value. Naming a threshold also stops glibc from raising it by itself.
TRIM_THRESHOLD = (-1, 8 * 1024 * 1024)  # bytes left free at the top of the heap
MMAP_THRESHOLD = (-3, 1024 * 1024)  # bytes from which a buffer is mapped on its own, and unmapped when freed
ARENA_MAX = (-8, 1)  # one heap for all threads: they hold the interpreter lock while they allocate


def keep_memory_flat() -> None:
    """Set the three limits for this process, before it starts threads."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in (TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX):
            mallopt(parameter, value)
