"""Which patient is in view: the picker on every page."""

from __future__ import annotations

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.report import wording
from sm_tracker.ui import components, memory, shelf
from sm_tracker.ui.shelf import Shelf
from sm_tracker.workflow import Analysis

PATIENT = "patient"


def choose(known: Shelf) -> tuple[Analysis, str]:
    """The patient picker with one line of facts; the patient's analysis and code."""
    memory.restore(known, PATIENT)
    patient = st.selectbox(
        _("Patient"),
        known.patients,
        label_visibility="collapsed",
        key=PATIENT,
        persist_state="session",
        width=330,
    )
    analysis = shelf.analysis_of(patient, known.source)
    own = analysis.visits[analysis.visits["patient_id"] == patient]
    strong, rest = wording.patient_facts(own)
    components.facts(source_word(known), strong, rest)
    return analysis, str(patient)


def bar() -> tuple[Analysis, str, Shelf]:
    """The picker on top of a page: analysis and code of the patient, and the shelf."""
    known = shelf.shelf()
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        analysis, patient = choose(known)
    return analysis, patient, known


def source_word(known: Shelf) -> str:
    """What must be known of where the records are: invented, or not stored."""
    return {"sample": _("Synthetic"), "files": _("Not stored"), "store": ""}[known.source]


def remark(known: Shelf) -> str:
    """What must be said of an invented patient."""
    if known.source != "sample":
        return ""
    return _("Synthetic patient. All values are invented and show no real person.")
