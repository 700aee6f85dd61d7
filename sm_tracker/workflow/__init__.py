"""The use cases: import, analyse, draw, report, store. Pages and commands call these only.

Those of the store are in :mod:`sm_tracker.workflow.storing`, because what only reads a file
need not wait for a database to be loaded.
"""

from sm_tracker.analysis.error.repeatability import Repeatability
from sm_tracker.domain.tables import Records
from sm_tracker.figures.comparison.comparison_model import ComparisonModel, ComparisonView
from sm_tracker.figures.timeline.build_timeline import TimelineModel, TimelineView
from sm_tracker.ingest import SourceFile
from sm_tracker.report.export_tables import write_csv, write_xlsx
from sm_tracker.workflow.analysing import (
    Analysis,
    analyse,
    chosen_changes,
    effects_of_file,
    only_patient,
    repeatability_of,
    require_computed,
    sensitivity,
    set_aside_of,
    set_aside_rows,
    settings_from_texts,
    visits_of,
)
from sm_tracker.workflow.drawing import (
    change_in_focus,
    changes_of,
    changes_of_period,
    changes_over_sites,
    names_of_series,
    outcomes_of,
    outlook_of,
    period_comparison,
    period_labels,
    periods_without_reading,
    regimens_of,
    sensitivity_of,
    series_of,
    starting_view,
    timeline,
    timeline_figure,
    unit_of_outcome,
)
from sm_tracker.workflow.figure_choices import (
    FigureChoices,
    comparison_view,
    figure_model,
    timeline_view,
)
from sm_tracker.workflow.file_import import (
    files_from_paths,
    read_files,
    records_of,
    refused_rows_csv,
    result_as_json,
    sample_records,
    template_files,
)
from sm_tracker.workflow.reporting import (
    REPORT_KINDS,
    chosen_figure,
    export_figure,
    is_synthetic,
    report_file,
    report_of,
    what_files_may_identify,
)

__all__ = [
    "REPORT_KINDS",
    "Analysis",
    "ComparisonModel",
    "ComparisonView",
    "FigureChoices",
    "Records",
    "Repeatability",
    "SourceFile",
    "TimelineModel",
    "TimelineView",
    "analyse",
    "change_in_focus",
    "changes_of",
    "changes_of_period",
    "changes_over_sites",
    "chosen_changes",
    "chosen_figure",
    "comparison_view",
    "effects_of_file",
    "export_figure",
    "figure_model",
    "files_from_paths",
    "is_synthetic",
    "names_of_series",
    "only_patient",
    "outcomes_of",
    "outlook_of",
    "period_comparison",
    "period_labels",
    "periods_without_reading",
    "read_files",
    "records_of",
    "refused_rows_csv",
    "regimens_of",
    "repeatability_of",
    "report_file",
    "report_of",
    "require_computed",
    "result_as_json",
    "sample_records",
    "sensitivity",
    "sensitivity_of",
    "series_of",
    "set_aside_of",
    "set_aside_rows",
    "settings_from_texts",
    "starting_view",
    "template_files",
    "timeline",
    "timeline_figure",
    "timeline_view",
    "unit_of_outcome",
    "visits_of",
    "what_files_may_identify",
    "write_csv",
    "write_xlsx",
]
