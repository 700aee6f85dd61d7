"""Erasing one patient: the only change that destroys content; that it happened stays on record."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from sm_tracker.errors import StoreError
from sm_tracker.store.audit import AuditedChange
from sm_tracker.store.checks import checked_reason
from sm_tracker.store.rows import (
    REMEMBERED,
    ROW_OF,
    canonical_json,
    entity_of_row,
    new_salt,
    number_of_header,
    row_snapshot,
    snapshot_of_answers,
)
from sm_tracker.store.schema import (
    AuditEntry,
    ClinicalRow,
    ImportBatch,
    ImportPatient,
    Patient,
    RememberedAnswers,
    TherapyRow,
    TherapySession,
    ViewState,
)

BLANK = "(erased)"
_JSON = json.JSONEncoder(ensure_ascii=False)


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
    remembered answers that name the code, also where such a name stands beside rows of other
    patients: the history of those rows then begins anew with what stands now. Kept: that there
    was a patient under this number, who erased it, when and why, and the hashes that let the
    chain be verified. Free text of other patients is not searched.

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
    renamed = _blank_names_beside_others(audited, code)
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
    for row_seq, row in renamed:
        those = (AuditEntry.entity == entity_of_row(row), AuditEntry.entity_id == row.id)
        _blank_entries(audited, row.patient_key, row_seq, *those)
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
    links = select(ImportPatient.batch_id).where(ImportPatient.patient_key == key)
    touched = set(audited.session.scalars(links))
    audited.session.execute(
        delete(ImportPatient).where(ImportPatient.patient_key == key),
        execution_options={"synchronize_session": False},
    )
    for batch in audited.session.scalars(select(ImportBatch)).all():
        if not _blank_import(batch, code, whole=batch.id in touched):
            continue
        batch.salt = new_salt()
        audited.session.flush()
        audited.note(
            "blank",
            "import_batch",
            batch.id,
            before=None,
            after=row_snapshot(batch),
            batch_id=batch.id,
        )


def _blank_import(batch: ImportBatch, code: str, *, whole: bool) -> bool:
    """Blank what an import says of a patient; says whether that was anything."""
    changed = whole
    if whole or json.dumps(code)[1:-1] in batch.findings:
        held = json.loads(batch.findings)
        blanked = [
            _blank_finding(f, code) if whole or _named(code, _JSON.encode(f)) else f for f in held
        ]
        changed |= blanked != held
        batch.findings = json.dumps(blanked)
    answers = _without(batch.answers, code)
    changed |= answers != batch.answers
    batch.answers = answers
    for file in batch.files:
        if _names_file(code, file.name):
            file.name, changed = BLANK, True
    return changed


def _blank_names_beside_others(audited: AuditedChange, code: str) -> list[tuple[int, ClinicalRow]]:
    """Take names of files and sheets that hold the code from all rows that are left.

    Each gets an entry that says what stands now; gives its number, so that the content of the
    entries before it, in which the name stands too, can be blanked.
    """
    done: list[tuple[int, ClinicalRow]] = []
    for entity, kind in ROW_OF.items():
        named = or_(*(c.icontains(code, autoescape=True) for c in (kind.file, kind.sheet)))
        rows = audited.session.scalars(select(kind).where(named)).all()
        rows = [r for r in rows if _names_file(code, r.file) or _names_file(code, r.sheet)]
        for row in rows:
            row.file, row.sheet = (
                BLANK if _names_file(code, name) else name for name in (row.file, row.sheet)
            )
            row.version += 1
        audited.session.flush()
        for row in rows:
            seq = audited.note(
                "erase",
                entity,
                row.id,
                before=None,
                after=row_snapshot(row),
                patient_key=row.patient_key,
            )
            done.append((seq, row))
    return done


def _forget_choices(audited: AuditedChange, key: int, code: str) -> None:
    for remembered in audited.session.scalars(select(RememberedAnswers)).all():
        answers = _without(remembered.answers, code)
        if answers != remembered.answers:
            remembered.answers, remembered.salt = answers, new_salt()
            audited.note(
                "blank",
                REMEMBERED,
                number_of_header(remembered.signature),
                before=None,
                after=snapshot_of_answers(remembered),
            )
    audited.session.execute(delete(ViewState).where(ViewState.patient_key == key))
    for view in audited.session.scalars(select(ViewState)):
        view.content = _without(view.content, code)


def _blank_finding(finding: dict[str, Any], code: str) -> dict[str, Any]:
    place = finding["place"]
    names = {n: BLANK if _names_file(code, place[n]) else place[n] for n in ("file", "sheet")}
    column = BLANK if _named(code, finding["column"]) else finding["column"]
    blanked = {"message": BLANK, "value": "", "column": column, "place": {**place, **names}}
    return {**finding, **blanked}


def _without(text: str, code: str) -> str:
    """A JSON object without the entries that name the code."""
    held: dict[str, Any] = json.loads(text)
    kept = {k: v for k, v in held.items() if not _named(code, f"{k}\n{v}")}
    return canonical_json(kept)


def _named(code: str, text: str) -> bool:
    """Whether a text holds the code as a word of its own."""
    return re.search(rf"(?<![^\W_]){re.escape(code)}(?![^\W_])", text) is not None


def _names_file(code: str, name: str) -> bool:
    """Whether the name of a file or sheet holds the code, in capitals or not."""
    return _named(code.casefold(), name.casefold())


def _blank_entries(
    audited: AuditedChange, key: int, seq: int, *besides: ColumnElement[bool]
) -> int:
    those = (
        AuditEntry.patient_key == key,
        AuditEntry.seq < seq,
        AuditEntry.redacted_by.is_(None),
        *besides,
    )
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
