"""What one reading of files shares: the report, the questions, the day, the limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sm_tracker.domain.placing import StoredReadings
from sm_tracker.domain.records import RefusedRow
from sm_tracker.ingest.files.grid import Cell, text_of
from sm_tracker.ingest.files.progress import Progress
from sm_tracker.ingest.files.sources import Limits
from sm_tracker.ingest.messages.finding_log import FindingLog, Location
from sm_tracker.ingest.messages.questions import Questions
from sm_tracker.ingest.tables.tally import Tally
from sm_tracker.languages import Message, one_after_another


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What every step of one call of `read_sources` may look at, and the three logs it writes.

    The logs take up findings, questions and the counts of cells. `codes` holds the meanings of
    REDCap codes by field and `labels` what fields are called, from a data dictionary among the
    files. `held` gives what is stored of patients; None where nothing is going to be stored.
    """

    findings: FindingLog
    questions: Questions
    today: dt.date
    limits: Limits
    tally: Tally = field(default_factory=Tally)
    progress: Progress = field(default_factory=lambda: Progress(None))
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    held: StoredReadings | None = None

    def aside(self) -> ReadContext:
        """The same call with a report and questions of its own, for what is read a second time."""
        questions = Questions(
            self.questions.answers, self.questions.column_roles, self.questions.files
        )
        return replace(self, findings=FindingLog(), questions=questions, progress=Progress(None))


class RefusedRows:
    """Rows of one table that are left out, each with all its reasons."""

    LEFT_OUT = "(left out)"

    def __init__(self, location: Location, header: tuple[str, ...]) -> None:
        self.location = location
        self.header = header
        self._reasons: dict[int, list[Message]] = {}
        self._cells: dict[int, Sequence[Cell]] = {}

    def add(self, number: int, cells: Sequence[Cell], reason: Message) -> None:
        """Leave a row out for a reason."""
        reasons = self._reasons.setdefault(number, [])
        if reason not in reasons:
            reasons.append(reason)
        self._cells[number] = cells

    def rows(self, hidden: Container[int] = ()) -> list[RefusedRow]:
        """The refused rows in file order, without the cells of identifying columns."""
        return [
            RefusedRow(
                place=self.location.row(number),
                header=self.header,
                cells=tuple(
                    self.LEFT_OUT if i in hidden else text_of(c)
                    for i, c in enumerate(self._cells[number])
                ),
                reason=one_after_another(reasons),
            )
            for number, reasons in sorted(self._reasons.items())
        ]
