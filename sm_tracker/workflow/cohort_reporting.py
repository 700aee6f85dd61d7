"""The report of a case series, as Word, PDF or HTML."""

from __future__ import annotations

from sm_tracker.languages import gettext as _
from sm_tracker.report.cohort_report import cohort_report
from sm_tracker.report.cohort_words import rule_words
from sm_tracker.report.contents import CaseReport
from sm_tracker.workflow.cohort import Cohort, CohortView, comparisons, sites_counted
from sm_tracker.workflow.report_files import WRITERS

KINDS = tuple(WRITERS)


def report_of_group(cohort: Cohort, view: CohortView, *, synthetic: bool = False) -> CaseReport:
    """The report of the question put to a group; patients are numbered, no code is in it.

    Parameters
    ----------
    cohort : Cohort
    view : CohortView
    synthetic : bool
        Whether the patients are invented, which the report then says.
    """
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
        remark=_("Synthetic patients. All values are invented.") if synthetic else "",
    )


def group_report_file(
    cohort: Cohort, view: CohortView, kind: str, *, synthetic: bool = False
) -> bytes:
    """The report as a file; `kind` is docx, html or pdf."""
    return WRITERS[kind](report_of_group(cohort, view, synthetic=synthetic), b"")
