"""Flags: what a reader needs to know beside a result. They never change the verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.analysis.change.intervals import COURSE, PERIOD, UNTREATED, Intervals
from sm_tracker.analysis.change.reading_roles import ReadingRoles, Visits
from sm_tracker.analysis.kernels import TIE, BoolArray, FloatArray, IntArray, extremes
from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.exposure_states import States
from sm_tracker.domain.regimens import is_steroid
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS, text_of_codes
from sm_tracker.domain.timeline import expanded_ranges

TextArray = npt.NDArray[np.object_]
Text = pd.api.extensions.ExtensionArray

FLAGS = (
    "overlap",
    "steroid_running",
    "examiner_changed",
    "device_changed",
    "baseline_is_trigger",
    "carry_over",
    "approximate_dates",
    "few_replicates",
    "trend_before",
    "end_unknown",
    "baseline_not_last",
    "last_not_latest",
    "dates_from_tags",
    "after_end",
    "interrupted",
    "series_joined",
    "series_ambiguous",
    "doubtful_value",
)


def joined_flags(raised: dict[str, BoolArray]) -> Text:
    """Names of the raised flags of each row, separated by blanks, in the order of FLAGS."""
    code = sum(raised[name].astype("int64") << bit for bit, name in enumerate(FLAGS))
    distinct, which = np.unique(np.asarray(code, dtype="int64"), return_inverse=True)
    labels = [" ".join(n for bit, n in enumerate(FLAGS) if c >> bit & 1) for c in distinct]
    return text_of_codes(labels, which)


def overlapping(intervals: Intervals, periods: Periods) -> tuple[IntArray, IntArray, BoolArray]:
    """Pairs of a interval and a period of the same patient that is not part of it.

    Returns
    -------
    interval, period : ndarray of int
        The pairs.
    together : ndarray of bool
        Whether both run for some time.
    """
    low = np.searchsorted(periods.patient, intervals.patient, "left")
    high = np.searchsorted(periods.patient, intervals.patient, "right")
    interval, period = expanded_ranges(low, np.where(intervals.level == COURSE, low, high))
    is_period = intervals.level == PERIOD
    own_begins = np.where(intervals.from_tags, intervals.begins - 1, intervals.start_first)
    own_ends = intervals.until.copy()
    own_begins[is_period] = periods.runs_after[intervals.source[is_period]]
    own_ends[is_period] = periods.runs_until[intervals.source[is_period]]
    others = ~(is_period[interval] & (intervals.source[interval] == period))
    interval, period = interval[others], period[others]
    # A one-day period lies inside a course that covers its day.
    begins = periods.runs_after[period]
    ends = np.maximum(periods.runs_until[period], begins + 0.5)
    own_ends = np.maximum(own_ends, own_begins + 0.5)
    return interval, period, (begins < own_ends[interval]) & (own_begins[interval] < ends)


def names_of_overlaps(
    intervals: Intervals, periods: Periods, pairs: tuple[IntArray, IntArray, BoolArray]
) -> TextArray:
    """Regimens that ran at the same time as each interval, joined by ", "."""
    interval, period, together = pairs
    names = np.full(intervals.patient.size, "", dtype=object)
    wanted = together & (intervals.level[interval] == PERIOD)
    therapy = periods.frame["therapy"].to_numpy(dtype=object)
    pairs_of_names = pd.DataFrame({"interval": interval[wanted], "name": therapy[period[wanted]]})
    distinct = pairs_of_names.drop_duplicates()
    turn = distinct.groupby("interval").cumcount().to_numpy()
    for place in range(int(turn.max()) + 1 if turn.size else 0):
        now = distinct[turn == place]
        at = now["interval"].to_numpy()
        names[at] = names[at] + ("" if place == 0 else ", ") + now["name"].to_numpy(dtype=object)
    return names


def steroid_beside(
    intervals: Intervals, periods: Periods, pairs: tuple[IntArray, IntArray, BoolArray]
) -> BoolArray:
    """Whether a systemic steroid of another period ran at the same time."""
    interval, period, together = pairs
    codes, names = pd.factorize(periods.frame["therapy"])
    steroid = np.array([is_steroid(str(n)) for n in names], dtype=bool)[codes]
    found = np.zeros(intervals.patient.size, dtype=bool)
    found[interval[together & steroid[period]]] = True
    return found


def carried_over(
    intervals: Intervals,
    periods: Periods,
    pairs: tuple[IntArray, IntArray, BoolArray],
    days: int,
) -> BoolArray:
    """Whether another period ended at most `days` before the start of a period."""
    interval, period, _ = pairs
    ended = periods.runs_until[period]
    begins = np.where(intervals.from_tags, intervals.begins, intervals.start_first)[interval]
    recent = (ended <= begins) & (ended >= begins - days) & (intervals.level[interval] == PERIOD)
    found = np.zeros(intervals.patient.size, dtype=bool)
    found[interval[recent]] = True
    return found


@dataclass(frozen=True, slots=True)
class IntervalFlags:
    """What is known of each interval whatever its series, by name of the flag."""

    raised: dict[str, BoolArray]
    overlaps_with: TextArray


def interval_flags(intervals: Intervals, periods: Periods, settings: Settings) -> IntervalFlags:
    """Flags that depend on the therapies alone, and the names of overlapping regimens."""
    pairs = overlapping(intervals, periods)
    overlaps = names_of_overlaps(intervals, periods, pairs)
    own = intervals.level == PERIOD
    # Of a combination, the day on which it began or ended is one of several.
    unsure = (intervals.start_first != intervals.start_last) | (
        intervals.hole_from != intervals.hole_to
    )
    approximate = unsure & ~intervals.from_tags
    unknown = np.zeros(own.size, dtype=bool)
    period = intervals.source[own]
    at_start = (periods.start_first != periods.start_last) & ~periods.start_tagged
    at_end = (periods.end_first != periods.end_last) & ~periods.end_tagged
    approximate[own] = (at_start | at_end)[period]
    unknown[own] = (periods.frame["end_status"] == "unknown").to_numpy()[period]
    raised = {
        "overlap": overlaps != "",
        "steroid_running": steroid_beside(intervals, periods, pairs),
        "carry_over": carried_over(intervals, periods, pairs, settings.carry_over_days),
        "approximate_dates": approximate,
        "dates_from_tags": intervals.from_tags,
        "end_unknown": unknown,
    }
    return IntervalFlags(raised, overlaps)


def row_flags(
    rows: ReadingRoles,
    visits: Visits,
    periods: Periods,
    states: States,
    baseline: IntArray,
    last: IntArray,
    trend: BoolArray,
    device_elsewhere: BoolArray,
    decrease: BoolArray,
    directed: BoolArray,
    settings: Settings,
) -> tuple[Text, Text]:
    """The flags of every row, and the names of the regimens that ran beside it."""
    of_interval = interval_flags(rows.intervals, periods, settings)
    examiner, setting = _breaks_between(rows, visits, baseline, last)
    raised = {
        **{name: values[rows.interval_of_row] for name, values in of_interval.raised.items()},
        "examiner_changed": examiner,
        "device_changed": setting | device_elsewhere,
        "baseline_is_trigger": directed & _is_trigger(rows, visits, baseline, decrease),
        "few_replicates": _few_replicates(rows, visits, baseline, last, settings),
        "trend_before": trend,
        "baseline_not_last": _later_visit(rows, visits, baseline, rows.interval.baseline_to)
        & (rows.interval.level != COURSE),
        "last_not_latest": _later_visit(
            rows,
            visits,
            last,
            rows.interval.until,
            hole=(rows.interval.hole_from, rows.interval.hole_to),
        ),
        "after_end": np.isfinite(days_after_end(rows, periods, last)),
        "interrupted": _interrupted(rows, periods, states),
        **{name: _of_series(rows, visits, name) for name in ("series_joined", "series_ambiguous")},
        "doubtful_value": rows.questioned,
    }
    overlaps = pd.array(of_interval.overlaps_with, dtype="str").take(rows.interval_of_row)
    return joined_flags(raised), overlaps


def days_after_end(rows: ReadingRoles, periods: Periods, last: IntArray) -> FloatArray:
    """Days from the end of a period, or a later last session, to its last value; else NaN."""
    own = np.flatnonzero((rows.interval.level == PERIOD) & (last >= 0))
    source, day = rows.interval.source[own], rows.under.t[last[own]]
    ends, session = periods.end_last[source], periods.grace_from[source]
    after = day - np.where(session < day, session, ends)
    found = np.full(last.size, np.nan)
    found[own] = np.where(day > ends, after, np.nan)
    return found


def _interrupted(rows: ReadingRoles, periods: Periods, states: States) -> BoolArray:
    """Whether a short course of a steroid ran within the reference state."""
    found = np.zeros(rows.series.size, dtype=bool)
    short = np.flatnonzero(states.interrupts)
    if short.size == 0:
        return found
    known = np.flatnonzero(rows.interval.reference >= 0)
    state = rows.interval.reference[known]
    low = np.searchsorted(periods.patient[short], rows.interval.patient[known], "left")
    high = np.searchsorted(periods.patient[short], rows.interval.patient[known], "right")
    which, at = expanded_ranges(low, high)
    begins = periods.start_first[short[at]]
    closes = np.minimum(states.closes[state], rows.interval.start_first[known])[which]
    found[known[which[(begins >= states.opens[state][which]) & (begins < closes)]]] = True
    return found


def _of_series(rows: ReadingRoles, visits: Visits, name: str) -> BoolArray:
    """A mark of the series of each row; none where there is no series."""
    if visits.first_of_series.size == 0:
        return np.zeros(rows.series.size, dtype=bool)
    marks = visits.frame[name].to_numpy()[visits.first_of_series]
    return np.asarray((rows.series >= 0) & marks[rows.series])


def _later_visit(
    rows: ReadingRoles,
    visits: Visits,
    chosen: IntArray,
    until: FloatArray,
    hole: tuple[FloatArray, FloatArray] | None = None,
) -> BoolArray:
    """Whether a visit without a usable value follows the chosen one in its window.

    Visits in the `hole`, the possible days of an uncertain end, are left out for that reason.
    """
    if visits.t.size == 0:
        return np.zeros(chosen.size, dtype=bool)
    after = np.where(chosen >= 0, rows.under.t[chosen], np.inf)
    later = visits.count(rows.series, after, until)
    if hole is not None:
        inside = (np.maximum(hole[0], after), np.minimum(hole[1], until))
        later = later - visits.count(rows.series, *inside)
    return np.asarray(later > 0)


def _breaks_between(
    rows: ReadingRoles, visits: Visits, baseline: IntArray, last: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Breaks of examiner or device setting among the readings that a row uses."""
    none = np.zeros(rows.series.size, dtype=bool)
    if visits.usable.size == 0:
        return none, none
    text = visits.frame["break_before"].to_numpy(dtype=object)
    begin = np.full(last.size, text.size)
    for first, present in (
        (rows.reference.start, rows.reference.n > 0),
        (baseline, baseline >= 0),
        (rows.under.start, rows.under.n > 0),
    ):
        begin[present] = np.minimum(begin[present], rows.place[first[present]])
    end = np.where(last >= 0, rows.place[last], -1)
    used = begin < end
    begin, end = np.where(used, begin, 0), np.where(used, end, 0)
    found = []
    for name in ("examiner", "device setting"):
        hit = (text == name) | (text == "examiner and device setting")
        total = np.cumsum(hit)
        found.append(used & (total[end] > total[begin]))
    return found[0], found[1]


def _is_trigger(
    rows: ReadingRoles, visits: Visits, baseline: IntArray, decrease: BoolArray
) -> BoolArray:
    if visits.value.size == 0:
        return np.zeros(rows.series.size, dtype=bool)
    least, most = extremes(rows.reference)
    value = rows.under.value[baseline]
    begins = rows.reference.t[np.minimum(rows.reference.start, rows.place.size - 1)]
    inside = (baseline >= 0) & (rows.reference.n > 0) & (rows.under.t[baseline] >= begins)
    with np.errstate(invalid="ignore"):
        varied = most - least > TIE
    worst = np.where(decrease, value >= most - TIE, value <= least + TIE)
    return np.asarray(inside & varied & worst & (rows.interval.level != UNTREATED))


def _few_replicates(
    rows: ReadingRoles, visits: Visits, baseline: IntArray, last: IntArray, settings: Settings
) -> BoolArray:
    if visits.usable.size == 0:
        return np.zeros(baseline.size, dtype=bool)
    n = visits.frame["n_replicates"].to_numpy()[rows.place]
    of_thickness = (visits.frame["measure"] == THICKNESS).to_numpy()[rows.place]
    few = of_thickness & (n < settings.replicates_expected)
    return ((baseline >= 0) & few[baseline]) | ((last >= 0) & few[last])
