"""The report of a group for a paper, to be taken as a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.ui import components
from sm_tracker.ui.report_words import MEDIA
from sm_tracker.workflow import cohort_reporting
from sm_tracker.workflow.cohort import Cohort, CohortView, FigureKind

FILE_NAME = "case_series_report"


def show_files(cohort: Cohort, view: CohortView, kind: FigureKind, *, synthetic: bool) -> None:
    """The report of the question on the page, in each of its formats."""
    with st.expander(_("Report for a paper")):
        components.show_note(
            _(
                "Results, the figure chosen above, tables, methods and settings of this group. "
                "Patients are numbered; their codes are not in it."
            )
        )
        with st.container(horizontal=True):
            for ending in cohort_reporting.KINDS:
                label, media = MEDIA[ending]
                st.download_button(
                    _(label),
                    partial(
                        cohort_reporting.group_report_file,
                        cohort,
                        view,
                        ending,
                        kind=kind,
                        synthetic=synthetic,
                    ),
                    f"{FILE_NAME}.{ending}",
                    media,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"group report {ending}",
                )
