"""Bringing the tables of a database to a version: each migration wholly or not at all."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, text

from sm_tracker.store.database import REVISIONS, engines, revision_of
from sm_tracker.store.schema import Base

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 20_000_006
_connection: ContextVar[Connection | None] = ContextVar("_connection", default=None)


def migrate_tables(url: URL, revision: str = REVISIONS[-1]) -> str | None:
    """Run the migrations up to `revision` in one transaction.

    Parameters
    ----------
    url : URL
    revision : str
        One of ``REVISIONS``, not below the present one.

    Returns
    -------
    str or None
        The version before.

    Raises
    ------
    StoreError
        If the database refuses; it is then as it was.
    """
    from alembic import command

    # SQLite rebuilds a table to change it, which foreign keys would forbid meanwhile.
    with (
        engines(url, foreign_keys=False) as database,
        database.connection(writing=True) as connection,
    ):
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        before = revision_of(connection)
        token = _connection.set(connection)
        try:
            command.upgrade(alembic_configuration(), revision)
        finally:
            _connection.reset(token)
    return before


def alembic_configuration() -> Config:
    """Where alembic finds the migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def run_in_alembic() -> None:
    """Run the chosen migrations on the connection that :func:`migrate_tables` has opened."""
    connection = _connection.get()
    if connection is None:
        return
    from alembic import context

    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
