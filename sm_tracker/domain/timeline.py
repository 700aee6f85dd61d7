"""Readings on the time line: the day axis, visit values, series and their breaks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.domain.tables import MEASUREMENTS, VISITS, complete
from sm_tracker.errors import ColumnError, MixedTimeError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]

_NOT_IN_VISITS = ["replicate", "note", "approximate", "site_text", "file", "sheet"]

SERIES_KEYS = ("patient_id", "site", "side", "layer", "device", "frequency_mhz")


def days_of_dates(dates: pd.Series) -> FloatArray:
    """Days since 1970-01-01 of a date column; NaN where there is no date."""
    stamps = pd.to_datetime(dates).to_numpy().astype("datetime64[D]")
    days = stamps.astype("int64").astype("float64")
    days[np.isnat(stamps)] = np.nan
    return days


def days_of_texts(texts: pd.Series) -> FloatArray:
    """Days of texts that hold an ISO date or a whole day each; NaN where they are blank."""
    days = np.full(len(texts), np.nan)
    written = np.flatnonzero((texts != "").to_numpy())
    if written.size == 0:
        return days
    chosen = texts.iloc[written]
    numbers = pd.to_numeric(chosen, errors="coerce").to_numpy(dtype="float64")
    dated = np.isnan(numbers)
    numbers[dated] = days_of_dates(pd.to_datetime(chosen[dated], format="%Y-%m-%d"))
    days[written] = numbers
    return days


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
    dated_days = days_of_dates(frame[date])
    numbers = frame[day].to_numpy(dtype="float64")
    broken = np.isfinite(numbers) & (numbers != np.floor(numbers))
    if broken.any():
        raise ColumnError(
            f"Column {day} holds {numbers[broken][0]:g}, which is no whole day",
            where=_rows(frame, broken),
            fix="give whole days",
        )
    dated = np.isfinite(dated_days)
    return np.where(dated, dated_days, numbers), dated


def require_one_axis(frames: list[tuple[str, pd.DataFrame, BoolArray]]) -> None:
    """Refuse a patient whose rows mix calendar dates and day numbers.

    Raises
    ------
    MixedTimeError
        With the rows that are in the minority.
    """
    kinds = pd.concat(
        [
            pd.DataFrame({"patient_id": f["patient_id"].to_numpy(), "dated": d, "table": name})
            for name, f, d in frames
        ]
    )
    if kinds["dated"].nunique() < 2:
        return
    mixed = kinds.groupby("patient_id")["dated"].nunique() > 1
    if not mixed.any():
        return
    patients = set(mixed.index[mixed])
    name, frame, dated = next(
        (n, f, d) for n, f, d in frames if (f["patient_id"].isin(patients) & ~d).any()
    )
    rows = frame["patient_id"].isin(patients).to_numpy() & ~dated
    raise MixedTimeError(
        "Calendar dates and day numbers are mixed within one patient",
        where=f"{name}, {_rows(frame, rows)}",
        why="a day number has no place between calendar dates unless its origin is known",
        fix="give dates in every row of this patient, or day numbers in every row",
    )


def _rows(frame: pd.DataFrame, chosen: BoolArray) -> str:
    numbers = frame.get("row", pd.Series(np.nan, index=frame.index)).to_numpy(dtype="float64")
    shown = np.where(np.isfinite(numbers), numbers, np.arange(1, len(frame) + 1))[chosen]
    listed = ", ".join(f"{n:.0f}" for n in shown[:10])
    return f"rows {listed}" + (" and more" if shown.size > 10 else "")


def series_numbers(frame: pd.DataFrame) -> IntArray:
    """Number each row's series: patient, site, side, layer, device and frequency.

    Numbers follow the sorted keys, so they do not depend on the order of rows.
    """
    number = np.zeros(len(frame), dtype="int64")
    for key in SERIES_KEYS:
        column = frame[key].fillna(-1.0) if key == "frequency_mhz" else frame[key]
        codes, labels = pd.factorize(column, sort=True)
        # Renumbered at every key, so that the product of many keys cannot overflow.
        _, number = np.unique(number * (len(labels) + 1) + codes, return_inverse=True)
    return number.astype("int64")


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
    wanted = [c for c in MEASUREMENTS.columns if c in measurements and c not in _NOT_IN_VISITS]
    readings = complete(measurements[wanted], MEASUREMENTS).drop(columns=_NOT_IN_VISITS)
    t, dated = day_axis(readings, "date", "day")
    if np.isnan(t).any():
        raise ColumnError(
            "A measurement has neither a date nor a day",
            where=_rows(readings, np.isnan(t)),
            why="without it the reading has no place on the time line",
            fix="give its date, or leave the row out",
        )
    require_one_axis([("measurements", readings, dated)])
    series = series_numbers(readings)
    value = readings["thickness_mm"].to_numpy()
    # Sorted by value too: sums then do not depend on the order of rows.
    order = np.lexsort((value, t, series))
    readings = readings.iloc[order]
    return _visits(readings, series[order], t[order], dated[order])


def _visits(
    readings: pd.DataFrame, series: IntArray, t: FloatArray, dated: BoolArray
) -> pd.DataFrame:
    if readings.empty:
        return complete(pd.DataFrame({"patient_id": [], "site": []}), VISITS)
    new = np.r_[True, (np.diff(series) != 0) | (np.diff(t) != 0)]
    first = np.flatnonzero(new)
    visit = np.cumsum(new) - 1
    value = readings["thickness_mm"].to_numpy()
    qualifier = readings["qualifier"].to_numpy(dtype=object)
    status = readings["status"].to_numpy(dtype=object)
    doubtful = (readings["doubt"] == "open").to_numpy() & (status == "ok")
    usable = (status == "ok") & (qualifier == "") & np.isfinite(value) & ~doubtful
    n = np.add.reduceat(usable.astype("int64"), first)
    mean, sd = _mean_and_spread(value, usable, visit, first, n)
    printed = np.add.reduceat(np.where(usable, readings["sd_mm"].to_numpy(), 0.0), first)
    state, sign, limit = _states(value, qualifier, status, doubtful, first, n > 0)
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
            **_doubts(value, readings["doubt_reason"], doubtful, visit, first),
            "examiner": pd.array(examiner, dtype="str"),
            "velocity_m_s": velocity,
            "break_before": pd.array(_breaks(series[first], examiner, velocity), dtype="str"),
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
