"""The figures of a group, from its answers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from sm_tracker.analysis.cohort.cohort_change import CohortChange
from sm_tracker.analysis.cohort.cohort_readings import quantiles_over_time
from sm_tracker.analysis.error.error_model import error_models
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.cohort.cohort_changes import (
    RegimenEstimate,
    draw_against_baseline,
    draw_regimen_forest,
    draw_waterfall,
)
from sm_tracker.figures.cohort.cohort_courses import draw_spaghetti, draw_swimmer
from sm_tracker.figures.cohort.cohort_frame import MOST_LINES, CohortFigure
from sm_tracker.figures.cohort.cohort_pairs import draw_pairs
from sm_tracker.figures.languages import listed
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import gettext as _
from sm_tracker.workflow.cohort_view import Cohort, CohortView, FigureKind

BAND_POINTS = 60


def draw_cohort(cohort: Cohort, view: CohortView, kind: FigureKind, theme: Theme) -> CohortFigure:
    """One of the figures of a group."""
    computable = view.one[view.one["computable"]].reset_index(drop=True)
    if kind == "waterfall":
        improvement = cohort.settings.improvement
        return _said(draw_waterfall(computable, view.unit, theme, improvement), cohort, view, kind)
    if kind == "before_after":
        return draw_pairs(computable, view.unit, theme)
    if kind == "against_baseline":
        band = _error_band(computable, cohort.settings)
        return draw_against_baseline(computable, band, theme)
    if kind == "regimens":
        return draw_regimen_forest([_estimate(c) for c in view.regimens], view.unit, theme)
    if kind == "lanes":
        return _said(draw_swimmer(course_lanes(view.one), view.readings, theme), cohort, view, kind)
    column = "change_mm" if view.unit == "mm" else "change_pct"
    many = view.readings["patient_id"].nunique() > MOST_LINES
    quantiles = quantiles_over_time(view.readings, column) if many else pd.DataFrame()
    return _said(draw_spaghetti(view.readings, quantiles, view.unit, theme), cohort, view, kind)


def needs_readings(kind: FigureKind, settings: Settings) -> bool:
    """Whether a figure is drawn from single readings, not from the change rows alone."""
    return kind in ("courses", "lanes") or (
        kind == "waterfall" and settings.improvement == "increase"
    )


def _said(drawn: CohortFigure, cohort: Cohort, view: CohortView, kind: FigureKind) -> CohortFigure:
    """The figure with a word about the readings of a registry that it shows or lacks."""
    if cohort.folder is None or not needs_readings(kind, cohort.settings):
        return drawn
    if view.readings.empty:
        words = _(
            "This registry run holds no readings of these patients: an earlier version wrote "
            "changes only. Run it again into a new folder."
        )
        if view.one["computable"].any():
            return dataclasses.replace(drawn, note=f"{words} {drawn.note}")
        return drawn
    if view.every == 1 or kind == "lanes":
        return drawn
    words = _("Readings of one of every {k} patients by code are opened, {n} of {all}.").format(
        k=view.every,
        n=view.readings["patient_id"].nunique(),
        all=int(view.one["computable"].sum()),
    )
    return dataclasses.replace(drawn, note=f"{words} {drawn.note}")


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
