"""Measures of one phase: its level, spread and trend.

Kernels take a :class:`Phase`; leading axes are independent phases of the same length.
Formulas and references: docs/methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    Moments,
    equal_phases,
    moments,
    theil_sen,
    tie_tolerance,
)
from sm_tracker.analysis.measures.phase_pairs import Estimate, estimate_of, t_half_width

EMPTY = "the phase has no reading"
ONE = "the phase has one reading"
ONE_TIME = "all readings share one time"
CONSTANT = "the phase does not vary"


def order_of(y: FloatArray, t: FloatArray | None) -> FloatArray:
    """Ranks 1 to n of the times, equal times sharing their mean rank, shape (..., n)."""
    n = y.shape[-1]
    if t is None:
        return np.broadcast_to(np.arange(1.0, n + 1), y.shape)
    earlier = (t[..., None, :] < t[..., :, None]).sum(axis=-1)
    same = (t[..., None, :] == t[..., :, None]).sum(axis=-1)
    return np.asarray(earlier + (same + 1) / 2)


@dataclass(frozen=True, slots=True)
class KendallCounts:
    """Kendall's score between readings and their order.

    Attributes
    ----------
    score : ndarray, shape (...)
        Rises minus falls among all pairs of different times.
    variance : ndarray, shape (...)
        Of the score where there is no association, corrected for ties in both.
    maximum : ndarray, shape (...)
        Largest score that the ties allow: the denominator of tau-b.
    free_times, free_values : ndarray, shape (...)
        Pairs that differ in time, and in value.
    """

    score: FloatArray
    variance: FloatArray
    maximum: FloatArray
    free_times: FloatArray
    free_values: FloatArray


def kendall_counts(y: FloatArray, t: FloatArray | None) -> KendallCounts:
    """Count rises, falls and ties among all pairs of readings (Kendall 1975, chapter 4)."""
    n = y.shape[-1]
    time = order_of(y, t)
    tie = tie_tolerance(y)[..., None, None]
    gap = y[..., None, :] - y[..., :, None]
    later = np.sign(time[..., None, :] - time[..., :, None])
    score = (later * ((gap > tie).astype("float64") - (gap < -tie))).sum(axis=(-2, -1)) / 2
    y5, y3, y2 = _tie_sums(np.abs(gap) <= tie)
    t5, t3, t2 = _tie_sums(later == 0)
    variance = (n * (n - 1) * (2 * n + 5) - y5 - t5) / 18 + y2 * t2 / (2 * n * (n - 1))
    if n > 2:
        variance = variance + y3 * t3 / (9 * n * (n - 1) * (n - 2))
    free_values, free_times = (n * (n - 1) - y2) / 2, (n * (n - 1) - t2) / 2
    maximum = np.sqrt(np.maximum(free_values * free_times, 0.0))
    return KendallCounts(np.asarray(score), variance, maximum, free_times, free_values)


def _tie_sums(tied: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sums over tie groups of u(u-1)(2u+5), u(u-1)(u-2) and u(u-1)."""
    u = tied.sum(axis=-1).astype("float64")
    # Each member of a group of u counts 1/u of it.
    five = ((u - 1) * (2 * u + 5)).sum(axis=-1)
    return five, ((u - 1) * (u - 2)).sum(axis=-1), (u - 1).sum(axis=-1)


@dataclass(frozen=True)
class Phase:
    """The readings of one phase, shape (..., n), in time order, and their times."""

    y: FloatArray
    t: FloatArray

    @property
    def n(self) -> int:
        """Number of readings."""
        return int(self.y.shape[-1])

    @property
    def none(self) -> FloatArray:
        """An empty estimate of the right shape."""
        return np.full(self.y.shape[:-1], np.nan)

    @property
    def too_short(self) -> tuple[tuple[bool, str], ...]:
        """The cases in which a measure of two or more readings does not exist."""
        return (self.n == 0, EMPTY), (self.n == 1, ONE)

    @cached_property
    def tie(self) -> FloatArray:
        """Largest difference that counts as a tie."""
        return tie_tolerance(self.y)

    @cached_property
    def constant(self) -> BoolArray:
        """Whether all readings are equal."""
        return np.asarray(np.ptp(self.y, axis=-1) <= self.tie)

    @cached_property
    def moments(self) -> Moments:
        """Mean, scatter and least-squares line, one entry a phase."""
        return moments(equal_phases(self.y, self.t))

    @cached_property
    def mean(self) -> FloatArray:
        """Mean; NaN without a reading."""
        return self.moments.mean.reshape(self.none.shape)

    @cached_property
    def sd(self) -> FloatArray:
        """Sample standard deviation, exactly 0 where constant; needs two readings."""
        squares = self.moments.squares.reshape(self.none.shape)
        return np.where(self.constant, 0.0, np.sqrt(squares / (self.n - 1)))

    @cached_property
    def kendall(self) -> KendallCounts:
        """Score, ties and variance of the readings against their order."""
        return kendall_counts(self.y, self.t)


def phase_n(phase: Phase) -> Estimate:
    """Number of readings of a phase."""
    return estimate_of(np.full(phase.none.shape, float(phase.n)))


def phase_mean(phase: Phase, *, confidence: float = 0.95) -> Estimate:
    """Mean of a phase with its t interval."""
    n = phase.n
    if n < 2:
        return estimate_of(phase.mean, (n == 0, EMPTY), se_cases=((n == 1, f"no interval: {ONE}"),))
    se = phase.sd / np.sqrt(n)
    return estimate_of(
        phase.mean,
        se=se,
        half_width=t_half_width(se, n - 1, confidence),
        ci_cases=((phase.constant, f"no interval: {CONSTANT}"),),
    )


def phase_sd(phase: Phase) -> Estimate:
    """Sample standard deviation of a phase."""
    if phase.n < 2:
        return estimate_of(phase.none, *phase.too_short)
    return estimate_of(phase.sd)


def phase_median(phase: Phase) -> Estimate:
    """Median of a phase."""
    if phase.n == 0:
        return estimate_of(phase.none, (True, EMPTY))
    return estimate_of(np.median(phase.y, axis=-1))


def theil_sen_slope(phase: Phase) -> Estimate:
    """Median of the slopes between all pairs of readings, per unit of time.

    Formula and references: :func:`~sm_tracker.analysis.kernels.theil_sen`.
    """
    slope = theil_sen(phase.y, phase.t)
    return estimate_of(slope, *phase.too_short, (np.isnan(slope), ONE_TIME))


def ols_slope(phase: Phase, *, confidence: float = 0.95) -> Estimate:
    """Least-squares slope per unit of time with its t interval (n - 2 df)."""
    n = phase.n
    if n < 2:
        return estimate_of(phase.none, *phase.too_short)
    line, shape = phase.moments, phase.none.shape
    across, left = line.spread_t.reshape(shape), line.residual.reshape(shape)
    slope = np.where(phase.constant, 0.0, line.slope.reshape(shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        straight = np.sqrt(left / n) <= phase.tie
        se = np.sqrt(np.where(straight, 0.0, left) / max(n - 2, 1) / across)
    return estimate_of(
        slope,
        (across == 0, ONE_TIME),
        se=se,
        half_width=t_half_width(se, n - 2, confidence) if n > 2 else np.nan,
        se_cases=((n < 3, "no interval: it needs three readings"),),
        ci_cases=((straight, "no interval: the readings lie on a line"),),
    )


def mann_kendall_s(phase: Phase) -> Estimate:
    """Mann-Kendall score: rises minus falls among all pairs in time order.

    The standard error is the root of the tie-corrected variance under no trend.

    References
    ----------
    Mann HB (1945). Econometrica 13:245-259. Kendall MG (1975). Rank correlation methods.
    """
    if phase.n < 2:
        return estimate_of(phase.none, *phase.too_short)
    variance = phase.kendall.variance
    return estimate_of(phase.kendall.score, se=np.sqrt(np.maximum(variance, 0.0)))


def mann_kendall_tau(phase: Phase) -> Estimate:
    """Kendall's tau-b between the readings and their time order."""
    if phase.n < 2:
        return estimate_of(phase.none, *phase.too_short)
    counts = phase.kendall
    with np.errstate(divide="ignore", invalid="ignore"):
        value = counts.score / counts.maximum
    return estimate_of(
        value, (counts.free_times <= 0, ONE_TIME), (counts.free_values <= 0, CONSTANT)
    )


def mann_kendall_p(phase: Phase) -> Estimate:
    """Two-sided p of no trend by the Mann-Kendall score, tie and continuity corrected."""
    if phase.n < 4:
        return estimate_of(phase.none, *phase.too_short, (True, "a p-value needs four readings"))
    return estimate_of(trend_p(phase.kendall))


def trend_p(counts: KendallCounts) -> FloatArray:
    """Two-sided p of Kendall's score by the continuity-corrected normal, shape (...).

    Below four readings the normal distribution is not a usable approximation.
    """
    from scipy.special import ndtr

    size = np.maximum(np.abs(counts.score) - 1, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(counts.variance > 0, size / np.sqrt(counts.variance), 0.0)
    return np.asarray(2 * ndtr(-z))


def acf_lag1(phase: Phase) -> Estimate:
    """Lag-one autocorrelation by the order of readings.

    Biased downwards in short phases (about -0.01 at 6 readings where the truth is 0.40):
    it never shows that readings are independent.

    References
    ----------
    Box GEP, Jenkins GM (1976). Time series analysis: forecasting and control.
    """
    if phase.n < 2:
        return estimate_of(phase.none, *phase.too_short)
    off = phase.y - phase.y.mean(axis=-1, keepdims=True)
    tied = (np.diff(phase.t, axis=-1) == 0).any(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (off[..., 1:] * off[..., :-1]).sum(axis=-1) / (off**2).sum(axis=-1)
    return estimate_of(
        value,
        (phase.constant, CONSTANT),
        (tied, "readings that share one time have no order"),
    )
