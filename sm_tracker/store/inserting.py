"""Writing new records in bulk, each with the number that the database gave it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from sm_tracker.domain.records import Record
from sm_tracker.store.bulk import insert_all, insert_numbered
from sm_tracker.store.rows import ENTITIES, ROW_OF, entity_of, session_rows
from sm_tracker.store.schema import TherapySession


def insert_rows(
    session: Session, records: Sequence[Record], values: Sequence[dict[str, Any]]
) -> list[int]:
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
        written = insert_numbered(session, table, [values[i] for i in places])
        for i, number in zip(places, written, strict=True):
            numbers[i] = number
    _insert_sessions(session, records, values, numbers)
    return numbers


def _insert_sessions(
    session: Session,
    records: Sequence[Record],
    values: Sequence[dict[str, Any]],
    numbers: Sequence[int],
) -> None:
    dates = [
        {"clinic": row["clinic"], "therapy_key": number, **held}
        for record, row, number in zip(records, values, numbers, strict=True)
        for held in session_rows(record)
    ]
    insert_all(session, cast("Table", TherapySession.__table__), dates)
