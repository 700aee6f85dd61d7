"""The report of a case series, as Word, PDF or HTML."""

from __future__ import annotations

from sm_tracker.figures.export import figure_bytes
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _
from sm_tracker.report.cohort_report import cohort_report
from sm_tracker.report.cohort_words import rule_words
from sm_tracker.report.contents import CaseReport, FigureBlock
from sm_tracker.workflow.cohort import Cohort, CohortView, comparisons, sites_counted
from sm_tracker.workflow.cohort_printing import print_caption, print_model
from sm_tracker.workflow.cohort_view import FigureKind
from sm_tracker.workflow.report_files import WRITERS

KINDS = tuple(WRITERS)


WIDTH_MM, DPI = 174.0, 300


def report_of_group(
    cohort: Cohort,
    view: CohortView,
    *,
    kind: FigureKind = "waterfall",
    synthetic: bool = False,
) -> CaseReport:
    """The report of the question put to a group; patients are numbered, no code is in it.

    Parameters
    ----------
    cohort : Cohort
    view : CohortView
    kind : str
        Of the figure in it.
    synthetic : bool
        Whether the patients are invented, which the report then says.
    """
    model = print_model(cohort, view, kind, current(), synthetic=False)
    found = comparisons(view, cohort.settings.confidence) if view.change.n_computable else ()
    return cohort_report(
        view.change,
        view.regimens,
        found,
        view.one,
        unit=view.unit,
        age_cut=view.age_cut,
        rule=rule_words(cohort.settings, view.n_before_filters, len(view.one), sites_counted(view)),
        settings=cohort.settings,
        figure=FigureBlock(print_caption(cohort, view, kind, model), model.alt, WIDTH_MM),
        remark=_("Synthetic patients. All values are invented.") if synthetic else "",
    )


def group_report_file(
    cohort: Cohort,
    view: CohortView,
    ending: str,
    *,
    kind: FigureKind = "waterfall",
    synthetic: bool = False,
) -> bytes:
    """The report as a file, docx, html or pdf, with one of the figures of the group."""
    model = print_model(cohort, view, kind, current(), synthetic=False)
    picture = figure_bytes(model, "png", width_mm=WIDTH_MM, dpi=DPI, notes=False)
    report = report_of_group(cohort, view, kind=kind, synthetic=synthetic)
    return WRITERS[ending](report, picture)
