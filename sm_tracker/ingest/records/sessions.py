"""Single sessions of a therapy become courses."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from sm_tracker.domain.records import Choice, TherapyPeriod
from sm_tracker.ingest.files.grid import is_blank
from sm_tracker.ingest.records.making import joined_notes
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.therapies import read_therapy_periods
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.languages import Message

FEWEST_SESSIONS = 3
GAP_DAYS = 120
ONE_COURSE, SPLIT, SINGLE = "one-course", "split-at-gaps", "single"

Day = dt.date | int


def sessions_of_dates(
    roles: ColumnRoles, context: ReadContext, refused: RefusedRows
) -> RecordBatch:
    """Rows with a therapy and one date: each is a session, courses are asked for."""
    role_names = dict(roles.by_role)
    for role, other in (("start", "date"), ("start_day", "day")):
        if other in role_names:
            role_names[role] = role_names.pop(other)
    for role, other in (("end", "start"), ("end_day", "start_day")):
        if other in role_names:
            role_names[role] = role_names[other]
    dated = replace(roles, by_role=role_names)
    batch = read_therapy_periods(dated, context, refused)
    periods = [replace(p, kind=p.kind or "single") for p in batch.therapies]
    return replace(batch, therapies=_joined(periods, roles, context, fewest=2))


def join_sessions(roles: ColumnRoles, batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Ask about courses where a therapy is written as many days of one session each.

    Our own export says of every row whether it is drawn, so each is a period that was kept as
    one, and nothing is asked.
    """
    if roles.has("show_in_figure") and not any(map(is_blank, roles.cells("show_in_figure"))):
        return batch
    joined = _joined(batch.therapies, roles, context, fewest=FEWEST_SESSIONS)
    return replace(batch, therapies=joined)


def _first_day(period: TherapyPeriod) -> Day | None:
    return period.start if period.start is not None else period.start_day


def _is_session(period: TherapyPeriod, *, ends_known: bool) -> bool:
    if period.session_dates or period.date_precision != "day":
        return False
    if not ends_known:
        return period.end_status != "ended"
    if period.start is not None:
        return period.end == period.start
    return period.end_day is not None and period.end_day == period.start_day


def _joined(
    periods: Sequence[TherapyPeriod], roles: ColumnRoles, context: ReadContext, *, fewest: int
) -> tuple[TherapyPeriod, ...]:
    groups: dict[tuple[str, str], list[TherapyPeriod]] = defaultdict(list)
    ends_known = any(p.end_status == "ended" for p in periods)
    for period in periods:
        if _is_session(period, ends_known=ends_known):
            groups[period.patient_id, period.therapy].append(period)
    courses = {
        key: sorted(found, key=_order)
        for key, found in groups.items()
        if len({_first_day(p) for p in found}) >= fewest
    }
    if not courses:
        return tuple(periods)
    answer = _ask(courses, roles, context)
    if answer == SINGLE:
        return tuple(periods)
    single = {id(p) for found in courses.values() for p in found}
    made: list[TherapyPeriod] = []
    for sessions in courses.values():
        for part in _parts(sessions) if answer == SPLIT else [sessions]:
            made.append(_course(part))
            if answer:
                _say(made[-1], len(part), roles, context)
    kept = [p for p in periods if id(p) not in single]
    return tuple(sorted(kept + made, key=lambda p: p.place.row or 0))


def _number(day: Day) -> int:
    return day.toordinal() if isinstance(day, dt.date) else day


def _order(period: TherapyPeriod) -> int:
    return _number(_first_day(period) or 0)


def _parts(sessions: list[TherapyPeriod]) -> list[list[TherapyPeriod]]:
    parts: list[list[TherapyPeriod]] = [[sessions[0]]]
    for before, after in pairwise(sessions):
        if _order(after) - _order(before) > GAP_DAYS:
            parts.append([])
        parts[-1].append(after)
    return parts


def _course(sessions: list[TherapyPeriod]) -> TherapyPeriod:
    """One period from the first to the last session, with a tick for each."""
    first, last = sessions[0], sessions[-1]
    days = tuple(dict.fromkeys(d for p in sessions if (d := _first_day(p)) is not None))
    return replace(
        first,
        end=last.start,
        end_day=last.start_day,
        end_status="ended",
        kind=first.kind if first.kind not in ("", "single") else "cyclic",
        cycles=len(days),
        session_dates=days,
        dose=in_turn(p.dose for p in sessions),
        note=joined_notes([p.note for p in sessions]),
    )


def in_turn(doses: Iterable[str]) -> str:
    """The different doses of a course or run, in the order of time."""
    return "; ".join(list(dict.fromkeys(filter(None, doses)))[:4])


def _ask(
    courses: dict[tuple[str, str], list[TherapyPeriod]], roles: ColumnRoles, context: ReadContext
) -> str | None:
    total = sum(map(len, courses.values()))
    gaps = sum(len(_parts(s)) for s in courses.values())
    example = next(iter(courses.values()))
    shown = Message(
        "{therapy}: {n} sessions from {first} to {last}",
        therapy=example[0].therapy,
        n=len(example),
        first=_first_day(example[0]),
        last=_first_day(example[-1]),
    )
    choices = [
        Choice(
            ONE_COURSE,
            Message(
                "courses: {n}, with {total} sessions as ticks; {shown}",
                n=len(courses),
                total=total,
                shown=shown,
            ),
        ),
        Choice(SINGLE, Message("{n} therapy periods of one day each", n=total)),
    ]
    if gaps > len(courses):
        choices.insert(
            1,
            Choice(
                SPLIT,
                Message(
                    "{n} courses, a new one after a gap of more than {days} days",
                    n=gaps,
                    days=GAP_DAYS,
                ),
            ),
        )
    return context.questions.ask(
        "sessions",
        Message(
            "The table has one row for each session ({shown}). Should the sessions of a therapy "
            "form one course, with a tick for each?",
            shown=shown,
        ),
        choices,
        roles.location,
    )


def _say(course: TherapyPeriod, count: int, roles: ColumnRoles, context: ReadContext) -> None:
    context.findings.add(
        "sessions_joined", roles.location, course.place.row, count=count, therapy=course.therapy,
        start=_first_day(course), end=course.end if course.end is not None else course.end_day,
    )  # fmt: skip
