"""Results to pictures: what a view shows, and the figures of a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sm_tracker import languages
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.series import ordered_series, rows_of_series
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.figures.forest import forest_model
from sm_tracker.figures.forest_parts import ForestModel, ForestView
from sm_tracker.figures.languages import capital, outcome_text
from sm_tracker.figures.model import TimelineModel, TimelineView, default_view, timeline_model
from sm_tracker.figures.series import series_in_focus
from sm_tracker.figures.series_names import series_names
from sm_tracker.report.tables import numbered_labels
from sm_tracker.workflow.analysing import Analysis, analyse, only_patient, sensitivity
from sm_tracker.workflow.reading import records_of

if TYPE_CHECKING:
    import plotly.graph_objects as go


def timeline(analysis: Analysis, view: TimelineView) -> TimelineModel:
    """What the timeline of one patient shows, for any renderer."""
    return timeline_model(
        analysis.visits,
        analysis.records.therapies,
        analysis.records.outcomes,
        analysis.changes,
        analysis.settings,
        view,
    )


def starting_view(analysis: Analysis, patient_id: str) -> TimelineView:
    """The view a patient is first shown in."""
    return default_view(analysis.visits, analysis.records.therapies, patient_id)


def series_of(analysis: Analysis, patient_id: str) -> tuple[SeriesKey, ...]:
    """The series of a patient, those of the most often measured site first.

    This is what buttons, figure, table and sensitivity call a site: one series each.
    """
    return tuple(ordered_series(_of_patient(analysis.visits, patient_id)))


def names_of_series(analysis: Analysis, patient_id: str) -> dict[SeriesKey, str]:
    """The series of a patient, each with the name it has on buttons and in the figure."""
    names = series_names(series_of(analysis, patient_id), languages.current())
    return {key: capital(name) for key, name in names.items()}


def _of_patient(frame: pd.DataFrame, patient_id: str) -> pd.DataFrame:
    return frame[frame["patient_id"] == patient_id]


def _of_focus(frame: pd.DataFrame, analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the series in focus; without any series those that are of none."""
    key = series_in_focus(series_of(analysis, view.patient_id), view)
    own = _of_patient(frame, view.patient_id)
    return own[rows_of_series(own, key or SeriesKey(""))]


def period_labels(analysis: Analysis, patient_id: str) -> dict[str, str]:
    """Labels of a patient's therapy periods by their id, in order of start."""
    changes = analysis.changes[analysis.changes["patient_id"] == patient_id]
    return numbered_labels(changes)


def changes_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the series in focus."""
    return _of_focus(analysis.changes, analysis, view)


def changes_of_period(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the period in focus, over all sites."""
    changes = analysis.changes
    return changes[
        (changes["patient_id"] == view.patient_id) & (changes["period_id"] == view.focus_period_id)
    ]


def change_in_focus(analysis: Analysis, view: TimelineView) -> pd.Series | None:
    """Row of the change table of the series and period in focus; None without one."""
    rows = changes_of(analysis, view)
    focus = rows[rows["period_id"] == view.focus_period_id]
    return focus.iloc[0] if len(focus) else None


def outcomes_of(analysis: Analysis, patient_id: str) -> dict[str, str]:
    """Second outcomes of a patient, each with its name as a figure writes it."""
    outcomes = analysis.records.outcomes
    own = outcomes.loc[outcomes["patient_id"] == patient_id, "outcome"]
    return {str(o): outcome_text(str(o), languages.current()) for o in own.drop_duplicates()}


def regimens_of(analysis: Analysis, patient_id: str) -> dict[str, str]:
    """Regimens of a patient's lanes, each with its short label."""
    therapies = analysis.records.therapies
    own = therapies.loc[therapies["patient_id"] == patient_id, "therapy"]
    return {str(r): abbreviate(str(r)) for r in own.drop_duplicates()}


def sensitivity_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """The sensitivity table of the period and series in focus."""
    table = _of_focus(sensitivity(analysis, view.patient_id), analysis, view)
    own = table["period_id"] == view.focus_period_id
    return table[own].drop(columns=["patient_id", "period_id"])


def timeline_figure(
    records: Records | ReadResult,
    *,
    patient_id: str = "",
    settings: Settings | None = None,
    view: TimelineView | None = None,
) -> go.Figure:
    """The timeline of one patient as a plotly figure.

    Parameters
    ----------
    records : Records or ReadResult
        From :func:`read_files`.
    patient_id : str
        May be left out where there is one patient.
    settings : Settings, optional
    view : TimelineView, optional
        What is shown and how; the starting view if omitted.

    Raises
    ------
    SettingError
        If the patient is not named and there is not exactly one, or is unknown.
    """
    from sm_tracker.figures.screen import draw_timeline

    tables = records_of(records) if isinstance(records, ReadResult) else records
    patient = view.patient_id if view else only_patient(tables, patient_id)
    analysis = analyse(tables.of_patient(patient), settings)
    return draw_timeline(timeline(analysis, view or starting_view(analysis, patient)))


def forest(analysis: Analysis, view: ForestView) -> ForestModel:
    """All periods of one patient side by side, for any renderer."""
    return forest_model(analysis.changes, analysis.records.therapies, analysis.settings, view)
