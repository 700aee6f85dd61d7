"""Writing new rows in bulk: one statement for many, and the numbers the database gave them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

from sm_tracker.store.rows import ENTITIES, ROW_OF, Record, entity_of, session_rows
from sm_tracker.store.schema import TherapySession

Values = dict[str, Any]


def insert_rows(session: Session, records: Sequence[Record], values: Sequence[Values]) -> list[int]:
    """Write new rows of any kind, with the sessions of therapy periods.

    Parameters
    ----------
    session : Session
        Of a writing transaction.
    records : sequence of Record
    values : sequence of dict
        Columns of the row of each record, without its number.

    Returns
    -------
    list of int
        Number of each row, in the order of `records`.
    """
    numbers = [0] * len(records)
    kinds = [entity_of(r) for r in records]
    for entity in ENTITIES:
        places = [i for i, kind in enumerate(kinds) if kind == entity]
        # The table, not the class: the ORM would keep an object for each row of a large file.
        table = cast("Table", ROW_OF[entity].__table__)
        written = _insert(session, table, [values[i] for i in places]) if places else []
        for i, number in zip(places, written, strict=True):
            numbers[i] = number
    _insert_sessions(session, records, values, numbers)
    return numbers


def _insert(session: Session, table: Table, values: list[Values]) -> list[int]:
    if session.get_bind().dialect.name != "sqlite":
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(session.scalars(query, values))
    numbers = _next_numbers(session, table.name, len(values))
    session.execute(insert(table), [{**v, "id": n} for v, n in zip(values, numbers, strict=True)])
    return numbers


def _next_numbers(session: Session, name: str, count: int) -> list[int]:
    # A writing transaction of SQLite is the only one, so the numbers cannot be taken meanwhile;
    # asking for each number back would take as long as the writing itself.
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last = session.execute(query, {"name": name}).scalar_one_or_none() or 0
    return list(range(last + 1, last + 1 + count))


def _insert_sessions(
    session: Session, records: Sequence[Record], values: Sequence[Values], numbers: Sequence[int]
) -> None:
    dates = [
        {"clinic": row["clinic"], "therapy_key": number, **held}
        for record, row, number in zip(records, values, numbers, strict=True)
        for held in session_rows(record)
    ]
    if dates:
        session.execute(insert(cast("Table", TherapySession.__table__)), dates)
