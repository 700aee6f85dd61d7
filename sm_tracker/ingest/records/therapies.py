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
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows


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
