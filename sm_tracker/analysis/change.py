"""The change table: readings and therapy periods in, one row per site and period out.

This is the only place that computes a change per regimen. Sentence, table, figure, the
clinic's list and the registry all come from :func:`change_table`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.contrasts import (
    BoolArray,
    FloatArray,
    IntArray,
    Moments,
    Phases,
    log_response_ratio,
    lowest,
    mean_difference,
    median_slope,
    moments,
    nonoverlap,
    nonoverlap_interval,
    pairs_lower,
)
from sm_tracker.analysis.error import ErrorModel, error_models
from sm_tracker.analysis.flags import row_flags
from sm_tracker.analysis.stretches import (
    LEFT_OUT_REASONS,
    LEVELS,
    Rows,
    Visits,
    all_stretches,
    rows_of,
    visits_of,
)
from sm_tracker.analysis.verdict import (
    error_check,
    not_computable_reasons,
    smallest_difference,
    trend_before,
    verdicts,
)
from sm_tracker.domain.exposure import (
    NO_THERAPY,
    Periods,
    States,
    exposure_states,
    periods_on_axis,
    state_labels,
)
from sm_tracker.domain.records import END_STATUSES
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import CHANGES, text_of_codes
from sm_tracker.domain.timeline import dates_of_days, require_one_axis, visit_values

DAYS_PER_YEAR = 365.25
BLOCK_PATIENTS = 10_000


def change_table(
    measurements: pd.DataFrame, therapies: pd.DataFrame, settings: Settings | None = None
) -> pd.DataFrame:
    """Change of skin thickness per therapy period, for any number of whole patients.

    Parameters
    ----------
    measurements : DataFrame
        Contract MEASUREMENTS; one row per reading. A value counts unless its ``doubt`` is
        ``"open"``; nothing is judged here, see :func:`sm_tracker.domain.doubt.with_doubts`.
    therapies : DataFrame
        Contract THERAPIES; one row per therapy period.
    settings : Settings, optional
        Windows, measurement error and rules; the defaults of docs/methods.md if omitted.

    Returns
    -------
    DataFrame
        Contract CHANGES: one row per patient, site, side, layer, device and period, and
        one for each combination and untreated stretch that holds a reading. Nothing is
        dropped: what cannot be computed keeps its row with the reason.

    Raises
    ------
    ColumnError
        If a column is missing, holds values of the wrong kind, or a period is impossible.
    MixedTimeError
        If one patient mixes calendar dates and day numbers.
    """
    settings = settings or Settings()
    return change_table_of_visits(visit_values(measurements), therapies, settings)


def change_table_of_visits(
    visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The change table where the visit values (contract VISITS) are already known."""
    patients = _patient_codes(visit_frame, therapies)
    if patients.size <= BLOCK_PATIENTS:
        return _table(prepare(visit_frame, therapies, settings), settings)
    # Blocks of whole patients bound the memory; each is computed in one sweep.
    of_visit = patients.get_indexer(pd.Index(visit_frame["patient_id"])) // BLOCK_PATIENTS
    of_period = patients.get_indexer(pd.Index(therapies["patient_id"])) // BLOCK_PATIENTS
    blocks = range(-(-patients.size // BLOCK_PATIENTS))
    return pd.concat(
        [
            _table(
                prepare(visit_frame[of_visit == b], therapies[of_period == b], settings), settings
            )
            for b in blocks
        ],
        ignore_index=True,
    )


def _patient_codes(visit_frame: pd.DataFrame, therapies: pd.DataFrame) -> pd.Index:
    """Codes of all patients, sorted."""
    columns = [f["patient_id"] for f in (visit_frame, therapies) if "patient_id" in f]
    codes: pd.Index = pd.Index(pd.concat(columns).astype("str").unique()).sort_values()
    return codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything the statistics need: visits, periods, states and the rows they make."""

    patients: pd.Index
    visits: Visits
    periods: Periods
    states: States
    rows: Rows


def prepare(visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings) -> Problem:
    """Put visits and periods on one axis and find which readings count for which row."""
    codes = _patient_codes(visit_frame, therapies)
    periods = periods_on_axis(therapies, settings, codes)
    require_one_axis(
        [
            ("measurements", visit_frame, visit_frame["date"].notna().to_numpy()),
            ("therapies", periods.frame, periods.dated),
        ]
    )
    states = exposure_states(periods)
    visits = visits_of(visit_frame, codes)
    stretches = all_stretches(periods, states, settings.baseline_window_days)
    rows = rows_of(stretches, states, visits)
    return Problem(patients=codes, visits=visits, periods=periods, states=states, rows=rows)


def _table(problem: Problem, settings: Settings) -> pd.DataFrame:
    rows, visits = problem.rows, problem.visits
    error = _error(rows, visits, settings)
    chosen = _Chosen.of(rows)
    elsewhere = _elsewhere(rows, visits)
    phases = moments(rows.reference), moments(rows.under)
    columns = {
        **_identity(problem),
        **_answer_a(rows, visits, error, chosen, elsewhere),
        **_answer_b(problem, phases, error, chosen, elsewhere[0], settings),
        "sem_source": error.source,
        "settings_id": text_of_codes([settings.settings_id], np.zeros(rows.series.size, int)),
        **_untreated(rows, phases[1], error, chosen, settings),
        **_left_out(rows),
    }
    table = pd.DataFrame(
        {
            name: np.asarray(columns[name], dtype="float64")
            if column.kind == "number"
            else columns[name]
            for name, column in CHANGES.columns.items()
        }
    )
    order = np.lexsort(
        (
            pd.factorize(table["period_id"], sort=True)[0],
            rows.stretch.level,
            rows.stretch.start_first,
            rows.series,
            rows.stretch.patient,
        )
    )
    return table.take(order).reset_index(drop=True)


def _error(rows: Rows, visits: Visits, settings: Settings) -> ErrorModel:
    site, device = (_of_series(visits, rows.series, name) for name in ("site", "device"))
    return error_models(settings, site, device)


def _of_series(visits: Visits, series: IntArray, column: str) -> pd.Series:
    """A column of the visits for the series of each row; blank where there is none."""
    of_series = visits.frame[column].iloc[visits.first_of_series].reset_index(drop=True)
    blank = np.nan if column == "frequency_mhz" else ""
    return of_series.reindex(series, fill_value=blank).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Index of the usable visit value in each role, -1 where there is none."""

    baseline: IntArray
    last: IntArray
    lowest: IntArray
    untreated: IntArray

    @classmethod
    def of(cls, rows: Rows) -> _Chosen:
        def final(phases: Phases) -> IntArray:
            return np.where(phases.n > 0, phases.stop - 1, -1)

        return cls(
            final(rows.baseline), final(rows.under), lowest(rows.under), final(rows.untreated)
        )


def _pick(values: FloatArray, index: IntArray) -> FloatArray:
    if values.size == 0:
        return np.full(index.size, np.nan)
    return np.where(index >= 0, values[index], np.nan)


def _identity(problem: Problem) -> dict[str, object]:
    rows, periods, states = problem.rows, problem.periods, problem.states
    stretch = rows.stretch
    own = stretch.level == 0
    n = stretch.level.size
    starts, ends = stretch.start_first.copy(), stretch.until.copy()
    frame, period = periods.frame, stretch.source[own]
    starts[own], ends[own] = periods.start[period], periods.end[period]
    status = np.where(np.isinf(ends), 1, 0)
    status[own] = pd.Index(END_STATUSES).get_indexer(pd.Index(frame["end_status"]))[period]
    others, which = np.unique(stretch.source[~own], return_inverse=True)
    names, ids = state_labels(periods, states, others)
    ids[states.mask[others] == 0] = NO_THERAPY
    source = np.empty(n, dtype="int64")
    source[own], source[~own] = period, len(frame) + which
    dated = _dated(problem)
    return {
        "patient_id": problem.patients.array.take(stretch.patient),
        **{
            key: _of_series(problem.visits, rows.series, key)
            for key in ("site", "side", "layer", "device", "frequency_mhz")
        },
        "level": text_of_codes(LEVELS, stretch.level),
        "period_id": text_of_codes([*frame["period_id"], *ids], source),
        "regimen": text_of_codes([*frame["therapy"], *names], source),
        "starts_on": _dates(starts, dated),
        "ends_on": _dates(ends, dated),
        "starts_day": starts,
        "ends_day": np.where(np.isfinite(ends), ends, np.nan),
        "end_status": text_of_codes(END_STATUSES, status),
    }


def _dated(problem: Problem) -> BoolArray:
    first = np.searchsorted(problem.periods.patient, problem.rows.stretch.patient)
    return problem.periods.dated[first]


def _dates(days: FloatArray, dated: BoolArray) -> np.ndarray:
    return dates_of_days(np.where(dated, days, np.nan)).to_numpy()


def _answer_a(
    rows: Rows,
    visits: Visits,
    error: ErrorModel,
    chosen: _Chosen,
    elsewhere: tuple[tuple[BoolArray, BoolArray], tuple[BoolArray, BoolArray]],
) -> dict[str, object]:
    baseline, last = _pick(rows.under.value, chosen.baseline), _pick(rows.under.value, chosen.last)
    day = {
        name: _pick(rows.under.t, getattr(chosen, name)) for name in ("baseline", "last", "lowest")
    }
    change = last - baseline
    mdc = error.mdc95(baseline, last)
    replicates = visits.frame["n_replicates"].to_numpy()[rows.place]
    with np.errstate(divide="ignore", invalid="ignore"):
        per_cent = np.where(baseline > 0, 100 * change / baseline, np.nan)
    columns: dict[str, object] = {
        "baseline_mm": baseline,
        "last_mm": last,
        "lowest_mm": _pick(rows.under.value, chosen.lowest),
        "days": day["last"] - day["baseline"],
        "change_mm": change,
        "change_pct": per_cent,
        "mdc95_mm": mdc,
        "error_check": error_check(change, mdc),
        "error_reason": not_computable_reasons(rows, *elsewhere),
        "n_baseline": _pick(replicates, chosen.baseline),
        "n_last": _pick(replicates, chosen.last),
    }
    dated = _dated_series(visits, rows.series)
    for name, days in day.items():
        columns[f"{name}_day"] = days
        columns[f"{name}_date"] = _dates(days, dated)
    return columns


def _dated_series(visits: Visits, series: IntArray) -> BoolArray:
    dated = visits.frame["date"].notna().to_numpy()
    if dated.size == 0:
        return np.zeros(series.size, dtype=bool)
    return np.asarray(dated[visits.first_of_series[series]])


def _elsewhere(
    rows: Rows, visits: Visits
) -> tuple[tuple[BoolArray, BoolArray], tuple[BoolArray, BoolArray]]:
    """Whether another device (same layer) or layer has a baseline, and a value under."""
    keys = {k: _of_series(visits, rows.series, k) for k in ("site", "side", "layer")}
    frame = pd.DataFrame(
        {
            "level": rows.stretch.level,
            "source": rows.stretch.source,
            **keys,
            "baseline": rows.baseline.n > 0,
            "under": rows.under.n > 0,
        }
    )
    place = ["level", "source", "site", "side"]
    siblings = frame.groupby(place, sort=False)["layer"].transform("size") > 1
    none = np.zeros(rows.series.size, dtype=bool)
    if not siblings.any():
        return (none, none), (none, none)
    same_layer = frame.groupby([*place, "layer"], sort=False)
    any_layer = frame.groupby(place, sort=False)
    roles = ("baseline", "under")
    by_device = [same_layer[r].transform("any").to_numpy() & ~frame[r].to_numpy() for r in roles]
    by_layer = [any_layer[r].transform("any").to_numpy() & ~frame[r].to_numpy() for r in roles]
    return (by_device[0], by_device[1]), (by_layer[0], by_layer[1])


def _answer_b(
    problem: Problem,
    phases: tuple[Moments, Moments],
    error: ErrorModel,
    chosen: _Chosen,
    elsewhere: tuple[BoolArray, BoolArray],
    settings: Settings,
) -> dict[str, object]:
    rows = problem.rows
    reference, under = phases
    sem = error.sem(reference.mean)
    change = mean_difference(reference, under, sem, confidence=settings.confidence)
    trend = trend_before(rows, reference, under, change.estimate, settings)
    delta = smallest_difference(sem, settings)
    verdict, reason = verdicts(change, reference, under, delta, trend.explained, settings)
    sides_differ = elsewhere[0] | elsewhere[1]
    flags, overlaps = row_flags(
        rows,
        problem.visits,
        problem.periods,
        chosen.baseline,
        chosen.last,
        trend.run_before,
        sides_differ & ((chosen.baseline < 0) | (chosen.last < 0)),
        settings,
    )
    state, which = np.unique(rows.stretch.reference, return_inverse=True)
    states_before = state_labels(problem.periods, problem.states, state)[0]
    return {
        "reference_state": text_of_codes([*states_before], which),
        "n_reference": reference.n,
        "n_under": under.n,
        "mean_reference_mm": reference.mean,
        "mean_under_mm": under.mean,
        "mean_change_mm": change.estimate,
        "ci_low_mm": change.low,
        "ci_high_mm": change.high,
        **_beside_the_means(rows, reference, under, settings),
        "verdict": verdict,
        "verdict_reason": reason,
        "flags": flags,
        "overlaps_with": overlaps,
        "explained_mm": np.where(np.isfinite(change.estimate), trend.explained, np.nan),
    }


def _beside_the_means(
    rows: Rows, reference: Moments, under: Moments, settings: Settings
) -> dict[str, object]:
    """What answer B says besides the difference of the means: per cent, pairs and slope."""
    per_cent = log_response_ratio(reference, under, confidence=settings.confidence)
    lower = pairs_lower(rows.reference, rows.under)
    decrease = settings.improvement == "decrease"
    nap = nonoverlap(lower, reference.n, under.n, lower_is_better=decrease)
    nap_low, nap_high = nonoverlap_interval(
        nap, reference.n, under.n, confidence=settings.confidence
    )
    slope_per_day = median_slope(rows.under, at_least=settings.min_readings_slope)
    return {
        "mean_change_pct": per_cent.estimate,
        "pct_ci_low": per_cent.low,
        "pct_ci_high": per_cent.high,
        "nap": nap,
        "nap_ci_low": nap_low,
        "nap_ci_high": nap_high,
        "slope_mm_per_year": slope_per_day * DAYS_PER_YEAR,
        "n_pairs": reference.n * under.n,
        "n_pairs_lower": lower,
    }


def _untreated(
    rows: Rows, under: Moments, error: ErrorModel, chosen: _Chosen, settings: Settings
) -> dict[str, object]:
    """The same two answers against the time before any therapy."""
    first, last = _pick(rows.under.value, chosen.untreated), _pick(rows.under.value, chosen.last)
    start = moments(rows.untreated)
    change = mean_difference(start, under, error.sem(start.mean), confidence=settings.confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_cent = np.where(first > 0, 100 * (last - first) / first, np.nan)
    return {
        "untreated_day": _pick(rows.under.t, chosen.untreated),
        "untreated_mm": first,
        "change_untreated_mm": last - first,
        "change_untreated_pct": per_cent,
        "mdc95_untreated_mm": error.mdc95(first, last),
        "n_untreated": start.n,
        "mean_untreated_mm": start.mean,
        "mean_change_untreated_mm": change.estimate,
        "untreated_ci_low_mm": change.low,
        "untreated_ci_high_mm": change.high,
    }


def _left_out(rows: Rows) -> dict[str, object]:
    counts = np.column_stack([rows.left_out[name] for name in LEFT_OUT_REASONS])
    total = counts.sum(axis=1)
    distinct, which = np.unique(counts[total > 0], axis=0, return_inverse=True)
    labels = [
        "; ".join(f"{n} {why}" for n, why in zip(row, LEFT_OUT_REASONS.values(), strict=True) if n)
        for row in distinct
    ]
    code = np.zeros(total.size, dtype="int64")
    code[total > 0] = which.ravel() + 1
    return {"n_left_out": total, "left_out": text_of_codes(["", *labels], code)}
