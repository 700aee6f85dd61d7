"""What an import would do to the stored records, shown before anything is stored."""

from __future__ import annotations

from html import escape

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import record_words
from sm_tracker.ui import components, plain_table
from sm_tracker.workflow.storing import ImportPreview, OnChanged

MOST_SHOWN = 200
CHOICE = "on changed"


def show_store_preview(preview: ImportPreview) -> OnChanged | None:
    """How many rows are new, stored already or changed, and what becomes of the changed ones.

    Returns
    -------
    {"refuse", "replace", "keep", "add"} or None
        None while a person has to say what becomes of changed rows.
    """
    components.show_section(_("Preview of the import"))
    if preview.earlier is not None:
        text = _("Nothing: these files were imported before (import {n}). They add no row.")
        components.show_note(text.format(n=preview.earlier))
        return "refuse"
    lines = "".join(
        f"<div><b>{n}</b> {escape(words)}</div>"
        for _kind, n, words in record_words.preview_counts(preview)
    )
    with st.container(key="card_preview"):
        st.html(f'<div class="sm">{lines}</div>')
        return _changed(preview) if preview.changed else "refuse"


def _changed(preview: ImportPreview) -> OnChanged | None:
    n = len(preview.changed)
    components.show_subsection(
        ngettext(
            "{n} row differs from what is stored for the same visit or course",
            "{n} rows differ from what is stored for the same visit or course",
            n,
        ).format(n=n)
    )
    rows = record_words.changed_rows(preview)
    heads = (_("Record"), _("Field"), _("Stored now"), _("In the file"))
    plain_table.show_plain_table(
        "words", heads, (plain_table.html_row(*row) for row in rows[:MOST_SHOWN])
    )
    if len(rows) > MOST_SHOWN:
        text = _("The first {shown} of {n} differences.")
        components.show_note(text.format(shown=MOST_SHOWN, n=len(rows)))
    options: dict[OnChanged, str] = {
        "keep": _("Leave them as stored"),
        "replace": _("Replace them by the file; the history keeps what was stored"),
        "add": _("Store both"),
    }
    return st.radio(
        _("What should happen to rows that differ?"),
        list(options),
        index=None,
        format_func=lambda k: options[k],
        key=f"{CHOICE} {preview.agreement}",  # asked again for every other import
    )
