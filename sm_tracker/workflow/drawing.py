"""Results to pictures: what a view shows, and the figures of a patient."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from sm_tracker import languages
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS, Records
from sm_tracker.figures.forest import forest_model
from sm_tracker.figures.forest_parts import ForestModel, ForestView
from sm_tracker.figures.languages import outcome_text
from sm_tracker.figures.model import TimelineModel, TimelineView, default_view, timeline_model
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
    """The view a patient is first shown in: the newest period that has an answer."""
    view = default_view(analysis.visits, analysis.records.therapies, patient_id)
    changes = analysis.changes
    answered = changes[
        (changes["patient_id"] == patient_id)
        & (changes["level"] == "period")
        & (changes["measure"] == THICKNESS)
        & ((changes["answer"] == "phases") | changes["change_mm"].notna())
    ]
    if answered.empty:
        return view
    newest = answered["period_id"].iloc[int(answered["starts_day"].to_numpy().argmax())]
    return dataclasses.replace(view, focus_period_id=str(newest))


def sites_of(analysis: Analysis, patient_id: str) -> tuple[tuple[str, str], ...]:
    """Sites with their side, the most often measured first."""
    visits = analysis.visits[analysis.visits["patient_id"] == patient_id]
    counts = visits.groupby(["site", "side"], sort=True)["value_mm"].count()
    order = counts.sort_values(ascending=False, kind="stable").index
    return tuple((str(site), str(side)) for site, side in order)


def period_labels(analysis: Analysis, patient_id: str) -> dict[str, str]:
    """Labels of a patient's therapy periods by their id, in order of start."""
    changes = analysis.changes[analysis.changes["patient_id"] == patient_id]
    return numbered_labels(changes)


def changes_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the series in focus."""
    changes = analysis.changes
    own = changes[
        (changes["patient_id"] == view.patient_id)
        & (changes["site"] == view.focus_site)
        & (changes["side"] == view.focus_side)
        & (changes["measure"] == THICKNESS)
        & (changes["level"] != "patient")
    ]
    series = ["layer", "device", "frequency_mhz"]
    if len(own) and own[series].drop_duplicates().shape[0] > 1:
        best = own[series].iloc[int(own["n_under"].to_numpy().argmax())]
        own = own[(own[series].fillna(-1) == best.fillna(-1)).all(axis=1)]
    return own


def changes_of_period(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the period in focus: all sites, and the word over them."""
    changes = analysis.changes
    return changes[
        (changes["patient_id"] == view.patient_id) & (changes["period_id"] == view.focus_period_id)
    ]


def changes_over_sites(analysis: Analysis, patient_id: str) -> pd.DataFrame:
    """Rows over the body sites of a patient; none where only one site was measured."""
    changes = analysis.changes[analysis.changes["patient_id"] == patient_id]
    several = changes.loc[changes["site"] != "", "site"].nunique() > 1
    return changes[(changes["level"] == "patient") & several]


def change_in_focus(analysis: Analysis, view: TimelineView) -> pd.Series | None:
    """Row of the change table of the series and period in focus; None without one.

    Without any therapy it is that of the whole course, from two readings on.
    """
    rows = changes_of(analysis, view)
    focus = rows[(rows["level"] == "period") & (rows["period_id"] == view.focus_period_id)]
    if view.focus_period_id == "":
        focus = rows[(rows["level"] == "course") & rows["change_mm"].notna()]
    return focus.iloc[0] if len(focus) else None


def periods_without_reading(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of periods that started after the one in focus and hold no reading of any site."""
    changes = analysis.changes
    own = changes[
        (changes["patient_id"] == view.patient_id)
        & (changes["level"] == "period")
        & (changes["measure"] == THICKNESS)
    ]
    read = own.groupby("period_id")["n_under"].transform("sum") > 0
    focus = own.loc[own["period_id"] == view.focus_period_id, "starts_day"]
    later = own["starts_day"] > focus.max() if len(focus) else own["starts_day"].isna()
    return own[~read & later].drop_duplicates("period_id").sort_values("starts_day", kind="stable")


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
    """The sensitivity table of the period and site in focus."""
    table = sensitivity(analysis, view.patient_id)
    own = (
        (table["period_id"] == view.focus_period_id)
        & (table["site"] == view.focus_site)
        & (table["side"] == view.focus_side)
    )
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
