"""Answer A: the last reading before against the last one under, and against the untreated start."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import (
    ChosenReadings,
    RowMeasure,
    picked_values,
    row_dates,
    series_column,
)
from sm_tracker.analysis.change.intervals import COURSE
from sm_tracker.analysis.change.phase_difference import (
    phase_difference,
)
from sm_tracker.analysis.change.reading_roles import (
    ReadingRoles,
    Visits,
)
from sm_tracker.analysis.change.verdict import (
    error_check,
    not_computable_reasons,
)
from sm_tracker.analysis.error.error_model import ErrorModel
from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    Moments,
    moments,
)
from sm_tracker.domain.settings import Settings

_OF_SITE = ["level", "source", "measure", "site"]
"""What the rows of one interval and body site have in common."""


def reading_change(
    rows: ReadingRoles,
    visits: Visits,
    measure: RowMeasure,
    chosen: ChosenReadings,
    elsewhere: tuple[tuple[BoolArray, BoolArray], tuple[BoolArray, BoolArray]],
) -> dict[str, object]:
    """Columns of answer A: the two readings, their difference, its check against error."""
    baseline, last = (
        picked_values(rows.under.value, chosen.baseline),
        picked_values(rows.under.value, chosen.last),
    )
    day = {
        name: picked_values(rows.under.t, getattr(chosen, name))
        for name in ("baseline", "last", "lowest")
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
        "lowest_mm": picked_values(rows.under.value, chosen.lowest),
        "days": day["last"] - day["baseline"],
        "change_mm": change,
        "change_pct": per_cent,
        "mdc95_mm": mdc,
        **band_limits("limit", measure.error, baseline),
        "error_check": error_check(change, mdc, measure.thickness),
        "error_reason": reason,
        "error_reason_code": code,
        "n_baseline": picked_values(replicates, chosen.baseline),
        "n_last": picked_values(replicates, chosen.last),
    }
    dated = np.r_[visits.frame["date"].notna().to_numpy()[visits.first_of_series], False]
    dated = dated[rows.series]
    for name, days in day.items():
        columns[f"{name}_day"] = days
        columns[f"{name}_date"] = row_dates(days, dated)
    return columns


def change_since_untreated(
    rows: ReadingRoles,
    under: Moments,
    measure: RowMeasure,
    chosen: ChosenReadings,
    settings: Settings,
) -> dict[str, object]:
    """The same two answers against the time before any therapy, numbers only."""
    first, last = (
        picked_values(rows.under.value, chosen.untreated),
        picked_values(rows.under.value, chosen.last),
    )
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
        "untreated_day": picked_values(rows.under.t, chosen.untreated),
        "untreated_mm": first,
        "change_untreated_mm": last - first,
        "change_untreated_pct": per_cent,
        "mdc95_untreated_mm": measure.error.mdc95(first, last),
        **band_limits("limit_untreated", measure.error, first),
        "n_untreated": start.n,
        "mean_untreated_mm": start.mean,
        "mean_change_untreated_mm": change.estimate,
        "untreated_ci_low_mm": change.low,
        "untreated_ci_high_mm": change.high,
    }


def band_limits(name: str, error: ErrorModel, first: FloatArray) -> dict[str, object]:
    """The band around a first value, as figures draw it; blank where a side has no limit."""
    low, high = error.band(first)
    return {
        f"{name}_low_mm": np.where(low > 0, low, np.nan),
        f"{name}_high_mm": np.where(np.isfinite(high), high, np.nan),
    }


def readings_elsewhere(
    rows: ReadingRoles, visits: Visits
) -> tuple[tuple[BoolArray, BoolArray], tuple[BoolArray, BoolArray]]:
    """Whether another device (same layer) or layer has a baseline, and a value under."""
    names = ("measure", "site", "side", "layer")
    keys = {k: series_column(visits, rows.series, k) for k in names}
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
