"""Many rows in one statement, on both databases.

SQLite takes row after row through one prepared statement. PostgreSQL takes whole columns as
arrays: a statement with a parameter for each value costs several times as much, and its guard
of the audit trail looks at the chain once for each statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Insert,
    Select,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy import column as named
from sqlalchemy.orm import Session

Row = dict[str, Any]
PORTION = 5_000


def insert_all(to: Session | Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows that all give the same columns.

    Parameters
    ----------
    to : Session or Connection
        In a writing transaction.
    table : Table
    rows : sequence of dict
        Values by column.
    """
    for start in range(0, len(rows), PORTION):
        some = rows[start : start + PORTION]
        if _is_postgresql(to):
            to.execute(_from_columns(table, list(some[0])), _columns(some))
        else:
            to.execute(insert(table), some)


def insert_numbered(session: Session, table: Table, rows: Sequence[Row]) -> list[int]:
    """Write rows without number, and give the number of each.

    Parameters
    ----------
    session : Session
        In a writing transaction.
    table : Table
        With a column ``id`` that the database counts.
    rows : sequence of dict

    Returns
    -------
    list of int
        In the order of `rows`.
    """
    if not rows:
        return []
    if not _is_postgresql(session):
        numbers = _next_numbers(session, table.name, len(rows))
        insert_all(session, table, [{"id": n, **r} for n, r in zip(numbers, rows, strict=True)])
        return numbers
    found: list[int] = []
    for start in range(0, len(rows), PORTION):
        some = rows[start : start + PORTION]
        query = _from_columns(table, list(some[0])).returning(table.c.id)
        # The numbers follow the order of the rows; the order in which they come back need not.
        found += sorted(session.scalars(query, _columns(some)))
    return found


def _is_postgresql(to: Session | Connection) -> bool:
    bind = to.get_bind() if isinstance(to, Session) else to
    return bind.dialect.name == "postgresql"


def _columns(rows: Sequence[Row]) -> Row:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _from_columns(table: Table, names: Sequence[str]) -> Insert:
    arrays = [bindparam(n, type_=ARRAY(table.c[n].type)) for n in names]
    place = named("place", BigInteger)
    rows = (
        func.unnest(*arrays)
        .table_valued(*names, with_ordinality=place.name, name="given")
        .render_derived()
    )
    in_order: Select[Any] = select(*(rows.c[n] for n in names)).order_by(rows.c[place.name])
    return insert(table).from_select(list(names), in_order)


def _next_numbers(session: Session, name: str, count: int) -> list[int]:
    # A writing transaction of SQLite is the only one, so the numbers cannot be taken meanwhile;
    # asking for each number back would take as long as the writing itself.
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last = session.execute(query, {"name": name}).scalar_one_or_none() or 0
    return list(range(last + 1, last + 1 + count))
