"""Adding, correcting and marking single records; every change names its reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect

from sm_tracker.domain.records import Measurement, Record, is_valid, with_kept
from sm_tracker.domain.series_key import as_stated, blanks_of
from sm_tracker.errors import ColumnError, StoreError
from sm_tracker.languages import Message
from sm_tracker.store.audit import AuditedChange
from sm_tracker.store.checks import checked_reason, checked_text
from sm_tracker.store.faults import EditConflict
from sm_tracker.store.inserting import insert_rows
from sm_tracker.store.queries import check_one_time_axis, patient_keys, row_of
from sm_tracker.store.rows import (
    JOINED,
    MARKS,
    Entity,
    Stored,
    column_values,
    content_names,
    entity_of,
    new_row_values,
    place_of,
    row_snapshot,
    session_rows,
    snapshot_of_new,
    stored_record,
)
from sm_tracker.store.schema import ClinicalRow, Patient, TherapyRow, TherapySession


@dataclass(frozen=True, slots=True)
class Addition:
    """A new record, entered by hand."""

    record: Record
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """New values for fields of one record, based on one version of it."""

    entity: Entity
    record_id: int
    changes: Mapping[str, Any]
    reason: str
    expected_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Taking a record out of every result, or (`removed` False) bringing it back."""

    entity: Entity
    record_id: int
    reason: str
    expected_version: int
    removed: bool = True


Edit = Addition | Correction | Removal


def apply_edits(audited: AuditedChange, edits: Sequence[Edit]) -> tuple[Stored[Any], ...]:
    """Carry out edits in one transaction: all of them or none.

    Raises
    ------
    EditConflict
        If a record was changed since the version the edit is based on.
    StoreError
        If a record does not exist, or an edit breaks a rule.
    """
    done = [_apply(audited, edit) for edit in edits]
    audited.session.flush()
    keys = patient_keys(audited.session, {s.record.patient_id for s in done})
    check_one_time_axis(audited.session, keys.values())
    return tuple(done)


def _apply(audited: AuditedChange, edit: Edit) -> Stored[Any]:
    if isinstance(edit, Addition):
        return _add(audited, edit)
    reason = checked_reason(edit.reason)
    row, code = row_of(audited.session, edit.entity, edit.record_id)
    if isinstance(edit, Correction):
        return _correct(audited, row, code, edit, reason)
    return _mark(audited, row, code, edit, reason)


def _add(audited: AuditedChange, addition: Addition) -> Stored[Any]:
    reason = checked_text(addition.reason, "reason")
    record = addition.record
    keys = keys_of_patients(audited, [record.patient_id])
    (number,) = add_rows(audited, [record], keys, reason=reason)
    return Stored(entity=entity_of(record), record_id=number, version=1, record=record)


def keys_of_patients(audited: AuditedChange, codes: Iterable[str]) -> dict[str, int]:
    """Keys of patients by code; those not known yet are made."""
    known, new = known_and_new_patients(audited, codes)
    note_new_patients(audited, new)
    return known


def known_and_new_patients(
    audited: AuditedChange, codes: Iterable[str]
) -> tuple[dict[str, int], list[Patient]]:
    """Keys of patients by code, and the rows made for those not known yet, still to be noted."""
    wanted = sorted(set(codes))
    known = patient_keys(audited.session, wanted)
    new = [Patient(clinic=audited.actor.clinic, code=c) for c in wanted if c not in known]
    audited.session.add_all(new)
    audited.session.flush()
    return known | {str(p.code): p.id for p in new}, new


def note_new_patients(audited: AuditedChange, new: Iterable[Patient]) -> None:
    """Note in the trail that patients were added."""
    for patient in new:
        audited.note(
            "add",
            "patient",
            patient.id,
            before=None,
            after=row_snapshot(patient),
            patient_key=patient.id,
        )


def add_rows(
    audited: AuditedChange,
    records: Sequence[Record],
    keys: Mapping[str, int],
    *,
    reason: str = "",
    batch_id: int | None = None,
    digests: Sequence[str] = (),
) -> list[int]:
    """Store new records, each with its entry in the trail.

    A reading that was joined to a series has two: what it states itself, and what was assumed.

    Parameters
    ----------
    audited : AuditedChange
    records : sequence of Record
        Checked.
    keys : mapping
        Key of each patient by code.
    reason : str
    batch_id : int, optional
        The import that adds them.
    digests : sequence of str
        Digest of each record as the import has it; not needed without an import.

    Returns
    -------
    list of int
        Number of each row.
    """
    said = digests if batch_id is not None else [""] * len(records)
    values = [
        new_row_values(
            r,
            clinic=audited.actor.clinic,
            patient_key=keys[r.patient_id],
            batch_id=batch_id,
            imported_digest=one,
        )
        for r, one in zip(records, said, strict=True)
    ]
    numbers = insert_rows(audited.session, records, values)
    for record, number, row in zip(records, numbers, values, strict=True):
        written = snapshot_of_new(record, number, row)
        stated = written | blanks_of(record) if isinstance(record, Measurement) else written
        entries: list[tuple[str, dict[str, Any] | None, dict[str, Any]]] = [("add", None, stated)]
        if stated != written:
            entries.append((JOINED, stated, written))
        for action, before, after in entries:
            audited.note(
                action,
                entity_of(record),
                number,
                before=before,
                after=after,
                reason=reason,
                patient_key=row["patient_key"],
                batch_id=batch_id,
            )
    return numbers


def set_content(audited: AuditedChange, row: ClinicalRow, record: Record) -> None:
    """Give a row the content and place of a record."""
    for name, value in column_values(record).items():
        setattr(row, name, value)
    # What is undone may bring back what was beyond the limits before there were any.
    row.beyond_limits = not is_valid(record)
    if isinstance(row, TherapyRow):
        row.sessions = _sessions(audited, record)


def change_row(
    audited: AuditedChange,
    row: ClinicalRow,
    action: str,
    before: dict[str, Any],
    *,
    reason: str = "",
    batch_id: int | None = None,
) -> None:
    """Count a changed row's version up and note the change."""
    row.version += 1
    audited.session.flush()
    note_change(audited, action, row, before=before, reason=reason, batch_id=batch_id)


def note_change(
    audited: AuditedChange,
    action: str,
    row: ClinicalRow,
    *,
    before: dict[str, Any] | None,
    reason: str = "",
    batch_id: int | None = None,
) -> None:
    """Note what became of a row that is already written."""
    audited.note(
        action,
        inspect(row).mapper.local_table.name,
        row.id,
        before=before,
        after=row_snapshot(row),
        reason=reason,
        patient_key=row.patient_key,
        batch_id=batch_id,
    )


def _sessions(audited: AuditedChange, record: Record) -> list[TherapySession]:
    return [TherapySession(clinic=audited.actor.clinic, **s) for s in session_rows(record)]


def _correct(
    audited: AuditedChange, row: ClinicalRow, code: str, edit: Correction, reason: str
) -> Stored[Any]:
    now = stored_record(row, code)
    own = {"assumed"} if edit.entity == "measurement" else set()
    unknown = set(edit.changes) - {*content_names(edit.entity), *own}
    if unknown:
        raise ColumnError(
            Message("A record cannot be corrected in {names}", names=", ".join(sorted(unknown))),
            where=place_of(edit.entity, edit.record_id),
            fix="to move it to another patient, remove it here and add it there",
        )
    if row.version != edit.expected_version:
        yours = with_kept(now.record, **edit.changes)
        raise EditConflict(now, yours, edit.expected_version)
    _check_unmarked(now)
    record = dataclasses.replace(now.record, **edit.changes)
    if record == now.record:
        return now
    said = as_stated(record) if isinstance(record, Measurement) else record
    _change(audited, row, "correct", said, reason)
    if said != record:
        _change(audited, row, JOINED, record, reason)
    return stored_record(row, code)


def _change(
    audited: AuditedChange, row: ClinicalRow, action: str, record: Record, reason: str
) -> None:
    before = row_snapshot(row)
    set_content(audited, row, record)
    change_row(audited, row, action, before, reason=reason)


def _check_unmarked(now: Stored[Any]) -> None:
    if now.mark:
        raise StoreError(
            Message(
                "{record} is marked as {mark}",
                record=place_of(now.entity, now.record_id),
                mark=MARKS[now.mark],
            ),
            why="a record that counts nowhere is not corrected",
            fix="bring it back first" if now.mark == "removed" else "import its file again",
        )


def _mark(
    audited: AuditedChange, row: ClinicalRow, code: str, edit: Removal, reason: str
) -> Stored[Any]:
    now = stored_record(row, code)
    if row.version != edit.expected_version:
        raise EditConflict(now, now.record, edit.expected_version)
    if row.mark == "undone":
        _check_unmarked(now)
    wanted = "removed" if edit.removed else ""
    if row.mark == wanted:
        return now
    before = row_snapshot(row)
    row.mark, row.mark_reason = wanted, reason if edit.removed else ""
    change_row(audited, row, "remove" if edit.removed else "bring back", before, reason=reason)
    return stored_record(row, code)
