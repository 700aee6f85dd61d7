"""Answer B: all readings before against all readings under."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import (
    DAYS_PER_YEAR,
    ChangeInputs,
    ChosenReadings,
    RowMeasure,
    picked_values,
)
from sm_tracker.analysis.change.flags import days_after_end, row_flags
from sm_tracker.analysis.change.intervals import COURSE
from sm_tracker.analysis.change.phase_difference import (
    Difference,
    per_cent_change_of_means,
    phase_difference,
)
from sm_tracker.analysis.change.reading_roles import (
    ReadingRoles,
)
from sm_tracker.analysis.change.verdict import (
    trend_before,
    verdicts,
)
from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    Moments,
    median_slope,
    nonoverlap,
    nonoverlap_interval,
    pairs_lower,
)
from sm_tracker.domain.exposure_states import state_labels
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import text_of_codes

DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def phase_change(
    inputs: ChangeInputs,
    phases: tuple[Moments, Moments],
    measure: RowMeasure,
    chosen: ChosenReadings,
    elsewhere: tuple[BoolArray, BoolArray],
    settings: Settings,
) -> dict[str, object]:
    """Columns of answer B: means, difference with interval, word, effect sizes, flags."""
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
    last = picked_values(rows.under.value, chosen.last)
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
