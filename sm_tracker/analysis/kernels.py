"""Each statistic of readings once, as arrays: for the change table and for effect sizes.

The change table holds phases of unequal length as runs ``[start, stop)`` of one sorted array
of visit values; effect sizes hold phases of equal length as the last axis of an array. Both
call the functions below; nothing here loops over patients. Formulas and references are in
docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
SignArray = npt.NDArray[np.int8]

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


def equal_phases(value: FloatArray, t: FloatArray | None = None) -> Phases:
    """The last axis of an array as runs of one length; without times they are 0 to n - 1."""
    n, runs = value.shape[-1], int(np.prod(value.shape[:-1]))
    start = np.arange(runs) * n
    times = np.broadcast_to(np.arange(float(n)) if t is None else t, value.shape)
    return Phases(value.ravel(), times.ravel(), start, start + n)


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and scatter of each run over real time; NaN where a run is too short.

    Attributes
    ----------
    n : ndarray of int
    mean, mean_t : ndarray  [mm], [days]
    squares : ndarray  [mm^2]
        Sum of squares about the mean.
    spread_t : ndarray  [days^2]
        Sum of squares of the days about their mean.
    slope : ndarray  [mm per day]
        Ordinary least squares slope; NaN below two days.
    residual : ndarray  [mm^2]
        Sum of squares about the least-squares line, 0 below three values.
    """

    n: IntArray
    mean: FloatArray
    mean_t: FloatArray
    squares: FloatArray
    spread_t: FloatArray
    slope: FloatArray
    residual: FloatArray


def moments(phases: Phases) -> Moments:
    """Mean, scatter, mean time and least-squares line of each run."""
    index, run = phases.flat()
    value, t = phases.value[index], phases.t[index]
    n = phases.n
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(run, value, n.size) / n
        mean_t = np.bincount(run, t, n.size) / n
        off, off_t = value - mean[run], t - mean_t[run]
        squares = np.bincount(run, off**2, n.size).astype("float64")
        spread_t = np.bincount(run, off_t**2, n.size).astype("float64")
        slope = np.bincount(run, off * off_t, n.size) / spread_t
    about_line = off - np.nan_to_num(slope)[run] * off_t
    residual = np.where(n >= 3, np.bincount(run, about_line**2, n.size), 0.0)
    return Moments(n, mean, mean_t, squares, spread_t, slope, residual)


def tie_tolerance(*values: FloatArray) -> FloatArray:
    """Differences up to this are rounding noise, shape (...).

    1e-9 (of the largest value, if that is below one), and never less than 1e-12 of the
    largest value: decimal fractions have no exact binary form, so exact comparison would
    let the unit decide what is a tie.
    """
    largest = np.max(np.stack([np.max(np.abs(v), axis=-1, initial=0.0) for v in values]), axis=0)
    return np.asarray(np.maximum(TIE * np.minimum(largest, 1.0), 1e-12 * largest))


def pair_signs(reference: FloatArray, under: FloatArray, tie: FloatArray) -> SignArray:
    """1 for a pair that rises, -1 for one that falls, 0 for a tied one, shape (..., m, n)."""
    gap = under[..., None, :] - reference[..., :, None]
    tie = tie[..., None, None]
    return np.subtract(gap > tie, gap < -tie, dtype="int8")


def pairs_above(signs: SignArray | FloatArray) -> FloatArray:
    """Number of pairs with a positive sign; ties count one half."""
    pairs = signs.shape[-2] * signs.shape[-1]
    return np.asarray((signs.sum(axis=(-2, -1)) + pairs) / 2)


def pairs_lower(reference: Phases, under: Phases) -> FloatArray:
    """Number of pairs in which the value under the regimen is lower; ties count one half."""
    m, n = reference.n, under.n
    result = np.full(m.size, np.nan)
    for rows, size_m, size_n in _equal_shapes(m, n):
        a = reference.value[reference.window(rows, size_m)]
        b = under.value[under.window(rows, size_n)]
        result[rows] = pairs_above(-pair_signs(a, b, tie_tolerance(a, b)))
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


def nonoverlap(better: FloatArray, m: npt.ArrayLike, n: npt.ArrayLike) -> FloatArray:
    """NAP: the share of m times n pairs that are better (Parker & Vannest 2009)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(better / (np.asarray(m) * n))


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


def theil_sen(y: FloatArray, t: FloatArray) -> FloatArray:
    """Median of the slopes between all readings of different times; NaN if there is none.

    References
    ----------
    Theil H (1950). Proc Kon Ned Akad Wetensch A 53:386-392. Sen PK (1968). J Am Stat
    Assoc 63:1379-1389.
    """
    first, second = np.triu_indices(y.shape[-1], 1)
    step = t[..., second] - t[..., first]
    rise = y[..., second] - y[..., first]
    if first.size == 0:
        return np.full(y.shape[:-1], np.nan)
    if (step != 0).all():
        return np.asarray(np.median(rise / step, axis=-1))
    slopes = np.sort(np.where(step == 0, np.nan, rise / np.where(step == 0, 1.0, step)), axis=-1)
    count = (step != 0).sum(axis=-1)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    high = np.minimum(high, first.size - 1)
    middle = [np.take_along_axis(slopes, k[..., None], axis=-1)[..., 0] for k in (low, high)]
    return np.where(count == 0, np.nan, (middle[0] + middle[1]) / 2)


def median_slope(phases: Phases, *, at_least: int) -> FloatArray:
    """Theil-Sen slope of each run over real time  [mm per day]; NaN below `at_least` values."""
    n = np.where(phases.n >= at_least, phases.n, 0)
    slope = np.full(n.size, np.nan)
    for rows, size, _ in _equal_shapes(n, n):
        index = phases.window(rows, size)
        slope[rows] = theil_sen(phases.value[index], phases.t[index])
    return slope


def log_ratio(reference: FloatArray, under: FloatArray) -> FloatArray:
    """Natural logarithm of the ratio of two means; NaN where one is not above zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.where((reference > 0) & (under > 0), under / reference, np.nan))


def per_cent_of_log_ratio(ratio: FloatArray) -> FloatArray:
    """A log ratio as change in per cent: ``100 (exp(R) - 1)``."""
    return np.asarray(100.0 * np.expm1(ratio))


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


def normal_quantile(confidence: float) -> float:
    """Two-sided quantile of the standard normal distribution."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def t_quantile(freedom: npt.ArrayLike, confidence: float) -> FloatArray:
    """Two-sided quantile of Student's t; NaN where the degrees of freedom are."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, (1 + confidence) / 2))
