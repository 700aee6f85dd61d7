"""Dates and relative times of the rows of a table, and the order of day and month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.dates import (
    parse_date,
)
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.short_texts import clean_text, read_number
from sm_tracker.ingest.cells.visit_labels import DAYS_PER, days_in_answer, days_of_label
from sm_tracker.ingest.files.grid import is_blank, text_of
from sm_tracker.ingest.records.date_columns import read_dates
from sm_tracker.ingest.tables.column_meanings import DATE_INSIDE
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_after_another, together

PRECISION_WORDS = {
    "day": Message("day"),
    "week": Message("week"),
    "month": Message("month"),
    "quarter": Message("quarter"),
    "year": Message("year"),
}
_UNITS = {
    "day": (Message("days"), Message("as written")),
    "week": (Message("weeks"), Message("7 days a week")),
    "month": (Message("months"), Message("30.4375 days a month, rounded")),
    "year": (Message("years"), Message("365.25 days a year, rounded")),
}
"""Units of relative times, and how each becomes days."""
CODE_OF_REFUSAL = {
    "impossible": "impossible_date",
    "future": "future_date",
    "zero": "zero_date",
    "too_early": "too_early_date",
    "no_year": "unreadable_date",
    "not_a_date": "unreadable_date",
}
_DAY_LABEL = re.compile(r"(?:days?|tage?|jours?|d|j|t)[\s.:]*([-+]?\s?\d{1,5})", re.IGNORECASE)


@dataclass(slots=True)
class Times:
    """Date or relative day of each row, and the code of a problem where a row has one."""

    dates: list[dt.date | None]
    days: list[int | None]
    problems: dict[int, str] = field(default_factory=dict)


def read_times(roles: ColumnRoles, context: ReadContext) -> Times:
    """Dates (or days) of the rows of a table of readings."""
    count = len(roles.section.rows)
    times = Times([None] * count, [None] * count)
    if roles.has("date"):
        _dates_of_readings(roles, times, context)
    if roles.has("year", "month", "day") and not roles.has("date"):
        _dates_in_parts(roles, times, context)
    elif roles.has("year", "month") and not roles.has("date"):
        _months_of_years(roles, times, context)
        return times
    elif roles.has("day"):
        _days(roles, times, context)
    for role in ("week", "month"):
        if roles.has(role) and not roles.has("date") and not roles.has("day"):
            _relative(roles, role, times, context)
    if roles.has("visit") and not any(roles.has(r) for r in ("date", "day", "week", "month")):
        dated = _with_dates_of_visits(roles)
        if dated is None:
            _labels(roles, times, context)
        else:
            _dates_of_readings(dated, times, context)
    _missing(roles, times, context)
    return times


def _dates_of_readings(roles: ColumnRoles, times: Times, context: ReadContext) -> None:
    for r, found in enumerate(read_dates(roles, ["date"], context)["date"]):
        if found is None:
            continue
        if found.ongoing or found.refused:
            code = CODE_OF_REFUSAL[found.refused] if found.refused else "future_date"
            _problem(code, roles, "date", r, times, context)
        elif found.precision != "day":
            _problem(
                "vague_date",
                roles,
                "date",
                r,
                times,
                context,
                precision=PRECISION_WORDS[found.precision],
            )
        else:
            times.dates[r] = found.date


def _problem(
    code: str,
    roles: ColumnRoles,
    role: str,
    r: int,
    times: Times,
    context: ReadContext,
    **words: object,
) -> None:
    times.problems[r] = code
    context.findings.add(
        code, roles.location, roles.section.numbers[r], column=roles.name(role),
        value=text_of(roles.cell(role, r)).strip(), **words,
    )  # fmt: skip


def _missing(roles: ColumnRoles, times: Times, context: ReadContext) -> None:
    role = next((r for r in ("date", "day", "week", "month", "visit") if roles.has(r)), "date")
    for r, (date, day) in enumerate(zip(times.dates, times.days, strict=True)):
        if r in times.problems:
            continue
        if date is None and day is None:
            times.problems[r] = "missing_date"
            context.findings.add(
                "missing_date", roles.location, roles.section.numbers[r], column=roles.name(role)
            )
        elif date is not None and day is not None:
            times.problems[r] = "both_time_axes"
            context.findings.add("both_time_axes", roles.location, roles.section.numbers[r])


def _days(roles: ColumnRoles, times: Times, context: ReadContext) -> None:
    cells = roles.cells("day")
    for r, cell in enumerate(cells):
        if is_blank(cell):
            continue
        number = read_number(cell)
        if number is None and (labelled := _DAY_LABEL.fullmatch(clean_text(cell))):
            number = float(labelled[1].replace(" ", ""))
        if number is None or number != int(number):
            code = "not_a_number" if number is None else "not_whole"
            _problem(code, roles, "day", r, times, context)
        else:
            times.days[r] = int(number)


def _dates_in_parts(roles: ColumnRoles, times: Times, context: ReadContext) -> None:
    """Year, month and day in three columns."""
    parts = [roles.cells(role) for role in ("year", "month", "day")]
    for r, cells in enumerate(zip(*parts, strict=True)):
        texts = [clean_text(c) for c in cells]
        if not any(texts):
            continue
        found = parse_date(
            "-".join(t.zfill(2) for t in texts), order="day-first", today=context.today
        )
        if found.date is None or found.refused or found.precision != "day":
            code = CODE_OF_REFUSAL.get(found.refused, "unreadable_date")
            times.problems[r] = code
            context.findings.add(
                code, roles.location, roles.section.numbers[r], column=roles.name("day"),
                value=" ".join(texts),
            )  # fmt: skip
        else:
            times.dates[r] = found.date


def _months_of_years(roles: ColumnRoles, times: Times, context: ReadContext) -> None:
    """Year and month in two columns, which is too vague for a reading."""
    for r in range(len(roles.section.rows)):
        _problem("vague_date", roles, "month", r, times, context, precision="month")


def _relative(roles: ColumnRoles, role: str, times: Times, context: ReadContext) -> None:
    converted = 0
    for r, cell in enumerate(roles.cells(role)):
        if is_blank(cell):
            continue
        number = read_number(cell)
        label = None if number is not None else days_of_label(clean_text(cell))
        if number is None and label is None:
            _problem("not_a_number", roles, role, r, times, context)
            continue
        times.days[r] = label[0] if label else round((number or 0.0) * DAYS_PER[role])
        converted += 1
    _say_converted(roles, role, {role}, converted, context)


def _with_dates_of_visits(roles: ColumnRoles) -> ColumnRoles | None:
    """Roles with the dates inside labels such as "V1 (15/01/2021)", None where most have none."""
    column, section = roles.by_role["visit"], roles.section
    inside = [DATE_INSIDE.search(clean_text(c)) for c in roles.cells("visit")]
    if 2 * sum(m is not None for m in inside) <= len(inside):
        return None
    rows = [
        [*row[:column], match[1] if match else "", *row[column + 1 :]]
        for row, match in zip(section.rows, inside, strict=True)
    ]
    return replace(
        roles, section=replace(section, rows=rows), by_role={**roles.by_role, "date": column}
    )


def _labels(roles: ColumnRoles, times: Times, context: ReadContext) -> None:
    units: set[str] = set()
    converted = 0
    cells = roles.cells("visit")
    asked = _asked_days(list(dict.fromkeys(clean_text(c) for c in cells)), roles, context)
    for r, cell in enumerate(cells):
        text = clean_text(cell)
        if text in asked:
            times.days[r] = asked[text]
            continue
        label = days_of_label(text)
        if label is not None:
            times.days[r] = label[0]
            units |= {label[1]}
            converted += 1
    _say_converted(roles, "visit", units, converted, context)


MOST_VISITS = 40
LEAVE_OUT = "leave-out"


def _asked_days(labels: Sequence[str], roles: ColumnRoles, context: ReadContext) -> dict[str, int]:
    """Days of the visits whose names tell none, by asking; numbered while it is open."""
    unknown = [t for t in labels if t and days_of_label(t) is None]
    if not unknown or len(unknown) > MOST_VISITS:
        return {}
    shown = ", ".join(unknown[:8])
    example = "; ".join(f"{t} = {90 * i}" for i, t in enumerate(unknown[:3]))
    answer = context.questions.ask(
        "visit_days",
        Message(
            "The visits {shown} have no dates. On which days were they, counted from the first? "
            "Answer with a day for each, such as {example}",
            shown=shown,
            example=example,
        ),
        (Choice(LEAVE_OUT, Message("the readings of these visits are left out")),),
        roles.location,
        free=lambda a: set(days_in_answer(a)) >= {plain_name(t) for t in unknown},
    )
    if answer is None:
        return {t: i for i, t in enumerate(unknown)}
    if answer == LEAVE_OUT:
        return {}
    days = days_in_answer(answer)
    return {t: days[plain_name(t)] for t in unknown}


def _say_converted(
    roles: ColumnRoles, role: str, units: set[str], count: int, context: ReadContext
) -> None:
    units = units - {"day"} or units
    if count:
        context.findings.add(
            "relative_time_converted", roles.location, None, column=roles.name(role), count=count,
            unit=together([_UNITS[u][0] for u in sorted(units)]),
            rule=one_after_another([_UNITS[u][1] for u in sorted(units)]),
        )  # fmt: skip
