"""Keep freed memory for the next pass instead of handing it back to the system each time."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_KEPT = 1 << 30
"""Blocks up to this many bytes are kept; glibc's own limit for the setting is an int."""


def keep_freed_memory() -> bool:
    """Tell glibc to reuse large blocks; False where the C library is another one.

    A training step makes and frees hundreds of blocks of many megabytes. Handing each back costs
    the system a page fault for every 4 kB when the next one is made.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT) and mallopt(M_TRIM_THRESHOLD, 2**31 - 1))
