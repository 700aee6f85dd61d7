"""Two labelled phases as arrays, and what a measure of their difference returns.

A kernel takes a :class:`PhasePair` and returns an :class:`Estimate`. Readings lie on the
last axis; leading axes are independent series with the same numbers of readings, so one
call serves one series or a thousand. What several measures need (pairs, means, spreads)
is computed once for a pair. Formulas, limits and references: docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec

import numpy as np
import numpy.typing as npt

from sm_tracker.analysis.kernels import (
    BoolArray,
    FloatArray,
    Moments,
    equal_phases,
    moments,
    normal_quantile,
    pair_signs,
    t_quantile,
    tie_tolerance,
)
from sm_tracker.domain.settings import Improvement
from sm_tracker.errors import SettingError

TextArray = npt.NDArray[np.object_]
Options = ParamSpec("Options")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its uncertainty, for one series or many.

    Attributes
    ----------
    estimate, se, ci_lower, ci_upper : ndarray, shape (...)
        NaN where not computable or not defined; never infinite.
    reason : ndarray of str, shape (...)
        Why a value is missing that the measure otherwise has; blank if none is.
    df : ndarray, shape (...), optional
        Degrees of freedom of a t interval.
    """

    estimate: FloatArray
    se: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    reason: TextArray
    df: FloatArray | None = None

    def scaled(self, factor: float, shift: float = 0.0) -> Estimate:
        """``shift + factor * estimate`` with its uncertainty; a negative factor mirrors."""
        ends = shift + factor * self.ci_lower, shift + factor * self.ci_upper
        low, high = ends if factor >= 0 else ends[::-1]
        return Estimate(
            shift + factor * self.estimate, abs(factor) * self.se, low, high, self.reason, self.df
        )

    def times(self, sign: FloatArray) -> Estimate:
        """The estimate with its sign turned where `sign` is -1."""
        ends = sign * self.ci_lower, sign * self.ci_upper
        low, high = np.minimum(*ends), np.maximum(*ends)
        return Estimate(sign * self.estimate, self.se, low, high, self.reason, self.df)


def first_reason(shape: tuple[int, ...], *cases: tuple[npt.ArrayLike, str]) -> TextArray:
    """The text of the first case that holds, blank where none does."""
    text = np.full(shape, "", dtype=object)
    for holds, words in reversed(cases):
        text[...] = np.where(np.broadcast_to(holds, shape), words, text)
    return text


def estimate_of(
    value: npt.ArrayLike,
    *cases: tuple[npt.ArrayLike, str],
    se: npt.ArrayLike = np.nan,
    half_width: npt.ArrayLike | None = None,
    limits: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    df: FloatArray | None = None,
    se_cases: tuple[tuple[npt.ArrayLike, str], ...] = (),
    ci_cases: tuple[tuple[npt.ArrayLike, str], ...] = (),
) -> Estimate:
    """Assemble an estimate: empty with the reason where a case holds.

    `cases` empty everything, `se_cases` the standard error and the interval, `ci_cases`
    the interval only.
    """
    estimate = np.asarray(value, dtype="float64")
    shape = estimate.shape
    none = _any_of(cases, shape)
    no_error = none | _any_of(se_cases, shape)
    no_interval = no_error | _any_of(ci_cases, shape)
    if half_width is not None:
        with np.errstate(invalid="ignore"):
            limits = estimate - np.asarray(half_width), estimate + np.asarray(half_width)
    low, high = limits if limits is not None else (np.nan, np.nan)
    return Estimate(
        np.where(none, np.nan, estimate),
        _emptied(se, no_error, shape),
        _emptied(low, no_interval, shape),
        _emptied(high, no_interval, shape),
        first_reason(shape, *cases, *se_cases, *ci_cases),
        df,
    )


def _any_of(cases: tuple[tuple[npt.ArrayLike, str], ...], shape: tuple[int, ...]) -> BoolArray:
    found = np.zeros(shape, dtype=bool)
    for holds, _ in cases:
        found = found | np.asarray(holds, dtype=bool)
    return found


def _emptied(part: npt.ArrayLike, empty: BoolArray, shape: tuple[int, ...]) -> FloatArray:
    values = np.broadcast_to(np.asarray(part, dtype="float64"), shape)
    return np.where(empty | ~np.isfinite(values), np.nan, values)


def direction_sign(improvement: Improvement | npt.ArrayLike) -> FloatArray:
    """1 where an increase is the improvement, -1 where a decrease is.

    Raises
    ------
    SettingError
        For any other word.
    """
    words = np.asarray(improvement, dtype=object)
    rising = np.asarray(words == "increase", dtype=bool)
    if not np.all(rising | np.asarray(words == "decrease", dtype=bool)):
        raise SettingError(
            "A direction is neither increase nor decrease",
            where="improvement",
            fix="use increase or decrease",
        )
    return np.where(rising, 1.0, -1.0)


@dataclass(frozen=True)
class PhasePair:
    """The readings of a reference phase and of the phase compared with it.

    Parameters
    ----------
    reference : ndarray, shape (..., m)
    under : ndarray, shape (..., n)
        Readings in time order, without missing values.
    improvement : {"decrease", "increase"} or array of these, shape (...)
    t_reference, t_under : ndarray, optional
        Times of the readings, in one unit; 1 to m and m + 1 to m + n if not given.
    """

    reference: FloatArray
    under: FloatArray
    improvement: Improvement | TextArray = "decrease"
    t_reference: FloatArray | None = None
    t_under: FloatArray | None = None
    sign: FloatArray = field(init=False)
    kept: dict[tuple[object, ...], Estimate] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("reference", "under"):
            values = np.asarray(getattr(self, name), dtype="float64")
            if not np.isfinite(values).all():
                raise ValueError(f"{name} must be finite; drop missing readings first")
            object.__setattr__(self, name, values)
        object.__setattr__(self, "sign", direction_sign(self.improvement))

    @property
    def m(self) -> int:
        """Number of reference readings."""
        return int(self.reference.shape[-1])

    @property
    def n(self) -> int:
        """Number of readings of the other phase."""
        return int(self.under.shape[-1])

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the leading axes: what every estimate has."""
        return self.reference.shape[:-1]

    @property
    def empty(self) -> tuple[tuple[bool, str], tuple[bool, str]]:
        """The cases in which no measure exists."""
        return (self.m == 0, NO_REFERENCE), (self.n == 0, NO_UNDER)

    @cached_property
    def tie(self) -> FloatArray:
        """Largest difference that counts as a tie, shape (...)."""
        return tie_tolerance(self.reference, self.under)

    @cached_property
    def gaps(self) -> FloatArray:
        """All differences, second phase minus reference, shape (..., m, n)."""
        return np.asarray(self.under[..., None, :] - self.reference[..., :, None])

    @cached_property
    def wins(self) -> FloatArray:
        """1 for a better, -1 for a worse, 0 for a tied pair, shape (..., m, n)."""
        return self.sign[..., None, None] * pair_signs(self.reference, self.under, self.tie)

    @cached_property
    def moments(self) -> tuple[Moments, Moments]:
        """Mean and scatter of each phase, one entry a pair."""
        return moments(equal_phases(self.reference)), moments(equal_phases(self.under))

    @cached_property
    def means(self) -> tuple[FloatArray, FloatArray]:
        """Mean of each phase."""
        a, b = (m.mean.reshape(self.shape) for m in self.moments)
        return a, b

    @cached_property
    def variances(self) -> tuple[FloatArray, FloatArray]:
        """Sample variance of each phase; NaN below two readings, exactly 0 if constant."""
        squares = [m.squares.reshape(self.shape) for m in self.moments]
        return (
            _variance(self.reference, squares[0], self.tie),
            _variance(self.under, squares[1], self.tie),
        )

    @cached_property
    def medians(self) -> tuple[FloatArray, FloatArray]:
        """Median of each phase."""
        return _median(self.reference), _median(self.under)


def computed_once(
    kernel: Callable[Concatenate[PhasePair, Options], Estimate],
) -> Callable[Concatenate[PhasePair, Options], Estimate]:
    """Keep the result of a kernel with its pair, for the measures that derive from it."""

    @wraps(kernel)
    def kept(pair: PhasePair, /, *args: Options.args, **options: Options.kwargs) -> Estimate:
        key = (kernel, args, tuple(sorted(options.items())))
        if key not in pair.kept:
            pair.kept[key] = kernel(pair, *args, **options)
        return pair.kept[key]

    return kept


NO_REFERENCE = "the reference phase has no reading"
NO_UNDER = "the compared phase has no reading"
ONE_READING = "a phase has one reading"
NO_VARIATION = "neither phase varies"


def _variance(values: FloatArray, squares: FloatArray, tie: FloatArray) -> FloatArray:
    n = values.shape[-1]
    if n < 2:
        return np.full(values.shape[:-1], np.nan)
    constant = np.ptp(values, axis=-1) <= tie
    return np.where(constant, 0.0, squares / (n - 1))


def _median(values: FloatArray) -> FloatArray:
    if values.shape[-1] == 0:
        return np.full(values.shape[:-1], np.nan)
    return np.asarray(np.median(values, axis=-1))


def normal_half_width(se: FloatArray, confidence: float) -> FloatArray:
    """Half-width of an interval from the normal distribution."""
    return np.asarray(normal_quantile(confidence) * se)


def t_half_width(se: FloatArray, df: npt.ArrayLike, confidence: float) -> FloatArray:
    """Half-width of an interval from Student's t."""
    return np.asarray(t_quantile(df, confidence) * se)
