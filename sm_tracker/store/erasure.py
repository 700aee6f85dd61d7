"""Erasing one patient: the only change that destroys content; that it happened stays on record."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update

from sm_tracker.errors import StoreError
from sm_tracker.store.audit import AuditedChange
from sm_tracker.store.checks import checked_reason
from sm_tracker.store.rows import ROW_OF, canonical_json, row_snapshot
from sm_tracker.store.schema import (
    AuditEntry,
    ImportBatch,
    ImportFile,
    ImportPatient,
    Patient,
    RememberedAnswers,
    TherapyRow,
    TherapySession,
    ViewState,
)

BLANK = "(erased)"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure removed: the patient's number that stays, and counts.

    Attributes
    ----------
    patient_key : int
        Number of the tombstone.
    records : int
        Measurements, therapy periods and outcome values removed.
    blanked : int
        Entries of the audit trail whose content was blanked.
    overwritten : bool
        Whether nothing of it stands in the files of the database any more. False on
        PostgreSQL, which keeps removed rows until it tidies up, and while another program
        reads from SQLite's write-ahead log; that is then overwritten after the next change.
    """

    patient_key: int
    records: int
    blanked: int
    overwritten: bool = False


def erase_patient(audited: AuditedChange, code: str, reason: str) -> Erasure:
    """Remove all content of one patient; a tombstone without content stays.

    Removed: the code, all records, the content of all audit entries of the patient, the cell
    texts in the findings of imports that held the patient, and names of imported files and
    remembered answers that name the code. Kept: that there was a patient under this number,
    who erased it, when and why, and the hashes that let the chain be verified. Free text of
    other patients, and the file name beside their rows, is not searched.

    Parameters
    ----------
    audited : AuditedChange
    code : str
    reason : str
        Is kept, so it must not name the code.

    Raises
    ------
    StoreError
        If the clinic has no such patient, or the reason is blank or names the code.
    """
    checked_reason(reason)
    if _named(code, reason):
        raise StoreError(
            "The reason names the patient's code",
            why="the reason stays after the erasure",
            fix="give a reason without it",
        )
    patient = audited.session.scalars(select(Patient).where(Patient.code == code)).one_or_none()
    if patient is None:
        raise StoreError(
            "There is no such patient",
            why="the code is unknown in this clinic, or the patient was erased",
        )
    patient.code, patient.erased_at = None, audited.at
    audited.session.flush()
    records = _delete_records(audited, patient.id)
    _blank_imports(audited, patient.id, code)
    _forget_choices(audited, patient.id, code)
    seq = audited.note(
        "erase",
        "patient",
        patient.id,
        before=None,
        after=row_snapshot(patient),
        reason=reason,
        patient_key=patient.id,
    )
    audited.write_trail()
    return Erasure(patient.id, records, _blank_entries(audited, patient.id, seq))


def _delete_records(audited: AuditedChange, key: int) -> int:
    therapies = select(TherapyRow.id).where(TherapyRow.patient_key == key)
    audited.session.execute(
        delete(TherapySession).where(TherapySession.therapy_key.in_(therapies)),
        execution_options={"synchronize_session": False},
    )
    removed = 0
    for row in ROW_OF.values():
        count = select(func.count()).select_from(row).where(row.patient_key == key)
        removed += audited.session.scalars(count).one()
        audited.session.execute(
            delete(row).where(row.patient_key == key),
            execution_options={"synchronize_session": False},
        )
    return removed


def _blank_imports(audited: AuditedChange, key: int, code: str) -> None:
    """Findings quote cells without saying whose, so those of a whole import are blanked."""
    touched = select(ImportPatient.batch_id).where(ImportPatient.patient_key == key)
    for batch in audited.session.scalars(select(ImportBatch).where(ImportBatch.id.in_(touched))):
        held = json.loads(batch.findings)
        batch.findings = json.dumps([_blank_finding(f, code) for f in held])
    for batch in audited.session.scalars(select(ImportBatch)):
        batch.answers = _without(batch.answers, code)
    for file in audited.session.scalars(select(ImportFile)):
        if _named(code, file.name):
            file.name = BLANK
    audited.session.execute(
        delete(ImportPatient).where(ImportPatient.patient_key == key),
        execution_options={"synchronize_session": False},
    )


def _forget_choices(audited: AuditedChange, key: int, code: str) -> None:
    for remembered in audited.session.scalars(select(RememberedAnswers)):
        remembered.answers = _without(remembered.answers, code)
    audited.session.execute(delete(ViewState).where(ViewState.patient_key == key))
    for view in audited.session.scalars(select(ViewState)):
        view.content = _without(view.content, code)


def _blank_finding(finding: dict[str, Any], code: str) -> dict[str, Any]:
    place = finding["place"]
    file = BLANK if _named(code, place["file"]) else place["file"]
    return {**finding, "message": BLANK, "value": "", "place": {**place, "file": file}}


def _without(text: str, code: str) -> str:
    """A JSON object without the entries that name the code."""
    held: dict[str, Any] = json.loads(text)
    kept = {k: v for k, v in held.items() if not _named(code, f"{k}\n{v}")}
    return canonical_json(kept)


def _named(code: str, text: str) -> bool:
    """Whether a text holds the code as a word of its own."""
    return re.search(rf"(?<![^\W_]){re.escape(code)}(?![^\W_])", text) is not None


def _blank_entries(audited: AuditedChange, key: int, seq: int) -> int:
    those = (AuditEntry.patient_key == key, AuditEntry.seq < seq, AuditEntry.redacted_by.is_(None))
    count = audited.session.scalars(
        select(func.count()).select_from(AuditEntry).where(*those)
    ).one()
    audited.session.execute(
        update(AuditEntry)
        .where(*those)
        .values(before=None, after=None, reason=None, salt=None, redacted_by=seq),
        execution_options={"synchronize_session": False},
    )
    return count
