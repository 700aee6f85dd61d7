"""Therapy periods on the day axis: possible first and last days, windows and grace.

A reading on the first day of a period belongs to the time before it, on the last day to
the period. A date known to the week, month, quarter or year is a stretch of possible days;
what lies inside it belongs to neither side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.domain.records import LIMITS_FROM_TAGS, PRECISIONS
from sm_tracker.domain.regimens import usual_kind
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

FROM_EVER = -1_000_000.0
"""Earliest possible start of a period of which no reading before tells when it began."""

GRACE_KINDS = ("cyclic", "pulse", "single")
"""Kinds of periods to which the first days after the end belong in any case."""


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
    grace_from : ndarray of float  [days]
        Day from which the grace is counted: the latest end, or a later last session.
    counts_until : ndarray of float  [days]
        Last day on which a reading can count under the period: the latest end with its
        grace, cut where a newer period starts.
    keeps_grace : ndarray of bool
        Whether readings in the grace count in any case (cyclic, pulse and single periods),
        or only where a series has no usable value up to the end.
    window_start : ndarray of float  [days]
        Day from which the baseline window is counted back: the earliest possible start, or
        the first tagged reading of a period known from tags.
    runs_after, runs_until : ndarray of float  [days]
        Stretch by which overlaps are told: all possible days, but of a limit known from
        tags only the days between tagged readings.
    baseline_window, lag, grace : ndarray of float  [days]
        Windows of the regimen.
    start_tagged, end_tagged : ndarray of bool
        Whether the start, and the end, is known from the tags of readings alone.
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
    grace_from: FloatArray
    counts_until: FloatArray
    keeps_grace: BoolArray
    window_start: FloatArray
    runs_after: FloatArray
    runs_until: FloatArray
    baseline_window: FloatArray
    lag: FloatArray
    grace: FloatArray
    start_tagged: BoolArray
    end_tagged: BoolArray
    dated: BoolArray

    @property
    def from_tags(self) -> BoolArray:
        """Whether the start or the end is known from the tags of readings alone."""
        derived = self.frame["dates_derived"].to_numpy()
        return np.asarray(self.start_tagged | self.end_tagged | derived)


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
    tags = {name: days_of_texts(frame[name], name) for name in LIMITS_FROM_TAGS}
    start_tagged, end_tagged = np.isfinite(tags["starts_by"]), np.isfinite(tags["ends_after"])
    # The first tagged reading is under the regimen already, the first one with another tag
    # is not any more; in between the change may have come on any day. Where no reading with
    # another tag comes first, nobody has said when it began.
    window_start = np.where(start_tagged, tags["starts_by"], start_first)
    start_last = np.where(start_tagged, tags["starts_by"] - 1, start_last)
    started_after = np.where(np.isnan(tags["starts_after"]), FROM_EVER, tags["starts_after"])
    start_first = np.where(start_tagged, np.fmin(started_after, start_last), start_first)
    end_first = np.where(end_tagged, tags["ends_after"], end_first)
    end_last = np.where(end_tagged, np.fmax(tags["ends_by"] - 1, end_first), end_last)
    windows = _windows(frame["therapy"].to_numpy(dtype=object), settings)
    # A period of one day is not cut by others of the same day: none of them is newer.
    known_start = np.where(start_first > FROM_EVER, start_first, start_last)
    newer = np.where(
        end_first > start_first,
        _first_start(patient, known_start, patient, end_first, inclusive=True),
        following,
    )
    # The tag of a reading says what runs at it, so nothing is left for a grace to decide.
    grace = np.where((status == "unknown") | end_tagged, 0.0, windows["grace_days"])
    grace_from = np.fmax(end_last, _last_session(frame["session_dates"]))
    return Periods(
        frame=frame,
        patient=patient.astype("int64"),
        start=start,
        end=np.where(status == "ended", end, np.nan),
        start_first=start_first,
        start_last=start_last,
        end_first=end_first,
        end_last=end_last,
        grace_from=grace_from,
        counts_until=np.where(end_tagged, end_first, np.minimum(grace_from + grace, newer)),
        keeps_grace=_keeps_grace(frame),
        window_start=window_start,
        runs_after=np.where(start_tagged, start_last, start_first),
        runs_until=np.where(end_tagged, end_first, end_last),
        baseline_window=windows["baseline_window_days"],
        lag=windows["lag_days"],
        grace=grace,
        start_tagged=start_tagged,
        end_tagged=end_tagged,
        dated=dated,
    )


MONDAY = 3
"""Days from a Monday to 1970-01-01."""

_PRECISION_UNITS = dict(zip(PRECISIONS[1:], (("D", 7), ("M", 1), ("M", 3), ("Y", 1)), strict=True))


def _last_session(sessions: pd.Series) -> FloatArray:
    """Day of the last session of each period; NaN where none is recorded."""
    written = sessions.to_numpy(dtype=object)
    days = np.full(written.size, np.nan)
    for at in np.flatnonzero(written != ""):
        days[at] = days_of_texts(
            pd.Series(str(written[at]).split(), dtype="str"), "session_dates"
        ).max()
    return days


def _keeps_grace(frame: pd.DataFrame) -> BoolArray:
    """Whether each period is given in cycles, pulses or once, stated or by its regimen."""
    codes, names = pd.factorize(frame["therapy"])
    usual = np.array([usual_kind(str(n)) in GRACE_KINDS for n in names], dtype=bool)[codes]
    in_cycles = (frame["cycles"].notna() | (frame["session_dates"] != "")).to_numpy()
    kind = frame["kind"].to_numpy(dtype=object)
    return np.where(kind == "", in_cycles | usual, np.isin(kind, GRACE_KINDS))


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
