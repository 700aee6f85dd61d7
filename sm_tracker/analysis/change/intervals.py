"""What rows of the change table are about: periods, combinations, untreated time, courses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sm_tracker.analysis.kernels import BoolArray, FloatArray, IntArray
from sm_tracker.domain.change_columns import LEVELS
from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.exposure_states import States
from sm_tracker.domain.settings import Settings

PERIOD, COMBINATION, UNTREATED, COURSE, PATIENT = range(len(LEVELS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """What rows are about, as arrays; times in days on the patient's axis.

    Attributes
    ----------
    level : ndarray of int
        Index into ``LEVELS``.
    source : ndarray of int
        Number of the period, or of the exposure state; -1 for the whole course.
    start_first, start_last : ndarray
        Possible first days (equal for exact dates).
    after, after_late : ndarray
        Values count under the regimen from later than this day on, `lag` days later.
    until, until_late : ndarray
        Last day that counts.
    baseline_to, baseline_to_late : ndarray
        Last day of the baseline window.
    late_from, late_to : ndarray of int
        Range in ``States.ended``: the late limits hold for a series without a usable value
        up to the end of one of these periods (of the interval itself for a period).
    grace_until : ndarray
        Last day that would count if no newer period had started.
    hole_from, hole_to : ndarray
        Values in ``(hole_from, hole_to]``, the possible days of an uncertain end, do not
        count.
    baseline_from : ndarray
        First day of the baseline window.
    reference : ndarray of int
        Exposure state just before, -1 for none.
    reference_from : ndarray
        First day of the reference window.
    begins : ndarray
        Day that is named as the first: as recorded for a period.
    from_tags : ndarray of bool
        Whether a limit is known from the tags of readings alone.
    """

    patient: IntArray
    level: IntArray
    source: IntArray
    start_first: FloatArray
    start_last: FloatArray
    after: FloatArray
    after_late: FloatArray
    lag: FloatArray
    until: FloatArray
    until_late: FloatArray
    late_from: IntArray
    late_to: IntArray
    grace_until: FloatArray
    hole_from: FloatArray
    hole_to: FloatArray
    baseline_from: FloatArray
    baseline_to: FloatArray
    baseline_to_late: FloatArray
    reference: IntArray
    reference_from: FloatArray
    begins: FloatArray
    from_tags: BoolArray

    def take(self, rows: IntArray) -> Intervals:
        """The same intervals in another order or number."""
        return Intervals(**{name: getattr(self, name)[rows] for name in self.__slots__})


def all_intervals(
    periods: Periods, states: States, patients_seen: IntArray, settings: Settings
) -> Intervals:
    """Intervals of every period, combination, untreated time after a therapy, and course.

    `patients_seen` are the numbers of the patients with a reading, who have a course.
    """
    parts = (
        _of_periods(periods, states, settings),
        _of_states(states, settings),
        _courses(patients_seen),
    )
    return Intervals(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in Intervals.__slots__
        }
    )


def _of_periods(periods: Periods, states: States, settings: Settings) -> Intervals:
    n = periods.patient.size
    plain = np.minimum(periods.end_last, periods.counts_until)
    return Intervals(
        patient=periods.patient,
        level=np.full(n, PERIOD),
        source=np.arange(n),
        start_first=periods.start_first,
        start_last=periods.start_last,
        after=periods.start_last,
        after_late=periods.start_last,
        lag=periods.lag,
        until=np.where(periods.keeps_grace, periods.counts_until, plain),
        until_late=periods.counts_until,
        late_from=np.full(n, -1),
        late_to=np.full(n, -1),
        grace_until=periods.grace_from + periods.grace,
        hole_from=periods.end_first,
        hole_to=periods.end_last,
        baseline_from=periods.window_start - periods.baseline_window,
        baseline_to=periods.start_first,
        baseline_to_late=periods.start_first,
        reference=states.before_period,
        reference_from=periods.window_start - settings.reference_window_days,
        begins=periods.start,
        from_tags=periods.from_tags,
    )


def _of_states(states: States, settings: Settings) -> Intervals:
    """Combinations, and untreated time after a therapy."""
    combined = np.flatnonzero(states.n_running >= 2)
    untreated = np.flatnonzero((states.n_running == 0) & ~states.first)
    chosen = np.concatenate([combined, untreated]).astype("int64")
    no_therapy = np.arange(chosen.size) >= combined.size
    begins = states.boundary[chosen]
    # The grace of the therapy that ended belongs to it, so the last reading under it is
    # the baseline of the untreated interval.
    late = np.where(no_therapy[:, None], states.opened_by[chosen], states.closed_by[chosen])
    return Intervals(
        patient=states.patient[chosen],
        level=np.where(no_therapy, UNTREATED, COMBINATION),
        source=chosen,
        start_first=begins,
        start_last=np.where(no_therapy, begins, states.opens[chosen]),
        after=states.opens[chosen],
        after_late=states.opens_late[chosen],
        lag=states.lag[chosen],
        until=states.closes[chosen],
        until_late=states.closes_late[chosen],
        late_from=late[:, 0],
        late_to=late[:, 1],
        grace_until=states.closes[chosen],
        hole_from=states.hole_from[chosen],
        hole_to=states.hole_to[chosen],
        baseline_from=states.begins[chosen] - settings.baseline_window_days,
        baseline_to=np.where(no_therapy, states.closes[chosen - 1], begins),
        baseline_to_late=np.where(no_therapy, states.closes_late[chosen - 1], begins),
        reference=chosen - 1,
        reference_from=states.begins[chosen] - settings.reference_window_days,
        begins=states.begins[chosen],
        from_tags=states.from_tags[chosen],
    )


def _courses(patients: IntArray) -> Intervals:
    """From the first to the last reading, for rows without a reference."""
    n = patients.size
    never, always, zero = (np.full(n, x) for x in (-np.inf, np.inf, 0.0))
    none = np.full(n, -1)
    return Intervals(
        patient=patients,
        level=np.full(n, COURSE),
        source=none,
        start_first=always,
        start_last=always,
        after=never,
        after_late=never,
        lag=zero,
        until=always,
        until_late=always,
        late_from=none,
        late_to=none,
        grace_until=always,
        hole_from=zero,
        hole_to=zero,
        baseline_from=never,
        baseline_to=always,
        baseline_to_late=always,
        reference=none,
        reference_from=never,
        begins=always,
        from_tags=np.zeros(n, dtype=bool),
    )


def with_values(intervals: Intervals, **values: np.ndarray) -> Intervals:
    """The same intervals with some of their limits replaced."""
    unchanged = {name: getattr(intervals, name) for name in Intervals.__slots__}
    return Intervals(**{**unchanged, **values})
