"""Copying all rows from one database to another of the same version, whichever kinds they are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, select, text
from sqlalchemy.types import Boolean

from sm_tracker.store.bulk import insert_all
from sm_tracker.store.schema import Base

_PORTION = 1_000


def copy_rows(source: Connection, target: Connection) -> int:
    """Copy every row; the target must have the same tables and hold no row.

    Into an SQLite file rows go as they are, its guards set aside meanwhile, so that even a
    tampered store can be copied faithfully. The guards of PostgreSQL stay: it takes only a
    chain that holds.

    Returns
    -------
    int
        Number of rows copied.
    """
    here, there = _reflected(source), _reflected(target)
    names = [t.name for t in Base.metadata.sorted_tables if t.name in here.tables]
    copied = 0
    with _guards_set_aside(target) as guarded:
        for name in names:
            # With its guards, a clinic brings an audit head, and each entry moves it.
            if not (guarded and name == "audit_head"):
                copied += _copy_table(source, target, here.tables[name], there.tables[name])
    for name in names:
        if "id" in there.tables[name].columns:
            _continue_numbers(target, there, name)
    return copied


@contextlib.contextmanager
def _guards_set_aside(target: Connection) -> Iterator[bool]:
    """Take the triggers of an SQLite file away for a while; says whether they still stand."""
    if target.dialect.name != "sqlite":
        yield True
        return
    guards = target.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    kept = guards.all()
    for name, _ in kept:
        target.exec_driver_sql(f"DROP TRIGGER {name}")
    yield False
    for _, sql in kept:
        target.exec_driver_sql(sql)


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
    query = select(old).order_by(*order)
    copied = 0
    with source.execute(query, execution_options={"yield_per": _PORTION}) as rows:
        for portion in rows.mappings().partitions():
            values = [_plain(new, dict(row)) for row in portion]
            insert_all(target, new, values)
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
