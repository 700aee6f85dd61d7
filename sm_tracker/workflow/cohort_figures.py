"""The figures of a group, from its answers."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np
import pandas as pd

from sm_tracker.analysis.cohort.cohort_change import CohortChange
from sm_tracker.analysis.cohort.cohort_readings import quantiles_over_time
from sm_tracker.analysis.error.error_model import error_models
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.cohort.cohort_changes import against_baseline_plot, waterfall_plot
from sm_tracker.figures.cohort.cohort_courses import courses_plot, lanes_plot
from sm_tracker.figures.cohort.cohort_frame import (
    MOST_LINES,
    CohortFigure,
    CohortModel,
    screen_figure,
)
from sm_tracker.figures.cohort.cohort_pairs import pairs_plot
from sm_tracker.figures.cohort.cohort_regimens import RegimenEstimate, regimens_plot
from sm_tracker.figures.languages import listed
from sm_tracker.figures.page.plot import Layout
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import Language, current, speaking
from sm_tracker.languages import gettext as _
from sm_tracker.workflow.cohort_view import Cohort, CohortView, FigureKind

BAND_POINTS = 60


def cohort_model(
    cohort: Cohort, view: CohortView, kind: FigureKind, language: Language | None = None
) -> CohortModel:
    """One of the figures of a group, for any medium.

    Parameters
    ----------
    cohort : Cohort
    view : CohortView
    kind : str
    language : {"en", "de", "fr"}, optional
        The one in use if omitted.
    """
    with speaking(language or current()):
        remark = _readings_remark(cohort, view, kind)
        return CohortModel(lay_out=_layout(cohort, view, kind), language=current(), remark=remark)


def _layout(cohort: Cohort, view: CohortView, kind: FigureKind) -> Layout:
    computable = view.one[view.one["computable"]].reset_index(drop=True)
    if kind == "waterfall":
        improvement = cohort.settings.improvement
        return partial(waterfall_plot, best=computable, unit=view.unit, improvement=improvement)
    if kind == "before_after":
        return partial(pairs_plot, one=computable, unit=view.unit)
    if kind == "against_baseline":
        band = _error_band(computable, cohort.settings)
        return partial(against_baseline_plot, one=computable, band=band)
    if kind == "regimens":
        rows = [_estimate(c) for c in view.regimens]
        return partial(regimens_plot, rows=rows, unit=view.unit)
    if kind == "lanes":
        return partial(lanes_plot, lanes=course_lanes(view.one), readings=view.readings)
    column = "change_mm" if view.unit == "mm" else "change_pct"
    many = view.readings["patient_id"].nunique() > MOST_LINES
    quantiles = quantiles_over_time(view.readings, column) if many else pd.DataFrame()
    return partial(courses_plot, readings=view.readings, quantiles=quantiles, unit=view.unit)


def draw_cohort(cohort: Cohort, view: CohortView, kind: FigureKind, theme: Theme) -> CohortFigure:
    """One of the figures of a group for the screen."""
    return screen_figure(cohort_model(cohort, view, kind), theme)


def numbered_patients(view: CohortView) -> CohortView:
    """The view with numbers in place of the patients' codes, in the order of its table."""
    number = {code: str(n + 1) for n, code in enumerate(view.one["patient_id"])}
    one = view.one.assign(patient_id=view.one["patient_id"].map(number))
    readings = view.readings.assign(patient_id=view.readings["patient_id"].map(number))
    return dataclasses.replace(view, one=one, readings=readings)


def needs_readings(kind: FigureKind, settings: Settings) -> bool:
    """Whether a figure is drawn from single readings, not from the change rows alone."""
    return kind in ("courses", "lanes") or (
        kind == "waterfall" and settings.improvement == "increase"
    )


def _readings_remark(cohort: Cohort, view: CohortView, kind: FigureKind) -> str:
    """A word about the readings of a registry that a figure shows or lacks."""
    if cohort.folder is None or not needs_readings(kind, cohort.settings):
        return ""
    if view.readings.empty:
        if not view.one["computable"].any():
            return ""
        return _(
            "This registry run holds no readings of these patients: an earlier version wrote "
            "changes only. Run it again into a new folder."
        )
    if view.every == 1 or kind == "lanes":
        return ""
    return _("Readings of one of every {k} patients by code are opened, {n} of {all}.").format(
        k=view.every,
        n=view.readings["patient_id"].nunique(),
        all=int(view.one["computable"].sum()),
    )


def _estimate(change: CohortChange) -> RegimenEstimate:
    shift = change.shift
    reasons = listed(f"{reason} ({n})" for reason, n in change.reasons[:1])
    return RegimenEstimate(
        regimen=change.regimen,
        n=change.n_computable,
        n_patients=change.n_patients,
        estimate=shift.estimate,
        low=shift.low,
        high=shift.high,
        shares=(change.n_thinner, change.n_within, change.n_thicker),
        reason=reasons,
    )


def course_lanes(one: pd.DataFrame) -> pd.DataFrame:
    """How long each course ran, or is known to have run."""
    ended = one["ends_day"] - one["starts_day"]
    seen = one["last_day"] - one["starts_day"]
    until = ended.where(one["end_status"] == "ended", seen)
    known = one.assign(until_days=until)[until.notna()]
    return known[["patient_id", "regimen", "until_days", "end_status", "computable"]]


def _error_band(one: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Limits of the error around baselines, where all patients have the same error."""
    nothing = pd.DataFrame({"baseline_mm": [], "low_mm": [], "high_mm": []})
    if one.empty:
        return nothing
    error = error_models(settings, one["site"], one["device"])
    if np.ptp(error.sem_mm) > 0 or np.ptp(error.sem_fraction) > 0:
        return nothing
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    at = np.linspace(values.min() - 0.15, values.max() + 0.15, BAND_POINTS)
    places = pd.Series([str(one["site"].iloc[0])] * BAND_POINTS)
    devices = pd.Series([str(one["device"].iloc[0])] * BAND_POINTS)
    low, high = error_models(settings, places, devices).band(at)
    return pd.DataFrame({"baseline_mm": at, "low_mm": low, "high_mm": high})
