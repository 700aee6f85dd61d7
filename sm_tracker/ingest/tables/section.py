"""One table of a grid: its named columns, its rows, and the lines around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sm_tracker.ingest.files.grid import Cell, Grid
from sm_tracker.ingest.tables.column_meanings import ColumnName


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of a grid: named columns and rows of cells.

    `names[i]` belongs to ``rows[r][i]``; rows may be shorter than the header. `above`
    holds what stands before the header. `group_of` gives the patient code of a line such
    as "Patient: A1" that a row stands under.

    `body` are the numbers of the rows as they were found, `lines_used` those of lines around
    them that say something about the records, `patient_lines` those of lines among
    them that name a patient, and `origins` the columns of the file behind those
    of a table that was turned. `left_out` says that by an answer it is not read.
    """

    grid: Grid
    names: Sequence[ColumnName]
    header_rows: tuple[int, ...]
    numbers: Sequence[int] = ()
    rows: Sequence[Sequence[Cell]] = ()
    above: Sequence[tuple[int, str]] = ()
    below: Sequence[tuple[int, str]] = ()
    summaries: Sequence[tuple[int, str]] = ()
    repeats: Sequence[int] = ()
    group_of: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    has_header: bool = True
    body: Sequence[int] = ()
    lines_used: frozenset[int] = frozenset()
    patient_lines: Sequence[int] = ()
    origins: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    left_out: bool = False
    _columns: dict[int, Sequence[Cell]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def column(self, index: int) -> Sequence[Cell]:
        """Cells of one column, blank where a row is short; gathered once."""
        if index not in self._columns:
            try:
                self._columns[index] = [row[index] for row in self.rows]
            except IndexError:
                self._columns[index] = [row[index] if index < len(row) else "" for row in self.rows]
        return self._columns[index]

    def with_cells(self, changed: Mapping[int, Mapping[int, Cell]]) -> Section:
        """With other cells, by row and column."""
        if not changed:
            return self
        rows = list(self.rows)
        for r, cells in changed.items():
            row = list(rows[r])
            row += [""] * (max(cells) + 1 - len(row))
            for column, cell in cells.items():
                row[column] = cell
            rows[r] = row
        return replace(self, rows=rows)

    def with_columns(self, *columns: tuple[ColumnName, Sequence[Cell]]) -> Section:
        """With more columns on the right, each by its name and cells."""
        width = max(len(self.names), *map(len, self.rows))
        unnamed = [ColumnName(index=i, text="", name="") for i in range(len(self.names), width)]
        named = [replace(name, index=i) for i, (name, _) in enumerate(columns, start=width)]
        added = zip(*(cells for _, cells in columns), strict=True)
        rows = [
            [*row, *[""] * (width - len(row)), *more]
            for row, more in zip(self.rows, added, strict=True)
        ]
        return replace(self, names=[*self.names, *unnamed, *named], rows=rows)

    def of_rows(self, indexes: Sequence[int]) -> Section:
        """The same table with some of its rows."""
        return replace(
            self,
            rows=[self.rows[r] for r in indexes],
            numbers=[self.numbers[r] for r in indexes],
        )

    def in_file(self, columns: Iterable[int]) -> set[int]:
        """The columns of the file behind columns of this table, which may have been turned."""
        if self.origins:
            return {i for c in columns for i in self.origins.get(c, ())}
        return {c for c in columns if 0 <= c < self.grid.width}

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as written."""
        return tuple(n.text for n in self.names)
