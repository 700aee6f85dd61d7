"""Who writes next to an SQLite file, and when its write-ahead log is folded into it.

Writers stand in line for the write lock: whoever came first writes first. The log is folded
into the file while its process has the place at the head of that line and nobody writes,
because SQLite up to 3.51.2 can lose commits where a log is begun anew during a checkpoint.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Windows has none: there writers try equally often instead.
fcntl: Any = importlib.import_module("fcntl") if os.name == "posix" else None

LOG_FOLDED_AT_BYTES = 4 * 2**20
"""SQLite's own measure: a thousand pages."""
LOG_WAITED_FOR_AT_BYTES = 32 * 2**20
"""From here on whoever has written waits for a moment in which the log can be folded."""
WAL_RESET_FAULT = ((3, 7, 0), (3, 51, 2))
"""First and last version of SQLite whose checkpoints can lose commits (the WAL-reset bug)."""
_TRY_AGAIN_AFTER_S = (0.001, 0.004)
_TRY_AGAIN_WITHOUT_LINE_S = (0.003, 0.02)


def has_wal_reset_fault(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether a version of SQLite has the fault in which a checkpoint can lose commits.

    Examples
    --------
    >>> [has_wal_reset_fault(v) for v in ((3, 40, 1), (3, 51, 2), (3, 51, 3), (3, 6, 9))]
    [True, True, False, False]
    """
    first, last = WAL_RESET_FAULT
    return first <= version <= last


@contextlib.contextmanager
def place_in_line(path: Path, seconds: float) -> Iterator[bool]:
    """Wait in line with the other writers of a database, for at most so many seconds.

    The line is a lock on the folder, which the system gives in the order in which it was asked
    for and takes back from a process that dies; no file is needed for it.

    Parameters
    ----------
    path : Path
        The SQLite file.
    seconds : float

    Yields
    ------
    bool
        Whether the head of the line was reached; False where there is none (Windows, some
        network drives) and after the time.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        yield _locked(folder, seconds)
    finally:
        os.close(folder)


def _locked(folder: int, seconds: float) -> bool:
    if fcntl is None:
        return False
    with contextlib.suppress(OSError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    # The system knows no waiting with an end, so another thread waits. It has a number of its
    # own for the folder: when it comes too late, it lets go at once.
    reached, given_up = threading.Event(), threading.Event()
    own = os.dup(folder)

    def wait() -> None:
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
            reached.set()
            if given_up.is_set():
                fcntl.flock(own, fcntl.LOCK_UN)
        except OSError:
            pass
        finally:
            os.close(own)

    threading.Thread(target=wait, daemon=True).start()
    if reached.wait(max(0.0, seconds)):
        return True
    given_up.set()
    return False


def take_write_lock(connection: Any, path: Path, busy_timeout_ms: int) -> bool:
    """Begin to write on a connection of SQLite, after waiting in line.

    SQLite's own waiting sleeps longer the longer it has waited, so among many writers the
    oldest would come last. Here one only tries at a time, the one at the head of the line.

    Parameters
    ----------
    connection : sqlite3.Connection
    path : Path
    busy_timeout_ms : int

    Returns
    -------
    bool
        Whether the transaction was begun; if not, the lock stayed taken for all that time or
        SQLite refused for another reason.
    """
    until = time.monotonic() + busy_timeout_ms / 1000
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        with place_in_line(path, busy_timeout_ms / 1000) as at_the_head:
            pause = _TRY_AGAIN_AFTER_S if at_the_head else _TRY_AGAIN_WITHOUT_LINE_S
            while True:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    return True
                except sqlite3.OperationalError as error:
                    if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                        return False
                if time.monotonic() >= until:
                    return False
                time.sleep(random.uniform(*pause))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout_ms)}")


def fold_log(connection: Any, path: Path, *, wait_ms: int, then: str = "") -> bool:
    """Fold the write-ahead log into the file and empty it, if nobody reads from it.

    Parameters
    ----------
    connection : sqlite3.Connection
        Without a transaction.
    path : Path
    wait_ms : int
        How long to wait for writers, and then for readers.
    then : str
        A statement to carry out once the log is empty.

    Returns
    -------
    bool
        Whether the log is empty now. If not, somebody still reads from it or writes.
    """
    with place_in_line(path, wait_ms / 1000) as at_the_head:
        if not at_the_head and fcntl is not None:
            return False
        connection.execute(f"PRAGMA busy_timeout = {int(wait_ms)}")
        try:
            # Whoever writes at this moment ends first; at the head of the line nobody begins.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            busy = True
        if busy:
            return False
        if then:
            connection.execute(then)
    return True


def log_size(path: Path) -> int:
    """Bytes in the write-ahead log of a file."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:
        return 0
