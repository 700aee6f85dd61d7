"""What else happened at a visit: therapies that end, change or begin, and an event."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sm_tracker.domain.regimens import regimens
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui import components, record_forms
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow.storing import Stored
from sm_tracker.workflow.visit_changes import NewEvent, NewTherapy, TherapyChange
from sm_tracker.workflow.visit_entry import VisitForm


def ask_therapies(form: VisitForm, key: str) -> list[TherapyChange | NewTherapy]:
    """What ends, goes on with another dose, or begins at this visit."""
    changes: list[TherapyChange | NewTherapy] = []
    with st.expander(_("Therapy at this visit"), expanded=False):
        rows, beneath = st.container(), st.container()
        with rows:
            for held in form.running:
                changes += _of_running(held, f"{key} {held.record_id}", beneath)
        with rows, st.container(horizontal=True):
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


def _of_running(
    held: Stored[Any], key: str, beneath: DeltaGenerator
) -> list[TherapyChange | NewTherapy]:
    """How one running therapy goes on.

    The field beside the answer is there before it: one that came with the answer would come
    too late for whoever goes on with Tab at once. What is said stands beneath all fields, in a
    place that is always there: anything that came between them would make the page build anew
    what follows, and take the keyboard away from it.
    """
    words = {"on": _("continues"), "end": _("ended"), "dose": _("dose changed")}
    period = held.record
    name = f"{period.therapy} {period.dose}".strip()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.segmented_control(
            escape_markdown(name),
            list(words),
            format_func=lambda w: words[str(w)],
            default="on",
            key=f"{key} what",
        )
        typed = st.text_input(_("Reason for stopping, or new dose"), key=f"{key} more").strip()
    if what == "end":
        return [TherapyChange(held, typed)]
    if what == "dose" and typed:
        return [TherapyChange(held, _("dose changed"), typed)]
    with beneath:
        if what == "dose":
            components.show_line(_("{therapy}: type the new dose.").format(therapy=name))
        elif typed:
            components.show_line(
                _("{therapy}: choose ended or dose changed, or clear the field.").format(
                    therapy=name
                )
            )
    return []
