"""Results to pictures: what a view shows, and the figures of a patient."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sm_tracker import languages
from sm_tracker.domain.measures import rows_of_level, thickness_rows
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.series import ordered_series, rows_of_series
from sm_tracker.domain.series_key import SeriesKey, series_key_of
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.figures.comparison.build_comparison import comparison_model
from sm_tracker.figures.comparison.comparison_model import ComparisonModel, ComparisonView
from sm_tracker.figures.languages import capital, outcome_text
from sm_tracker.figures.series_names import series_names
from sm_tracker.figures.theme import Theme
from sm_tracker.figures.timeline.build_timeline import (
    TimelineModel,
    TimelineView,
    default_view,
    outcomes_by_number,
    timeline_model,
)
from sm_tracker.figures.timeline.curves import series_in_focus
from sm_tracker.report.tables import numbered_labels
from sm_tracker.workflow.analysing import (
    Analysis,
    analysis_of_one,
    outlook_of_patient,
    require_computed,
    sensitivity,
)
from sm_tracker.workflow.kept_answers import once_a_patient, once_a_view

if TYPE_CHECKING:
    import plotly.graph_objects as go


@once_a_view
def timeline(analysis: Analysis, view: TimelineView) -> TimelineModel:
    """What the timeline of one patient shows, for any renderer.

    Raises
    ------
    ColumnError
        If the patient was set aside.
    """
    require_computed(analysis, view.patient_id)
    return timeline_model(
        analysis.visits,
        analysis.records.therapies,
        analysis.records.outcomes,
        analysis.changes,
        analysis.settings,
        view,
        analysis.records.events,
    )


@once_a_patient
def starting_view(analysis: Analysis, patient_id: str) -> TimelineView:
    """The view a patient is first shown in: the newest period that has an answer.

    It is about the skin, or where none was read about the outcome of most values; of the sites
    that have an answer in this period the one measured most often is in focus.
    """
    view = default_view(analysis.visits, analysis.records.therapies, patient_id)
    if not series_of(analysis, patient_id):
        outcome = next(iter(outcomes_of(analysis, patient_id)), "")
        view = dataclasses.replace(view, focus_outcome=outcome)
    own = rows_of_level(_of_measure(analysis, view), "period")
    answered = own[(own["answer"] == "phases") | own["change_mm"].notna()]
    if answered.empty:
        return view
    newest = answered["period_id"].iloc[int(answered["starts_day"].to_numpy().argmax())]
    there = answered[answered["period_id"] == newest]
    focus = next(
        (k for k in series_of(analysis, patient_id) if rows_of_series(there, k).any()), None
    )
    if view.focus_outcome:
        focus = view.focus
    return dataclasses.replace(view, focus_period_id=str(newest), focus=focus)


@once_a_patient
def series_of(analysis: Analysis, patient_id: str) -> tuple[SeriesKey, ...]:
    """The series of a patient, those of the most often measured site first.

    This is what buttons, figure, table and sensitivity call a site: one series each.
    """
    return tuple(ordered_series(_of_patient(analysis.visits, patient_id)))


@once_a_patient
def names_of_series(analysis: Analysis, patient_id: str) -> Mapping[SeriesKey, str]:
    """The series of a patient, each with the name it has on buttons and in the figure."""
    names = series_names(series_of(analysis, patient_id), languages.current())
    return {key: capital(name) for key, name in names.items()}


def _of_patient(frame: pd.DataFrame, patient_id: str) -> pd.DataFrame:
    return frame[frame["patient_id"] == patient_id]


@once_a_patient
def period_labels(analysis: Analysis, patient_id: str) -> Mapping[str, str]:
    """Labels of a patient's therapy periods by their id, in order of start."""
    changes = analysis.changes[analysis.changes["patient_id"] == patient_id]
    return numbered_labels(changes)


def _of_measure(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """A patient's rows of the change table of the measure in focus."""
    own = _of_patient(analysis.changes, view.patient_id)
    if view.focus_outcome:
        return own[own["measure"] == view.focus_outcome]
    return thickness_rows(own)


@once_a_view
def changes_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the series in focus, of a site or of an outcome."""
    own = _of_measure(analysis, view)
    own = own[(own["level"] != "patient").to_numpy()]
    if not view.focus_outcome:
        return own[rows_of_series(own, _site_in_focus(analysis, view))]
    if own["unit"].nunique() > 1:
        most = own["unit"].iloc[int(own["n_under"].to_numpy().argmax())]
        own = own[own["unit"] == most]
    return own


def _site_in_focus(analysis: Analysis, view: TimelineView) -> SeriesKey:
    """The series of the view, which states nothing where no skin was read."""
    return series_in_focus(series_of(analysis, view.patient_id), view) or SeriesKey("")


@once_a_view
def changes_of_period(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the period in focus: all sites, and the word over them."""
    changes = analysis.changes
    return changes[
        (changes["patient_id"] == view.patient_id) & (changes["period_id"] == view.focus_period_id)
    ]


@once_a_patient
def changes_over_sites(analysis: Analysis, patient_id: str) -> pd.DataFrame:
    """Rows over the body sites of a patient; none where only one site was measured."""
    changes = analysis.changes[analysis.changes["patient_id"] == patient_id]
    several = changes.loc[changes["site"] != "", "site"].nunique() > 1
    return changes[(changes["level"] == "patient") & several]


@once_a_view
def change_in_focus(analysis: Analysis, view: TimelineView) -> pd.Series | None:
    """Row of the change table of the series and period in focus; None without one.

    Without any therapy it is that of the whole course, from two readings on.
    """
    rows = changes_of(analysis, view)
    focus = rows[(rows["level"] == "period") & (rows["period_id"] == view.focus_period_id)]
    if view.focus_period_id == "":
        focus = rows[(rows["level"] == "course") & rows["change_mm"].notna()]
    return focus.iloc[0] if len(focus) else None


@once_a_view
def periods_without_reading(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of periods that started after the one in focus and hold no reading of the measure."""
    own = rows_of_level(_of_measure(analysis, view), "period")
    read = own.groupby("period_id")["n_under"].transform("sum") > 0
    focus = own.loc[own["period_id"] == view.focus_period_id, "starts_day"]
    later = own["starts_day"] > focus.max() if len(focus) else own["starts_day"].isna()
    return own[~read & later].drop_duplicates("period_id").sort_values("starts_day", kind="stable")


@once_a_patient
def has_events(analysis: Analysis, patient_id: str) -> bool:
    """Whether there are events of a patient, which a figure shows in a lane."""
    return bool(len(_of_patient(analysis.records.events, patient_id)))


@once_a_patient
def outcomes_of(analysis: Analysis, patient_id: str) -> Mapping[str, str]:
    """Second outcomes of a patient, those of most values first, as a figure names them."""
    outcomes = analysis.records.outcomes
    own = outcomes[outcomes["patient_id"] == patient_id]
    return {o: outcome_text(o, languages.current()) for o in outcomes_by_number(own)}


def unit_of_outcome(analysis: Analysis, patient_id: str, outcome: str = "") -> str:
    """Unit of an outcome of a patient, or of skin thickness; blank where it has none."""
    if not outcome:
        return "mm"
    rows = analysis.changes
    own = rows[(rows["patient_id"] == patient_id) & (rows["measure"] == outcome)]
    return str(own["unit"].iloc[0]) if len(own) else ""


@once_a_patient
def regimens_of(analysis: Analysis, patient_id: str) -> Mapping[str, str]:
    """Regimens of a patient's lanes, each with its short label."""
    therapies = analysis.records.therapies
    own = therapies.loc[therapies["patient_id"] == patient_id, "therapy"]
    return {str(r): abbreviate(str(r)) for r in own.drop_duplicates()}


@once_a_view
def sensitivity_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """The sensitivity table of the period and series in focus."""
    return _of_series_in_focus(analysis, view, sensitivity(analysis, view.patient_id))


@once_a_view
def outlook_of(analysis: Analysis, view: TimelineView) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The next reading expected, and what more could tell, of the series and period in focus.

    Both are empty where the period does not run on, or too little is known; see
    :class:`sm_tracker.analysis.change.next_reading.Outlook`.
    """
    found = outlook_of_patient(analysis, view.patient_id)
    return (
        _of_series_in_focus(analysis, view, found.next_reading),
        _of_series_in_focus(analysis, view, found.tellable),
    )


def _of_series_in_focus(
    analysis: Analysis, view: TimelineView, table: pd.DataFrame
) -> pd.DataFrame:
    """Rows of a table that are of the same series and period as the change in focus."""
    row = change_in_focus(analysis, view)
    if row is None:
        return table.iloc[:0]
    own = rows_of_series(table, series_key_of(row))
    for name in ("measure", "unit", "period_id"):
        own &= table[name] == row[name]
    found: pd.DataFrame = table[own].reset_index(drop=True)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenTimeline:
    """A view of a timeline as a screen shows it.

    Attributes
    ----------
    view : TimelineView
    theme : Theme
    zoom, phone : bool
        See :func:`sm_tracker.figures.timeline.screen_timeline.draw_timeline`.
    part : tuple or None
        First and last place in view; None for all of the time.
    """

    view: TimelineView
    theme: Theme
    zoom: bool
    phone: bool
    part: tuple[object, object] | None


@once_a_view
def timeline_on_screen(analysis: Analysis, screen: ScreenTimeline) -> go.Figure:
    """The timeline of one patient as the dashboard shows it."""
    from sm_tracker.figures.timeline.screen_timeline import draw_timeline

    model = timeline(analysis, screen.view)
    drawn = draw_timeline(model, screen.theme, zoom=screen.zoom, phone=screen.phone)
    if screen.part:
        drawn.update_layout(xaxis_range=screen.part)
    return drawn


def timeline_figure(
    records: Records | ReadResult | Analysis,
    *,
    patient_id: str = "",
    settings: Settings | None = None,
    view: TimelineView | None = None,
) -> go.Figure:
    """The timeline of one patient as a plotly figure.

    Parameters
    ----------
    records : Records, ReadResult or Analysis
        From :func:`read_files` or :func:`analyse`.
    patient_id : str
        May be left out where there is one patient.
    settings : Settings, optional
        Not used with an Analysis, which has its own.
    view : TimelineView, optional
        What is shown and how; the starting view if omitted.

    Raises
    ------
    SettingError
        If the patient is not named and there is not exactly one, or is unknown.
    """
    from sm_tracker.figures.timeline.screen_timeline import draw_timeline

    analysis, patient = analysis_of_one(records, view.patient_id if view else patient_id, settings)
    return draw_timeline(timeline(analysis, view or starting_view(analysis, patient)))


@once_a_view
def period_comparison(analysis: Analysis, view: ComparisonView) -> ComparisonModel:
    """All periods of one patient side by side, for any renderer.

    Raises
    ------
    ColumnError
        If the patient was set aside.
    """
    require_computed(analysis, view.patient_id)
    return comparison_model(analysis.changes, analysis.records.therapies, analysis.settings, view)
