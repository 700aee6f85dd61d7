"""What else happened at a visit: therapies that end, change or begin, and an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from sm_tracker.domain.regimens import regimens
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui import components, record_forms
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow.storing import Stored
from sm_tracker.workflow.visit_changes import NewEvent, NewTherapy, TherapyChange, VisitChange
from sm_tracker.workflow.visit_entry import VisitForm


@dataclass(frozen=True, slots=True)
class AskedChanges:
    """What else happened at a visit, and what was said of it by half.

    A sentence in `unfinished` stops the save: nothing that was typed is left out unsaid.
    """

    changes: tuple[VisitChange, ...] = ()
    unfinished: tuple[str, ...] = ()

    def __add__(self, other: AskedChanges) -> AskedChanges:
        return AskedChanges(self.changes + other.changes, self.unfinished + other.unfinished)


def ask_therapies(form: VisitForm, key: str) -> AskedChanges:
    """What ends, goes on with another dose, or begins at this visit."""
    asked = AskedChanges()
    with st.expander(_("Therapy at this visit"), expanded=False):
        for held in form.running:
            asked += _of_running(held, f"{key} {held.record_id}")
        with st.container(horizontal=True):
            name = st.selectbox(
                _("Therapy begun"),
                sorted(r.name for r in regimens()),
                index=None,
                key=f"{key} therapy",
                accept_new_options=True,
                placeholder=_("Choose or type"),
            )
            dose = st.text_input(_("Dose"), key=f"{key} dose").strip()
        missing = _("Choose the therapy that begins, or clear its dose.")
        unfinished = _said_beneath(missing if dose and not name else "")
    return asked + AskedChanges((NewTherapy(name, dose),) if name else (), unfinished)


def ask_event(key: str) -> AskedChanges:
    """What happened on the day of the visit: a biopsy, an infection, a photograph."""
    event = st.text_input(
        record_words.field_word("event"),
        key=f"{key} event",
        placeholder=_("For example: biopsy forearm"),
    ).strip()
    kind = record_forms.show_kind_choice(f"{key} event kind")
    if event:
        return AskedChanges((NewEvent(event, kind),))
    return AskedChanges(unfinished=(_("Type what happened, or clear its kind."),) if kind else ())


def _of_running(held: Stored[Any], key: str) -> AskedChanges:
    """How one running therapy goes on.

    The field beside the answer is there before it: one that came with the answer would come
    too late for whoever goes on with Tab at once.
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
        _said_beneath("")
        return AskedChanges((TherapyChange(held, typed),))
    if what == "dose" and typed:
        _said_beneath("")
        return AskedChanges((TherapyChange(held, _("dose changed"), typed),))
    missing = ""
    if what == "dose":
        missing = _("{therapy}: type the new dose.").format(therapy=name)
    elif typed:
        missing = _("{therapy}: choose ended or dose changed, or clear the field.").format(
            therapy=name
        )
    return AskedChanges(unfinished=_said_beneath(missing))


def _said_beneath(words: str) -> tuple[str, ...]:
    """A sentence at its field, in a place that is always there.

    Anything that came between the fields would make the page build anew what follows, and take
    the keyboard away from it.
    """
    with st.container():
        if words:
            components.show_line(words)
    return (words,) if words else ()
