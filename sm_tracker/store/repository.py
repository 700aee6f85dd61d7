"""The store of one clinic as one person may use it: records in, records out."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from sqlalchemy import select
from sqlalchemy.orm import Session

from sm_tracker.domain.records import (
    Event,
    Finding,
    Measurement,
    OutcomeReading,
    R,
    ReadResult,
    TherapyPeriod,
)
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.domain.settings import Settings
from sm_tracker.languages import Message
from sm_tracker.store import access_log, choices, imports, kept_imports
from sm_tracker.store.actor import Actor, Role
from sm_tracker.store.audit import (
    AuditedChange,
    Clock,
    HistoryEntry,
    begin_audited_change,
    history_entry,
    last_entries,
    system_clock,
)
from sm_tracker.store.database import Database
from sm_tracker.store.editing import Addition, Correction, Edit, Removal, apply_edits
from sm_tracker.store.erasure import Erasure, erase_patient
from sm_tracker.store.import_reports import (
    ImportedFile,
    ImportPreview,
    ImportReport,
    ImportSummary,
    UndoReport,
)
from sm_tracker.store.queries import (
    PatientSummary,
    patient_summaries,
    patients_of_batch,
    records_tables,
    row_of,
    stated_series,
    stored_records,
)
from sm_tracker.store.rows import Entity, Stored, stored_record
from sm_tracker.store.schema import AuditEntry

if TYPE_CHECKING:
    from sm_tracker.domain.tables import Records

log = logging.getLogger(__name__)
Codes = Iterable[str] | None


class RecordStore:
    """Records of the actor's clinic; those of other clinics do not exist here.

    Each method is one transaction: done as a whole with its audit entries, or not at all.
    Every method can raise :class:`sm_tracker.errors.StoreError` where the database fails, and
    :class:`sm_tracker.errors.PermissionDenied` where the role does not allow the change.

    Parameters
    ----------
    database : Database
        From :func:`sm_tracker.store.open_store`.
    actor : Actor
        Who asks. Reading needs viewer, changing editor, erasing admin.
    clock : callable, optional
        Gives the present moment; for tests.
    """

    def __init__(self, database: Database, actor: Actor, clock: Clock = system_clock) -> None:
        self.database = database
        self.actor = actor
        self._clock = clock

    # -- reading -----------------------------------------------------------------------------

    def patients(self) -> tuple[PatientSummary, ...]:
        """Patients with at least one record that counts, by code."""
        with self._reading() as session:
            return patient_summaries(session)

    def patients_of_import(self, batch_id: int) -> frozenset[str]:
        """Codes of the patients with a record that counts and came with an import."""
        with self._reading() as session:
            return patients_of_batch(session, batch_id)

    def records(self, patient_ids: Codes = None) -> Records:
        """The records that count as four tables, of some patients or (None) of all."""
        with self._reading() as session:
            return records_tables(session, patient_ids)

    def measurements(self, patient_ids: Codes = None) -> list[Measurement]:
        """Measurements that count, in the order in which they were stored."""
        return [s.record for s in self.stored("measurement", patient_ids)]

    def therapies(self, patient_ids: Codes = None) -> list[TherapyPeriod]:
        """Therapy periods that count, in the order in which they were stored."""
        return [s.record for s in self.stored("therapy_period", patient_ids)]

    def outcomes(self, patient_ids: Codes = None) -> list[OutcomeReading]:
        """Outcome values that count, in the order in which they were stored."""
        return [s.record for s in self.stored("outcome_reading", patient_ids)]

    def events(self, patient_ids: Codes = None) -> list[Event]:
        """Events that count, in the order in which they were stored."""
        return [s.record for s in self.stored("clinical_event", patient_ids)]

    def stated_series(self, patient_ids: Iterable[str]) -> dict[str, list[SeriesKey]]:
        """What is stated of the series of patients, each combination once."""
        with self._reading() as session:
            return stated_series(session, patient_ids)

    @overload
    def stored(
        self,
        entity: Literal["measurement"],
        patient_ids: Codes = None,
        *,
        with_removed: bool = False,
    ) -> list[Stored[Measurement]]: ...
    @overload
    def stored(
        self,
        entity: Literal["therapy_period"],
        patient_ids: Codes = None,
        *,
        with_removed: bool = False,
    ) -> list[Stored[TherapyPeriod]]: ...
    @overload
    def stored(
        self,
        entity: Literal["outcome_reading"],
        patient_ids: Codes = None,
        *,
        with_removed: bool = False,
    ) -> list[Stored[OutcomeReading]]: ...
    @overload
    def stored(
        self,
        entity: Literal["clinical_event"],
        patient_ids: Codes = None,
        *,
        with_removed: bool = False,
    ) -> list[Stored[Event]]: ...
    def stored(
        self, entity: Entity, patient_ids: Codes = None, *, with_removed: bool = False
    ) -> list[Any]:
        """Records with number, version and mark, as editing needs them.

        Parameters
        ----------
        entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
        patient_ids : iterable of str, optional
            Patients; all of them if None.
        with_removed : bool
            Whether records marked as removed are listed too.
        """
        marks = ("", "removed") if with_removed else ("",)
        with self._reading() as session:
            return stored_records(session, entity, patient_ids, marks=marks)

    def one(self, entity: Entity, record_id: int) -> Stored[Any]:
        """One record with its number and version."""
        with self._reading() as session:
            return stored_record(*row_of(session, entity, record_id))

    def history(self, entity: Entity, record_id: int) -> tuple[HistoryEntry, ...]:
        """All that was done to one record, the oldest first."""
        with self._reading() as session:
            row_of(session, entity, record_id)
            query = select(AuditEntry).where(
                AuditEntry.entity == entity, AuditEntry.entity_id == record_id
            )
            return tuple(map(history_entry, session.scalars(query.order_by(AuditEntry.seq))))

    def audit_trail(
        self, *, last: int = 200, fold_imports: bool = False, with_access: bool = True
    ) -> tuple[HistoryEntry, ...]:
        """The last entries of the clinic's audit trail, the latest first.

        Parameters
        ----------
        last : int
        fold_imports : bool
            Whether an import is one entry instead of one a row.
        with_access : bool
            Whether sign-ins, views and exports are among them.
        """
        with self._reading() as session:
            return last_entries(
                session,
                self.actor.clinic,
                last,
                fold_imports=fold_imports,
                without=() if with_access else (access_log.ACCESS,),
            )

    def state_id(self) -> str:
        """Changes with every audited change of the clinic; for cache keys, beside the actor.

        Looking changes nothing: sign-ins, views and exports leave it as it is.
        """
        with self._reading() as session:
            head = session.scalars(
                select(AuditEntry.entry_hash)
                .where(AuditEntry.entity != access_log.ACCESS)
                .order_by(AuditEntry.seq.desc())
                .limit(1)
            ).one_or_none()
            return f"{self.actor.clinic}:{head or ''}"

    # -- importing ---------------------------------------------------------------------------

    def preview_import(self, result: ReadResult, files: Sequence[ImportedFile]) -> ImportPreview:
        """What importing these files would do now; stores nothing."""
        with self._reading() as session:
            return imports.preview_batch(session, result, files)

    def import_batch(
        self,
        result: ReadResult,
        files: Sequence[ImportedFile],
        *,
        answers: Mapping[str, str] | None = None,
        on_changed: imports.OnChanged = "refuse",
        agreement: str = "",
        progress: imports.Progress = lambda _share: None,
    ) -> ImportReport:
        """Store what was read from files; the same files a second time add nothing.

        Parameters
        ----------
        result : ReadResult
            Of outcome ``accept`` or ``accept_with_warning``.
        files : sequence of ImportedFile
        answers : mapping, optional
            The answers with which the files were read; kept with the import.
        on_changed : {"refuse", "replace", "keep", "add"}
            What becomes of rows that differ from what is stored for the same visit or course.
        agreement : str
            `agreement` of the preview that was shown; the import then does that or nothing.
        progress : callable, optional
            Told the share that is done, from 0 to 1. What it raises undoes the whole import.

        Raises
        ------
        ConflictError
            If rows differ and nobody said what to do, or the preview no longer holds.
        StoreError
            If questions are open, the files were rejected, or a record breaks a rule.
        MixedTimeError
            If a patient would have calendar dates and day numbers.
        """
        with self._audited_change("editor", Message("import files")) as audited:
            report = imports.import_batch(
                audited,
                result,
                files,
                answers=answers or {},
                on_changed=on_changed,
                agreement=agreement,
                progress=progress,
            )
        log.info("import %d: %d added, %d replaced", report.batch_id, report.added, report.replaced)
        return report

    def undo_import(self, batch_id: int, *, including_edited: bool = False) -> UndoReport:
        """Give every row the state it had before an import."""
        with self._audited_change("editor", Message("undo an import")) as audited:
            report = imports.undo_import(audited, batch_id, including_edited=including_edited)
        log.info("import %d undone", batch_id)
        return report

    def imports(self) -> tuple[ImportSummary, ...]:
        """All imports, the latest first."""
        with self._reading() as session:
            return kept_imports.past_imports(session)

    def findings(self, batch_id: int) -> tuple[Finding, ...]:
        """What an import noticed."""
        with self._reading() as session:
            return kept_imports.findings_of(session, batch_id)

    # -- editing -----------------------------------------------------------------------------

    def save_edits(self, edits: Sequence[Edit]) -> tuple[Stored[Any], ...]:
        """Additions, corrections and marks of a form or grid: all of them or none.

        Raises
        ------
        EditConflict
            If somebody else changed one of the records first; it carries both versions.
        StoreError
            If a record does not exist, a reason is blank, or an edit breaks a rule.
        """
        with self._audited_change("editor", Message("change records")) as audited:
            return apply_edits(audited, edits)

    def add(self, record: R, reason: str = "") -> Stored[R]:
        """Store a new record, entered by hand."""
        return self.save_edits([Addition(record, reason)])[0]

    def correct(
        self,
        entity: Entity,
        record_id: int,
        changes: Mapping[str, Any],
        *,
        reason: str,
        expected_version: int,
    ) -> Stored[Any]:
        """Give fields of a record new values; see :meth:`save_edits` for what it raises."""
        correction = Correction(
            entity=entity,
            record_id=record_id,
            changes=changes,
            reason=reason,
            expected_version=expected_version,
        )
        return self.save_edits([correction])[0]

    def mark_removed(
        self,
        entity: Entity,
        record_id: int,
        *,
        reason: str,
        expected_version: int,
        removed: bool = True,
    ) -> Stored[Any]:
        """Take a record out of every result, or (`removed` False) bring it back."""
        marking = Removal(
            entity=entity,
            record_id=record_id,
            reason=reason,
            expected_version=expected_version,
            removed=removed,
        )
        return self.save_edits([marking])[0]

    def erase_patient(self, patient_id: str, reason: str) -> Erasure:
        """Remove all content of one patient for good; a tombstone without content stays."""
        with self._audited_change("admin", Message("erase a patient")) as audited:
            self.database.owe_overwriting(audited.session)
            erasure = erase_patient(audited, patient_id, reason)
        log.info("patient number %d erased", erasure.patient_key)
        return dataclasses.replace(erasure, overwritten=self.database.overwrite_erased())

    # -- choices -----------------------------------------------------------------------------

    def save_settings(
        self, settings: Settings, reason: str, *, expected_settings_id: str | None = None
    ) -> None:
        """Let new settings follow the present ones; the old ones stay on record."""
        with self._audited_change("editor", Message("change settings")) as audited:
            choices.save_settings(audited, settings, reason, expected_settings_id)

    def settings(self, as_of: dt.datetime | None = None) -> Settings:
        """The settings that stood at a moment (None: now)."""
        with self._reading() as session:
            return choices.settings_at(session, as_of)

    def settings_history(self) -> tuple[choices.SettingsVersion, ...]:
        """All settings saved, the oldest first."""
        with self._reading() as session:
            return choices.settings_history(session)

    def remember_answers(self, signature: str, answers: Mapping[str, str]) -> None:
        """Keep answers for later files with the same header."""
        with self._audited_change("editor", Message("remember answers")) as audited:
            choices.remember_answers(audited, signature, answers)

    def answers_for(self, signature: str) -> dict[str, str]:
        """Answers given before for files with this header; empty if there are none."""
        with self._reading() as session:
            return choices.answers_for(session, signature)

    def remembered_since(self, signature: str) -> str:
        """When answers were last kept for files with this header; blank if there are none."""
        with self._reading() as session:
            return choices.answers_kept_since(session, signature)

    def save_view(self, view: choices.LastView) -> None:
        """Keep what this person looks at; anybody may, and it is not a record."""
        with self._audited_change("viewer", Message("keep a view")) as audited:
            choices.save_view(audited, view)

    def view(self) -> choices.LastView:
        """What this person looked at last."""
        with self._reading() as session:
            return choices.last_view(session, self.actor.user)

    # -- who came in -------------------------------------------------------------------------

    def note_access(self, what: access_log.Access, detail: str, codes: Codes = None) -> None:
        """Write into the trail that this person came, was refused, saw or took records along."""
        with self._audited_change("viewer", Message("keep a view")) as audited:
            access_log.note_access(audited, what, detail, codes)

    def sign_in_state(self, token: str) -> Literal["new", "on", "ended"]:
        """Whether a sign-in of this clinic is known, and whether it was ended."""
        with self._reading() as session:
            return access_log.sign_in_state(session, token)

    def begin_sign_in(self, token: str) -> None:
        """Keep a sign-in on the list."""
        with self._audited_change("viewer", Message("keep a view")) as audited:
            access_log.begin_sign_in(audited, token)

    def end_sign_in(self, token: str) -> None:
        """End a sign-in, wherever its cookie was copied to."""
        with self._audited_change("viewer", Message("keep a view")) as audited:
            access_log.end_sign_in(audited, token)

    # -- transactions ------------------------------------------------------------------------

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Session]:
        with self.database.session(self.actor.clinic, writing=False) as session:
            yield session

    @contextlib.contextmanager
    def _audited_change(self, role: Role, what: Message) -> Iterator[AuditedChange]:
        self.actor.require(role, what)
        with self.database.session(self.actor.clinic, writing=True) as session:
            audited = begin_audited_change(session, self.actor, self._clock)
            yield audited
            audited.write_trail()
