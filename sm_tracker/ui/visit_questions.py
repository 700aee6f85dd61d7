"""What else happened at a visit: therapies that end, change or begin, and an event."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sm_tracker.domain.regimens import regimens
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui import (
    record_forms,
)
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow.storing import Stored
from sm_tracker.workflow.visit_changes import NewEvent, NewTherapy, TherapyChange
from sm_tracker.workflow.visit_entry import VisitForm


def ask_therapies(form: VisitForm, key: str) -> list[TherapyChange | NewTherapy]:
    """What ends, goes on with another dose, or begins at this visit."""
    changes: list[TherapyChange | NewTherapy] = []
    with st.expander(_("Therapy at this visit"), expanded=False):
        for held in form.running:
            changes += _of_running(held, f"{key} {held.record_id}")
        with st.container(horizontal=True):
            name = st.selectbox(
                _("Therapy begun"),
                sorted(r.name for r in regimens()),
                index=None,
                key=f"{key} therapy",
                accept_new_options=True,
                placeholder=_("Choose or type"),
            )
            dose = st.text_input(_("Dose"), key=f"{key} dose")
        if name:
            changes.append(NewTherapy(name, dose))
    return changes


def ask_event(key: str) -> list[NewEvent]:
    """What happened on the day of the visit: a biopsy, an infection, a photograph."""
    event = st.text_input(
        record_words.field_word("event"),
        key=f"{key} event",
        placeholder=_("For example: biopsy forearm"),
    )
    kind = record_forms.show_kind_choice(f"{key} event kind")
    return [NewEvent(event.strip(), kind)] if event.strip() else []


def _of_running(held: Stored[Any], key: str) -> list[TherapyChange | NewTherapy]:
    words = {"on": _("continues"), "end": _("ended"), "dose": _("dose changed")}
    period = held.record
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.segmented_control(
            escape_markdown(f"{period.therapy} {period.dose}".strip()),
            list(words),
            format_func=lambda w: words[str(w)],
            default="on",
            key=f"{key} what",
        )
        if what == "end":
            reason = st.text_input(_("Why it was stopped"), key=f"{key} why")
            return [TherapyChange(held, reason)]
        if what == "dose":
            dose = st.text_input(_("New dose"), key=f"{key} new dose")
            if dose.strip():
                return [TherapyChange(held, _("dose changed"), dose.strip())]
    return []
