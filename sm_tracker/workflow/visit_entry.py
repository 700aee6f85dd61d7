"""One visit entered as a whole: every site with its replicates, outcomes, changes of therapy.

The cells are written as one file of our own and read by the rules of the import, so that
``<2,0``, ``not measurable`` or a slip of the decimal point mean here what they mean in a file.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sm_tracker.domain.doubt import ValueDoubt
from sm_tracker.domain.records import (
    Measurement,
    OutcomeReading,
    Place,
    ReadResult,
    TherapyPeriod,
)
from sm_tracker.domain.series_key import SeriesKey, series_key_of
from sm_tracker.errors import ReadError
from sm_tracker.ingest import SourceFile
from sm_tracker.report.export_tables import made_safe
from sm_tracker.store import Stored
from sm_tracker.workflow.editing import judged_records, without_row
from sm_tracker.workflow.file_import import read_files

When = dt.date | int
FEWEST_REPLICATES, MOST_REPLICATES = 3, 10
READING_FILE, OUTCOME_FILE = "measurements.csv", "outcomes.csv"


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series of the patient as a row of the sheet, with its last value.

    Attributes
    ----------
    key : SeriesKey
    last_mm : float or None
        Mean of the replicates of the last visit with a value.
    last_at : date or int or None
    """

    key: SeriesKey
    last_mm: float | None = None
    last_at: When | None = None


@dataclass(frozen=True, slots=True)
class VisitOutcome:
    """A second outcome of the patient as a row of the sheet; `last` is its last reading."""

    outcome: str
    unit: str = ""
    better: str = ""
    last: float | None = None
    last_at: When | None = None


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What the sheet of a visit begins with, carried over from the visits before.

    Attributes
    ----------
    patient_id : str
    by_day : bool
        Whether the patient's records hold day numbers instead of dates.
    series : tuple of SeriesRow
        One row a site, side and layer, with the device last used there.
    outcomes : tuple of VisitOutcome
    replicates : int
        As many as last time.
    examiner : str
    velocity_m_s : float or None
    running : tuple of Stored
        Therapy periods that run on.
    """

    patient_id: str
    by_day: bool = False
    series: tuple[SeriesRow, ...] = ()
    outcomes: tuple[VisitOutcome, ...] = ()
    replicates: int = FEWEST_REPLICATES
    examiner: str = ""
    velocity_m_s: float | None = None
    running: tuple[Stored[TherapyPeriod], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedVisit:
    """What was typed into the sheet.

    Attributes
    ----------
    patient_id : str
    at : date or int
        Date or day number of the visit.
    cells : sequence of (SeriesKey, sequence of str)
        The cells of each site as typed, one a replicate.
    outcomes : sequence of (VisitOutcome, str)
    examiner, note : str
    velocity_m_s : float or None
    """

    patient_id: str
    at: When
    cells: Sequence[tuple[SeriesKey, Sequence[str]]]
    outcomes: Sequence[tuple[VisitOutcome, str]] = ()
    examiner: str = ""
    note: str = ""
    velocity_m_s: float | None = None


@dataclass(frozen=True, slots=True)
class CellRemark:
    """A remark on one cell: its row and column in the sheet from 0, and the words."""

    row: int
    column: int
    words: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A visit as the import reads it.

    Attributes
    ----------
    readings : tuple of Measurement
    outcomes : tuple of OutcomeReading
    reading_rows, outcome_rows : tuple of int
        For each of them its row in the sheet; outcomes follow the sites.
    doubts : tuple of ValueDoubt or None
        For readings, then outcomes, the open doubt.
    remarks : tuple of CellRemark
        Cells that give no record, or that say something besides their value.
    """

    readings: tuple[Measurement, ...] = ()
    outcomes: tuple[OutcomeReading, ...] = ()
    reading_rows: tuple[int, ...] = ()
    outcome_rows: tuple[int, ...] = ()
    doubts: tuple[ValueDoubt | None, ...] = ()
    remarks: tuple[CellRemark, ...] = ()

    @property
    def records(self) -> tuple[Measurement | OutcomeReading, ...]:
        """All records of the visit."""
        return (*self.readings, *self.outcomes)

    @property
    def refused(self) -> tuple[CellRemark, ...]:
        """Cells that cannot be stored as they are."""
        return tuple(r for r in self.remarks if r.is_refused)

    def doubted(self) -> list[tuple[int, Measurement | OutcomeReading, ValueDoubt]]:
        """Row, record and doubt of each value that is doubtful."""
        rows = (*self.reading_rows, *self.outcome_rows)
        return [
            (row, record, doubt)
            for row, record, doubt in zip(rows, self.records, self.doubts, strict=True)
            if doubt is not None
        ]

    def values_of(self, row: int) -> list[float]:
        """Values of a row that count in its mean: no limits, no doubtful ones."""
        counted = zip(self.reading_rows, self.readings, strict=True)
        return [
            m.thickness_mm
            for at, m in counted
            if at == row and m.thickness_mm is not None and not m.qualifier and m.doubt != "open"
        ]


def visit_form(
    patient_id: str,
    readings: Sequence[Measurement],
    outcomes: Sequence[OutcomeReading] = (),
    therapies: Sequence[Stored[TherapyPeriod]] = (),
) -> VisitForm:
    """The sheet for the next visit of a patient.

    Parameters
    ----------
    patient_id : str
    readings, outcomes : sequences
        Records of the patient that count.
    therapies : sequence of Stored
        The patient's therapy periods that count.
    """
    known = sorted(readings, key=_at)
    last = known[-1] if known else None
    return VisitForm(
        patient_id=patient_id,
        by_day=any(r.day is not None for r in readings) or any(o.day is not None for o in outcomes),
        series=tuple(_series_rows(known)),
        outcomes=tuple(_outcome_rows(sorted(outcomes, key=_at))),
        replicates=_replicates(known),
        examiner=last.examiner if last else "",
        velocity_m_s=last.velocity_m_s if last else None,
        running=tuple(t for t in therapies if t.record.end_status == "ongoing"),
    )


def _at(record: Measurement | OutcomeReading) -> When:
    """Date or day number of a record; records of one patient hold one or the other."""
    return record.date.toordinal() if record.date is not None else record.day or 0


def _when(record: Measurement | OutcomeReading) -> When | None:
    return record.date if record.date is not None else record.day


def _series_rows(known: Sequence[Measurement]) -> Iterable[SeriesRow]:
    """One row a site, side and layer: the series that was measured there last."""
    newest: dict[tuple[str, str, str], SeriesKey] = {}
    for reading in known:
        newest[reading.site, reading.side, reading.layer] = series_key_of(reading)
    for key in newest.values():
        values = [m for m in known if series_key_of(m) == key and _counts(m)]
        if not values:
            yield SeriesRow(key)
            continue
        of_visit = [m.thickness_mm for m in values if _at(m) == _at(values[-1])]
        yield SeriesRow(key, fmean(v for v in of_visit if v is not None), _when(values[-1]))


def _counts(reading: Measurement) -> bool:
    return reading.thickness_mm is not None and not reading.qualifier and reading.doubt != "open"


def _outcome_rows(known: Sequence[OutcomeReading]) -> Iterable[VisitOutcome]:
    newest = {r.outcome: r for r in known}
    for r in newest.values():
        yield VisitOutcome(r.outcome, r.unit, r.better, r.value, _when(r))


def _replicates(known: Sequence[Measurement]) -> int:
    """How many readings the last visit had at the site with most of them."""
    if not known:
        return FEWEST_REPLICATES
    last = [m for m in known if _at(m) == _at(known[-1])]
    most = max(sum(series_key_of(m) == series_key_of(n) for m in last) for n in last)
    return min(max(most, 1), MOST_REPLICATES)


def read_visit(
    typed: TypedVisit,
    beside: Sequence[Measurement | OutcomeReading] = (),
    today: dt.date | None = None,
) -> VisitEntry:
    """A visit as the import reads it; what it refuses is named cell by cell.

    Parameters
    ----------
    typed : TypedVisit
    beside : sequence of Measurement or OutcomeReading
        The patient's records, beside which values are judged.
    today : date, optional
        The day after which dates lie in the future.

    Raises
    ------
    ReadError
        If the import refuses the visit as a whole, or asks about it.
    """
    readings, reading_cells = _readings_of(typed)
    outcomes, outcome_cells = _outcomes_of(typed)
    result = _read(readings, READING_FILE, today)
    others = _read(outcomes, OUTCOME_FILE, today)
    read = tuple(dataclasses.replace(m, place=Place()) for m in result.measurements)
    seen = tuple(dataclasses.replace(o, place=Place()) for o in others.outcomes)
    judged_readings, doubts = judged_records(
        read, [r for r in beside if isinstance(r, Measurement)], stated=False
    )
    judged_outcomes, others_doubts = judged_records(
        seen, [r for r in beside if isinstance(r, OutcomeReading)], stated=False
    )
    return VisitEntry(
        readings=tuple(m for m in judged_readings if isinstance(m, Measurement)),
        outcomes=tuple(o for o in judged_outcomes if isinstance(o, OutcomeReading)),
        reading_rows=tuple(_cell_of(m.place, reading_cells)[0] for m in result.measurements),
        outcome_rows=tuple(_cell_of(o.place, outcome_cells)[0] for o in others.outcomes),
        doubts=(*doubts, *others_doubts),
        remarks=(
            *_remarks(result, reading_cells),
            *_remarks(others, outcome_cells),
        ),
    )


Cells = list[tuple[int, int]]
Rows = list[dict[str, object]]


def _readings_of(typed: TypedVisit) -> tuple[Rows, Cells]:
    """Rows of our own file of measurements, and the cell of the sheet that each comes from."""
    rows: Rows = []
    cells: Cells = []
    for number, (key, texts) in enumerate(typed.cells):
        for column, text in enumerate(texts):
            if not text.strip():
                continue
            stated = {n: v for n, v in key._asdict().items() if v is not None}
            rows.append(
                _visit_columns(typed)
                | stated
                | {
                    "thickness_mm": text.strip(),
                    "replicate": column + 1,
                    "examiner": typed.examiner,
                    "velocity_m_s": typed.velocity_m_s or "",
                    "note": typed.note,
                }
            )
            cells.append((number, column))
    return rows, cells


def _outcomes_of(typed: TypedVisit) -> tuple[Rows, Cells]:
    rows: Rows = []
    cells: Cells = []
    for number, (outcome, text) in enumerate(typed.outcomes, start=len(typed.cells)):
        if text.strip():
            named = {"outcome": outcome.outcome, "unit": outcome.unit, "better": outcome.better}
            noted = "" if _has_readings(typed) else typed.note  # it stands with the readings
            rows.append(_visit_columns(typed) | named | {"value": text.strip(), "note": noted})
            cells.append((number, 0))
    return rows, cells


def _has_readings(typed: TypedVisit) -> bool:
    return any(text.strip() for _key, texts in typed.cells for text in texts)


def _visit_columns(typed: TypedVisit) -> dict[str, object]:
    time = "date" if isinstance(typed.at, dt.date) else "day"
    return {"patient_id": typed.patient_id, time: str(typed.at)}


def _read(rows: Rows, name: str, today: dt.date | None) -> ReadResult:
    if not rows:
        return ReadResult(outcome="accept")
    out = io.StringIO(newline="")
    columns = list(dict.fromkeys(c for r in rows for c in r))
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({c: made_safe(str(v)) for c, v in row.items()} for row in rows)
    file = SourceFile(name, out.getvalue().encode())
    # The head of the grid says mm: a value in another unit is a slip, not a question.
    answers = {"unit": "mm"} if name == READING_FILE else {}
    result = read_files([file], today=today, answers=answers)
    if result.questions:
        raise ReadError(
            "The visit cannot be stored yet", why=without_row(result.questions[0].message),
            fix="write the value in another way",
        )  # fmt: skip
    return result


def _cell_of(place: Place, cells: Cells) -> tuple[int, int]:
    return cells[(place.row or 2) - 2]


SAID_BY_THE_VALUE = frozenset(
    {"other_decimal_sign", "below_value", "above_value", "not_measurable", "answer_applied"}
)
"""Findings that repeat what the person who typed a cell meant by it."""


def _remarks(result: ReadResult, cells: Cells) -> Iterable[CellRemark]:
    """Remarks of the import on cells; the page itself says more about doubts."""
    given = {m.place.row for m in result.measurements} | {o.place.row for o in result.outcomes}
    for finding in result.findings:
        row = finding.place.row
        if row is None or finding.code in SAID_BY_THE_VALUE or row in given:
            continue
        at, column = _cell_of(finding.place, cells)
        yield CellRemark(at, column, without_row(finding.message, row), finding.level == "error")
