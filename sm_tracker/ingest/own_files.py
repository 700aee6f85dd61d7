"""Our own two files (and outcomes): exact columns, ISO dates, decimal points, no guessing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sm_tracker.domain import records
from sm_tracker.domain.records import (
    Finding,
    Measurement,
    OutcomeReading,
    Place,
    Recognised,
    RefusedRow,
    TherapyPeriod,
)
from sm_tracker.ingest.sources import SourceFile

MEASUREMENT_COLUMNS = (
    "patient_id", "date", "day", "site", "side", "layer", "thickness_mm", "thickness_um",
    "qualifier", "status", "replicate", "device", "frequency_mhz", "velocity_m_s", "examiner",
    "note",
)  # fmt: skip
THERAPY_COLUMNS = (
    "patient_id", "therapy", "start", "start_day", "end", "end_day", "end_status",
    "date_precision", "end_date_precision", "period_id", "kind", "dose", "cycles",
    "session_dates", "route", "stop_reason", "show_in_figure", "note",
)  # fmt: skip
OUTCOME_COLUMNS = ("patient_id", "date", "day", "outcome", "value", "unit", "better", "note")

LARGEST_MM = 30.0


class Refusal(Exception):
    """A row that cannot be stored: code, column, value and why."""

    def __init__(self, code: str, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.code, self.column, self.value, self.message = code, column, value, message


@dataclass
class OwnReading:
    """What one of our own files gave."""

    measurements: list[Measurement] = field(default_factory=list)
    therapies: list[TherapyPeriod] = field(default_factory=list)
    outcomes: list[OutcomeReading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)


Row = Mapping[str, str]


def own_kind(header: Sequence[str]) -> str:
    """Which of our own files a header is of: measurements, therapies, outcomes or ""."""
    names = set(header)
    if "patient_id" not in names or len(names) != len(header):
        return ""
    for kind, allowed, needed in (
        (
            "measurements",
            MEASUREMENT_COLUMNS,
            ({"date", "day"}, {"site"}, {"thickness_mm", "thickness_um"}),
        ),
        ("therapies", THERAPY_COLUMNS, ({"therapy"}, {"start", "start_day"})),
        ("outcomes", OUTCOME_COLUMNS, ({"outcome"}, {"value"}, {"date", "day"})),
    ):
        if names <= set(allowed) and all(names & group for group in needed):
            return kind
    return ""


def read_own_file(source: SourceFile, today: dt.date) -> OwnReading | None:
    """Read one of our own files; None where it is not one.

    Every problem is a finding with its row and column; good rows are kept.
    """
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(lines, [])]
    kind = own_kind(header)
    if not kind:
        return None
    result = OwnReading()
    parse: Callable[[Row, Place, dt.date], Any] = _PARSERS[kind]
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        place = Place(file=source.name, row=lines.line_num)
        row = dict(zip(header, (c.strip() for c in cells), strict=False))
        try:
            if len(cells) != len(header):
                raise Refusal(
                    "field_count", "", "", f"{len(cells)} fields, the header has {len(header)}"
                )
            getattr(result, kind).append(parse(row, place, today))
        except Refusal as refusal:
            result.findings.append(_finding(refusal, place))
            result.refused.append(
                RefusedRow(
                    place=place, header=tuple(header), cells=tuple(cells), reason=refusal.message
                )
            )
    count = len(getattr(result, kind))
    result.recognised.append(
        Recognised(file=source.name, sheet="", summary=f"our own {kind} file, {count} rows read")
    )
    return result


def _finding(refusal: Refusal, place: Place) -> Finding:
    return Finding(
        code=refusal.code,
        level="error",
        message=f"Row {place.row} left out: {refusal.message}",
        column=refusal.column,
        value=refusal.value,
        place=place,
    )


def _measurement(row: Row, place: Place, today: dt.date) -> Measurement:
    date, day = _when(row, "date", "day", today)
    status = _one_of(row, "status", records.STATUSES, "ok")
    unit = "thickness_um" if row.get("thickness_um") else "thickness_mm"
    value = _number(row, unit)
    if value is not None:
        value = value / 1000 if unit == "thickness_um" else value
        if value <= 0:
            raise Refusal("not_positive", unit, row[unit], "a thickness is above zero")
        if value > LARGEST_MM:
            raise Refusal(
                "implausible", unit, row[unit], f"above {LARGEST_MM:g} mm; is the unit right?"
            )
    if value is None and status == "ok":
        raise Refusal("no_value", unit, "", "no value, and status is not given")
    return Measurement(
        patient_id=_text(row, "patient_id"),
        site=_text(row, "site"),
        date=date,
        day=day,
        thickness_mm=value if status == "ok" else None,
        side=_one_of(row, "side", records.SIDES, ""),
        layer=row.get("layer", ""),
        qualifier=_one_of(row, "qualifier", records.QUALIFIERS, ""),
        status=status,
        replicate=_whole(row, "replicate"),
        device=row.get("device", ""),
        frequency_mhz=_number(row, "frequency_mhz"),
        velocity_m_s=_number(row, "velocity_m_s"),
        examiner=row.get("examiner", ""),
        note=row.get("note", ""),
        site_text=row.get("site", ""),
        place=place,
    )


def _therapy(row: Row, place: Place, today: dt.date) -> TherapyPeriod:
    start, start_day = _when(row, "start", "start_day", None)
    end, end_day = _date(row, "end", None), _whole(row, "end_day")
    known = end is not None or end_day is not None
    status = _one_of(row, "end_status", records.END_STATUSES, "ended" if known else "ongoing")
    if status == "ended" and not known:
        raise Refusal("end_missing", "end", "", "end_status is ended, but there is no end")
    if known and status != "ended":
        raise Refusal("end_contradicts", "end_status", status, "an end is given as well")
    if (end and start and end < start) or (
        end_day is not None and start_day is not None and end_day < start_day
    ):
        shown = row.get("end") or row.get("end_day", "")
        raise Refusal("end_before_start", "end", shown, "the end is before the start")
    return TherapyPeriod(
        patient_id=_text(row, "patient_id"),
        therapy=_text(row, "therapy"),
        therapy_text=row.get("therapy", ""),
        start=start,
        start_day=start_day,
        end=end,
        end_day=end_day,
        end_status=status,
        date_precision=_one_of(row, "date_precision", records.PRECISIONS, "day"),
        end_date_precision=_one_of(row, "end_date_precision", ("", *records.PRECISIONS), ""),
        period_id=row.get("period_id", ""),
        kind=_one_of(row, "kind", records.KINDS, ""),
        dose=row.get("dose", ""),
        cycles=_whole(row, "cycles"),
        session_dates=_sessions(row),
        route=row.get("route", ""),
        stop_reason=row.get("stop_reason", ""),
        show_in_figure=_one_of(row, "show_in_figure", ("true", "false"), "true") == "true",
        note=row.get("note", ""),
        place=place,
    )


def _outcome(row: Row, place: Place, today: dt.date) -> OutcomeReading:
    date, day = _when(row, "date", "day", today)
    value = _number(row, "value")
    if value is None:
        raise Refusal("no_value", "value", "", "no value")
    return OutcomeReading(
        patient_id=_text(row, "patient_id"),
        outcome=_text(row, "outcome"),
        value=value,
        date=date,
        day=day,
        unit=row.get("unit", ""),
        better=_one_of(row, "better", ("lower", "higher"), "lower"),
        note=row.get("note", ""),
        place=place,
    )


_PARSERS: dict[str, Callable[[Row, Place, dt.date], Any]] = {
    "measurements": _measurement,
    "therapies": _therapy,
    "outcomes": _outcome,
}


def _text(row: Row, name: str) -> str:
    if not row.get(name):
        raise Refusal("missing", name, "", f"{name} is blank")
    return row[name]


def _one_of(row: Row, name: str, allowed: Sequence[str], default: str) -> Any:
    value = row.get(name, "").lower() or default
    if value not in allowed:
        shown = ", ".join(a or "blank" for a in allowed)
        raise Refusal("unknown_word", name, row[name], f"{name} is one of {shown}")
    return value


def _number(row: Row, name: str) -> float | None:
    text = row.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Refusal("not_a_number", name, text, f"{name} is no number") from None
    if not math.isfinite(value):
        raise Refusal("not_a_number", name, text, f"{name} is no finite number")
    return value


def _whole(row: Row, name: str) -> int | None:
    value = _number(row, name)
    if value is None:
        return None
    if value != int(value):
        raise Refusal("not_whole", name, row[name], f"{name} is a whole number")
    return int(value)


def _date(row: Row, name: str, today: dt.date | None) -> dt.date | None:
    text = row.get(name, "")
    if not text:
        return None
    try:
        value = dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal("not_a_date", name, text, f"{name} is no date such as 2024-03-01") from None
    if today is not None and value > today:
        raise Refusal("future_date", name, text, f"{name} lies in the future")
    return value


def _when(
    row: Row, date_name: str, day_name: str, today: dt.date | None
) -> tuple[dt.date | None, int | None]:
    date, day = _date(row, date_name, today), _whole(row, day_name)
    if (date is None) == (day is None):
        why = "neither a date nor a day" if date is None else "both a date and a day"
        raise Refusal("no_date", date_name, "", why)
    return date, day


def _sessions(row: Row) -> tuple[dt.date | int, ...]:
    found: list[dt.date | int] = []
    for text in row.get("session_dates", "").split():
        try:
            found.append(int(text) if text.lstrip("-").isdigit() else dt.date.fromisoformat(text))
        except ValueError:
            raise Refusal(
                "not_a_date",
                "session_dates",
                text,
                "session_dates holds ISO dates with blanks between",
            ) from None
    return tuple(found)


def with_file(record: Any, name: str) -> Any:
    """A copy of a record placed in another file."""
    return replace(record, place=replace(record.place, file=name))
