"""Dates of therapies that come from the tags of readings: what is known, and where to say more."""

from __future__ import annotations

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.records import ReadResult
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import period_words
from sm_tracker.ui import access, components
from sm_tracker.workflow import Analysis, TimelineView

RECORDS = "sm_tracker/ui/pages/records.py"
KIND = "kind"
LISTED = 6


def show(analysis: Analysis, view: TimelineView, source: str) -> None:
    """Ask for the real dates of the period in focus, once a patient.

    Parameters
    ----------
    analysis : Analysis
    view : TimelineView
    source : {"files", "store", "sample"}
        Where the records come from; only stored ones can be changed.
    """
    left = f"dates from tags {view.patient_id}"
    therapies = analysis.records.of_patient(view.patient_id).therapies
    offers = period_words.offers(therapies, [view.focus_period_id])
    if not view.focus_period_id or not offers or st.session_state.get(left):
        return
    may_change = source == "store" and access.actor().may("editor")
    ask = (
        _("Do you know the real date?")
        if may_change
        else _("Where the real date is known, it can be entered under Records after the import.")
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tag_offer"):
        components.note(f"{offers[0].text} {ask}")
        if may_change and st.button(_("Enter the date"), key="enter the date"):
            st.session_state[KIND] = "therapy_period"
            st.switch_page(RECORDS)
        st.button(
            _("Leave it"),
            type="tertiary",
            key="leave the date",
            on_click=st.session_state.update,
            args=({left: True},),
        )


def announce(result: ReadResult) -> None:
    """On the import page: what the tags say of start and end, and that dates can be entered."""
    records = workflow.records_of(result)
    lines = [
        f"{patient} · {offer.text}"
        for patient in records.patients
        for offer in period_words.offers(records.of_patient(patient).therapies)
    ]
    if not lines:
        return
    components.section(
        _("Dates from the tags of readings"),
        _("Where you know the real dates, enter them under Records after the import."),
    )
    components.note(" ".join(lines[:LISTED]))
    if len(lines) > LISTED:
        more = len(lines) - LISTED
        components.note(ngettext("and {n} more", "and {n} more", more).format(n=more))
