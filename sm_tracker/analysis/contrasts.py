"""Many contrasts of two phases at once, as arrays; nothing here loops over patients.

A phase of a contrast is a contiguous run ``[start, stop)`` of one sorted array of visit
values. Formulas and references are in docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sm_tracker.analysis.error.error_model import Z95

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


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference of the means of two phases with its scatter  [mm].

    `half` is the half-width of the interval at the level asked for, `half_of` gives that of
    another level; NaN where none can be computed.
    """

    estimate: FloatArray
    half: FloatArray
    variance: FloatArray
    freedom: FloatArray
    scale: FloatArray
    floor: FloatArray
    error_known: BoolArray

    @property
    def low(self) -> FloatArray:
        """Lower limit."""
        return self.estimate - self.half

    @property
    def high(self) -> FloatArray:
        """Upper limit."""
        return self.estimate + self.half

    def half_of(self, confidence: float) -> FloatArray:
        """Half-width at a level, never below the error (or one recording step)."""
        # Degrees of freedom are whole numbers, so few quantiles serve many rows.
        whole = np.nan_to_num(self.freedom).astype("int64")
        quantile = t_quantile(np.arange(whole.max(initial=0) + 1), confidence)[whole]
        spread = quantile * np.sqrt(self.variance)
        floor = np.where(self.error_known, error_factor(confidence), 1.0) * self.floor
        return np.asarray(np.maximum(spread, floor) * self.scale)


def phase_difference(
    reference: Moments,
    under: Moments,
    sem: FloatArray,
    *,
    confidence: float,
    recording_step: FloatArray | float = 0.0,
    variance_factor: float = 1.0,
) -> Difference:
    """Difference of two phase means with an interval that knows the measurement error.

    The scatter is pooled from the reference about its mean and the readings under the
    regimen about their own line, so that a gradual fall is no noise. A known error enters
    as two degrees of freedom of scatter twice its size, and as the floor of the interval;
    without one the floor is one recording step.

    Parameters
    ----------
    reference, under : Moments
    sem : ndarray  [mm]
        Measurement error of one value at the reference mean; NaN where it is not known.
    confidence : float
    recording_step : ndarray or float  [mm]
        Smallest step in which values without a known error are written.
    variance_factor : float
        Multiplies the variance, for example ``(1 + phi) / (1 - phi)`` under an assumed
        autocorrelation phi.

    Notes
    -----
    Decision record 0040 has the rule, its reasons and simulated figures.
    """
    m, n = reference.n, under.n
    known = np.isfinite(sem) | (m == 0)
    prior = np.where(known, 2, 0)
    freedom = np.where(known, 2 + (m - 1) + np.maximum(n - 2, 0), m + n - 3).astype("float64")
    freedom[(m == 0) | (n == 0) | (freedom <= 0)] = np.nan
    expected = np.where(known, (2 * sem) ** 2, 0.0)
    scatter = prior * expected + reference.squares + under.residual
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(1 / m + 1 / n)
        variance = variance_factor * scatter / freedom
    floor = np.where(known, sem, recording_step)
    estimate = under.mean - reference.mean
    bare = Difference(estimate, estimate, variance, freedom, scale, floor, known)
    return replace(bare, half=bare.half_of(confidence))


def per_cent_change(
    reference: Moments, under: Moments, difference: Difference
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per cent change of the mean with limits that agree with those in mm.

    ``100 (exp(R ± half / L) - 1)`` with R the log ratio of the means and L their
    logarithmic mean, so that it leaves out 0 exactly where the interval in mm does; blank
    where a mean is not above zero.

    Returns
    -------
    estimate, low, high : ndarray  [%]
    """
    a, b = reference.mean, under.mean
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = (a > 0) & (b > 0)
        ratio = np.log(np.where(positive, b / a, np.nan))
        log_mean = np.where(np.abs(ratio) < TIE, a, (b - a) / ratio)
        half = difference.half / log_mean
    low, middle, high = (100.0 * np.expm1(x) for x in (ratio - half, ratio, ratio + half))
    return middle, low, high


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


def nonoverlap(
    lower: FloatArray, m: IntArray, n: IntArray, *, lower_is_better: BoolArray
) -> FloatArray:
    """NAP, the share of pairs that are better under the regimen (Parker & Vannest 2009)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = lower / (m * n)
    return np.where(lower_is_better, share, 1 - share)


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
