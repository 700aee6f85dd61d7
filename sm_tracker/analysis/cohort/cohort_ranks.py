"""Distribution-free statistics of small groups: shifts with exact intervals, exact p, Holm.

Nothing here knows of skin or patients: the arguments are plain values, one per patient.
Formulas, limits and references: docs/methods.md, "Groups of patients".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sm_tracker.analysis.kernels import TIE, FloatArray, IntArray

EXACT_PAIRED = 200
"""Most patients of one group for the exact distribution; above, the normal one."""
EXACT_TWO_GROUPS = 100
"""The same for two groups together."""
SORTED_PAIRS = 2_000_000
_HALVINGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A Hodges-Lehmann estimate with its distribution-free interval and a p value.

    Attributes
    ----------
    n : tuple of int
        Values of the group, or of each of two groups.
    estimate, low, high : float
        In the unit of the values; limits are NaN where so few values cannot reach the
        confidence asked for.
    coverage : float
        Confidence that the interval attains, at least the one asked for where `exact`.
    p_value : float
        Two-sided, exact given the ties where `exact`; NaN without a value that differs.
    n_zero, n_tied : int
        Values of zero (left out of p, not of the estimate), and values that share their
        rank with another.
    exact : bool
        Whether distribution and p are exact, not normal approximations.
    """

    n: tuple[int, ...]
    estimate: float
    low: float
    high: float
    coverage: float
    p_value: float
    n_zero: int
    n_tied: int
    exact: bool


def paired_shift(change: npt.ArrayLike, confidence: float = 0.95) -> Shift:
    """Location of paired changes: Hodges-Lehmann with Wilcoxon's signed-rank test.

    Parameters
    ----------
    change : array_like, shape (n,)
        One finite change per patient.
    confidence : float

    Returns
    -------
    Shift
        The estimate is the median of the n(n + 1)/2 means of pairs, each value with itself
        included. 95 % needs six values.

    References
    ----------
    Hodges JL, Lehmann EL (1963). Ann Math Stat 34:598-611.
    Hollander M, Wolfe DA (1999). Nonparametric Statistical Methods, sections 3.1 to 3.3.
    """
    values = _rounded(change)
    n = values.size
    if n == 0:
        return _nothing((0,))
    exact = n <= EXACT_PAIRED
    pairs = n * (n + 1) // 2
    if exact:
        share = np.cumsum(_signed_rank_shares(np.arange(1, n + 1)))
        place, coverage = _exact_place(share, confidence)
    else:
        spread = np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        place, coverage = _normal_place(pairs / 2, spread, confidence), confidence
    low, high = _limits(values, None, place, pairs)
    ranks, signs = _signed_ranks(values)
    return Shift(
        n=(n,),
        estimate=_median_of_pairs(values, None, pairs),
        low=low,
        high=high,
        coverage=coverage if place else float("nan"),
        p_value=_paired_p(ranks, signs, exact=exact),
        n_zero=n - ranks.size,
        n_tied=_tied(ranks),
        exact=exact,
    )


def two_group_shift(first: npt.ArrayLike, second: npt.ArrayLike, confidence: float = 0.95) -> Shift:
    """Shift of the second group against the first, with the Mann-Whitney test.

    Parameters
    ----------
    first, second : array_like, shape (m,) and (n,)
        One finite value per patient.
    confidence : float

    Returns
    -------
    Shift
        The estimate is the median of all mn differences, second minus first. 95 % needs
        four values in each group, or as many pairs of another split.

    References
    ----------
    Mann HB, Whitney DR (1947). Ann Math Stat 18:50-60.
    Hollander M, Wolfe DA (1999). Nonparametric Statistical Methods, sections 4.1 to 4.3.
    """
    x, y = _rounded(first), _rounded(second)
    m, n = x.size, y.size
    if m == 0 or n == 0:
        return _nothing((m, n))
    exact = m + n <= EXACT_TWO_GROUPS
    if exact:
        share = np.cumsum(_rank_sum_shares(np.arange(1, m + n + 1), n))
        place, coverage = _exact_place(share[n * (n + 1) // 2 :], confidence)
    else:
        spread = np.sqrt(m * n * (m + n + 1) / 12)
        place, coverage = _normal_place(m * n / 2, spread, confidence), confidence
    low, high = _limits(x, y, place, m * n)
    ranks = _midranks(np.concatenate([x, y]))
    return Shift(
        n=(m, n),
        estimate=_median_of_pairs(x, y, m * n),
        low=low,
        high=high,
        coverage=coverage if place else float("nan"),
        p_value=_two_group_p(ranks, m, exact=exact),
        n_zero=0,
        n_tied=_tied(ranks),
        exact=exact,
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """P values adjusted for their number after Holm; NaN stays and is not counted.

    References
    ----------
    Holm S (1979). Scand J Stat 6:65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    p = np.asarray(p_values, dtype="float64")
    adjusted = np.full(p.size, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return tuple(float(a) for a in adjusted)


def _rounded(values: npt.ArrayLike) -> FloatArray:
    """Values without noise below the tolerance for ties."""
    kept = np.asarray(values, dtype="float64")
    return np.asarray(np.round(kept[np.isfinite(kept)] / TIE) * TIE)


def _nothing(n: tuple[int, ...]) -> Shift:
    nan = float("nan")
    return Shift(
        n=n, estimate=nan, low=nan, high=nan, coverage=nan, p_value=nan, n_zero=0, n_tied=0,
        exact=True,
    )  # fmt: skip


def _midranks(values: FloatArray) -> FloatArray:
    """Ranks from 1; values that tie share the mean of their ranks."""
    _, place, count = np.unique(np.round(values / TIE), return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place], dtype="float64")


def _tied(ranks: FloatArray) -> int:
    _, count = np.unique(ranks, return_counts=True)
    return int(count[count > 1].sum())


def _signed_ranks(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    differing = values[np.abs(values) > TIE / 2]
    return _midranks(np.abs(differing)), np.sign(differing)


def _signed_rank_shares(ranks: npt.NDArray[np.int64]) -> FloatArray:
    """Chance of each sum of positive ranks when every sign is a toss; ranks are whole."""
    share = np.zeros(int(ranks.sum()) + 1)
    share[0] = 1.0
    top = 0
    for rank in ranks:
        share[rank : top + rank + 1] += share[: top + 1].copy()
        top += int(rank)
        share[: top + 1] *= 0.5
    return share


def _rank_sum_shares(ranks: IntArray, n_chosen: int) -> FloatArray:
    """Chance of each sum of `n_chosen` of the ranks, all choices alike; ranks are whole."""
    ways = np.zeros((n_chosen + 1, int(np.sort(ranks)[-n_chosen:].sum()) + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    return np.asarray(ways[-1] / ways[-1].sum())


def _paired_p(ranks: FloatArray, signs: FloatArray, *, exact: bool) -> float:
    if ranks.size == 0:
        return float("nan")
    if exact:
        doubled = np.asarray(np.round(2 * ranks), dtype="int64")
        return _two_sided(_signed_rank_shares(doubled), int(doubled[signs > 0].sum()))
    from scipy.stats import wilcoxon

    return float(wilcoxon(ranks * signs, method="asymptotic", correction=True).pvalue)


def _two_group_p(ranks: FloatArray, m: int, *, exact: bool) -> float:
    if np.ptp(ranks) == 0:
        return float("nan")
    if exact:
        doubled = np.asarray(np.round(2 * ranks), dtype="int64")
        second = doubled[m:]
        return _two_sided(_rank_sum_shares(doubled, second.size), int(second.sum()))
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(ranks[:m], ranks[m:], method="asymptotic").pvalue)


def _two_sided(share: FloatArray, seen: int) -> float:
    tails = float(share[: seen + 1].sum()), float(share[seen:].sum())
    return min(1.0, 2 * min(tails))


def _exact_place(share: FloatArray, confidence: float) -> tuple[int, float]:
    """Number of the ordered pair at the lower limit (0: none reaches) and what it attains."""
    place = int(np.searchsorted(share, (1 - confidence) / 2 * (1 - 1e-12)))
    return place, 1 - 2 * float(share[place - 1]) if place else float("nan")


def _normal_place(middle: float, spread: float, confidence: float) -> int:
    from scipy.special import ndtri

    return max(int(middle - float(ndtri((1 + confidence) / 2)) * spread), 0)


def _limits(x: FloatArray, y: FloatArray | None, place: int, pairs: int) -> tuple[float, float]:
    if place == 0:
        return float("nan"), float("nan")
    low, high = _ordered_pairs(x, y, (place - 1, pairs - place))
    return low, high


def _median_of_pairs(x: FloatArray, y: FloatArray | None, pairs: int) -> float:
    low, high = _ordered_pairs(x, y, ((pairs - 1) // 2, pairs // 2))
    return (low + high) / 2


def _ordered_pairs(x: FloatArray, y: FloatArray | None, places: tuple[int, int]) -> list[float]:
    """Values at these places (from 0) among the sorted means of pairs, or differences y - x."""
    x = np.sort(x)
    if x.size * (x.size if y is None else y.size) <= SORTED_PAIRS:
        if y is None:
            upper = np.triu_indices(x.size)
            every = (x[upper[0]] + x[upper[1]]) / 2
        else:
            every = np.subtract.outer(np.sort(y), x).ravel()
        every = np.sort(every)
        return [float(every[place]) for place in places]
    found = {place: _searched(x, y, place) for place in sorted(set(places))}
    return [found[place] for place in places]


def _searched(x: FloatArray, y: FloatArray | None, place: int) -> float:
    """The same for many values: halve the range until the count of pairs below is right."""
    ends = (x, x) if y is None else (-x, np.sort(y))
    scale = 2.0 if y is None else 1.0
    low = float(ends[0].min() + ends[1].min()) / scale - TIE
    high = float(ends[0].max() + ends[1].max()) / scale
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if high - low < TIE / 1000 or middle in (low, high):
            break
        if _pairs_up_to(x, y, middle) > place:
            high = middle
        else:
            low = middle
    return float(np.round(high, 11))


def _pairs_up_to(x: FloatArray, y: FloatArray | None, limit: float) -> int:
    if y is None:
        partners = np.searchsorted(x, 2 * limit - x, "right")
        with_itself = int((x <= limit).sum())
        return (int(partners.sum()) + with_itself) // 2
    return int(np.searchsorted(np.sort(y), x + limit, "right").sum())
