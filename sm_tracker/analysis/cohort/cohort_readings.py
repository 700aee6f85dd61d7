"""Single readings of a group against each patient's own baseline and measurement error."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.verdict import error_check
from sm_tracker.analysis.error.error_model import error_models
from sm_tracker.analysis.kernels import FloatArray
from sm_tracker.domain.settings import Settings

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
BIN_DAYS = 28


def with_best(one: pd.DataFrame, settings: Settings, readings: pd.DataFrame) -> pd.DataFrame:
    """The best value under the regimen against the baseline of each patient.

    Parameters
    ----------
    one : DataFrame
        From :func:`sm_tracker.analysis.cohort.cohort_change.one_per_patient`.
    settings : Settings
        `improvement` says whether the lowest or the highest value is the best.
    readings : DataFrame
        From :func:`reading_changes`; gives the highest value, which the change table does
        not hold. The lowest is taken from `one`.

    Returns
    -------
    DataFrame
        `one` with ``best_mm``, ``best_change_mm``, ``best_change_pct``, ``best_mdc95_mm``
        (error of that pair) and ``best_check``; NaN and ``not_computable`` without a baseline,
        or without the readings that the highest value needs.

    Notes
    -----
    The best of several values lies beyond the last one by chance alone, more so the more
    there are: this shows how far a patient went, not the change.
    """
    error = error_models(settings, one["site"], one["device"])
    best = _lowest(one) if settings.improvement == "decrease" else _highest(one, readings)
    change = np.asarray(best - one["baseline_mm"], dtype="float64")
    change = np.where(one["computable"], change, np.nan)
    mdc95 = error.mdc95(one["baseline_mm"], best)
    return one.assign(
        best_mm=best,
        best_change_mm=change,
        best_change_pct=100 * change / one["baseline_mm"].to_numpy("float64"),
        best_mdc95_mm=np.where(np.isfinite(change), mdc95, np.nan),
        best_check=error_check(change, mdc95),
    )


def _lowest(one: pd.DataFrame) -> FloatArray:
    return np.asarray(one["lowest_mm"], dtype="float64")


def _highest(one: pd.DataFrame, readings: pd.DataFrame) -> FloatArray:
    under = readings[readings["under"] == 1]
    highest = under.groupby("patient_id")["value_mm"].max()
    return np.asarray(highest.reindex(one["patient_id"]), dtype="float64")


def reading_changes(values: pd.DataFrame, one: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Every visit value of each patient's site against the patient's baseline.

    Parameters
    ----------
    values : DataFrame
        From :func:`sm_tracker.analysis.cohort.cohort_model.cohort_visits`.
    one : DataFrame
        From :func:`sm_tracker.analysis.cohort.cohort_change.one_per_patient`; patients without a
        computable change have no row.
    settings : Settings

    Returns
    -------
    DataFrame
        ``patient_id, days`` (from the start of the course), ``under, value_mm, change_mm,
        change_pct, check``, sorted by patient and day.
    """
    known = one[one["computable"]]
    asked = pd.DataFrame(
        {
            "patient_id": known["patient_id"],
            "site": (known["side"] + " " + known["site"]).str.strip(),
            "plain_site": known["site"],
            "device": known["device"],
            "baseline_mm": known["baseline_mm"],
        }
    )
    rows = values.merge(asked, on=["patient_id", "site"])
    error = error_models(settings, rows["plain_site"], rows["device"])
    change = (rows["value_mm"] - rows["baseline_mm"]).to_numpy("float64")
    found = pd.DataFrame(
        {
            "patient_id": rows["patient_id"],
            "days": rows["days"],
            "under": rows["under"],
            "value_mm": rows["value_mm"],
            "change_mm": change,
            "change_pct": 100 * change / rows["baseline_mm"].to_numpy("float64"),
            "check": error_check(change, error.mdc95(rows["baseline_mm"], rows["value_mm"])),
        }
    )
    return found.sort_values(["patient_id", "days"], kind="stable", ignore_index=True)


def quantiles_over_time(readings: pd.DataFrame, column: str) -> pd.DataFrame:
    """Quantiles of a group in steps of 28 days, for groups too large for single lines.

    Parameters
    ----------
    readings : DataFrame
        From :func:`reading_changes`.
    column : str
        ``change_mm`` or ``change_pct``.

    Returns
    -------
    DataFrame
        ``days`` (middle of the step), ``n`` (patients) and a column for each of 10, 25, 50,
        75 and 90 per cent. Of a patient's values in one step the last counts. The steps
        hold different patients, so a line is not the course of anybody.
    """
    step = np.ceil(readings["days"] / BIN_DAYS)
    last = readings.assign(_step=step).drop_duplicates(["patient_id", "_step"], keep="last")
    grouped = last.groupby("_step")[column]
    table = grouped.quantile(np.array(QUANTILES)).unstack().reset_index(drop=True)
    table.columns = [f"q{round(100 * q)}" for q in QUANTILES]
    counts = grouped.size()
    table.insert(0, "days", (counts.index.to_numpy("float64") - 0.5) * BIN_DAYS)
    table.insert(1, "n", counts.to_numpy())
    return table
