"""Which patient is in view: the picker on every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.report import set_aside_words, wording
from sm_tracker.ui import components, data_source, memory
from sm_tracker.ui.data_source import PatientSource
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow import analysing
from sm_tracker.workflow.analysing import Analysis

PATIENT = "patient"
RECORDS_PAGE = Path(__file__).parent / "pages" / "records.py"


def choose_patient(known: PatientSource) -> tuple[Analysis, str]:
    """The patient picker with one line of facts; the patient's analysis and code."""
    memory.restore_view(known, PATIENT)
    patient = st.selectbox(
        _("Patient"),
        known.patients,
        label_visibility="collapsed",
        key=PATIENT,
        persist_state="session",
        width=330,
    )
    analysis = data_source.analysis_of(patient, known.source)
    strong, rest = wording.patient_facts(analysing.visits_of(analysis, patient))
    components.show_facts(source_word(known), strong, rest)
    return analysis, str(patient)


def stop_if_set_aside(analysis: Analysis, patient: str) -> None:
    """End the page of a patient who was set aside with why, and where to mend it."""
    aside = set_aside_words.set_aside_reasons(analysis.set_aside).get(patient)
    if aside is None:
        return
    st.warning(
        f"**{escape_markdown(aside.reason)}** {escape_markdown(f'{aside.where}. {aside.fix}')}"
    )
    components.show_note(_("The other patients are computed. The records themselves are kept."))
    st.page_link(RECORDS_PAGE, label=_("Records"), icon=":material/arrow_forward:")
    components.show_intended_use()
    st.stop()


def patient_bar() -> tuple[Analysis, str, PatientSource]:
    """The picker on top of a page: analysis and code of the patient, and the shelf."""
    known = data_source.patient_source()
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        analysis, patient = choose_patient(known)
    stop_if_set_aside(analysis, patient)
    return analysis, patient, known


def show_others_set_aside(known: PatientSource, but: str = "") -> None:
    """Name the patients of opened files that could not be computed, one excepted."""
    if known.source != "files":
        return
    aside = data_source.analysis_of_all(known.source).set_aside
    words = set_aside_words.set_aside_notice(aside[aside["patient_id"] != but])
    if words:
        components.show_note(words)


def source_word(known: PatientSource) -> str:
    """What must be known of where the records are: invented, or not stored."""
    return {"sample": _("Synthetic"), "files": _("Not stored"), "store": ""}[known.source]


def sample_remark(known: PatientSource) -> str:
    """What must be said about an invented patient."""
    if known.source != "sample":
        return ""
    return _("Synthetic patient. All values are invented and show no real person.")
