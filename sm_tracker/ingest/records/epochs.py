"""Dates that are numbers: days or seconds from a day that the program has chosen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of, shown_as
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

KEY = "day_numbers"
FIRST_ULTRASOUND: Final = dt.date(1979, 1, 1)
"""Dates before are not of ultrasound of the skin, so a count that ends there is doubtful."""

_NUMBER = re.compile(r"\d{5,13}(?:[.,]\d+)?|\d(?:[.,]\d+)?[eE]\+?(?:0?[4-9]|1[0-2])")
_WRITTEN_TOGETHER = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Epoch:
    """A day from which a program counts, and the seconds of one step."""

    first: dt.date
    step: float
    unit: Message
    programs: str

    def day_of(self, number: float) -> dt.date | None:
        """The day of a number, None outside of the calendar."""
        try:
            return self.first + dt.timedelta(days=int(number * self.step // 86400))
        except OverflowError:
            return None


SPREADSHEET = Epoch(dt.date(1899, 12, 30), 86400, Message("days"), "Excel")
OTHERS: Final[Mapping[str, Epoch]] = {
    "days-1970": Epoch(dt.date(1970, 1, 1), 86400, Message("days"), "R, Unix"),
    "days-1960": Epoch(dt.date(1960, 1, 1), 86400, Message("days"), "SAS, Stata"),
    "seconds-1582": Epoch(dt.date(1582, 10, 14), 1, Message("seconds"), "SPSS"),
    "seconds-1970": Epoch(dt.date(1970, 1, 1), 1, Message("seconds"), "R, Unix"),
    "seconds-1960": Epoch(dt.date(1960, 1, 1), 1, Message("seconds"), "SAS"),
    "milliseconds-1970": Epoch(dt.date(1970, 1, 1), 0.001, Message("milliseconds"), "Unix"),
    "milliseconds-1960": Epoch(dt.date(1960, 1, 1), 0.001, Message("milliseconds"), "Stata"),
}


def settle_epochs(
    roles: ColumnRoles, columns: Mapping[str, Sequence[Cell]], context: ReadContext
) -> Mapping[str, Sequence[Cell]]:
    """Columns of dates in which numbers of another program than Excel have become days."""
    if roles.section.grid.epoch_1904:
        return columns
    return {role: _settled(roles, role, cells, context) for role, cells in columns.items()}


def _settled(
    roles: ColumnRoles, role: str, cells: Sequence[Cell], context: ReadContext
) -> Sequence[Cell]:
    distinct = [c for c in dict.fromkeys(cells) if isinstance(c, str | float) and not is_blank(c)]
    numbers: dict[Cell, float] = {c: n for c in distinct if (n := _number(c)) is not None}
    if not numbers or 2 * len(numbers) < len(distinct) or _plausible(SPREADSHEET, numbers, context):
        return cells
    fitting = {k: e for k, e in OTHERS.items() if _plausible(e, numbers, context)}
    if not fitting:
        return cells
    chosen = next(iter(fitting.values()))
    if len(fitting) > 1 or context.questions.given(KEY, roles.location):
        asked = _asked(roles, role, numbers, fitting, context)
        if asked is SPREADSHEET:
            return cells
        chosen = asked or chosen
        if asked is None:
            return [_day(c, chosen, numbers) for c in cells]
    first = next(r for r, c in enumerate(cells) if c in numbers)
    context.findings.add(
        "day_numbers_of_epoch", roles.location, roles.section.numbers[first],
        column=header_of(roles.section, roles.by_role[role]), value=text_of(cells[first]).strip(),
        unit=chosen.unit, epoch=f"{chosen.first} ({chosen.programs})",
        date=chosen.day_of(numbers[cells[first]]),
    )  # fmt: skip
    return [_day(c, chosen, numbers) for c in cells]


def _day(cell: Cell, epoch: Epoch, numbers: Mapping[Cell, float]) -> Cell:
    return (epoch.day_of(numbers[cell]) or cell) if cell in numbers else cell


def _number(cell: Cell) -> float | None:
    if isinstance(cell, float):
        together = _WRITTEN_TOGETHER.fullmatch(f"{cell:.0f}")
        return cell if 10_000 <= cell < 1e13 and not together else None
    text = text_of(cell).strip()
    if not _NUMBER.fullmatch(text) or _WRITTEN_TOGETHER.fullmatch(text):
        return None
    return float(text.replace(",", "."))


def _plausible(epoch: Epoch, numbers: Mapping[Cell, float], context: ReadContext) -> bool:
    days = [epoch.day_of(n) for n in (min(numbers.values()), max(numbers.values()))]
    return all(d is not None and FIRST_ULTRASOUND <= d <= context.today for d in days)


def _asked(
    roles: ColumnRoles,
    role: str,
    numbers: Mapping[Cell, float],
    fitting: Mapping[str, Epoch],
    context: ReadContext,
) -> Epoch | None:
    cell, number = next(iter(numbers.items()))
    offered = dict(fitting)
    if SPREADSHEET.day_of(number) is not None and number < 60_000:
        offered["days-1900"] = SPREADSHEET
    answer = context.questions.ask(
        KEY,
        Message(
            "The dates of column {column} are numbers such as {cell}. From which day are "
            "they counted: {names}?",
            column=shown_as(roles.section, roles.by_role[role]),
            cell=text_of(cell).strip(),
            names=", ".join(
                f"{e.first.year + (e is SPREADSHEET)} ({e.programs})" for e in offered.values()
            ),
        ),
        tuple(
            Choice(
                key,
                Message(
                    "{unit} since {first}: {cell} is {day}",
                    unit=epoch.unit,
                    first=epoch.first,
                    cell=text_of(cell).strip(),
                    day=epoch.day_of(number),
                ),
            )
            for key, epoch in offered.items()
        ),
        roles.location,
    )
    return offered.get(answer) if answer else None
