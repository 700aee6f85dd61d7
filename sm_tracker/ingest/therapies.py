"""Rows of a table of therapies become therapy periods."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sm_tracker.domain import records
from sm_tracker.domain.records import EndStatus, Kind, Place, TherapyPeriod
from sm_tracker.ingest.columns import plain_name
from sm_tracker.ingest.course_status import said_status, status_of
from sm_tracker.ingest.dates import DateText, end_unknown, ends_open
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.measurements import notes_of, reason_of
from sm_tracker.ingest.people import read_patients
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import Cell, is_blank, text_of
from sm_tracker.ingest.tag_limits import read_tag_limits
from sm_tracker.ingest.therapy_cells import Therapies, read_therapies
from sm_tracker.ingest.therapy_schedule import read_schedule
from sm_tracker.ingest.times import CODE_OF_REFUSAL, read_dates
from sm_tracker.ingest.words import clean_text, read_flag, read_number


@dataclass(slots=True)
class _Limits:
    """Start and end of the courses of a table, row by row."""

    start: list[dt.date | None]
    start_day: list[int | None]
    end: list[dt.date | None]
    end_day: list[int | None]
    status: list[EndStatus]
    precision: list[records.Precision]
    end_precision: list[str]
    problems: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int) -> _Limits:
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
        self.problems.setdefault(r, []).append(code)


def read_periods(plan: Plan, run: Run, refusals: Refusals) -> list[TherapyPeriod]:
    """All therapy periods of one table; rows with a problem are left out and named."""
    section = plan.section
    patients = read_patients(plan, run)
    therapies = read_therapies(plan, run)
    limits = _read_limits(plan, run)
    tagged = read_tag_limits(plan, *limits.days(), run)
    doses = _doses(plan, therapies)
    cycles = _cycles(plan, therapies, run)
    others = _others(plan, therapies, run)
    periods: list[TherapyPeriod] = []
    for r, number in enumerate(section.numbers):
        reasons = [
            *([patients.problems[r]] if r in patients.problems else []),
            *([therapies.problems[r]] if r in therapies.problems else []),
            *limits.problems.get(r, ()),
            *([tagged.problems[r]] if r in tagged.problems else []),
        ]
        if reasons:
            for code in reasons:
                refusals.add(number, section.rows[r], reason_of(code))
            continue
        for name in therapies.names[r]:
            periods.append(
                TherapyPeriod(
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
                    place=Place(file=plan.spot.file, sheet=plan.spot.sheet, row=number),
                    **{name: column[r] for name, column in others.items()},
                )
            )
    return periods


# Start and end


def _read_limits(plan: Plan, run: Run) -> _Limits:
    limits = _Limits.of(len(plan.section.rows))
    found = read_dates(plan, [r for r in ("start", "end") if plan.has(r)], run)
    _starts(plan, limits, found.get("start", []), run)
    _ends(plan, limits, found.get("end", []), run)
    _stated_status(plan, limits, run)
    _stated_precision(plan, limits, run)
    for r in range(len(plan.section.rows)):
        if r not in limits.problems:
            _check_order(plan, limits, r, run)
    return limits


def _say(code: str, plan: Plan, role: str, r: int, run: Run, **words: object) -> None:
    run.report.add(
        code, plan.spot, plan.section.numbers[r], column=plan.name(role),
        value=text_of(plan.cell(role, r)).strip() if plan.has(role) else "", **words,
    )  # fmt: skip


def _starts(plan: Plan, limits: _Limits, dates: list[DateText | None], run: Run) -> None:
    days = _whole_days(plan, "start_day", limits, run)
    for r in range(len(plan.section.rows)):
        found = dates[r] if dates else None
        day = days[r] if days else None
        if found is None and day is None:
            if r not in limits.problems:
                limits.bad(r, "missing_date")
                _say("missing_date", plan, "start" if plan.has("start") else "start_day", r, run)
            continue
        if found is not None and day is not None:
            limits.bad(r, "both_time_axes")
            run.report.add("both_time_axes", plan.spot, plan.section.numbers[r])
        elif found is None:
            limits.start_day[r] = day
        elif found.refused or found.ongoing or found.date is None:
            code = CODE_OF_REFUSAL.get(found.refused, "unreadable_date")
            limits.bad(r, code)
            _say(code, plan, "start", r, run)
        else:
            limits.start[r], limits.precision[r] = found.date, found.precision
            if found.precision != "day" or "approximate" in found.notes:
                _say("approximate_date", plan, "start", r, run, precision=_precision_word(found))


def _precision_word(found: DateText) -> str:
    return found.precision if found.precision != "day" else "approximate day"


def _whole_days(plan: Plan, role: str, limits: _Limits, run: Run) -> list[int | None]:
    if not plan.has(role):
        return []
    days: list[int | None] = []
    for r, cell in enumerate(plan.cells(role)):
        number = None if is_blank(cell) else read_number(cell)
        if number is None and not is_blank(cell) and not ends_open(text_of(cell)):
            limits.bad(r, "not_a_number")
            _say("not_a_number", plan, role, r, run)
        elif number is not None and number != int(number):
            limits.bad(r, "not_whole")
            _say("not_whole", plan, role, r, run)
            number = None
        days.append(None if number is None else int(number))
    return days


def _ends(plan: Plan, limits: _Limits, dates: list[DateText | None], run: Run) -> None:
    days = _whole_days(plan, "end_day", limits, run)
    cells = plan.cells("end") if plan.has("end") else []
    if not cells and not days:
        if not plan.has("end_status"):
            run.report.add("no_end_column", plan.spot, None)
        return
    for r in range(len(plan.section.rows)):
        limits.status[r] = "ongoing"
        if days and days[r] is not None:
            limits.end_day[r], limits.status[r] = days[r], "ended"
        if not cells or dates[r] is None:
            continue
        _end_date(plan, limits, r, text_of(cells[r]), dates[r], run)


def _end_date(
    plan: Plan, limits: _Limits, r: int, text: str, found: DateText | None, run: Run
) -> None:
    if found is None or found.ongoing or ends_open(text):
        return
    if end_unknown(text):
        limits.status[r] = "unknown"
        _say("end_unknown", plan, "end", r, run)
    elif found.refused or found.date is None:
        code = CODE_OF_REFUSAL.get(found.refused, "unreadable_date")
        limits.bad(r, code)
        _say(code, plan, "end", r, run)
    else:
        limits.end[r], limits.status[r] = _last_day(found), "ended"
        if found.precision != limits.precision[r]:
            limits.end_precision[r] = found.precision
        if found.precision != "day" or "approximate" in found.notes:
            _say("approximate_date", plan, "end", r, run, precision=_precision_word(found))


def _last_day(found: DateText) -> dt.date | None:
    """The day that stands for a vague end: the last of its month or year."""
    date = found.date
    if date is None or found.precision == "day":
        return date
    month = 12 if found.precision == "year" else date.month
    return dt.date(date.year, month, calendar.monthrange(date.year, month)[1])


def _stated_status(plan: Plan, limits: _Limits, run: Run) -> None:
    """What a column end_status says, checked against the end; else what a flag says."""
    if not plan.has("end_status"):
        _said_status(plan, limits, run)
        return
    for r, cell in enumerate(plan.cells("end_status")):
        word = clean_text(cell).casefold()
        if not word:
            continue
        stated = status_of(word)
        known = limits.end[r] is not None or limits.end_day[r] is not None
        if stated is None:
            limits.bad(r, "unknown_word")
            _say("unknown_word", plan, "end_status", r, run, allowed="ended, ongoing, unknown")
        elif known and stated != "ended":
            limits.bad(r, "end_contradicts")
            _say("end_contradicts", plan, "end_status", r, run)
        elif not known and stated == "ended" and r not in limits.problems:
            limits.bad(r, "end_missing")
            _say("end_missing", plan, "end_status", r, run)
        else:
            limits.status[r] = stated


def _said_status(plan: Plan, limits: _Limits, run: Run) -> None:
    """A blank end is no open one where a column says that the course was stopped."""
    for r, said in enumerate(said_status(plan)):
        if said is None or r in limits.problems:
            continue
        known = limits.end[r] is not None or limits.end_day[r] is not None
        if known and said == "ongoing":
            limits.bad(r, "end_contradicts")
            _say("end_contradicts", plan, "course_status", r, run)
        elif not known and said == "ongoing":
            limits.status[r] = said
        elif not known and limits.status[r] != "unknown":
            limits.status[r] = "unknown"
            _say("end_unknown", plan, "course_status", r, run)


def _stated_precision(plan: Plan, limits: _Limits, run: Run) -> None:
    """How exactly the dates are known, where columns say so."""
    for role, found in (
        ("date_precision", limits.precision),
        ("end_date_precision", limits.end_precision),
    ):
        if not plan.has(role):
            continue
        for r, cell in enumerate(plan.cells(role)):
            word = clean_text(cell).casefold()
            if word in records.PRECISIONS:
                found[r] = word  # type: ignore[call-overload]
            elif word:
                limits.bad(r, "unknown_word")
                _say("unknown_word", plan, role, r, run, allowed=", ".join(records.PRECISIONS))


def _check_order(plan: Plan, limits: _Limits, r: int, run: Run) -> None:
    start, end = limits.start[r], limits.end[r]
    first, last = limits.start_day[r], limits.end_day[r]
    dates_turned = start is not None and end is not None and end < start
    days_turned = first is not None and last is not None and last < first
    if dates_turned or days_turned:
        limits.bad(r, "end_before_start")
        role = "end" if dates_turned else "end_day"
        _say("end_before_start", plan, role, r, run, start=start if dates_turned else first)
    elif (start is None) != (end is None) and (end or last is not None):
        limits.bad(r, "both_time_axes")
        run.report.add("both_time_axes", plan.spot, plan.section.numbers[r])


# Dose, cycles and the rest


def _doses(plan: Plan, therapies: Therapies) -> list[str]:
    """Dose and schedule as written, from their columns or from the therapy cell."""
    columns = [
        [clean_text(c) for c in plan.cells(role)]
        for role in ("dose", "schedule", "frequency_mhz")  # "frequency" of a drug, not of a probe
        if plan.has(role)
    ]
    if plan.has("dose", "unit"):
        units = (clean_text(c) for c in plan.cells("unit"))
        columns[0] = [f"{d} {u}" if u and re.fullmatch(r"[\d.,]+", d) else d
                      for d, u in zip(columns[0], units, strict=True)]  # fmt: skip
    found = []
    for r, parts in enumerate(therapies.parts):
        written = [column[r] for column in columns if column[r] and not _says_none(column[r])]
        if not any(written):
            written = [p for p in (parts.dose, parts.schedule) if p]
        found.append(", ".join(written))
    return found


def _cycles(plan: Plan, therapies: Therapies, run: Run) -> list[int | None]:
    cells: list[Cell] = plan.cells("cycles") if plan.has("cycles") else []
    found: list[int | None] = []
    for r, parts in enumerate(therapies.parts):
        number = read_number(cells[r]) if cells and not is_blank(cells[r]) else None
        if number is not None and number == int(number):
            found.append(int(number))
            continue
        count, text = next(_cycle_texts(plan, cells, r, parts.cycles, parts.text), (None, ""))
        if count is not None:
            run.report.add(
                "cycles_in_text", plan.spot, plan.section.numbers[r], value=text, cycles=count
            )
        elif cells and not is_blank(cells[r]) and not _says_none(cells[r]):
            _say("optional_unreadable", plan, "cycles", r, run)
        found.append(count)
    return found


def _says_none(cell: Cell) -> bool:
    return plain_name(text_of(cell)) in ("", "na", "n a", "none", "keine", "k a", "x", "aucun")


def _cycle_texts(
    plan: Plan, cells: list[Cell], r: int, in_therapy: int | None, text: str
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
        if plan.has(role) and not is_blank(plan.cell(role, r)):
            written = clean_text(plan.cell(role, r))
            count = read_schedule(written).cycles
            if count is not None:
                yield count, written


def _others(plan: Plan, therapies: Therapies, run: Run) -> dict[str, list[Any]]:
    """Optional columns, each as the field of the record it fills."""
    found: dict[str, list[Any]] = {"note": notes_of(plan, run)}
    for role in ("period_id", "stop_reason"):
        if plan.has(role):
            found[role] = [clean_text(c) for c in plan.cells(role)]
    parts = therapies.parts
    routes = [clean_text(c) for c in plan.cells("route")] if plan.has("route") else []
    found["route"] = [routes[r] if routes and routes[r] else p.route for r, p in enumerate(parts)]
    found["kind"] = _kinds(plan, run, [p.kind for p in parts])
    if plan.has("show_in_figure"):
        found["show_in_figure"] = _flags(plan, run)
    if plan.has("session_dates"):
        found["session_dates"] = _sessions(plan, run)
    return found


def _kinds(plan: Plan, run: Run, from_text: list[Kind]) -> list[Kind]:
    if not plan.has("kind"):
        return from_text
    kinds: list[Kind] = []
    for r, cell in enumerate(plan.cells("kind")):
        word = clean_text(cell).casefold()
        stated = read_schedule(word).kind if word and word not in records.KINDS else word
        if word and not stated:
            _say("optional_unreadable", plan, "kind", r, run)
        kinds.append(stated or from_text[r])  # type: ignore[arg-type]
    return kinds


def _flags(plan: Plan, run: Run) -> list[bool]:
    flags = []
    for r, cell in enumerate(plan.cells("show_in_figure")):
        flag = read_flag(clean_text(cell)) if not is_blank(cell) else True
        if flag is None:
            _say("optional_unreadable", plan, "show_in_figure", r, run)
        flags.append(flag is not False)
    return flags


def _sessions(plan: Plan, run: Run) -> list[tuple[dt.date | int, ...]]:
    from sm_tracker.ingest.dates import parse_date

    found = []
    for r, cell in enumerate(plan.cells("session_dates")):
        days: list[dt.date | int] = []
        for word in re.split(r"[\s,;|]+", clean_text(cell)):
            if not word:
                continue
            if re.fullmatch(r"-?\d{1,4}", word):
                days.append(int(word))
                continue
            read = parse_date(word, order="day-first", today=run.today)
            if read.date is None or read.precision != "day" or read.order_used:
                _say("optional_unreadable", plan, "session_dates", r, run)
            else:
                days.append(read.date)
        found.append(tuple(days))
    return found
