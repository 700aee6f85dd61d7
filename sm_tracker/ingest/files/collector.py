"""Fewer looks for cycles among objects while a large file is read."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000
"""Objects that may be made between two looks."""

_lock = threading.Lock()
_before: list[tuple[int, int, int]] = []
_reading = 0


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for cycles less often, until the last of several readers is done.

    Cells and records hold none, yet the collector would go through a million of them again and
    again, which takes a third of the time.
    """
    global _reading
    with _lock:
        if not _reading:
            _before.append(gc.get_threshold())
            gc.set_threshold(SELDOM, *_before[-1][1:])
        _reading += 1
    try:
        yield
    finally:
        with _lock:
            _reading -= 1
            if not _reading:
                gc.set_threshold(*_before.pop())
