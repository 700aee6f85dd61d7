"""Many contrasts of two phases at once, as arrays; nothing here loops over patients.

A phase of a contrast is a contiguous run ``[start, stop)`` of one sorted array of visit
values. Formulas and references are in docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sm_tracker.analysis.error import Z95

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

TIE = 1e-9
"""Values closer than this are equal; smaller differences are rounding noise."""

LARGEST_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Phases:
    """Runs of visit values, one for each contrast.

    Attributes
    ----------
    value : ndarray, shape (n_values,)  [mm]
    t : ndarray, shape (n_values,)  [days]
    start, stop : ndarray of int, shape (n_contrasts,)
    """

    value: FloatArray
    t: FloatArray
    start: IntArray
    stop: IntArray

    @property
    def n(self) -> IntArray:
        """Number of values in each run."""
        return self.stop - self.start

    def flat(self) -> tuple[IntArray, IntArray]:
        """Index of every value of every run, and the run it belongs to."""
        n = self.n
        run = np.repeat(np.arange(n.size), n)
        offset = np.arange(run.size) - np.repeat(np.cumsum(n) - n, n)
        return self.start[run] + offset, run

    def window(self, rows: IntArray, length: int) -> IntArray:
        """Indices of runs of one length, shape (rows, length)."""
        return self.start[rows, None] + np.arange(length)


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and spread of each run, with its mean time.

    `mean`, `variance` and `mean_t` are NaN where a run is too short for them.
    """

    n: IntArray
    mean: FloatArray
    variance: FloatArray
    mean_t: FloatArray
    slope: FloatArray
    """Ordinary least squares slope over real time  [mm per day]; NaN below two days."""


def moments(phases: Phases) -> Moments:
    """Mean, sample variance, mean time and least-squares slope of each run."""
    index, run = phases.flat()
    value, t = phases.value[index], phases.t[index]
    n = phases.n
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(run, value, n.size) / n
        mean_t = np.bincount(run, t, n.size) / n
        off, off_t = value - mean[run], t - mean_t[run]
        variance = np.bincount(run, off**2, n.size) / (n - 1)
        slope = np.bincount(run, off * off_t, n.size) / np.bincount(run, off_t**2, n.size)
    variance[n < 2] = np.nan
    return Moments(n, mean, variance, mean_t, slope)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its limits; NaN where it cannot be computed."""

    estimate: FloatArray
    low: FloatArray
    high: FloatArray


def mean_difference(
    reference: Moments,
    under: Moments,
    sem: FloatArray,
    *,
    confidence: float,
    variance_factor: float = 1.0,
) -> Interval:
    """Difference of means with Welch's interval and a floor from the measurement error.

    Parameters
    ----------
    reference, under : Moments
    sem : ndarray  [mm]
        Measurement error of one value at the reference mean.
    confidence : float
    variance_factor : float
        Multiplies the variances of both means, for example ``(1 + phi) / (1 - phi)`` under
        an assumed autocorrelation phi.

    Returns
    -------
    Interval  [mm]
        The half-width is never below ``1.96 SEM sqrt(1/m + 1/n)``; with one value on a
        side there is no Welch interval and the floor alone stands.

    References
    ----------
    Welch BL (1947). Biometrika 34:28-35.
    """
    m, n = reference.n, under.n
    change = under.mean - reference.mean
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = reference.variance / m, under.variance / n
        half = _welch_half_width(*parts, m, n, confidence, variance_factor)
        floor = error_factor(confidence) * sem * np.sqrt((1 / m + 1 / n) * variance_factor)
    half = np.fmax(half, floor)
    return Interval(change, change - half, change + half)


def _welch_half_width(
    a: FloatArray, b: FloatArray, m: IntArray, n: IntArray, confidence: float, factor: float
) -> FloatArray:
    squared = a + b
    freedom = squared**2 / (a**2 / (m - 1) + b**2 / (n - 1))
    return t_quantile(freedom, confidence) * np.sqrt(squared * factor)


def log_response_ratio(reference: Moments, under: Moments, *, confidence: float) -> Interval:
    """Per cent change of the mean by the bias-corrected log response ratio with t limits.

    Computed where both sides have two values or more and positive means; the limits are
    empty where neither side varies, because a width of zero would claim too much.

    References
    ----------
    Hedges LV, Gurevitch J, Curtis PS (1999). Ecology 80:1150-1156.
    Pustejovsky JE (2018). J School Psychology 68:99-112.
    """
    m, n = reference.n, under.n
    with np.errstate(divide="ignore", invalid="ignore"):
        a = reference.variance / (m * reference.mean**2)
        b = under.variance / (n * under.mean**2)
        ratio = np.log(under.mean) + b / 2 - np.log(reference.mean) - a / 2
        half = _welch_half_width(a, b, m, n, confidence, 1.0)
    ratio[(reference.mean <= 0) | (under.mean <= 0)] = np.nan
    half[~(a + b > 0)] = np.nan

    def per_cent(x: FloatArray) -> FloatArray:
        return np.asarray(100.0 * np.expm1(x))

    return Interval(per_cent(ratio), per_cent(ratio - half), per_cent(ratio + half))


def pairs_lower(reference: Phases, under: Phases) -> FloatArray:
    """Number of pairs in which the value under the regimen is lower; ties count one half."""
    m, n = reference.n, under.n
    result = np.full(m.size, np.nan)
    for rows, size_m, size_n in _equal_shapes(m, n):
        a = reference.value[reference.window(rows, size_m)]
        b = under.value[under.window(rows, size_n)]
        gap = b[:, :, None] - a[:, None, :]
        lower = (gap < -TIE).sum(axis=(1, 2)) + 0.5 * (np.abs(gap) <= TIE).sum(axis=(1, 2))
        result[rows] = lower
    return result


def _equal_shapes(m: IntArray, n: IntArray) -> Iterator[tuple[IntArray, int, int]]:
    """Rows grouped by the lengths of their two runs, in blocks that fit into memory."""
    rows = np.flatnonzero((m > 0) & (n > 0))
    if rows.size == 0:
        return
    width = int(n.max()) + 1
    code = m[rows] * width + n[rows]
    rows = rows[np.argsort(code, kind="stable")]
    code = np.sort(code)
    edges = np.flatnonzero(np.diff(code)) + 1
    for group in np.split(rows, edges):
        size_m, size_n = int(m[group[0]]), int(n[group[0]])
        step = max(1, LARGEST_BLOCK // (size_m * size_n))
        for at in range(0, group.size, step):
            yield group[at : at + step], size_m, size_n


def nonoverlap(lower: FloatArray, m: IntArray, n: IntArray, *, lower_is_better: bool) -> FloatArray:
    """NAP, the share of pairs that are better under the regimen (Parker & Vannest 2009)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = lower / (m * n)
    return np.asarray(share if lower_is_better else 1 - share)


def nonoverlap_interval(
    nap: FloatArray, m: IntArray, n: IntArray, *, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Newcombe's interval of NAP (2006, method 5), with the non-trivial root at 0 and 1.

    At complete separation the equation has the trivial root 1 besides the limit that is
    meant; taking it would claim a width of zero (for 2 + 2 values the limit is 0.386).
    """
    triples = np.column_stack([m, n, nap])
    computable = np.isfinite(nap)
    distinct, inverse = np.unique(triples[computable], axis=0, return_inverse=True)
    low, high = np.full(nap.size, np.nan), np.full(nap.size, np.nan)
    low[computable] = _newcombe_low(distinct, confidence)[inverse]
    mirrored = distinct * [1, 1, -1] + [0, 0, 1]
    high[computable] = 1 - _newcombe_low(mirrored, confidence)[inverse]
    return low, high


def _newcombe_low(triples: FloatArray, confidence: float) -> FloatArray:
    m, n, nap = triples.T
    z2 = normal_quantile(confidence) ** 2
    h = (m + n) / 2 - 1
    complete = nap >= 1 - TIE

    def excess(x: FloatArray) -> FloatArray:
        curve = z2 * x * (2 + h + (1 + 2 * h) * x * (1 - x))
        at_one = m * n * (1 - x) * (2 - x) * (1 + x) - curve
        below = m * n * (nap - x) ** 2 * (2 - x) * (1 + x) - curve * (1 - x)
        return np.asarray(np.where(complete, at_one, below))

    low, high = np.zeros(nap.size), np.where(complete, 1.0, nap)
    for _ in range(60):
        middle = (low + high) / 2
        positive = excess(middle) > 0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return (low + high) / 2


def median_slope(phases: Phases, *, at_least: int) -> FloatArray:
    """Theil-Sen slope of each run over real time  [mm per day]; NaN below `at_least` values.

    References
    ----------
    Sen PK (1968). J Am Stat Assoc 63:1379-1389.
    """
    n = np.where(phases.n >= at_least, phases.n, 0)
    slope = np.full(n.size, np.nan)
    for rows, size, _ in _equal_shapes(n, n):
        index = phases.window(rows, size)
        first, second = np.triu_indices(size, 1)
        value, t = phases.value[index], phases.t[index]
        steps: FloatArray = (value[:, second] - value[:, first]) / (t[:, second] - t[:, first])
        slope[rows] = np.median(steps, axis=1)
    return slope


def lowest(phases: Phases) -> IntArray:
    """Index of the first lowest value of each run, -1 for an empty one."""
    n = phases.n
    filled = np.flatnonzero(n > 0)
    index, run = phases.flat()
    result = np.full(n.size, -1, dtype="int64")
    if filled.size == 0:
        return result
    value = phases.value[index]
    least = np.full(n.size, np.inf)
    np.minimum.at(least, run, value)
    hit = np.flatnonzero(value <= least[run] + TIE)
    runs, first = np.unique(run[hit], return_index=True)
    result[runs] = index[hit[first]]
    return result


def extremes(phases: Phases) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest value of each run; infinite for an empty one."""
    index, run = phases.flat()
    least, most = np.full(phases.n.size, np.inf), np.full(phases.n.size, -np.inf)
    np.minimum.at(least, run, phases.value[index])
    np.maximum.at(most, run, phases.value[index])
    return least, most


def monotone(phases: Phases) -> IntArray:
    """-1 where a run only falls, 1 where it only rises, 0 otherwise (ties are no run)."""
    index, run = phases.flat()
    if index.size == 0:
        return np.zeros(phases.n.size, dtype="int64")
    within = np.r_[run[1:] == run[:-1], False]
    step = np.r_[np.diff(phases.value[index]), 0.0]
    falls = np.bincount(run, within & (step < -TIE), phases.n.size)
    rises = np.bincount(run, within & (step > TIE), phases.n.size)
    steps = np.maximum(phases.n - 1, 0)
    result = np.where((falls == steps), -1, np.where(rises == steps, 1, 0))
    return np.where(steps > 0, result, 0)


def normal_quantile(confidence: float) -> float:
    """Two-sided quantile of the standard normal distribution."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def error_factor(confidence: float) -> float:
    """The factor of the error floor: 1.96 at 95 %, exactly as the definitions print it."""
    return Z95 if confidence == 0.95 else normal_quantile(confidence)


def t_quantile(freedom: npt.ArrayLike, confidence: float) -> FloatArray:
    """Two-sided quantile of Student's t; NaN where the degrees of freedom are."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, (1 + confidence) / 2))
