"""What a person looked at last, kept in the store so that a lost connection loses nothing.

Kept are the code of the patient, the site and the period in focus; nothing where there is no
store, and nothing of files that were only opened.
"""

from __future__ import annotations

import logging

import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.ui import data_source
from sm_tracker.ui.data_source import PatientSource
from sm_tracker.workflow.storing import LastView

log = logging.getLogger(__name__)
RESTORED, KEPT = "view restored", "view kept"


def restore_view(known: PatientSource, patient_key: str) -> None:
    """Bring back the last patient and view, once in a session and only from the store."""
    if known.source != "store" or st.session_state.get(RESTORED):
        return
    st.session_state[RESTORED] = True
    try:
        last = data_source.acting_store().view()
    except TrackerError:
        log.warning("the last view could not be read")
        return
    if last.patient not in known.patients or patient_key in st.session_state:
        return
    st.session_state[patient_key] = last.patient
    for name in ("site", "period"):
        if name in last.choices:
            st.session_state[f"{name} {last.patient}"] = str(last.choices[name])
    st.session_state[KEPT] = last


def keep_view(known: PatientSource, patient: str, site: str, period: str) -> None:
    """Keep what is looked at now, where it differs from what was kept."""
    now = LastView(patient, {"site": site, "period": period})
    if known.source != "store" or st.session_state.get(KEPT) == now:
        return
    st.session_state[KEPT] = now
    try:
        data_source.acting_store().save_view(now)
    except TrackerError:
        log.warning("the view could not be kept")
