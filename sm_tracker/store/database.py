"""Opening a database: engines for writing and reading, and the version of its tables."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry

from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store.address import parsed_address, require_there, shown_address, sqlite_path
from sm_tracker.store.faults import clear_errors
from sm_tracker.store.schema import Owned
from sm_tracker.store.write_lock import (
    LOG_FOLDED_AT_BYTES,
    LOG_WAITED_FOR_AT_BYTES,
    fold_log,
    log_size,
    take_write_lock,
)

log = logging.getLogger(__name__)

# Oldest first. A test compares this with the migrations, which are not imported here because
# alembic costs most of a second.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
BUSY_TIMEOUT_MS = 30_000
_OVERWRITE_OWED = "PRAGMA user_version = 1"
_NOTHING_OWED = "PRAGMA user_version = 0"
_WAIT_FOR_READERS_MS = 2_000


@dataclass(frozen=True, slots=True)
class Database:
    """An opened database of the present version.

    Attributes
    ----------
    url : URL
    writing : Engine
        Each of its transactions holds the write lock from the start (SQLite).
    reading : Engine
        Sees one consistent state and cannot write.
    """

    url: URL
    writing: Engine
    reading: Engine

    @property
    def name(self) -> str:
        """The address without its password, for messages."""
        return shown_address(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether the records lie in an SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None."""
        return sqlite_path(self.url)

    @contextlib.contextmanager
    def session(self, clinic: str, *, writing: bool) -> Iterator[Session]:
        """One transaction in which only the rows of `clinic` exist.

        Commits at the end, rolls back on any error.

        Raises
        ------
        StoreError
            If the database cannot do it, in words.
        """
        engine = self.writing if writing else self.reading
        with (
            clear_errors(self.name),
            Session(engine, expire_on_commit=False, info={"clinic": clinic}) as session,
            session.begin(),
        ):
            if not self.is_sqlite:
                session.execute(
                    text("SELECT set_config('app.clinic', :clinic, true)"), {"clinic": clinic}
                )
            yield session
            owed = writing and session.in_transaction() and self._owes(session.connection())
        if writing:
            self._after_writing(owed)

    @contextlib.contextmanager
    def connection(self, *, writing: bool = False) -> Iterator[Connection]:
        """One transaction over all clinics, for the care of the database itself."""
        engine = self.writing if writing else self.reading
        with clear_errors(self.name), engine.begin() as connection:
            if not self.is_sqlite:
                # Lets the owner of the tables, and nobody else, see all clinics.
                connection.execute(text("SELECT set_config('app.upkeep', 'on', true)"))
            yield connection
            owed = writing and connection.in_transaction() and self._owes(connection)
        if writing:
            self._after_writing(owed)

    def owe_overwriting(self, session: Session) -> None:
        """Note in a transaction that erases that the write-ahead log must be overwritten.

        The note stands in the file itself, so that whoever writes next knows, also after a
        crash.
        """
        if self.is_sqlite:
            session.connection().exec_driver_sql(_OVERWRITE_OWED)

    def overwrite_erased(self, wait_ms: int = _WAIT_FOR_READERS_MS) -> bool:
        """Overwrite what an erasure left behind in SQLite's write-ahead log, if any is owed.

        Returns
        -------
        bool
            Whether nothing is left to overwrite. PostgreSQL keeps dead rows until its own
            vacuum; docs/security.md tells what to run.
        """
        if not self.is_sqlite:
            return False
        with self.connection() as connection:
            owed = self._owes(connection)
        return not owed or self._fold(wait_ms, _NOTHING_OWED)

    def _owes(self, connection: Connection) -> bool:
        if not self.is_sqlite:
            return False
        return bool(connection.exec_driver_sql("PRAGMA user_version").scalar())

    def _after_writing(self, owed: bool) -> None:
        """What is committed stays so, whatever happens here."""
        path = self.path
        if path is None:
            return
        size = log_size(path)
        if owed or size > LOG_FOLDED_AT_BYTES:
            wait = _WAIT_FOR_READERS_MS if size > LOG_WAITED_FOR_AT_BYTES else 0
            self._fold(wait, _NOTHING_OWED if owed else "")

    def _fold(self, wait_ms: int, then: str) -> bool:
        path = self.path
        if path is None:
            return False
        try:
            raw: Any = self.writing.raw_connection()
            try:
                done = fold_log(raw.driver_connection, path, wait_ms=wait_ms, then=then)
            except BaseException:
                raw.invalidate()  # with whatever the failure left open
                raise
            raw.close()  # its timeout is set anew before each transaction
            return done
        except Exception as error:
            log.warning("the log was not folded: %s", type(error).__name__)
            return False

    def close(self) -> None:
        """Give back all connections."""
        self.writing.dispose()
        self.reading.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@event.listens_for(Session, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    """Narrow every query, change and removal of a session to the rows of its clinic."""
    clinic = state.session.info.get("clinic")
    if clinic is None or state.is_insert or not state.is_orm_statement:
        return
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda row: row.clinic == clinic, include_aliases=True)
    )


def open_store(url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Database:
    """Open a database whose tables have the version of this program.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql://user:password@host/name``.
    busy_timeout_ms : int
        How long to wait for the lock of another program, milliseconds.

    Returns
    -------
    Database

    Raises
    ------
    StoreError
        If the database is missing, empty, older, newer, damaged, locked or unreachable.
    """
    address = parsed_address(url)
    require_there(address)
    database = engines(address, busy_timeout_ms=busy_timeout_ms)
    try:
        with database.connection() as connection:
            check_revision(revision_of(connection), database.name)
    except BaseException:
        database.close()
        raise
    return database


def engines(
    url: URL, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, foreign_keys: bool = True
) -> Database:
    """Engines of a database, before anything is known about its tables."""
    if url.get_backend_name() == "sqlite":
        return Database(
            url,
            _sqlite_engine(url, "BEGIN IMMEDIATE", busy_timeout_ms, foreign_keys),
            _sqlite_engine(url, "BEGIN", busy_timeout_ms, foreign_keys),
        )
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": max(1, busy_timeout_ms // 1000),
            "options": f"-c lock_timeout={busy_timeout_ms} -c timezone=UTC",
        },
    )
    # Repeatable read gives a reader of several tables one consistent state.
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(url, engine, reading)


def _sqlite_engine(url: URL, begin: str, busy_timeout_ms: int, foreign_keys: bool) -> Engine:
    writing = begin == "BEGIN IMMEDIATE"
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        # Transactions are begun below, not by the driver, which would begin them too late.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout_ms)}")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if writing:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            # Folded after a commit, under the write lock: see write_lock.
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        else:
            connection.execute("PRAGMA query_only = ON")

    path = Path(str(url.database))
    _keep_to_the_file(engine, path)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw = connection.connection.driver_connection
        if not writing or not take_write_lock(raw, path, busy_timeout_ms):
            connection.exec_driver_sql(begin)  # fails as SQLAlchemy says it

    return engine


def _keep_to_the_file(engine: Engine, path: Path) -> None:
    """Let go of a file that was moved aside or deleted while the program runs.

    The system would let the program go on reading and writing the old file, and what it
    writes would be nowhere once the restored one is used.
    """
    opened: list[bool] = []

    @event.listens_for(engine, "do_connect")
    def _there(_dialect: object, _record: object, _words: object, _options: object) -> None:
        if opened and not path.is_file():  # connecting would make an empty one
            raise StoreError(
                "The database file is gone",
                where=str(path),
                why="it was moved or deleted while the program was running",
                fix="put it back, or restore a backup with: python -m sm_tracker db restore",
            )

    @event.listens_for(engine, "connect")
    def _opened(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _file_id(path)
        opened.append(True)

    @event.listens_for(engine, "checkout")
    def _same(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info.get("file") != _file_id(path):
            raise DisconnectionError("the file is another one than when it was opened")


def _file_id(path: Path) -> tuple[int, int] | None:
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_dev, held.st_ino


def revision_of(connection: Connection) -> str | None:
    """The version of the tables, or None where there are none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return found[0] if len(found) == 1 else None


def check_revision(revision: str | None, name: str) -> None:
    """Refuse a database that this program cannot use as it is.

    Raises
    ------
    StoreError
        If its tables are missing, older or newer.
    """
    if revision == REVISIONS[-1]:
        return
    if revision is None:
        raise StoreError(
            "The database holds no tables of SM Tracker",
            where=name,
            fix="create them with: python -m sm_tracker db init",
        )
    if revision in REVISIONS:
        raise StoreError(
            "The database is older than this program",
            where=name,
            why=Message(
                "its version is {revision}, and {needed} is needed",
                revision=revision,
                needed=REVISIONS[-1],
            ),
            fix="bring it up to date with: python -m sm_tracker db upgrade (it backs up first)",
        )
    raise StoreError(
        "The database is newer than this program",
        where=name,
        why=Message(
            "its version {revision!r} is unknown here, where {latest} is the latest",
            revision=revision,
            latest=REVISIONS[-1],
        ),
        fix="install the newer SM Tracker; this one leaves the database as it is",
    )
