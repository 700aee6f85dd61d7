"""Doubtful values: readings that look like a slip of the pen or like a code for "missing".

One statement for files, forms, frames and the store. A doubt that is open keeps a value out of
every answer until a person confirms or corrects it; see docs/methods.md.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from sm_tracker.domain.records import THERAPY_NOT_STATED, Measurement, OutcomeReading
from sm_tracker.domain.series import join_series
from sm_tracker.domain.tables import (
    MEASUREMENTS,
    OUTCOMES,
    Records,
    Table,
    completed_table,
    measurements_frame,
    outcomes_frame,
)
from sm_tracker.domain.timeline import BoolArray, FloatArray, IntArray, TextArray

MISSING_CODE: Final = "missing_code"
OUT_OF_RANGE: Final = "out_of_range"
FAR: Final = "far_from_series"
ALONE: Final = "alone_in_series"
REASONS: Final = ("", MISSING_CODE, OUT_OF_RANGE, FAR, ALONE)

POSSIBLE_MM: Final = (0.05, 20.0)
"""Nothing thinner or thicker than this is skin under a probe of 20 MHz."""
USUAL_MM: Final = (0.3, 12.0)
FAR_OFF: Final = 8.0
OFF: Final = 4.0
NEARBY: Final = 2.0
"""Two values of a series are near each other if their ratio is smaller than this."""
USUAL_GUESS_MM: Final = 1.5
LEAST_OUTCOMES: Final = 4
LEAST_STEPS: Final = 20.0

SMALLEST_CODE: Final = 7.0

_TOLERANCE = 1e-9
_NINES = np.sort([10.0**i - 10.0**-j for i in range(1, 6) for j in range(4) if i > 1 or j > 1])


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the rule says about values, one entry a value.

    Attributes
    ----------
    reason : ndarray of str
        One of ``REASONS``; blank for a value that is not doubted.
    usual : ndarray of float
        What the value was compared with, in its own unit; NaN without such a value.
    suggested : ndarray of float
        The value with its decimal point moved, where that would fit; else NaN.
    """

    reason: TextArray
    usual: FloatArray
    suggested: FloatArray


def thickness_doubts(series: IntArray, patient: IntArray, value: FloatArray) -> Doubts:
    """Doubts about skin thickness.

    A value is doubted if it looks like a code for missing (see :func:`missing_codes`), lies
    outside ``POSSIBLE_MM``, is 8 times or an eighth of its series' median, or
    is 4 times or a quarter of it with no second value of the series nearby. The median is that
    of the values in ``USUAL_MM`` where they are at least half of the series; of two such values
    each is compared with the other. A value that is unusual and alone in its series is
    compared with the other series of its patient (8 times only).

    Parameters
    ----------
    series, patient : ndarray of int
        Series of each value, and the series it may be compared with if it is alone.
    value : ndarray of float  [mm]
        NaN where there is nothing to judge (unreadable, censored).

    Returns
    -------
    Doubts
    """
    value = np.asarray(value, dtype="float64")
    coded = missing_codes(series, value)
    possible = (value >= POSSIBLE_MM[0]) & (value <= POSSIBLE_MM[1])
    reason = np.where(coded, 1, np.where(np.isfinite(value) & ~possible, 2, 0))
    judged = possible & ~coded
    usual_size = judged & (value >= USUAL_MM[0]) & (value <= USUAL_MM[1])
    n, n_usual = _count(series, judged), _count(series, usual_size)
    chosen = np.where(2 * n_usual >= n, usual_size, judged)
    usual = _median(series, value, chosen)
    # Of two values the median lies between them and hides both.
    pair = chosen & (_count(series, chosen) == 2)
    usual = np.where(pair, 2 * usual - value, usual)
    lonely = judged & ~usual_size & (n == 1)
    usual = np.where(lonely | (n == 0), _median(patient, value, usual_size), usual)
    off = _ratio(value, usual)
    far = judged & (off >= FAR_OFF - _TOLERANCE)
    alone = judged & (off >= OFF - _TOLERANCE) & ~pair & ~lonely & ~_has_neighbour(series, value)
    reason = np.where(reason > 0, reason, np.where(far, 3, np.where(alone, 4, 0)))
    return Doubts(_words(reason), usual, _moved(value, reason, usual))


def outcome_doubts(series: IntArray, value: FloatArray) -> Doubts:
    """Doubts about second outcomes, whose quantities are not known beforehand.

    Scores jump and laboratory values flare, so only two things are doubted.

    - A code for missing, also a negative one, that is at least 4 times the size of the median
      of the values that are not such a code.
    - A slipped decimal point: from 4 values on, all above zero, with a median of at least 20
      recording steps (a score of 2 may well become 20), a value that is 8 times or an eighth of
      the median, has no second value nearby, and lies among the others once its decimal point
      is moved.

    Parameters
    ----------
    series : ndarray of int
        Patient, outcome and unit.
    value : ndarray of float

    Returns
    -------
    Doubts
    """
    value = np.asarray(value, dtype="float64")
    coded = missing_codes(series, np.abs(value))
    plain = np.isfinite(value) & ~coded
    usual = _median(series, value, plain)
    code = coded & (np.abs(value) >= OFF * np.abs(usual) - _TOLERANCE)
    n = _count(series, np.isfinite(value))
    positive = _count(series, value > 0) == n
    off = _ratio(value, usual)
    slip = plain & positive & (n >= LEAST_OUTCOMES) & (off >= FAR_OFF - _TOLERANCE)
    if slip.any():
        slip &= ~_has_neighbour(series, value) & _would_fit(series, value, usual, slip)
    reason = np.where(code, 1, np.where(slip, 3, 0))
    return Doubts(_words(reason), usual, _moved(value, reason, usual))


def measurement_doubts(measurements: pd.DataFrame) -> Doubts:
    """What the rule says about a table of readings (contract MEASUREMENTS), whatever it holds."""
    value = measurements["thickness_mm"].to_numpy(dtype="float64")
    judged = ((measurements["status"] == "ok") & (measurements["qualifier"] == "")).to_numpy()
    value = np.where(judged, value, np.nan)
    asked = _worth_judging(measurements["patient_id"], value)
    rows = measurements.iloc[asked]
    patient = _numbered(rows, "patient_id", "layer")
    found = thickness_doubts(join_series(rows).number, patient, value[asked])
    return Doubts(
        *(
            _spread(asked, value.size, some, blank)
            for some, blank in (
                (found.reason, ""), (found.usual, np.nan), (found.suggested, np.nan)
            )
        )
    )  # fmt: skip


def _worth_judging(patient_id: pd.Series, value: FloatArray) -> IntArray:
    """Rows of the patients who have any value that the rule can doubt.

    None can be if all are usual, no code, and less than four times each other; that is so of
    most patients, and known before their readings are sorted into series.
    """
    code = pd.factorize(patient_id)[0]
    low = np.full(code.max(initial=-1) + 1, np.inf)
    high = np.full(low.size, -np.inf)
    known = np.isfinite(value)
    np.minimum.at(low, code[known], value[known])
    np.maximum.at(high, code[known], value[known])
    # The smallest codes for missing are 7.77, 8.88 and 9.99.
    plain = (low >= USUAL_MM[0]) & (high < SMALLEST_CODE) & (high < (OFF - _TOLERANCE) * low)
    return np.flatnonzero(~plain[code] & np.isfinite(low)[code])


def _numbered(frame: pd.DataFrame, *keys: str) -> IntArray:
    """The number of each combination of keys."""
    number = np.zeros(len(frame), dtype="int64")
    for key in keys:
        codes, labels = pd.factorize(frame[key])
        _, number = np.unique(number * (len(labels) + 1) + codes, return_inverse=True)
    return np.asarray(number, dtype="int64")


def _spread(rows: IntArray, size: int, some: Any, blank: Any) -> Any:
    """Values of some rows in their places among all, blank elsewhere."""
    found = np.full(size, blank, dtype=some.dtype)
    found[rows] = some
    return found


def outcome_table_doubts(outcomes: pd.DataFrame) -> Doubts:
    """What the rule says about a table of second outcomes (contract OUTCOMES)."""
    series = _numbered(outcomes, "patient_id", "outcome", "unit")
    return outcome_doubts(series, outcomes["value"].to_numpy(dtype="float64"))


@dataclass(frozen=True, slots=True)
class ValueDoubt:
    """An open doubt about one value.

    Attributes
    ----------
    reason : str
        One of ``REASONS``; blank where a person doubts it without a reason.
    usual, suggested : float or None
        As in :class:`Doubts`.
    """

    reason: str
    usual: float | None
    suggested: float | None


def open_doubts(records: Sequence[Measurement | OutcomeReading]) -> list[ValueDoubt | None]:
    """The open doubt about each of some records of one kind, judged beside each other.

    What a record states comes first: a confirmed value is not doubted again. Of a reading that
    waits for its therapy the value is not asked about.
    """
    if not records:
        return []
    if isinstance(records[0], Measurement):
        found = measurement_doubts(
            measurements_frame([r for r in records if isinstance(r, Measurement)])
        )
    else:
        found = outcome_table_doubts(
            outcomes_frame([r for r in records if isinstance(r, OutcomeReading)])
        )
    return [
        None
        if record.doubt == "confirmed"
        or record.doubt_reason == THERAPY_NOT_STATED
        or not (record.doubt or reason)
        else ValueDoubt(
            str(record.doubt_reason if record.doubt else reason),
            *(float(v) if np.isfinite(v) else None for v in (usual, suggested)),
        )
        for record, reason, usual, suggested in zip(
            records, found.reason, found.usual, found.suggested, strict=True
        )
    ]


def with_doubts(records: Records) -> Records:
    """The same records, each value without a stated doubt judged by the rule.

    What a column ``doubt`` already says (open, confirmed) stays as it is; doing this twice
    changes nothing.
    """
    return dataclasses.replace(
        records,
        measurements=judged_measurements(_whole(records.measurements, MEASUREMENTS)),
        outcomes=_judged(_whole(records.outcomes, OUTCOMES), outcome_table_doubts),
    )


def _whole(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    return frame if set(table.columns) <= set(frame.columns) else completed_table(frame, table)


def judged_measurements(measurements: pd.DataFrame) -> pd.DataFrame:
    """Readings (contract MEASUREMENTS) with their doubts, see :func:`with_doubts`."""
    return _judged(measurements, measurement_doubts)


def _judged(frame: pd.DataFrame, rule: Callable[[pd.DataFrame], Doubts]) -> pd.DataFrame:
    reason = rule(frame).reason
    new = (reason != "") & (frame["doubt"] == "").to_numpy()
    if not new.any():
        return frame
    return frame.assign(
        doubt=frame["doubt"].mask(new, "open"),
        doubt_reason=frame["doubt_reason"].mask(new, pd.Series(reason, frame.index, dtype="str")),
    )


def _words(reason: IntArray) -> TextArray:
    return np.asarray(REASONS, dtype=object)[reason]


def missing_codes(series: IntArray, value: FloatArray) -> BoolArray:
    """Values that look like a code for missing, as they were written.

    Nines only, from 9.99 on (9.99, 99.9, 999); or sevens or eights only (8.88, 777) where they
    are more than twice as large as every other value of their series.
    """
    nines, others = _made_of(9, value), _made_of(8, value) | _made_of(7, value)
    if not others.any():
        return nines
    largest = np.full(int(series.max()) + 1, -np.inf)
    plain = np.isfinite(value) & ~nines & ~others
    np.maximum.at(largest, series[plain], value[plain])
    beyond = np.isfinite(largest) & (largest > 0)
    return np.asarray(nines | (others & beyond[series] & (value > NEARBY * largest[series])))


def _made_of(digit: int, value: FloatArray) -> BoolArray:
    codes = _NINES * digit / 9
    at = np.minimum(np.searchsorted(codes, value - _TOLERANCE), codes.size - 1)
    return np.asarray(np.abs(value - codes[at]) <= _TOLERANCE)


def _count(group: IntArray, chosen: BoolArray) -> IntArray:
    """How many of each value's group are chosen."""
    size = int(group.max()) + 1 if group.size else 0
    return np.bincount(group[chosen], minlength=size)[group]


def _median(group: IntArray, value: FloatArray, chosen: BoolArray) -> FloatArray:
    """Median of the chosen values of each value's group; NaN for a group without one."""
    size = int(group.max()) + 1 if group.size else 0
    at = np.flatnonzero(chosen)
    at = at[np.lexsort((value[at], group[at]))]
    n = np.bincount(group[at], minlength=size)
    first = np.cumsum(n) - n
    found = np.full(size, np.nan)
    held = n > 0
    low, high = (first + (n - 1) // 2)[held], (first + n // 2)[held]
    found[held] = (value[at[low]] + value[at[high]]) / 2
    return found[group]


def _ratio(value: FloatArray, usual: FloatArray) -> FloatArray:
    """How many times the larger of the two is the smaller; NaN unless both are positive."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where((value > 0) & (usual > 0), np.maximum(value / usual, usual / value), np.nan)


def _has_neighbour(group: IntArray, value: FloatArray) -> BoolArray:
    """Whether another value of the group is near; the next smaller or larger one tells."""
    order = np.lexsort((value, group))
    v, g = value[order], group[order]
    near = (g[1:] == g[:-1]) & (_ratio(v[1:], v[:-1]) < NEARBY)
    found = np.zeros(value.size, dtype=bool)
    found[order] = np.r_[False, near] | np.r_[near, False]
    return found


def _would_fit(
    group: IntArray, value: FloatArray, usual: FloatArray, asked: BoolArray
) -> BoolArray:
    """Whether a value lies among the others of its group once its decimal point is moved."""
    size = int(group.max()) + 1
    others = np.isfinite(value) & ~asked
    at, held = group[others], value[others]
    low, high, step = np.full(size, np.inf), np.full(size, -np.inf), np.zeros(size)
    np.minimum.at(low, at, held)
    np.maximum.at(high, at, held)
    np.maximum.at(step, at, _places(held))
    coarse = usual < LEAST_STEPS * 10.0 ** -step[group]
    moved = value[:, None] * _POWERS
    inside = (moved >= low[group, None] - _TOLERANCE) & (moved <= high[group, None] + _TOLERANCE)
    return np.asarray(inside.any(axis=1) & ~coarse)


_POWERS = 10.0 ** np.array([-3, -2, -1, 1, 2, 3])


def _places(value: FloatArray) -> FloatArray:
    """To how many decimal places each value was written down, six at most."""
    scaled = np.abs(value)[:, None] * 10.0 ** np.arange(7)
    whole = np.abs(scaled - np.round(scaled)) < 1e-6 * np.maximum(scaled, 1.0)
    whole[:, -1] = True
    return np.asarray(np.argmax(whole, axis=1), dtype="float64")


def _moved(value: FloatArray, reason: IntArray, usual: FloatArray) -> FloatArray:
    """Values with the decimal point moved to where it fits best; NaN where it fits nowhere."""
    found = np.full(value.size, np.nan)
    rows = np.flatnonzero((reason > 1) & (value > 0))
    aim = np.where(np.isfinite(usual[rows]), usual[rows], USUAL_GUESS_MM)
    moved = value[rows, None] * _POWERS
    with np.errstate(divide="ignore"):  # the smallest number there is, made smaller, is none
        distance = np.abs(np.log(moved / aim[:, None]))
    best = moved[np.arange(rows.size), distance.argmin(axis=1)]
    guessed = ~np.isfinite(usual[rows]) & (best >= USUAL_MM[0]) & (best <= USUAL_MM[1])
    fits = guessed | (_ratio(best, aim) < NEARBY)
    found[rows[fits]] = [float(f"{v:.12g}") for v in best[fits]]  # no dust of binary fractions
    return found
