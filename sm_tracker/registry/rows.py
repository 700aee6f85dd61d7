"""Rows of a registry read strictly: each cell is what its column says, or the row is named.

The words of docs/data_format.md hold. Nothing is repaired here: a registry is prepared by a
program, and a cell it got wrong is wrong in many rows.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
import pandas as pd

from sm_tracker.domain.exposure import period_faults
from sm_tracker.domain.faults import BoolArray, Fault
from sm_tracker.domain.faults import mixed_times as faults_of_times
from sm_tracker.domain.record_limits import limit_faults
from sm_tracker.domain.series import without_unknown
from sm_tracker.domain.tables import Column, Table, completed_table
from sm_tracker.domain.timeline import value_faults
from sm_tracker.languages import speaking

REFUSED_COLUMNS = ("patient_id", "table", "file", "row", "column", "value", "reason")
LABELS = ("side", "layer", "device")
"""Columns in which a word for unknown is a blank."""
_ISO_DATE = r"\d{4}-\d{2}-\d{2}"
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_FORMULA_GUARD = r"^'(?=[=+\-@\t\r])"


def read_rows(frame: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the cells of a table.

    Parameters
    ----------
    frame : DataFrame
        Columns of the contract, as text or of their kind already, with ``file`` and ``row``.
    table : Table
        MEASUREMENTS or THERAPIES.

    Returns
    -------
    rows : DataFrame
        The same rows in the kinds of the contract, ready for the change table.
    refused : DataFrame
        One row a cell that cannot be read (`REFUSED_COLUMNS`); its row stands in `rows` too.
    """
    frame = frame.reset_index(drop=True)
    cells = {"row": frame["row"], "file": frame["file"]}
    refused: list[pd.DataFrame] = []

    def refuse(wrong: BoolArray, column: str, reason: str) -> None:
        if wrong.any():
            refused.append(_refused(frame, table.name, wrong, column, reason))

    if "thickness_um" in frame:
        value, wrong = _numbers(frame["thickness_um"])
        refuse(wrong, "thickness_um", "is not a number")
        cells["thickness_mm"] = value / 1000.0
    for name, column in table.columns.items():
        if name in frame and name not in cells:
            values = without_unknown(frame[name]) if name in LABELS else frame[name]
            cells[name], wrong, reason = _READERS[column.kind](values, column)
            refuse(wrong, name, reason)
    rows = pd.DataFrame(cells)
    for name, column in table.columns.items():
        if column.required and column.kind == "text":
            refuse((rows[name] == "").to_numpy(dtype=bool), name, "is blank")
    (_check_measurements if table.name == "measurements" else _check_therapies)(rows, refuse)
    own = completed_table(rows, table)
    faults = value_faults(table.name, own) if table.name == "measurements" else period_faults(own)
    faults = chain(limit_faults(table.name, own), faults)
    # What is mixed is told once, over both tables: see `mixed_times`.
    refused += [_of_fault(f) for f in faults if f.code != "mixed_times" and f.rows.any()]
    if not refused:
        return rows, pd.DataFrame(columns=list(REFUSED_COLUMNS))
    # One reason a cell: a date that cannot be read is not missing as well.
    found = pd.concat(refused).drop_duplicates(["file", "row", "column"])
    return rows, found.sort_values(["file", "row"], kind="stable").reset_index(drop=True)


def _refused(
    frame: pd.DataFrame, table: str, wrong: BoolArray, column: str, reason: str
) -> pd.DataFrame:
    rows = frame[wrong]
    value = rows[column].astype("str").where(rows[column].notna(), "") if column in rows else ""
    return pd.DataFrame(
        {
            "patient_id": rows["patient_id"].fillna(""),
            "table": table,
            "file": rows["file"],
            "row": rows["row"],
            "column": column,
            "value": value,
            "reason": f"{column} {reason}",
        }
    )


def _read_text(values: pd.Series, column: Column) -> tuple[pd.Series, BoolArray, str]:
    text = values.astype("str").fillna("").str.strip()
    if text.str.startswith("'").any():
        text = text.str.replace(_FORMULA_GUARD, "", regex=True)
    if not column.one_of:
        return text, np.zeros(len(text), dtype=bool), ""
    allowed = {*column.one_of, ""}
    wrong = ~text.isin(allowed).to_numpy(dtype=bool)
    return text, wrong, f"is none of {', '.join(w for w in column.one_of if w)}"


def _read_number(values: pd.Series, column: Column) -> tuple[pd.Series, BoolArray, str]:
    del column
    return *_numbers(values), "is not a number"


def _numbers(values: pd.Series) -> tuple[pd.Series, BoolArray]:
    number = pd.to_numeric(values, errors="coerce").astype("float64")
    given = values.notna().to_numpy(dtype=bool)
    if not pd.api.types.is_numeric_dtype(values.dtype):
        given = given & (values.fillna("").str.strip() != "").to_numpy(dtype=bool)
    return number, given & ~np.isfinite(number.to_numpy())


def _read_date(values: pd.Series, column: Column) -> tuple[pd.Series, BoolArray, str]:
    del column
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.astype("datetime64[us]"), np.zeros(len(values), dtype=bool), ""
    text = values.fillna("").str.strip()
    date = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    strict = text.str.fullmatch(_ISO_DATE)
    wrong = ((text != "") & (~strict | date.isna())).to_numpy(dtype=bool)
    return date, wrong, "is not a date such as 2025-03-10"


def _read_flag(values: pd.Series, column: Column) -> tuple[pd.Series, BoolArray, str]:
    default = bool(column.default)
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("bool"), np.zeros(len(values), dtype=bool), ""
    text = values.astype("str").fillna("").str.strip().str.lower()
    wrong = ~text.isin([*_FLAGS, ""]).to_numpy(dtype=bool)
    flags = text.map(lambda word: _FLAGS.get(word, default)).astype("bool")
    return flags, wrong, "is neither true nor false"


_READERS: dict[str, Callable[[pd.Series, Column], tuple[pd.Series, BoolArray, str]]] = {
    "text": _read_text,
    "number": _read_number,
    "date": _read_date,
    "flag": _read_flag,
}


def _of_fault(fault: Fault) -> pd.DataFrame:
    """The rows that break a rule of the time line, in the words of the rule."""
    found = _refused(fault.frame, fault.table, fault.rows, fault.column, "")
    with speaking("en"):
        reason = f"{fault.column} {fault.detail}" if fault.detail else fault.rule.what
    return found.assign(row=found["row"].astype("int64"), reason=reason)


def mixed_time_rows(measurements: pd.DataFrame, therapies: pd.DataFrame) -> pd.DataFrame:
    """The rows on day numbers of patients who have calendar dates too (`REFUSED_COLUMNS`)."""
    tables = (
        ("measurements", "day", measurements, _given(measurements, "date")),
        ("therapies", "start_day", therapies, _given(therapies, "start")),
    )
    faults = faults_of_times(
        [(table, day, rows, d, d | _given(rows, day)) for table, day, rows, d in tables]
    )
    found = [_of_fault(fault) for fault in faults if fault.rows.any()]
    return pd.concat(found) if found else pd.DataFrame(columns=list(REFUSED_COLUMNS))


_Refuse = Callable[[BoolArray, str, str], None]


def _given(rows: pd.DataFrame, column: str) -> BoolArray:
    there = rows[column].notna() if column in rows else np.zeros(len(rows))
    return np.asarray(there, dtype=bool)


def _check_measurements(rows: pd.DataFrame, refuse: _Refuse) -> None:
    if "qualifier" in rows:
        value = rows["thickness_mm"].to_numpy(dtype="float64")
        limit = (rows["qualifier"] != "").to_numpy(dtype=bool) & np.isnan(value)
        refuse(limit, "thickness_mm", "is blank beside a qualifier")


def _check_therapies(rows: pd.DataFrame, refuse: _Refuse) -> None:
    end, end_day = _given(rows, "end"), _given(rows, "end_day")
    ended = end | end_day
    if "end_status" not in rows:
        rows["end_status"] = pd.array(np.where(ended, "ended", "ongoing"), dtype="str")
        return
    status = rows["end_status"]
    refuse((status == "ended").to_numpy(dtype=bool) & ~ended, "end_status", "is ended without end")
    refuse(
        status.isin(["ongoing", "unknown"]).to_numpy(dtype=bool) & ended,
        "end_status",
        "is not ended, but an end is given",
    )
    blank = (status == "").to_numpy(dtype=bool)
    rows.loc[blank, "end_status"] = np.where(ended[blank], "ended", "ongoing")
