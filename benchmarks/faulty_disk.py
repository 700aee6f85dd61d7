"""Faults of a disk, on purpose: the n-th write, flush or sync fails, or the process dies there.

SQLite reaches the disk through a table of functions (its VFS). A second table that counts the
calls, and at the n-th fails or ends the process, is put in front of it with ctypes, so the
SQLite that the program uses is tried and no other. What the program does itself to the disk
(copying, renaming, deleting, flushing) is counted in the same row.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import errno
import os
import shutil
from collections.abc import Callable
from typing import Any, Literal

IOERR_WRITE = 10 | (3 << 8)
IOERR_FSYNC = 10 | (4 << 8)
IOERR_TRUNCATE = 10 | (6 << 8)
IOERR_DELETE = 10 | (10 << 8)
FULL = 13
Way = Literal["fails", "disk full", "killed", "killed halfway"]
WAYS: tuple[Way, ...] = ("fails", "disk full", "killed", "killed halfway")

_P, _I, _L = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64


class _Methods(ctypes.Structure):
    """struct sqlite3_io_methods, version 3."""

    _fields_ = [
        ("iVersion", _I),
        *((n, _P) for n in ("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize")),
        *((n, _P) for n in ("xLock", "xUnlock", "xCheckReservedLock", "xFileControl")),
        *((n, _P) for n in ("xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock")),
        *((n, _P) for n in ("xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch")),
    ]


class _File(ctypes.Structure):
    _fields_ = [("pMethods", ctypes.POINTER(_Methods))]


class _Vfs(ctypes.Structure):
    """struct sqlite3_vfs, version 3."""

    _fields_ = [
        *((n, _I) for n in ("iVersion", "szOsFile", "mxPathname")),
        *((n, _P) for n in ("pNext", "zName", "pAppData", "xOpen", "xDelete", "xAccess")),
        *((n, _P) for n in ("xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose")),
        *((n, _P) for n in ("xRandomness", "xSleep", "xCurrentTime", "xGetLastError")),
        *((n, _P) for n in ("xCurrentTimeInt64", "xSetSystemCall", "xGetSystemCall")),
        ("xNextSystemCall", _P),
    ]


_WRITE = ctypes.CFUNCTYPE(_I, _P, _P, _I, _L)
_TRUNCATE = ctypes.CFUNCTYPE(_I, _P, _L)
_SYNC = ctypes.CFUNCTYPE(_I, _P, _I)
_OPEN = ctypes.CFUNCTYPE(_I, _P, _P, _P, _I, _P)
_DELETE = ctypes.CFUNCTYPE(_I, _P, _P, _I)


class FaultyDisk:
    """A disk that does what it should until the n-th deed.

    Parameters
    ----------
    at : int
        Which deed goes wrong, from 1; 0 for none, to count them.
    way : str
        A deed that fails does so once; the next ones succeed.
    """

    def __init__(self, at: int = 0, way: Way = "fails") -> None:
        self.at, self.way, self.deeds = at, way, 0
        self.kept: list[Any] = []

    def goes_wrong(self, halfway: Callable[[], object] = lambda: None) -> bool:
        """Count a deed; at the chosen one say so, or end the process as a kill does."""
        self.deeds += 1
        if self.deeds != self.at:
            return False
        if self.way == "killed halfway":
            halfway()
        if self.way in ("killed", "killed halfway"):
            os._exit(137)
        return True

    def error(self, otherwise: int) -> int:
        return FULL if self.way == "disk full" and otherwise == IOERR_WRITE else otherwise

    def put_in_place(self) -> None:
        """Count every deed of this process from now on; there is no way back."""
        self._of_sqlite()
        self._of_python()

    def _of_sqlite(self) -> None:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        usual = library.sqlite3_vfs_find(None).contents
        ours = _Vfs.from_buffer_copy(usual)
        name = ctypes.create_string_buffer(b"faulty")
        ours.zName = ctypes.cast(name, _P)
        true_open, true_delete = _OPEN(usual.xOpen), _DELETE(usual.xDelete)
        tables: dict[int, Any] = {}

        def opened(vfs: int, path: int, file: int, flags: int, out: int) -> int:
            result = true_open(vfs, path, file, flags, out)
            held = _File.from_address(file)
            if held.pMethods:
                at = ctypes.addressof(held.pMethods.contents)
                if at not in tables:
                    tables[at] = self._methods(held.pMethods.contents)
                held.pMethods = ctypes.pointer(tables[at])
            return int(result)

        def deleted(vfs: int, path: int, sync: int) -> int:
            if self.goes_wrong():
                return self.error(IOERR_DELETE)
            return int(true_delete(vfs, path, sync))

        callbacks = (_OPEN(opened), _DELETE(deleted))
        ours.xOpen, ours.xDelete = (ctypes.cast(c, _P) for c in callbacks)
        self.kept += [ours, name, callbacks, tables]
        assert library.sqlite3_vfs_register(ctypes.byref(ours), 1) == 0

    def _methods(self, usual: _Methods) -> _Methods:
        ours = _Methods.from_buffer_copy(usual)
        write, truncate, sync = (
            _WRITE(usual.xWrite),
            _TRUNCATE(usual.xTruncate),
            _SYNC(usual.xSync),
        )

        def written(file: int, content: int, size: int, at: int) -> int:
            # A process that dies while it writes leaves some of the bytes.
            if self.goes_wrong(lambda: write(file, content, max(1, size // 2), at)):
                return self.error(IOERR_WRITE)
            return int(write(file, content, size, at))

        def truncated(file: int, size: int) -> int:
            return self.error(IOERR_TRUNCATE) if self.goes_wrong() else int(truncate(file, size))

        def synced(file: int, flags: int) -> int:
            return self.error(IOERR_FSYNC) if self.goes_wrong() else int(sync(file, flags))

        callbacks = (_WRITE(written), _TRUNCATE(truncated), _SYNC(synced))
        ours.xWrite, ours.xTruncate, ours.xSync = (ctypes.cast(c, _P) for c in callbacks)
        self.kept += [callbacks, ours]
        return ours

    def _of_python(self) -> None:
        for module, name in (
            *((os, n) for n in ("fsync", "replace", "rename", "unlink", "write")),
            (shutil, "copyfile"),
        ):
            setattr(module, name, self._faulty(getattr(module, name)))

    def _faulty(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        number = errno.ENOSPC if self.way == "disk full" else errno.EIO

        def done(*given: Any, **named: Any) -> Any:
            if self.goes_wrong():
                raise OSError(number, os.strerror(number))
            return deed(*given, **named)

        return done
