"""Measures of the size of a change: differences, standardised differences, ratios.

Raw differences are second phase minus reference, in the unit of the readings.
Formulas and references: docs/methods.md.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sm_tracker.analysis.kernels import FloatArray, log_ratio, per_cent_of_log_ratio
from sm_tracker.analysis.measures.phase_pairs import (
    NO_VARIATION,
    ONE_READING,
    Estimate,
    PhasePair,
    computed_once,
    estimate_of,
    normal_half_width,
    t_half_width,
)

NOT_POSITIVE = "a phase mean is not above zero"


def mean_diff(
    pair: PhasePair, *, equal_variances: bool = False, confidence: float = 0.95
) -> Estimate:
    """Difference of means with Welch's t interval (or Student's, with equal variances).

    No floor from the measurement error is applied here, unlike in the change table.

    References
    ----------
    Welch BL (1947). Biometrika 34:28-35.
    """
    m, n = pair.m, pair.n
    a, b = pair.variances
    with np.errstate(divide="ignore", invalid="ignore"):
        if equal_variances:
            df = np.full(pair.shape, float(m + n - 2))
            pooled = _pooled_variance(pair)
            squared = pooled * (1 / max(m, 1) + 1 / max(n, 1))
        else:
            parts = a / max(m, 1), b / max(n, 1)
            squared = parts[0] + parts[1]
            df = squared**2 / (parts[0] ** 2 / (m - 1) + parts[1] ** 2 / (n - 1))
    se = np.sqrt(squared)
    short = min(m, n) < 2 and (not equal_variances or m + n < 3)
    return estimate_of(
        pair.means[1] - pair.means[0],
        *pair.empty,
        se=se,
        half_width=t_half_width(se, df, confidence),
        df=df,
        se_cases=(
            (short, f"no interval: {ONE_READING}"),
            (squared == 0, f"no interval: {NO_VARIATION}"),
        ),
    )


def _pooled_variance(pair: PhasePair) -> FloatArray:
    df = pair.m + pair.n - 2
    a, b = (np.where(np.isnan(v), 0.0, v) for v in pair.variances)
    if df < 1:
        return np.full(pair.shape, np.nan)
    return np.asarray(((pair.m - 1) * a + (pair.n - 1) * b) / df)


def median_diff(pair: PhasePair) -> Estimate:
    """Difference of the medians."""
    return estimate_of(pair.medians[1] - pair.medians[0], *pair.empty)


def hodges_lehmann(pair: PhasePair) -> Estimate:
    """Hodges-Lehmann shift: the median of all differences between the phases.

    References
    ----------
    Hodges JL, Lehmann EL (1963). Ann Math Stat 34:598-611.
    """
    if 0 in (pair.m, pair.n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    return estimate_of(np.median(pair.gaps.reshape(*pair.shape, -1), axis=-1))


def pct_change_of_means(pair: PhasePair) -> Estimate:
    """Change of the mean in per cent of the reference mean, without correction."""
    a, b = pair.means
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 100 * (b - a) / a
    return estimate_of(value, *pair.empty, (a <= 0, "the reference mean is not above zero"))


@computed_once
def smd(
    pair: PhasePair,
    *,
    std_dev: Literal["baseline", "pool"] = "baseline",
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> Estimate:
    """Within-case standardised mean difference, positive for improvement.

    Parameters
    ----------
    pair : PhasePair
    std_dev : {"baseline", "pool"}
        Divide by the standard deviation of the reference, or by the pooled one.
    bias_correct : bool
        Multiply by Hedges' factor ``1 - 3 / (4 df - 1)``.
    confidence : float

    Notes
    -----
    Refused at one degree of freedom with the correction: its factor is then zero, and
    "0 with a standard error of 0" would be printed for any change.

    References
    ----------
    Glass GV (1976). Educational Researcher 5(10):3-8. Hedges LV (1981). J Educational
    Statistics 6:107-128.
    """
    m, n = pair.m, pair.n
    a, b = pair.variances
    baseline = std_dev == "baseline"
    df = m - 1 if baseline else m + n - 2
    square = a if baseline else _pooled_variance(pair)
    factor = 1 - 3 / (4 * df - 1) if bias_correct else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        value = factor * pair.sign * (pair.means[1] - pair.means[0]) / np.sqrt(square)
        own = b / (n * square) if baseline else 1 / max(n, 1)
        scatter = 1 / max(m, 1) + own + value**2 / (2 * df)
    se = factor * np.sqrt(scatter)
    return estimate_of(
        value,
        *pair.empty,
        (df < 1, "one reference reading has no spread" if baseline else ONE_READING),
        (square == 0, "the reference does not vary" if baseline else NO_VARIATION),
        (
            bias_correct and df == 1,
            "the small-sample factor is zero at one degree of freedom",
        ),
        se=se,
        half_width=normal_half_width(se, confidence),
        se_cases=((n < 2 and baseline, f"no standard error: {ONE_READING}"),),
    )


def smd_cohen(pair: PhasePair) -> Estimate:
    """Difference of means over the root of the mean of the two variances, B minus A.

    References
    ----------
    Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd ed.
    """
    a, b = pair.variances
    square = (a + b) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (pair.means[1] - pair.means[0]) / np.sqrt(square)
    return estimate_of(
        value, *pair.empty, (min(pair.m, pair.n) < 2, ONE_READING), (square == 0, NO_VARIATION)
    )


@computed_once
def log_response_ratio(
    pair: PhasePair,
    *,
    toward: Literal["decrease", "increase"] = "decrease",
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> Estimate:
    """Log response ratio of the means on a continuous scale: LRRd or LRRi.

    Parameters
    ----------
    pair : PhasePair
    toward : {"decrease", "increase"}
        "decrease" is LRRd, where improvement is negative; "increase" is LRRi, where it is
        positive. They differ in sign only.
    bias_correct : bool
        Delta-method correction of the logarithm of each mean.
    confidence : float

    Notes
    -----
    No floor is put under the variances or means (``scale = "other"`` of SingleCaseES).
    The interval uses the normal quantile, as published; with few readings it is too
    narrow, which is why the change table uses t.

    References
    ----------
    Hedges LV, Gurevitch J, Curtis PS (1999). Ecology 80:1150-1156. Pustejovsky JE (2018).
    J School Psychology 68:99-112.
    """
    m, n = pair.m, pair.n
    (mean_a, mean_b), (var_a, var_b) = pair.means, pair.variances
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = var_a / (m * mean_a**2), var_b / (n * mean_b**2)
        value = log_ratio(mean_a, mean_b)
        if bias_correct:
            value = value + (b - a) / 2
    se = np.sqrt(a + b)
    turn = pair.sign if toward == "increase" else -pair.sign
    short = min(m, n) < 2
    return estimate_of(
        turn * value,
        *pair.empty,
        (bias_correct and short, f"the bias correction needs two readings: {ONE_READING}"),
        (~((mean_a > 0) & (mean_b > 0)), NOT_POSITIVE),
        se=se,
        half_width=normal_half_width(se, confidence),
        se_cases=((short, f"no standard error: {ONE_READING}"),),
        ci_cases=((a + b == 0, f"no interval: {NO_VARIATION}"),),
    )


def response_ratio_in_per_cent(ratio: Estimate) -> Estimate:
    """A log response ratio as change in per cent, limits alike."""
    empty = np.full(ratio.estimate.shape, np.nan)
    limits = per_cent_of_log_ratio(ratio.ci_lower), per_cent_of_log_ratio(ratio.ci_upper)
    return Estimate(per_cent_of_log_ratio(ratio.estimate), empty, *limits, ratio.reason)


def log_ratio_of_medians(
    pair: PhasePair, *, delta_method: bool = False, confidence: float = 0.95
) -> Estimate:
    """Log ratio of medians, positive for improvement.

    Parameters
    ----------
    pair : PhasePair
    delta_method : bool
        Standard error of the median divided by the median, instead of the spread of the
        logarithms of two order statistics.
    confidence : float

    References
    ----------
    Bonett DG, Price RM (2020). J Educational and Behavioral Statistics 45:750-770.
    """
    m, n = pair.m, pair.n
    a, b = pair.medians
    short = min(m, n) < 2
    with np.errstate(divide="ignore", invalid="ignore"):
        value = pair.sign * log_ratio(a, b)
        parts = [
            _median_log_error(v, mid, pair.tie, delta_method)
            for v, mid in ((pair.reference, a), (pair.under, b))
        ]
    se = np.hypot(parts[0], parts[1])
    return estimate_of(
        value,
        *pair.empty,
        (~((a > 0) & (b > 0)), "a phase median is not above zero"),
        se=se,
        half_width=normal_half_width(se, confidence),
        se_cases=(
            (short, f"no standard error: {ONE_READING}"),
            (~np.isfinite(se), "no standard error: a low reading is not above zero"),
        ),
        ci_cases=((se <= 0, f"no interval: {NO_VARIATION}"),),
    )


def _median_log_error(
    values: FloatArray, median: FloatArray, tie: FloatArray, delta_method: bool
) -> FloatArray:
    from scipy.special import bdtr, ndtri

    n = values.shape[-1]
    if n < 2:
        return np.full(values.shape[:-1], np.nan)
    ordered = np.sort(values, axis=-1)
    rank = max(1, round(n / 2 - np.sqrt(n)))
    low, high = ordered[..., rank - 1], ordered[..., n - rank]
    high = np.where(high - low <= tie, low, high)
    quantile = ndtri(1 - bdtr(rank - 1, n, 0.5))
    if delta_method:
        return np.asarray((high - low) / (2 * quantile * median))
    return np.asarray((np.log(high) - np.log(low)) / (2 * quantile))
