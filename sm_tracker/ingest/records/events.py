"""Rows of a table of events: what happened to a patient, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sm_tracker.domain.event_kinds import EVENT_KINDS, OTHER_EVENT, event_kind_of
from sm_tracker.domain.records import Event, Place
from sm_tracker.ingest.cells.short_texts import clean_text
from sm_tracker.ingest.messages.finding_log import refusal_reason
from sm_tracker.ingest.records.course_limits import read_starts
from sm_tracker.ingest.records.making import joined_notes, made
from sm_tracker.ingest.records.measurements import row_notes
from sm_tracker.ingest.records.people import read_patients
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows

ENDS = ("end", "end_day")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the cells of a row say of its event; `word` is a kind that is not a known one."""

    event: str
    kind: str
    word: str


def read_events(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Events of one table; rows with a problem are left out and named.

    Days are read as those of courses are: a month, quarter, season or year is kept with its
    precision.
    """
    patients = read_patients(roles, context)
    days = read_starts(_dated_like_courses(roles), context)
    texts = [clean_text(c) for c in roles.cells("event")]
    kinds = (
        [clean_text(c) for c in roles.cells("event_kind")]
        if roles.has("event_kind")
        else [""] * len(texts)
    )
    notes, ends = row_notes(roles, context), _ends(roles)
    found: list[Event] = []
    for r, number in enumerate(roles.section.numbers):
        said = _said(texts[r], kinds[r])
        codes = [patients.problems[r]] if r in patients.problems else []
        codes += days.problems.get(r, ())
        if said is None:
            codes.append("missing_event")
            context.findings.add("missing_event", roles.location, number)
        if said is None or codes:
            for code in codes:
                refused.add(number, roles.section.rows[r], refusal_reason(code))
            continue
        make = partial(
            Event,
            patient_id=patients.found[r],
            date=days.start[r],
            day=days.start_day[r],
            event=said.event,
            kind=said.kind,
            date_precision=days.precision[r],
            note=joined_notes([said.word, ends[r], notes[r]]),
            place=Place(file=roles.location.file, sheet=roles.location.sheet, row=number),
        )
        where = (roles.location, number, roles.section.rows[r])
        found += made(make, where, context, refused, roles.name)
    until = frozenset(roles.by_role[r] for r in ENDS if roles.has(r))
    return RecordBatch(events=tuple(found), note_columns=until)


def _dated_like_courses(roles: ColumnRoles) -> ColumnRoles:
    """Roles in which the day of an event stands where the start of a course does."""
    of_starts = {"date": "start", "day": "start_day"}
    by_role = {of_starts.get(role, role): index for role, index in roles.by_role.items()}
    return roles.without(*roles.by_role).with_roles(**by_role)


def _ends(roles: ColumnRoles) -> list[str]:
    """The last day of each event as written, behind the header of its column; mostly blank."""
    said = [""] * len(roles.section.rows)
    for role in ENDS:
        if roles.has(role):
            cells = map(clean_text, roles.cells(role))
            said = [f"{roles.name(role)} {c}" if c else s for s, c in zip(said, cells, strict=True)]
    return said


def _said(text: str, kind: str) -> _Said | None:
    """The event of a row by its text and its kind; None where both are blank.

    A kind that is one of ours counts as written, any other word by what it names, else the
    text by what it names.
    """
    if not (text or kind):
        return None
    if kind.casefold() in EVENT_KINDS:
        return _Said(text or kind, kind.casefold(), "")
    named = event_kind_of(kind)
    word = "" if named or not text else kind
    return _Said(text or kind, named or event_kind_of(text) or OTHER_EVENT, word)
