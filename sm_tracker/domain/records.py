"""Frozen records of what a clinic writes down, each with the place it was read from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Qualifier = Literal["", "<", ">"]
Status = Literal["ok", "not_measurable", "beyond_depth"]
Side = Literal["", "left", "right"]
Kind = Literal["", "continuous", "cyclic", "pulse", "taper", "single"]
EndStatus = Literal["ended", "ongoing", "unknown"]
Precision = Literal["day", "week", "month", "quarter", "year"]
Better = Literal["", "lower", "higher"]
Doubt = Literal["", "open", "confirmed"]
Level = Literal["info", "warning", "error"]
Outcome = Literal["accept", "accept_with_warning", "ask", "reject"]

QUALIFIERS: tuple[str, ...] = ("", "<", ">")
STATUSES: tuple[str, ...] = ("ok", "not_measurable", "beyond_depth")
SIDES: tuple[str, ...] = ("", "left", "right")
KINDS: tuple[str, ...] = ("", "continuous", "cyclic", "pulse", "taper", "single")
END_STATUSES: tuple[str, ...] = ("ended", "ongoing", "unknown")
PRECISIONS: tuple[str, ...] = ("day", "week", "month", "quarter", "year")
LIMITS_FROM_TAGS = ("starts_after", "starts_by", "ends_after", "ends_by")
BETTER: tuple[str, ...] = ("", "lower", "higher")
DOUBTS: tuple[str, ...] = ("", "open", "confirmed")
THERAPY_NOT_STATED = "therapy_not_stated"
"""Reason of a doubt: among readings tagged with a therapy, nobody has said what ran at this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record or finding was read: file, sheet and the row a spreadsheet shows."""

    file: str = ""
    sheet: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One reading of skin thickness.

    Exactly one of `date` and `day` is set. `thickness_mm` is None when `status` is not
    ``"ok"``; with a `qualifier` it is the limit that was written, not a value.
    `sd_mm` is the spread printed beside a value that was already a mean. A `doubt` that is
    ``"open"`` keeps the value out of every answer until a person confirms or corrects it;
    `doubt_reason` is its code. `assumed` names the fields, separated by blanks, that the
    reading itself left blank and that were taken from the series it was joined to.
    """

    patient_id: str
    site: str
    date: dt.date | None = None
    day: int | None = None
    thickness_mm: float | None = None
    side: Side = ""
    layer: str = ""
    qualifier: Qualifier = ""
    status: Status = "ok"
    replicate: int | None = None
    device: str = ""
    frequency_mhz: float | None = None
    velocity_m_s: float | None = None
    examiner: str = ""
    note: str = ""
    sd_mm: float | None = None
    approximate: bool = False
    site_text: str = ""
    assumed: str = ""
    doubt: Doubt = ""
    doubt_reason: str = ""
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyPeriod:
    """One course of one regimen; the same drug given twice is two periods.

    `therapy` is the standard name (the regimen label of every table), `therapy_text` the
    cell as written. Exactly one of `start` and `start_day` is set. `end` and `end_day` are
    None unless `end_status` is ``"ended"``. With a `date_precision` other than day the
    stored day stands for any day of that week, month, quarter or year; `end_date_precision`
    is blank where it is the same as that of the start.

    `dates_derived` marks a period known from the tags of readings alone. It began after
    `starts_after`, the last reading with another tag (None: no such reading), and not later
    than `starts_by`, the first with its own; it ended between `ends_after`, the last
    reading with its tag, and `ends_by`, the first with another (both None if it runs on).
    """

    patient_id: str
    therapy: str
    start: dt.date | None = None
    start_day: int | None = None
    end: dt.date | None = None
    end_day: int | None = None
    end_status: EndStatus = "ended"
    date_precision: Precision = "day"
    end_date_precision: str = ""
    period_id: str = ""
    kind: Kind = ""
    dose: str = ""
    cycles: int | None = None
    session_dates: tuple[dt.date | int, ...] = ()
    route: str = ""
    stop_reason: str = ""
    show_in_figure: bool = True
    note: str = ""
    therapy_text: str = ""
    dates_derived: bool = False
    starts_after: dt.date | int | None = None
    starts_by: dt.date | int | None = None
    ends_after: dt.date | int | None = None
    ends_by: dt.date | int | None = None
    place: Place = field(default_factory=Place)


def limit_text(limit: dt.date | int | None) -> str:
    """A limit from tags as text: an ISO date, a whole day, or blank."""
    return "" if limit is None else str(limit)


def limit_of(text: str) -> dt.date | int | None:
    """The limit in a text; the inverse of :func:`limit_text`."""
    if not text:
        return None
    return dt.date.fromisoformat(text) if "-" in text[1:] else int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReading:
    """One value of a second outcome, for example mouth opening or mRSS."""

    patient_id: str
    outcome: str
    value: float
    date: dt.date | None = None
    day: int | None = None
    unit: str = ""
    better: Better = ""
    note: str = ""
    doubt: Doubt = ""
    doubt_reason: str = ""
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the import noticed. `code` is stable and explained in docs/findings.md."""

    code: str
    level: Level
    message: str
    column: str = ""
    value: str = ""
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer, and what the file would become with it."""

    value: str
    preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the file alone cannot settle; nothing is stored until it is answered."""

    key: str
    message: str
    choices: tuple[Choice, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was left out, as it was written, so that it can be given back as a file."""

    place: Place
    header: tuple[str, ...]
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What was recognised about one file or sheet, in one line for the import page."""

    file: str
    sheet: str
    summary: str
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What became of the filled cells of all tables read; `cells` is the sum of the others.

    A cell is used in a record, noted in the note of one, named by a finding, or refused with
    its row.
    """

    cells: int = 0
    used: int = 0
    noted: int = 0
    named: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadResult:
    """All that reading one or more files gave: records, findings, open questions.

    `offers` are questions that nothing waits for: unanswered, less is said about the records.
    `ledger` is None while a question is open.
    """

    outcome: Outcome
    measurements: tuple[Measurement, ...] = ()
    therapies: tuple[TherapyPeriod, ...] = ()
    outcomes: tuple[OutcomeReading, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    offers: tuple[Question, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    ledger: Ledger | None = None

    def __repr__(self) -> str:
        counted = ("measurements", "therapies", "outcomes", "findings", "questions", "refused")
        lines = (f"  {name:<13} {len(getattr(self, name)):,}" for name in counted)
        asked = "".join(f"\n  question      {q.key}: {q.message}" for q in self.questions[:5])
        return "\n".join([f"ReadResult: {self.outcome}", *lines]) + asked
