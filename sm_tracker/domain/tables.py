"""Column contracts of the tidy tables, and the conversion of records to tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from sm_tracker.domain import records
from sm_tracker.domain.record_fields import rules_of
from sm_tracker.domain.records import Event, Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.errors import ColumnError
from sm_tracker.languages import Message

ColumnKind = Literal["text", "number", "date", "flag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its kind, whether it must be there, the default of a missing one."""

    kind: ColumnKind
    meaning: str
    required: bool = False
    default: Any = None
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The contract of a table: what a row is, and its columns in order."""

    name: str
    grain: str
    columns: Mapping[str, Column]


THICKNESS = "thickness"
"""Name of the first measure; any other is a second outcome under its author's name."""

_PLACE = {
    "file": Column(kind="text", meaning="file the row was read from"),
    "sheet": Column(kind="text", meaning="sheet of that file"),
    "row": Column(kind="number", meaning="row number as a spreadsheet shows it"),
}

_COLUMN_KIND: Mapping[str, ColumnKind] = {
    "number": "number", "whole": "number", "flag": "flag", "date": "date",
}  # fmt: skip


def _columns_of(record: type[Any]) -> dict[str, Column]:
    """The columns of a kind of record, as its fields are described."""
    return {
        name: Column(
            kind=_COLUMN_KIND.get(rule.kind, "text"),
            meaning=rule.meaning,
            required=rule.needed or rule.column,
            default=rule.default if rule.fills else None,
            one_of=rule.words,
        )
        for name, rule in rules_of(record).items()
    }


MEASUREMENTS = Table(
    name="measurements",
    grain="one row per reading of skin thickness",
    columns={**_columns_of(Measurement), **_PLACE},
)

THERAPIES = Table(
    name="therapies",
    grain="one row per therapy period",
    columns={**_columns_of(TherapyPeriod), **_PLACE},
)

OUTCOMES = Table(
    name="outcomes",
    grain="one row per value of a second outcome",
    columns={**_columns_of(OutcomeReading), **_PLACE},
)

EVENTS = Table(
    name="events",
    grain="one row per event, for example a biopsy or an admission",
    columns={**_columns_of(Event), **_PLACE},
)

VISITS = Table(
    name="visit values",
    grain="one row per patient, measure, site, side, layer, device, frequency and day",
    columns={
        "patient_id": Column(kind="text", meaning="pseudonymous patient code", required=True),
        "series_id": Column(kind="number", meaning="number of the series within the table"),
        "site": Column(kind="text", meaning="body site", required=True),
        "side": Column(kind="text", meaning="side of the body"),
        "layer": Column(kind="text", meaning="layer measured"),
        "device": Column(kind="text", meaning="device"),
        "frequency_mhz": Column(kind="number", meaning="probe frequency in MHz"),
        "t": Column(kind="number", meaning="day on the patient's axis (1970-01-01 = 0 for dates)"),
        "date": Column(kind="date", meaning="calendar date, empty on a day axis"),
        "value_mm": Column(kind="number", meaning="mean of the usable replicates, mm, else empty"),
        "n_replicates": Column(kind="number", meaning="usable replicates behind the value"),
        "sd_mm": Column(kind="number", meaning="their standard deviation, mm"),
        "state": Column(
            kind="text",
            meaning="whether there is a value, and why not",
            default="ok",
            one_of=(
                "ok",
                "censored",
                "not_measurable",
                "beyond_depth",
                "doubtful",
                records.THERAPY_NOT_STATED,
            ),
        ),
        "qualifier": Column(kind="text", meaning="< or > of a censored value"),
        "limit_mm": Column(kind="number", meaning="limit of a censored value, mm"),
        "n_doubtful": Column(kind="number", meaning="readings whose doubt is open", default=0.0),
        "doubtful_mm": Column(kind="number", meaning="mean of the doubtful readings, mm"),
        "doubt_reason": Column(kind="text", meaning="code of the reason of the first of them"),
        "examiner": Column(kind="text", meaning="examiner, several joined by +"),
        "velocity_m_s": Column(kind="number", meaning="sound velocity, m/s"),
        "break_before": Column(
            kind="text",
            meaning="what changed since the visit before in the series",
            one_of=("", "examiner", "device setting", "examiner and device setting"),
        ),
        "measure": Column(kind="text", meaning="thickness or an outcome", default=THICKNESS),
        "unit": Column(kind="text", meaning="unit of the value"),
        "better": Column(
            kind="text", meaning="better direction of an outcome", one_of=records.BETTER
        ),
        "recording_step": Column(kind="number", meaning="step in which an outcome is written"),
        "series_joined": Column(kind="flag", meaning="the series holds readings with a blank"),
        "series_ambiguous": Column(
            kind="flag", meaning="its readings fit several series and stay apart"
        ),
    },
)

_DTYPE = {"text": "str", "number": "float64", "flag": "bool", "date": "datetime64[us]"}


def completed_table(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Bring a frame to its contract: all columns, in order, of the right kind.

    Parameters
    ----------
    frame : DataFrame
        Must hold the required columns; others are added with their default.
    table : Table
        The contract.

    Returns
    -------
    DataFrame
        A new frame with exactly the columns of the contract and the index of `frame`.

    Raises
    ------
    ColumnError
        If a required column is missing or a column holds values of another kind.
    """
    require_frame(frame, table.name)
    missing = [n for n, c in table.columns.items() if c.required and n not in frame.columns]
    if missing:
        raise ColumnError(
            Message("The table of {name} lacks {names}", name=table.name, names=", ".join(missing)),
            where=Message(
                "columns seen: {names}", names=", ".join(map(str, frame.columns)) or "none"
            ),
            fix="add the missing columns",
        )
    return pd.DataFrame(
        {
            name: _column(frame[name], name, column)
            if name in frame.columns
            else _empty(column, frame.index)
            for name, column in table.columns.items()
        },
        index=frame.index,
    )


def require_frame(frame: object, name: str) -> None:
    """Refuse what is not a table, with what to pass instead.

    Raises
    ------
    ColumnError
    """
    if isinstance(frame, pd.DataFrame):
        return
    raise ColumnError(
        Message("{name} is not a table", name=name),
        where=name,
        why=Message("it is of type {kind}", kind=type(frame).__name__),
        fix="pass a pandas.DataFrame; of files read with read_files, records_of gives the tables",
    )


def _empty(column: Column, index: pd.Index) -> pd.Series:
    default = column.default
    if default is None:
        default = {"text": "", "number": np.nan, "flag": False, "date": pd.NaT}[column.kind]
    return pd.Series(default, index=index, dtype=_DTYPE[column.kind])


def _column(values: pd.Series, name: str, column: Column) -> pd.Series:
    if column.kind != "text" and values.dtype == _DTYPE[column.kind]:
        return values
    try:
        if column.kind == "number":
            return pd.to_numeric(values).astype("float64")
        if column.kind == "date":
            return pd.to_datetime(values).astype("datetime64[us]")
        if column.kind == "flag":
            return values.fillna(column.default or False).astype(bool)
        fallback = column.default or ""
        if values.dtype == "str" and not values.hasnans and not (fallback and (values == "").any()):
            return values
        text = values.astype("str").where(values.notna(), fallback)
        return text.where(text != "", fallback).astype("str") if fallback else text
    except (ValueError, TypeError) as error:
        raise ColumnError(
            Message(
                "Column {name} holds values that are not a {kind}", name=name, kind=column.kind
            ),
            where=Message("column {name}", name=name),
            why=str(error),
            fix=Message("give a {kind} in every row, or leave the cell blank", kind=column.kind),
        ) from None


def text_of_codes(labels: Sequence[str], codes: Any) -> pd.api.extensions.ExtensionArray:
    """Text by code: element ``labels[code]`` for each code, without a Python loop."""
    return pd.array(list(labels), dtype="str").take(codes)


def _frame(items: Iterable[records.Record], table: Table) -> pd.DataFrame:
    items = list(items)
    names = [n for n in table.columns if n not in _PLACE]
    data: dict[str, list[Any]] = {n: [getattr(r, n) for r in items] for n in names}
    if "session_dates" in data:
        data["session_dates"] = [" ".join(map(str, s)) for s in data["session_dates"]]
        for name in records.LIMITS_FROM_TAGS:
            data[name] = [records.tag_limit_text(limit) for limit in data[name]]
    data["file"] = [r.place.file for r in items]
    data["sheet"] = [r.place.sheet for r in items]
    data["row"] = [r.place.row for r in items]
    return completed_table(pd.DataFrame(data), table)


def measurements_frame(items: Iterable[Measurement]) -> pd.DataFrame:
    """Readings as a table under the contract :data:`MEASUREMENTS`."""
    return _frame(items, MEASUREMENTS)


def therapies_frame(items: Iterable[TherapyPeriod]) -> pd.DataFrame:
    """Therapy periods as a table under the contract :data:`THERAPIES`."""
    return _frame(items, THERAPIES)


def outcomes_frame(items: Iterable[OutcomeReading]) -> pd.DataFrame:
    """Second outcomes as a table under the contract :data:`OUTCOMES`."""
    return _frame(items, OUTCOMES)


def events_frame(items: Iterable[Event]) -> pd.DataFrame:
    """Events as a table under the contract :data:`EVENTS`."""
    return _frame(items, EVENTS)


@cache
def no_events() -> pd.DataFrame:
    """The table of events of records that have none; nobody writes into it."""
    return events_frame(())


SHOWN_NAMES = 5
SHOWN_NAME = 24
"""Names in one line, and characters of each."""


def shown_list(noun: str, names: Iterable[str]) -> str:
    """Names in one line, the first few of many, with their number after a noun.

    Examples
    --------
    >>> shown_list("patient", ["A1"]), shown_list("", "ab"), shown_list("patient", [])
    ('1 patient: A1', 'a, b', '0 patients')
    """
    known = [str(name) for name in names]
    short = [n if len(n) <= SHOWN_NAME else f"{n[: SHOWN_NAME - 1]}…" for n in known[:SHOWN_NAMES]]
    more = f" and {len(known) - SHOWN_NAMES:,} more" if len(known) > SHOWN_NAMES else ""
    count = f"{len(known):,} {noun}{'' if len(known) == 1 else 's'}" if noun else ""
    return ": ".join(filter(None, (count, ", ".join(short) + more)))


@dataclass(frozen=True, slots=True, repr=False)
class Records:
    """The tables of any number of patients, each under its contract.

    Attributes
    ----------
    measurements, therapies, outcomes, events : DataFrame
        One row a reading, a therapy period, a value of a second outcome, an event; see
        docs/data_format.md.
    """

    measurements: pd.DataFrame
    therapies: pd.DataFrame
    outcomes: pd.DataFrame
    events: pd.DataFrame = field(default_factory=no_events)

    @property
    def frames(self) -> tuple[pd.DataFrame, ...]:
        """The tables in the order of their names."""
        return (self.measurements, self.therapies, self.outcomes, self.events)

    @property
    def patients(self) -> tuple[str, ...]:
        """Patient codes, sorted."""
        return tuple(sorted({str(p) for f in self.frames for p in f["patient_id"].unique()}))

    def __repr__(self) -> str:
        return (
            f"Records of {shown_list('patient', self.patients)}\n"
            f"  measurements  {len(self.measurements):,} rows\n"
            f"  therapies     {len(self.therapies):,} rows\n"
            f"  outcomes      {len(self.outcomes):,} rows\n"
            f"  events        {len(self.events):,} rows"
        )

    def of_patient(self, patient_id: str) -> Records:
        """The records of one patient."""
        return Records(
            *(f[f["patient_id"] == patient_id].reset_index(drop=True) for f in self.frames)
        )


def tables_of_records(
    measurements: Iterable[Measurement] = (),
    therapies: Iterable[TherapyPeriod] = (),
    outcomes: Iterable[OutcomeReading] = (),
    events: Iterable[Event] = (),
) -> Records:
    """Records as the four tables."""
    return Records(
        measurements_frame(measurements),
        therapies_frame(therapies),
        outcomes_frame(outcomes),
        events_frame(events),
    )
