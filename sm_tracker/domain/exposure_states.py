"""Exposure states: stretches of time with one constant set of running therapy periods.

Every stretch is open at its start and closed at its end, because a reading on the day of a
change belongs to the time before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.domain.exposure import FROM_EVER, Periods
from sm_tracker.domain.regimens import is_steroid
from sm_tracker.domain.timeline import BoolArray, FloatArray, IntArray, TextArray, expanded_ranges

Array = npt.NDArray[Any]

UNTREATED = "untreated"
NO_THERAPY = "no therapy"
SHORT_STEROID_DAYS = 7
"""A systemic steroid of at most so many days beside another regimen interrupts nothing."""

_ENDS, _STARTS, _ENDS_OF_ONE_DAY = 0, 1, 2
"""Turns within a day: ends come before starts, but a period of one day starts first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Exposure states as arrays, in order of patient and time.

    Attributes
    ----------
    patient : ndarray of int
    opens, closes : ndarray of float  [days]
        A state runs over ``(opens, closes]``; between two states lies what belongs to
        neither (an uncertain date).
    closes_late, opens_late : ndarray of float  [days]
        The same for a series that has no usable value up to the end of the period that
        ended: its readings in the grace still belong to the state before. Equal to
        `closes` and `opens` elsewhere.
    boundary : ndarray of float  [days]
        First possible day of the change that opened the state.
    begins : ndarray of float  [days]
        Day that is named as its first; after a change known from tags that of the first
        reading with the new tag.
    from_tags : ndarray of bool
        Whether its first or last day is known from the tags of readings alone.
    lag : ndarray of float  [days]
        The run-in that this change brings.
    n_running : ndarray of int
        Number of running periods, 0 for none.
    first : ndarray of bool
        The time before any therapy.
    hole_from, hole_to : ndarray of float  [days]
        What lies in ``(hole_from, hole_to]``, the possible days of an uncertain end, does
        not belong to the state either.
    event : ndarray of int
        Number of the change that opened the state, -1 for the time before any therapy.
    opened_by, closed_by : ndarray of int
        First and past-the-last number, in `ended`, of the periods whose end opened, or
        closed, the state with a grace that depends on the series; shape (n, 2).
    ended : ndarray of int
        Periods that ended so.
    before_period : ndarray of int
        For each period the state just before its start.
    starts, stops : ndarray of int
        For each period the change that started it, and the one that ended it.
    interrupts : ndarray of bool
        Whether each period is a short course of a steroid that cuts no state.
    """

    patient: IntArray
    opens: FloatArray
    closes: FloatArray
    closes_late: FloatArray
    opens_late: FloatArray
    boundary: FloatArray
    begins: FloatArray
    from_tags: BoolArray
    lag: FloatArray
    n_running: IntArray
    first: BoolArray
    hole_from: FloatArray
    hole_to: FloatArray
    event: IntArray
    opened_by: IntArray
    closed_by: IntArray
    ended: IntArray
    before_period: IntArray
    starts: IntArray
    stops: IntArray
    interrupts: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    """Starts and ends of periods in order; those of one patient, day and turn are one."""

    patient: IntArray
    closes: FloatArray
    opens: FloatArray
    begins: FloatArray
    from_tags: BoolArray
    lag: FloatArray
    n_running: IntArray
    grace: FloatArray
    keeps_grace: BoolArray
    late: FloatArray
    key: IntArray
    low: float
    span: int

    def key_of(self, patient: IntArray, day: FloatArray, turn: IntArray) -> IntArray:
        """Sortable number of a patient's day and turn."""
        return np.asarray(patient * self.span + 3 * (day - self.low).astype("int64") + turn)


def exposure_states(periods: Periods) -> States:
    """Cut each patient's time into stretches with one constant set of running periods.

    A stretch without therapy that is not longer than the grace of the period that ended
    belongs to the state before. A longer one begins after the grace where the period was
    given in cycles, pulses or once; after any other at the stop, but for series without a
    usable value under that period.
    """
    interrupts = _interrupting(periods)
    changes, starts, stops = _changes(periods, ~interrupts)
    patients, first_change = np.unique(changes.patient, return_index=True)
    n_changes = changes.patient.size

    def with_opening(values: Array, opening: float | IntArray) -> Array:
        # One state opens each patient's time, one follows each change.
        return np.insert(values, first_change, opening)

    patient = with_opening(changes.patient, patients)
    event = with_opening(np.arange(n_changes), -1)
    opens = with_opening(changes.opens, -np.inf)
    boundary = with_opening(changes.closes, -np.inf)
    n_running = with_opening(changes.n_running, 0)
    tagged = with_opening(changes.from_tags, 0)
    initial = event < 0
    last = np.r_[patient[1:] != patient[:-1], True]
    closes = np.where(last, np.inf, np.r_[boundary[1:], np.inf])
    hole_from, hole_to = np.zeros(event.size), np.zeros(event.size)
    gaps = np.flatnonzero((n_running == 0) & ~initial)
    hole_from[gaps - 1], hole_to[gaps - 1] = boundary[gaps], opens[gaps]
    closes_late, opens_late = closes.copy(), opens.copy()
    of_gap = event[gaps]
    depends = _share_gaps(
        gaps,
        (opens, closes, opens_late, closes_late),
        changes.grace[of_gap],
        changes.late[of_gap],
        changes.keeps_grace[of_gap],
        changes.from_tags[of_gap],
    )
    kept = (closes_late > opens) | initial
    ended, ranges = _ended_periods(stops, of_gap[depends])
    opened_by, closed_by = (np.zeros((event.size, 2), dtype="int64") for _ in range(2))
    opened_by[gaps[depends]] = ranges
    closed_by[gaps[depends] - 1] = ranges
    return States(
        patient=patient[kept],
        opens=opens[kept],
        closes=closes[kept],
        closes_late=closes_late[kept],
        opens_late=opens_late[kept],
        boundary=boundary[kept],
        begins=with_opening(changes.begins, -np.inf)[kept],
        from_tags=(tagged | np.r_[tagged[1:] & ~last[:-1], False])[kept],
        lag=with_opening(changes.lag, 0.0)[kept],
        n_running=n_running[kept],
        first=initial[kept],
        hole_from=hole_from[kept],
        hole_to=hole_to[kept],
        event=event[kept],
        opened_by=opened_by[kept],
        closed_by=closed_by[kept],
        ended=ended,
        before_period=_state_before(periods, changes, kept, patients),
        starts=starts,
        stops=stops,
        interrupts=interrupts,
    )


def _interrupting(periods: Periods) -> BoolArray:
    """Short courses of a systemic steroid while at least one other regimen runs on."""
    codes, names = pd.factorize(periods.frame["therapy"])
    steroid = np.array([is_steroid(str(n)) for n in names], dtype=bool)[codes]
    found = np.zeros(steroid.size, dtype=bool)
    short = np.flatnonzero(steroid & (periods.end_last - periods.start_first <= SHORT_STEROID_DAYS))
    low = np.searchsorted(periods.patient, periods.patient[short], "left")
    which, other = expanded_ranges(
        low, np.searchsorted(periods.patient, periods.patient[short], "right")
    )
    runs_on = (periods.start_last[other] < periods.start_first[short[which]]) & (
        periods.end_first[other] > periods.end_last[short[which]]
    )
    found[short[which[runs_on]]] = True
    return found


def _changes(periods: Periods, counts: BoolArray) -> tuple[_Changes, IntArray, IntArray]:
    """All changes, and for each period the number of its start and of its end.

    A period that never ends has the number past the last change of its patient; one that
    does not count starts and ends nowhere (-1).
    """
    one_day = periods.end_first == periods.start_first
    ends = np.flatnonzero(counts & np.isfinite(periods.end_first))
    begins = np.flatnonzero(counts)
    owner = np.r_[begins, ends]
    is_start = np.arange(owner.size) < begins.size
    turn = np.where(is_start, _STARTS, np.where(one_day[owner], _ENDS_OF_ONE_DAY, _ENDS))
    closes = np.where(is_start, periods.start_first[owner], periods.end_first[owner])
    low = float(closes.min()) if closes.size else 0.0
    span = 3 * (int(closes.max() - low) + 2) if closes.size else 3
    key = periods.patient[owner] * span + 3 * (closes - low).astype("int64") + turn
    distinct, number = np.unique(key, return_inverse=True)

    def largest(values: np.ndarray, empty: float) -> FloatArray:
        result = np.full(distinct.size, empty)
        np.maximum.at(result, number, values)
        return result

    opens = np.where(is_start, periods.start_last[owner], periods.end_last[owner])
    named_end = np.where(periods.end_tagged, periods.end_last + 1, periods.end_first)
    named = np.where(is_start, periods.window_start[owner], named_end[owner])
    tagged = np.where(is_start, periods.start_tagged[owner], periods.end_tagged[owner])
    running = np.bincount(number, np.where(is_start, 1, -1), distinct.size).astype("int64")
    with np.errstate(invalid="ignore"):
        own_grace = np.nan_to_num(periods.grace_from + periods.grace - periods.end_last)
    changes = _Changes(
        patient=distinct // span,
        closes=low + distinct % span // 3,
        opens=_rising(largest(opens, -np.inf), distinct // span),
        begins=largest(named, -np.inf),
        from_tags=largest(tagged, 0.0) > 0,
        lag=largest(np.where(is_start, periods.lag[owner], 0.0), 0.0),
        n_running=pd.Series(running).groupby(distinct // span, sort=False).cumsum().to_numpy(),
        grace=largest(np.where(is_start, 0.0, periods.grace[owner]), 0.0),
        keeps_grace=largest(~is_start & periods.keeps_grace[owner], 0.0) > 0,
        late=largest(np.where(is_start, 0.0, own_grace[owner]), 0.0),
        key=distinct,
        low=low,
        span=span,
    )
    past = np.searchsorted(changes.patient, periods.patient, "right")
    starts, stops = np.full(counts.size, -1), np.where(counts, past, -1)
    starts[begins], stops[ends] = number[is_start], number[~is_start]
    return changes, starts, stops


def _rising(values: FloatArray, patient: IntArray) -> FloatArray:
    """Running maximum within each patient."""
    return np.asarray(pd.Series(values).groupby(patient, sort=False).cummax(), dtype="float64")


def _share_gaps(
    gaps: IntArray,
    limits: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    grace: FloatArray,
    late: FloatArray,
    keeps_grace: BoolArray,
    tagged: BoolArray,
) -> BoolArray:
    """Give days of stretches without therapy to the states before them, in place.

    After the last tagged reading there is nothing to give: the next one says what runs.

    Returns
    -------
    ndarray of bool
        Where the share depends on the series.
    """
    opens, closes, opens_late, closes_late = limits
    short = closes[gaps] - opens[gaps] <= grace
    stop = np.minimum(closes[gaps], opens[gaps] + late)
    given = (short | keeps_grace) & ~tagged
    whole = np.where(short, closes[gaps], stop)
    for limit in (closes, closes_late):
        limit[gaps[given] - 1] = whole[given]
    for limit in (opens, opens_late):
        limit[gaps[given]] = whole[given]
    depends = ~given & ~tagged & (late > 0)
    closes_late[gaps[depends] - 1] = opens_late[gaps[depends]] = stop[depends]
    return depends


def _ended_periods(stops: IntArray, asked: IntArray) -> tuple[IntArray, IntArray]:
    """Periods that ended with each asked change, as ranges of one list."""
    order = np.argsort(stops, kind="stable").astype("int64")
    low = np.searchsorted(stops[order], asked, "left")
    high = np.searchsorted(stops[order], asked, "right")
    return order, np.column_stack([low, high])


def _state_before(
    periods: Periods, changes: _Changes, kept: BoolArray, patients: IntArray
) -> IntArray:
    """For each period the last remaining state that lies before its start."""
    turn = np.full(periods.patient.size, _STARTS)
    asked = changes.key_of(periods.patient, periods.start_first, turn)
    event = np.searchsorted(changes.key, asked, "left")
    # Change number e is preceded by e states of changes and by one opening state a patient.
    openings = np.searchsorted(patients, periods.patient, side="right")
    last_kept = np.maximum.accumulate(np.where(kept, np.arange(kept.size), -1))
    renumbered = np.cumsum(kept) - 1
    state = event + openings - 1
    return np.asarray(renumbered[last_kept[state]], dtype="int64")


def state_members(states: States, chosen: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of a place in `chosen` and a period that runs in that state, in order of both."""
    event = states.event[chosen]
    order = np.argsort(event, kind="stable")
    low = np.searchsorted(event[order], states.starts, "left")
    # Not counted periods start nowhere, which must not match the opening states.
    low = np.where(states.starts < 0, event.size, low)
    high = np.maximum(np.searchsorted(event[order], states.stops, "left"), low)
    period, at = expanded_ranges(low, high)
    place = order[at]
    by_place = np.lexsort((period, place))
    return place[by_place], period[by_place]


def state_labels(periods: Periods, states: States, chosen: IntArray) -> tuple[TextArray, TextArray]:
    """Regimens and period ids of chosen states, joined by " + "; blank ids without therapy."""
    place, period = state_members(states, chosen)
    names, ids = (
        _joined(place, periods.frame[column].to_numpy(dtype=object)[period], chosen.size)
        for column in ("therapy", "period_id")
    )
    none, first = states.n_running[chosen] == 0, states.first[chosen]
    names[none] = np.where(first[none], UNTREATED, NO_THERAPY)
    # Before tags that begin with a therapy nobody has said that there was none.
    names[first & (states.closes[chosen] == FROM_EVER)] = ""
    return names, ids


def _joined(place: IntArray, words: TextArray, size: int) -> TextArray:
    """Words of one place joined by " + "."""
    text = np.full(size, "", dtype=object)
    turn = np.arange(place.size) - np.searchsorted(place, place, "left")
    for now in range(int(turn.max()) + 1 if turn.size else 0):
        rows = np.flatnonzero(turn == now)
        at = place[rows]
        text[at] = text[at] + ("" if now == 0 else " + ") + words[rows]
    return text
