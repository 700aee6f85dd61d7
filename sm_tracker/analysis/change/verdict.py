"""From numbers to the two answers: change against error, and phase against phase.

The rules are those of docs/methods.md; words here are codes, see :mod:`.reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.intervals import COURSE
from sm_tracker.analysis.change.phase_difference import Difference
from sm_tracker.analysis.change.reading_roles import ReadingRoles
from sm_tracker.analysis.change.reasons import ERROR_REASONS, VERDICT_REASONS
from sm_tracker.analysis.error.error_model import Z95
from sm_tracker.analysis.kernels import TIE, BoolArray, FloatArray, IntArray, Moments
from sm_tracker.domain.tables import text_of_codes

Text = pd.api.extensions.ExtensionArray

CHECKS = (
    "within_error", "thinner", "thicker", "not_computable", "lower", "higher", "error_unknown",
)  # fmt: skip
VERDICTS = (
    "", "too_few_readings", "improved", "improved_slightly", "worsened", "worsened_slightly",
    "unchanged", "undecided", "mixed",
)  # fmt: skip
BETTER_VERDICTS = ("improved", "improved_slightly")
WORSE_VERDICTS = ("worsened", "worsened_slightly")

DRIFT_WEIGHTS, DRIFT_WIDTHS = (0.9, 0.1), (1.0, 4.0)
"""The natural drift before a start: two normal distributions, most of it narrow."""
SLOPE_SHARE = 1.64
"""How much of the uncertainty of the trend a slight change must exceed (variance)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLimits:
    """What each row is judged by, in its own unit.

    Attributes
    ----------
    sem : ndarray
        Measurement error of one value at the reference mean; NaN where it is not known.
    important : ndarray
        Smallest change set as important, 0 for none.
    drift_per_day : ndarray
        Standard deviation of the natural drift.
    decrease : ndarray of bool
        Whether a lower value is better.
    directed : ndarray of bool
        Whether the better direction is known.
    min_readings : int
    """

    sem: FloatArray
    important: FloatArray
    drift_per_day: FloatArray
    decrease: BoolArray
    directed: BoolArray
    min_readings: int

    @property
    def two_readings(self) -> FloatArray:
        """Smallest change that two single readings could show: 2.77 SEM."""
        return np.asarray(Z95 * np.sqrt(2) * self.sem)

    @property
    def delta(self) -> FloatArray:
        """Smallest difference of means that is a clear change."""
        return np.maximum(self.two_readings, self.important)


def error_check(change: FloatArray, mdc: FloatArray, thickness: BoolArray | None = None) -> Text:
    """Answer A in one word of CHECKS; a change that is NaN is not computable."""
    outcome = np.zeros(change.shape, dtype=bool) if thickness is None else ~thickness
    with np.errstate(invalid="ignore"):
        down, up = change < -(mdc + TIE), change > mdc + TIE
    code = np.select(
        [np.isnan(change), np.isnan(mdc), down & ~outcome, up & ~outcome, down, up],
        [3, 6, 1, 2, 4, 5],
    )
    return text_of_codes(CHECKS, code)


@dataclass(frozen=True, slots=True)
class Trend:
    """What a trend from before explains of a change, and how unsure that is.

    `explained` has the sign of the change or is 0; `uncertainty` is the variance of the
    carried-on trend at the mean date under the regimen.
    """

    explained: FloatArray
    uncertainty: FloatArray


def trend_before(
    reference: Moments, under: Moments, difference: Difference, drift_per_day: FloatArray
) -> Trend:
    """Carry the trend of the reference on to the readings under the regimen.

    The slope of the reference readings is weighed against what skin is known to drift by
    itself (a mixture of two normal distributions), so that few scattered readings explain
    little and a long steady fall explains itself.
    """
    usable = (reference.n >= 3) & (reference.spread_t > 0) & (under.n > 0) & (drift_per_day > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = difference.variance / reference.spread_t
        beta = reference.slope
        tau = np.multiply.outer(DRIFT_WIDTHS, drift_per_day)
        total = tau**2 + error
        share = tau**2 / total
        log_weight = np.log(DRIFT_WEIGHTS)[:, None] - np.log(total) / 2 - beta**2 / (2 * total)
        weight = np.exp(log_weight - log_weight.max(axis=0))
        weight /= weight.sum(axis=0)
        slope = (weight * share * beta).sum(axis=0)
        variance = (weight * (error * share + (share * beta - slope) ** 2)).sum(axis=0)
        gap = under.mean_t - reference.mean_t
        carried = slope * gap
        same_way = carried * difference.estimate > 0
    explained = np.where(usable & same_way, carried, 0.0)
    uncertainty = np.where(usable, gap**2 * variance, 0.0)
    return Trend(explained, np.nan_to_num(uncertainty))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Code of VERDICTS and of VERDICT_REASONS for each row, with the values of the reason."""

    verdict: Text
    reason: Text
    reason_text: Text


def verdicts(
    difference: Difference,
    reference: Moments,
    under: Moments,
    last: FloatArray,
    limits: VerdictLimits,
    trend: Trend,
    *,
    confidence: float,
    months_before: FloatArray | None = None,
) -> Verdicts:
    """Answer B in one word with its reason.

    Parameters
    ----------
    difference : Difference
    reference, under : Moments
    last : ndarray
        Last usable value under the regimen.
    limits : Limits
    trend : Trend
    confidence : float
    months_before : ndarray, optional
        Months from the last reading of the reference state to the start where older
        readings were left out, else NaN.
    """
    d, half, delta = difference.estimate, difference.half, limits.delta
    size, rest = np.abs(d), np.abs(d) - np.abs(trend.explained)
    known = difference.error_known
    away = np.sign(d) * (last - reference.mean)
    with np.errstate(invalid="ignore"):
        sure = half < rest - TIE
        apart = half < size - TIE
        held, held_slightly = away >= delta / 2 - TIE, away >= delta / 4 - TIE
        clear = rest >= np.sqrt(delta**2 + trend.uncertainty) - TIE
        slight = rest >= np.sqrt((delta / 2) ** 2 + SLOPE_SHARE * trend.uncertainty) - TIE
        half_delta = size >= delta / 2 - TIE
        small = size + difference.half_of(2 * confidence - 1) < delta
        clear, slight = clear & sure & held, slight & sure & held_slightly
        by_interval = ~known & apart & (away > TIE)
    few = np.minimum(reference.n, under.n) < limits.min_readings
    change = np.where(known, np.select([clear, slight], [2, 1], 0), 2 * by_interval)
    better = (d < 0) == limits.decrease
    code = np.select(
        [
            few,
            ~limits.directed,
            change == 2,
            change == 1,
            known & ~apart & small,
        ],
        [1, 0, np.where(better, 2, 4), np.where(better, 3, 5), 6],
        7,
    )
    with np.errstate(invalid="ignore"):
        why_slight = np.select(
            [size < limits.two_readings - TIE, size < delta - TIE, ~held, trend.explained != 0],
            [
                _reason("less_than_two_readings_show"),
                _reason("less_than_important"),
                _reason("partly_lost"),
                _reason("partly_trend"),
            ],
            _reason("trend_possible"),
        )
        on_hold = np.where(known, half_delta & ~held_slightly, away <= TIE)
        large = ~known | half_delta
        why_undecided = np.select(
            [
                ~apart,
                on_hold,
                large & (trend.explained < 0),
                large & (trend.explained > 0),
                known & half_delta,
            ],
            [
                _reason("too_wide"),
                _reason("not_held"),
                _reason("already_falling"),
                _reason("already_rising"),
                _reason("trend_possible"),
            ],
            _reason("not_zero"),
        )
    old = np.zeros(few.size, dtype=bool) if months_before is None else np.isfinite(months_before)
    reason = np.select(
        [few & old, few, ~limits.directed, change == 1, code == 7],
        [
            _reason("too_few_old"),
            _reason("too_few"),
            _reason("direction_unknown"),
            why_slight,
            why_undecided,
        ],
        0,
    )
    months = np.zeros(few.size) if months_before is None else np.where(old, months_before, 0.0)
    return Verdicts(
        text_of_codes(VERDICTS, code),
        text_of_codes(_REASONS, reason),
        _reason_texts(reason, reference.n, under.n, limits.min_readings, np.round(months)),
    )


_REASONS = tuple(VERDICT_REASONS)


def _reason(name: str) -> int:
    return _REASONS.index(name)


def _reason_texts(
    reason: IntArray, before: IntArray, under: IntArray, needed: int, months: FloatArray
) -> Text:
    """Reasons in English, those with values worded once for each set of them."""
    code = reason.copy()
    texts = list(VERDICT_REASONS.values())
    counted = np.flatnonzero(np.isin(reason, [_reason("too_few"), _reason("too_few_old")]))
    values = (reason, before, under, months.astype("int64"))
    key = np.zeros(counted.size, dtype="int64")
    for value in values:
        key = key * (value.max(initial=0) + 1) + value[counted]
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    code[counted] = len(texts) + which
    for at in counted[first]:
        texts.append(
            texts[reason[at]].format(
                before=before[at], under=under[at], needed=needed, months=int(months[at])
            )
        )
    return text_of_codes(texts, code)


def not_computable_reasons(
    rows: ReadingRoles,
    elsewhere_device: tuple[BoolArray, BoolArray],
    elsewhere_layer: tuple[BoolArray, BoolArray],
    unknown_error: BoolArray,
) -> tuple[Text, Text]:
    """Why answer A cannot be given, as codes separated by blanks and in words; blank where it can.

    `elsewhere_device` and `elsewhere_layer` tell whether another device or layer of the
    same site has a baseline, and a value under the regimen. `unknown_error` marks rows
    whose change can be computed but not judged.
    """
    has_baseline, has_under = rows.baseline.n > 0, rows.under.n > 0
    device, layer = elsewhere_device, elsewhere_layer
    doubtful = rows.left_out["doubtful_before"], rows.left_out["doubtful_under"]
    before = _missing_side(has_baseline, rows.n_window, device[0], layer[0], has_under, doubtful[0])
    under = _missing_side(
        has_under, rows.n_under_all, device[1], layer[1], has_baseline, doubtful[1]
    )
    pairs = [[c for c in (b, u) if c] for b in _BEFORE for u in _UNDER]
    code = before * len(_UNDER) + under
    of_course = rows.interval.level == COURSE
    alone = len(pairs)
    pairs += [["never_measured"], ["one_reading"], ["error_unknown"]]
    code[rows.series < 0] = alone
    code[of_course & (rows.under.n == 1)] = alone + 1
    code[unknown_error & (code == 0)] = alone + 2
    return (
        text_of_codes([" ".join(p) for p in pairs], code),
        text_of_codes(["; ".join(ERROR_REASONS[c] for c in p) for p in pairs], code),
    )


_BEFORE = (
    "", "before_unusable", "device_changed", "layer_differs", "no_baseline", "before_doubtful",
)  # fmt: skip
_UNDER = (
    "", "under_unusable", "device_changed", "layer_differs", "no_reading", "under_doubtful",
)  # fmt: skip


def _missing_side(
    present: BoolArray,
    n_all: IntArray,
    device: BoolArray,
    layer: BoolArray,
    other: BoolArray,
    n_doubtful: IntArray,
) -> IntArray:
    """Why one side has no value; device and layer explain it only if this series has the other."""
    return np.select(
        [present, n_doubtful > 0, n_all > 0, device & other, layer & other], [0, 5, 1, 2, 3], 4
    )
