"""What a file looks like before it is understood: grids of cells with row numbers."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sm_tracker.languages import Message, first_few

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


def count_blanks(cells: Sequence[Cell]) -> int:
    """How many of the cells are blank."""
    try:
        return cells.count("") + sum(map(str.isspace, cells))  # type: ignore[arg-type]
    except TypeError:  # numbers and dates of a spreadsheet
        return sum(map(is_blank, cells))


def column_letter(index: int) -> str:
    """Name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


ROWS_NAMED = 12


def named_rows(numbers: Iterable[int]) -> Message:
    """Row numbers in words, each once, the first dozen of them.

    Examples
    --------
    >>> named_rows([2, 3, 3]), named_rows([7])
    (Message('rows 2, 3'), Message('row 7'))
    """
    found = list(map(str, dict.fromkeys(numbers)))
    shown = first_few(found, ROWS_NAMED)
    return Message.counted("row {rows}", "rows {rows}", n=len(found), rows=shown)


@dataclass(slots=True, kw_only=True)
class Grid:
    """One text file or sheet as cells, blank rows dropped.

    `numbers[i]` is the number a spreadsheet shows for `rows[i]`. `unfinished` names
    formula cells (row number, column index) that hold no stored result. `named` counts cells
    that are in no row any more and were named by a finding. `first_column` is the position of
    the first column on its sheet, where several tables stand side by side.
    """

    file: str
    sheet: str = ""
    numbers: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    merged: tuple[Merge, ...] = ()
    unfinished: frozenset[tuple[int, int]] = frozenset()
    epoch_1904: bool = False
    description: str = ""
    named: int = 0
    first_column: int = 0

    _index: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    def row_of(self, number: int) -> list[Cell]:
        """The cells of the row that a spreadsheet shows under a number."""
        if len(self._index) != len(self.numbers):
            self._index = {n: i for i, n in enumerate(self.numbers)}
        return self.rows[self._index[number]]

    def rows_of(self, numbers: Sequence[int]) -> Sequence[list[Cell]]:
        """The cells of rows with these numbers; at once where they follow one another."""
        if not numbers:
            return []
        first, last = self.numbers.index(numbers[0]), bisect_left(self.numbers, numbers[-1])
        if self.numbers[first : last + 1] == list(numbers):
            return self.rows[first : last + 1]
        return [self.row_of(n) for n in numbers]

    @property
    def width(self) -> int:
        """Number of cells in the longest row."""
        return max(map(len, self.rows), default=0)
