"""Start, end and status of the courses of a table, row by row."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from sm_tracker.domain import records
from sm_tracker.domain.records import EndStatus
from sm_tracker.ingest.cells.dates import (
    DateText,
    end_unknown,
    ends_open,
    order_evidence,
    parse_date,
)
from sm_tracker.ingest.cells.short_texts import clean_text, read_number
from sm_tracker.ingest.cells.vague_dates import last_day_of
from sm_tracker.ingest.files.grid import is_blank, text_of
from sm_tracker.ingest.records.course_status import status_column, status_word
from sm_tracker.ingest.records.date_columns import read_dates
from sm_tracker.ingest.records.times import CODE_OF_REFUSAL, PRECISION_WORDS
from sm_tracker.ingest.tables.column_meanings import DATE_INSIDE
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class CourseLimits:
    """Start and end of the courses of a table, row by row, and what is wrong with a row."""

    start: list[dt.date | None]
    start_day: list[int | None]
    end: list[dt.date | None]
    end_day: list[int | None]
    status: list[EndStatus]
    precision: list[records.Precision]
    end_precision: list[str]
    problems: dict[int, list[str]] = field(default_factory=dict)
    columns_read: frozenset[int] = frozenset()

    @classmethod
    def of(cls, count: int) -> CourseLimits:
        """Of so many rows, about which nothing is known yet."""
        nothing: list[Any] = [None] * count
        return cls(
            list(nothing), list(nothing), list(nothing), list(nothing), ["unknown"] * count,
            ["day"] * count, [""] * count,
        )  # fmt: skip

    def days(self) -> tuple[list[dt.date | int | None], list[dt.date | int | None]]:
        """Start and end of each row, as a date or a day number."""

        def either(
            dates: list[dt.date | None], days: list[int | None]
        ) -> list[dt.date | int | None]:
            return [b if a is None else a for a, b in zip(dates, days, strict=True)]

        return either(self.start, self.start_day), either(self.end, self.end_day)

    @property
    def no_end_is_known(self) -> bool:
        """Whether nothing tells of any course when or that it ended, or that it runs."""
        return all(s == "unknown" for s in self.status) and not self.columns_read

    def bad(self, r: int, code: str) -> None:
        """Note a problem of a row, for which it will be refused."""
        self.problems.setdefault(r, []).append(code)


def read_limits(roles: ColumnRoles, context: ReadContext) -> CourseLimits:
    """Start and end of each row from the columns that tell them, and from its status."""
    limits = CourseLimits.of(len(roles.section.rows))
    found = read_dates(roles, [r for r in ("start", "end") if roles.has(r)], context)
    _starts(roles, limits, found.get("start", []), context)
    _ends(roles, limits, found.get("end", []), context)
    if roles.has("end_status"):
        _written_status(roles, limits, context)
    else:
        _said_status(roles, limits, context)
    _written_precision(roles, limits, context)
    for r in range(len(roles.section.rows)):
        if r not in limits.problems:
            _check_order(roles, limits, r, context)
    if not any(roles.has(r) for r in ("end", "end_day", "end_status")) and limits.no_end_is_known:
        context.findings.add("no_end_column", roles.location, None)
    return limits


def read_starts(roles: ColumnRoles, context: ReadContext) -> CourseLimits:
    """First days alone, of records that have no last one."""
    limits = CourseLimits.of(len(roles.section.rows))
    found = read_dates(roles, [r for r in ("start",) if roles.has(r)], context)
    _starts(roles, limits, found.get("start", []), context)
    _written_precision(roles, limits, context)
    return limits


def say_cell(
    code: str, roles: ColumnRoles, role: str, r: int, context: ReadContext, **words: object
) -> None:
    """Add a finding on the cell of a row in the column of a role."""
    context.findings.add(
        code, roles.location, roles.section.numbers[r], column=roles.name(role),
        value=text_of(roles.cell(role, r)).strip() if roles.has(role) else "", **words,
    )  # fmt: skip


def _starts(
    roles: ColumnRoles, limits: CourseLimits, dates: list[DateText | None], context: ReadContext
) -> None:
    days = _whole_days(roles, "start_day", limits, context)
    for r in range(len(roles.section.rows)):
        found = dates[r] if dates else None
        day = days[r] if days else None
        if found is None and day is None:
            if r not in limits.problems:
                limits.bad(r, "missing_date")
                say_cell(
                    "missing_date",
                    roles,
                    "start" if roles.has("start") else "start_day",
                    r,
                    context,
                )
            continue
        if found is not None and day is not None:
            limits.bad(r, "both_time_axes")
            context.findings.add("both_time_axes", roles.location, roles.section.numbers[r])
        elif found is None:
            limits.start_day[r] = day
        elif found.refused or found.ongoing or found.date is None:
            code = CODE_OF_REFUSAL.get(found.refused, "unreadable_date")
            limits.bad(r, code)
            say_cell(code, roles, "start", r, context)
        else:
            limits.start[r], limits.precision[r] = found.date, found.precision
            if found.precision != "day" or "approximate" in found.notes:
                say_cell(
                    "approximate_date", roles, "start", r, context, precision=_precision_word(found)
                )


def _precision_word(found: DateText) -> Message:
    return (
        PRECISION_WORDS[found.precision] if found.precision != "day" else Message("approximate day")
    )


def _whole_days(
    roles: ColumnRoles, role: str, limits: CourseLimits, context: ReadContext
) -> list[int | None]:
    if not roles.has(role):
        return []
    days: list[int | None] = []
    for r, cell in enumerate(roles.cells(role)):
        number = None if is_blank(cell) else read_number(cell)
        if number is None and not is_blank(cell) and not ends_open(text_of(cell)):
            limits.bad(r, "not_a_number")
            say_cell("not_a_number", roles, role, r, context)
        elif number is not None and number != int(number):
            limits.bad(r, "not_whole")
            say_cell("not_whole", roles, role, r, context)
            number = None
        days.append(None if number is None else int(number))
    return days


def _ends(
    roles: ColumnRoles, limits: CourseLimits, dates: list[DateText | None], context: ReadContext
) -> None:
    days = _whole_days(roles, "end_day", limits, context)
    cells = roles.cells("end") if roles.has("end") else []
    if not cells and not days:
        return
    for r in range(len(roles.section.rows)):
        limits.status[r] = "ongoing"
        if days and days[r] is not None:
            limits.end_day[r], limits.status[r] = days[r], "ended"
        if not cells or dates[r] is None:
            continue
        _end_date(roles, limits, r, text_of(cells[r]), dates[r], context)


def _end_date(
    roles: ColumnRoles,
    limits: CourseLimits,
    r: int,
    text: str,
    found: DateText | None,
    context: ReadContext,
) -> None:
    if found is None or found.ongoing or ends_open(text):
        return
    said = None if _DIGIT.search(text) else status_word(clean_text(text).casefold())
    if said == "ongoing":
        return
    if end_unknown(text) or said:
        limits.status[r] = "unknown"
        say_cell("end_unknown", roles, "end", r, context)
    elif found.refused or found.date is None:
        code = CODE_OF_REFUSAL.get(found.refused, "unreadable_date")
        limits.bad(r, code)
        say_cell(code, roles, "end", r, context)
    else:
        limits.end[r], limits.status[r] = _last_day(found), "ended"
        if found.precision != limits.precision[r]:
            limits.end_precision[r] = found.precision
        if found.precision != "day" or "approximate" in found.notes:
            say_cell("approximate_date", roles, "end", r, context, precision=_precision_word(found))


def _last_day(found: DateText) -> dt.date | None:
    """The day that stands for a vague end: the last of its week, month, quarter or year."""
    return None if found.date is None else last_day_of(found.date, found.precision)


def _written_status(roles: ColumnRoles, limits: CourseLimits, context: ReadContext) -> None:
    """What a column end_status says, checked against the end."""
    for r, cell in enumerate(roles.cells("end_status")):
        word = clean_text(cell).casefold()
        if not word:
            continue
        written = status_word(word)
        known = limits.end[r] is not None or limits.end_day[r] is not None
        if written is None:
            limits.bad(r, "unknown_word")
            say_cell(
                "unknown_word", roles, "end_status", r, context, allowed="ended, ongoing, unknown"
            )
        elif known and written != "ended":
            limits.bad(r, "end_contradicts")
            say_cell("end_contradicts", roles, "end_status", r, context)
        elif not known and written == "ended" and r not in limits.problems:
            limits.bad(r, "end_missing")
            say_cell("end_missing", roles, "end_status", r, context)
        else:
            limits.status[r] = written


def _said_status(roles: ColumnRoles, limits: CourseLimits, context: ReadContext) -> None:
    """A blank end is not an open one where a column says that the course was stopped."""
    column, states = status_column(roles)
    if column is None:
        return
    limits.columns_read = frozenset({column})
    roles = roles.with_roles(course_status=column)
    for r, said in enumerate(states):
        if r in limits.problems:
            continue
        known = limits.end[r] is not None or limits.end_day[r] is not None
        if said == "ended" and not known and (day := _day_in(roles, r, context)):
            limits.end[r], limits.status[r] = day, "ended"
            say_cell("end_from_status", roles, "course_status", r, context, date=day)
            continue
        if said is None:
            written = not is_blank(roles.cell("course_status", r))
            if (
                written
                and not known
                and roles.by_role["course_status"] == roles.by_role.get("status")
            ):
                limits.status[r] = "unknown"
                say_cell("status_word_unknown", roles, "course_status", r, context)
            continue
        if known and said == "ongoing":
            limits.bad(r, "end_contradicts")
            say_cell("end_contradicts", roles, "course_status", r, context)
        elif not known and said == "ongoing":
            limits.status[r] = said
        elif not known and limits.status[r] != "unknown":
            limits.status[r] = "unknown"
            say_cell("end_unknown", roles, "course_status", r, context)


def _day_in(roles: ColumnRoles, r: int, context: ReadContext) -> dt.date | None:
    """The one day that a status names, as in "stopped 2023-02-01", where its order is clear."""
    dates = DATE_INSIDE.findall(text_of(roles.cell("course_status", r)))
    order = order_evidence(dates).order
    if len(dates) != 1 or order in ("ambiguous", "contradictory"):
        return None
    read = parse_date(
        dates[0], order="month-first" if order == "month-first" else "day-first",
        today=context.today,
    )  # fmt: skip
    return read.date if not read.refused and read.precision == "day" else None


def _written_precision(roles: ColumnRoles, limits: CourseLimits, context: ReadContext) -> None:
    """How exactly the dates are known, where columns say so."""
    for role, found in (
        ("date_precision", limits.precision),
        ("end_date_precision", limits.end_precision),
    ):
        if not roles.has(role):
            continue
        for r, cell in enumerate(roles.cells(role)):
            word = clean_text(cell).casefold()
            if word in records.PRECISIONS:
                found[r] = word  # type: ignore[call-overload]
            elif word:
                limits.bad(r, "unknown_word")
                say_cell(
                    "unknown_word", roles, role, r, context, allowed=", ".join(records.PRECISIONS)
                )


def _check_order(roles: ColumnRoles, limits: CourseLimits, r: int, context: ReadContext) -> None:
    start, end = limits.start[r], limits.end[r]
    first, last = limits.start_day[r], limits.end_day[r]
    dates_turned = start is not None and end is not None and end < start
    days_turned = first is not None and last is not None and last < first
    if dates_turned or days_turned:
        limits.bad(r, "end_before_start")
        role = "end" if dates_turned else "end_day"
        say_cell(
            "end_before_start", roles, role, r, context, start=start if dates_turned else first
        )
    elif (start is None) != (end is None) and (end or last is not None):
        limits.bad(r, "both_time_axes")
        context.findings.add("both_time_axes", roles.location, roles.section.numbers[r])
