"""Therapy periods on the day axis, and the exposure states that they cut time into.

A reading on the first day of a period belongs to the time before it, on the last day to
the period, so every stretch here is open at its start and closed at its end. A date known
to the month or year is a stretch of possible days; what lies inside it belongs to neither
side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.domain.records import LIMITS_FROM_TAGS, PRECISIONS
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, complete
from sm_tracker.domain.timeline import (
    BoolArray,
    FloatArray,
    IntArray,
    TextArray,
    day_axis,
    days_of_texts,
    require_one_axis,
)
from sm_tracker.errors import ColumnError

UNTREATED = "untreated"
NO_THERAPY = "no therapy"
MOST_PERIODS = 62  # one bit of a 64-bit number each


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Therapy periods as arrays, sorted by patient, start, end and identity.

    Attributes
    ----------
    frame : DataFrame
        The periods under the contract THERAPIES, with every ``period_id`` filled.
    patient : ndarray of int
        Patient number of each period.
    start, end : ndarray of float  [days]
        First and last day as recorded; an end that is not is NaN.
    start_first, start_last, end_first, end_last : ndarray of float  [days]
        Earliest and latest possible first and last day; an open end is infinite, an
        unknown end is the start of the next period, else infinite.
    counts_until : ndarray of float  [days]
        Last day on which a reading counts under the period: the latest end with its grace,
        cut where a newer period starts.
    window_start : ndarray of float  [days]
        Day from which the baseline window is counted back: the earliest possible start, or
        the first tagged reading of a period known from tags.
    baseline_window, lag, grace : ndarray of float  [days]
        Windows of the regimen.
    bit : ndarray of int
        Number of the period within its patient.
    dated : ndarray of bool
        Whether the period is on the calendar.
    """

    frame: pd.DataFrame
    patient: IntArray
    start: FloatArray
    end: FloatArray
    start_first: FloatArray
    start_last: FloatArray
    end_first: FloatArray
    end_last: FloatArray
    counts_until: FloatArray
    window_start: FloatArray
    baseline_window: FloatArray
    lag: FloatArray
    grace: FloatArray
    bit: IntArray
    dated: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Exposure states as arrays, in order of patient and time.

    A state runs over ``(opens, closes]``; between two states lies what belongs to neither
    (an uncertain date); what lies in ``(hole_from, hole_to]``, the possible days of an
    uncertain end, does not belong to the state either. `mask` has the bit of each running
    period, 0 for none; `first` marks the time before any therapy. `boundary` is the first
    possible day of the change that opened the state and `lag` the run-in it brings.
    `before_period` gives for each period the state just before its start.
    """

    patient: IntArray
    opens: FloatArray
    closes: FloatArray
    boundary: FloatArray
    lag: FloatArray
    mask: IntArray
    first: BoolArray
    hole_from: FloatArray
    hole_to: FloatArray
    before_period: IntArray


def periods_on_axis(
    therapies: pd.DataFrame, settings: Settings, patient_codes: pd.Index
) -> Periods:
    """Place therapy periods on the day axis.

    Parameters
    ----------
    therapies : DataFrame
        Contract THERAPIES; a blank ``period_id`` is filled with the regimen and a running
        number in order of start.
    settings : Settings
    patient_codes : Index
        Patients by number; must hold every patient of `therapies`.

    Raises
    ------
    ColumnError
        If a period has no start, ends before it starts, or shares its id with another
        period of the patient.
    MixedTimeError
        If one patient has periods with dates and periods with day numbers.
    """
    frame = complete(therapies, THERAPIES)
    start, dated = day_axis(frame, "start", "start_day")
    end, end_dated = day_axis(frame, "end", "end_day")
    _check_limits(frame, start, end, dated, end_dated)
    patient = patient_codes.get_indexer(pd.Index(frame["patient_id"]))
    order = np.lexsort(
        (
            *(pd.factorize(frame[n], sort=True)[0] for n in ("dose", "period_id", "therapy")),
            np.where(np.isfinite(end), end, np.inf),
            start,
            patient,
        )
    )
    frame = frame.iloc[order].reset_index(drop=True)
    frame["period_id"] = _identities(frame)
    return _with_limits(frame, patient[order], start[order], end[order], dated[order], settings)


def _check_limits(
    frame: pd.DataFrame, start: FloatArray, end: FloatArray, dated: BoolArray, end_dated: BoolArray
) -> None:
    require_one_axis([("therapies", frame, dated)])
    for wrong, what in (
        (np.isnan(start), "A therapy period has no start"),
        (end < start, "A therapy period ends before it starts"),
        (np.isfinite(end) & (dated != end_dated), "A period mixes a date and a day number"),
    ):
        if wrong.any():
            row = frame.iloc[int(np.flatnonzero(wrong)[0])]
            place = f"row {row['row']:.0f}" if np.isfinite(row["row"]) else row["therapy"]
            raise ColumnError(what, where=f"therapies, {place}", fix="correct its dates")


def _identities(frame: pd.DataFrame) -> pd.Series:
    keys = [frame["patient_id"], frame["therapy"]]
    running = frame.groupby(keys, sort=False).cumcount() + 1
    made = frame["therapy"] + "-" + running.astype("str")
    named = frame["period_id"].where(frame["period_id"] != "", made)
    twice = pd.DataFrame({"p": frame["patient_id"], "i": named}).duplicated()
    if twice.any():
        raise ColumnError(
            f"Two periods of one patient share the period_id {named[twice].iloc[0]!r}",
            where="therapies",
            fix="give each period its own period_id, or leave the column blank",
        )
    return named


def _with_limits(
    frame: pd.DataFrame,
    patient: IntArray,
    start: FloatArray,
    end: FloatArray,
    dated: BoolArray,
    settings: Settings,
) -> Periods:
    precision = frame["date_precision"].to_numpy(dtype=object)
    at_end = frame["end_date_precision"].to_numpy(dtype=object)
    start_first, start_last = possible_days(start, precision, dated)
    end_first, end_last = possible_days(end, np.where(at_end == "", precision, at_end), dated)
    status = frame["end_status"].to_numpy(dtype=object)
    following = _first_start(patient, start_first, patient, start_first, inclusive=False)
    open_end = np.where(status == "unknown", following, np.inf)
    ended = np.isfinite(end)
    end_first = np.where(ended, np.maximum(end_first, start_first), open_end)
    end_last = np.where(ended, np.maximum(end_last, start_last), open_end)
    start_last = np.minimum(start_last, end_last)
    window_start = start_first
    tags = {name: days_of_texts(frame[name]) for name in LIMITS_FROM_TAGS}
    tagged = np.isfinite(tags["starts_by"])
    if tagged.any():
        # The first tagged reading is under the regimen already, the first one with another
        # tag is not any more; in between the change may have come on any day.
        window_start = np.where(tagged, tags["starts_by"], start_first)
        start_last = np.where(tagged, tags["starts_by"] - 1, start_last)
        start_first = np.where(tagged, np.fmin(tags["starts_after"], start_last), start_first)
        stopped = tagged & np.isfinite(tags["ends_after"])
        end_first = np.where(stopped, tags["ends_after"], end_first)
        end_last = np.where(stopped, np.fmax(tags["ends_by"] - 1, end_first), end_last)
    windows = _windows(frame["therapy"].to_numpy(dtype=object), settings)
    # A period of one day is not cut by others of the same day: none of them is newer.
    newer = np.where(
        end_first > start_first,
        _first_start(patient, start_first, patient, end_first, inclusive=True),
        following,
    )
    # The tag of a reading says what runs at it, so nothing is left for a grace to decide.
    grace = np.where((status == "unknown") | tagged, 0.0, windows["grace_days"])
    return Periods(
        frame=frame,
        patient=patient.astype("int64"),
        start=start,
        end=np.where(status == "ended", end, np.nan),
        start_first=start_first,
        start_last=start_last,
        end_first=end_first,
        end_last=end_last,
        counts_until=np.where(
            tagged,
            np.where(np.isfinite(end_last), end_first, np.inf),
            np.minimum(end_last + grace, newer),
        ),
        window_start=window_start,
        baseline_window=windows["baseline_window_days"],
        lag=windows["lag_days"],
        grace=grace,
        bit=np.asarray(frame.groupby(patient, sort=False).cumcount(), dtype=np.int64),
        dated=dated,
    )


MONDAY = 3
"""Days from a Monday to 1970-01-01."""

_PRECISION_UNITS = dict(zip(PRECISIONS[1:], (("D", 7), ("M", 1), ("M", 3), ("Y", 1)), strict=True))


def possible_days(
    day: FloatArray, precision: TextArray, dated: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """First and last possible day of dates known to the day, week, month, quarter or year.

    Weeks begin on Monday (ISO 8601). Day numbers are always exact.
    """
    first, last = day.copy(), day.copy()
    for name, (unit, length) in _PRECISION_UNITS.items():
        rows = (precision == name) & dated & np.isfinite(day)
        if unit == "D":
            first[rows] = day[rows] - (day[rows] + MONDAY) % length
            last[rows] = first[rows] + length - 1
            continue
        number = day[rows].astype("int64").astype("datetime64[D]").astype(f"datetime64[{unit}]")
        begins = number.astype("int64") // length * length
        for limit, at in ((first, begins), (last, begins + length)):
            limit[rows] = at.astype(f"datetime64[{unit}]").astype("datetime64[D]").astype("int64")
        last[rows] -= 1
    return first, last


def _windows(regimen: TextArray, settings: Settings) -> dict[str, FloatArray]:
    names = ("baseline_window_days", "lag_days", "grace_days")
    windows = {n: np.full(regimen.shape, float(getattr(settings, n))) for n in names}
    for special in settings.regimen_windows:
        for n in names:
            own = getattr(special, n)
            if own is not None:
                windows[n][regimen == special.regimen] = own
    return windows


def _first_start(
    patient: IntArray,
    start: FloatArray,
    asked_patient: IntArray,
    asked: FloatArray,
    *,
    inclusive: bool,
) -> FloatArray:
    """First start of the same patient on or after (or only after) a day; infinite if none."""
    if patient.size == 0:
        return np.empty(0)
    low = start.min() - 1
    span = start.max() - low + 2
    order = np.argsort(patient * span + (start - low), kind="stable")
    key = (patient * span + (start - low))[order]
    within = np.clip(asked - low, 0, span - 1)
    at = np.searchsorted(key, asked_patient * span + within, "left" if inclusive else "right")
    found = order[np.minimum(at, key.size - 1)]
    same = (at < key.size) & (patient[found] == asked_patient)
    return np.where(same, start[found], np.inf)


def exposure_states(periods: Periods) -> States:
    """Cut each patient's time into stretches with one constant set of running periods.

    A stretch without therapy is a state of its own only if it is longer than the grace of
    the period that ended; its first days of grace, or all of it if it is shorter, belong
    to the state before.

    Raises
    ------
    ColumnError
        If a patient has more than 62 therapy periods.
    """
    if periods.bit.size and periods.bit.max() >= MOST_PERIODS:
        most = int(periods.bit.argmax())
        raise ColumnError(
            f"A patient has more than {MOST_PERIODS} therapy periods",
            where=f"therapies of {periods.frame['patient_id'].iloc[most]}",
            why="each set of periods that run together is kept in one number of 64 bits",
            fix="give the sessions of one course as one period with session_dates",
        )
    events = _events(periods)
    n_events = len(events)
    patients = np.unique(periods.patient)
    first_event = np.searchsorted(events["patient"].to_numpy(), patients)
    # One state opens each patient's time, one follows each event.
    patient = np.insert(events["patient"].to_numpy(), first_event, patients)
    opened = np.insert(np.arange(n_events), first_event, -1)
    initial = opened < 0
    mask = np.insert(events["mask"].to_numpy(), first_event, 0)
    opens = np.insert(events["opens"].to_numpy(), first_event, -np.inf)
    boundary = np.insert(events["closes"].to_numpy(), first_event, -np.inf)
    lag = np.insert(events["lag"].to_numpy(), first_event, 0.0)
    grace = np.insert(events["grace"].to_numpy(), first_event, 0.0)
    last = np.r_[patient[1:] != patient[:-1], True]
    closes = np.where(last, np.inf, np.r_[boundary[1:], np.inf])
    hole_from, hole_to = np.zeros(mask.size), np.zeros(mask.size)
    gaps = np.flatnonzero((mask == 0) & ~initial)
    hole_from[gaps - 1], hole_to[gaps - 1] = boundary[gaps], opens[gaps]
    kept = _give_short_gaps_away(gaps, opens, closes, grace) | initial
    before = _state_before(periods, events, kept, first_event, patients)
    renumbered = np.cumsum(kept) - 1
    return States(
        patient=patient[kept],
        opens=opens[kept],
        closes=closes[kept],
        boundary=boundary[kept],
        lag=lag[kept],
        mask=mask[kept],
        first=initial[kept],
        hole_from=hole_from[kept],
        hole_to=hole_to[kept],
        before_period=renumbered[before],
    )


def _give_short_gaps_away(
    gaps: IntArray, opens: FloatArray, closes: FloatArray, grace: FloatArray
) -> BoolArray:
    """Extend states by their grace, in place; True for the states that remain."""
    closes[gaps - 1] = np.minimum(closes[gaps], opens[gaps] + grace[gaps])
    opens[gaps] += grace[gaps]
    # A gap no longer than the grace is now empty.
    return closes > opens


def _events(periods: Periods) -> pd.DataFrame:
    """Starts and ends in order, those of one moment joined, with the running set after."""
    ended = np.isfinite(periods.end_first)
    one_day = periods.end_first == periods.start_first
    sign = np.left_shift(np.int64(1), periods.bit)
    starts = pd.DataFrame(
        {
            "patient": periods.patient,
            "closes": periods.start_first,
            "opens": periods.start_last,
            # Ends come before starts of the same day, but a one-day period starts first.
            "turn": 1,
            "mask": sign,
            "lag": periods.lag,
            "grace": 0.0,
        }
    )
    ends = pd.DataFrame(
        {
            "patient": periods.patient,
            "closes": periods.end_first,
            "opens": periods.end_last,
            "turn": np.where(one_day, 2, 0),
            "mask": -sign,
            "lag": 0.0,
            "grace": periods.grace,
        }
    )[ended]
    events = (
        pd.concat([starts, ends])
        .groupby(["patient", "closes", "turn"], sort=True)
        .agg({"opens": "max", "mask": "sum", "lag": "max", "grace": "max"})
        .reset_index()
    )
    by_patient = events.groupby("patient")
    events["mask"] = by_patient["mask"].cumsum()
    events["opens"] = by_patient["opens"].cummax()
    return events


def _state_before(
    periods: Periods,
    events: pd.DataFrame,
    kept: BoolArray,
    first_event: IntArray,
    patients: IntArray,
) -> IntArray:
    """For each period the last remaining state that lies before its start."""
    keys = events["patient"].to_numpy(), events["closes"].to_numpy(), events["turn"].to_numpy()
    position = pd.Series(np.arange(len(events)), index=pd.MultiIndex.from_arrays(keys))
    asked = pd.MultiIndex.from_arrays(
        [periods.patient, periods.start_first, np.ones(periods.patient.size, dtype="int64")]
    )
    event = position.index.get_indexer(asked)
    # Event number e is preceded by e states of events and by one opening state a patient.
    openings = np.searchsorted(patients, periods.patient, side="right")
    state = event + openings - 1
    last_kept = np.maximum.accumulate(np.where(kept, np.arange(kept.size), -1))
    return np.asarray(last_kept[state], dtype="int64")


def state_labels(periods: Periods, states: States, chosen: IntArray) -> tuple[TextArray, TextArray]:
    """Regimens and period ids of chosen states, joined by " + "; blank ids without therapy."""
    mask, patient = states.mask[chosen], states.patient[chosen]
    names = np.full(chosen.shape, "", dtype=object)
    ids = np.full(chosen.shape, "", dtype=object)
    first_period = np.searchsorted(periods.patient, patient)
    therapy = periods.frame["therapy"].to_numpy(dtype=object)
    identity = periods.frame["period_id"].to_numpy(dtype=object)
    for bit in range(int(periods.bit.max()) + 1 if periods.bit.size else 0):
        rows = np.flatnonzero(mask >> bit & 1)
        at = first_period[rows] + bit
        joint = np.where(names[rows] == "", "", " + ")
        names[rows] = names[rows] + joint + therapy[at]
        ids[rows] = ids[rows] + joint + identity[at]
    names[mask == 0] = np.where(states.first[chosen][mask == 0], UNTREATED, NO_THERAPY)
    return names, ids
