"""From numbers to the two answers: change against error, and phase against phase.

The rules are those of docs/methods.md; the words here are codes, worded by ``report``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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

TextArray = npt.NDArray[np.object_]

TOO_WIDE = "interval too wide to tell"
NOT_ZERO = "smaller than the error, but not zero"
ALREADY_FALLING = "already falling before"
ALREADY_RISING = "already rising before"


def error_check(change: FloatArray, mdc: FloatArray, computable: BoolArray) -> TextArray:
    """Answer A in one code: thinner, thicker, within_error or not_computable."""
    with np.errstate(invalid="ignore"):
        thinner = change < -(mdc + TIE)
        thicker = change > mdc + TIE
    code = np.where(thinner, "thinner", np.where(thicker, "thicker", "within_error"))
    return np.where(computable, code, "not_computable").astype(object)


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
) -> tuple[TextArray, TextArray]:
    """Answer B in one code with its reason.

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
    verdict = np.select(
        [few, better, worse, inside],
        ["too_few_readings", "improved", "worsened", "unchanged"],
        "undecided",
    ).astype(object)
    reason = np.select(
        [
            few,
            verdict != "undecided",
            lower & lower_sure,
            higher & higher_sure,
            lower_sure | higher_sure,
        ],
        ["", "", ALREADY_FALLING, ALREADY_RISING, NOT_ZERO],
        TOO_WIDE,
    ).astype(object)
    reason[few] = _too_few(reference.n[few], under.n[few], settings.min_readings)
    return verdict, reason


def _too_few(n_reference: IntArray, n_under: IntArray, needed: int) -> TextArray:
    return (
        n_reference.astype(str).astype(object)
        + " before, "
        + n_under.astype(str).astype(object)
        + f" under; {needed} each are needed"
    )


def smallest_difference(sem_at_reference: FloatArray, settings: Settings) -> FloatArray:
    """delta: 2.77 SEM at the reference mean, or the clinic's minimal important change  [mm]."""
    return np.maximum(Z95 * np.sqrt(2) * sem_at_reference, settings.minimal_important_change_mm)


NO_BASELINE = "no baseline in the window before the start"
BASELINE_UNUSABLE = "censored value: only censored or unreadable readings before the start"
NO_READING = "no reading under the regimen"
UNDER_UNUSABLE = "censored value: only censored or unreadable readings under the regimen"
DEVICE_CHANGED = "device changed"
LAYER_DIFFERS = "layer differs"
NEVER_MEASURED = "no measurement of this patient"


def not_computable_reasons(
    rows: Rows, elsewhere_device: tuple[BoolArray, BoolArray], elsewhere_layer: tuple[BoolArray, BoolArray]
) -> TextArray:
    """Why answer A cannot be given, in words; blank where it can.

    `elsewhere_device` and `elsewhere_layer` tell whether another device or layer of the
    same site has a baseline, and a value under the regimen.
    """
    no_baseline, no_under = rows.baseline.n == 0, rows.under.n == 0
    text = np.full(rows.series.size, "", dtype=object)
    parts = (
        (no_baseline, rows.n_window > 0, BASELINE_UNUSABLE, NO_BASELINE, 0),
        (no_under, rows.n_under_all > 0, UNDER_UNUSABLE, NO_READING, 1),
    )
    for missing, unusable, with_unusable, without, side in parts:
        # Named only where this series holds the other side: then the device or layer is why.
        other_side = ~no_under if side == 0 else ~no_baseline
        part = np.select(
            [unusable, elsewhere_device[side] & other_side, elsewhere_layer[side] & other_side],
            [with_unusable, DEVICE_CHANGED, LAYER_DIFFERS],
            without,
        ).astype(object)
        joint = np.where(missing & (text != ""), "; ", "")
        text = text + joint + np.where(missing, part, "")
    text[rows.series < 0] = NEVER_MEASURED
    return text
