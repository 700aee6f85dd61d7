"""Print and copy: the sentence, the table, letters, and one page on paper."""

from __future__ import annotations

import datetime as dt
from functools import partial

import streamlit as st

from sm_tracker import languages
from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.languages import gettext as _
from sm_tracker.ui import components, data_source
from sm_tracker.workflow import hand_out
from sm_tracker.workflow.analysing import Analysis

PDF = "application/pdf"
WIDTH = 560


def show_print_and_copy(analysis: Analysis, view: TimelineView, series: str) -> None:
    """A small control with the ways in which an answer leaves the page.

    Parameters
    ----------
    analysis : Analysis
    view : TimelineView
    series : str
        Name of the site or outcome in focus.
    """
    place = st.popover(
        _("Print and copy"), icon=":material/print:", type="tertiary", key="hand_out",
        on_change="rerun",
    )  # fmt: skip
    if not place.open:
        return
    with place, st.container(width=WIDTH):
        st.download_button(
            _("One page as PDF"),
            data_source.noted_export(
                "one page",
                partial(_page, languages.current(), analysis, view, series),
                analysis.records.patients,
            ),
            file_name=f"skin_thickness_{dt.date.today():%Y-%m-%d}.pdf",
            mime=PDF,
            key="one page",
            on_click="ignore",
            type="primary",
        )
        headline, _second = hand_out.answer_in_focus(analysis, view)
        copied = {
            _("Sentence"): "".join(s.text for s in headline),
            _("For the letter to a colleague"): hand_out.letter_to_colleague(analysis, view),
            _("For the patient, in plain words"): hand_out.letter_to_patient(analysis, view),
            _("Table, for a letter or spreadsheet"): hand_out.table_to_copy(analysis, view),
        }
        for title, text in copied.items():
            components.show_subsection(title)
            st.code(text, language=None, wrap_lines=True)


def _page(language: str, analysis: Analysis, view: TimelineView, series: str) -> bytes:
    """The page, made when it is asked for: away from the page, so in its language again."""
    with languages.speaking(language):
        return hand_out.page_on_paper(analysis, view, series, dt.date.today())
