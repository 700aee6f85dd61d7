"""What a person looked at last, kept in the store so that a lost connection loses nothing.

Kept are the code of the patient, the site and the period in focus; nothing where there is no
store, and nothing of files that were only opened. An earlier period comes back in the window
that chose it, which the address knows by a number of no meaning; a new window opens at now.
"""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.ui import data_source, views
from sm_tracker.ui.data_source import PatientSource
from sm_tracker.workflow import drawing
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.storing import LastView

log = logging.getLogger(__name__)
RESTORED, KEPT, WINDOW = "view restored", "view kept", "window"


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
    named = st.query_params.get(WINDOW)
    is_same = bool(named) and named == last.choices.get(WINDOW)
    if is_same:
        st.session_state[WINDOW] = named
    for name in ("site", "period") if is_same else ("site",):
        if name in last.choices:
            st.session_state[f"{name} {last.patient}"] = str(last.choices[name])
    st.session_state[KEPT] = last


def keep_view(known: PatientSource, analysis: Analysis, view: TimelineView) -> None:
    """Keep what is looked at now, where it differs from what was kept."""
    if known.source != "store":
        return
    window = st.session_state.setdefault(WINDOW, secrets.token_hex(4))
    site, period = views.focus_code(analysis, view), view.focus_period_id
    now = LastView(view.patient_id, {"site": site, "period": period, WINDOW: window})
    if period == drawing.starting_view(analysis, view.patient_id).focus_period_id:
        st.query_params.pop(WINDOW, None)
    elif st.query_params.get(WINDOW) != window:
        st.query_params[WINDOW] = window
    if st.session_state.get(KEPT) == now:
        return
    st.session_state[KEPT] = now
    try:
        data_source.acting_store().save_view(now)
    except TrackerError:
        log.warning("the view could not be kept")
