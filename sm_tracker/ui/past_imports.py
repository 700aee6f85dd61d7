"""Imports so far: what each brought, what it noticed, and undoing one as a whole."""

from __future__ import annotations

from html import escape

import streamlit as st

from sm_tracker.errors import ConflictError, TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import record_words
from sm_tracker.report.import_words import column_word
from sm_tracker.ui import access, components, data_source, plain_table
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow import storing
from sm_tracker.workflow.storing import ImportSummary

SAID, ASKED = "said of imports", "undo with corrected rows"
MOST_SHOWN = 30


def show_past_imports() -> None:
    """The imports of the clinic, the latest first."""
    if not storing.store_exists():
        return
    past = data_source.acting_store().imports()
    if not past:
        return
    components.show_section(_("Imports so far"))
    said = st.session_state.pop(SAID, "")
    if said:
        st.info(escape_markdown(said))
    with st.container(key="card_imports"):
        for one in past[:MOST_SHOWN]:
            _import(one)
    if len(past) > MOST_SHOWN:
        components.show_note(_("The last {n} imports.").format(n=MOST_SHOWN))


def _import(past: ImportSummary) -> None:
    name, line = record_words.import_line(past)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="sm"><b>{escape(name)}</b><p>{escape(line)}</p></div>')
        with st.popover(_("Details"), type="tertiary", key=f"details {past.batch_id}"):
            _details(past)
        if past.undone_at is None and access.acting_person().may("editor"):
            with st.popover(_("Undo"), type="tertiary", key=f"undo {past.batch_id}"):
                _undo(past)


def _details(past: ImportSummary) -> None:
    for file in past.files:
        components.show_note(
            _("{name}, SHA-256 {hash}").format(name=file.name, hash=file.sha256[:16])
        )
    for key, value in past.answers.items():
        components.show_note(_("Answer to {key}: {value}").format(key=key, value=value))
    if st.toggle(_("What it noticed"), key=f"noticed {past.batch_id}"):
        found = data_source.acting_store().findings(past.batch_id)
        heads = (_("Row"), _("Column"), _("What happened"))
        rows = (
            plain_table.html_row(str(f.place.row or ""), column_word(f.column), str(f.message))
            for f in found[:200]
        )
        plain_table.show_plain_table("words", heads, rows)


def _undo(past: ImportSummary) -> None:
    components.show_note(
        _(
            "Rows that this import added count nowhere any more, and rows that it replaced get "
            "their former content back. The history keeps both."
        )
    )
    corrected = st.session_state.get(ASKED) == past.batch_id
    if corrected:
        components.show_note(
            _("Rows of this import were corrected after it. Undo it with these corrections?")
        )
    label = _("Undo with the corrected rows") if corrected else _("Undo this import")
    if st.button(label, key=f"undo now {past.batch_id}", type="primary"):
        _undo_now(past.batch_id, corrected)
        st.rerun()


def _undo_now(batch_id: int, corrected: bool) -> None:
    try:
        with st.spinner(_("Storing, all of it or nothing")):
            done = data_source.acting_store().undo_import(batch_id, including_edited=corrected)
    except ConflictError as error:
        st.session_state[ASKED] = batch_id
        st.session_state[SAID] = str(error)
        return
    except TrackerError as error:
        st.session_state[SAID] = str(error)
        return
    st.session_state.pop(ASKED, None)
    text = ngettext(
        "Import {batch} is undone: {n} row taken out, {back} given its former content.",
        "Import {batch} is undone: {n} rows taken out, {back} given their former content.",
        done.taken_out,
    )
    st.session_state[SAID] = text.format(batch=batch_id, n=done.taken_out, back=done.given_back)
