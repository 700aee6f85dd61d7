"""The change table: readings and therapy periods in, one row per site and period out.

This is the only place that computes a change per regimen. Sentence, table, figure, the
clinic's list and the registry all come from :func:`change_table`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.concordance import concordance_columns
from sm_tracker.analysis.change.flags import days_after_end, row_flags
from sm_tracker.analysis.change.intervals import COURSE, PATIENT, PERIOD, all_intervals
from sm_tracker.analysis.change.patient_level import patient_rows
from sm_tracker.analysis.change.phase_difference import (
    Difference,
    per_cent_change_of_means,
    phase_difference,
)
from sm_tracker.analysis.change.reading_roles import (
    LEFT_OUT_REASONS,
    ReadingRoles,
    Visits,
    arrange_visits,
    reading_roles,
)
from sm_tracker.analysis.change.verdict import (
    VerdictLimits,
    error_check,
    not_computable_reasons,
    trend_before,
    verdicts,
)
from sm_tracker.analysis.error.error_model import ErrorModel, error_models
from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    IntArray,
    Moments,
    Phases,
    lowest,
    median_slope,
    moments,
    nonoverlap,
    nonoverlap_interval,
    pairs_lower,
)
from sm_tracker.domain.exposure import Periods, periods_on_axis
from sm_tracker.domain.exposure_states import NO_THERAPY, States, exposure_states, state_labels
from sm_tracker.domain.records import END_STATUSES
from sm_tracker.domain.settings import Settings, given_settings
from sm_tracker.domain.tables import CHANGES, LEVELS, THICKNESS, VISITS, text_of_codes
from sm_tracker.domain.timeline import (
    dates_of_days,
    joined_visits,
    outcome_visit_values,
    require_one_axis,
    visit_values,
)

Text = pd.api.extensions.ExtensionArray

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
WHOLE_COURSE = "whole course"
BLOCK_PATIENTS = 10_000


def change_table(
    measurements: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings | None = None,
    outcomes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Change of skin thickness and outcomes per therapy period, for any number of patients.

    Parameters
    ----------
    measurements : DataFrame
        Contract MEASUREMENTS; one row per reading. A value counts unless its ``doubt`` is
        ``"open"``; nothing is judged here, see :func:`sm_tracker.domain.doubt.with_doubts`.
    therapies : DataFrame
        Contract THERAPIES; one row per therapy period.
    settings : Settings, optional
        Windows, measurement error and rules; the defaults of docs/methods.md if omitted.
    outcomes : DataFrame, optional
        Contract OUTCOMES; one row per value of a second outcome.

    Returns
    -------
    DataFrame
        Contract CHANGES: one row per patient, measure, site, side, layer, device and
        period, one for each combination and untreated interval that holds a reading and for
        the whole course, and one per period over the body sites. Nothing is dropped: what
        cannot be computed keeps its row with the reason.

    Raises
    ------
    ColumnError
        If a column is missing, holds values of the wrong kind, or a period is impossible.
    MixedTimeError
        If one patient mixes calendar dates and day numbers.
    """
    settings = given_settings(settings)
    visits = visit_values(measurements)
    if outcomes is not None:
        visits = joined_visits(visits, outcome_visit_values(outcomes))
    return change_table_of_visits(visits, therapies, settings)


def change_table_of_visits(
    visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The change table where the visit values (contract VISITS) are already known."""
    patients = _patient_codes(visit_frame, therapies)
    if patients.size <= BLOCK_PATIENTS:
        return _table(prepare_inputs(visit_frame, therapies, settings), settings)
    # Blocks of whole patients bound the memory; each is computed in one sweep.
    of_visit = patients.get_indexer(pd.Index(visit_frame["patient_id"])) // BLOCK_PATIENTS
    of_period = patients.get_indexer(pd.Index(therapies["patient_id"])) // BLOCK_PATIENTS
    blocks = range(-(-patients.size // BLOCK_PATIENTS))
    return pd.concat(
        [
            _table(
                prepare_inputs(visit_frame[of_visit == b], therapies[of_period == b], settings),
                settings,
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
    codes = _patient_codes(visit_frame, therapies)
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
            pd.Series(_of_series(visits, np.r_[:n, -1], column))
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


def _table(inputs: ChangeInputs, settings: Settings) -> pd.DataFrame:
    rows, visits = inputs.rows, inputs.visits
    measure = RowMeasure.of(rows, visits, settings)
    chosen = ChosenReadings.of(rows)
    elsewhere = _other_series(rows, visits)
    phases = moments(rows.reference), moments(rows.under)
    columns: dict[str, Any] = {
        **_identity(inputs),
        **_reading_change(rows, visits, measure, chosen, elsewhere),
        **_phase_change(inputs, phases, measure, chosen, elsewhere[0], settings),
        "sem_source": measure.error.source,
        "settings_id": text_of_codes([settings.settings_id], np.zeros(rows.series.size, int)),
        **_untreated(rows, phases[1], measure, chosen, settings),
        **_left_out(rows),
        "measure": measure.name,
        "unit": measure.unit,
    }
    columns["answer"] = _answer(columns["verdict"])
    over_sites, head, period = patient_rows(columns, rows)
    columns |= concordance_columns(
        columns,
        over_sites,
        period,
        rows,
        measure.decrease,
        measure.directed,
        thinner_is_better=settings.improvement == "decrease",
    )
    over_sites |= {name: columns[name][head] for name in _OF_PERIOD}
    order = np.lexsort(
        (
            pd.factorize(columns["period_id"], sort=True)[0][np.r_[: rows.series.size, head]],
            np.r_[rows.interval.level, np.full(period.size, PATIENT)],
            np.r_[rows.interval.start_first, inputs.periods.start_first[period]],
            np.r_[rows.series, np.full(period.size, visits.first_of_series.size)],
            np.r_[rows.interval.patient, inputs.periods.patient[period]],
        )
    )
    return _assembled(columns, over_sites, rows.series.size, period.size, order)


_OF_PERIOD = (
    "patient_id", "period_id", "regimen", "starts_on", "ends_on", "end_status", "starts_day",
    "ends_day", "settings_id",
)  # fmt: skip


def _assembled(
    columns: dict[str, Any], below: dict[str, Any], n: int, n_below: int, order: IntArray
) -> pd.DataFrame:
    """Two blocks of rows as one table in order; a column that a block lacks is blank there."""
    blank: dict[str, Any] = {
        "text": text_of_codes([""], np.zeros(max(n, n_below), dtype="int64")),
        "number": np.full(max(n, n_below), np.nan),
        "date": np.full(max(n, n_below), np.datetime64("NaT"), dtype="datetime64[us]"),
    }
    table = {}
    for name, column in CHANGES.columns.items():
        above = columns.get(name, blank[column.kind][:n])
        under = below.get(name, blank[column.kind][:n_below])
        if column.kind == "number":
            above = np.asarray(above, dtype="float64")
        table[name] = _stacked(above, under).take(order)
    return pd.DataFrame(table, copy=False)


def _answer(verdict: object) -> object:
    """Which of the two answers gives a row its one word."""
    without = np.isin(np.asarray(verdict), ("", "too_few_readings"))
    return text_of_codes(("phases", "readings"), without.astype("int64"))


def _of_series(visits: Visits, series: IntArray, column: str) -> Any:
    """A column of the visits for the series of each row; blank where there is none (-1)."""
    values = visits.frame[column].array.take(visits.first_of_series)
    if VISITS.columns[column].kind == "number":
        return np.r_[np.asarray(values, dtype="float64"), np.nan][series]
    return _stacked(values, text_of_codes([""], np.zeros(1, dtype="int64"))).take(series)


def _stacked(above: Any, below: Any) -> Any:
    """Two arrays of one kind as one."""
    if isinstance(above, np.ndarray):
        return np.concatenate([above, below])
    # The way of the interface of extension arrays, far quicker than one through objects.
    return type(above)._concat_same_type([above, below])


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


def _pick(values: FloatArray, index: IntArray) -> FloatArray:
    if values.size == 0:
        return np.full(index.size, np.nan)
    return np.where(index >= 0, values[index], np.nan)


def _identity(inputs: ChangeInputs) -> dict[str, object]:
    rows, periods, states = inputs.rows, inputs.periods, inputs.states
    interval = rows.interval
    own, course = interval.level == PERIOD, interval.level == COURSE
    of_state = ~own & ~course
    starts, ends = interval.begins.copy(), interval.until.copy()
    frame, period = periods.frame, interval.source[own]
    ends[own] = periods.end[period]
    first, last = rows.baseline.start[course], rows.under.stop[course] - 1
    known = rows.under.n[course] > 0
    starts[course] = np.where(known, np.r_[rows.under.t, 0.0][first], np.nan)
    ends[course] = np.where(known, np.r_[rows.under.t, 0.0][last], np.nan)
    status = np.where(np.isinf(ends), 1, 0)
    status[own] = pd.Index(END_STATUSES).get_indexer(pd.Index(frame["end_status"]))[period]
    status[course] = len(END_STATUSES)
    others, which = np.unique(interval.source[of_state], return_inverse=True)
    names, ids = state_labels(periods, states, others)
    ids[states.n_running[others] == 0] = NO_THERAPY
    source = np.full(interval.level.size, len(frame) + others.size)
    source[own], source[of_state] = period, len(frame) + which
    dated = _dated(inputs)
    return {
        "patient_id": inputs.patients.array.take(interval.patient),
        **{
            key: _of_series(inputs.visits, rows.series, key)
            for key in ("site", "side", "layer", "device", "frequency_mhz")
        },
        "level": text_of_codes(LEVELS, interval.level),
        "period_id": text_of_codes([*frame["period_id"], *ids, ""], source),
        "regimen": text_of_codes([*frame["therapy"], *names, WHOLE_COURSE], source),
        "starts_on": _dates(starts, dated),
        "ends_on": _dates(ends, dated),
        "starts_day": starts,
        "ends_day": np.where(np.isfinite(ends), ends, np.nan),
        "end_status": text_of_codes([*END_STATUSES, ""], status),
    }


def _dated(inputs: ChangeInputs) -> BoolArray:
    """Whether the patient of each row is on the calendar."""
    visits, periods = inputs.visits, inputs.periods
    of_patient = np.zeros(len(inputs.patients), dtype=bool)
    of_patient[periods.patient] = periods.dated
    of_series = visits.frame["date"].notna().to_numpy()[visits.first_of_series]
    of_patient[visits.patient_of_series] = of_series
    return of_patient[inputs.rows.interval.patient]


def _dates(days: FloatArray, dated: BoolArray) -> np.ndarray:
    return dates_of_days(np.where(dated, days, np.nan)).to_numpy()


def _reading_change(
    rows: ReadingRoles,
    visits: Visits,
    measure: RowMeasure,
    chosen: ChosenReadings,
    elsewhere: tuple[tuple[BoolArray, BoolArray], tuple[BoolArray, BoolArray]],
) -> dict[str, object]:
    baseline, last = _pick(rows.under.value, chosen.baseline), _pick(rows.under.value, chosen.last)
    day = {
        name: _pick(rows.under.t, getattr(chosen, name)) for name in ("baseline", "last", "lowest")
    }
    change = last - baseline
    mdc = measure.error.mdc95(baseline, last)
    code, reason = not_computable_reasons(
        rows, *elsewhere, np.isfinite(change) & np.isnan(measure.error.sem_mm)
    )
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
        **_limits("limit", measure.error, baseline),
        "error_check": error_check(change, mdc, measure.thickness),
        "error_reason": reason,
        "error_reason_code": code,
        "n_baseline": _pick(replicates, chosen.baseline),
        "n_last": _pick(replicates, chosen.last),
    }
    dated = np.r_[visits.frame["date"].notna().to_numpy()[visits.first_of_series], False]
    dated = dated[rows.series]
    for name, days in day.items():
        columns[f"{name}_day"] = days
        columns[f"{name}_date"] = _dates(days, dated)
    return columns


def _limits(name: str, error: ErrorModel, first: FloatArray) -> dict[str, object]:
    """The band around a first value, as figures draw it; blank where a side has no limit."""
    low, high = error.band(first)
    return {
        f"{name}_low_mm": np.where(low > 0, low, np.nan),
        f"{name}_high_mm": np.where(np.isfinite(high), high, np.nan),
    }


_OF_SITE = ["level", "source", "measure", "site"]
"""What the rows of one interval and body site have in common."""


def _other_series(
    rows: ReadingRoles, visits: Visits
) -> tuple[tuple[BoolArray, BoolArray], tuple[BoolArray, BoolArray]]:
    """Whether another device (same layer) or layer has a baseline, and a value under."""
    names = ("measure", "site", "side", "layer")
    keys = {k: _of_series(visits, rows.series, k) for k in names}
    # A course has no source; it stays within its own device and layer.
    course = rows.interval.level == COURSE
    frame = pd.DataFrame(
        {
            "level": rows.interval.level,
            "source": np.where(course, -2 - np.arange(course.size), rows.interval.source),
            **keys,
            "baseline": rows.baseline.n > 0,
            "under": rows.under.n > 0,
        }
    )
    siblings = frame.groupby(_OF_SITE, sort=False)["layer"].transform("size") > 1
    none = np.zeros(rows.series.size, dtype=bool)
    if not siblings.any():
        return (none, none), (none, none)
    frame = frame.assign(side=_telling(frame, "side"), layer=_telling(frame, "layer"))
    same_layer = frame.groupby([*_OF_SITE, "side", "layer"], sort=False)
    any_layer = frame.groupby([*_OF_SITE, "side"], sort=False)
    roles = ("baseline", "under")
    by_device = [same_layer[r].transform("any").to_numpy() & ~frame[r].to_numpy() for r in roles]
    by_layer = [any_layer[r].transform("any").to_numpy() & ~frame[r].to_numpy() for r in roles]
    return (by_device[0], by_device[1]), (by_layer[0], by_layer[1])


def _telling(frame: pd.DataFrame, key: str) -> pd.Series:
    """A key of series where the site of a row states several values of it, else blank."""
    stated = frame[key].where(frame[key] != "")
    several = stated.groupby([frame[k] for k in _OF_SITE]).transform("nunique")
    return frame[key].where(several > 1, "")


def _phase_change(
    inputs: ChangeInputs,
    phases: tuple[Moments, Moments],
    measure: RowMeasure,
    chosen: ChosenReadings,
    elsewhere: tuple[BoolArray, BoolArray],
    settings: Settings,
) -> dict[str, object]:
    rows = inputs.rows
    reference, under = phases
    limits = measure.limits(reference, settings)
    change = phase_difference(
        reference,
        under,
        limits.sem,
        confidence=settings.confidence,
        recording_step=measure.recording_step,
    )
    trend = trend_before(reference, under, change, limits.drift_per_day)
    last = _pick(rows.under.value, chosen.last)
    months = _months_before(rows)
    found = verdicts(
        change,
        reference,
        under,
        last,
        limits,
        trend,
        confidence=settings.confidence,
        months_before=months,
    )
    sides_differ = elsewhere[0] | elsewhere[1]
    with np.errstate(invalid="ignore"):
        notable = np.abs(trend.explained) >= limits.delta / 4
    flags, overlaps = row_flags(
        rows,
        inputs.visits,
        inputs.periods,
        inputs.states,
        chosen.baseline,
        chosen.last,
        notable & (trend.explained != 0),
        sides_differ & ((chosen.baseline < 0) | (chosen.last < 0)),
        measure.decrease,
        measure.directed,
        settings,
    )
    course = rows.interval.level == COURSE
    state, which = np.unique(rows.interval.reference[~course], return_inverse=True)
    states_before = state_labels(inputs.periods, inputs.states, state)[0]
    before = np.full(course.size, len(states_before))
    before[~course] = which
    return {
        "reference_state": text_of_codes([*states_before, ""], before),
        "n_reference": np.where(course, np.nan, reference.n),
        "n_under": under.n,
        "mean_reference_mm": reference.mean,
        "mean_under_mm": under.mean,
        "mean_change_mm": change.estimate,
        "ci_low_mm": change.low,
        "ci_high_mm": change.high,
        **phase_effects(rows, reference, under, change, measure, settings),
        "verdict": _blanked(found.verdict, course),
        "verdict_reason": _blanked(found.reason_text, course),
        "verdict_reason_code": _blanked(found.reason, course),
        "flags": flags,
        "overlaps_with": overlaps,
        "explained_mm": np.where(np.isfinite(change.estimate), trend.explained, np.nan),
        "months_before": np.where(course, np.nan, months),
        "days_after_end": days_after_end(rows, inputs.periods, chosen.last),
    }


def _blanked(text: pd.api.extensions.ExtensionArray, blank: BoolArray) -> object:
    """Text with some of its cells blank."""
    result = text.copy()
    result[blank] = ""
    return result


def _months_before(rows: ReadingRoles) -> FloatArray:
    """Months from the last reference reading to the start, where older ones were left out."""
    with np.errstate(invalid="ignore"):
        months = (rows.interval.start_first - rows.reference_last) / DAYS_PER_MONTH
    return np.where(rows.left_out["old"] > 0, months, np.nan)


def phase_effects(
    rows: ReadingRoles,
    reference: Moments,
    under: Moments,
    change: Difference,
    measure: RowMeasure,
    settings: Settings,
) -> dict[str, object]:
    """What answer B says besides the difference of the means: per cent, pairs and slope."""
    per_cent, per_cent_low, per_cent_high = per_cent_change_of_means(reference, under, change)
    lower = pairs_lower(rows.reference, rows.under)
    n_pairs = reference.n * under.n
    better = np.where(measure.decrease, lower, n_pairs - lower)
    nap = np.where(measure.directed, nonoverlap(better, reference.n, under.n), np.nan)
    nap_low, nap_high = nonoverlap_interval(
        nap, reference.n, under.n, confidence=settings.confidence
    )
    slope_per_day = median_slope(rows.under, at_least=settings.min_readings_slope)
    return {
        "mean_change_pct": per_cent,
        "pct_ci_low": per_cent_low,
        "pct_ci_high": per_cent_high,
        "nap": nap,
        "nap_ci_low": nap_low,
        "nap_ci_high": nap_high,
        "slope_mm_per_year": slope_per_day * DAYS_PER_YEAR,
        "n_pairs": n_pairs,
        "n_pairs_lower": lower,
    }


def _untreated(
    rows: ReadingRoles,
    under: Moments,
    measure: RowMeasure,
    chosen: ChosenReadings,
    settings: Settings,
) -> dict[str, object]:
    """The same two answers against the time before any therapy, numbers only."""
    first, last = _pick(rows.under.value, chosen.untreated), _pick(rows.under.value, chosen.last)
    start = moments(rows.untreated)
    change = phase_difference(
        start,
        under,
        measure.error.sem(start.mean),
        confidence=settings.confidence,
        recording_step=measure.recording_step,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        per_cent = np.where(first > 0, 100 * (last - first) / first, np.nan)
    return {
        "untreated_day": _pick(rows.under.t, chosen.untreated),
        "untreated_mm": first,
        "change_untreated_mm": last - first,
        "change_untreated_pct": per_cent,
        "mdc95_untreated_mm": measure.error.mdc95(first, last),
        **_limits("limit_untreated", measure.error, first),
        "n_untreated": start.n,
        "mean_untreated_mm": start.mean,
        "mean_change_untreated_mm": change.estimate,
        "untreated_ci_low_mm": change.low,
        "untreated_ci_high_mm": change.high,
    }


def _left_out(rows: ReadingRoles) -> dict[str, object]:
    counts = np.column_stack([rows.left_out[name] for name in LEFT_OUT_REASONS])
    total = counts.sum(axis=1)
    distinct, which = np.unique(counts[total > 0], axis=0, return_inverse=True)
    labels, codes = (
        [
            mark.join(form.format(n=n, why=w) for n, w in zip(row, reasons, strict=True) if n)
            for row in distinct
        ]
        for mark, form, reasons in (
            ("; ", "{n} {why}", LEFT_OUT_REASONS.values()),
            (" ", "{why}:{n}", LEFT_OUT_REASONS),
        )
    )
    code = np.zeros(total.size, dtype="int64")
    code[total > 0] = which.ravel() + 1
    return {
        "n_left_out": total,
        "left_out": text_of_codes(["", *labels], code),
        "left_out_code": text_of_codes(["", *codes], code),
    }
