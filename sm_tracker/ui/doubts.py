"""Open doubts of a patient: an amber line each, answered in two presses."""

from __future__ import annotations

import streamlit as st

from sm_tracker.domain.doubt import MISSING_CODE
from sm_tracker.domain.records import THERAPY_NOT_STATED, Measurement
from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import record_words
from sm_tracker.report.doubt_words import doubted_value
from sm_tracker.ui import access, components, data_source, saving
from sm_tracker.workflow import doubts
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.doubts import DoubtedRecord

LISTED = 3


def show_doubts_of_stored(patient: str) -> None:
    """The open doubts of a stored patient, with the two answers each may have."""
    found = doubts.doubted_records(data_source.acting_store(), patient)
    if not found:
        return
    with st.container(key="question_doubts"):
        n = len(found)
        words = ngettext(
            "{n} doubtful value counts in no result until it is confirmed or corrected.",
            "{n} doubtful values count in no result until they are confirmed or corrected.",
            n,
        )
        components.show_line(words.format(n=n))
        for one in found[:LISTED]:
            _answerable(one)
        if n > LISTED:
            more = n - LISTED
            text = ngettext("{n} more follows.", "{n} more follow.", more)
            components.show_note(text.format(n=more))


def show_doubts_of_analysis(analysis: Analysis, patient: str, *, stored: bool) -> None:
    """The open doubts in what is shown of a patient, wherever it comes from."""
    records = analysis.records
    n = sum(
        int(
            (
                (f["patient_id"] == patient)
                & (f["doubt"] == "open")
                & (f["doubt_reason"] != THERAPY_NOT_STATED)
            ).sum()
        )
        for f in (records.measurements, records.outcomes)
    )
    if not n:
        return
    if stored:
        show_doubts_of_stored(patient)
        return
    words = ngettext(
        "{n} doubtful value counts in no result until it is confirmed or corrected.",
        "{n} doubtful values count in no result until they are confirmed or corrected.",
        n,
    ).format(n=n)
    with st.container(key="question_doubts"):
        components.show_line(words)
        components.show_note(_("Import the files to do so; a question mark shows the place."))


def _answerable(one: DoubtedRecord) -> None:
    record = one.held.record
    key = f"{one.held.entity}_{one.held.record_id}"
    with st.container(key=f"doubt_{key}", horizontal=True, vertical_alignment="center"):
        where = record_words.record_line(record, with_value=False)
        components.show_line(f"{where}: {doubted_value(record, one.doubt)}")
        if access.acting_person().may("editor"):
            _answers(one, key)


def _answers(one: DoubtedRecord, key: str) -> None:
    record = one.held.record
    turn = f"{key} {one.held.version}"
    with st.popover(_("Answer"), type="tertiary", key=f"answer of doubt {turn}"):
        if st.button(_("Confirm as read"), key=f"confirm {turn}"):
            reason = _("confirmed as read")
            saving.save_edits([doubts.confirmation(one, reason)], record)
            st.rerun()
        if one.doubt.reason == MISSING_CODE and st.button(
            _("It stands for a missing value"), key=f"missing {turn}"
        ):
            reason = _("code for a missing value")
            saving.save_edits([doubts.removal(one, reason)], record)
            st.rerun()
        is_thickness = isinstance(record, Measurement)
        value = st.number_input(
            _("Right value (mm)") if is_thickness else _("Right value"),
            value=one.doubt.suggested,
            step=0.01 if is_thickness else None,
            format="%.2f" if is_thickness else None,
            key=f"right value {turn}",
        )
        if st.button(_("Correct"), key=f"correct {turn}", type="primary"):
            _correct(one, value)
            st.rerun()


def _correct(one: DoubtedRecord, value: float | None) -> None:
    if value is None:
        saving.keep_line("error", _("Type the right value first."))
        return
    try:
        change, remarks = doubts.corrected(one, value, _("doubtful value corrected"))
    except TrackerError as error:
        saving.show_refusal(error)
        return
    if saving.save_edits([change], one.held.record):
        saving.show_import_remarks(remarks)
