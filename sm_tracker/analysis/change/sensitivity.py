"""How answer B would look under other assumptions, for the folded-away part of a page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import (
    DAYS_PER_YEAR,
    ChangeInputs,
    RowMeasure,
    prepare_inputs,
)
from sm_tracker.analysis.change.intervals import PERIOD
from sm_tracker.analysis.change.phase_difference import phase_difference
from sm_tracker.analysis.change.reading_roles import ReadingRoles, reading_roles
from sm_tracker.analysis.change.verdict import trend_before, verdicts
from sm_tracker.analysis.kernels import BoolArray, FloatArray, IntArray, Phases, moments
from sm_tracker.domain.settings import Settings
from sm_tracker.languages import Message, speaking

VARIANTS = {
    "as_in_the_table": "as in the table",
    "autocorrelation": "autocorrelation {phi}",
    "run_in_counted": "run-in readings counted",
    "run_in_left_out": "run-in readings left out",
    "without_the_most_extreme": "without the most extreme reading",
    "continuous_time_ar1": "continuous-time AR(1) errors",
}
"""Codes of the variants with their English names."""
ASSUMED_AUTOCORRELATION = (0.3, 0.6)
RUN_IN_DAYS = 30
LEAST_FOR_GLS, LEAST_A_PHASE_FOR_GLS = 12, 5


def sensitivity_table(
    visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Difference of means of every period row under other assumptions.

    Parameters
    ----------
    visit_frame : DataFrame
        Contract VISITS.
    therapies : DataFrame
        Contract THERAPIES.
    settings : Settings

    Returns
    -------
    DataFrame
        One row per series, period and variant: ``patient_id, measure, unit, site, side,
        layer, device, frequency_mhz, period_id, regimen, variant, n_reference, n_under,
        mean_change_mm, ci_low_mm, ci_high_mm, verdict, reason, variant_code,
        autocorrelation, reason_code``, in the unit of the measure. `reason` says why a
        variant is not computed; `autocorrelation` is that of its variant.

    Notes
    -----
    Variants: the interval under an assumed autocorrelation of 0.3 and 0.6 (variance times
    (1 + phi) / (1 - phi)); run-in readings counted, and left out (the
    run-in of the settings, else 30 days); without the reading farthest from its phase
    mean; a level difference with continuous-time AR(1) errors from 12 readings with 5 a
    phase (Jones 1993; REML).
    """
    inputs = prepare_inputs(visit_frame, therapies, settings)
    rows = _periods_only(inputs.rows)
    keys = _keys(inputs, rows)
    measure = RowMeasure.of(rows, inputs.visits, settings)

    def variant(code: str, rows: ReadingRoles, phi: float = 0.0) -> pd.DataFrame:
        return _variant(keys, code, rows, measure, settings, phi)

    tables = [variant("as_in_the_table", rows)]
    for phi in ASSUMED_AUTOCORRELATION:
        tables.append(variant("autocorrelation", rows, phi))
    intervals = inputs.rows.intervals
    left_out = np.where(intervals.lag > 0, intervals.lag, RUN_IN_DAYS)
    for code, lag in (
        ("run_in_counted", np.zeros(intervals.lag.size)),
        ("run_in_left_out", left_out.astype("float64")),
    ):
        # Period rows are always kept, and in the same order.
        other = reading_roles(intervals, inputs.states, inputs.visits, lag_days=lag)
        tables.append(variant(code, _periods_only(other)))
    tables.append(variant("without_the_most_extreme", _without_the_most_extreme(rows)))
    tables.append(_gls_variant(keys, rows))
    return pd.concat(tables, ignore_index=True)


def _periods_only(rows: ReadingRoles) -> ReadingRoles:
    chosen = np.flatnonzero(rows.interval.level == PERIOD)

    def part(phases: Phases) -> Phases:
        return Phases(phases.value, phases.t, phases.start[chosen], phases.stop[chosen])

    return ReadingRoles(
        intervals=rows.intervals,
        interval_of_row=rows.interval_of_row[chosen],
        interval=rows.interval.take(chosen),
        series=rows.series[chosen],
        baseline=part(rows.baseline),
        reference=part(rows.reference),
        under=part(rows.under),
        untreated=part(rows.untreated),
        place=rows.place,
        n_window=rows.n_window[chosen],
        n_under_all=rows.n_under_all[chosen],
        reference_last=rows.reference_last[chosen],
        left_out={name: n[chosen] for name, n in rows.left_out.items()},
        questioned=rows.questioned[chosen],
    )


def _keys(inputs: ChangeInputs, rows: ReadingRoles) -> pd.DataFrame:
    head = inputs.visits.frame.iloc[inputs.visits.first_of_series].reset_index(drop=True)
    frame, period = inputs.periods.frame, rows.interval.source
    return pd.DataFrame(
        {
            "patient_id": inputs.patients.array.take(rows.interval.patient),
            **{
                name: head[name].reindex(rows.series, fill_value="").array
                for name in ("measure", "unit", "site", "side", "layer", "device")
            },
            "frequency_mhz": head["frequency_mhz"].reindex(rows.series).array,
            "period_id": frame["period_id"].array.take(period),
            "regimen": frame["therapy"].array.take(period),
        }
    )


def _variant(
    keys: pd.DataFrame,
    code: str,
    rows: ReadingRoles,
    measure: RowMeasure,
    settings: Settings,
    phi: float,
) -> pd.DataFrame:
    reference, under = moments(rows.reference), moments(rows.under)
    limits = measure.limits(reference, settings)
    change = phase_difference(
        reference,
        under,
        limits.sem,
        confidence=settings.confidence,
        recording_step=measure.recording_step,
        variance_factor=(1 + phi) / (1 - phi),
    )
    trend = trend_before(reference, under, change, limits.drift_per_day)
    found = verdicts(
        change,
        reference,
        under,
        _last_values(rows.under),
        limits,
        trend,
        confidence=settings.confidence,
    )
    return keys.assign(
        variant=VARIANTS[code].format(phi=phi),
        n_reference=reference.n,
        n_under=under.n,
        mean_change_mm=change.estimate,
        ci_low_mm=change.low,
        ci_high_mm=change.high,
        verdict=found.verdict,
        reason=found.reason_text,
        variant_code=code,
        autocorrelation=phi,
        reason_code=found.reason,
    )


def _last_values(phases: Phases) -> FloatArray:
    return np.where(phases.n > 0, np.r_[phases.value, np.nan][phases.stop - 1], np.nan)


def _without_the_most_extreme(rows: ReadingRoles) -> ReadingRoles:
    """The same rows without the one reading that lies farthest from the mean of its phase."""
    far_reference, at_reference = _farthest(rows.reference)
    far_under, at_under = _farthest(rows.under)
    from_under = far_under > far_reference
    return replace(
        rows,
        reference=_without(rows.reference, at_reference, ~from_under),
        under=_without(rows.under, at_under, from_under),
    )


def _farthest(phases: Phases) -> tuple[FloatArray, IntArray]:
    """Largest distance of a value from the mean of its run, and the index of that value."""
    index, run = phases.flat()
    off = np.abs(phases.value[index] - moments(phases).mean[run])
    order = np.lexsort((-off, run))
    runs, first = np.unique(run[order], return_index=True)
    distance, at = np.full(phases.n.size, -1.0), np.full(phases.n.size, -1)
    distance[runs], at[runs] = off[order[first]], index[order[first]]
    return distance, at


def _without(phases: Phases, at: IntArray, chosen: BoolArray) -> Phases:
    """Runs without the value at an index, where chosen and more than one is left."""
    index, run = phases.flat()
    kept = ~((index == at[run]) & chosen[run] & (phases.n[run] > 1))
    n = np.bincount(run[kept], minlength=phases.n.size)
    stop = np.cumsum(n)
    return Phases(phases.value[index[kept]], phases.t[index[kept]], stop - n, stop)


def _gls_variant(keys: pd.DataFrame, rows: ReadingRoles) -> pd.DataFrame:
    from sm_tracker.analysis.measures.regression import car1_level_change

    n = rows.series.size
    estimate, low, high = (np.full(n, np.nan) for _ in range(3))
    refused = np.full(n, "", dtype=object)
    smallest = np.minimum(rows.reference.n, rows.under.n)
    total = rows.reference.n + rows.under.n
    enough = (total >= LEAST_FOR_GLS) & (smallest >= LEAST_A_PHASE_FOR_GLS)
    for row in np.flatnonzero(enough):
        before = slice(rows.reference.start[row], rows.reference.stop[row])
        during = slice(rows.under.start[row], rows.under.stop[row])
        t = np.r_[rows.reference.t[before], rows.under.t[during]] / DAYS_PER_YEAR
        y = np.r_[rows.reference.value[before], rows.under.value[during]]
        is_under = np.arange(y.size) >= rows.reference.n[row]
        fit = car1_level_change(t, y, is_under)
        estimate[row], low[row], high[row] = fit.estimate, fit.ci_lower, fit.ci_upper
        refused[row] = fit.reason
    with speaking("en"):
        too_few = str(
            Message(
                "needs {readings} readings with {each} on each side",
                readings=LEAST_FOR_GLS,
                each=LEAST_A_PHASE_FOR_GLS,
            )
        )
    reason = np.where(enough, refused, too_few)
    return keys.assign(
        variant=VARIANTS["continuous_time_ar1"],
        n_reference=rows.reference.n,
        n_under=rows.under.n,
        mean_change_mm=estimate,
        ci_low_mm=low,
        ci_high_mm=high,
        verdict="",
        reason=reason,
        variant_code="continuous_time_ar1",
        autocorrelation=np.nan,
        reason_code=np.where(
            enough, np.where(refused == "", "", "not_estimable"), "too_few_for_model"
        ),
    )
