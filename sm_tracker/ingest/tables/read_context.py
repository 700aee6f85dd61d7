"""What one reading of files shares: the report, the questions, the day, the limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from sm_tracker.domain.placing import Held
from sm_tracker.domain.records import Place, RefusedRow
from sm_tracker.ingest.files.grid import Cell, text_of
from sm_tracker.ingest.files.progress import Progress
from sm_tracker.ingest.files.sources import Limits
from sm_tracker.ingest.messages.finding_log import FindingLog, Location
from sm_tracker.ingest.messages.questions import Questions
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.tally import Tally
from sm_tracker.languages import Message, one_after_another


@dataclass(slots=True, kw_only=True)
class ReadContext:
    """One call of `read_files`.

    `value_columns` holds the columns of thickness of each table, `outcome_columns` the header of
    the column of each outcome, `unit_is_open` says that the unit of some values waits for an
    answer. `codes` holds the meanings of REDCap codes by field, `mapped` and `unmapped` the
    answers that named a column and those that named none (with the columns seen), `both_sides`
    the rows whose value is of both sides together. `held` gives what is stored of patients;
    None where nothing is going to be stored. `tally` counts the cells, `made` are the rows of
    the table at hand from which a course was made, `dropped` the places of records that say
    again what another says.
    """

    findings: FindingLog
    questions: Questions
    today: dt.date
    limits: Limits
    progress: Progress = field(default_factory=lambda: Progress(None))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    mapped: set[str] = field(default_factory=set)
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    made: set[int] = field(default_factory=set)
    dropped: set[Place] = field(default_factory=set)
    value_columns: dict[Location, list[ColumnName]] = field(default_factory=dict)
    outcome_columns: dict[tuple[Location, str], str] = field(default_factory=dict)
    unit_is_open: bool = False
    both_sides: set[Place] = field(default_factory=set)
    held: Held | None = None

    def aside(self) -> ReadContext:
        """The same call with a report and questions of its own, for what is read a second time."""
        questions = Questions(
            self.questions.answers, self.questions.column_roles, self.questions.files
        )
        return replace(self, findings=FindingLog(), questions=questions, progress=Progress(None))


class RefusedRows:
    """Rows of one table that are left out, each with all its reasons.

    Cells of identifying columns are not kept.
    """

    LEFT_OUT = "(left out)"

    def __init__(self, location: Location, header: tuple[str, ...], hidden: frozenset[int]) -> None:
        self.location = location
        self.header = header
        self.hidden = hidden
        self._reasons: dict[int, list[Message]] = {}
        self._cells: dict[int, tuple[str, ...]] = {}

    def add(self, number: int, cells: list[Cell], reason: Message) -> None:
        """Leave a row out for a reason."""
        reasons = self._reasons.setdefault(number, [])
        if reason not in reasons:
            reasons.append(reason)
        self._cells[number] = tuple(
            self.LEFT_OUT if i in self.hidden else text_of(c) for i, c in enumerate(cells)
        )

    @property
    def numbers(self) -> frozenset[int]:
        """Numbers of the refused rows."""
        return frozenset(self._reasons)

    def rows(self) -> list[RefusedRow]:
        """The refused rows in file order."""
        return [
            RefusedRow(
                place=self.location.row(number),
                header=self.header,
                cells=self._cells[number],
                reason=one_after_another(reasons),
            )
            for number, reasons in sorted(self._reasons.items())
        ]
