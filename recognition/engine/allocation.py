"""Keep memory for the next image instead of giving it back after each."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's names for what ``mallopt`` sets
_KEPT = 64 * 2**20  # bytes: some five scans of a cheque
_OF_ITS_OWN = 32 * 2**20  # bytes: larger blocks are still given back at once


def keep_freed_memory() -> None:
    """Let this process hold freed blocks of the size that a cheque's image needs.

    By default glibc returns them to the system, which hands them out again page by page, each
    filled with noughts first: one part in twenty of a reading's time. Other C libraries have no
    such setting and stay as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_MMAP_THRESHOLD, _OF_ITS_OWN)
