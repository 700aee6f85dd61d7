"""Therapy periods on the day axis: possible first and last days, windows and grace.

A reading on the first day of a period belongs to the time before it, on the last day to
the period. A date known to the week, month, quarter or year is a stretch of possible days;
what lies inside it belongs to neither side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.domain.faults import Fault, mixed_times, require_none
from sm_tracker.domain.record_fields import FIRST_DATE, LAST_DATE, LAST_DAY
from sm_tracker.domain.records import LIMITS_FROM_TAGS, PRECISIONS
from sm_tracker.domain.regimens import usual_kind
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, completed_table
from sm_tracker.domain.timeline import (
    BoolArray,
    FloatArray,
    IntArray,
    TextArray,
    days_of_dates,
    days_of_rows,
    days_of_texts,
    not_whole,
    read_day_texts,
)

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
    def drawn_from(self) -> FloatArray:
        """Earliest possible start; where nobody has said when it began, the latest one."""
        return np.where(self.start_first > FROM_EVER, self.start_first, self.start_last)

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
        If a period cannot be placed on the time line, see :func:`period_faults`.
    MixedTimeError
        If one patient has periods with dates and periods with day numbers.
    """
    frame = completed_table(therapies, THERAPIES)
    require_none(period_faults(frame))
    start, dated = days_of_rows(frame, "start", "start_day")
    end, _ = days_of_rows(frame, "end", "end_day")
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
    # What ended on a day that nobody wrote down ended on an unknown day.
    no_day = np.isnan(end[order]) & (frame["ends_after"] == "").to_numpy()
    frame.loc[no_day & (frame["end_status"] == "ended").to_numpy(), "end_status"] = "unknown"
    return _with_limits(frame, patient[order], start[order], end[order], dated[order], settings)


def period_faults(frame: pd.DataFrame) -> Iterator[Fault]:
    """What keeps therapy periods (contract THERAPIES) off the time line."""
    table = "therapies"
    yield not_whole(table, frame, "start_day")
    yield not_whole(table, frame, "end_day")
    start, dated = days_of_rows(frame, "start", "start_day")
    end, end_dated = days_of_rows(frame, "end", "end_day")
    yield Fault("no_start", table, "start", frame, np.isnan(start))
    for name, wrong in (("end", ~dated & end_dated), ("end_day", dated & ~end_dated)):
        yield Fault("mixed_period", table, name, frame, np.isfinite(end) & wrong)
    yield Fault("ends_before_start", table, "end", frame, end < start)
    stated = (frame["period_id"] != "").to_numpy()
    twice = frame.duplicated(["patient_id", "period_id"], keep=False).to_numpy()
    yield Fault("shared_period_id", table, "period_id", frame, stated & twice)
    for name in ("session_dates", *LIMITS_FROM_TAGS):
        yield from _day_text_faults(table, frame, name, dated)
    yield from mixed_times([(table, "start_day", frame, dated, np.isfinite(start))])


def _day_text_faults(
    table: str, frame: pd.DataFrame, name: str, dated: BoolArray
) -> Iterator[Fault]:
    """Days written as text that cannot be read, or not of the kind of the period's start."""
    written = np.flatnonzero((frame[name] != "").to_numpy())
    if written.size == 0:
        return
    words = [str(text).split() for text in frame[name].iloc[written]]
    owner = np.repeat(written, [len(w) for w in words])
    days, is_date = read_day_texts(pd.Series([w for own in words for w in own], dtype="str"))
    for code, wrong in (
        ("not_a_day", np.isnan(days)),
        ("beyond_limits", _too_far(days, is_date)),
        ("mixed_period", np.isfinite(days) & (is_date != dated[owner])),
    ):
        rows = np.zeros(len(frame), dtype=bool)
        rows[owner[wrong]] = True
        yield Fault(code, table, name, frame, rows)


def _too_far(days: FloatArray, is_date: BoolArray) -> BoolArray:
    """Which days written as text lie beyond what a record can hold."""
    first, last = days_of_dates(pd.to_datetime(pd.Series([FIRST_DATE, LAST_DATE])))
    low, high = np.where(is_date, first, -LAST_DAY), np.where(is_date, last, LAST_DAY)
    return np.asarray((days < low) | (days > high))


def _identities(frame: pd.DataFrame) -> pd.Series:
    """Every ``period_id``; a blank one is the regimen with a running number that is free."""
    keys = [frame["patient_id"], frame["therapy"]]
    running = frame.groupby(keys, sort=False).cumcount() + 1
    blank = frame["period_id"] == ""
    named = frame["period_id"].where(~blank, frame["therapy"] + "-" + running.astype("str"))
    while (taken := blank & _is_shared(frame["patient_id"], named)).any():
        of_regimen = frame.groupby(keys, sort=False)["therapy"].transform("size")
        running = running.where(~taken, running + of_regimen)
        named = named.where(~taken, frame["therapy"] + "-" + running.astype("str"))
    return named


def _is_shared(patient: pd.Series, named: pd.Series) -> pd.Series:
    return pd.DataFrame({"p": patient, "i": named}).duplicated(keep=False)


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
