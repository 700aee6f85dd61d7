"""Records entered or corrected by hand: read by the rules of the import, then stored.

A form or a cell of a grid is written as one row of the program's own file and read like any
file, so that a value typed here is refused, questioned and normalised exactly as in a file.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sm_tracker.domain.records import (
    LIMITS_FROM_TAGS,
    Measurement,
    OutcomeReading,
    Place,
    ReadResult,
    TherapyPeriod,
)
from sm_tracker.errors import ReadError
from sm_tracker.ingest import SourceFile
from sm_tracker.report.export_tables import OWN_COLUMNS, WHOLE, made_safe
from sm_tracker.store import Addition, Correction, Entity, Stored
from sm_tracker.workflow.reading import read_files

Record = Measurement | TherapyPeriod | OutcomeReading
TABLES: Mapping[Entity, str] = {
    "measurement": "measurements",
    "therapy_period": "therapies",
    "outcome_reading": "outcomes",
}
FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "site": ("side", "site_text"),
    "therapy": ("therapy_text",),
    "thickness_mm": ("status",),
    "status": ("thickness_mm", "qualifier"),
    "start": ("dates_derived",),
    "start_day": ("dates_derived",),
    "end": ("end_status", "dates_derived"),
    "end_day": ("end_status", "dates_derived"),
    "end_status": ("end", "end_day", "dates_derived"),
    **dict.fromkeys(LIMITS_FROM_TAGS, ("dates_derived",)),
}
"""Fields that a change of one field decides with it."""
START_LIMITS, END_LIMITS = LIMITS_FROM_TAGS[:2], LIMITS_FROM_TAGS[2:]
ROW = "Row 2"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed, as the import reads it: records, and what there is to know about them."""

    records: tuple[Record, ...]
    remarks: tuple[str, ...] = ()


def columns_of(entity: Entity) -> tuple[str, ...]:
    """The fields of a record that can be typed, in the order of our own files."""
    return OWN_COLUMNS[TABLES[entity]]


def entered(entity: Entity, fields: Mapping[str, object], today: dt.date | None = None) -> Entry:
    """Records from fields typed by hand, by the rules of the import.

    Parameters
    ----------
    entity : {"measurement", "therapy_period", "outcome_reading"}
    fields : mapping
        Values by the column names of our own files; missing ones are blank.
    today : date, optional
        The day after which dates lie in the future.

    Returns
    -------
    Entry
        Several records where the import would make several of the row.

    Raises
    ------
    ReadError
        If the import would refuse the row, or ask about it.
    """
    names = columns_of(entity)
    result = read_files([_as_file(entity, names, fields)], today=today)
    records: tuple[Record, ...] = (*result.measurements, *result.therapies, *result.outcomes)
    if not records:
        raise ReadError("This cannot be stored", why=_why(result), fix="correct it and save again")
    remarks = tuple(_plain(f.message) for f in result.findings if f.level != "info")
    return Entry(tuple(dataclasses.replace(r, place=Place()) for r in records), remarks)


def additions(
    entity: Entity, fields: Mapping[str, object], reason: str
) -> tuple[tuple[Addition, ...], tuple[str, ...]]:
    """What stores the records typed into a form, and remarks about them.

    Raises
    ------
    ReadError
        If the import would refuse them.
    """
    entry = entered(entity, fields)
    return tuple(Addition(record, reason) for record in entry.records), entry.remarks


def correction(
    held: Stored[Any], cells: Mapping[str, object], reason: str
) -> tuple[Correction, tuple[str, ...]]:
    """What corrects a record as cells of a grid say, and remarks about it.

    Parameters
    ----------
    held : Stored
        The record as it was shown when the cells were changed.
    cells : mapping
        New values by field, as typed.
    reason : str

    Raises
    ------
    ReadError
        If the import would refuse the changed row, or make several records of it.
    """
    changed = {**cells, **_implied(held.record, cells)}
    entry = entered(held.entity, {**fields_of(held.record), **changed})
    if len(entry.records) != 1:
        raise ReadError(
            "This reads as several records",
            why=f"{len(entry.records)} would be made of the changed row",
            fix="correct this one to the first of them and add the others",
        )
    names = set(changed).union(*(FOLLOWING.get(n, ()) for n in cells))
    new = entry.records[0]
    names = {n for n in names if hasattr(new, n) and n != "patient_id"}
    return (
        Correction(
            entity=held.entity,
            record_id=held.record_id,
            changes={n: getattr(new, n) for n in sorted(names)},
            reason=reason,
            expected_version=held.version,
        ),
        entry.remarks,
    )


def fields_of(record: Record) -> dict[str, object]:
    """The fields of a record that can be typed."""
    entity = next(e for e, kind in _KINDS.items() if isinstance(record, kind))
    return {name: getattr(record, name) for name in columns_of(entity)}


_KINDS: Mapping[Entity, type[Record]] = {
    "measurement": Measurement,
    "therapy_period": TherapyPeriod,
    "outcome_reading": OutcomeReading,
}


def _implied(record: Record, cells: Mapping[str, object]) -> dict[str, object]:
    """Fields that cannot stay as they are beside a new value of another."""
    if isinstance(record, Measurement):
        if cells.get("thickness_mm") is not None and "status" not in cells:
            return {"status": "ok"}
        if cells.get("status", "ok") != "ok":
            return {"thickness_mm": None, "qualifier": ""}
    if isinstance(record, TherapyPeriod):
        return {**_implied_end(cells), **_implied_limits(cells)}
    return {}


def _implied_end(cells: Mapping[str, object]) -> dict[str, object]:
    given = cells.get("end") or cells.get("end_day")
    if given is not None and "end_status" not in cells:
        return {"end_status": "ended"}
    if cells.get("end_status", "ended") != "ended":
        return {"end": None, "end_day": None, "end_date_precision": ""}
    return {}


def _implied_limits(cells: Mapping[str, object]) -> dict[str, object]:
    """A start or end that a person gives is the real one: what the tags said of it goes.

    To blank one of the two limits of a date says the same of the date as it stands.
    """
    implied: dict[str, object] = {}
    for limits, dates in (
        (START_LIMITS, ("start", "start_day")),
        (END_LIMITS, ("end", "end_day", "end_status")),
    ):
        blanked = any(name in cells and not cells[name] for name in limits)
        if blanked or any(name in cells for name in dates):
            implied |= dict.fromkeys(limits)
    return implied


def _as_file(entity: Entity, names: tuple[str, ...], fields: Mapping[str, object]) -> SourceFile:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerow([made_safe(_text(fields.get(name), name)) for name in names])
    return SourceFile(f"{TABLES[entity]}.csv", out.getvalue().encode())


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and name in WHOLE and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)


def _why(result: ReadResult) -> str:
    refused = [f.message for f in result.findings if f.level == "error"]
    asked = [q.message for q in result.questions]
    words = refused or asked or [f.message for f in result.findings] or ["a field is missing"]
    return "; ".join(map(_plain, words)).rstrip(".")


def _plain(message: str) -> str:
    """A message without the number of the only row there is."""
    for start in (f"{ROW} was left out: ", f"{ROW}: "):
        message = message.removeprefix(start)
    return message
