"""One record: all that was done to it, and taking it out of every result or bringing it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui import access, components, data_source, plain_table, saving
from sm_tracker.workflow.storing import Entity, Removal, Stored


def show_record_card(entity: Entity, patient: str, held: Sequence[Stored[Any]]) -> None:
    """The history of a chosen record, with the button that marks it.

    Parameters
    ----------
    entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
    patient : str
    held : sequence of Stored
        Records to choose from, marked ones too.
    """
    by_number = {s.record_id: s for s in held}
    with st.expander(_("History of one record, removing and bringing back")):
        chosen = st.selectbox(
            _("Record"),
            list(by_number),
            index=None,
            format_func=lambda n: _name(by_number[n]),
            key=f"record {entity} {patient}",
            placeholder=_("Choose a record"),
        )
        if chosen is None or chosen not in by_number:
            return
        one = by_number[chosen]
        if access.acting_person().may("editor"):
            _marking(one)
        heads = (_("When"), _("Who"), _("What"), _("Changes"), _("Reason"))
        entries = data_source.acting_store().history(entity, chosen)
        rows = (plain_table.html_row(*record_words.history_row(entry)) for entry in entries)
        plain_table.show_plain_table("words", heads, rows)


def _name(held: Stored[Any]) -> str:
    words = f"{held.record_id}: {record_words.record_line(held.record)}"
    return f"{words} ({_('removed')})" if held.mark else words


def _marking(held: Stored[Any]) -> None:
    label = _("Bring back") if held.mark else _("Mark as removed")
    key = f"{held.entity} {held.record_id}"
    # The version that was on the screen when the button was pressed, not the one stored by now.
    seen: Stored[Any] = st.session_state.get(f"seen {key}", held)
    with (
        st.form(f"mark {key}", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        reason = st.text_input(_("Reason"), key=f"why {key}", width=420)
        pressed = st.form_submit_button(label)
    components.show_note(
        _("A removed record counts in no result. It stays in the history and can be brought back.")
    )
    st.session_state[f"seen {key}"] = held
    if pressed:
        saving.save_edits([_edit(seen, reason)], seen.record)
        st.rerun()


def _edit(seen: Stored[Any], reason: str) -> Removal:
    return Removal(
        entity=seen.entity,
        record_id=seen.record_id,
        reason=reason,
        expected_version=seen.version,
        removed=not seen.mark,
    )
