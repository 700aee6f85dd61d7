"""Measures of overlap: how often a reading of one phase is better than one of the other.

All are turned so that larger means better. Formulas and references: docs/methods.md.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    nonoverlap,
    nonoverlap_interval,
    pairs_above,
    theil_sen,
)
from sm_tracker.analysis.measures.phase_pairs import (
    ONE_READING,
    Estimate,
    PhasePair,
    computed_once,
    estimate_of,
    normal_half_width,
)
from sm_tracker.analysis.measures.trend import (
    kendall_counts,
    order_of,
    trend_p,
)

StandardError = Literal["unbiased", "Hanley", "null"]


@computed_once
def nap(pair: PhasePair, *, se: StandardError = "unbiased", confidence: float = 0.95) -> Estimate:
    """Non-overlap of all pairs: share of pairs that are better, ties counting one half.

    Parameters
    ----------
    pair : PhasePair
    se : {"unbiased", "Hanley", "null"}
        Formula of the standard error; the interval does not depend on it.
    confidence : float

    Returns
    -------
    Estimate
        0 to 1; 0.5 means no separation. The interval has the non-trivial root at
        complete separation, so its width is never zero.

    References
    ----------
    Parker RI, Vannest KJ (2009). Behavior Therapy 40:357-367. Newcombe RG (2006).
    Statistics in Medicine 25:559-573, method 5. Mee RW (1990). J Am Stat Assoc
    85:793-800. Hanley JA, McNeil BJ (1982). Radiology 143:29-36.

    Examples
    --------
    >>> import numpy as np
    >>> pair = PhasePair(np.array([2.5, 2.4, 2.6, 2.4]), np.array([2.4, 2.2, 2.1, 2.3, 2.4]))
    >>> round(float(nap(pair).estimate), 3)
    0.9
    """
    return _nap_of(pair.wins, pair, se=se, confidence=confidence)


def tau(pair: PhasePair, *, se: StandardError = "unbiased", confidence: float = 0.95) -> Estimate:
    """Tau without trend: ``2 NAP - 1``, from -1 to 1.

    References
    ----------
    Parker RI, Vannest KJ, Davis JL, Sauber SB (2011). Behavior Therapy 42:284-299.
    """
    return nap(pair, se=se, confidence=confidence).scaled(2.0, -1.0)


def _nap_of(wins: FloatArray, pair: PhasePair, *, se: StandardError, confidence: float) -> Estimate:
    m, n = pair.m, pair.n
    if m == 0 or n == 0:
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    value = nonoverlap(pairs_above(wins), m, n)
    low, high = nonoverlap_interval(
        value.ravel(), np.full(value.size, m), np.full(value.size, n), confidence=confidence
    )
    variance = _nap_variance(wins, value, m, n, se)
    too_short = se == "unbiased" and min(m, n) < 2
    result = estimate_of(
        value,
        se=np.sqrt(np.maximum(variance, 0.0)),
        limits=(low.reshape(value.shape), high.reshape(value.shape)),
    )
    if not too_short:
        return result
    # The interval needs no standard error, so it stays.
    reason = np.full(value.shape, f"no standard error: {ONE_READING}", dtype=object)
    empty = np.full(value.shape, np.nan)
    return Estimate(result.estimate, empty, result.ci_lower, result.ci_upper, reason)


def _nap_variance(
    wins: FloatArray, value: FloatArray, m: int, n: int, se: StandardError
) -> FloatArray:
    if se == "null":
        return np.full(value.shape, (m + n + 1) / (12 * m * n))
    # Counted in deviations: the textbook sum of squares loses digits near 0 and 1.
    off = (wins + 1) / 2 - value[..., None, None]
    by_reference = (off.sum(axis=-1) ** 2).sum(axis=-1) / (m * n**2)
    by_under = (off.sum(axis=-2) ** 2).sum(axis=-1) / (m**2 * n)
    edge = 1 / (2 * m * n)
    share = np.clip(value, edge, 1 - edge)
    if se == "Hanley":
        return np.asarray(
            (share * (1 - share) + (n - 1) * by_reference + (m - 1) * by_under) / (m * n)
        )
    if min(m, n) < 2:
        return np.full(value.shape, np.nan)
    each = (off**2).mean(axis=(-2, -1))
    whole = share * (1 - share) + n * by_reference + m * by_under - 2 * each
    return np.asarray(whole / ((m - 1) * (n - 1)))


def _trend_score(pair: PhasePair) -> FloatArray:
    """Rises minus falls in the direction of improvement among the reference readings."""
    y = pair.reference
    t = order_of(y, pair.t_reference)
    gap = (y[..., None, :] - y[..., :, None]) * pair.sign[..., None, None]
    later = np.sign(t[..., None, :] - t[..., :, None])
    tie = pair.tie[..., None, None]
    score = later * ((gap > tie).astype("float64") - (gap < -tie))
    return np.asarray(score.sum(axis=(-2, -1)) / 2)


def tau_u(pair: PhasePair) -> Estimate:
    """Tau-U, A against B less the trend of A, over the number of A-B pairs.

    The variant of Parker et al. 2011 that divides by m n; it can leave -1 to 1. Other
    variants divide by other counts, so a Tau-U without its method means nothing.

    References
    ----------
    Parker RI, Vannest KJ, Davis JL, Sauber SB (2011). Behavior Therapy 42:284-299.
    """
    if 0 in (pair.m, pair.n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    score = pair.wins.sum(axis=(-2, -1)) - _trend_score(pair)
    return estimate_of(score / (pair.m * pair.n))


def tau_bc(
    pair: PhasePair,
    *,
    time: Literal["order", "session"] = "order",
    kendall: bool = False,
    pretest: float | None = None,
    se: StandardError = "unbiased",
    confidence: float = 0.95,
) -> Estimate:
    """Baseline-corrected Tau: Tau after the reference's Theil-Sen line is taken off both phases.

    Parameters
    ----------
    pair : PhasePair
    time : {"order", "session"}
        Fit the line over the order of readings, or over their real times.
    kendall : bool
        Rank correlation (tau-b) of corrected values and phase instead of Tau.
    pretest : float, optional
        Correct only where the Mann-Kendall p of the reference is below this.
    se : {"unbiased", "Hanley", "null"}
    confidence : float

    Notes
    -----
    Corrected values closer than the tie tolerance are tied. A straight fall that goes on
    therefore gives 0 in any unit.

    References
    ----------
    Tarlow KR (2017). Behavior Modification 41:427-467.
    """
    if pair.m < 2 or pair.n < 1:
        short = (pair.m == 1, "a trend needs two reference readings")
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty, short)
    corrected, flat = _without_trend(pair, time)
    if pretest is not None:
        # Below four readings no trend can be shown, so none is taken off.
        p = trend_p(kendall_counts(pair.reference, pair.t_reference))
        keep = (p >= pretest)[..., None] | (pair.m < 4)
        corrected = PhasePair(
            np.where(keep, pair.reference, corrected.reference),
            np.where(keep, pair.under, corrected.under),
            pair.improvement,
        )
        flat = flat & ~keep[..., 0]
    # Ties are judged on the scale of the readings, not of the small residuals.
    object.__setattr__(corrected, "tie", pair.tie)
    no_line = (flat, "the reference readings share one time")
    result = (
        _tau_b_with_phase(corrected, confidence)
        if kendall
        else tau(corrected, se=se, confidence=confidence)
    )
    return _emptied_where(result, *no_line)


def _without_trend(
    pair: PhasePair, time: Literal["order", "session"]
) -> tuple[PhasePair, BoolArray]:
    order = time == "order" or pair.t_reference is None or pair.t_under is None
    first = order_of(pair.reference, pair.t_reference)
    if order:
        t_a, t_b = first, pair.m + order_of(pair.under, pair.t_under)
    else:
        assert pair.t_reference is not None
        assert pair.t_under is not None
        start = pair.t_reference[..., :1]
        t_a, t_b = pair.t_reference - start, pair.t_under - start
    slope = theil_sen(pair.reference, t_a)
    flat = np.isnan(slope)
    slope = np.where(flat, 0.0, slope)[..., None]
    level = np.median(pair.reference - slope * t_a, axis=-1)[..., None]
    corrected = PhasePair(
        pair.reference - slope * t_a - level, pair.under - slope * t_b - level, pair.improvement
    )
    return corrected, flat


def _tau_b_with_phase(pair: PhasePair, confidence: float) -> Estimate:
    m, n = pair.m, pair.n
    every = np.concatenate([pair.reference, pair.under], axis=-1)
    gap = np.abs(every[..., None, :] - every[..., :, None])
    tied = ((gap <= pair.tie[..., None, None]).sum(axis=(-2, -1)) - (m + n)) / 2
    pairs = (m + n) * (m + n - 1) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        value = pair.wins.sum(axis=(-2, -1)) / np.sqrt(m * n * (pairs - tied))
    se = np.sqrt(np.maximum(2 * (1 - value**2) / (m + n), 0.0))
    return estimate_of(
        value,
        (tied >= pairs, "all corrected values are equal"),
        se=se,
        half_width=normal_half_width(se, confidence),
    )


def _emptied_where(result: Estimate, holds: BoolArray, words: str) -> Estimate:
    def emptied(part: FloatArray) -> FloatArray:
        return np.where(holds, np.nan, part)

    return Estimate(
        emptied(result.estimate),
        emptied(result.se),
        emptied(result.ci_lower),
        emptied(result.ci_upper),
        np.where(holds, words, result.reason).astype(object),
    )


def pnd(pair: PhasePair) -> Estimate:
    """Share of readings better than the best reference reading.

    References
    ----------
    Scruggs TE, Mastropieri MA, Casto G (1987). Remedial and Special Education 8(2):24-33.
    """
    if 0 in (pair.m, pair.n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    return estimate_of((pair.wins > 0).all(axis=-2).mean(axis=-1))


def pem(pair: PhasePair) -> Estimate:
    """Share of readings better than the reference median, ties counting one half.

    References
    ----------
    Ma HH (2006). Behavior Modification 30:598-617.
    """
    if 0 in (pair.m, pair.n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    gap = (pair.under - pair.medians[0][..., None]) * pair.sign[..., None]
    tie = pair.tie[..., None]
    return estimate_of(((gap > tie) + 0.5 * (np.abs(gap) <= tie)).mean(axis=-1))


@computed_once
def pand(pair: PhasePair) -> Estimate:
    """Share of readings left after the fewest are removed that end all overlap (exact minimum).

    References
    ----------
    Parker RI, Hagan-Burke S, Vannest KJ (2007). J Special Education 40:194-204.
    """
    if 0 in (pair.m, pair.n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    # Keeping the i worst reference readings leaves all readings better than the i-th.
    better = -np.sort(-(pair.wins > 0).sum(axis=-1), axis=-1)
    kept = (better + np.arange(1, pair.m + 1)).max(axis=-1)
    return estimate_of(np.maximum(kept, pair.n) / (pair.m + pair.n))


def ird(pair: PhasePair) -> Estimate:
    """Robust improvement rate difference, from the exact-minimum PAND.

    References
    ----------
    Parker RI, Vannest KJ, Brown L (2009). Exceptional Children 75:135-150.
    """
    m, n = pair.m, pair.n
    if 0 in (m, n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    whole = (m + n) ** 2 * pand(pair).estimate
    return estimate_of((whole - m**2 - n**2) / (2 * m * n))


TauMethod = Literal["complete", "parker", "tarlow"]
TauRow = Literal["Tau", "Tau_trend_A", "Tau_trend_B", "Tau_U_A", "Tau_U_B", "Tau_U_BA"]


def tau_u_family(
    pair: PhasePair, *, row: TauRow, method: TauMethod, confidence: float = 0.95
) -> Estimate:
    """One of the six Tau-U statistics by one of three named methods; second phase minus reference.

    Parameters
    ----------
    pair : PhasePair
    row : {"Tau", "Tau_trend_A", "Tau_trend_B", "Tau_U_A", "Tau_U_B", "Tau_U_BA"}
        A against B; trend of A; trend of B; A against B less the trend of A; plus the
        trend of B; both.
    method : {"complete", "parker", "tarlow"}
        What the score is divided by: its tie-corrected maximum (tau-b), the pairs as in
        Parker et al. 2011 (which for Tau_U_A are the A-B pairs only), or all pairs.
    confidence : float

    Notes
    -----
    The standard error supposes no difference and no trend; the interval is Fisher's z with
    ``1 / sqrt(n - 3)``, as in the R package scan.

    References
    ----------
    Parker RI, Vannest KJ, Davis JL, Sauber SB (2011). Behavior Therapy 42:284-299.
    Brossart DF, Laird VC, Armstrong TW (2018). Cogent Psychology 5:1518687.
    """
    if 0 in (pair.m, pair.n):
        return estimate_of(np.full(pair.shape, np.nan), *pair.empty)
    y, place, pairs = _family_order(pair, row)
    size = y.shape[-1]
    if size < 2:
        return estimate_of(np.full(pair.shape, np.nan), (True, ONE_READING))
    counts = kendall_counts(y, place)
    spread = np.sqrt(np.maximum(counts.variance, 0.0))
    if method != "complete":
        most = np.full(pair.shape, float(pair.m * pair.n if (row, method) == PARKER_A else pairs))
    elif row == "Tau":
        most = pairs - (pair.wins == 0).sum(axis=(-2, -1)) / 2
    else:
        most = counts.maximum
    with np.errstate(divide="ignore", invalid="ignore"):
        value = counts.score / most
        wide = normal_half_width(np.asarray(1 / np.sqrt(size - 3)), confidence)
        middle = np.arctanh(np.where(np.abs(value) < 1, value, np.nan))
        se = spread / most
        if method == "tarlow":
            se = np.abs(value) * spread / (np.abs(counts.score) - 1)
    se = np.where((se > 0) & np.isfinite(se), se, np.nan)
    return estimate_of(
        value,
        (most <= 0, "all readings are equal"),
        se=se,
        limits=(np.tanh(middle - wide), np.tanh(middle + wide)),
        ci_cases=(
            (size < 4, "no interval: fewer than four readings"),
            (np.abs(value) >= 1, "no interval: Fisher's z has none for -1 and 1 or beyond"),
            (np.isnan(se), "no standard error: the score is one, or cannot vary"),
        ),
    )


PARKER_A = ("Tau_U_A", "parker")


def _family_order(pair: PhasePair, row: TauRow) -> tuple[FloatArray, FloatArray, int]:
    """The readings taking part, their expected order, and the number of pairs compared."""
    m, n = pair.m, pair.n
    first = order_of(pair.reference, pair.t_reference)
    second = order_of(pair.under, pair.t_under)
    within = m * (m - 1) // 2, n * (n - 1) // 2
    if row == "Tau_trend_A":
        return pair.reference, first, within[0]
    if row == "Tau_trend_B":
        return pair.under, second, within[1]
    backward = -first if row in ("Tau_U_A", "Tau_U_BA") else np.zeros(first.shape)
    forward = second if row in ("Tau_U_B", "Tau_U_BA") else np.ones(second.shape)
    pairs = m * n + (row in ("Tau_U_A", "Tau_U_BA")) * within[0]
    pairs += (row in ("Tau_U_B", "Tau_U_BA")) * within[1]
    y = np.concatenate([pair.reference, pair.under], axis=-1)
    return y, np.concatenate([backward, forward], axis=-1), pairs
