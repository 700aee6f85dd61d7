"""Conversion between frozen records and table rows, and the canonical text that is audited."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar, cast

from sqlalchemy import inspect, select
from sqlalchemy.orm import object_session

from sm_tracker.domain.records import (
    LIMITS_FROM_TAGS,
    THERAPY_NOT_STATED,
    Event,
    Measurement,
    OutcomeReading,
    Place,
    Record,
    TherapyPeriod,
    as_kept,
    tag_limit_of,
    tag_limit_text,
)
from sm_tracker.domain.series_key import as_stated
from sm_tracker.languages import Message
from sm_tracker.store.schema import (
    ClinicalRow,
    EventRow,
    ImportBatch,
    ImportPatient,
    MeasurementRow,
    OutcomeRow,
    Patient,
    RememberedAnswers,
    SavedSettings,
    TherapyRow,
    TherapySession,
)

Entity = Literal["measurement", "therapy_period", "outcome_reading", "clinical_event"]
R_co = TypeVar("R_co", bound=Measurement | TherapyPeriod | OutcomeReading | Event, covariant=True)

ENTITIES: tuple[Entity, ...] = (
    "measurement", "therapy_period", "outcome_reading", "clinical_event",
)  # fmt: skip
ROW_OF: dict[Entity, Any] = {
    "measurement": MeasurementRow,
    "therapy_period": TherapyRow,
    "outcome_reading": OutcomeRow,
    "clinical_event": EventRow,
}
_RECORD_OF: dict[Entity, type[Record]] = {
    "measurement": Measurement,
    "therapy_period": TherapyPeriod,
    "outcome_reading": OutcomeReading,
    "clinical_event": Event,
}
PLACE_NAMES = ("file", "sheet", "row")
_NOT_CONTENT = ("patient_id", "place", "assumed")
JUDGEMENT = ("doubt", "doubt_reason")
"""What is thought about a value. The same row of a file is judged again beside other rows, and by
a person; it is the same row all the same. That no therapy was stated is what the file says."""
JOINED = "join"
"""Name of the change that writes into a reading what its series states and it does not."""
_LATER = frozenset((*JUDGEMENT, *LIMITS_FROM_TAGS))
"""Fields that rows of older versions did not have. Where blank they are left out of whatever is
compared with something written then."""
# Worked out once: a large import asks for them at every row.
_ENTITY_OF: dict[type[Record], Entity] = {kind: entity for entity, kind in _RECORD_OF.items()}
_ENTITY_OF_ROW: dict[type[ClinicalRow], Entity] = {kind: e for e, kind in ROW_OF.items()}
_CONTENT_NAMES: dict[Entity, tuple[str, ...]] = {
    entity: tuple(f.name for f in dataclasses.fields(kind) if f.name not in _NOT_CONTENT)
    for entity, kind in _RECORD_OF.items()
}
_CONTENT_OF: dict[Entity, Callable[[Record], tuple[Any, ...]]] = {
    entity: attrgetter(*names) for entity, names in _CONTENT_NAMES.items()
}


@dataclass(frozen=True, slots=True)
class Stored(Generic[R_co]):
    """A record with its identity in the store.

    Attributes
    ----------
    entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
    record_id : int
    version : int
        Goes up by one with each change; give it back with a correction.
    record : Measurement, TherapyPeriod, OutcomeReading or Event
    mark : str
        Blank, ``"removed"`` (by a person) or ``"undone"`` (with its import).
    mark_reason : str
    batch_id : int or None
        The import that added it; None if entered by hand.
    imported_digest : str
        Digest of the content as the import wrote it; blank if entered by hand.
    """

    entity: Entity
    record_id: int
    version: int
    record: R_co
    mark: str = ""
    mark_reason: str = ""
    batch_id: int | None = None
    imported_digest: str = ""


def place_of(entity: Entity | str, record_id: int) -> Message:
    """A stored record by what it is and its number, for messages.

    Examples
    --------
    >>> place_of("therapy_period", 7)
    Message('therapy period 7')
    """
    named = {
        "measurement": Message("measurement {id}", id=record_id),
        "therapy_period": Message("therapy period {id}", id=record_id),
        "outcome_reading": Message("outcome reading {id}", id=record_id),
        "clinical_event": Message("event {id}", id=record_id),
    }
    return named.get(entity) or Message.verbatim(f"{entity} {record_id}")


MARKS: Mapping[str, Message] = {"removed": Message("removed"), "undone": Message("undone")}
"""What is said about a record that counts nowhere, by its mark."""


def entity_of(record: Record) -> Entity:
    """The kind of a record."""
    return _ENTITY_OF[type(record)]


def content_names(entity: Entity) -> tuple[str, ...]:
    """The fields that make up the content of a record: all but patient, place and assumptions."""
    return _CONTENT_NAMES[entity]


def content_of_record(record: Record) -> dict[str, Any]:
    """The content of a record by field, in plain types."""
    entity = entity_of(record)
    return dict(zip(_CONTENT_NAMES[entity], _CONTENT_OF[entity](record), strict=True))


def content_digest(record: Record) -> str:
    """SHA-256 of patient and content but for its judgement; two rows with it say the same."""
    said = content_of_record(record)
    if said.get("doubt_reason") != THERAPY_NOT_STATED:
        for name in JUDGEMENT:
            said.pop(name, None)
    text = canonical_json({"patient_id": record.patient_id, **_without_blank_later(said)})
    return hashlib.sha256(text.encode()).hexdigest()


def digest_as_stated(record: Record) -> str:
    """The digest of a record without what was assumed of it: what its file or form said."""
    return content_digest(as_stated(record) if isinstance(record, Measurement) else record)


def _without_blank_later(values: dict[str, Any]) -> dict[str, Any]:
    for name in _LATER:
        if not values.get(name):
            values.pop(name, None)
    return values


def canonical_json(values: Mapping[str, Any]) -> str:
    """JSON text that is the same for the same values, whoever writes it."""
    return _CANONICAL.encode(values)


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a record")


_CANONICAL = json.JSONEncoder(
    sort_keys=True,
    ensure_ascii=False,
    separators=(",", ":"),
    allow_nan=False,
    default=_plain,
)


def column_values(record: Record) -> dict[str, Any]:
    """Values of the table columns of a record; sessions of a therapy stand apart."""
    values = content_of_record(record)
    if isinstance(record, TherapyPeriod):
        del values["session_dates"]
        values |= {n: tag_limit_text(values[n]) for n in LIMITS_FROM_TAGS}
    place = record.place
    return {**values, "file": place.file, "sheet": place.sheet, "row": place.row}


def session_rows(record: Record) -> list[dict[str, Any]]:
    """Columns of the sessions of a therapy period; none for other records."""
    dates = record.session_dates if isinstance(record, TherapyPeriod) else ()
    return [
        {
            "position": position,
            "date": when if isinstance(when, dt.date) else None,
            "day": None if isinstance(when, dt.date) else when,
        }
        for position, when in enumerate(dates)
    ]


def sessions_of(rows: Iterable[TherapySession]) -> tuple[dt.date | int, ...]:
    """Session dates (or day numbers) in the order written down."""
    return tuple(cast("dt.date | int", r.day if r.date is None else r.date) for r in rows)


def entity_of_row(row: ClinicalRow) -> Entity:
    """The kind of a row."""
    return _ENTITY_OF_ROW[type(row)]


def record_of(row: ClinicalRow, code: str) -> Record:
    """The record in a row.

    Parameters
    ----------
    row : ClinicalRow
    code : str
        Code of its patient.
    """
    entity = entity_of_row(row)
    values = {n: getattr(row, n) for n in content_names(entity) if n != "session_dates"}
    if isinstance(row, TherapyRow):
        values["session_dates"] = sessions_of(row.sessions)
        values |= {n: tag_limit_of(values[n]) for n in LIMITS_FROM_TAGS}
    place = Place(file=row.file, sheet=row.sheet, row=row.row)
    return as_kept(_RECORD_OF[entity], patient_id=code, place=place, **values)


def stored_record(row: ClinicalRow, code: str) -> Stored[Any]:
    """A row as a record with its identity."""
    return Stored(
        entity=entity_of_row(row),
        record_id=row.id,
        version=row.version,
        record=record_of(row, code),
        mark=row.mark,
        mark_reason=row.mark_reason,
        batch_id=row.batch_id,
        imported_digest=row.imported_digest,
    )


def new_row_values(record: Record, **owner: Any) -> dict[str, Any]:
    """Columns of a record that is not stored yet, under the first version and without a mark.

    Parameters
    ----------
    record : Measurement, TherapyPeriod, OutcomeReading or Event
    **owner
        ``clinic``, ``patient_key``, ``batch_id`` and ``imported_digest``.
    """
    return {**owner, "version": 1, "mark": "", "mark_reason": "", **column_values(record)}


AuditedRow = ClinicalRow | Patient | ImportBatch | SavedSettings
# Free text of a file stays out of the audited snapshot of an import: one import touches many
# patients, and an entry can be blanked for one patient only.
_UNAUDITED = {"clinic", "answers", "findings", "salt", "beyond_limits"}


@cache
def _audited_columns(
    kind: Any,
) -> tuple[tuple[str, ...], Callable[[AuditedRow], tuple[Any, ...]]]:
    names = tuple(a.key for a in inspect(kind).column_attrs if a.key not in _UNAUDITED)
    return names, attrgetter(*names)


def row_snapshot(row: AuditedRow) -> dict[str, Any]:
    """All that the audit trail keeps of a row, by column."""
    kind: Any = type(row)
    names, values_of = _audited_columns(kind)
    values = dict(zip(names, values_of(row), strict=True))
    if isinstance(row, TherapyRow):
        values["session_dates"] = list(sessions_of(row.sessions))
    if isinstance(row, ImportBatch):
        values["sha256"] = [file.sha256 for file in row.files]
        values |= digest_of_import(row)
    return _without_blank_later(values)


def new_salt() -> str:
    """A salt for a digest; with another one nobody can guess what the digest was made of."""
    return secrets.token_hex(16)


def salted_digest(salt: str, *held: object) -> str:
    """SHA-256 of what stands beside a snapshot, with a salt that an erasure draws anew."""
    text = canonical_json({"salt": salt, "held": list(held)})
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_import(row: ImportBatch) -> dict[str, str]:
    """Digest of the answers, findings, files and patients of an import, by its name."""
    session = object_session(row)
    if not row.salt or session is None:
        return {}
    links = select(ImportPatient.patient_key).where(ImportPatient.batch_id == row.id)
    patients = session.scalars(links.order_by(ImportPatient.patient_key)).all()
    files = [[file.name, file.sha256] for file in row.files]
    held = (row.answers, row.findings, files, list(patients))
    return {"digest": salted_digest(row.salt, *held)}


REMEMBERED = "remembered_answers"


def number_of_header(signature: str) -> int:
    """The number under which the trail knows the answers remembered for a header."""
    return int(hashlib.sha256(signature.encode()).hexdigest()[:15], 16)


def snapshot_of_answers(row: RememberedAnswers) -> dict[str, str]:
    """What the trail keeps of answers remembered for a header."""
    digest = salted_digest(row.salt, row.signature, row.answers)
    return {"saved_at": row.saved_at, "saved_by": row.saved_by, "digest": digest}


def snapshot_of_new(record: Record, row_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`row_snapshot` gives of the row that was just written with these values."""
    taken = {n: v for n, v in values.items() if n not in _UNAUDITED}
    taken["id"] = row_id
    if isinstance(record, TherapyPeriod):
        taken["session_dates"] = list(record.session_dates)
    return _without_blank_later(taken)


def record_from_snapshot(entity: str, values: Mapping[str, Any], code: str = "") -> Record:
    """The record in an audited snapshot of its row.

    Parameters
    ----------
    entity : str
    values : mapping
        The snapshot, with dates as ISO text.
    code : str
        Code of the patient, which a snapshot does not hold.
    """
    kind = next(e for e in ENTITIES if e == entity)
    columns = inspect(ROW_OF[kind]).columns
    fields: dict[str, Any] = {}
    for name in content_names(kind):
        value = values.get(name, "") if name in _LATER else values[name]
        if name in LIMITS_FROM_TAGS:
            fields[name] = tag_limit_of(value)
        elif name == "session_dates":
            fields[name] = tuple(
                dt.date.fromisoformat(v) if isinstance(v, str) else v for v in value
            )
        elif value is not None and columns[name].type.python_type is dt.date:
            fields[name] = dt.date.fromisoformat(value)
        else:
            fields[name] = value
    place = Place(**{n: values[n] for n in PLACE_NAMES})
    return as_kept(_RECORD_OF[kind], patient_id=code, place=place, **fields)
