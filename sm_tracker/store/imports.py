"""Importing files: shown first, stored as a whole, undone as a whole, never stored twice."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from sm_tracker.domain.records import ReadResult, Record
from sm_tracker.errors import ConflictError, StoreError
from sm_tracker.languages import Message
from sm_tracker.store.audit import AuditedChange
from sm_tracker.store.checks import checked_text
from sm_tracker.store.comparison import ChangedRow, RecordComparison, compare_records
from sm_tracker.store.editing import (
    add_rows,
    change_row,
    known_and_new_patients,
    note_change,
    note_new_patients,
    set_content,
)
from sm_tracker.store.import_reports import (
    ImportedFile,
    ImportPreview,
    ImportReport,
    UndoReport,
)
from sm_tracker.store.kept_imports import finding_as_stored, import_by_number
from sm_tracker.store.queries import check_one_time_axis, row_of, rows_by_id, stored_records
from sm_tracker.store.rows import (
    ENTITIES,
    canonical_json,
    digest_as_stated,
    new_salt,
    place_of,
    record_from_snapshot,
    row_snapshot,
)
from sm_tracker.store.schema import (
    AuditEntry,
    ClinicalRow,
    ImportBatch,
    ImportFile,
    ImportPatient,
)

OnChanged = Literal["refuse", "replace", "keep", "add"]
Progress = Callable[[float], None]
PORTION = 2_000
SHARE_CHECKED, SHARE_COMPARED, SHARE_ADDED = 0.1, 0.3, 0.95
"""How far an import of new rows has come by its time after each step."""


def preview_batch(
    session: Session, result: ReadResult, files: Sequence[ImportedFile]
) -> ImportPreview:
    """What :func:`import_batch` would do now; stores nothing.

    Raises
    ------
    StoreError
        If questions are open, the files were rejected, or a record breaks a rule.
    """
    return _plan(session, _incoming(result), files)


def _plan(
    session: Session, incoming: Sequence[Record], files: Sequence[ImportedFile]
) -> ImportPreview:
    found = _comparison(session, incoming, files)
    earlier = _earlier(session, files)
    if earlier is not None and not _undone_since(session, found.added):
        return ImportPreview(earlier=earlier)
    names = [f.name for f in dataclasses.fields(RecordComparison)]
    return ImportPreview(earlier=None, **{n: tuple(getattr(found, n)) for n in names})


def import_batch(
    audited: AuditedChange,
    result: ReadResult,
    files: Sequence[ImportedFile],
    *,
    answers: Mapping[str, str],
    on_changed: OnChanged,
    agreement: str,
    progress: Progress,
) -> ImportReport:
    """Store the records of files as one import.

    `progress` is told the share that is done, from 0 to 1; the last part is the commit.

    Raises
    ------
    ConflictError
        If `agreement` is given and the import would now do something else; or if rows differ
        from what is stored and `on_changed` is ``"refuse"``.
    StoreError
        If questions are open, the files were rejected, or a record breaks a rule.
    MixedTimeError
        If a patient would have calendar dates and day numbers.
    """
    incoming = _incoming(result)
    progress(SHARE_CHECKED)
    plan = _plan(audited.session, incoming, files)
    progress(SHARE_COMPARED)
    if agreement and agreement != plan.agreement:
        raise ConflictError(
            "The records changed since the import was shown",
            why="somebody else imported or corrected records in the meantime",
            fix="look at what the import would do now, and import again",
        )
    if plan.earlier is not None:
        return ImportReport(batch_id=plan.earlier, already_imported=True)
    if plan.changed and on_changed == "refuse":
        raise ConflictError(
            Message(
                "{n} rows differ from what is stored for the same visit or course",
                n=len(plan.changed),
            ),
            where=", ".join(f.name for f in files),
            why="an import replaces nothing without being told to",
            fix="look at the differences, then choose to replace, to keep or to add them",
        )
    keys, new = known_and_new_patients(audited, {r.patient_id for r in incoming})
    batch = _new_batch(audited, result, files, answers, keys.values())
    note_new_patients(audited, new)
    besides = [c.incoming for c in plan.changed] if on_changed == "add" else []
    added = [*plan.added, *besides]
    _add(
        audited,
        added,
        [*plan.added_digests, *map(digest_as_stated, besides)],
        keys,
        batch.id,
        progress,
    )
    if on_changed == "replace":
        for change in plan.changed:
            _replace(audited, change, batch.id)
    check_one_time_axis(audited.session, keys.values())
    return ImportReport(
        batch_id=batch.id,
        added=len(added),
        replaced=len(plan.changed) if on_changed == "replace" else 0,
        kept=len(plan.changed) if on_changed == "keep" else 0,
        unchanged=len(plan.unchanged),
        corrected=len(plan.corrected),
        removed=len(plan.removed),
        missing=len(plan.missing),
    )


def _add(
    audited: AuditedChange,
    records: Sequence[Record],
    digests: Sequence[str],
    keys: Mapping[str, int],
    batch_id: int,
    progress: Progress,
) -> None:
    """Add rows and their entries in portions, all in the transaction of the change."""
    for start in range(0, len(records), PORTION):
        some = slice(start, start + PORTION)
        add_rows(audited, records[some], keys, batch_id=batch_id, digests=digests[some])
        audited.write_trail()
        done = min(1.0, (start + PORTION) / len(records))
        progress(SHARE_COMPARED + (SHARE_ADDED - SHARE_COMPARED) * done)


def undo_import(audited: AuditedChange, batch_id: int, *, including_edited: bool) -> UndoReport:
    """Give every row the state it had before an import.

    Rows the import added count nowhere any more; rows it replaced get back their former
    content. An erased patient stays erased.

    Parameters
    ----------
    audited : AuditedChange
    batch_id : int
    including_edited : bool
        Whether rows that were corrected since are undone too; their history keeps the
        corrections.

    Raises
    ------
    ConflictError
        If rows were corrected since and `including_edited` is False.
    StoreError
        If the clinic has no such import, or it is already undone.
    """
    batch = import_by_number(audited.session, batch_id)
    if batch.undone_at is not None:
        raise StoreError(
            Message("Import {batch_id} is already undone", batch_id=batch_id),
            why=Message("at {undone_at}", undone_at=batch.undone_at),
        )
    entries = audited.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.batch_id == batch_id,
            AuditEntry.entity.in_(ENTITIES),
            or_(AuditEntry.redacted_by.is_(None), AuditEntry.action == "add"),
            AuditEntry.action.in_(("add", "replace")),
        )
        .order_by(AuditEntry.seq.desc())
    ).all()
    rows = _rows_of(audited.session, entries)
    edited = [entry for entry, row in rows if _edited_since(entry, row)]
    if edited and not including_edited:
        named = [place_of(e.entity, e.entity_id) for e in edited[:5]]
        raise ConflictError(
            Message(
                "{n} rows of import {batch_id} were changed after it",
                n=len(edited),
                batch_id=batch_id,
            ),
            where=Message("{records} and others", records=named)
            if len(edited) > len(named)
            else Message("{records}", records=named),
            fix="undo the import including these rows, or leave it",
        )
    before = row_snapshot(batch)
    _give_back(audited, rows)
    batch.undone_at, batch.undone_by = audited.at, audited.actor.user
    audited.session.flush()
    audited.note(
        "undo import",
        "import_batch",
        batch_id,
        before=before,
        after=row_snapshot(batch),
        batch_id=batch_id,
    )
    taken_out = sum(entry.action == "add" for entry, _ in rows)
    return UndoReport(batch_id, taken_out, len(rows) - taken_out)


def _incoming(result: ReadResult) -> list[Record]:
    if result.outcome == "ask":
        raise StoreError(
            "Nothing is stored while questions are open",
            where=", ".join(q.key for q in result.questions),
            fix="answer them and import again",
        )
    if result.outcome == "reject":
        raise StoreError("A rejected file is not stored", fix="correct the file")
    return list(result.records)


def _earlier(session: Session, files: Sequence[ImportedFile]) -> int | None:
    """The latest import that is not undone, if imports hold every one of the files."""
    hashes = {f.sha256 for f in files}
    found = session.execute(
        select(ImportFile.sha256, func.max(ImportFile.batch_id))
        .join(ImportBatch, ImportBatch.id == ImportFile.batch_id)
        .where(ImportFile.sha256.in_(hashes), ImportBatch.undone_at.is_(None))
        .group_by(ImportFile.sha256)
    )
    latest = dict(found.all())
    return max(latest.values()) if hashes and hashes == set(latest) else None


def _undone_since(session: Session, added: Sequence[Record]) -> bool:
    """Whether rows are gone because the import that had brought them was undone.

    A file whose rows were all stored already leaves them to the earlier import; once that one
    is undone, the file has something to add again.
    """
    codes = {r.patient_id for r in added}
    gone = {
        s.imported_digest
        for e in ENTITIES
        for s in stored_records(session, e, codes, marks=("undone",))
    }
    return any(digest_as_stated(r) in gone for r in added)


def _comparison(
    session: Session, incoming: Sequence[Record], files: Sequence[ImportedFile]
) -> RecordComparison:
    codes = {r.patient_id for r in incoming}
    held = [s for e in ENTITIES for s in stored_records(session, e, codes, marks=("", "removed"))]
    return compare_records(held, incoming, files=[f.name for f in files])


def _new_batch(
    audited: AuditedChange,
    result: ReadResult,
    files: Sequence[ImportedFile],
    answers: Mapping[str, str],
    patients: Iterable[int],
) -> ImportBatch:
    """The import as a whole, and all that its digest in the trail covers."""
    clinic = audited.actor.clinic
    batch = ImportBatch(
        clinic=clinic,
        imported_at=audited.at,
        imported_by=audited.actor.user,
        answers=canonical_json(dict(answers)),
        findings=json.dumps([finding_as_stored(f) for f in result.findings]),
        salt=new_salt(),
        files=[
            ImportFile(clinic=clinic, name=checked_text(f.name, "file name"), sha256=f.sha256)
            for f in files
        ],
    )
    audited.session.add(batch)
    audited.session.flush()
    touched = [{"clinic": clinic, "batch_id": batch.id, "patient_key": key} for key in patients]
    if touched:
        audited.session.execute(insert(ImportPatient), touched)
    audited.note(
        "import",
        "import_batch",
        batch.id,
        before=None,
        after=row_snapshot(batch),
        batch_id=batch.id,
    )
    return batch


def _replace(audited: AuditedChange, change: ChangedRow, batch_id: int) -> None:
    row, _ = row_of(audited.session, change.stored.entity, change.stored.record_id)
    before = row_snapshot(row)
    set_content(audited, row, change.incoming)
    row.imported_digest = digest_as_stated(change.incoming)
    change_row(audited, row, "replace", before, batch_id=batch_id)


def _rows_of(
    session: Session, entries: Sequence[AuditEntry]
) -> list[tuple[AuditEntry, ClinicalRow]]:
    held = {
        e: rows_by_id(session, e, [x.entity_id for x in entries if x.entity == e]) for e in ENTITIES
    }
    return [
        (x, row)
        for x in entries
        for e in ENTITIES
        if x.entity == e
        for row in [held[e].get(x.entity_id)]
        if row is not None
    ]


def _edited_since(entry: AuditEntry, row: ClinicalRow) -> bool:
    """Whether a row is not as the import left it; a change that was undone again is none."""
    if entry.redacted_by is not None:  # an erasure took the name of a file out of the first version
        return row.version > 2
    then = json.loads(entry.after or "{}")
    if then.get("version") == row.version:  # every change counts it up
        return False
    now = json.loads(canonical_json(row_snapshot(row)))
    return {**then, "version": 0} != {**now, "version": 0}


def _give_back(audited: AuditedChange, rows: Sequence[tuple[AuditEntry, ClinicalRow]]) -> None:
    """Former states of all rows; written together, because one import can hold thousands."""
    before = [row_snapshot(row) for _, row in rows]
    for entry, row in rows:
        if entry.action == "add":
            row.mark, row.mark_reason = "undone", f"import {entry.batch_id} undone"
        else:
            former = json.loads(entry.before or "{}")
            set_content(audited, row, record_from_snapshot(entry.entity, former))
            if row.mark != "undone":  # the import that had added it may be undone by now
                row.mark, row.mark_reason = former["mark"], former["mark_reason"]
            row.imported_digest = former["imported_digest"]
        row.version += 1
    audited.session.flush()
    for (entry, row), former in zip(rows, before, strict=True):
        note_change(audited, "undo", row, before=former, batch_id=entry.batch_id)
