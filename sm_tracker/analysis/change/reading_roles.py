"""Which visit values count for which row of the change table.

Intervals crossed with the series of their patient give the rows; for each row the baseline
window, the reference and the values under the regimen are contiguous runs of the series,
found by binary search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.intervals import COURSE, PERIOD, Intervals, with_values
from sm_tracker.analysis.kernels import BoolArray, FloatArray, IntArray, Phases
from sm_tracker.domain.exposure_states import States
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.timeline import expanded_ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Visit values sorted by series and day, with a key for binary search.

    `value` and `t` hold usable values only; `all_t` every visit but those of which nobody
    has said what therapy ran, which stand in `unstated_t`. `doubtful` are the visits without
    a value for doubts only, `questioned` those with any reading in open doubt.
    """

    frame: pd.DataFrame
    usable: IntArray
    value: FloatArray
    t: FloatArray
    series: IntArray
    all_t: FloatArray
    all_series: IntArray
    doubtful: IntArray
    questioned: IntArray
    unstated_t: FloatArray
    unstated_series: IntArray
    first_of_series: IntArray
    patient_of_series: IntArray

    def bounds(
        self, series: IntArray, after: FloatArray, until: FloatArray
    ) -> tuple[IntArray, IntArray]:
        """Run of usable values of each series with ``after < t <= until``."""
        return _bounds(self.series, self.t, series, after, until)

    def count(
        self,
        series: IntArray,
        after: FloatArray,
        until: FloatArray,
        among: IntArray | slice = slice(None),
    ) -> IntArray:
        """Number of visits, usable or not, with ``after < t <= until``; `among` some of them."""
        low, high = _bounds(self.all_series[among], self.all_t[among], series, after, until)
        return high - low

    def count_unstated(self, series: IntArray, after: FloatArray, until: FloatArray) -> IntArray:
        """The same for visits of which nobody has said what therapy ran."""
        low, high = _bounds(self.unstated_series, self.unstated_t, series, after, until)
        return high - low


def arrange_visits(frame: pd.DataFrame, patient_codes: pd.Index) -> Visits:
    """Arrange visit values (contract VISITS, sorted by series and day) for the search."""
    value = frame["value_mm"].to_numpy()
    usable = np.flatnonzero(np.isfinite(value))
    number = frame["series_id"].to_numpy()
    t = frame["t"].to_numpy()
    new = np.r_[True, np.diff(number) != 0] if number.size else np.zeros(0, dtype=bool)
    # Counted from zero here: the frame may be a part of a larger one.
    series = (np.cumsum(new) - 1).astype("int64")
    first = np.flatnonzero(new)
    stated = (frame["state"] != THERAPY_NOT_STATED).to_numpy()
    state, n_doubtful = frame["state"][stated], frame["n_doubtful"][stated]
    patient = patient_codes.get_indexer(pd.Index(frame["patient_id"].iloc[first]))
    return Visits(
        frame=frame,
        usable=usable,
        value=value[usable],
        t=t[usable],
        series=series[usable],
        all_t=t[stated],
        all_series=series[stated],
        doubtful=np.flatnonzero((state == "doubtful").to_numpy()),
        questioned=np.flatnonzero(n_doubtful.to_numpy() > 0),
        unstated_t=t[~stated],
        unstated_series=series[~stated],
        first_of_series=first,
        patient_of_series=patient.astype("int64"),
    )


def _bounds(
    series: IntArray, t: FloatArray, asked: IntArray, after: FloatArray, until: FloatArray
) -> tuple[IntArray, IntArray]:
    if t.size == 0:
        nothing = np.zeros(asked.size, dtype="int64")
        return nothing, nothing
    low, high = t.min() - 1, t.max()
    span = high - low + 2
    key = series * span + (t - low)
    base = asked * span
    start = np.searchsorted(key, base + np.clip(after, low, high) - low, "right")
    stop = np.searchsorted(key, base + np.clip(until, low, high) - low, "right")
    return start, np.maximum(stop, start)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRoles:
    """Rows of the change table: a interval and a series each (series -1: never measured).

    `intervals` holds each interval once, `interval` the one of each row, with the limits of
    its series in `after`, `until` and `baseline_to`. `reference` and `under` are the runs
    of answer B, `baseline` that of the baseline window; `place` gives the position of each
    of their values in the frame of visits; `reference_last` is the day of the last value of
    the reference state, however old; `left_out` counts visits that count for neither side,
    by reason; `questioned` tells whether a reading in open doubt lies in one of the windows.
    """

    intervals: Intervals
    interval_of_row: IntArray
    interval: Intervals
    series: IntArray
    baseline: Phases
    reference: Phases
    under: Phases
    untreated: Phases
    place: IntArray
    n_window: IntArray
    n_under_all: IntArray
    reference_last: FloatArray
    left_out: dict[str, IntArray]
    questioned: BoolArray


LEFT_OUT_REASONS = {
    "unusable_before": "censored or unreadable before the start",
    "unusable_under": "censored or unreadable under the regimen",
    "doubtful_before": "doubtful before the start, not yet confirmed",
    "doubtful_under": "doubtful under the regimen, not yet confirmed",
    "uncertain": "inside an uncertain start or end",
    "run_in": "in the run-in",
    "old": "older than the reference window",
    "after_end": "after the end",
    "newer": "within the grace, but after the start of a newer period",
    "not_stated": "with no therapy stated among tagged readings",
}


def reading_roles(
    intervals: Intervals, states: States, visits: Visits, *, lag_days: FloatArray | None = None
) -> ReadingRoles:
    """Cross intervals with the series of their patients and find what counts.

    Combinations and untreated intervals give a row only for a series with a reading in
    them. `lag_days` replaces the run-in of each interval (for the sensitivity analysis).
    """
    if lag_days is not None:
        intervals = with_values(intervals, lag=lag_days)
    interval_of_row, series = _cross(intervals, visits)
    chosen = intervals.take(interval_of_row)
    gives = _Grace(chosen, interval_of_row, series, states, visits)
    late = np.where(
        chosen.level == PERIOD,
        gives.unread[: series.size],
        gives.of(chosen.late_from, chosen.late_to, series),
    )
    chosen = with_values(
        chosen,
        after=np.where(late, chosen.after_late, chosen.after),
        until=np.where(late, chosen.until_late, chosen.until),
        baseline_to=np.where(late, chosen.baseline_to_late, chosen.baseline_to),
    )
    hole = (chosen.hole_from, chosen.hole_to)
    n_under_all = _count_outside(
        hole, visits, series, _after_run_in(chosen.after, chosen.lag), chosen.until
    )
    kept = np.flatnonzero((chosen.level == PERIOD) | (n_under_all > 0))
    return _rows(
        intervals,
        interval_of_row[kept],
        chosen.take(kept),
        series[kept],
        states,
        visits,
        n_under_all[kept],
        gives,
    )


def _cross(intervals: Intervals, visits: Visits) -> tuple[IntArray, IntArray]:
    order = np.argsort(visits.patient_of_series, kind="stable")
    owner = visits.patient_of_series[order]
    first = np.searchsorted(owner, intervals.patient, "left")
    n = np.searchsorted(owner, intervals.patient, "right") - first
    # A period of a patient without any series keeps one row.
    alone = (n == 0) & (intervals.level == PERIOD)
    rows, at = expanded_ranges(first, first + np.where(alone, 1, n))
    if order.size == 0:
        return rows, np.full(rows.size, -1, dtype="int64")
    return rows, np.where(alone[rows], -1, order[np.minimum(at, order.size - 1)])


class _Grace:
    """For which series the readings after an end still belong to what ended.

    They do where a series has no usable value from the run-in to the end of the period.
    """

    def __init__(
        self,
        chosen: Intervals,
        interval_of_row: IntArray,
        series: IntArray,
        states: States,
        visits: Visits,
    ) -> None:
        start, stop = visits.bounds(series, _after_run_in(chosen.after, chosen.lag), chosen.until)
        out_from, out_to = visits.bounds(series, chosen.hole_from, chosen.hole_to)
        in_hole = np.minimum(out_to, stop) - np.maximum(out_from, start)
        self.unread = stop - start <= np.maximum(in_hole, 0)
        self._first_row = np.searchsorted(interval_of_row, np.arange(states.before_period.size))
        order = np.argsort(visits.patient_of_series, kind="stable")
        owner = visits.patient_of_series[order]
        self._turn = np.zeros(owner.size, dtype="int64")
        self._turn[order] = np.arange(owner.size) - np.searchsorted(owner, owner, "left")
        self._ended = states.ended

    def of(self, low: IntArray, high: IntArray, series: IntArray) -> BoolArray:
        """Whether one of the ended periods of each range leaves its grace to a series."""
        asked = np.flatnonzero((high > low) & (series >= 0))
        which, at = expanded_ranges(low[asked], high[asked])
        row = asked[which]
        period_row = self._first_row[self._ended[at]] + self._turn[series[row]]
        found = np.zeros(series.size, dtype=bool)
        found[row[self.unread[period_row]]] = True
        return found


def _after_run_in(after: FloatArray, lag: FloatArray) -> FloatArray:
    """Values count from later than this day: whole days, closer than `lag` left out."""
    return after + np.maximum(lag - 1, 0)


def _reference_limits(
    interval: Intervals, series: IntArray, states: States, gives: _Grace
) -> dict[str, FloatArray]:
    """Where the reference of each row lies, and the time before any therapy."""
    known = interval.reference >= 0
    if not known.any():
        never = np.full(series.size, np.inf)
        names = ("opens", "closes", "hole_from", "hole_to", "first_closes")
        return dict.fromkeys(names, never) | {"first_closes": -never}
    state = np.where(known, interval.reference, 0)
    late_open = gives.of(states.opened_by[state, 0], states.opened_by[state, 1], series)
    late_close = gives.of(states.closed_by[state, 0], states.closed_by[state, 1], series)
    opens = np.where(late_open, states.opens_late[state], states.opens[state])
    closes = np.where(late_close, states.closes_late[state], states.closes[state])
    # A short course of a steroid leaves the state that it lies in open behind its start.
    own = interval.level == PERIOD
    closes = np.where(own, np.minimum(closes, interval.start_first), closes)
    first_state = np.minimum(
        np.searchsorted(states.patient, interval.patient), states.patient.size - 1
    )
    return {
        "opens": np.where(known, _after_run_in(opens, states.lag[state]), np.inf),
        "closes": np.where(known, closes, np.inf),
        "hole_from": states.hole_from[state],
        "hole_to": states.hole_to[state],
        "first_closes": np.where(known, states.closes[first_state], -np.inf),
    }


def _rows(
    intervals: Intervals,
    interval_of_row: IntArray,
    interval: Intervals,
    series: IntArray,
    states: States,
    visits: Visits,
    n_under_all: IntArray,
    gives: _Grace,
) -> ReadingRoles:
    starts_after = _after_run_in(interval.after, interval.lag)
    before_window = interval.baseline_from - 1
    limits = _reference_limits(interval, series, states, gives)
    opens, closes = limits["opens"], limits["closes"]
    in_window = np.maximum(opens, interval.reference_from - 1)
    hole = (interval.hole_from, interval.hole_to)
    reference_hole = (limits["hole_from"], limits["hole_to"])
    no_limit = np.full(series.size, -np.inf)
    finder = _RunFinder(visits, series)
    runs = {
        "baseline": finder.run(before_window, interval.baseline_to),
        "reference": finder.run(in_window, closes, reference_hole),
        "under": finder.run(starts_after, interval.until, hole),
        "untreated": finder.run(no_limit, limits["first_closes"]),
    }
    course = interval.level == COURSE
    first, stop = runs["baseline"]
    # The baseline of a course is its first value.
    runs["baseline"] = (first, np.where(course, np.minimum(first + 1, stop), stop))
    values, t, usable = finder.arrays()
    phases = {name: Phases(values, t, *run) for name, run in runs.items()}
    n_window = visits.count(series, before_window, interval.baseline_to)
    all_before, all_stop = visits.bounds(series, opens, closes)
    window, under = (before_window, interval.baseline_to), (starts_after, interval.until)
    doubtful = {
        "doubtful_before": visits.count(series, *window, visits.doubtful) * ~course,
        "doubtful_under": _count_outside(hole, visits, series, *under, visits.doubtful),
    }
    unusable_before = n_window - phases["baseline"].n - doubtful["doubtful_before"]
    left_out = {
        "unusable_before": np.where(course, 0, unusable_before),
        "unusable_under": n_under_all - phases["under"].n - doubtful["doubtful_under"],
        **doubtful,
        "old": visits.count(series, opens, np.minimum(in_window, closes)),
        **_left_out_after_start(visits, interval, series, starts_after),
        "not_stated": visits.count_unstated(series, before_window, interval.until),
    }
    found = all_stop > all_before
    return ReadingRoles(
        intervals=intervals,
        interval_of_row=interval_of_row,
        interval=interval,
        series=series,
        **phases,
        place=usable,
        n_window=n_window,
        n_under_all=n_under_all,
        reference_last=np.where(found, np.r_[visits.t, 0.0][all_stop - found], np.nan),
        left_out=left_out,
        questioned=visits.count(series, *window, visits.questioned)
        + _count_outside(hole, visits, series, *under, visits.questioned)
        + _count_outside(reference_hole, visits, series, in_window, closes, visits.questioned)
        > 0,
    )


def _count_outside(
    hole: tuple[FloatArray, FloatArray],
    visits: Visits,
    series: IntArray,
    after: FloatArray,
    until: FloatArray,
    among: IntArray | slice = slice(None),
) -> IntArray:
    """Number of visits with ``after < t <= until`` that do not lie in the hole."""
    holed = (np.maximum(hole[0], after), np.minimum(hole[1], until))
    return visits.count(series, after, until, among) - visits.count(series, *holed, among)


def _left_out_after_start(
    visits: Visits, interval: Intervals, series: IntArray, starts_after: FloatArray
) -> dict[str, IntArray]:
    """Visits after the first possible day that count for neither side, each with one reason."""
    own = interval.level == PERIOD
    hole = (np.maximum(interval.hole_from, interval.after), interval.hole_to)
    run_in_until = np.minimum(starts_after, interval.until)
    past_until = np.maximum(interval.until, interval.after)
    past_late = np.maximum(interval.until_late, past_until)
    return {
        "uncertain": visits.count(series, *hole)
        + visits.count(series, interval.start_first, interval.start_last),
        "run_in": _count_outside(hole, visits, series, interval.after, run_in_until),
        "after_end": own * _count_outside(hole, visits, series, past_until, past_late),
        "newer": own * _count_outside(hole, visits, series, past_late, interval.grace_until),
    }


class _RunFinder:
    """Finds runs of usable values; a run with a hole is copied without it to the end."""

    def __init__(self, visits: Visits, series: IntArray) -> None:
        self._visits = visits
        self._series = series
        self._copied: list[IntArray] = []
        self._size = visits.value.size

    def run(
        self,
        after: FloatArray,
        until: FloatArray,
        hole: tuple[FloatArray, FloatArray] | None = None,
    ) -> tuple[IntArray, IntArray]:
        start, stop = self._visits.bounds(self._series, after, until)
        if hole is None:
            return start, stop
        out_from, out_to = self._visits.bounds(self._series, *hole)
        out_from, out_to = np.maximum(out_from, start), np.minimum(out_to, stop)
        for row in np.flatnonzero(out_to > out_from):
            kept = np.r_[start[row] : out_from[row], out_to[row] : stop[row]]
            self._copied.append(kept)
            start[row], stop[row] = self._size, self._size + kept.size
            self._size += kept.size
        return start, stop

    def arrays(self) -> tuple[FloatArray, FloatArray, IntArray]:
        """Values, days and positions in the frame of all runs."""
        index = np.concatenate([np.arange(self._visits.value.size), *self._copied])
        index = index.astype("int64")
        return self._visits.value[index], self._visits.t[index], self._visits.usable[index]
