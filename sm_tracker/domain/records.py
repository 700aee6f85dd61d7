"""Frozen records of what a clinic writes down, each with the place it was read from.

Each field is described where it is declared, and a record that would break its description is
not made: see :mod:`sm_tracker.domain.record_rules`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

from sm_tracker.domain.event_kinds import EVENT_KINDS, OTHER_EVENT
from sm_tracker.domain.record_fields import (
    LONGEST_NOTE,
    MOST_COUNT,
    MOST_MM,
    MOST_VALUE,
    day_number_field,
    described,
)
from sm_tracker.domain.record_rules import (
    EVENT_RULES,
    MEASUREMENT_RULES,
    OUTCOME_RULES,
    THERAPY_RULES,
    settle,
)
from sm_tracker.errors import RecordError
from sm_tracker.languages import Message

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

QUALIFIERS: tuple[str, ...] = get_args(Qualifier)
STATUSES: tuple[str, ...] = get_args(Status)
SIDES: tuple[str, ...] = get_args(Side)
KINDS: tuple[str, ...] = get_args(Kind)
END_STATUSES: tuple[str, ...] = get_args(EndStatus)
PRECISIONS: tuple[str, ...] = get_args(Precision)
LIMITS_FROM_TAGS = ("starts_after", "starts_by", "ends_after", "ends_by")
BETTER: tuple[str, ...] = get_args(Better)
DOUBTS: tuple[str, ...] = get_args(Doubt)
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

    Raises
    ------
    RecordError
        If a field holds what it cannot hold; with the field, the reason and what to do.
    """

    patient_id: str = described("code", "pseudonymous patient code", needed=True)
    date: dt.date | None = described("date", "calendar date of the visit, or empty")
    day: int | None = day_number_field("whole days from any origin, where no date is given")
    site: str = described("label", "body site", needed=True)
    side: Side = described("word", "side of the body", words=SIDES)
    layer: str = described("label", "layer measured, for example dermis")
    thickness_mm: float | None = described(
        "number", "thickness in mm", unit="mm", above=0, most=MOST_MM, column=True
    )
    qualifier: Qualifier = described("word", "below or above the value", words=QUALIFIERS)
    status: Status = described(
        "word", "state of the reading", words=STATUSES, default="ok", fills=True
    )
    replicate: int | None = described(
        "whole", "replicate number within the visit", least=-MOST_COUNT, most=MOST_COUNT
    )
    device: str = described("label", "device code or name")
    frequency_mhz: float | None = described(
        "number", "probe frequency in MHz", unit="MHz", least=0, most=MOST_COUNT
    )
    velocity_m_s: float | None = described(
        "number", "sound velocity set on the device, m/s", unit="m/s", least=0, most=MOST_COUNT
    )
    examiner: str = described("code", "code of the examiner")
    note: str = described("note", "free text")
    sd_mm: float | None = described(
        "number", "spread printed beside the value, mm", unit="mm", least=0, most=MOST_MM
    )
    approximate: bool = described("flag", "value was marked as approximate", default=False)
    site_text: str = described("note", "site as written in the file")
    assumed: str = described(
        "note", "fields assumed to be those of its series, separated by blanks"
    )
    doubt: Doubt = described("word", "whether the value is doubtful", words=DOUBTS)
    doubt_reason: str = described("name", "code of the reason")
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        settle(self, MEASUREMENT_RULES)


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

    Raises
    ------
    RecordError
        If a field holds what it cannot hold; with the field, the reason and what to do.
    """

    patient_id: str = described("code", "pseudonymous patient code", needed=True)
    therapy: str = described("name", "regimen, standard name", needed=True)
    start: dt.date | None = described("date", "first day")
    start_day: int | None = day_number_field("first day as a day number")
    end: dt.date | None = described("date", "last day, empty if ongoing or unknown")
    end_day: int | None = day_number_field("last day as a day number")
    end_status: EndStatus = described("word", "how it ended", words=END_STATUSES, default="ended")
    date_precision: Precision = described(
        "word", "how exactly the dates are known", words=PRECISIONS, default="day", fills=True
    )
    end_date_precision: str = described(
        "word", "the same for the end where it differs", words=("", *PRECISIONS)
    )
    period_id: str = described("name", "identity of the period within the patient")
    kind: Kind = described("word", "way of giving", words=KINDS)
    dose: str = described("note", "dose as written")
    cycles: int | None = described(
        "whole", "number of cycles, pulses or sessions", least=-MOST_COUNT, most=MOST_COUNT
    )
    session_dates: tuple[dt.date | int, ...] = described(
        "times", "ISO dates (or days) separated by blanks"
    )
    route: str = described("name", "route of giving")
    stop_reason: str = described("note", "why it was stopped")
    show_in_figure: bool = described("flag", "drawn as a lane", default=True, fills=True)
    note: str = described("note", "free text")
    therapy_text: str = described("note", "therapy as written in the file")
    dates_derived: bool = described("flag", "limits taken from the tags of readings", default=False)
    starts_after: dt.date | int | None = described(
        "time", "last reading with another tag before the start, ISO date or day"
    )
    starts_by: dt.date | int | None = described(
        "time", "first reading with its tag, ISO date or day"
    )
    ends_after: dt.date | int | None = described(
        "time", "last reading with its tag, ISO date or day"
    )
    ends_by: dt.date | int | None = described(
        "time", "first reading with another tag after it, ISO date or day"
    )
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        settle(self, THERAPY_RULES)


def tag_limit_text(limit: dt.date | int | None) -> str:
    """A limit from tags as text: an ISO date, a whole day, or blank."""
    return "" if limit is None else str(limit)


def tag_limit_of(text: str) -> dt.date | int | None:
    """The limit in a text; the inverse of :func:`tag_limit_text`."""
    if not text:
        return None
    return dt.date.fromisoformat(text) if "-" in text[1:] else int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReading:
    """One value of a second outcome, for example mouth opening or mRSS.

    Raises
    ------
    RecordError
        If a field holds what it cannot hold; with the field, the reason and what to do.
    """

    patient_id: str = described("code", "pseudonymous patient code", needed=True)
    date: dt.date | None = described("date", "calendar date, or empty")
    day: int | None = day_number_field("whole days from any origin")
    outcome: str = described("name", "name of the outcome", needed=True)
    value: float = described(
        "number", "value in `unit`", needed=True, least=-MOST_VALUE, most=MOST_VALUE
    )
    unit: str = described("name", "unit of the value")
    better: Better = described("word", "better direction, blank if not known", words=BETTER)
    note: str = described("note", "free text")
    doubt: Doubt = described("word", "whether the value is doubtful", words=DOUBTS)
    doubt_reason: str = described("name", "code of the reason")
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        settle(self, OUTCOME_RULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the patient on a day: a biopsy, an admission, a photograph.

    `event` is what was written down, `kind` the kind it is drawn as. With a `date_precision`
    other than day the stored day stands for any day of that week, month, quarter or year.

    Raises
    ------
    RecordError
        If a field holds what it cannot hold; with the field, the reason and what to do.
    """

    patient_id: str = described("code", "pseudonymous patient code", needed=True)
    date: dt.date | None = described("date", "calendar date, or empty")
    day: int | None = day_number_field("whole days from any origin")
    event: str = described("name", "what happened, as written", needed=True, longest=LONGEST_NOTE)
    kind: str = described(
        "word", "kind of event", words=EVENT_KINDS, default=OTHER_EVENT, fills=True
    )
    date_precision: Precision = described(
        "word", "how exactly the date is known", words=PRECISIONS, default="day", fills=True
    )
    note: str = described("note", "free text")
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        settle(self, EVENT_RULES)


Record = Measurement | TherapyPeriod | OutcomeReading | Event
R = TypeVar("R", bound=Record)


def as_kept(kind: type[R], /, **values: Any) -> R:
    """A record as it was stored by any version, also where it is beyond today's limits."""
    record = object.__new__(kind)
    for known in dataclasses.fields(kind):
        if known.name in values:
            value = values[known.name]
        elif known.default_factory is not dataclasses.MISSING:
            value = known.default_factory()
        else:
            value = known.default
        object.__setattr__(record, known.name, value)
    return record


def is_valid(record: Record) -> bool:
    """Whether a stored record could be made today."""
    try:
        dataclasses.replace(record)
    except RecordError:
        return False
    return True


def with_kept(record: R, /, **values: Any) -> R:
    """A stored record with other values in some fields, also where it is beyond the limits."""
    held = {known.name: getattr(record, known.name) for known in dataclasses.fields(record)}
    return as_kept(type(record), **{**held, **values})


LETTERED = "column "
"""How a column without a name of its own is called in findings and answers: ``column C``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the import noticed. `code` is stable and explained in docs/findings.md."""

    code: str
    level: Level
    message: Message
    column: str = ""
    value: str = ""
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer, and what the file would become with it."""

    value: str
    preview: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the file alone cannot settle; nothing is stored until it is answered."""

    key: str
    message: Message
    choices: tuple[Choice, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was left out, as it was written, so that it can be given back as a file."""

    place: Place
    header: tuple[str, ...]
    cells: tuple[str, ...]
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What was recognised about one file or sheet, in one line for the import page."""

    file: str
    sheet: str
    summary: Message
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
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    offers: tuple[Question, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    ledger: Ledger | None = None

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, kind by kind."""
        return (*self.measurements, *self.therapies, *self.outcomes, *self.events)

    def __repr__(self) -> str:
        counted = (
            *("measurements", "therapies", "outcomes", "events"),
            *("findings", "questions", "refused"),
        )
        lines = (f"  {name:<13} {len(getattr(self, name)):,}" for name in counted)
        asked = "".join(f"\n  question      {q.key}: {q.message}" for q in self.questions[:5])
        return "\n".join([f"ReadResult: {self.outcome}", *lines]) + asked
