"""The figure of a group for a journal: drawn and handed over by the print renderer."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sm_tracker.figures.cohort.cohort_frame import CohortModel
from sm_tracker.figures.export import figure_bytes, figure_page
from sm_tracker.languages import gettext as _
from sm_tracker.ui import components, print_options
from sm_tracker.ui.print_options import Look
from sm_tracker.workflow import cohort_printing
from sm_tracker.workflow.cohort import Cohort, CohortView, FigureKind


def show_print(cohort: Cohort, view: CohortView, kind: FigureKind, *, synthetic: bool) -> None:
    """The figure on the page as a file, once it is asked for, with caption and alternative text."""
    with st.expander(_("Figure for a paper"), key="group figure", on_change="rerun") as place:
        if not place.open:
            return
        components.show_note(_("Patients are numbered; their codes are not in it."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            look = print_options.choose_look()
        with st.container(horizontal=True, vertical_alignment="center"):
            fmt, dpi = print_options.choose_file()
            notes = print_options.choose_notes()
        model = cohort_printing.print_model(cohort, view, kind, look.language, synthetic=synthetic)
        _hand_over(model, kind, fmt, dpi, look, notes=notes)
        st.code(
            cohort_printing.print_caption(cohort, view, kind, model), language=None, wrap_lines=True
        )
        components.show_note(_("Alternative text"))
        st.code(model.alt, language=None, wrap_lines=True)


def _hand_over(
    model: CohortModel, kind: FigureKind, fmt: str, dpi: int, look: Look, *, notes: bool
) -> None:
    written = partial(
        figure_page,
        model,
        width_mm=look.width_mm,
        gray=look.gray,
        notes=notes,
        text_pt=look.text_pt,
    )
    page = written()
    name = f"group_{kind}_{page.width_mm:g}mm".replace(".", "-")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download {format}").format(format=fmt.upper()),
            partial(figure_bytes, model, fmt, dpi=dpi, **written.keywords),
            f"{name}.{fmt}",
            print_options.MEDIA[fmt],
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key="group figure download",
        )
        components.show_note(print_options.size_words(page.width_mm, page.height_mm))
    if warning := look.warning(page.height_mm):
        components.show_note(warning)
