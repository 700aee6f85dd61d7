"""Dates of therapies that come from the tags of readings: where the real ones can be entered."""

from __future__ import annotations

import streamlit as st

from sm_tracker.domain.records import ReadResult
from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.period_words import is_from_tags
from sm_tracker.ui import access, components, views
from sm_tracker.workflow.analysing import Analysis

RECORDS = "sm_tracker/ui/pages/records.py"
KIND = "kind"


def show_tag_offer(analysis: Analysis, view: TimelineView, source: str) -> None:
    """Ask for the real dates of the period in focus, until the person leaves it at that.

    Parameters
    ----------
    analysis : Analysis
    view : TimelineView
    source : {"files", "store", "sample"}
        Where the records come from; only stored ones can be changed.
    """
    left = f"dates from tags {view.patient_id}"
    therapies = analysis.records.of_patient(view.patient_id).therapies
    own = therapies[therapies["period_id"] == view.focus_period_id]
    if own.empty or not is_from_tags(own.iloc[0]) or st.session_state.get(left):
        return
    may_change = source == "store" and access.acting_person().may("editor")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tag_offer"):
        components.show_note(
            _("These dates come from the tags of the readings. Do you know the real ones?")
            if may_change
            else _(
                "These dates come from the tags of the readings. Once the files are imported, the "
                "real ones can be entered under Records."
            )
        )
        if may_change and st.button(_("Enter the dates"), key="enter the dates"):
            views.choose_in_advance(KIND, "therapy_period")
            st.switch_page(RECORDS)
        st.button(
            _("Keep these dates"),
            type="tertiary",
            key="leave the dates",
            on_click=st.session_state.update,
            args=({left: True},),
        )


def announce_tag_dates(result: ReadResult) -> None:
    """On the import page, once for all therapies: that their real dates can be entered."""
    n = sum(p.starts_by is not None or p.ends_after is not None for p in result.therapies)
    if n:
        words = ngettext(
            "The dates of {n} therapy come from the tags of the readings. If you know the real "
            "ones, enter them under Records after the import.",
            "The dates of {n} therapies come from the tags of the readings. If you know the real "
            "ones, enter them under Records after the import.",
            n,
        )
        components.show_note(words.format(n=n))
