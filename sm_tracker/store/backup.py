"""Backup and restore. One format for both databases: an SQLite file that is a store itself."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, MetaData, func, select

from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store.address import (
    SIDE_FILES,
    create_private_file,
    parsed_address,
    require_clear_place,
    require_there,
    shown_address,
    sqlite_path,
)
from sm_tracker.store.anchor import AuditAnchor, address_for_anchors, keep_anchors
from sm_tracker.store.chain import ChainBreak
from sm_tracker.store.copying import copy_rows, is_empty
from sm_tracker.store.database import (
    REVISIONS,
    Database,
    check_revision,
    engines,
    revision_of,
)
from sm_tracker.store.faults import clear_errors
from sm_tracker.store.migrate import migrate_tables
from sm_tracker.store.verification import under_row_level_security, verify

_LEFT_BEHIND_AFTER_S = 24 * 3600


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
    require_clear_place(to)
    _sweep(to.parent)
    with _work_file(to, ".part") as part:
        with engines(address) as source:
            _write_copy(source, part)
        report = _checked_by_restoring(part, to)
        _flush(part)
        # Before the backup has its name: an anchor without a backup harms nobody.
        keep_anchors(to.parent, address_for_anchors(address), report.anchors, "kept")
        part.replace(to)
        _flush_folder(to.parent)
    return dataclasses.replace(report, path=to)


def restore_backup(path: Path, url: str, *, move_aside: bool = False) -> BackupReport:
    """Make a database from a backup; an older backup is brought up to date on the way.

    The file is made under another name beside its place and verified there; only then does it
    get its name.

    Parameters
    ----------
    path : Path
        A backup; it is not changed.
    url : str
        An SQLite file that does not exist, or a PostgreSQL database without records.
    move_aside : bool
        Whether an SQLite file that exists is carried aside first, with all that belongs to it.

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
    if target_path is not None:
        return _restore_file(path, target_path, move_aside)
    with _current_version(path) as source:
        expected = _verified(source, Message("The backup"))
        _restore_rows(source, target)
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


def _checked_by_restoring(part: Path, to: Path) -> BackupReport:
    copy = _file_url(part)
    with engines(copy) as database, database.connection() as connection:
        present = _known_revision(connection, str(part)) == REVISIONS[-1]
    report = _looked_at(copy) if present else BackupReport(part, 0, ())
    with _work_file(to, ".check") as checked:
        restored = _restored(copy, checked)
        again = _looked_at(restored) if present else report
    if (again.anchors, again.problems) != (report.anchors, report.problems):
        raise StoreError("The backup failed its check when restored", where=str(part))
    _single_file(part)
    return report


def _restored(copy: URL, path: Path) -> URL:
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
def _current_version(path: Path) -> Iterator[URL]:
    """A backup in the version of this program: itself, or a copy brought up to date."""
    revision = _revision_of_backup(path)
    if revision == REVISIONS[-1]:
        yield _file_url(path)
        return
    with _work_file(path, ".newer") as copy:
        _copy_of_backup(path, copy)
        migrate_tables(_file_url(copy))
        yield _file_url(copy)


def _revision_of_backup(path: Path) -> str:
    try:
        path.open("rb").close()
    except OSError as error:
        raise _unreadable(path, error) from None
    with engines(_file_url(path)) as database, database.connection() as connection:
        return _known_revision(connection, "the backup")


def _copy_of_backup(path: Path, copy: Path) -> None:
    try:
        shutil.copyfile(path, copy)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        "The backup cannot be read",
        where=str(path),
        why=(error.strerror or type(error).__name__).lower(),
        fix="check the path and the permissions",
    )


def _restore_file(backup: Path, path: Path, move_aside: bool) -> BackupReport:
    if not move_aside:
        _require_nothing_there(path)
    _revision_of_backup(backup)
    with _work_file(path, ".part") as part:
        _copy_of_backup(backup, part)
        migrate_tables(_file_url(part))
        report = _verified(_file_url(part), Message("The backup"))
        _single_file(part)
        _flush(part)
        if move_aside:
            _carry_aside(path)
        _require_nothing_there(path)
        part.replace(path)
        _flush_folder(path.parent)
    return dataclasses.replace(report, path=path)


def _require_nothing_there(path: Path) -> None:
    require_clear_place(path)
    if path.exists():
        raise StoreError(
            "There is a database already",
            where=str(path),
            why="a restore never overwrites records",
            fix="carry it aside, with all that belongs to it, by adding --move-aside",
        )


def _carry_aside(path: Path) -> None:
    """Give a database another name together with the files that hold its newest records."""
    _fold_or_refuse(path)
    stem = backup_name(dt.datetime.now(dt.UTC), f"{path.stem}-aside")
    # The file itself comes last: where it has its new name, all is there.
    for end in (*SIDE_FILES, ""):
        held = path.with_name(path.name + end)
        if held.exists():
            held.rename(path.with_name(stem + end))
    _flush_folder(path.parent)


def _fold_or_refuse(path: Path) -> None:
    """Fold a database into one file, which only succeeds while nobody else has it open."""
    if not path.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            return  # damaged or unreadable: its files go aside as they are
        raise StoreError(
            "The database is in use",
            where=str(path),
            why="another program has it open",
            fix="end the dashboard and other commands, and restore again",
        ) from None
    except sqlite3.DatabaseError:
        return


@contextlib.contextmanager
def _work_file(target: Path, end: str) -> Iterator[Path]:
    """An empty private file beside another, which is gone afterwards unless it got a name.

    It lies beside what it becomes, not in the folder for temporary files: what a killed
    program leaves is then protected as the records are, and the next run removes it.

    Raises
    ------
    StoreError
        If the system refuses to write, flush or rename it.
    """
    path = target.with_name(target.name + end)
    _remove_all_of(path)
    create_private_file(path)
    try:
        yield path
    except OSError as error:
        raise StoreError(
            "The file cannot be written or read as an SQLite database",
            where=str(target),
            why=(error.strerror or type(error).__name__).lower(),
            fix="check the disk, the path and the permissions",
        ) from None
    finally:
        _remove_all_of(path)


def _remove_all_of(path: Path) -> None:
    for end in ("", *SIDE_FILES):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).unlink()


def _sweep(folder: Path) -> None:
    """Remove what killed backups left here, once nobody can be working on it any more."""
    old = dt.datetime.now(dt.UTC).timestamp() - _LEFT_BEHIND_AFTER_S
    for end in (".part", ".check"):
        for left in folder.glob(f"*.sqlite3{end}"):
            with contextlib.suppress(OSError):
                if left.stat().st_mtime < old:
                    _remove_all_of(left)


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


def _flush_folder(folder: Path) -> None:
    """Make sure that a new name is on the disk; not every system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _file_url(path: Path) -> URL:
    return URL.create("sqlite", database=path.as_posix())
