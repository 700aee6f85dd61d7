"""What records must keep so that a patient can be placed on one time line.

Each rule is stated once. Where a table is computed, a fault is an error; where many patients
are computed, the patient with a fault is set aside and the others are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.errors import ColumnError, MixedTimeError, TrackerError
from sm_tracker.languages import Message, speaking

BoolArray = npt.NDArray[np.bool_]

LISTED_ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """What is wrong where a rule is broken, why that matters, and what to do."""

    what: str
    why: str
    fix: str
    error: type[TrackerError] = ColumnError


RULES: Mapping[str, FaultRule] = MappingProxyType(
    {
        "day_not_whole": FaultRule(
            what="A day number is not whole",
            why="day numbers count whole days from one origin",
            fix="give whole days",
        ),
        "no_day": FaultRule(
            what="A value has neither a date nor a day",
            why="without it the value has no place on the time line",
            fix="give its date, or leave the row out",
        ),
        "no_start": FaultRule(
            what="A therapy period has no start",
            why="without it nobody knows which readings are before and under it",
            fix="give its start, or leave the period out",
        ),
        "mixed_period": FaultRule(
            what="A therapy period mixes a date and a day number",
            why="the origin of the day number is not known",
            fix="give both limits as dates, or both as day numbers",
        ),
        "ends_before_start": FaultRule(
            what="A therapy period ends before it starts",
            why="one of the two dates is wrong",
            fix="correct its dates",
        ),
        "shared_period_id": FaultRule(
            what="Two therapy periods of one patient share a period_id",
            why="readings could not be told apart by period",
            fix="give each period its own period_id, or leave the column blank",
        ),
        "not_a_day": FaultRule(
            what="A session or a limit from tags is neither an ISO date nor a whole day",
            why="it has no place on the time line",
            fix="write dates as 2025-03-10 and days as whole numbers, or leave the cell blank",
        ),
        "beyond_limits": FaultRule(
            what="A value is beyond what a record can hold",
            why="a record holds days to 100,000 either way, dates from 1900 to 2200, names to "
            "120 and notes to 4,000 characters, thickness above 0 to 50 mm",
            fix="correct it, or leave the row out",
        ),
        "mixed_times": FaultRule(
            what="Calendar dates and day numbers are mixed within one patient",
            why="a day number has no place between calendar dates unless its origin is known",
            fix="give dates in every row of this patient, or day numbers in every row",
            error=MixedTimeError,
        ),
    }
)
"""Rules by code, in the order in which they are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """Rows of one table that break one rule.

    Attributes
    ----------
    code : str
        Key of RULES.
    table : str
    column : str
        The column to correct.
    frame : DataFrame
        The table; ``patient_id`` and, if known, ``file`` and ``row`` are used.
    rows : ndarray of bool
    detail : Message, optional
        What is wrong with the column in these rows, where the rule does not say it.
    """

    code: str
    table: str
    column: str
    frame: pd.DataFrame
    rows: BoolArray
    detail: Message | None = None

    @property
    def rule(self) -> FaultRule:
        """The rule that is broken."""
        return RULES[self.code]

    def error(self) -> TrackerError:
        """The error that names the rows."""
        where = Message(
            "{table}, {rows}, column {column}",
            table=self.table,
            rows=rows_text(self.frame, self.rows),
            column=self.column,
        )
        return self.rule.error(self.rule.what, where=where, why=self.rule.why, fix=self.rule.fix)


def require_none(faults: Iterable[Fault]) -> None:
    """Raise the first fault, if there is one.

    Raises
    ------
    ColumnError
        If a record cannot be placed on the time line.
    MixedTimeError
        If one patient mixes calendar dates and day numbers.
    """
    for fault in faults:
        if fault.rows.any():
            raise fault.error()


def rows_text(frame: pd.DataFrame, chosen: BoolArray) -> Message:
    """``row 3`` or ``rows 3, 5 and more``: as written in the file, else counted from 1."""
    numbers = _numbers(frame, chosen)
    return Message.counted("row {rows}", "rows {rows}", n=int(chosen.sum()), rows=numbers)


def _numbers(frame: pd.DataFrame, chosen: BoolArray) -> Message | str:
    shown = row_numbers(frame)[chosen]
    listed = ", ".join(f"{n:.0f}" for n in shown[:LISTED_ROWS])
    return Message("{listed} and more", listed=listed) if shown.size > LISTED_ROWS else listed


def row_numbers(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Row of each record in its file, else its place in the table, counted from 1."""
    counted = np.arange(1, len(frame) + 1)
    if "row" not in frame:
        return counted.astype("float64")
    written = frame["row"].to_numpy(dtype="float64")
    return np.where(np.isfinite(written), written, counted)


Marked = tuple[str, str, pd.DataFrame, BoolArray, BoolArray]
"""Table, column of its day numbers, rows, which have a date, and which have any day."""


def mixed_times(tables: Iterable[Marked]) -> Iterator[Fault]:
    """The rows on day numbers of patients who have calendar dates too."""
    marked = list(tables)
    if not any(d.any() for *_, d, _ in marked) or not any((k & ~d).any() for *_, d, k in marked):
        return
    owner, names = pd.factorize(
        pd.concat([frame["patient_id"] for _, _, frame, _, _ in marked], ignore_index=True)
    )
    dated = np.concatenate([d for *_, d, _ in marked])
    known = np.concatenate([k for *_, k in marked])
    with_dates = np.bincount(owner[dated], minlength=len(names)) > 0
    wrong = with_dates[owner] & known & ~dated
    at = 0
    for table, column, frame, _, _ in marked:
        yield Fault("mixed_times", table, column, frame, wrong[at : at + len(frame)])
        at += len(frame)


SET_ASIDE_COLUMNS = (
    "patient_id", "code", "table", "file", "column", "rows", "reason", "where", "fix",
)  # fmt: skip


def set_aside(faults: Iterable[Fault]) -> pd.DataFrame:
    """One row for each patient with a fault: the first one, where it is and what to do.

    Returns
    -------
    DataFrame
        SET_ASIDE_COLUMNS, sorted by patient.
    """
    found: dict[str, dict[str, str]] = {}
    for fault in faults:
        if not fault.rows.any():
            continue
        wrong = fault.frame[fault.rows].assign(row=row_numbers(fault.frame)[fault.rows])
        for patient, own in wrong.groupby("patient_id", sort=False):
            found.setdefault(str(patient), _row(fault, str(patient), own))
    rows = [found[patient] for patient in sorted(found)]
    return pd.DataFrame(rows, columns=list(SET_ASIDE_COLUMNS), dtype="str")


def _row(fault: Fault, patient: str, own: pd.DataFrame) -> dict[str, str]:
    every = np.ones(len(own), dtype=bool)
    with speaking("en"):
        rows, numbers = str(rows_text(own, every)), str(_numbers(own, every))
    files = [str(f) for f in own["file"].unique()] if "file" in own else []
    file = files[0] if len(files) == 1 else ""
    return {
        "patient_id": patient,
        "code": fault.code,
        "table": fault.table,
        "file": file,
        "column": fault.column,
        "rows": numbers,
        "reason": fault.rule.what,
        "where": f"{file or fault.table}, {rows}",
        "fix": fault.rule.fix,
    }
