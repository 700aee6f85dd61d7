"""Queries: rows of one clinic as records, as tables, and as a list of patients."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from sm_tracker.domain.series_key import SeriesKey, series_key_of
from sm_tracker.errors import MixedTimeError, StoreError
from sm_tracker.languages import Message
from sm_tracker.store.rows import (
    ENTITIES,
    JOINED,
    ROW_OF,
    Entity,
    Stored,
    place_of,
    sessions_of,
    stored_record,
)
from sm_tracker.store.schema import (
    AuditEntry,
    ClinicalRow,
    EventRow,
    MeasurementRow,
    OutcomeRow,
    Patient,
    TherapyRow,
    TherapySession,
)

if TYPE_CHECKING:
    from sm_tracker.domain.tables import Records

# Below the number of values one statement may hold, on both databases.
CHUNK = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """One patient in a list.

    Attributes
    ----------
    code : str
    n_measurements, n_therapies, n_outcomes, n_events : int
        Records that count (not marked as removed).
    last_date : date or None
        Latest calendar date of a measurement; None on a day axis or without one.
    """

    code: str
    n_measurements: int
    n_therapies: int
    n_outcomes: int
    n_events: int
    last_date: dt.date | None


def in_portions(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Values in portions that fit into one statement."""
    rest = iter(values)
    while portion := tuple(islice(rest, CHUNK)):
        yield portion


def patient_keys(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Keys of the patients that exist, by code."""
    found: dict[str, int] = {}
    for some in in_portions(codes):
        rows = session.execute(select(Patient.code, Patient.id).where(Patient.code.in_(some)))
        found |= {code: key for code, key in rows if code is not None}
    return found


def stored_records(
    session: Session,
    entity: Entity,
    codes: Iterable[str] | None = None,
    *,
    marks: Sequence[str] = ("",),
) -> list[Stored[Any]]:
    """Records with their identity, in the order in which they were stored.

    Parameters
    ----------
    session : Session
    entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
    codes : iterable of str, optional
        Patients; all of them if None.
    marks : sequence of str
        Which marks a record may carry; ``""`` for records that count.
    """
    row = ROW_OF[entity]
    query: Select[Any] = (
        select(row, Patient.code)
        .join(Patient, Patient.id == row.patient_key)
        .where(row.mark.in_(marks))
        .order_by(row.id)
    )
    wanted = None if codes is None else sorted(set(codes))
    found = [
        stored_record(r, code)
        for q in _of_patients(query, wanted)
        for r, code in session.execute(q)
    ]
    return sorted(found, key=lambda s: s.record_id)


def stated_series(session: Session, codes: Iterable[str]) -> dict[str, list[SeriesKey]]:
    """What is stated of the series of patients in readings that count, each combination once."""
    row = MeasurementRow
    query: Any = (
        select(Patient.code, row.site, row.side, row.layer, row.device, row.frequency_mhz)
        .join(Patient, Patient.id == row.patient_key)
        .where(row.mark == "")
        .distinct()
    )
    found: dict[str, list[SeriesKey]] = defaultdict(list)
    for q in _of_patients(query, sorted(set(codes))):
        for held in session.execute(q):
            found[held.code].append(series_key_of(held))
    return dict(found)


def row_of(session: Session, entity: Entity, record_id: int) -> tuple[ClinicalRow, str]:
    """One row and the code of its patient.

    Raises
    ------
    StoreError
        If the clinic has no such record; whether another clinic has one is not told.
    """
    if entity not in ROW_OF:
        raise StoreError(
            Message("There is no kind of record {entity!r}", entity=entity),
            fix=Message("use {names}", names=", ".join(ENTITIES)),
        )
    row = ROW_OF[entity]
    found: Any = session.execute(
        select(row, Patient.code)
        .join(Patient, Patient.id == row.patient_key)
        .where(row.id == record_id)
    ).one_or_none()
    if found is None or found[1] is None:
        raise StoreError(
            Message("There is no {record}", record=place_of(entity, record_id)),
            why="it does not exist, was erased, or belongs to another clinic",
            fix="reload the page",
        )
    return found[0], found[1]


def rows_by_id(
    session: Session, entity: Entity, record_ids: Iterable[int]
) -> dict[int, ClinicalRow]:
    """Rows that exist among the given ones, by number."""
    row = ROW_OF[entity]
    found: dict[int, ClinicalRow] = {}
    for some in in_portions(record_ids):
        found |= {r.id: r for r in session.scalars(select(row).where(row.id.in_(some)))}
    return found


def patient_summaries(session: Session) -> tuple[PatientSummary, ...]:
    """Patients with at least one record that counts, by code."""
    counts: dict[Entity, Counter[int]] = {}
    for entity, row in ROW_OF.items():
        query = select(row.patient_key, func.count()).where(row.mark == "")
        counts[entity] = Counter(dict(session.execute(query.group_by(row.patient_key)).all()))
    last = dict(
        session.execute(
            select(MeasurementRow.patient_key, func.max(MeasurementRow.date))
            .where(MeasurementRow.mark == "")
            .group_by(MeasurementRow.patient_key)
        ).all()
    )
    patients = session.execute(select(Patient.id, Patient.code))
    found = (
        PatientSummary(code, numbers[0], numbers[1], numbers[2], numbers[3], last.get(key))
        for key, code in patients
        if code is not None and any(numbers := [counts[e][key] for e in ENTITIES])
    )
    # Sorted here, because databases order letters differently.
    return tuple(sorted(found, key=lambda p: p.code))


def patients_of_batch(session: Session, batch_id: int) -> frozenset[str]:
    """Codes of the patients with a record that counts and came with an import."""
    found: set[str] = set()
    for row in ROW_OF.values():
        query = select(Patient.code).join(row, row.patient_key == Patient.id)
        query = query.where(row.batch_id == batch_id, row.mark == "", Patient.code.is_not(None))
        found.update(str(code) for code in session.scalars(query.distinct()))
    return frozenset(found)


def records_tables(session: Session, codes: Iterable[str] | None) -> Records:
    """The records that count as four tables, read column by column."""
    from sm_tracker.domain.tables import EVENTS, MEASUREMENTS, OUTCOMES, THERAPIES, Records

    wanted = None if codes is None else sorted(set(codes))
    sessions = _session_texts(session, wanted)
    return Records(
        _frame(session, MeasurementRow, MEASUREMENTS, wanted),
        _frame(session, TherapyRow, THERAPIES, wanted, sessions),
        _frame(session, OutcomeRow, OUTCOMES, wanted),
        _frame(session, EventRow, EVENTS, wanted),
    )


def _frame(
    session: Session,
    row: type[MeasurementRow | TherapyRow | OutcomeRow | EventRow],
    table: Any,
    codes: list[str] | None,
    sessions: dict[int, str] | None = None,
) -> Any:
    import pandas as pd

    from sm_tracker.domain.tables import completed_table

    names = [n for n in table.columns if n not in ("patient_id", "session_dates", "assumed")]
    query = (
        select(row.id, Patient.code, *(getattr(row, n) for n in names))
        .join(Patient, Patient.id == row.patient_key)
        .where(row.mark == "")
        .order_by(row.id)
    )
    found = [tuple(r) for q in _of_patients(query, codes) for r in session.execute(q)]
    found.sort(key=lambda r: r[0])
    frame = pd.DataFrame(found, columns=["id", "patient_id", *names])
    if sessions is not None:
        frame["session_dates"] = [sessions.get(key, "") for key in frame["id"]]
    if row is MeasurementRow:
        frame["assumed"] = _assumed(session, frame, codes)
    return completed_table(frame, table)


def _assumed(session: Session, frame: Any, codes: list[str] | None) -> list[str]:
    """The fields of each reading that hold what was assumed when it joined a series.

    The trail knows: what it wrote then and nobody has changed since is still assumed.
    """
    query: Any = (
        select(AuditEntry.entity_id, AuditEntry.before, AuditEntry.after)
        .join(Patient, Patient.id == AuditEntry.patient_key)
        .where(
            AuditEntry.entity == "measurement",
            AuditEntry.action == JOINED,
            AuditEntry.redacted_by.is_(None),
        )
        .order_by(AuditEntry.seq)
    )
    joined = {key: (b, a) for q in _of_patients(query, codes) for key, b, a in session.execute(q)}
    found = [""] * len(frame)
    rows = frame[["id", *SeriesKey._fields]].itertuples(index=False) if joined else ()
    for place, row in enumerate(rows):
        if row.id in joined:
            before, after = map(json.loads, joined[row.id])
            names = [n for n in SeriesKey._fields if before[n] != after[n] == getattr(row, n)]
            found[place] = " ".join(names)
    return found


def _of_patients(query: Select[Any], codes: list[str] | None) -> list[Select[Any]]:
    if codes is None:
        return [query]
    return [query.where(Patient.code.in_(some)) for some in in_portions(codes)]


def _session_texts(session: Session, codes: list[str] | None) -> dict[int, str]:
    query = (
        select(TherapySession)
        .join(TherapyRow, TherapyRow.id == TherapySession.therapy_key)
        .join(Patient, Patient.id == TherapyRow.patient_key)
        .order_by(TherapySession.therapy_key, TherapySession.position)
    )
    found: dict[int, list[TherapySession]] = defaultdict(list)
    for q in _of_patients(query, codes):
        for held in session.scalars(q):
            found[held.therapy_key].append(held)
    return {key: " ".join(map(str, sessions_of(held))) for key, held in found.items()}


def check_one_time_axis(session: Session, keys: Iterable[int]) -> None:
    """Refuse a patient whose records that count mix calendar dates and day numbers.

    Raises
    ------
    MixedTimeError
    """
    kinds: dict[int, set[bool]] = defaultdict(set)
    for some in in_portions(sorted(set(keys))):
        parts = [
            select(row.patient_key, _date_of(row).is_(None)).where(
                row.mark == "", row.patient_key.in_(some)
            )
            for row in ROW_OF.values()
        ]
        for key, numbered in session.execute(union(*parts)):
            kinds[key].add(bool(numbered))
    mixed = sorted(key for key, found in kinds.items() if len(found) == 2)
    if mixed:
        codes = session.scalars(select(Patient.code).where(Patient.id.in_(mixed[:CHUNK])))
        raise MixedTimeError(
            "Calendar dates and day numbers would be mixed within one patient",
            where=Message("patient {names}", names=", ".join(sorted(filter(None, codes))[:5])),
            why="the two cannot be put on one time axis",
            fix="give all records of a patient in dates, or all in day numbers",
        )


def _date_of(row: Any) -> Any:
    return row.start if row is TherapyRow else row.date
