"""Copying all rows from one database to another of the same version, whichever kinds they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.types import Boolean

from sm_tracker.store.schema import Base

_PORTION = 1_000
# The guards let heads and entries in only in this order: a clinic brings its head, and each
# entry moves it.
_MOVED_BY_TRIGGERS = ("audit_head", "alembic_version")


def copy_rows(source: Connection, target: Connection) -> int:
    """Copy every row; the target must have the same tables and hold no row.

    Returns
    -------
    int
        Number of rows copied.
    """
    here, there = _reflected(source), _reflected(target)
    names = [t.name for t in Base.metadata.sorted_tables if t.name in here.tables]
    copied = 0
    for name in names:
        if name not in _MOVED_BY_TRIGGERS:
            copied += _copy_table(source, target, here.tables[name], there.tables[name])
    for name in names:
        if "id" in there.tables[name].columns:
            _continue_numbers(target, there, name)
    return copied


def is_empty(connection: Connection) -> bool:
    """Whether there is no clinic yet."""
    clinics = _reflected(connection).tables["clinic"]
    return connection.execute(select(clinics).limit(1)).first() is None


def _reflected(connection: Connection) -> MetaData:
    # Taken from the database, not from the program: a backup before an upgrade copies tables of
    # an older version.
    found = MetaData()
    found.reflect(connection)
    return found


def _copy_table(source: Connection, target: Connection, old: Table, new: Table) -> int:
    order = list(old.primary_key.columns)
    rows = source.execution_options(yield_per=_PORTION).execute(select(old).order_by(*order))
    copied = 0
    for portion in rows.mappings().partitions():
        values = [_plain(new, dict(row)) for row in portion]
        target.execute(insert(new), values)
        copied += len(values)
    return copied


def _plain(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    # SQLite has no boolean type to reflect when it was written by another program.
    flags = {c.name for c in table.columns if isinstance(c.type, Boolean)}
    return {k: bool(v) if k in flags and v is not None else v for k, v in row.items()}


def _continue_numbers(target: Connection, tables: MetaData, name: str) -> None:
    """Let new rows be numbered on, never again with the number of a row that was erased."""
    last = target.scalar(select(func.max(tables.tables[name].columns.id))) or 0
    if "audit_entry" in tables.tables:
        entry = tables.tables["audit_entry"].columns
        spoken_of = select(func.max(entry.entity_id)).where(entry.entity == name)
        last = max(last, target.scalar(spoken_of) or 0)
    if last == 0:
        return
    numbered = {"name": name, "last": last}
    if target.dialect.name == "postgresql":
        target.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), numbered)
        return
    target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), numbered)
    target.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), numbered)
