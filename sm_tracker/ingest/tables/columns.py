"""The columns of a table by role, and what their cells look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sm_tracker.domain.records import LETTERED
from sm_tracker.ingest.files.grid import Cell, column_letter, is_blank, text_of
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.header_rows import DATE_LIKE, NUMBER_LIKE
from sm_tracker.ingest.tables.section import Section

SAMPLE_ROWS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRoles:
    """The columns of one section by role; a step that learns more makes a new one.

    `values` are columns of thickness values, one or several; `outcomes` other columns
    that are followed as outcomes of their own; `visits` columns of which each is a visit;
    `consumed` columns that were read, though no role points at them any more.
    """

    section: Section
    location: Location
    by_role: Mapping[str, int] = field(default_factory=dict)
    values: tuple[ColumnName, ...] = ()
    outcomes: tuple[ColumnName, ...] = ()
    visits: tuple[ColumnName, ...] = ()
    notes: tuple[int, ...] = ()
    identifying: Mapping[int, str] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    consumed: frozenset[int] = frozenset()

    @property
    def claimed(self) -> frozenset[int]:
        """Columns of which it is known what they are, be it that they are left out."""
        return frozenset((
            *self.by_role.values(), *(n.index for n in (*self.values, *self.outcomes)),
            *self.notes, *self.identifying, *self.left_out, *self.consumed,
        ))  # fmt: skip

    def with_roles(self, **columns: int) -> ColumnRoles:
        """With these columns in these roles."""
        return replace(self, by_role={**self.by_role, **columns})

    def without(self, *roles: str) -> ColumnRoles:
        """With no column in these roles."""
        return replace(self, by_role={r: i for r, i in self.by_role.items() if r not in roles})

    def leaving_out(self, *indexes: int) -> ColumnRoles:
        """With these columns known as such that are not read."""
        return replace(self, left_out=(*self.left_out, *indexes))

    def having(self, role: str, value: str) -> ColumnRoles:
        """With one value for a role in all rows."""
        return replace(self, constants={**self.constants, role: value})

    def with_column(self, role: str, header: ColumnName, cells: Sequence[Cell]) -> ColumnRoles:
        """With one more column, on the right of the table, in a role."""
        section = self.section.with_columns((header, cells))
        role_of = {role: len(section.names) - 1}
        return replace(self, section=section).with_roles(**role_of)

    def has(self, *role_names: str) -> bool:
        """Whether all of the roles have a column."""
        return all(r in self.by_role for r in role_names)

    def name(self, role: str) -> str:
        """Header of the column of a role, as a spreadsheet shows it."""
        return header_of(self.section, self.by_role[role]) if role in self.by_role else ""

    def cells(self, role: str) -> Sequence[Cell]:
        """Cells of the column of a role, blank where a row is short."""
        return column_cells(self.section, self.by_role[role])

    def cell(self, role: str, r: int) -> Cell:
        """Cell of one row in the column of a role, blank where the row is short."""
        row, index = self.section.rows[r], self.by_role[role]
        return row[index] if index < len(row) else ""


def are_tags(roles: ColumnRoles) -> bool:
    """Whether a column of therapies tags readings, with no dates of courses beside it."""
    return roles.has("therapy") and not (roles.has("start") or roles.has("start_day"))


def header_of(section: Section, index: int) -> str:
    """Name of a column as written, or its letter where it has none."""
    text = section.names[index].text if index < len(section.names) else ""
    return text or lettered(section, index)


def lettered(section: Section, index: int) -> str:
    """A column by its letter, as an answer names one without a name of its own: column A."""
    return LETTERED + column_letter(index + section.grid.first_column)


def shown_as(section: Section, index: int) -> str:
    """Name of a column in a sentence that calls it a column, or its letter alone."""
    return header_of(section, index).removeprefix(LETTERED)


def column_cells(section: Section, index: int) -> Sequence[Cell]:
    """Cells of one column, blank where a row is short."""
    return section.column(index)


def sample_of(section: Section, index: int) -> list[Cell]:
    """First cells of a column that are not blank."""
    cells = (row[index] for row in section.rows[:SAMPLE_ROWS] if index < len(row))
    return [c for c in cells if not is_blank(c)]


def share_of_numbers(cells: Sequence[Cell]) -> float:
    """Share of cells that are numbers."""
    if not cells:
        return 0.0
    return sum(isinstance(c, float) or bool(NUMBER_LIKE.match(text_of(c).strip())) for c in cells
               ) / len(cells)  # fmt: skip


def share_of_dates(cells: Sequence[Cell]) -> float:
    """Share of cells that look like dates."""
    if not cells:
        return 0.0
    return sum(not isinstance(c, str | float) or bool(DATE_LIKE.match(text_of(c).strip()))
               for c in cells) / len(cells)  # fmt: skip
