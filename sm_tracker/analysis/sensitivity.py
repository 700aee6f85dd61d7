"""How answer B would look under other assumptions, for the folded-away part of a page."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.analysis.change import DAYS_PER_YEAR, Problem, prepare
from sm_tracker.analysis.contrasts import (
    FloatArray,
    IntArray,
    Interval,
    Moments,
    Phases,
    mean_difference,
    moments,
)
from sm_tracker.analysis.error import ErrorModel, error_models
from sm_tracker.analysis.stretches import Rows, rows_of
from sm_tracker.analysis.verdict import smallest_difference, trend_before, verdicts
from sm_tracker.domain.settings import Settings

AS_IN_THE_TABLE = "as in the table"
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
        One row per series, period and variant: ``patient_id, site, side, layer, device,
        period_id, regimen, variant, n_reference, n_under, mean_change_mm, ci_low_mm,
        ci_high_mm, verdict, reason``. `reason` says why a variant is not computed.

    Notes
    -----
    Variants: the interval under an assumed autocorrelation of 0.3 and 0.6 (variances of
    the means times (1 + phi) / (1 - phi)); run-in readings counted, and left out (the
    run-in of the settings, else 30 days); without the reading farthest from its phase
    mean; a level difference with continuous-time AR(1) errors from 12 readings with 5 a
    phase (Jones 1993; REML).
    """
    problem = prepare(visit_frame, therapies, settings)
    rows, keys = problem.rows, _keys(problem)
    reference, under = moments(rows.reference), moments(rows.under)
    error = error_models(settings, keys["site"], keys["device"])
    base = (reference, under, error)
    tables = [_variant(keys, AS_IN_THE_TABLE, rows, *base, settings)]
    for phi in ASSUMED_AUTOCORRELATION:
        tables.append(
            _variant(
                keys,
                f"autocorrelation {phi}",
                rows,
                *base,
                settings,
                variance_factor=(1 + phi) / (1 - phi),
            )
        )
    tables += _run_in_variants(problem, error, keys, settings)
    tables.append(
        _variant(keys, "without the most extreme reading", rows, *_trimmed(rows), error, settings)
    )
    tables.append(_gls_variant(keys, rows))
    table = pd.concat([t[keys["level"] == 0] for t in tables], ignore_index=True)
    return table.drop(columns="level")


def _keys(problem: Problem) -> pd.DataFrame:
    rows, frame = problem.rows, problem.visits.frame
    own = rows.stretch.level == 0
    period = np.where(own, rows.stretch.source, 0)
    columns: dict[str, object] = {
        "patient_id": problem.patients.array.take(rows.stretch.patient),
        "level": rows.stretch.level,
    }
    head = frame.iloc[problem.visits.first_of_series].reset_index(drop=True)
    for name in ("site", "side", "layer", "device"):
        columns[name] = head[name].reindex(rows.series, fill_value="").array
    for name, source in (("period_id", "period_id"), ("regimen", "therapy")):
        columns[name] = problem.periods.frame[source].array.take(period)
    return pd.DataFrame(columns)


def _variant(
    keys: pd.DataFrame,
    name: str,
    rows: Rows,
    reference: Moments,
    under: Moments,
    error: ErrorModel,
    settings: Settings,
    *,
    variance_factor: float = 1.0,
) -> pd.DataFrame:
    sem = error.sem(reference.mean)
    change = mean_difference(
        reference,
        under,
        sem,
        confidence=settings.confidence,
        variance_factor=variance_factor,
    )
    trend = trend_before(rows, reference, under, change.estimate, settings)
    delta = smallest_difference(sem, settings)
    verdict, reason = verdicts(change, reference, under, delta, trend.explained, settings)
    return _columns(keys, name, reference.n, under.n, change).assign(verdict=verdict, reason=reason)


def _columns(
    keys: pd.DataFrame, name: str, n_reference: IntArray, n_under: IntArray, change: Interval
) -> pd.DataFrame:
    return keys.assign(
        variant=name,
        n_reference=n_reference,
        n_under=n_under,
        mean_change_mm=change.estimate,
        ci_low_mm=change.low,
        ci_high_mm=change.high,
    )


def _run_in_variants(
    problem: Problem, error: ErrorModel, keys: pd.DataFrame, settings: Settings
) -> list[pd.DataFrame]:
    stretches = problem.rows.stretches
    left_out = np.where(stretches.lag > 0, stretches.lag, RUN_IN_DAYS)
    tables = []
    for name, lag in (
        ("run-in readings counted", np.zeros(stretches.lag.size)),
        ("run-in readings left out", left_out.astype("float64")),
    ):
        rows = rows_of(stretches, problem.states, problem.visits, lag_days=lag)
        # Period rows are always kept, and in the same order; the others are not shown here.
        own, shown = rows.stretch.level == 0, keys["level"] == 0
        part = _only(rows, own)
        table = _variant(
            keys[shown].reset_index(drop=True),
            name,
            part,
            moments(part.reference),
            moments(part.under),
            _error_of(error, shown.to_numpy()),
            settings,
        )
        tables.append(table.set_index(keys.index[shown]).reindex(keys.index))
    return tables


def _error_of(error: ErrorModel, rows: np.ndarray) -> ErrorModel:
    return ErrorModel(error.sem_mm[rows], error.sem_fraction[rows], error.source[rows])


def _only(rows: Rows, chosen: np.ndarray) -> Rows:
    def part(phases: Phases) -> Phases:
        return Phases(phases.value, phases.t, phases.start[chosen], phases.stop[chosen])

    return Rows(
        stretches=rows.stretches,
        stretch_of_row=rows.stretch_of_row[chosen],
        stretch=rows.stretch.take(np.flatnonzero(chosen)),
        series=rows.series[chosen],
        baseline=part(rows.baseline),
        reference=part(rows.reference),
        under=part(rows.under),
        untreated=part(rows.untreated),
        place=rows.place,
        n_window=rows.n_window[chosen],
        n_under_all=rows.n_under_all[chosen],
        left_out={name: n[chosen] for name, n in rows.left_out.items()},
        questioned=rows.questioned[chosen],
    )


def _trimmed(rows: Rows) -> tuple[Moments, Moments]:
    """Moments of both sides without the one reading farthest from its phase mean."""
    reference, under = moments(rows.reference), moments(rows.under)
    far_reference, far_under = _farthest(rows.reference, reference), _farthest(rows.under, under)
    from_under = np.abs(far_under - under.mean) > np.abs(far_reference - reference.mean)
    return (
        _without(reference, far_reference, ~from_under),
        _without(under, far_under, from_under),
    )


def _farthest(phases: Phases, found: Moments) -> FloatArray:
    index, run = phases.flat()
    value = phases.value[index]
    off = np.abs(value - found.mean[run])
    most = np.full(phases.n.size, -1.0)
    np.maximum.at(most, run, off)
    hit = np.flatnonzero(off >= most[run])
    runs, first = np.unique(run[hit], return_index=True)
    result = found.mean.copy()
    result[runs] = value[hit[first]]
    return result


def _without(found: Moments, value: FloatArray, chosen: np.ndarray) -> Moments:
    n = np.where(chosen & (found.n > 1), found.n - 1, found.n)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (found.n * found.mean - value) / (found.n - 1)
        squares = found.variance * (found.n - 1)
        squares -= (value - found.mean) ** 2 * found.n / (found.n - 1)
        variance = np.maximum(squares, 0) / (found.n - 2)
    variance[found.n < 3] = np.nan
    changed = n < found.n
    return Moments(
        n,
        np.where(changed, mean, found.mean),
        np.where(changed, variance, found.variance),
        found.mean_t,
        found.slope,
    )


def _gls_variant(keys: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    from sm_tracker.analysis.regression import car1_level_change

    n = rows.series.size
    estimate, low, high = (np.full(n, np.nan) for _ in range(3))
    refused = np.full(n, "", dtype=object)
    smallest = np.minimum(rows.reference.n, rows.under.n)
    total = rows.reference.n + rows.under.n
    enough = (total >= LEAST_FOR_GLS) & (smallest >= LEAST_A_PHASE_FOR_GLS)
    for row in np.flatnonzero(enough & (rows.stretch.level == 0)):
        before = slice(rows.reference.start[row], rows.reference.stop[row])
        during = slice(rows.under.start[row], rows.under.stop[row])
        t = np.r_[rows.reference.t[before], rows.under.t[during]] / DAYS_PER_YEAR
        y = np.r_[rows.reference.value[before], rows.under.value[during]]
        is_under = np.arange(y.size) >= rows.reference.n[row]
        fit = car1_level_change(t, y, is_under)
        estimate[row], low[row], high[row] = fit.estimate, fit.ci_lower, fit.ci_upper
        refused[row] = fit.reason
    reason = np.where(
        enough, refused, f"needs {LEAST_FOR_GLS} readings with {LEAST_A_PHASE_FOR_GLS} on each side"
    )
    name = "continuous-time AR(1) errors"
    table = _columns(keys, name, rows.reference.n, rows.under.n, Interval(estimate, low, high))
    return table.assign(verdict="", reason=reason)
