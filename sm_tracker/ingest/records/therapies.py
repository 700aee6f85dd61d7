"""Rows of a table of therapies become therapy periods."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sm_tracker.domain import records
from sm_tracker.domain.records import Kind, Place, TherapyPeriod
from sm_tracker.ingest.cells.dates import parse_date
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.short_texts import clean_text, read_flag, read_number
from sm_tracker.ingest.cells.therapy_schedule import read_schedule, unit_of_dose
from sm_tracker.ingest.cells.therapy_text import kept_words
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.messages.finding_log import refusal_reason
from sm_tracker.ingest.records.course_limits import read_limits, say_cell
from sm_tracker.ingest.records.making import made
from sm_tracker.ingest.records.measurements import row_notes
from sm_tracker.ingest.records.people import read_patients
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.tag_limits import read_tag_limits
from sm_tracker.ingest.records.therapy_cells import Therapies, read_therapies
from sm_tracker.ingest.tables.column_roles import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
<<<<<<< HEAD
=======
from sm_tracker.languages import Message


@dataclass(slots=True)
class CourseLimits:
    """Start and end of the courses of a table, row by row."""

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
        """The limits of so many rows, nothing known of them yet."""
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

    def bad(self, r: int, code: str) -> None:
        """Note what is wrong with a row."""
        self.problems.setdefault(r, []).append(code)
>>>>>>> main


def read_therapy_periods(
    roles: ColumnRoles, context: ReadContext, refused: RefusedRows
) -> RecordBatch:
    """All therapy periods of one table; rows with a problem are left out and named."""
    section = roles.section
    patients = read_patients(roles, context)
    therapies = read_therapies(roles, context)
    limits = read_limits(roles, context)
    tagged = read_tag_limits(roles, *limits.days(), context)
    doses = _doses(roles, therapies)
    cycles = _cycles(roles, therapies, context)
    others = _others(roles, therapies, context)
    periods: list[TherapyPeriod] = []
    rows: list[Place] = []
    for r, number in enumerate(section.numbers):
        reasons = [
            *([patients.problems[r]] if r in patients.problems else []),
            *([therapies.problems[r]] if r in therapies.problems else []),
            *limits.problems.get(r, ()),
            *([tagged.problems[r]] if r in tagged.problems else []),
        ]
        if reasons:
            for code in reasons:
                refused.add(number, section.rows[r], refusal_reason(code))
            continue

        def period(name: str, r: int = r, number: int = number) -> TherapyPeriod:
            return TherapyPeriod(
                patient_id=patients.found[r],
                therapy=name,
                therapy_text=therapies.texts[r],
                start=limits.start[r],
                start_day=limits.start_day[r],
                end=limits.end[r],
                end_day=limits.end_day[r],
                end_status=limits.status[r],
                date_precision=limits.precision[r],
                end_date_precision=limits.end_precision[r],
                dose=doses[r],
                cycles=cycles[r],
                dates_derived=tagged.derived(r),
                starts_after=tagged.of("starts_after")[r],
                starts_by=tagged.of("starts_by")[r],
                ends_after=tagged.of("ends_after")[r],
                ends_by=tagged.of("ends_by")[r],
                place=Place(file=roles.location.file, sheet=roles.location.sheet, row=number),
                **{role: column[r] for role, column in others.items()},
            )

        row = (roles.location, number, section.rows[r])
        found = [
            p
            for n in therapies.names[r]
            for p in made(partial(period, n), row, context, refused, roles.name)
        ]
        periods += found
        if found:
            rows.append(roles.location.row(number))
    return RecordBatch(
        therapies=tuple(periods), courses_at=frozenset(rows), columns_read=limits.columns_read
    )


<<<<<<< HEAD
=======
# Start and end


def _read_limits(roles: ColumnRoles, context: ReadContext) -> CourseLimits:
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
    return limits


def read_starts(roles: ColumnRoles, context: ReadContext) -> CourseLimits:
    """First days alone, of records that have no last one."""
    limits = CourseLimits.of(len(roles.section.rows))
    found = read_dates(roles, [r for r in ("start",) if roles.has(r)], context)
    _starts(roles, limits, found.get("start", []), context)
    _written_precision(roles, limits, context)
    return limits


def _say(
    code: str, roles: ColumnRoles, role: str, r: int, context: ReadContext, **words: object
) -> None:
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
                _say(
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
            _say(code, roles, "start", r, context)
        else:
            limits.start[r], limits.precision[r] = found.date, found.precision
            if found.precision != "day" or "approximate" in found.notes:
                _say(
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
            _say("not_a_number", roles, role, r, context)
        elif number is not None and number != int(number):
            limits.bad(r, "not_whole")
            _say("not_whole", roles, role, r, context)
            number = None
        days.append(None if number is None else int(number))
    return days


def _ends(
    roles: ColumnRoles, limits: CourseLimits, dates: list[DateText | None], context: ReadContext
) -> None:
    days = _whole_days(roles, "end_day", limits, context)
    cells = roles.cells("end") if roles.has("end") else []
    if not cells and not days:
        if not roles.has("end_status"):
            context.findings.add("no_end_column", roles.location, None)
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
    if end_unknown(text):
        limits.status[r] = "unknown"
        _say("end_unknown", roles, "end", r, context)
    elif found.refused or found.date is None:
        code = CODE_OF_REFUSAL.get(found.refused, "unreadable_date")
        limits.bad(r, code)
        _say(code, roles, "end", r, context)
    else:
        limits.end[r], limits.status[r] = _last_day(found), "ended"
        if found.precision != limits.precision[r]:
            limits.end_precision[r] = found.precision
        if found.precision != "day" or "approximate" in found.notes:
            _say("approximate_date", roles, "end", r, context, precision=_precision_word(found))


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
            _say("unknown_word", roles, "end_status", r, context, allowed="ended, ongoing, unknown")
        elif known and written != "ended":
            limits.bad(r, "end_contradicts")
            _say("end_contradicts", roles, "end_status", r, context)
        elif not known and written == "ended" and r not in limits.problems:
            limits.bad(r, "end_missing")
            _say("end_missing", roles, "end_status", r, context)
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
            _say("end_from_status", roles, "course_status", r, context, date=day)
            continue
        if said is None:
            written = not is_blank(roles.cell("course_status", r))
            if (
                written
                and not known
                and roles.by_role["course_status"] == roles.by_role.get("status")
            ):
                limits.status[r] = "unknown"
                _say("status_word_unknown", roles, "course_status", r, context)
            continue
        if known and said == "ongoing":
            limits.bad(r, "end_contradicts")
            _say("end_contradicts", roles, "course_status", r, context)
        elif not known and said == "ongoing":
            limits.status[r] = said
        elif not known and limits.status[r] != "unknown":
            limits.status[r] = "unknown"
            _say("end_unknown", roles, "course_status", r, context)


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
                _say("unknown_word", roles, role, r, context, allowed=", ".join(records.PRECISIONS))


def _check_order(roles: ColumnRoles, limits: CourseLimits, r: int, context: ReadContext) -> None:
    start, end = limits.start[r], limits.end[r]
    first, last = limits.start_day[r], limits.end_day[r]
    dates_turned = start is not None and end is not None and end < start
    days_turned = first is not None and last is not None and last < first
    if dates_turned or days_turned:
        limits.bad(r, "end_before_start")
        role = "end" if dates_turned else "end_day"
        _say("end_before_start", roles, role, r, context, start=start if dates_turned else first)
    elif (start is None) != (end is None) and (end or last is not None):
        limits.bad(r, "both_time_axes")
        context.findings.add("both_time_axes", roles.location, roles.section.numbers[r])


# Dose, cycles and the rest


>>>>>>> main
def _doses(roles: ColumnRoles, therapies: Therapies) -> list[str]:
    """Dose and schedule as written, from their columns or from the therapy cell."""
    columns = [
        [clean_text(c) for c in roles.cells(role)]
        for role in ("dose", "schedule", "frequency_mhz")  # "frequency" of a drug, not of a probe
        if roles.has(role)
    ]
    in_header = unit_of_dose(roles.name("dose"))
    if roles.has("dose") and (roles.has("unit") or in_header):
        units = (
            [clean_text(c) for c in roles.cells("unit")]
            if roles.has("unit")
            else [in_header] * len(therapies.parts)
        )
        columns[0] = [f"{d} {u}" if u and re.fullmatch(r"[\d.,]+", d) else d
                      for d, u in zip(columns[0], units, strict=True)]  # fmt: skip
    found = []
    for r, parts in enumerate(therapies.parts):
        written = [column[r] for column in columns if column[r] and not _says_none(column[r])]
        if not any(written):
            written = [p for p in (kept_words(parts), parts.dose, parts.schedule) if p]
        found.append(", ".join(written))
    return found


def _cycles(roles: ColumnRoles, therapies: Therapies, context: ReadContext) -> list[int | None]:
    cells: Sequence[Cell] = roles.cells("cycles") if roles.has("cycles") else []
    found: list[int | None] = []
    for r, parts in enumerate(therapies.parts):
        number = read_number(cells[r]) if cells and not is_blank(cells[r]) else None
        if number is not None and number == int(number):
            found.append(int(number))
            continue
        count, text = next(_cycle_texts(roles, cells, r, parts.cycles, parts.text), (None, ""))
        if count is not None:
            context.findings.add(
                "cycles_in_text", roles.location, roles.section.numbers[r], value=text, cycles=count
            )
        elif cells and not is_blank(cells[r]) and not _says_none(cells[r]):
            say_cell("optional_unreadable", roles, "cycles", r, context)
        found.append(count)
    return found


def _says_none(cell: Cell) -> bool:
    return plain_name(text_of(cell)) in ("", "na", "n a", "none", "keine", "k a", "x", "aucun")


def _cycle_texts(
    roles: ColumnRoles, cells: Sequence[Cell], r: int, in_therapy: int | None, text: str
) -> Iterator[tuple[int, str]]:
    """Numbers of cycles found in texts of a row, the likeliest place first."""
    if cells:
        written = clean_text(cells[r])
        count = read_schedule(f"x {written}").cycles
        if count is None and re.fullmatch(r"\d{1,3}\s?[x×]?", written):
            count = int(re.sub(r"\D", "", written))
        if given := re.fullmatch(r"(\d{1,3})\s?(?:/|von|of|sur)\s?\d{1,3}", written):
            count = int(given[1])  # 3/6: three of six planned
        if count is not None:
            yield count, written
    if in_therapy is not None:
        yield in_therapy, text
    for role in ("dose", "schedule"):
        if roles.has(role) and not is_blank(roles.cell(role, r)):
            written = clean_text(roles.cell(role, r))
            count = read_schedule(written).cycles
            if count is not None:
                yield count, written


def _others(roles: ColumnRoles, therapies: Therapies, context: ReadContext) -> dict[str, list[Any]]:
    """Optional columns, each as the field of the record it fills."""
    found: dict[str, list[Any]] = {"note": row_notes(roles, context)}
    for role in ("period_id", "stop_reason"):
        if roles.has(role):
            found[role] = [clean_text(c) for c in roles.cells(role)]
    parts = therapies.parts
    routes = [clean_text(c) for c in roles.cells("route")] if roles.has("route") else []
    found["route"] = [routes[r] if routes and routes[r] else p.route for r, p in enumerate(parts)]
    found["kind"] = _kinds(roles, context, [p.kind for p in parts])
    if roles.has("show_in_figure"):
        found["show_in_figure"] = _flags(roles, context)
    if roles.has("session_dates"):
        found["session_dates"] = _sessions(roles, context)
    return found


def _kinds(roles: ColumnRoles, context: ReadContext, from_text: list[Kind]) -> list[Kind]:
    if not roles.has("kind"):
        return from_text
    kinds: list[Kind] = []
    for r, cell in enumerate(roles.cells("kind")):
        word = clean_text(cell).casefold()
        written = read_schedule(word).kind if word and word not in records.KINDS else word
        if word and not written:
            say_cell("optional_unreadable", roles, "kind", r, context)
        kinds.append(written or from_text[r])  # type: ignore[arg-type]
    return kinds


def _flags(roles: ColumnRoles, context: ReadContext) -> list[bool]:
    flags = []
    for r, cell in enumerate(roles.cells("show_in_figure")):
        flag = read_flag(clean_text(cell)) if not is_blank(cell) else True
        if flag is None:
            say_cell("optional_unreadable", roles, "show_in_figure", r, context)
        flags.append(flag is not False)
    return flags


def _sessions(roles: ColumnRoles, context: ReadContext) -> list[tuple[dt.date | int, ...]]:
    found = []
    for r, cell in enumerate(roles.cells("session_dates")):
        days: list[dt.date | int] = []
        for word in re.split(r"[\s,;|]+", clean_text(cell)):
            if not word:
                continue
            if re.fullmatch(r"-?\d{1,4}", word):
                days.append(int(word))
                continue
            read = parse_date(word, order="day-first", today=context.today)
            if read.date is None or read.precision != "day" or read.order_used:
                say_cell("optional_unreadable", roles, "session_dates", r, context)
            else:
                days.append(read.date)
        found.append(tuple(days))
    return found
