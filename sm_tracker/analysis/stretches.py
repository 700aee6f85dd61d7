"""Which visit values count for which row: periods, combinations and untreated stretches.

A stretch is what one row of the change table is about. Crossed with the series of its
patient it gives the rows; for each row the baseline window, the reference and the values
under the regimen are contiguous runs of the series, found by binary search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.contrasts import BoolArray, FloatArray, IntArray, Phases
from sm_tracker.domain.exposure import Periods, States

LEVELS = ("period", "combination", "untreated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """What rows are about, as arrays; times in days on the patient's axis.

    Attributes
    ----------
    level : ndarray of int
        Index into ``LEVELS``.
    source : ndarray of int
        Number of the period, or of the exposure state.
    start_first, start_last : ndarray
        Possible first days (equal for exact dates).
    after : ndarray
        Values count under the regimen from later than this day on, `lag` days later.
    until : ndarray
        Last day that counts.
    grace_until : ndarray
        Last day that would count if no newer period had started.
    hole_from, hole_to : ndarray
        Values in ``(hole_from, hole_to]``, the possible days of an uncertain end, do not
        count.
    baseline_from, baseline_to : ndarray
        Baseline window, both days included.
    reference : ndarray of int
        Exposure state just before, -1 for none.
    """

    patient: IntArray
    level: IntArray
    source: IntArray
    start_first: FloatArray
    start_last: FloatArray
    after: FloatArray
    lag: FloatArray
    until: FloatArray
    grace_until: FloatArray
    hole_from: FloatArray
    hole_to: FloatArray
    baseline_from: FloatArray
    baseline_to: FloatArray
    reference: IntArray

    def take(self, rows: IntArray) -> Stretches:
        """The same stretches in another order or number."""
        return Stretches(**{name: getattr(self, name)[rows] for name in self.__slots__})


def all_stretches(periods: Periods, states: States, baseline_window_days: int) -> Stretches:
    """Stretches of every period, combination and untreated time after a therapy."""
    own = Stretches(
        patient=periods.patient,
        level=np.zeros(periods.patient.size, dtype="int64"),
        source=np.arange(periods.patient.size),
        start_first=periods.start_first,
        start_last=periods.start_last,
        after=periods.start_last,
        lag=periods.lag,
        until=periods.counts_until,
        grace_until=periods.end_last + periods.grace,
        hole_from=periods.end_first,
        hole_to=periods.end_last,
        baseline_from=periods.window_start - periods.baseline_window,
        baseline_to=periods.start_first,
        reference=states.before_period,
    )
    running = np.bitwise_count(states.mask)
    combined = np.flatnonzero(running >= 2)
    untreated = np.flatnonzero((running == 0) & ~states.first)
    chosen = np.concatenate([combined, untreated]).astype("int64")
    no_therapy = np.arange(chosen.size) >= combined.size
    begins = states.boundary[chosen]
    # The grace of the therapy that ended belongs to it, so the last reading under it is
    # the baseline of the untreated stretch.
    baseline_to = np.where(no_therapy, states.closes[chosen - 1], begins)
    others = Stretches(
        patient=states.patient[chosen],
        level=np.where(no_therapy, 2, 1),
        source=chosen,
        start_first=begins,
        start_last=np.where(no_therapy, begins, states.opens[chosen]),
        after=states.opens[chosen],
        lag=states.lag[chosen],
        until=states.closes[chosen],
        grace_until=states.closes[chosen],
        hole_from=states.hole_from[chosen],
        hole_to=states.hole_to[chosen],
        baseline_from=begins - baseline_window_days,
        baseline_to=baseline_to,
        reference=chosen - 1,
    )
    return Stretches(
        **{
            name: np.concatenate([getattr(own, name), getattr(others, name)])
            for name in Stretches.__slots__
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Visit values sorted by series and day, with a key for binary search.

    `value` and `t` hold usable values only; `all_t` every visit. `doubtful` are the visits
    without a value for doubts only, `questioned` those with any reading in open doubt.
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


def visits_of(frame: pd.DataFrame, patient_codes: pd.Index) -> Visits:
    """Arrange visit values (contract VISITS, sorted by series and day) for the search."""
    value = frame["value_mm"].to_numpy()
    usable = np.flatnonzero(np.isfinite(value))
    number = frame["series_id"].to_numpy()
    t = frame["t"].to_numpy()
    new = np.r_[True, np.diff(number) != 0] if number.size else np.zeros(0, dtype=bool)
    # Counted from zero here: the frame may be a part of a larger one.
    series = (np.cumsum(new) - 1).astype("int64")
    first = np.flatnonzero(new)
    patient = patient_codes.get_indexer(pd.Index(frame["patient_id"].iloc[first]))
    return Visits(
        frame=frame,
        usable=usable,
        value=value[usable],
        t=t[usable],
        series=series[usable],
        all_t=t,
        all_series=series,
        doubtful=np.flatnonzero((frame["state"] == "doubtful").to_numpy()),
        questioned=np.flatnonzero(frame["n_doubtful"].to_numpy() > 0),
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
class Rows:
    """Rows of the change table: a stretch and a series each (series -1: never measured).

    `stretches` holds each stretch once, `stretch` the one of each row.
    `reference` and `under` are the runs of answer B, `baseline` that of the baseline
    window; `place` gives the position of each of their values in the frame of visits;
    `left_out` counts visits that count for neither side, by reason; `questioned` tells
    whether a reading in open doubt lies in one of the windows.
    """

    stretches: Stretches
    stretch_of_row: IntArray
    stretch: Stretches
    series: IntArray
    baseline: Phases
    reference: Phases
    under: Phases
    untreated: Phases
    place: IntArray
    n_window: IntArray
    n_under_all: IntArray
    left_out: dict[str, IntArray]
    questioned: BoolArray


LEFT_OUT_REASONS = {
    "unusable_before": "censored or unreadable before the start",
    "unusable_under": "censored or unreadable under the regimen",
    "doubtful_before": "doubtful before the start, not yet confirmed",
    "doubtful_under": "doubtful under the regimen, not yet confirmed",
    "uncertain": "inside an uncertain start or end",
    "run_in": "in the run-in",
    "newer": "within the grace, but after the start of a newer period",
}


def rows_of(
    stretches: Stretches, states: States, visits: Visits, *, lag_days: FloatArray | None = None
) -> Rows:
    """Cross stretches with the series of their patients and find what counts.

    Combinations and untreated stretches give a row only for a series with a reading in
    them. `lag_days` replaces the run-in of each stretch (for the sensitivity analysis).
    """
    if lag_days is not None:
        stretches = _with_lag(stretches, lag_days)
    stretch_of_row, series = _cross(stretches, visits)
    chosen = stretches.take(stretch_of_row)
    starts_after = _after_run_in(chosen.after, chosen.lag)
    hole = (chosen.hole_from, chosen.hole_to)
    n_under_all = _count_outside(hole, visits, series, starts_after, chosen.until)
    kept = np.flatnonzero((chosen.level == 0) | (n_under_all > 0))
    return _rows(stretches, stretch_of_row[kept], series[kept], states, visits, n_under_all[kept])


def _with_lag(stretches: Stretches, lag_days: FloatArray) -> Stretches:
    values = {name: getattr(stretches, name) for name in Stretches.__slots__}
    return Stretches(**{**values, "lag": lag_days})


def _cross(stretches: Stretches, visits: Visits) -> tuple[IntArray, IntArray]:
    order = np.argsort(visits.patient_of_series, kind="stable")
    owner = visits.patient_of_series[order]
    first = np.searchsorted(owner, stretches.patient, "left")
    n = np.searchsorted(owner, stretches.patient, "right") - first
    # A period of a patient without any series keeps one row.
    alone = (n == 0) & (stretches.level == 0)
    rows = np.repeat(np.arange(n.size), np.where(alone, 1, n))
    offset = np.arange(rows.size) - np.repeat(
        np.cumsum(np.where(alone, 1, n)) - np.where(alone, 1, n), np.where(alone, 1, n)
    )
    if order.size == 0:
        return rows, np.full(rows.size, -1, dtype="int64")
    at = np.minimum(first[rows] + offset, order.size - 1)
    return rows, np.where(alone[rows], -1, order[at])


def _after_run_in(after: FloatArray, lag: FloatArray) -> FloatArray:
    """Values count from later than this day: whole days, closer than `lag` left out."""
    return after + np.maximum(lag - 1, 0)


def _rows(
    stretches: Stretches,
    stretch_of_row: IntArray,
    series: IntArray,
    states: States,
    visits: Visits,
    n_under_all: IntArray,
) -> Rows:
    stretch = stretches.take(stretch_of_row)
    starts_after = _after_run_in(stretch.after, stretch.lag)
    before_window = stretch.baseline_from - 1
    state = stretch.reference
    opens = _after_run_in(states.opens[state], states.lag[state])
    hole = (stretch.hole_from, stretch.hole_to)
    reference_hole = (states.hole_from[state], states.hole_to[state])
    first_state = np.searchsorted(states.patient, stretch.patient)
    no_limit = np.full(series.size, -np.inf)
    finder = _RunFinder(visits, series)
    runs = {
        "baseline": finder.run(before_window, stretch.baseline_to),
        "reference": finder.run(opens, states.closes[state], reference_hole),
        "under": finder.run(starts_after, stretch.until, hole),
        "untreated": finder.run(no_limit, states.closes[first_state]),
    }
    values, t, usable = finder.arrays()
    phases = {name: Phases(values, t, *run) for name, run in runs.items()}
    n_window = visits.count(series, before_window, stretch.baseline_to)
    window, under = (before_window, stretch.baseline_to), (starts_after, stretch.until)
    doubtful = {
        "doubtful_before": visits.count(series, *window, visits.doubtful),
        "doubtful_under": _count_outside(hole, visits, series, *under, visits.doubtful),
    }
    left_out = {
        "unusable_before": n_window - phases["baseline"].n - doubtful["doubtful_before"],
        "unusable_under": n_under_all - phases["under"].n - doubtful["doubtful_under"],
        **doubtful,
        **_left_out_after_start(visits, stretch, series, starts_after),
    }
    return Rows(
        stretches=stretches,
        stretch_of_row=stretch_of_row,
        stretch=stretch,
        series=series,
        **phases,
        place=usable,
        n_window=n_window,
        n_under_all=n_under_all,
        left_out=left_out,
        questioned=visits.count(series, *window, visits.questioned)
        + _count_outside(hole, visits, series, *under, visits.questioned)
        + _count_outside(
            reference_hole, visits, series, opens, states.closes[state], visits.questioned
        )
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
    visits: Visits, stretch: Stretches, series: IntArray, starts_after: FloatArray
) -> dict[str, IntArray]:
    """Visits after the first possible day that count for neither side, each with one reason."""
    own = stretch.level == 0
    hole = (np.maximum(stretch.hole_from, stretch.after), stretch.hole_to)
    run_in_until = np.minimum(starts_after, stretch.until)
    past_until = np.maximum(stretch.until, stretch.after)
    return {
        "uncertain": visits.count(series, *hole)
        + visits.count(series, stretch.start_first, stretch.start_last),
        "run_in": _count_outside(hole, visits, series, stretch.after, run_in_until),
        "newer": own * _count_outside(hole, visits, series, past_until, stretch.grace_until),
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
