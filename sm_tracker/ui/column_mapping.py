"""Which column holds what: a table in which a person gives columns another role."""

from __future__ import annotations

import streamlit as st

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile
from sm_tracker.languages import gettext as _
from sm_tracker.report import import_words
from sm_tracker.ui import components, state
from sm_tracker.workflow.mapping import MAPPABLE_ROLES, SeenTable, columns_of_tables

UNKNOWN_COLUMNS = frozenset({"missing_column", "not_recognised"})


def show_column_mapping(result: ReadResult, files: tuple[SourceFile, ...]) -> None:
    """The switch, and a table of columns for each file; a change takes effect at once."""
    lacking = any(f.code in UNKNOWN_COLUMNS for f in result.findings)
    wanted = st.toggle(_("Change how columns are read"), value=lacking, key="map columns")
    if not wanted:
        return
    components.show_note(
        _("Change “Read as” where a column was taken for something else, or not read.")
    )
    for source in files:
        for table in _seen(
            state.ids_of([source]), state.in_order(state.answers_so_far()), _source=source
        ):
            _editor(table)


@st.cache_resource(max_entries=10, ttl=3600, show_spinner=False, scope="session")
def _seen(ids: state.FileIds, given: state.Answers, _source: SourceFile) -> tuple[SeenTable, ...]:
    return columns_of_tables(_source, dict(given))


def _editor(table: SeenTable) -> None:
    not_read = _("Not read")
    words = import_words.role_words()
    own = {words[role]: role for role in MAPPABLE_ROLES if role in words}
    key = f"columns {table.place} {state.in_order(state.answers_so_far())}"
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    for number, cells in edited.items():
        header = table.columns[int(number)].header
        state.map_column(table, header, own.get(cells.get("role", ""), ""))
    if edited:
        st.rerun()
    st.data_editor(
        {
            "column": [c.header for c in table.columns],
            "holds": [_holds(c.holds, identifying=c.identifying) for c in table.columns],
            "role": [words.get(c.role, not_read) for c in table.columns],
        },
        key=key,
        disabled=["column", "holds"],
        hide_index=True,
        column_config={
            "column": st.column_config.TextColumn(_("Column in {place}").format(place=table.place)),
            "holds": st.column_config.TextColumn(_("Holds"), width="large"),
            "role": st.column_config.SelectboxColumn(
                _("Read as"), options=[not_read, *own], required=True
            ),
        },
    )


def _holds(cells: str, *, identifying: bool) -> str:
    return _("left out, as it may identify a person") if identifying else cells
