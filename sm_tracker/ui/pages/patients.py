"""Patients: who was seen last, what runs, and what the current period shows."""

from typing import Any

import pandas as pd
import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.figures.languages import capital
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import numbers
from sm_tracker.ui import components, data_source, language, patient
from sm_tracker.workflow.patient_list import patient_list

TABLE, SEARCH, ONLY_NEW = "patients table", "patients search", "patients of the last import"
HEIGHT = 560


def render() -> None:
    known = data_source.patient_source()
    listed = patient_list(data_source.analysis_of_all(known.source))
    n = len(listed)
    components.show_title(
        ngettext("{n} patient", "{n} patients", n).format(n=n),
        _("The patient seen last comes first. Choose a row to open the Timeline."),
    )
    new = data_source.new_since_last_import() if known.source == "store" else frozenset()
    with st.container(horizontal=True, vertical_alignment="center", key="patient_search"):
        searched = st.text_input(
            _("Search"),
            key=SEARCH,
            placeholder=_("Code, therapy or result"),
            label_visibility="collapsed",
            width=330,
        )
        only_new = bool(new) and st.toggle(
            _("New since the last import ({n})").format(n=len(new)), key=ONLY_NEW
        )
    if only_new:
        listed = listed[listed["patient_id"].isin(new)]
    shown = _matching(_in_words(listed), searched)
    with st.container(key="card"):
        _table(shown)
    components.show_intended_use(patient.sample_remark(known))


def _in_words(listed: pd.DataFrame) -> pd.DataFrame:
    """The list as it is read: the site and the word with a capital."""
    return listed.assign(
        word=listed["word"].map(capital), place=listed["place"].fillna("").map(capital)
    )


def _matching(listed: pd.DataFrame, searched: str) -> pd.DataFrame:
    """Rows in which every word that was typed stands."""
    text = listed[["patient_id", "running", "regimen", "place", "word"]].agg(" ".join, axis=1)
    text = text.str.casefold()
    for word in searched.casefold().split():
        listed = listed[text.loc[listed.index].str.contains(word, regex=False)]
    return listed.reset_index(drop=True)


def _change(value: Any) -> str:
    return "" if pd.isna(value) else numbers.signed(value, 2)


def _table(shown: pd.DataFrame) -> None:
    by_day = shown["last_date"].isna().all() and shown["last_day"].notna().any()
    hidden = "last_date" if by_day else "last_day"
    chosen = st.dataframe(
        shown.drop(columns=hidden).style.format({"change": _change}),
        key=TABLE,
        hide_index=True,
        height=min(HEIGHT, 38 + 36 * max(len(shown), 1)),
        row_height=36,
        on_select="rerun",
        placeholder="",
        selection_mode="single-row",
        column_config={
            "patient_id": st.column_config.TextColumn(_("Patient")),
            "last_date": st.column_config.DateColumn(
                _("Last visit"), format=language.date_order(in_a_grid=True)
            ),
            "last_day": st.column_config.NumberColumn(_("Last day"), format="%d"),
            "visits": st.column_config.NumberColumn(_("Visits"), format="%d"),
            "running": st.column_config.TextColumn(_("Therapy now")),
            "regimen": st.column_config.TextColumn(
                _("Answer for"), help=_("The newest period that has an answer.")
            ),
            "place": st.column_config.TextColumn(_("Site")),
            "word": st.column_config.TextColumn(_("Result"), width="medium"),
            "change": st.column_config.NumberColumn(_("Change (mm)")),
        },
    )
    rows = chosen["selection"]["rows"]
    if rows:
        st.session_state[patient.PATIENT] = str(shown["patient_id"].iloc[rows[0]])
        st.switch_page(patient.RECORDS_PAGE.with_name("timeline.py"))


try:
    render()
except TrackerError as error:
    components.show_error(error)
