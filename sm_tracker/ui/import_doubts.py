"""Doubtful values of an import: what each may be, corrected or confirmed before it is stored."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sm_tracker.domain.record_fields import MOST_MM
from sm_tracker.domain.records import Measurement
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import record_words
from sm_tracker.report.doubt_words import doubted_value, suggestion_text, value_text
from sm_tracker.ui import components, state
from sm_tracker.workflow.doubts import DoubtAnswer, IncomingDoubt

LISTED = 10


def show_incoming_doubts(
    found: Sequence[IncomingDoubt],
) -> list[tuple[IncomingDoubt, DoubtAnswer]]:
    """Doubtful values with their answers; what was answered so far."""
    if not found:
        return []
    given = state.doubt_answers()
    n = sum(one.key not in given for one in found)
    name = "question_doubts" if n else "question_doubts_answered"
    with st.container(key=name):
        words = ngettext(
            "{n} doubtful value counts in no result until it is confirmed or corrected.",
            "{n} doubtful values count in no result until they are confirmed or corrected.",
            n,
        )
        components.show_card_title(
            words.format(n=n) if n else _("All doubtful values are answered."),
            _("Answer here, or later on the Timeline. The history keeps what the file says."),
        )
        for number, one in enumerate(found[:LISTED]):
            with st.container(
                key=f"incoming_{number}", horizontal=True, vertical_alignment="center"
            ):
                _line(one, number)
        if (more := len(found) - LISTED) > 0:
            text = ngettext("{n} more follows.", "{n} more follow.", more)
            components.show_note(text.format(n=more))
    return [(one, given[one.key]) for one in found if one.key in given]


def _line(one: IncomingDoubt, number: int) -> None:
    """One value: where it stands, and its answers; or what was answered."""
    given = state.doubt_answers()
    where = record_words.record_line(one.record, with_value=False)
    row = _("row {n}").format(n=one.record.place.row) if one.record.place.row else ""
    where = " · ".join(filter(None, (row, where)))
    if one.key in given:
        answer = given[one.key]
        words = (
            _("{value} is right.").format(value=value_text(one.record))
            if answer is None
            else _("{right} instead of {value}.").format(
                right=value_text(one.record, answer), value=value_text(one.record)
            )
        )
        components.show_line(f"{where}: {words}")
        st.button(
            _("Take back"), type="tertiary", key=f"back {number}",
            on_click=state.take_doubt_back, args=[one.key],
        )  # fmt: skip
        return
    components.show_line(f"{where}: {doubted_value(one.record, one.doubt)}")
    if one.doubt.suggested is not None:
        st.button(
            _("Save {value} instead").format(value=suggestion_text(one.record, one.doubt)),
            key=f"suggested {number}", on_click=state.answer_doubt,
            args=[one.key, one.doubt.suggested],
        )  # fmt: skip
    st.button(
        _("Confirm as read"), key=f"as read {number}",
        on_click=state.answer_doubt, args=[one.key, None],
    )  # fmt: skip
    with st.popover(_("Another value"), type="tertiary", key=f"another {number}"):
        is_thickness = isinstance(one.record, Measurement)
        widget = f"other {one.key}"
        st.number_input(
            _("Right value (mm)") if is_thickness else _("Right value"),
            value=None,
            min_value=0.01 if is_thickness else None,
            max_value=MOST_MM if is_thickness else None,
            step=0.01 if is_thickness else None,
            format="%.2f" if is_thickness else None,
            key=widget,
            on_change=_keep,
            args=[one.key, widget],
        )


def _keep(key: str, widget: str) -> None:
    if st.session_state[widget] is not None:
        state.answer_doubt(key, st.session_state[widget])
