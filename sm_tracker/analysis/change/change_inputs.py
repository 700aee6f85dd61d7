"""What the change table is computed from: visits and periods on one axis, by rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.intervals import COURSE, all_intervals
from sm_tracker.analysis.change.reading_roles import (
    ReadingRoles,
    Visits,
    arrange_visits,
    reading_roles,
)
from sm_tracker.analysis.change.verdict import (
    VerdictLimits,
)
from sm_tracker.analysis.error.error_model import ErrorModel, error_models
from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    IntArray,
    Moments,
    Phases,
    lowest,
)
from sm_tracker.domain.exposure import Periods, periods_on_axis
from sm_tracker.domain.exposure_states import States, exposure_states
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS, VISITS, text_of_codes
from sm_tracker.domain.timeline import (
    dates_of_days,
    require_one_axis,
)

Text = pd.api.extensions.ExtensionArray


DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInputs:
    """Everything the statistics need: visits, periods, states and the rows they make."""

    patients: pd.Index
    visits: Visits
    periods: Periods
    states: States
    rows: ReadingRoles


def prepare_inputs(
    visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> ChangeInputs:
    """Put visits and periods on one axis and find which readings count for which row."""
    codes = patient_codes(visit_frame, therapies)
    periods = periods_on_axis(therapies, settings, codes)
    require_one_axis(
        [
            ("measurements", visit_frame, visit_frame["date"].notna().to_numpy()),
            ("therapies", periods.frame, periods.dated),
        ]
    )
    states = exposure_states(periods)
    visits = arrange_visits(visit_frame, codes)
    seen = np.unique(visits.patient_of_series)
    rows = reading_roles(all_intervals(periods, states, seen, settings), states, visits)
    return ChangeInputs(patients=codes, visits=visits, periods=periods, states=states, rows=rows)


def patient_codes(visit_frame: pd.DataFrame, therapies: pd.DataFrame) -> pd.Index:
    """Codes of all patients, sorted."""
    columns = [f["patient_id"] for f in (visit_frame, therapies) if "patient_id" in f]
    codes: pd.Index = pd.Index(pd.concat(columns).astype("str").unique()).sort_values()
    return codes


@dataclass(frozen=True, slots=True)
class RowMeasure:
    """What each row is about, and by what it is judged in its own unit."""

    error: ErrorModel
    thickness: BoolArray
    unit: Text
    name: Text
    decrease: BoolArray
    directed: BoolArray
    drift_per_day: FloatArray
    important: FloatArray
    recording_step: FloatArray

    @classmethod
    def of(cls, rows: ReadingRoles, visits: Visits, settings: Settings) -> RowMeasure:
        """The measure of each row; rows without a series are of thickness."""
        n = visits.first_of_series.size
        # Worked out for each series, and for the rows without one at the end.
        site, device, name, unit, better, step = (
            pd.Series(series_column(visits, np.r_[:n, -1], column))
            for column in ("site", "device", "measure", "unit", "better", "recording_step")
        )
        name.iloc[n], unit.iloc[n] = THICKNESS, "mm"
        thickness = (name == THICKNESS).to_numpy()
        drift = np.where(thickness, settings.drift_mm_per_year, 0.0)
        important = np.where(thickness, settings.minimal_important_change_mm, 0.0)
        better = better.mask(thickness, "lower" if settings.improvement == "decrease" else "higher")
        for outcome in settings.outcome_settings:
            own = (name == outcome.outcome).to_numpy() & ~thickness
            drift[own] = outcome.drift_per_year
            important[own] = outcome.minimal_important_change
            if outcome.better:
                better = better.mask(own, outcome.better)
        error = error_models(settings, site, device, name)
        series = rows.series
        return cls(
            error=ErrorModel(
                error.sem_mm[series], error.sem_fraction[series], error.source.take(series)
            ),
            thickness=thickness[series],
            unit=unit.array.take(series),
            name=name.array.take(series),
            decrease=(better != "higher").to_numpy()[series],
            directed=(better != "").to_numpy()[series],
            drift_per_day=drift[series] / DAYS_PER_YEAR,
            important=important[series],
            recording_step=step.to_numpy(dtype="float64")[series],
        )

    def limits(self, reference: Moments, settings: Settings) -> VerdictLimits:
        """What the difference of the phases is judged by."""
        return VerdictLimits(
            sem=self.error.sem(reference.mean),
            important=self.important,
            drift_per_day=self.drift_per_day,
            decrease=self.decrease,
            directed=self.directed,
            min_readings=settings.min_readings,
        )


@dataclass(frozen=True, slots=True)
class ChosenReadings:
    """Index of the usable visit value in each role, -1 where there is none."""

    baseline: IntArray
    last: IntArray
    lowest: IntArray
    untreated: IntArray

    @classmethod
    def of(cls, rows: ReadingRoles) -> ChosenReadings:
        """The last value of each run, and the lowest under the regimen."""

        def final(phases: Phases) -> IntArray:
            return np.where(phases.n > 0, phases.stop - 1, -1)

        # The first value of a course is its baseline and cannot be its last as well.
        alone = (rows.interval.level == COURSE) & (rows.under.n == 1)
        return cls(
            final(rows.baseline),
            np.where(alone, -1, final(rows.under)),
            lowest(rows.under),
            final(rows.untreated),
        )


def picked_values(values: FloatArray, index: IntArray) -> FloatArray:
    """The value at each index, NaN where the index is -1."""
    if values.size == 0:
        return np.full(index.size, np.nan)
    return np.where(index >= 0, values[index], np.nan)


def series_column(visits: Visits, series: IntArray, column: str) -> Any:
    """A column of the visits for the series of each row; blank where there is none (-1)."""
    values = visits.frame[column].array.take(visits.first_of_series)
    if VISITS.columns[column].kind == "number":
        return np.r_[np.asarray(values, dtype="float64"), np.nan][series]
    return stacked_arrays(values, text_of_codes([""], np.zeros(1, dtype="int64"))).take(series)


def stacked_arrays(above: Any, below: Any) -> Any:
    """Two arrays of one kind as one."""
    if isinstance(above, np.ndarray):
        return np.concatenate([above, below])
    # The way of the interface of extension arrays, far quicker than one through objects.
    return type(above)._concat_same_type([above, below])


def row_dates(days: FloatArray, dated: BoolArray) -> np.ndarray:
    """Days as dates in the rows of patients on the calendar, else no date."""
    return dates_of_days(np.where(dated, days, np.nan)).to_numpy()
