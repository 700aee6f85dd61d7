"""Where a database is: its address, its file, and what may lie beside that."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from sm_tracker.errors import StoreError
from sm_tracker.languages import Message

_SQLITE_FILE = re.compile(r"sqlite(?:\+pysqlite)?:///(.+)", re.DOTALL)
SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite writes beside a file and needs together with it."""


def require_there(address: URL) -> None:
    """Refuse an SQLite file that does not exist, which connecting to it would make.

    Raises
    ------
    StoreError
    """
    path = sqlite_path(address)
    if path is not None and not path.is_file():
        raise StoreError(
            "There is no database yet",
            where=shown_address(address),
            why="the file does not exist",
            fix="create it with: python -m sm_tracker db init",
        )


def parsed_address(url: str) -> URL:
    """The address of a database, with the driver we use.

    Raises
    ------
    StoreError
        If it is not an address, or that of a database other than SQLite and PostgreSQL.
    """
    file = _SQLITE_FILE.match(url)
    if file is not None and file[1] != ":memory:":
        # As it is written: an address would end at a question mark.
        return URL.create("sqlite", database=file[1])
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(
            "The address of the database cannot be read",
            where="SM_TRACKER_DATABASE_URL or --db",
            fix="use sqlite:///path or postgresql://user@host/name",
        ) from None
    backend = address.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    raise StoreError(
        Message(
            "Records cannot be kept in {value}", value=backend if backend != "sqlite" else "memory"
        ),
        where=shown_address(address),
        why="an SQLite file or a PostgreSQL server is needed",
        fix="use sqlite:///path or postgresql://user@host/name",
    )


def shown_address(url: URL) -> str:
    """An address without its password."""
    path = sqlite_path(url)
    return str(path) if path is not None else url.render_as_string(hide_password=True)


def sqlite_path(url: URL) -> Path | None:
    """The file of an SQLite address, or None."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database)


def require_clear_place(path: Path) -> None:
    """Refuse to make a database where files of another one lie.

    SQLite would take them for those of the new one: its log would be read into it or deleted.

    Raises
    ------
    StoreError
    """
    left = [n for n in (path.name + end for end in SIDE_FILES) if path.with_name(n).exists()]
    if left and not path.exists():
        raise StoreError(
            "Files of another database lie here",
            where=str(path),
            why=Message(
                "{names} can hold the newest records of a database that was moved away",
                names=left,
            ),
            fix="move them to that database, under its name, or carry them aside with "
            "db restore --move-aside",
        )


def create_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, in a folder of the same kind.

    Raises
    ------
    StoreError
        If folder or file cannot be made.
    """
    try:
        _make_private_folders(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(
            "The database file cannot be created",
            where=str(path),
            why=(error.strerror or type(error).__name__).lower(),
            fix="choose a folder that you may write to",
        ) from None


def _make_private_folders(folder: Path) -> None:
    # mkdir(parents=True) gives its mode to the last folder only.
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
