"""Where the next reading of a running regimen is to be expected, and what more could tell.

The readings under the regimen are carried on by their own slope, drawn towards zero as far as it
is not known. No day is named on which a value would be reached, and nothing is forecast without
a measurement error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import ChangeInputs, RowMeasure, prepare_inputs
from sm_tracker.analysis.change.intervals import PERIOD
from sm_tracker.analysis.change.phase_difference import phase_difference
from sm_tracker.analysis.change.verdict import SLOPE_SHARE, trend_before
from sm_tracker.analysis.error.error_model import ErrorModel
from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    IntArray,
    Moments,
    Phases,
    moments,
    t_quantile,
)
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.timeline import dates_of_days

FEWEST_VALUES = 3
LONGEST_HORIZON_DAYS = 42.0
ERRORS_OF_SCATTER = 1.5
"""Scatter about a course counts as so many measurement errors until readings tell more."""
UNKNOWN_TREND_MM = 0.05
"""Standard deviation of the trend of skin under a regimen, mm in 28 days."""
TREND_DAYS = 28.0
TREND_IN_ERRORS = UNKNOWN_TREND_MM / 0.175
"""The same in measurement errors (0.175 mm at 2.5 mm), for outcomes with an error."""
MOST_MORE = 6
LEAST_GAIN = 0.05
"""A further reading is named while it lowers the smallest change by at least this share."""
COVERAGE = {"steady": (88, 98), "turning": (71, 85)}
"""How often, in per cent, the next reading lies inside: courses that go on, that turn there."""

KEYS = (
    "patient_id", "measure", "unit", "site", "side", "layer", "device", "frequency_mhz",
    "period_id", "regimen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of running regimens, in the unit of each measure.

    Attributes
    ----------
    next_reading : DataFrame
        One row a series and running period with three values or more and a known error:
        KEYS, ``n_under``, ``interval_days`` (usual interval of its readings),
        ``horizon_days``, ``expected_day``, ``expected_date`` (empty on a day axis),
        ``expected_mm``, ``low_mm`` and ``high_mm``.
    tellable : DataFrame
        KEYS, ``more`` (further readings at the usual interval) and ``least_change_mm``, the
        smallest difference of the means that could then be told; as long as a further
        reading helps.
    """

    next_reading: pd.DataFrame
    tellable: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Running:
    """Series under running periods whose error is known."""

    keys: pd.DataFrame
    reference: Moments
    under: Moments
    measure: RowMeasure
    last_day: FloatArray
    interval: FloatArray
    dated: BoolArray


def next_reading_outlook(
    visit_frame: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings,
    *,
    unknown_trend_mm: float = UNKNOWN_TREND_MM,
) -> Outlook:
    """Expect the next reading of every running period, and say what more readings could tell.

    Parameters
    ----------
    visit_frame : DataFrame
        Contract VISITS.
    therapies : DataFrame
        Contract THERAPIES.
    settings : Settings
    unknown_trend_mm : float
        Standard deviation of the trend of skin thickness, mm in 28 days.
    """
    running = _running(prepare_inputs(visit_frame, therapies, settings), settings)
    return Outlook(
        _next_reading(running, settings.confidence, unknown_trend_mm),
        _tellable(running, settings),
    )


def _running(inputs: ChangeInputs, settings: Settings) -> _Running:
    rows, periods = inputs.rows, inputs.periods
    measure = RowMeasure.of(rows, inputs.visits, settings)
    of_period = rows.interval.level == PERIOD
    period = np.where(of_period, rows.interval.source, 0)
    ongoing = np.r_[(periods.frame["end_status"] == "ongoing").to_numpy(), False]
    chosen = np.flatnonzero(
        of_period & ongoing[period] & (rows.under.n > 0) & np.isfinite(measure.error.sem_mm)
    )
    reference, under = (_part(phases, chosen) for phases in (rows.reference, rows.under))
    gaps = _median_gaps(under)
    first = inputs.visits.first_of_series[rows.series[chosen]]
    head = inputs.visits.frame.iloc[first].reset_index(drop=True)
    own = periods.frame.iloc[period[chosen]].reset_index(drop=True)
    return _Running(
        keys=head.assign(period_id=own["period_id"], regimen=own["therapy"])[list(KEYS)],
        reference=moments(reference),
        under=moments(under),
        measure=_measure_of(measure, chosen),
        last_day=under.t[under.stop - 1] if chosen.size else np.zeros(0),
        interval=np.where(np.isnan(gaps), _median_gaps(reference), gaps),
        dated=head["date"].notna().to_numpy(),
    )


def _part(phases: Phases, chosen: IntArray) -> Phases:
    return Phases(phases.value, phases.t, phases.start[chosen], phases.stop[chosen])


def _measure_of(measure: RowMeasure, chosen: IntArray) -> RowMeasure:
    error = measure.error
    return RowMeasure(
        error=ErrorModel(
            error.sem_mm[chosen], error.sem_fraction[chosen], error.source.take(chosen)
        ),
        unit=measure.unit.take(chosen),
        name=measure.name.take(chosen),
        thickness=measure.thickness[chosen],
        decrease=measure.decrease[chosen],
        directed=measure.directed[chosen],
        drift_per_day=measure.drift_per_day[chosen],
        important=measure.important[chosen],
        recording_step=measure.recording_step[chosen],
    )


def _median_gaps(phases: Phases) -> FloatArray:
    """Median of the days between neighbouring values of each run; NaN below two values."""
    index, run = phases.flat()
    inside = np.flatnonzero(np.diff(run) == 0)
    gaps = pd.Series(phases.t[index[inside + 1]] - phases.t[index[inside]], dtype="float64")
    medians = gaps.groupby(run[inside]).median()
    return np.asarray(medians.reindex(range(phases.n.size)), dtype="float64")


def _next_reading(running: _Running, confidence: float, unknown_trend_mm: float) -> pd.DataFrame:
    chosen = np.flatnonzero(running.under.n >= FEWEST_VALUES)
    under = Moments(*(getattr(running.under, name)[chosen] for name in Moments.__slots__))
    measure = _measure_of(running.measure, chosen)
    n, sem = under.n, measure.error.sem(under.mean)
    per_28_days = np.where(measure.thickness, unknown_trend_mm, TREND_IN_ERRORS * sem)
    tau = per_28_days / TREND_DAYS
    variance = (2 * (ERRORS_OF_SCATTER * sem) ** 2 + under.residual) / n
    share = tau**2 / (tau**2 + variance / under.spread_t)
    interval = running.interval[chosen]
    horizon = np.minimum(interval, LONGEST_HORIZON_DAYS)
    ahead = np.round(running.last_day[chosen] + horizon)
    away = ahead - under.mean_t
    middle = under.mean + share * under.slope * away
    spread = variance * (1 + 1 / n) + away**2 * tau**2 * (1 - share)
    half = t_quantile(n, confidence) * np.sqrt(spread)
    dates = dates_of_days(np.where(running.dated[chosen], ahead, np.nan))
    return (
        running.keys.iloc[chosen]
        .reset_index(drop=True)
        .assign(
            n_under=n.astype("float64"),
            interval_days=interval,
            horizon_days=horizon,
            expected_day=ahead,
            expected_date=dates.to_numpy(),
            expected_mm=middle,
            low_mm=middle - half,
            high_mm=middle + half,
        )
    )


def _tellable(running: _Running, settings: Settings) -> pd.DataFrame:
    """Smallest difference of the means that could be told with each number of readings more."""
    reference, under, measure = running.reference, running.under, running.measure
    limits = measure.limits(reference, settings)
    now = phase_difference(reference, under, limits.sem, confidence=settings.confidence)
    able = (reference.n >= settings.min_readings) & np.isfinite(running.interval)
    best = np.full(under.n.size, np.inf)
    found = []
    for more in range(1, MOST_MORE + 1):
        n = under.n + more
        # The further readings follow the last one at the usual interval.
        ahead = running.last_day + running.interval * (more + 1) / 2
        later = replace(under, n=n, mean_t=(under.n * under.mean_t + more * ahead) / n)
        with_more = replace(
            now,
            freedom=(2 + (reference.n - 1) + np.maximum(n - 2, 0)).astype("float64"),
            scale=np.sqrt(1 / np.maximum(reference.n, 1) + 1 / n),
        )
        trend = trend_before(reference, later, with_more, limits.drift_per_day)
        half = with_more.half_of(settings.confidence)
        least = np.maximum(np.sqrt((limits.delta / 2) ** 2 + SLOPE_SHARE * trend.uncertainty), half)
        helps = able & (least <= (1 - LEAST_GAIN) * best)
        able &= helps | (n < settings.min_readings)
        told = np.flatnonzero(helps & (n >= settings.min_readings))
        best = np.where(n >= settings.min_readings, least, best)
        found.append(
            running.keys.iloc[told].assign(more=float(more), least_change_mm=least[told], at=told)
        )
    table = pd.concat(found, ignore_index=True).sort_values(["at", "more"], ignore_index=True)
    return table.drop(columns="at")
