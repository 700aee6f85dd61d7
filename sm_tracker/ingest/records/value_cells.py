"""Thickness cells of one table before and after reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sm_tracker.ingest.cells.numbers import ValueText
from sm_tracker.ingest.files.grid import Cell, named_rows
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.languages import Message


@dataclass(slots=True, kw_only=True)
class ValueCells:
    """Thickness cells of one table, reading by reading.

    All sequences have the length of the readings: `rows` the row numbers, `heads` the
    columns, `cells` what was written, `units` the cells of a unit column (or empty).
    `unit_above` is a unit named once for the whole table, with the words that name it;
    `explained` are the readings whose status says why there is no value, `refused` those whose
    row is left out whatever they say, so that nothing needs to be asked about them.
    """

    location: Location
    rows: Sequence[int]
    heads: Sequence[ColumnName]
    cells: Sequence[Cell]
    units: Sequence[Cell] = ()
    unit_column: str = ""
    unit_above: tuple[str, str] | None = None
    wide: bool = False
    explained: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()

    def named_rows(self, indexes: Sequence[int]) -> Message:
        """The rows of some readings in words."""
        return named_rows(self.rows[i] for i in indexes)

    def columns_of(self, indexes: Sequence[int]) -> list[str]:
        """The headers of the columns of some readings, each once, the first half dozen."""
        return list(dict.fromkeys(self.heads[i].text for i in indexes))[:6]

    def named_columns(self, indexes: Sequence[int]) -> Message:
        """The columns of some readings in words."""
        names = self.columns_of(indexes)
        return Message.counted("column {names}", "columns {names}", n=len(names), names=names)


def numbers_of(parsed: ValueText) -> tuple[float, ...]:
    """All numbers of a cell, in the unit written."""
    found = (parsed.value, parsed.low, parsed.high, *parsed.several)
    return tuple(n for n in found if n is not None)


@dataclass(slots=True)
class ReadValue:
    """One cell as read: `parsed` in the unit written, `factor` to mm (None if not known)."""

    parsed: ValueText
    numbers: tuple[float, ...]
    unit: str = ""
    factor: float | None = None

    def mm(self, value: float | None) -> float | None:
        """A number of the cell in mm, without the dust of binary fractions."""
        if value is None or self.factor is None:
            return None
        return value if self.factor == 1.0 else float(f"{value * self.factor:.12g}")


@dataclass(slots=True)
class Values:
    """What the cells of a table became; `problems` tells why a reading has to be left out.

    `unsettled` are readings whose unit waits for an answer, `coded` those that hold a code for
    a missing value.
    """

    read: list[ReadValue | None]
    problems: dict[int, str] = field(default_factory=dict)
    unsettled: set[int] = field(default_factory=set)
    coded: set[int] = field(default_factory=set)
