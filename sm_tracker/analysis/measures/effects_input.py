"""From a table of labelled readings to runs of phases, checked before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.analysis.kernels import BoolArray, FloatArray
from sm_tracker.analysis.measures.phase_pairs import TextArray
from sm_tracker.domain.missing import is_missing
from sm_tracker.errors import ColumnError
from sm_tracker.languages import Message, first_few

IntArray = npt.NDArray[np.int64]

COLUMNS = ("dataset", "case_id", "session", "phase", "outcome", "direction")

LISTED_ROWS = 10


@dataclass(frozen=True, slots=True)
class PhaseRuns:
    """Series of labelled readings as arrays, in order of time.

    A run is one unbroken stretch of one phase; a label that comes back is numbered
    ``_2``, ``_3`` and so on. Readings without a value are left out, so a run may be empty.

    Attributes
    ----------
    dataset, case_id, improvement : ndarray of str, shape (n_series,)
        In order of first appearance.
    value, t : ndarray, shape (n_readings,)
    series : ndarray of int, shape (n_runs,)
        Series of each run; runs of a series are neighbours.
    label : ndarray of str, shape (n_runs,)
    start, stop : ndarray of int, shape (n_runs,)
        Readings of each run.
    """

    dataset: TextArray
    case_id: TextArray
    improvement: TextArray
    value: FloatArray
    t: FloatArray
    series: IntArray
    label: TextArray
    start: IntArray
    stop: IntArray

    @property
    def n(self) -> IntArray:
        """Readings with a value in each run."""
        return self.stop - self.start

    def contrasts(self) -> tuple[IntArray, IntArray]:
        """Runs compared: each with the one before, then with the first of its series."""
        first = np.searchsorted(self.series, self.series)
        run = np.arange(self.series.size)
        before, other = run[run > first], run[run > first + 1]
        under = np.concatenate([before, other])
        reference = np.concatenate([before - 1, first[other]])
        order = np.lexsort((np.repeat([0, 1], [before.size, other.size]), under))
        return reference[order], under[order]


def phase_runs(series: pd.DataFrame) -> PhaseRuns:
    """Check a table of labelled readings and cut it into phases.

    Parameters
    ----------
    series : DataFrame
        One row per reading: dataset, case_id, session (a number, or a date written
        2024-03-01), phase (any text is a label, "none" and "NA" too), outcome (blank or NA
        where missing), direction ("increase" or "decrease" in any case). Rows in any order. A
        column ``row`` gives row numbers for messages; without it the first row is row 2, as
        under a header.

    Raises
    ------
    ColumnError
        If a column is missing, the table is empty, a cell is not a number, a direction or
        blank where it may not be (case_id, session, phase), a series has two directions, or
        one session belongs to two phases in a way that leaves their order open. With the rows.
    """
    missing = [name for name in COLUMNS if name not in series.columns]
    if missing:
        raise ColumnError(
            Message.counted(
                "The table lacks the column {names}",
                "The table lacks the columns {names}",
                n=len(missing),
                names=missing,
            ),
            why=Message("an effect size needs {names}", names=", ".join(COLUMNS)),
            fix="add the column or correct its name",
        )
    if series.empty:
        raise ColumnError(
            "The table has no rows", why="there is nothing to compare", fix="give one row a reading"
        )
    rows = _row_numbers(series)
    dataset, case_id, phase = (_text(series[c]) for c in ("dataset", "case_id", "phase"))
    for name, labels in (("case_id", case_id), ("phase", phase)):
        fix = Message("give every row a {name}", name=name)
        _refuse(labels == "", rows, name, Message("A reading has no {name}", name=name), fix)
    improvement = _directions(series["direction"], rows)
    outcome = _numbers(series["outcome"], rows, "outcome", blank_allowed=True)
    t = _sessions(series["session"], rows)
    number = _series_numbers(dataset, case_id)
    heads = np.unique(number, return_index=True)[1]
    _refuse(
        improvement != improvement[heads][number],
        rows,
        "direction",
        Message("A series has two directions of improvement"),
        Message("give one direction for all rows of a series"),
    )
    runs = _runs(number, t, phase, outcome, rows)
    return PhaseRuns(dataset[heads], case_id[heads], improvement[heads], *runs)


def _row_numbers(series: pd.DataFrame) -> IntArray:
    counted = np.arange(2, len(series) + 2)
    if "row" not in series.columns:
        return counted
    given = pd.to_numeric(series["row"], errors="coerce").to_numpy(dtype="float64")
    return np.where(np.isfinite(given), given, counted).astype("int64")


def _refuse(
    wrong: BoolArray,
    rows: IntArray,
    column: str,
    what: Message,
    fix: Message,
    why: str | Message = "",
) -> None:
    if not wrong.any():
        return
    found = rows[wrong]
    place = Message.counted(
        "column {column}, row {rows}",
        "column {column}, rows {rows}",
        n=int(found.size),
        column=column,
        rows=first_few([str(r) for r in found], LISTED_ROWS),
    )
    raise ColumnError(what, where=place, why=why, fix=fix)


def _text(column: pd.Series) -> TextArray:
    values = column.to_numpy(dtype=object)
    return np.array([_as_text(v) for v in values], dtype=object)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    # A column of whole numbers with a gap is read as 1.0, 2.0, ...
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _directions(column: pd.Series, rows: IntArray) -> TextArray:
    words = np.array([w.lower() for w in _text(column)], dtype=object)
    unknown = (words != "increase") & (words != "decrease")
    seen = str(words[unknown][0]) if unknown.any() else ""
    _refuse(
        unknown,
        rows,
        "direction",
        Message("A direction is {seen!r}", seen=seen)
        if seen
        else Message("A direction is missing"),
        Message("write increase or decrease: the direction that counts as improvement"),
    )
    return words


def _numbers(column: pd.Series, rows: IntArray, name: str, *, blank_allowed: bool) -> FloatArray:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype="float64", na_value=np.nan)
        blank = np.isnan(values)
    else:
        words = _text(column)
        blank = np.array([is_missing(w, "number") for w in words])
        values = pd.to_numeric(pd.Series(words), errors="coerce").to_numpy(dtype="float64")
        wrong = ~blank & np.isnan(values)
        seen = str(words[wrong][0]) if wrong.any() else ""
        fix = Message("write a number with a decimal point, or leave the cell blank")
        _refuse(
            wrong,
            rows,
            name,
            Message("A cell holds {seen!r} where a number belongs", seen=seen),
            fix,
        )
    _refuse(
        np.isinf(values), rows, name, Message("A number is infinite"), Message("correct the cell")
    )
    if not blank_allowed:
        _refuse(
            blank,
            rows,
            name,
            Message("A reading has no {name}", name=name),
            Message("give every row a {name}", name=name),
        )
    return np.asarray(values)


def _sessions(column: pd.Series, rows: IntArray) -> FloatArray:
    """Session numbers, or days since 1970-01-01 if the column holds dates."""
    if pd.api.types.is_datetime64_any_dtype(column):
        stamps = column
    elif pd.api.types.is_numeric_dtype(column):
        return _numbers(column, rows, "session", blank_allowed=False)
    else:
        words = pd.Series(_text(column), dtype="str")
        dated = words.str.fullmatch(r"\d{4}-\d{2}-\d{2}").to_numpy(dtype=bool)
        if not dated.any():
            return _numbers(column, rows, "session", blank_allowed=False)
        _refuse(
            ~dated,
            rows,
            "session",
            Message("Dates and other entries are mixed"),
            Message("give a date written 2024-03-01 in every row, or a number in every row"),
        )
        stamps = pd.to_datetime(words, format="%Y-%m-%d", errors="coerce")
    _refuse(
        stamps.isna().to_numpy(),
        rows,
        "session",
        Message("A session is not a date of the calendar"),
        Message("correct it"),
    )
    days = stamps.to_numpy().astype("datetime64[D]").astype("int64")
    return np.asarray(days, dtype="float64")


def _series_numbers(dataset: TextArray, case_id: TextArray) -> IntArray:
    keys = pd.MultiIndex.from_arrays([dataset, case_id])
    return np.asarray(pd.factorize(keys)[0], dtype="int64")


def _runs(
    number: IntArray, t: FloatArray, phase: TextArray, outcome: FloatArray, rows: IntArray
) -> tuple[FloatArray, FloatArray, IntArray, TextArray, IntArray, IntArray]:
    label_code = pd.factorize(phase)[0].astype("int64")
    # Of two phases that share a session, the one that began earlier comes first.
    began = pd.Series(t).groupby([number, label_code]).transform("min").to_numpy()
    order = np.lexsort((outcome, label_code, began, t, number))
    number, t, outcome, label_code = number[order], t[order], outcome[order], label_code[order]
    new = np.r_[True, (np.diff(number) != 0) | (np.diff(label_code) != 0)]
    first = np.flatnonzero(new)
    _refuse_open_order(number, t, label_code, first, rows[order])
    run = np.cumsum(new) - 1
    present = ~np.isnan(outcome)
    count = np.bincount(run[present], minlength=first.size)
    stop = np.cumsum(count)
    series = number[first]
    return (
        outcome[present],
        t[present],
        series,
        _numbered(phase[order][first], series),
        (stop - count).astype("int64"),
        stop.astype("int64"),
    )


def _refuse_open_order(
    number: IntArray, t: FloatArray, label: IntArray, first: IntArray, rows: IntArray
) -> None:
    """Refuse phases that interleave only because they share session numbers."""
    shared = (np.diff(number) == 0) & (np.diff(t) == 0) & (np.diff(label) != 0)
    if not shared.any():
        return
    heads = pd.DataFrame({"series": number[first], "label": label[first]})
    returning = heads["series"][heads.duplicated()].unique()
    wrong = np.r_[shared, False] & np.isin(number, returning)
    _refuse(
        wrong,
        rows,
        "session",
        Message("One session belongs to two phases, so that the order of phases is open"),
        Message("number the sessions of a series through all its phases"),
        why=Message("a phase would be cut in pieces by the other"),
    )


def _numbered(label: TextArray, series: IntArray) -> TextArray:
    """Labels made unique within a series: A, B, A_2, B_2."""
    result = label.copy()
    repeated = pd.DataFrame({"s": series, "l": label}).duplicated().to_numpy()
    for s in np.unique(series[repeated]):
        runs = np.flatnonzero(series == s)
        taken = set(label[runs])
        for i in runs[repeated[runs]]:
            k = 2
            while f"{label[i]}_{k}" in taken:
                k += 1
            result[i] = f"{label[i]}_{k}"
            taken.add(result[i])
    return result
