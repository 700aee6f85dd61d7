"""What a file looks like before it is understood: grids of cells with row numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from sm_tracker.languages import gettext, ngettext

Cell = str | float | dt.date
"""A cell: text from a text file, text, number or date from a spreadsheet."""

Merge = tuple[int, int, int, int]
"""Merged cells: first and last row number, first and last column index."""


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal point, dates in ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing but blanks."""
    return isinstance(cell, str) and not cell.strip()


def column_letter(index: int) -> str:
    """Name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


ROWS_NAMED = 12


def named_rows(numbers: Iterable[int]) -> str:
    """Row numbers in words, each once, the first dozen of them.

    Examples
    --------
    >>> named_rows([2, 3, 3]), named_rows([7])
    ('rows 2, 3', 'row 7')
    """
    found = list(dict.fromkeys(numbers))
    shown = ", ".join(map(str, found[:ROWS_NAMED]))
    if len(found) > ROWS_NAMED:
        shown = gettext("{rows} and {n} more").format(rows=shown, n=len(found) - ROWS_NAMED)
    return ngettext("row {rows}", "rows {rows}", len(found)).format(rows=shown)


@dataclass(slots=True, kw_only=True)
class Grid:
    """One text file or sheet as cells, blank rows dropped.

    `numbers[i]` is the number a spreadsheet shows for `rows[i]`. `unfinished` names
    formula cells (row number, column index) that hold no stored result.
    """

    file: str
    sheet: str = ""
    numbers: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    merged: tuple[Merge, ...] = ()
    unfinished: frozenset[tuple[int, int]] = frozenset()
    epoch_1904: bool = False
    description: str = ""

    @property
    def width(self) -> int:
        """Number of cells in the longest row."""
        return max(map(len, self.rows), default=0)
