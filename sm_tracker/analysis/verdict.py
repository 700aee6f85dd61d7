"""From numbers to the two answers: change against error, and phase against phase.

The rules are those of docs/methods.md; the words here are codes, worded by ``report``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.contrasts import (
    TIE,
    BoolArray,
    FloatArray,
    IntArray,
    Interval,
    Moments,
    monotone,
)
from sm_tracker.analysis.error import Z95
from sm_tracker.analysis.stretches import Rows
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import text_of_codes

Text = pd.api.extensions.ExtensionArray

TOO_WIDE = "interval too wide to tell"
NOT_ZERO = "smaller than the error, but not zero"
ALREADY_FALLING = "already falling before"
ALREADY_RISING = "already rising before"


CHECKS = ("within_error", "thinner", "thicker", "not_computable")
VERDICTS = ("too_few_readings", "improved", "worsened", "unchanged", "undecided")


def error_check(change: FloatArray, mdc: FloatArray) -> Text:
    """Answer A in one word of CHECKS; a change that is NaN is not computable."""
    with np.errstate(invalid="ignore"):
        code = np.select([change < -(mdc + TIE), change > mdc + TIE, np.isnan(change)], [1, 2, 3])
    return text_of_codes(CHECKS, code)


@dataclass(frozen=True, slots=True)
class Trend:
    """The part of a change that the trend before it explains  [mm], and the run before."""

    explained: FloatArray
    run_before: BoolArray


def trend_before(
    rows: Rows, reference: Moments, under: Moments, change: FloatArray, settings: Settings
) -> Trend:
    """What the reference readings' own trend explains of the change.

    From ``min_readings_trend`` reference readings on, the least-squares slope over real
    dates times the days between the mean dates, where that has the sign of the change.
    With 3 or 4 a monotone run in the direction of the change is only marked.
    """
    with np.errstate(invalid="ignore"):
        carried = reference.slope * (under.mean_t - reference.mean_t)
        same_way = carried * change > 0
    enough = reference.n >= settings.min_readings_trend
    explained = np.where(enough & same_way, carried, 0.0)
    few = (reference.n >= 3) & ~enough & (under.n > 0)
    run = monotone(rows.reference)
    with np.errstate(invalid="ignore"):
        return Trend(explained, few & (run != 0) & (run == np.sign(change)))


def verdicts(
    change: Interval,
    reference: Moments,
    under: Moments,
    delta: FloatArray,
    explained: FloatArray,
    settings: Settings,
) -> tuple[Text, Text]:
    """Answer B in one word of VERDICTS with its reason.

    Parameters
    ----------
    change : Interval  [mm]
    delta : ndarray  [mm]
        Smallest difference of means that is called a change.
    explained : ndarray  [mm]
        Part of the change that the trend before explains.

    Returns
    -------
    verdict, reason : ndarray of str
    """
    d, low, high = change.estimate, change.low, change.high
    rest = d - explained
    few = np.minimum(reference.n, under.n) < settings.min_readings
    with np.errstate(invalid="ignore"):
        lower, lower_sure = d <= -delta + TIE, high < 0
        higher, higher_sure = d >= delta - TIE, low > 0
        fell = lower & lower_sure & (rest <= -delta + TIE)
        rose = higher & higher_sure & (rest >= delta - TIE)
        inside = (low > -delta) & (high < delta)
    decrease = settings.improvement == "decrease"
    better, worse = (fell, rose) if decrease else (rose, fell)
    code = np.select([few, better, worse, inside], [0, 1, 2, 3], 4)
    reason = np.select(
        [code < 4, lower & lower_sure, higher & higher_sure, lower_sure | higher_sure],
        [0, 1, 2, 3],
        4,
    )
    labels = ["", ALREADY_FALLING, ALREADY_RISING, NOT_ZERO, TOO_WIDE]
    too_few, which = np.unique(
        np.column_stack([reference.n[few], under.n[few]]), axis=0, return_inverse=True
    )
    reason[few] = len(labels) + which.ravel()
    labels += [
        f"{m} before, {n} under; {settings.min_readings} each are needed" for m, n in too_few
    ]
    return text_of_codes(VERDICTS, code), text_of_codes(labels, reason)


def smallest_difference(sem_at_reference: FloatArray, settings: Settings) -> FloatArray:
    """delta: 2.77 SEM at the reference mean, or the clinic's minimal important change  [mm]."""
    error = Z95 * np.sqrt(2) * sem_at_reference
    return np.asarray(np.maximum(error, settings.minimal_important_change_mm))


NO_BASELINE = "no baseline in the window before the start"
BASELINE_UNUSABLE = "censored value: only censored or unreadable readings before the start"
BASELINE_DOUBTFUL = "doubtful value: no confirmed reading before the start"
UNDER_DOUBTFUL = "doubtful value: no confirmed reading under the regimen"
NO_READING = "no reading under the regimen"
UNDER_UNUSABLE = "censored value: only censored or unreadable readings under the regimen"
DEVICE_CHANGED = "device changed"
LAYER_DIFFERS = "layer differs"
NEVER_MEASURED = "no measurement of this patient"


def not_computable_reasons(
    rows: Rows,
    elsewhere_device: tuple[BoolArray, BoolArray],
    elsewhere_layer: tuple[BoolArray, BoolArray],
) -> Text:
    """Why answer A cannot be given, in words; blank where it can.

    `elsewhere_device` and `elsewhere_layer` tell whether another device or layer of the
    same site has a baseline, and a value under the regimen.
    """
    has_baseline, has_under = rows.baseline.n > 0, rows.under.n > 0
    device, layer = elsewhere_device, elsewhere_layer
    doubtful = rows.left_out["doubtful_before"], rows.left_out["doubtful_under"]
    before = _missing_side(has_baseline, rows.n_window, device[0], layer[0], has_under, doubtful[0])
    under = _missing_side(
        has_under, rows.n_under_all, device[1], layer[1], has_baseline, doubtful[1]
    )
    labels = ["; ".join(filter(None, (b, u))) for b in _BEFORE for u in _UNDER]
    code = before * len(_UNDER) + under
    code[rows.series < 0] = len(labels)
    return text_of_codes([*labels, NEVER_MEASURED], code)


_BEFORE = ("", BASELINE_UNUSABLE, DEVICE_CHANGED, LAYER_DIFFERS, NO_BASELINE, BASELINE_DOUBTFUL)
_UNDER = ("", UNDER_UNUSABLE, DEVICE_CHANGED, LAYER_DIFFERS, NO_READING, UNDER_DOUBTFUL)


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
