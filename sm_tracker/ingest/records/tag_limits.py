"""Limits of a therapy period that the tags of readings gave, as our own files write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sm_tracker.domain.records import LIMITS_FROM_TAGS
from sm_tracker.ingest.cells.dates import parse_date
from sm_tracker.ingest.cells.short_texts import clean_text, read_number
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext

Day = dt.date | int


class TagLimits:
    """The limits row by row, by field of the record, and the code of a row's problem."""

    def __init__(self, roles: ColumnRoles) -> None:
        self._nothing: list[Day | None] = [None] * len(roles.section.rows)
        self.columns = {name: list(self._nothing) for name in LIMITS_FROM_TAGS if roles.has(name)}
        self.problems: dict[int, str] = {}

    def of(self, name: str) -> list[Day | None]:
        """One limit row by row."""
        return self.columns.get(name, self._nothing)

    def derived(self, r: int) -> bool:
        """Whether start or end of a row is known from tags alone."""
        return self.of("starts_by")[r] is not None or self.of("ends_after")[r] is not None


def read_tag_limits(
    roles: ColumnRoles,
    starts: Sequence[Day | None],
    ends: Sequence[Day | None],
    context: ReadContext,
) -> TagLimits:
    """The limits in the columns of a table of therapies, held against start and end.

    The first reading with the tag is the start, the last one the end; the readings with
    another tag lie outside.
    """
    limits = TagLimits(roles)
    for name, found in limits.columns.items():
        for r, cell in enumerate(roles.cells(name)):
            found[r] = None if is_blank(cell) else _day(cell, context)
            if found[r] is None and not is_blank(cell):
                _problem("unreadable_date", roles, name, r, limits, context)
    for r, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if r in limits.problems or start is None:
            continue
        own = {name: limits.of(name)[r] for name in LIMITS_FROM_TAGS}
        if wrong := _contradicting(own, start, end):
            _problem("limits_contradict", roles, wrong[0], r, limits, context)
    return limits


def _day(cell: Cell, context: ReadContext) -> Day | None:
    text = clean_text(cell)
    number = read_number(cell)
    if number is not None and number == int(number):
        return int(number)
    read = parse_date(text, order="day-first", today=context.today)
    return read.date if read.precision == "day" and not read.order_used else None


def _contradicting(own: Mapping[str, Day | None], start: Day, end: Day | None) -> list[str]:
    """Names of limits that do not fit to each other or to start and end."""
    starts_after, starts_by, ends_after, ends_by = (own[name] for name in LIMITS_FROM_TAGS)
    wrong = {
        "starts_by": starts_by is not None and starts_by != start,
        "starts_after": starts_after is not None and not _before(starts_after, starts_by),
        "ends_after": ends_after is not None and (ends_after != end or ends_by is None),
        "ends_by": ends_by is not None and not _before(ends_after, ends_by),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _before(first: Day | None, second: Day | None) -> bool:
    if isinstance(first, dt.date) and isinstance(second, dt.date):
        return first < second
    return isinstance(first, int) and isinstance(second, int) and first < second


def _problem(
    code: str, roles: ColumnRoles, name: str, r: int, limits: TagLimits, context: ReadContext
) -> None:
    limits.problems[r] = code
    context.findings.add(
        code, roles.location, roles.section.numbers[r], column=roles.name(name),
        value=text_of(roles.cell(name, r)).strip(),
    )  # fmt: skip


__all__ = ["TagLimits", "read_tag_limits"]
