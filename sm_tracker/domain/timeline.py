"""Readings on the time line: the day axis, visit values, series and their breaks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.domain.faults import Fault, mixed_times, require_none
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.series import SERIES_KEYS, join_series
from sm_tracker.domain.tables import (
    MEASUREMENTS,
    OUTCOMES,
    THICKNESS,
    VISITS,
    completed_table,
    require_frame,
)

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]

_NOT_IN_VISITS = ["replicate", "note", "approximate", "site_text", "file", "sheet"]


def expanded_ranges(low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
    """Every number of every range ``[low, high)``, beside the number of its range."""
    n = np.maximum(high - low, 0)
    which = np.repeat(np.arange(n.size), n)
    return which, low[which] + np.arange(which.size) - np.repeat(np.cumsum(n) - n, n)


def days_of_dates(dates: pd.Series) -> FloatArray:
    """Days since 1970-01-01 of a date column; NaN where there is no date."""
    stamps = pd.to_datetime(dates).to_numpy().astype("datetime64[D]")
    days = stamps.astype("int64").astype("float64")
    days[np.isnat(stamps)] = np.nan
    return days


def days_of_texts(texts: pd.Series, name: str) -> FloatArray:
    """Days of texts that hold an ISO date or a whole day each; NaN where they are blank.

    Raises
    ------
    ColumnError
        If a text is neither; `name` is that of its column.
    """
    days, _ = read_day_texts(texts)
    frame = pd.DataFrame({"patient_id": "", name: texts})
    wrong = np.isnan(days) & (texts != "").to_numpy()
    require_none([Fault("not_a_day", "", name, frame, wrong)])
    return days


def read_day_texts(texts: pd.Series) -> tuple[FloatArray, BoolArray]:
    """Days of texts, NaN where there is none to be read, and which of them are ISO dates."""
    days, dated = np.full(len(texts), np.nan), np.zeros(len(texts), dtype=bool)
    written = np.flatnonzero((texts != "").to_numpy())
    if written.size == 0:
        return days, dated
    chosen = texts.iloc[written]
    numbers = np.array(pd.to_numeric(chosen, errors="coerce"), dtype="float64")
    others = np.isnan(numbers)
    stamps = pd.to_datetime(chosen[others], format="%Y-%m-%d", errors="coerce")
    dated[written[others]] = stamps.notna().to_numpy()
    numbers[others] = days_of_dates(stamps)
    days[written] = np.where(_is_whole(numbers), numbers, np.nan)
    return days, dated


def _is_whole(numbers: FloatArray) -> BoolArray:
    return np.asarray(np.isfinite(numbers) & (numbers == np.floor(numbers)))


def dates_of_days(days: npt.ArrayLike) -> pd.Series:
    """The inverse of :func:`days_of_dates`."""
    values = np.asarray(days, dtype="float64")
    known = np.isfinite(values)
    stamps = np.full(values.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    stamps[known] = values[known].astype("int64").astype("datetime64[D]")
    return pd.Series(stamps.astype("datetime64[us]"))


def day_axis(frame: pd.DataFrame, date: str, day: str) -> tuple[FloatArray, BoolArray]:
    """Place each row on its patient's day axis.

    Parameters
    ----------
    frame : DataFrame
        Holds the columns named by `date` (datetime) and `day` (whole number).

    Returns
    -------
    t : ndarray of float  [days]
        Days since 1970-01-01 for dates, else the day number; NaN where both are empty.
    dated : ndarray of bool
        True where the row carries a calendar date.

    Raises
    ------
    ColumnError
        If a day number is not whole.
    """
    require_none([not_whole("", frame, day)])
    return days_of_rows(frame, date, day)


def days_of_rows(frame: pd.DataFrame, date: str, day: str) -> tuple[FloatArray, BoolArray]:
    """The same as :func:`day_axis`, whether or not the rows can be placed."""
    dated_days = days_of_dates(frame[date])
    dated = np.isfinite(dated_days)
    return np.where(dated, dated_days, frame[day].to_numpy(dtype="float64")), dated


def not_whole(table: str, frame: pd.DataFrame, day: str) -> Fault:
    """Rows whose day number is not whole."""
    numbers = frame[day].to_numpy(dtype="float64")
    return Fault("day_not_whole", table, day, frame, ~np.isnan(numbers) & ~_is_whole(numbers))


def value_faults(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """What keeps readings, or values of outcomes, off the time line.

    Parameters
    ----------
    table : str
        Name for messages.
    frame : DataFrame
        Columns ``patient_id``, ``date`` and ``day`` of their kinds.
    """
    yield not_whole(table, frame, "day")
    t, dated = days_of_rows(frame, "date", "day")
    yield Fault("no_day", table, "date", frame, np.isnan(t))
    yield from mixed_times([(table, "day", frame, dated, np.isfinite(t))])


def require_one_axis(frames: list[tuple[str, pd.DataFrame, BoolArray]]) -> None:
    """Refuse a patient whose rows mix calendar dates and day numbers.

    Parameters
    ----------
    frames : list of (str, DataFrame, ndarray of bool)
        Name of a table, its rows, and which of them are dated; the others are on day numbers.

    Raises
    ------
    MixedTimeError
        With the rows on day numbers.
    """
    require_none(mixed_times([(n, "day", f, d, np.ones_like(d)) for n, f, d in frames]))


def visit_values(measurements: pd.DataFrame) -> pd.DataFrame:
    """Average the replicates of one day: one row per series and day.

    Parameters
    ----------
    measurements : DataFrame
        Contract :data:`~sm_tracker.domain.tables.MEASUREMENTS`.

    Returns
    -------
    DataFrame
        Contract :data:`~sm_tracker.domain.tables.VISITS`, sorted by series and day. Only
        ``ok``, uncensored replicates without an open doubt are averaged; a day without one
        keeps its row with an empty value and the state that says why.

    Raises
    ------
    ColumnError
        If a row has neither a date nor a day, or a required column is missing.
    MixedTimeError
        If one patient has rows with dates and rows with day numbers.
    """
    require_frame(measurements, MEASUREMENTS.name)
    wanted = [c for c in MEASUREMENTS.columns if c in measurements and c not in _NOT_IN_VISITS]
    readings = completed_table(measurements[wanted], MEASUREMENTS).drop(columns=_NOT_IN_VISITS)
    require_none(value_faults("measurements", readings))
    t, dated = days_of_rows(readings, "date", "day")
    series = join_series(readings)
    joined = series.joined | _assumed(readings, series.number)
    readings = readings.assign(
        **series.keys, series_joined=joined, series_ambiguous=series.ambiguous
    )
    value = readings["thickness_mm"].to_numpy()
    # Sorted by value too: sums then do not depend on the order of rows.
    order = np.lexsort((value, t, series.number))
    return _visits(readings.iloc[order], series.number[order], t[order], dated[order])


def _assumed(readings: pd.DataFrame, series: IntArray) -> BoolArray:
    """Whether a series holds a reading whose place in it was assumed when it was stored."""
    assumed = (readings["assumed"] != "").to_numpy()
    if not assumed.any():
        return np.zeros(series.size, dtype=bool)
    return np.asarray(np.isin(series, series[assumed]))


def _visits(
    readings: pd.DataFrame, series: IntArray, t: FloatArray, dated: BoolArray
) -> pd.DataFrame:
    if readings.empty:
        return completed_table(pd.DataFrame({"patient_id": [], "site": []}), VISITS)
    new = np.r_[True, (np.diff(series) != 0) | (np.diff(t) != 0)]
    first = np.flatnonzero(new)
    visit = np.cumsum(new) - 1
    value = readings["thickness_mm"].to_numpy()
    qualifier = readings["qualifier"].to_numpy(dtype=object)
    status = readings["status"].to_numpy(dtype=object)
    in_doubt = (readings["doubt"] == "open").to_numpy()
    not_stated = in_doubt & (readings["doubt_reason"] == THERAPY_NOT_STATED).to_numpy()
    doubtful = in_doubt & ~not_stated & (status == "ok")
    kept_apart = doubtful | (not_stated & (status == "ok") & (qualifier == ""))
    usable = (status == "ok") & (qualifier == "") & np.isfinite(value) & ~in_doubt
    n = np.add.reduceat(usable.astype("int64"), first)
    mean, sd = _mean_and_spread(value, usable, visit, first, n)
    printed = np.add.reduceat(np.where(usable, readings["sd_mm"].to_numpy(), 0.0), first)
    state, sign, limit = _states(value, qualifier, status, doubtful, first, n > 0)
    state[np.logical_or.reduceat(not_stated, first) & (n == 0)] = THERAPY_NOT_STATED
    head = readings.iloc[first]
    examiner = _joined_examiners(readings["examiner"], first)
    velocity = head["velocity_m_s"].to_numpy()
    return pd.DataFrame(
        {
            "patient_id": head["patient_id"].to_numpy(),
            "series_id": series[first].astype("float64"),
            **{k: head[k].to_numpy() for k in SERIES_KEYS[1:]},
            "t": t[first],
            "date": dates_of_days(np.where(dated[first], t[first], np.nan)).to_numpy(),
            "value_mm": mean,
            "n_replicates": n.astype("float64"),
            "sd_mm": np.where(n == 1, printed, sd),
            "state": pd.array(state, dtype="str"),
            "qualifier": pd.array(sign, dtype="str"),
            "limit_mm": limit,
            **_doubts(value, readings["doubt_reason"], kept_apart, visit, first),
            "examiner": pd.array(examiner, dtype="str"),
            "velocity_m_s": velocity,
            "break_before": pd.array(_breaks(series[first], examiner, velocity), dtype="str"),
            "measure": THICKNESS,
            "unit": "mm",
            "better": "",
            "recording_step": np.nan,
            "series_joined": head["series_joined"].to_numpy(),
            "series_ambiguous": head["series_ambiguous"].to_numpy(),
        }
    )


def _mean_and_spread(
    value: FloatArray, usable: BoolArray, visit: IntArray, first: IntArray, n: IntArray
) -> tuple[FloatArray, FloatArray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.add.reduceat(np.where(usable, value, 0.0), first) / n
        squares = np.add.reduceat(np.where(usable, (value - mean[visit]) ** 2, 0.0), first)
        sd = np.sqrt(squares / (n - 1))
    mean[n == 0] = np.nan
    sd[n < 2] = np.nan
    return mean, sd


def _doubts(
    value: FloatArray, reason: pd.Series, doubtful: BoolArray, visit: IntArray, first: IntArray
) -> dict[str, object]:
    """How many readings of each visit are in open doubt, their mean and the first reason."""
    n = np.add.reduceat(doubtful.astype("float64"), first)
    mean = np.full(n.size, np.nan)
    why = np.full(n.size, "", dtype=object)
    if doubtful.any():
        held = n > 0
        mean[held] = (np.add.reduceat(np.where(doubtful, value, 0.0), first) / np.maximum(n, 1))[
            held
        ]
        at = np.flatnonzero(doubtful)[::-1]
        why[visit[at]] = reason.to_numpy(dtype=object)[at]
    return {"n_doubtful": n, "doubtful_mm": mean, "doubt_reason": pd.array(why, dtype="str")}


def _states(
    value: FloatArray,
    qualifier: TextArray,
    status: TextArray,
    doubtful: BoolArray,
    first: IntArray,
    valued: BoolArray,
) -> tuple[TextArray, TextArray, FloatArray]:
    doubted = np.logical_or.reduceat(doubtful, first) & ~valued
    valued = valued | doubted
    above = np.logical_or.reduceat(qualifier == ">", first) & ~valued
    below = np.logical_or.reduceat(qualifier == "<", first) & ~valued
    beyond = np.logical_or.reduceat(status == "beyond_depth", first)
    state = np.where(
        valued, "ok", np.where(above | below, "censored", np.where(beyond, "beyond_depth", ""))
    ).astype(object)
    state[state == ""] = "not_measurable"
    state[doubted] = "doubtful"
    sign = np.where(above, ">", np.where(below, "<", "")).astype(object)
    high = np.fmax.reduceat(np.where(qualifier == ">", value, np.nan), first)
    low = np.fmin.reduceat(np.where(qualifier == "<", value, np.nan), first)
    return state, sign, np.where(above, high, np.where(below, low, np.nan))


def _joined_examiners(examiner: pd.Series, first: IntArray) -> TextArray:
    codes, labels = pd.factorize(examiner, sort=True)
    low = np.minimum.reduceat(codes, first)
    high = np.maximum.reduceat(codes, first)
    joined = np.asarray(labels, dtype=object)[low]
    for visit in np.flatnonzero(low != high):
        stop = first[visit + 1] if visit + 1 < first.size else codes.size
        names = {str(labels[c]) for c in codes[first[visit] : stop]} - {""}
        joined[visit] = "+".join(sorted(names))
    return joined


def _changed(series: IntArray, known: BoolArray, code: npt.NDArray[np.generic]) -> BoolArray:
    """Where a known value differs from the last known one of the same series."""
    here = np.arange(series.size)
    last_known = np.maximum.accumulate(np.where(known, here, -1))
    before = np.r_[-1, last_known[:-1]]
    same_series = (before >= 0) & (series[before] == series)
    return np.asarray(known & same_series & (code[before] != code))


def _breaks(series: IntArray, examiner: TextArray, velocity: FloatArray) -> TextArray:
    by_examiner = _changed(series, examiner != "", examiner)
    by_setting = _changed(series, np.isfinite(velocity), velocity)
    text = np.full(series.size, "", dtype=object)
    text[by_examiner] = "examiner"
    text[by_setting] = "device setting"
    text[by_examiner & by_setting] = "examiner and device setting"
    return text


MOST_DECIMALS = 6


def outcome_visit_values(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Second outcomes as visit values: the mean of one patient, outcome, unit and day.

    Parameters
    ----------
    outcomes : DataFrame
        Contract :data:`~sm_tracker.domain.tables.OUTCOMES`.

    Returns
    -------
    DataFrame
        Contract :data:`~sm_tracker.domain.tables.VISITS`; site, side, layer and device are
        blank, ``value_mm`` is in `unit`. A value with an open doubt does not count.

    Raises
    ------
    ColumnError
        If a row has neither a date nor a day, or a required column is missing.
    MixedTimeError
        If one patient has rows with dates and rows with day numbers.
    """
    values = completed_table(outcomes, OUTCOMES)
    require_none(value_faults("outcomes", values))
    t, dated = days_of_rows(values, "date", "day")
    if values.empty:
        return completed_table(pd.DataFrame({"patient_id": [], "site": []}), VISITS)
    series = np.zeros(len(values), dtype="int64")
    for key in ("patient_id", "outcome", "unit"):
        codes, labels = pd.factorize(values[key], sort=True)
        _, series = np.unique(series * len(labels) + codes, return_inverse=True)
    order = np.lexsort((values["value"].to_numpy(), t, series))
    values, series, t, dated = values.iloc[order], series[order], t[order], dated[order]
    return _outcome_visits(values, series, t, dated)


def _outcome_visits(
    values: pd.DataFrame, series: IntArray, t: FloatArray, dated: BoolArray
) -> pd.DataFrame:
    first = np.flatnonzero(np.r_[True, (np.diff(series) != 0) | (np.diff(t) != 0)])
    visit = np.repeat(np.arange(first.size), np.diff(np.r_[first, series.size]))
    value = values["value"].to_numpy()
    doubtful = np.isfinite(value) & (values["doubt"] == "open").to_numpy()
    usable = np.isfinite(value) & ~doubtful
    n = np.add.reduceat(usable.astype("int64"), first)
    mean, sd = _mean_and_spread(value, usable, visit, first, n)
    begins = np.flatnonzero(np.r_[True, np.diff(series) != 0])
    number = np.cumsum(np.r_[True, np.diff(series) != 0]) - 1
    head = values.iloc[first]
    # The first stated direction of a series is that of all its values.
    codes, labels = pd.factorize(values["better"], sort=True)
    stated = np.where((values["better"] != "").to_numpy(), codes, len(labels))
    direction = np.minimum.reduceat(stated, begins)[number]
    better = np.append(np.asarray(labels, dtype=object), "")[direction]
    visits = pd.DataFrame(
        {
            "patient_id": head["patient_id"].to_numpy(),
            "site": "",
            "series_id": number[first].astype("float64"),
            "t": t[first],
            "date": dates_of_days(np.where(dated[first], t[first], np.nan)).to_numpy(),
            "value_mm": mean,
            "n_replicates": n.astype("float64"),
            "sd_mm": sd,
            "state": np.where(
                n > 0,
                "ok",
                np.where(np.logical_or.reduceat(doubtful, first), "doubtful", "not_measurable"),
            ),
            **_doubts(value, values["doubt_reason"], doubtful, visit, first),
            "measure": head["outcome"].to_numpy(),
            "unit": head["unit"].to_numpy(),
            "better": better[first],
            "recording_step": _recording_steps(value, begins)[number[first]],
        }
    )
    return completed_table(visits, VISITS)


def _recording_steps(value: FloatArray, begins: IntArray) -> FloatArray:
    """Step in which the values of each series are written: 1, 0.1, 0.01, ..."""
    step = np.full(begins.size, 10.0**-MOST_DECIMALS)
    for decimals in reversed(range(MOST_DECIMALS)):
        scaled = np.nan_to_num(value) * 10.0**decimals
        whole = np.abs(scaled - np.round(scaled)) < 1e-6
        step[np.logical_and.reduceat(whole, begins)] = 10.0**-decimals
    return step


def joined_visits(thickness: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Visit values of thickness and of second outcomes as one table (contract VISITS)."""
    if outcomes.empty:
        return thickness
    last = thickness["series_id"].max() + 1 if len(thickness) else 0.0
    return pd.concat(
        [thickness, outcomes.assign(series_id=outcomes["series_id"] + last)], ignore_index=True
    )
