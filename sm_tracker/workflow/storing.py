"""Records that last: the store as the use cases see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sm_tracker.config import configuration
from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile
from sm_tracker.store import (
    Actor,
    Addition,
    BackupReport,
    Correction,
    Database,
    Edit,
    EditConflict,
    Entity,
    Health,
    HistoryEntry,
    ImportedFile,
    ImportPreview,
    ImportReport,
    ImportSummary,
    Marking,
    OnChanged,
    PatientSummary,
    RecordStore,
    Role,
    Stored,
    UndoReport,
    UpgradeReport,
    Verification,
    View,
    backup,
    backup_name,
    health,
    initialise,
    open_store,
    upgrade,
    verify,
)

__all__ = [
    "LOCAL",
    "Actor",
    "Addition",
    "Correction",
    "Database",
    "Edit",
    "EditConflict",
    "Entity",
    "HistoryEntry",
    "ImportPreview",
    "ImportReport",
    "ImportSummary",
    "Marking",
    "PatientSummary",
    "RecordStore",
    "Role",
    "Stored",
    "UndoReport",
    "View",
    "back_up",
    "database_health",
    "import_files",
    "imported",
    "make_database",
    "open_database",
    "preview",
    "record_store",
    "remembered_answers",
    "store_exists",
    "upgrade_database",
    "verify_database",
]

LOCAL = Actor(user="local user", clinic="local", role="admin")
"""Who acts where nobody signs in: the one person at this machine."""


@contextmanager
def record_store(url: str = "", actor: Actor = LOCAL) -> Iterator[RecordStore]:
    """The records of the actor's clinic; an SQLite file is made at the first use.

    Parameters
    ----------
    url : str
        Of the database; the configured one if blank.
    actor : Actor

    Raises
    ------
    StoreError
        If the database cannot be opened, or is of another version.
    """
    with open_database(url) as database:
        yield RecordStore(database, actor)


def open_database(url: str = "") -> Database:
    """The database of the records, for as long as the process runs.

    Raises
    ------
    StoreError
        If it cannot be opened, or is of another version.
    """
    address = url or configuration().database_url
    # A local file is made at the first use; a server's tables are made by its owner.
    return initialise(address) if address.startswith("sqlite") else open_store(address)


def store_exists() -> bool:
    """Whether there is a database to look into; a local file may not have been made yet."""
    address = configuration().database_url
    if not address.startswith("sqlite:///"):
        return True
    return Path(address.removeprefix("sqlite:///")).exists()


def make_database(url: str = "") -> str:
    """Make the tables where there are none; the address is given back without password."""
    with initialise(url or configuration().database_url) as database:
        return database.name


def upgrade_database(url: str = "") -> UpgradeReport:
    """Bring a database to this version, after a backup into the data folder."""
    config = configuration()
    return upgrade(url or config.database_url, config.data_folder / "backups")


def back_up(url: str = "", to: Path | None = None) -> BackupReport:
    """Copy a database in use, and check the copy by restoring it."""
    config = configuration()
    target = to or config.data_folder / "backups" / backup_name(dt.datetime.now(dt.UTC))
    target.parent.mkdir(parents=True, exist_ok=True)
    return backup(url or config.database_url, target)


def verify_database(url: str = "") -> Verification:
    """Look for tampered, missing and added rows."""
    with open_store(url or configuration().database_url) as database:
        return verify(database)


def database_health(url: str = "") -> Health:
    """Whether a database can be worked with, in words and without any record."""
    return health(url or configuration().database_url)


def import_files(
    store: RecordStore,
    result: ReadResult,
    files: Sequence[SourceFile],
    answers: Mapping[str, str],
    *,
    on_changed: OnChanged = "refuse",
    agreement: str = "",
) -> ImportReport:
    """Store what was read, and remember the answers for files with the same header."""
    report = store.import_batch(
        result,
        imported(files),
        answers=answers,
        on_changed=on_changed,
        agreement=agreement,
    )
    if answers:
        for signature in {r.signature for r in result.recognised} - {""}:
            store.remember_answers(signature, answers)
    return report


def preview(store: RecordStore, result: ReadResult, files: Sequence[SourceFile]) -> ImportPreview:
    """What importing these files would do now; stores nothing."""
    return store.preview_import(result, imported(files))


def remembered_answers(store: RecordStore, result: ReadResult) -> dict[str, str]:
    """Answers given before for files with these headers."""
    found: dict[str, str] = {}
    for line in result.recognised:
        if line.signature:
            found.update(store.answers_for(line.signature))
    return found


def imported(files: Sequence[SourceFile]) -> tuple[ImportedFile, ...]:
    """Files by name and fingerprint, as the store keeps them."""
    return tuple(ImportedFile.of(f.name, f.content) for f in files)
