"""Backup and restore. One format for both databases: an SQLite file that is a store itself."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, MetaData, func, select

from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store.anchor import AuditAnchor
from sm_tracker.store.chain import ChainBreak
from sm_tracker.store.copying import copy_rows, is_empty
from sm_tracker.store.database import (
    REVISIONS,
    Database,
    check_revision,
    create_private_file,
    engines,
    parsed_address,
    require_there,
    revision_of,
    shown_address,
    sqlite_path,
)
from sm_tracker.store.faults import clear_errors
from sm_tracker.store.migrate import migrate_tables
from sm_tracker.store.verification import under_row_level_security, verify


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was checked.

    Attributes
    ----------
    path : Path
    rows : int
        Rows in it, over all tables.
    anchors : tuple of AuditAnchor
        End of each clinic's audit trail in it; empty for a version without one.
    problems : tuple of Problem
        What verification found; empty for records that are as the program left them. A copy
        of tampered records is still a copy, and what a search for the cause starts from.
    """

    path: Path
    rows: int
    anchors: tuple[AuditAnchor, ...]
    problems: tuple[ChainBreak, ...] = ()


def backup_name(now: dt.datetime, prefix: str = "sm_tracker") -> str:
    """Name of a backup file that sorts by time."""
    return f"{prefix}-{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.sqlite3"


def write_backup(url: str, to: Path) -> BackupReport:
    """Copy a database that may be in use, as it is at one moment, and check the copy.

    The copy is an SQLite file with all clinics, whichever database it comes from. It is
    verified and restored into a scratch database, which must verify with the same anchors;
    only then does it get its name. A copy in which verification finds problems is kept and
    says so.

    Parameters
    ----------
    url : str
        Address of the database; on PostgreSQL that of the account that owns the tables.
    to : Path
        File to write; must not exist.

    Returns
    -------
    BackupReport

    Raises
    ------
    StoreError
        If the file exists or cannot be written, or the restored copy differs.
    """
    address = parsed_address(url)
    require_there(address)
    if to.exists():
        raise StoreError(
            "The backup file exists already",
            where=str(to),
            why="a backup never overwrites another",
            fix="give another name",
        )
    part = to.with_name(to.name + ".part")
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
    create_private_file(part)
    try:
        with engines(address) as source:
            _write_copy(source, part)
        report = _checked_by_restoring(part)
        _flush(part)
        part.replace(to)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return dataclasses.replace(report, path=to)


def restore_backup(path: Path, url: str) -> BackupReport:
    """Make a database from a backup; an older backup is brought up to date on the way.

    Parameters
    ----------
    path : Path
        A backup; it is not changed.
    url : str
        An SQLite file that does not exist, or a PostgreSQL database without records.

    Returns
    -------
    BackupReport
        Of the restored database.

    Raises
    ------
    StoreError
        If the backup does not verify, is newer than this program, or the target holds records.
    """
    target = parsed_address(url)
    target_path = sqlite_path(target)
    if target_path is not None and target_path.exists():
        raise StoreError(
            "There is a database already",
            where=str(target_path),
            why="a restore never overwrites records",
            fix="move the file aside, together with those that end in -wal and -shm",
        )
    with _scratch_copy(path) as scratch:
        _bring_up_to_date(scratch)
        expected = _verified(scratch, Message("The backup"))
        if target_path is not None:
            _restore_file(scratch, target_path)
        else:
            _restore_rows(scratch, target)
    restored = _verified(target, Message("The restored database"))
    if restored.anchors != expected.anchors:
        raise StoreError(
            "The restored database differs from the backup", where=shown_address(target)
        )
    return restored


def _write_copy(source: Database, part: Path) -> None:
    with source.connection() as connection:
        revision = _known_revision(connection, source.name)
        if under_row_level_security(connection):
            raise StoreError(
                "This account sees one clinic only",
                where=source.name,
                why="a backup holds all clinics",
                fix="back up with the account that owns the tables",
            )
        if source.is_sqlite:
            _copy_pages(connection, part)
            return
        copy_url = _file_url(part)
        migrate_tables(copy_url, revision)
        with engines(copy_url) as copy, copy.connection(writing=True) as target:
            copy_rows(connection, target)
    _single_file(part)


def _copy_pages(connection: Connection, part: Path) -> None:
    raw: Any = connection.connection.driver_connection
    with clear_errors(str(part)), _plain_sqlite(part) as copy:
        raw.backup(copy)
    _single_file(part)


def _single_file(path: Path) -> None:
    """Fold the write-ahead log into the file, so that one file is the whole backup."""
    with _plain_sqlite(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()


@contextlib.contextmanager
def _plain_sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StoreError(
            "The file cannot be written or read as an SQLite database",
            where=str(path),
            why=getattr(error, "sqlite_errorname", "") or type(error).__name__,
            fix="check the disk, the path and the permissions",
        ) from None


def _known_revision(connection: Connection, name: str) -> str:
    revision = revision_of(connection)
    if revision is None or revision not in REVISIONS:
        check_revision(revision, name)
    return str(revision)


def _checked_by_restoring(part: Path) -> BackupReport:
    copy = _file_url(part)
    with engines(copy) as database, database.connection() as connection:
        present = _known_revision(connection, str(part)) == REVISIONS[-1]
    report = _looked_at(copy) if present else BackupReport(part, 0, ())
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".check-") as folder:
        restored = _restored(copy, Path(folder) / "restored.sqlite3")
        again = _looked_at(restored) if present else report
    if (again.anchors, again.problems) != (report.anchors, report.problems):
        raise StoreError("The backup failed its check when restored", where=str(part))
    _single_file(part)
    return report


def _restored(copy: URL, path: Path) -> URL:
    create_private_file(path)
    restored = _file_url(path)
    with engines(copy) as database, database.connection() as source:
        migrate_tables(restored, _known_revision(source, database.name))
        with engines(restored) as scratch, scratch.connection(writing=True) as target:
            copy_rows(source, target)
            if _count(target) != _count(source):
                raise StoreError("The backup failed its check", why="rows are missing")
    return restored


def _count(connection: Connection) -> int:
    found = MetaData()
    found.reflect(connection)
    tables = found.tables.values()
    return sum(connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def _looked_at(url: URL) -> BackupReport:
    with engines(url) as database:
        found = verify(database)
        with database.connection() as connection:
            rows = _count(connection)
    path = Path(url.database or "")
    return BackupReport(path, rows, tuple(found.anchors), tuple(found.problems))


def _verified(url: URL, subject: Message) -> BackupReport:
    report = _looked_at(url)
    if report.problems:
        raise StoreError(
            Message("{subject} does not verify", subject=subject),
            where=shown_address(url),
            why=report.problems[0].message,
            fix="use another backup, and find out who changed this one; "
            "to look into it, open the file itself as a database",
        )
    return report


@contextlib.contextmanager
def _scratch_copy(path: Path) -> Iterator[URL]:
    with tempfile.TemporaryDirectory(prefix="sm_tracker-restore-") as folder:
        copy = Path(folder) / "backup.sqlite3"
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise StoreError(
                "The backup cannot be read",
                where=str(path),
                why=(error.strerror or type(error).__name__).lower(),
                fix="check the path and the permissions",
            ) from None
        yield _file_url(copy)


def _bring_up_to_date(scratch: URL) -> None:
    with engines(scratch) as database, database.connection() as connection:
        _known_revision(connection, "the backup")
    migrate_tables(scratch)


def _restore_file(scratch: URL, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    create_private_file(part)
    try:
        with engines(scratch) as source, source.connection() as connection:
            _copy_pages(connection, part)
        _flush(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _restore_rows(scratch: URL, target: URL) -> None:
    migrate_tables(target)
    with (
        engines(scratch) as source,
        engines(target) as database,
        source.connection() as rows,
        database.connection(writing=True) as connection,
    ):
        if not is_empty(connection):
            raise StoreError(
                "The database holds records already",
                where=database.name,
                why="a restore never overwrites records",
                fix="give an empty database",
            )
        copy_rows(rows, connection)


def _flush(path: Path) -> None:
    """Make sure that the bytes are on the disk before the file gets its name."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_url(path: Path) -> URL:
    return URL.create("sqlite", database=path.as_posix())
