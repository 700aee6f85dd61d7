"""Care of a database: making it, bringing it up to date, giving access, asking how it is."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store.address import (
    create_private_file,
    parsed_address,
    require_clear_place,
    require_there,
    sqlite_path,
)
from sm_tracker.store.backup import backup_name, write_backup
from sm_tracker.store.database import (
    BUSY_TIMEOUT_MS,
    REVISIONS,
    Database,
    check_revision,
    engines,
    open_store,
    revision_of,
)
from sm_tracker.store.migrate import migrate_tables
from sm_tracker.store.schema import Base
from sm_tracker.store.verification import under_row_level_security
from sm_tracker.store.write_lock import has_wal_reset_fault

_QUICK_MS = 2_000
_LITTLE_SPACE = 100 * 2**20


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """What an upgrade did: versions before and after, and the backup made first."""

    before: str
    after: str
    backup: Path | None


@dataclass(slots=True)
class Health:
    """State of a database in plain words, without any record.

    Attributes
    ----------
    database : str
        Address without password.
    kind : str
        ``"sqlite"`` or ``"postgresql"``.
    version : str or None
        Version of the tables.
    row_level_security : str
        ``"on"``, ``"off: this account owns the tables"`` or ``"not offered"`` (SQLite).
    problems : list of str
        What keeps it from working; empty if nothing does.
    warnings : list of str
        What may soon.
    """

    database: str
    kind: str = ""
    version: str | None = None
    row_level_security: str = ""
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether it can be worked with."""
        return not self.problems


def make_tables(url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Database:
    """Make the tables where there are none, and open the database.

    Doing so twice changes nothing. A new SQLite file can be read by its owner only.

    Raises
    ------
    StoreError
        If the database is older, newer, that of another program, or cannot be written.
    """
    address = parsed_address(url)
    path = sqlite_path(address)
    if path is not None:
        require_clear_place(path)
        create_private_file(path)
    # Only looked at here: most of the time the tables are there, and nobody must wait.
    with (
        engines(address, busy_timeout_ms=busy_timeout_ms) as database,
        database.connection() as connection,
    ):
        revision = revision_of(connection)
        if revision is None:
            _check_no_other_program(connection, database.name)
    if revision is None:
        migrate_tables(address)
    return open_store(url, busy_timeout_ms=busy_timeout_ms)


def upgrade_database_tables(
    url: str, backup_folder: Path, *, now: dt.datetime | None = None
) -> UpgradeReport:
    """Bring a database to the version of this program, after a backup that was checked.

    The migration is one transaction: it happens as a whole or not at all.

    Parameters
    ----------
    url : str
        On PostgreSQL that of the account that owns the tables.
    backup_folder : Path
    now : datetime, optional
        For the name of the backup.

    Raises
    ------
    StoreError
        If there are no tables, they are newer, or the backup fails; nothing is changed then.
    """
    address = parsed_address(url)
    require_there(address)
    with engines(address) as database, database.connection() as connection:
        revision = revision_of(connection)
        if revision is None or revision not in REVISIONS:
            check_revision(revision, database.name)
    before = str(revision)
    if before == REVISIONS[-1]:
        return UpgradeReport(before, before, None)
    name = backup_name(now or dt.datetime.now(dt.UTC), f"before-upgrade-from-{before}")
    made = write_backup(url, backup_folder / name)
    migrate_tables(address)
    return UpgradeReport(before, REVISIONS[-1], made.path)


def grant_application_role(url: str, role: str) -> None:
    """Let an account of PostgreSQL use the store behind row-level security.

    The account may read, add and change rows of the clinic it names, delete records only of an
    erased patient, blank audit entries only through an erasure, and alter no table.

    Parameters
    ----------
    url : str
        Address with the account that owns the tables.
    role : str
        Name of an existing account that owns nothing and is not a superuser.

    Raises
    ------
    StoreError
        If the database is not PostgreSQL, or the account does not exist.
    """
    with open_store(url) as database, database.connection(writing=True) as connection:
        if database.is_sqlite:
            raise StoreError("SQLite knows no accounts", where=database.name)
        known = connection.scalar(
            text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role}
        )
        if not known:
            raise StoreError("There is no such account", where=Message("role {role}", role=role))
        name = connection.dialect.identifier_preparer.quote_identifier(role)
        for statement in _GRANTS:
            connection.exec_driver_sql(statement.replace(":role", name).replace("%", "%%"))


_CLINICAL = "measurement, therapy_period, therapy_session, outcome_reading, clinical_event"
_GRANTS = (
    "GRANT SELECT ON alembic_version, audit_head TO :role",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_CLINICAL}, import_patient, view_state TO :role",
    "GRANT SELECT, INSERT, UPDATE ON patient, import_batch, import_file, remembered_answers, "
    "sign_in TO :role",
    "GRANT SELECT, INSERT ON clinic, saved_settings, audit_entry TO :role",
    "GRANT UPDATE (before, after, reason, salt, redacted_by) ON audit_entry TO :role",
)


def database_state(url: str) -> Health:
    """Look whether a database can be worked with; raises nothing for one that cannot."""
    try:
        address = parsed_address(url)
        report = Health(database=url.split("://")[0], kind=address.get_backend_name())
        with open_store(url, busy_timeout_ms=_QUICK_MS) as database:
            report.database = database.name
            _look(database, report)
    except StoreError as error:
        return Health(database="", problems=[str(error)])
    return report


def _look(database: Database, report: Health) -> None:
    with database.connection() as connection:
        report.version = revision_of(connection)
        report.row_level_security = _row_level_security(connection)
    if report.row_level_security.startswith("off"):
        report.warnings.append(
            "row-level security does not apply to this account; use one that owns no table"
        )
    _look_at_sqlite(database, report)
    try:
        with database.connection(writing=True):
            pass
    except StoreError as error:
        report.problems.append(str(error))
    path = database.path
    if path is not None and shutil.disk_usage(path.parent).free < _LITTLE_SPACE:
        report.warnings.append("less than 100 MB are free on the disk of the database")


def _look_at_sqlite(database: Database, report: Health) -> None:
    if not database.is_sqlite:
        return
    if has_wal_reset_fault():
        report.warnings.append(
            str(
                Message(
                    "SQLite {version} is one of the versions up to 3.51.2 in which two programs "
                    "that tidy the log of one file at once can lose commits; here one at a time "
                    "does so, while nobody writes. Other programs must not write to the file",
                    version=sqlite3.sqlite_version,
                )
            )
        )
    if not database.overwrite_erased():
        report.warnings.append(
            str(
                Message(
                    "what an erasure removed still stands in the write-ahead log, because another "
                    "program reads from it; it is overwritten after the next change, or by asking "
                    "again"
                )
            )
        )


def _row_level_security(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return "not offered"
    if under_row_level_security(connection):
        return "on"
    return "off: this account owns the tables or is a superuser"


def _check_no_other_program(connection: Connection, name: str) -> None:
    ours = set(Base.metadata.tables) | {"alembic_version"}
    strange = set(inspect(connection).get_table_names()) - ours
    if strange:
        raise StoreError(
            "The database belongs to another program",
            where=name,
            why=Message("it holds the table {table}", table=min(strange)),
            fix="give a file or database of its own",
        )
