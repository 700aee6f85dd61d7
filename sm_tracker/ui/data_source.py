"""Which patients can be looked at: of files just opened, of the store, or the sample patient.

Everything kept in a cache here has the acting person and the state of the store in its key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.errors import StoreError
from sm_tracker.ingest import SourceFile
from sm_tracker.ui import access, database, state
from sm_tracker.workflow import analysing, file_import, storing
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.measurement_error import hidden_by_default_error
from sm_tracker.workflow.storing import Actor, ImportPreview, PatientSummary, RecordStore

log = logging.getLogger(__name__)

Source = Literal["files", "store", "sample"]


@dataclass(frozen=True, slots=True)
class PatientSource:
    """The patients that can be chosen, and where their records come from."""

    source: Source
    patients: tuple[str, ...]


def patient_source() -> PatientSource:
    """Files opened in this session come first, then the store, else the sample patient.

    Raises
    ------
    TrackerError
        If the store cannot be read.
    """
    if state.kept_files() is not None:
        return PatientSource("files", _all_of_files().patients)
    stored = recent_first()
    return (
        PatientSource("store", stored)
        if stored
        else PatientSource("sample", sample_analysis(settings_in_force()).records.patients)
    )


def analysis_of(patient: str, source: Source) -> Analysis:
    """Everything computed for one patient."""
    if source == "files":
        return _of_files(patient)
    if source == "sample":
        return sample_analysis(settings_in_force())
    note_view("patient", [patient])
    who, store = access.acting_person(), acting_store()
    return _stored(who, store.state_id(), patient, settings_in_force(), _store=store)


def analysis_of_all(source: Source) -> Analysis:
    """Everything computed for all patients."""
    if source == "files":
        return _all_of_files()
    if source == "sample":
        return sample_analysis(settings_in_force())
    note_view("all patients")
    who, store = access.acting_person(), acting_store()
    return _stored_all(who, store.state_id(), settings_in_force(), _store=store)


def recent_first() -> tuple[str, ...]:
    """Codes of the patients of the clinic in the store, the one measured last first."""
    if not storing.store_exists():
        return ()
    known = acting_store().patients()  # by code
    return tuple(p.code for p in sorted(known, key=_last_day, reverse=True))


def _last_day(patient: PatientSummary) -> int:
    return patient.last_date.toordinal() if patient.last_date else 0


def new_since_last_import() -> frozenset[str]:
    """Codes of the patients to whom the last import added something."""
    if not storing.store_exists():
        return frozenset()
    standing = (i.batch_id for i in acting_store().imports() if i.undone_at is None)
    last = next(standing, None)
    return frozenset() if last is None else acting_store().patients_of_import(last)


def stored_patients() -> tuple[str, ...]:
    """Codes of the patients of the clinic in the store."""
    if not storing.store_exists():
        return ()
    return tuple(p.code for p in acting_store().patients())


def result_for_storing(
    files: tuple[SourceFile, ...], progress: state.Progress | None = None
) -> ReadResult:
    """What reading these files for storing gives, with answers remembered for their headers.

    Raises
    ------
    TrackerError
        If the store cannot be read.
    """
    if not storing.store_exists():
        return state.result_so_far(
            files, progress, state.StoreState(storing.NoStoredReadings(), "")
        )
    store = acting_store()
    beside = state.StoreState(store, store.state_id())
    result = state.result_so_far(files, progress, beside)
    now = state.file_answers()

    def read(given: Mapping[str, str]) -> ReadResult:
        return state.note_questions(
            state.read_with_answers(files, state.in_order(given), progress, beside)
        )

    result, used = storing.read_remembering(acting_store(), read, now.given, now.again)
    full_keys = {q.key: key for key, q in now.asked.items()}
    now.remembered = {full_keys.get(k, k): v for k, v in used.items()}
    now.since = storing.remembered_since(acting_store(), result) if used else {}
    return result


def preview_of_storing(result: ReadResult, files: tuple[SourceFile, ...]) -> ImportPreview:
    """What importing these files would do to the store now.

    Raises
    ------
    TrackerError
        If the store cannot be read, or a record breaks one of its rules.
    """
    if not storing.store_exists():
        return ImportPreview(earlier=None, added=result.records)
    who, store = access.acting_person(), acting_store()
    key = (state.ids_of(files), state.in_order(state.answers_so_far()))
    return _previewed(who, store.state_id(), key, _store=store, _result=result, _files=files)


@st.cache_resource(max_entries=3, ttl=3600, show_spinner=False, scope="session")
def _previewed(
    who: Actor,
    state_id: str,
    key: object,
    _store: RecordStore,
    _result: ReadResult,
    _files: tuple[SourceFile, ...],
) -> ImportPreview:
    return storing.preview_import(_store, _result, _files)


def acting_store() -> RecordStore:
    """The store as the acting person may use it; its database is made at the first use."""
    return database.store_of(access.acting_person())


def store_if_made() -> RecordStore | None:
    """The store as the acting person may use it, None where nothing was ever stored."""
    return acting_store() if storing.store_exists() else None


def settings_in_force() -> Settings:
    """The settings that the clinic agreed on; the defaults where nothing is stored."""
    return acting_store().settings() if storing.store_exists() else Settings()


def keep_settings(chosen: Settings, reason: str, instead_of: Settings) -> None:
    """Let the clinic use other settings from now on.

    Raises
    ------
    TrackerError
        If the reason is blank, the person may not, or somebody else changed them meanwhile.
    """
    acting_store().save_settings(chosen, reason, expected_settings_id=instead_of.settings_id)


VIEWS = "views noted"


def note_view(page: str, codes: Sequence[str] | None = None) -> None:
    """Write into the trail that stored records are looked at, once for each session.

    A view that cannot be written down is shown all the same, and the server says so.
    """
    if not access.views_are_noted():
        return
    seen: set[object] = st.session_state.setdefault(VIEWS, set())
    key = (page, None if codes is None else tuple(codes))
    if key in seen:
        return
    seen.add(key)
    try:
        acting_store().note_access("view", page, codes)
    except StoreError as error:
        log.warning("a view was not noted: %s", error.what)


def noted_export(
    name: str, make: Callable[[], bytes], codes: Sequence[str] | None = None
) -> Callable[[], bytes]:
    """The same download, written into the trail when it is asked for; not made if that fails."""
    if not access.views_are_noted() or patient_source().source != "store":
        return make
    store = acting_store()

    def noted() -> bytes:
        store.note_access("export", name, codes)
        return make()

    return noted


@st.cache_resource(show_spinner=False, max_entries=20)
def sample_analysis(chosen: Settings) -> Analysis:
    """The synthetic sample patient, analysed once for all sessions."""
    return analysing.analyse(file_import.sample_records(), settings=chosen)


def count_hidden_answers(analysis: Analysis, patient: str) -> tuple[int, int]:
    """In how many comparisons of a patient the default error hides an answer, and of how many."""
    who = (access.acting_person(), analysis.settings.settings_id)
    return _hidden(who, patient, analysis.visits, analysis.records.therapies, _analysis=analysis)


@st.cache_data(max_entries=200, ttl=3600, show_spinner=False)
def _hidden(
    who: object,
    patient: str,
    visits: pd.DataFrame,
    therapies: pd.DataFrame,
    _analysis: Analysis,
) -> tuple[int, int]:
    return hidden_by_default_error(_analysis, patient)


@st.cache_data(max_entries=50, ttl=3600, show_spinner=False)
def _stored(
    who: Actor, state_id: str, patient: str, chosen: Settings, _store: RecordStore
) -> Analysis:
    return analysing.analyse(_store.records([patient]), settings=chosen)


@st.cache_data(max_entries=3, ttl=3600, show_spinner=False)
def _stored_all(who: Actor, state_id: str, chosen: Settings, _store: RecordStore) -> Analysis:
    return analysing.analyse(_store.records(), settings=chosen)


def forget_computed() -> None:
    """Drop everything computed from stored records, after a patient was erased."""
    for cached in (_stored, _stored_all, _previewed, _hidden):
        cached.clear()


def _records_of_files() -> Records:
    kept = state.kept_files()
    files, given = kept if kept else ((), ())
    return file_import.records_of(state.read_with_answers(files, given))


@st.cache_data(max_entries=5, ttl=3600, show_spinner=False, scope="session")
def _analysed(files: state.Opened, patient: str, chosen: Settings) -> Analysis:
    records = _records_of_files()
    return analysing.analyse(records.of_patient(patient) if patient else records, settings=chosen)


def _of_files(patient: str) -> Analysis:
    return _analysed(state.kept_files() or ((), ()), patient, settings_in_force())


def _all_of_files() -> Analysis:
    return _of_files("")
