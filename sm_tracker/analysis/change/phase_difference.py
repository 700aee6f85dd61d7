"""The difference of two phase means with an interval that knows the measurement error."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sm_tracker.analysis.error.error_model import Z95
from sm_tracker.analysis.kernels import (
    TIE,
    BoolArray,
    FloatArray,
    Moments,
    log_ratio,
    normal_quantile,
    per_cent_of_log_ratio,
    t_quantile,
)


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
    regimen about their own line, so that a gradual fall is not taken for noise. A known error
    enters as two degrees of freedom of scatter twice its size, and as the floor of the
    interval; without one the floor is one recording step.

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


def per_cent_change_of_means(
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
    ratio = log_ratio(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_mean = np.where(np.abs(ratio) < TIE, a, (b - a) / ratio)
        half = difference.half / log_mean
    low, middle, high = (per_cent_of_log_ratio(x) for x in (ratio - half, ratio, ratio + half))
    return middle, low, high


def error_factor(confidence: float) -> float:
    """The factor of the error floor: 1.96 at 95 %, exactly as the definitions print it."""
    return Z95 if confidence == 0.95 else normal_quantile(confidence)
