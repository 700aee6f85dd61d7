"""Whether thickness and a second, clinical outcome move together in a group of patients."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.analysis.change.concordance import DIRECTIONS, Direction, directions_of_changes
from sm_tracker.domain.records import Better
from sm_tracker.domain.settings import Improvement
from sm_tracker.domain.timeline import day_axis

__all__ = [
    "DIRECTIONS",
    "Concordance",
    "Direction",
    "better_direction",
    "concordance",
    "outcome_changes",
    "spearman",
]

LEAST_FOR_INTERVAL = 4
WITHIN_DAYS = 30
"""An outcome belongs to a reading of thickness at most so many days away."""
_TURNED: dict[Improvement, dict[str, Direction]] = {
    "decrease": {"thinner": "better", "within_error": "same", "thicker": "worse"},
    "increase": {"thinner": "worse", "within_error": "same", "thicker": "better"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RankCorrelation:
    """Spearman's rho with an interval by Fisher's z.

    `low` and `high` are NaN below four pairs and at rho of one, where there is none.
    """

    n: int
    rho: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Thickness against a second outcome over the patients of a group.

    Attributes
    ----------
    outcome, unit, better : str
    n_patients, n_pairs : int
        Patients of the group, and those with both changes.
    correlation : RankCorrelation
        Of thickness, in its better direction, with improvement of the outcome: positive where
        more of the one goes with more of the other.
    table : DataFrame, shape (3, 3)
        Patients by direction; rows thickness (beyond its measurement error), columns the
        outcome (beyond `least_change`).
    n_agree : int
        Patients on the diagonal.
    least_change : float
        Change of the outcome that counts as one, in its unit.
    improvement : {"decrease", "increase"}
        Better direction of thickness.
    """

    outcome: str
    unit: str
    better: str
    n_patients: int
    n_pairs: int
    correlation: RankCorrelation
    table: pd.DataFrame
    n_agree: int
    least_change: float
    improvement: Improvement = "decrease"


def spearman(x: npt.ArrayLike, y: npt.ArrayLike, confidence: float = 0.95) -> RankCorrelation:
    """Rank correlation; ties share the mean of their ranks.

    Parameters
    ----------
    x, y : array_like, shape (n,)

    Notes
    -----
    Interval: tanh(artanh rho ± z sqrt((1 + rho²/2)/(n - 3))).

    References
    ----------
    Bonett DG, Wright TA (2000). Psychometrika 65:23-28.
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    first, second = (np.asarray(v, dtype="float64") for v in (x, y))
    n, nan = first.size, float("nan")
    if n < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return RankCorrelation(n=n, rho=nan, low=nan, high=nan)
    rho = float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])
    if n < LEAST_FOR_INTERVAL or abs(rho) > 1 - 1e-12:
        return RankCorrelation(n=n, rho=rho, low=nan, high=nan)
    half = float(ndtri((1 + confidence) / 2)) * math.sqrt((1 + rho**2 / 2) / (n - 3))
    middle = math.atanh(rho)
    return RankCorrelation(
        n=n, rho=rho, low=math.tanh(middle - half), high=math.tanh(middle + half)
    )


def outcome_changes(
    one: pd.DataFrame, outcomes: pd.DataFrame, outcome: str, within_days: float = WITHIN_DAYS
) -> pd.DataFrame:
    """Change of a second outcome of each patient over the same stretch as the thickness.

    Parameters
    ----------
    one : DataFrame
        From :func:`sm_tracker.analysis.cohort.cohort_change.one_per_patient`.
    outcomes : DataFrame
        Contract OUTCOMES.
    outcome : str
    within_days : float
        The outcome counts at the reading of it nearest to each reading of thickness, at
        most so many days away, and on the same side of the start of the course.

    Returns
    -------
    DataFrame
        `one` with ``outcome_before``, ``outcome_last`` and ``outcome_change``, NaN where a
        patient has no such reading.
    """
    own = outcomes[outcomes["outcome"] == outcome]
    t, _ = day_axis(own, "date", "day")
    readings = pd.DataFrame(
        {"patient_id": own["patient_id"], "t": t, "value": own["value"].to_numpy("float64")}
    )
    before = _nearest(one, "baseline_day", readings, within_days, under=False)
    last = _nearest(one, "last_day", readings, within_days, under=True)
    return one.assign(
        outcome_before=before, outcome_last=last, outcome_change=np.asarray(last - before)
    )


def _nearest(
    one: pd.DataFrame, day: str, readings: pd.DataFrame, within_days: float, *, under: bool
) -> npt.NDArray[np.float64]:
    asked = one[["patient_id", day, "starts_day"]].assign(_row=np.arange(len(one)))
    pairs = asked.merge(readings, on="patient_id")
    side = pairs["t"] > pairs["starts_day"] if under else pairs["t"] <= pairs["starts_day"]
    away = (pairs["t"] - pairs[day]).abs()
    pairs = pairs.assign(away=away)[(side & (away <= within_days)).to_numpy()]
    nearest = pairs.sort_values(["_row", "away", "t"], kind="stable").drop_duplicates("_row")
    values = np.full(len(one), np.nan)
    values[nearest["_row"].to_numpy()] = nearest["value"].to_numpy()
    return values


def better_direction(outcomes: pd.DataFrame, outcome: str) -> Better:
    """Which direction of an outcome is better by the records; blank where none says it."""
    stated = set(outcomes.loc[outcomes["outcome"] == outcome, "better"])
    directions: tuple[Better, ...] = ("lower", "higher")
    return next((direction for direction in directions if direction in stated), "")


def concordance(
    one: pd.DataFrame,
    outcomes: pd.DataFrame,
    outcome: str,
    least_change: float = 0.0,
    confidence: float = 0.95,
    improvement: Improvement = "decrease",
    better: Better = "",
) -> Concordance:
    """Whether thinning (or thickening, if that is better) goes with a better second outcome.

    Parameters
    ----------
    one : DataFrame
        From :func:`sm_tracker.analysis.cohort.cohort_change.one_per_patient`.
    outcomes : DataFrame
        Contract OUTCOMES; gives unit and better direction.
    outcome : str
    least_change : float
        A change of the outcome up to this counts as the same, in its unit; 0 takes every
        change as one, since no measurement error of outcomes is known here.
    confidence : float
    improvement : {"decrease", "increase"}
        Better direction of thickness.
    better : {"", "lower", "higher"}
        Better direction of the outcome; that of the records if blank.

    Returns
    -------
    Concordance
    """
    rows = outcome_changes(one, outcomes, outcome)
    rows = rows[rows["computable"] & rows["outcome_change"].notna()]
    named = outcomes[outcomes["outcome"] == outcome]
    better = better or better_direction(outcomes, outcome) or "lower"
    unit = str(named["unit"].iloc[0]) if len(named) else ""
    gain = rows["outcome_change"] * (1 if better == "higher" else -1)
    towards_better = rows["change_mm"] * (-1 if improvement == "decrease" else 1)
    found = directions_of_changes(rows["outcome_change"], better != "higher", least_change)
    seen = pd.Series(np.asarray(DIRECTIONS)[found], index=rows.index)
    table = pd.crosstab(rows["error_check"].map(_TURNED[improvement]), seen).reindex(
        index=list(DIRECTIONS), columns=list(DIRECTIONS), fill_value=0
    )
    return Concordance(
        outcome=outcome,
        unit=unit,
        better=better,
        n_patients=len(one),
        n_pairs=len(rows),
        correlation=spearman(towards_better, gain, confidence),
        table=table,
        n_agree=int(np.trace(table.to_numpy())),
        least_change=least_change,
        improvement=improvement,
    )
