"""Columns of dates: how they are written, and whether day or month comes first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.dates import (
    DateOrder,
    DateText,
    OrderEvidence,
    order_evidence,
    parse_date,
)
from sm_tracker.ingest.files.grid import Cell, is_blank, named_rows, text_of
from sm_tracker.ingest.records.epochs import settle_epochs
from sm_tracker.ingest.records.seasons import settle_seasons
from sm_tracker.ingest.records.years import settle_years
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_after_another

ORDER_WORDS = {
    "day-first": Message("day first (DD/MM/YYYY)"),
    "month-first": Message("month first (MM/DD/YYYY)"),
}


_POINTED = re.compile(r"\s*\d{1,2}\.\d{1,2}\.(?:\d{2}|\d{4})\s*")


_SHORT_YEAR_FIRST = re.compile(r"\s*(\d\d)([./-])(\d{1,2})\2(\d{1,2})\s*")


def read_dates(
    roles: ColumnRoles, role_names: Sequence[str], context: ReadContext
) -> dict[str, list[DateText | None]]:
    """Date columns of one table; the order of day and month is settled for all together.

    Returns
    -------
    dict
        For each role one entry a row: None where the cell is blank.
    """
    written = {role: roles.cells(role) for role in role_names if roles.has(role)}
    columns: Mapping[str, Sequence[Cell]] = written
    for settle in (settle_epochs, settle_years, settle_seasons):
        columns = settle(roles, columns, context)
    points = _points_hide_month_first(columns)
    if points:
        columns = {role: [_slashed(c) for c in cells] for role, cells in columns.items()}
    names = roles.section.names
    columns = {
        role: [_year_last(c) for c in cells]
        if names[roles.by_role[role]].date_order == "year-first"
        else cells
        for role, cells in columns.items()
    }
    order, is_open = _settled_order(roles, columns, points, context)
    found: dict[str, list[DateText | None]] = {}
    for role, cells in columns.items():
        known: dict[Cell, DateText | None] = {}
        for cell in cells:
            if cell not in known:
                known[cell] = _date_of(cell, order, context.today, roles.section.grid.epoch_1904)
                if is_open and (date := known[cell]) is not None and date.refused:
                    # What fits the other order is no problem before the question is answered.
                    known[cell] = _date_of(
                        cell, "month-first", context.today, roles.section.grid.epoch_1904
                    )
        found[role] = [known[c] for c in cells]
        _say_rules(roles, role, roles.cells(role), found[role], context)
    return found


def _slashed(cell: Cell) -> Cell:
    return cell.replace(".", "/") if isinstance(cell, str) and _POINTED.fullmatch(cell) else cell


def _year_last(cell: Cell) -> Cell:
    """A date such as 20-02-13, below a header that puts the year first, as 13.02.20."""
    match = _SHORT_YEAR_FIRST.fullmatch(cell) if isinstance(cell, str) else None
    return f"{match[4]}.{match[3]}.{match[1]}" if match else cell


def _points_hide_month_first(columns: Mapping[str, Sequence[Cell]]) -> bool:
    """Whether dates with points, which are day first by custom, can only be month first."""
    texts = {c for cells in columns.values() for c in cells if isinstance(c, str)}
    slashed = [t.replace(".", "/") for t in texts if _POINTED.fullmatch(t)]
    return order_evidence(slashed).order == "month-first"


def _date_of(cell: Cell, order: DateOrder, today: dt.date, epoch_1904: bool) -> DateText | None:
    if is_blank(cell):
        return None
    return parse_date(text_of(cell), order=order, today=today, epoch1904=epoch_1904)


def _settled_order(
    roles: ColumnRoles, columns: Mapping[str, Sequence[Cell]], points: bool, context: ReadContext
) -> tuple[DateOrder, bool]:
    """Order of day and month by header, evidence or answer, and whether it is still open."""
    first: dict[str, tuple[str, int]] = {}
    for role, cells in columns.items():
        for r, cell in enumerate(cells):
            if isinstance(cell, str):
                first.setdefault(cell, (role, r))
    texts, places = list(first), list(first.values())
    evidence = order_evidence(texts)
    if evidence.order == "none_needed":
        return "day-first", False
    hints = {roles.section.names[roles.by_role[role]].date_order for role in columns} - {""}
    if evidence.order == "ambiguous" and len(hints) == 1 and hints <= set(ORDER_WORDS):
        return _written_order(roles, columns, hints.pop(), context), False
    if (
        evidence.order in ("day-first", "month-first")
        and evidence.deciding is not None
        and not points
    ):
        order: DateOrder = evidence.order
        role, r = places[evidence.deciding]
        context.findings.add(
            "date_order_inferred",
            roles.location,
            roles.section.numbers[r],
            column=roles.name(role),
            value=texts[evidence.deciding].strip(),
            order=ORDER_WORDS[order],
        )
        _say_half_converted(roles, columns, context)
        return order, False
    answer = _asked_order(roles, places, texts, evidence, points, context)
    return ("month-first" if answer == "month-first" else "day-first"), answer is None


def _say_half_converted(
    roles: ColumnRoles, columns: Mapping[str, Sequence[Cell]], context: ReadContext
) -> None:
    """Name the dates of a spreadsheet that it may have made with day and month exchanged.

    A spreadsheet that expects the other order turns the texts it can read into dates and
    leaves those with a day above 12 as texts.
    """
    for role, cells in columns.items():
        texts = dict.fromkeys(c for c in cells if isinstance(c, str))
        made = {r: c for r, c in enumerate(cells) if isinstance(c, dt.date)}
        orders = [order_evidence([t]).order for t in texts]
        if not made or "ambiguous" in orders or any(d.day > 12 for d in made.values()):
            continue
        rows = [r for r, d in made.items() if d.day != d.month]
        left = next((t for t, o in zip(texts, orders, strict=True) if o != "none_needed"), "")
        if rows and left:
            context.findings.add(
                "dates_half_converted", roles.location, roles.section.numbers[rows[0]],
                column=roles.name(role), value=str(made[rows[0]]), text=left.strip(),
                rows=named_rows(roles.section.numbers[r] for r in rows),
            )  # fmt: skip


def _written_order(
    roles: ColumnRoles, columns: Mapping[str, Sequence[Cell]], hint: str, context: ReadContext
) -> DateOrder:
    role = next(iter(columns))
    context.findings.add(
        "date_order_stated", roles.location, None, column=roles.name(role), order=ORDER_WORDS[hint]
    )
    return "month-first" if hint == "month-first" else "day-first"


def _asked_order(
    roles: ColumnRoles,
    places: list[tuple[str, int]],
    texts: list[str],
    evidence: OrderEvidence,
    points: bool,
    context: ReadContext,
) -> str | None:
    deciding, second = evidence.deciding, evidence.second

    def named(index: int | None) -> Message:
        role, r = places[index or 0]
        written = text_of(roles.cell(role, r)).strip()
        return Message(
            "row {row} ({written}, {column})",
            row=roles.section.numbers[r],
            written=written,
            column=roles.name(role),
        )

    if second is not None:
        message = Message(
            "The dates contradict each other, so the order of day and month is ambiguous: "
            "{first} allows day first only, {second} month first only. Which order have the "
            "dates? Rows that do not fit it are left out.",
            first=named(deciding),
            second=named(second),
        )
    elif points:
        message = Message(
            "Dates with points have the day first by custom, so the order of day and month is "
            "ambiguous: {row} allows month first only. Which order have the dates? Rows that "
            "do not fit it are left out.",
            row=named(deciding),
        )
    else:
        message = Message(
            "The dates are ambiguous: no row has a day above 12, so {row} and others can be "
            "read day first or month first. Which comes first, day or month?",
            row=named(deciding),
        )
    choices = [
        Choice(
            order,
            Message(
                "{order}: {dates}",
                order=ORDER_WORDS[order],
                dates=_preview(texts, order, context.today),
            ),
        )
        for order in ("day-first", "month-first")
    ]
    return context.questions.ask("date_order", message, choices, roles.location)


def _preview(texts: Sequence[str], order: str, today: dt.date) -> Message:
    asked: DateOrder = "month-first" if order == "month-first" else "day-first"
    read = [parse_date(t, order=asked, today=today) for t in texts if t.strip()]
    good = [d.date for d in read if d.date and not d.refused]
    bad = len([d for d in read if d.refused])
    if not good:
        return Message("no date can be read")
    shown = Message(
        "first {first}, last {last}, from {low} to {high}",
        first=good[0],
        last=good[-1],
        low=min(good),
        high=max(good),
    )
    if not bad:
        return shown
    return one_after_another(
        [shown, Message.counted("{n} date does not fit", "{n} dates do not fit", n=bad)]
    )


def _say_rules(
    roles: ColumnRoles,
    role: str,
    cells: Sequence[Cell],
    found: list[DateText | None],
    context: ReadContext,
) -> None:
    """Say once a column that a century was added or day numbers were converted."""
    for note, code in (("two_digit_year", "two_digit_years"), ("serial", "day_numbers")):
        rows = [
            r
            for r, d in enumerate(found)
            if d and note in d.notes and not d.refused and (role != "date" or d.precision == "day")
        ]
        first = rows[0] if rows else 0
        date = found[first] if rows else None
        if date is not None:
            context.findings.add(
                code, roles.location, roles.section.numbers[first],
                column=header_of(roles.section, roles.by_role[role]),
                value=text_of(cells[first]).strip(), date=date.date,
                rows=named_rows(roles.section.numbers[r] for r in rows),
            )  # fmt: skip
