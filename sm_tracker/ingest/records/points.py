"""Pairs of numbers from a figure digitiser: axes, patient and site are asked for."""

from __future__ import annotations

import re
from pathlib import PurePath

from sm_tracker.domain.records import Choice, Measurement, Place
from sm_tracker.ingest.cells.short_texts import read_number
from sm_tracker.ingest.cells.units import factor_to_mm
from sm_tracker.ingest.cells.visit_labels import DAYS_PER
from sm_tracker.ingest.messages.finding_log import refusal_reason
from sm_tracker.ingest.records.making import made
from sm_tracker.ingest.records.people import body_site_of
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.tables.columns import ColumnRoles, column_cells, sample_of
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.languages import Message

_TIME_WORDS = {
    "days": Message("days"),
    "weeks": Message("weeks"),
    "months": Message("months"),
    "years": Message("years"),
}
_X_CHOICES = tuple(_TIME_WORDS)


def read_points(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Digitised points as readings on a day axis, once axes, patient and site are known."""
    x, y = (n.index for n in roles.section.names if sample_of(roles.section, n.index))
    rows = dict(zip(roles.section.numbers, roles.section.rows, strict=True))
    points = [
        (number, read_number(a), read_number(b))
        for number, a, b in zip(
            roles.section.numbers, column_cells(roles.section, x), column_cells(roles.section, y),
            strict=True,
        )
    ]  # fmt: skip
    good = [(n, a, b) for n, a, b in points if a is not None and b is not None]
    for number, a, b in points:
        if a is None or b is None:
            context.findings.add("not_a_number", roles.location, number, column="points")
            refused.add(number, rows[number], refusal_reason("not_a_number"))
    time, unit = _ask_x(good, roles, context), _ask_y(good, roles, context)
    patient, site = _ask_who(roles, context), _ask_where(roles, context)
    if not (time and unit and patient and site):
        return RecordBatch(columns_read=frozenset({x, y}))
    context.findings.add(
        "format_recognised", roles.location, None, form=Message("digitised points"),
        words=Message(
            "{n} points, first axis in {time}, second axis in {unit}",
            n=len(good),
            time=_TIME_WORDS[time],
            unit=unit,
        ),
    )  # fmt: skip
    place = body_site_of(site)
    found: list[Measurement] = []
    for number, a, b in good:
        mm = b * factor_to_mm(unit)
        if mm <= 0:
            code = "negative_value" if mm < 0 else "zero_value"
            context.findings.add(code, roles.location, number, column="points", value=f"{b:g}")
            refused.add(number, rows[number], refusal_reason(code))
            continue

        def reading(a: float = a, mm: float = mm, number: int = number) -> Measurement:
            return Measurement(
                patient_id=patient,
                site=place.site,
                side=place.side,
                site_text=place.text,
                day=round(a * DAYS_PER[time.removesuffix("s")]),
                thickness_mm=round(mm, 6),
                approximate=True,
                place=Place(file=roles.location.file, sheet=roles.location.sheet, row=number),
            )

        found += made(reading, (roles.location, number, rows[number]), context, refused)
    return RecordBatch(measurements=tuple(found), columns_read=frozenset({x, y}))


def _ask_x(
    good: list[tuple[int, float, float]], roles: ColumnRoles, context: ReadContext
) -> str | None:
    numbers = [a for _, a, _ in good] or [0.0]
    low, high = min(numbers), max(numbers)
    choices = [
        Choice(
            unit,
            Message(
                "day {low:.0f} to day {high:.0f}",
                low=low * DAYS_PER[unit[:-1]],
                high=high * DAYS_PER[unit[:-1]],
            ),
        )
        for unit in _X_CHOICES
    ]
    return context.questions.ask(
        "points_x",
        Message(
            "The file holds {n} pairs of numbers without column names, like points that were "
            "digitised from a figure. What does the first axis (x, {low:g} to {high:g}) count?",
            n=len(good),
            low=low,
            high=high,
        ),
        choices,
        roles.location,
    )


def _ask_y(
    good: list[tuple[int, float, float]], roles: ColumnRoles, context: ReadContext
) -> str | None:
    numbers = [b for _, _, b in good] or [0.0]
    low, high = min(numbers), max(numbers)
    units = ("mm", "µm", "cm") if high < 100 else ("µm", "mm", "cm")
    choices = [
        Choice(
            u,
            Message(
                "thickness from {low:.3f} to {high:.3f} mm",
                low=low * factor_to_mm(u),
                high=high * factor_to_mm(u),
            ),
        )
        for u in units
    ]
    return context.questions.ask(
        "points_y",
        Message(
            "What unit has the second axis (y, {low:g} to {high:g}) of the digitised points?",
            low=low,
            high=high,
        ),
        choices,
        roles.location,
    )


def _ask_who(roles: ColumnRoles, context: ReadContext) -> str | None:
    stem = re.sub(r"[^\w-]+", "-", PurePath(roles.location.file).stem).strip("-") or "P1"
    return context.questions.ask(
        "patient_id",
        Message(
            "Which patient (or study arm) do the digitised points belong to? Answer with a code"
        ),
        (Choice(stem, Message("all points belong to {stem}", stem=stem)),),
        roles.location,
        free=bool,
    )


def _ask_where(roles: ColumnRoles, context: ReadContext) -> str | None:
    return context.questions.ask(
        "site",
        Message(
            "Which body site do the digitised points show? Answer with its name, such as forearm"
        ),
        (),
        roles.location,
        free=bool,
    )
