"""What the columns of a file are called, hold and were taken for, so that a person can say better.

Only the beginning of a text file is looked at; that is where its header stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sm_tracker.errors import LimitError, ReadError
from sm_tracker.ingest.files.containers import Workbook, open_container
from sm_tracker.ingest.files.dialect import split_text
from sm_tracker.ingest.files.file_tables import FileTables, Refused
from sm_tracker.ingest.files.grid import Cell, Grid, text_of
from sm_tracker.ingest.files.sources import Limits, SourceFile
from sm_tracker.ingest.files.spreadsheet import VisibleSheet, read_workbook
from sm_tracker.ingest.messages.finding_log import FindingLog, Location
from sm_tracker.ingest.messages.questions import Questions
from sm_tracker.ingest.tables.adjacent_tables import adjacent_grids
from sm_tracker.ingest.tables.column_meanings import count_known_names
from sm_tracker.ingest.tables.column_names import NAMES
from sm_tracker.ingest.tables.column_roles import assign_roles
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of, lettered, sample_of
from sm_tracker.ingest.tables.layout import find_sections
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.section import Section
from sm_tracker.ingest.tables.shape import shape_of

FIRST_BYTES = 200_000
SAMPLE_CELLS = 4
NOT_FOR_COLUMNS = frozenset({"note", "record_type", "subject", "paraprotein"})
"""Names that are known and yet no role a person would give a column."""
MAPPABLE_ROLES: tuple[str, ...] = tuple(r for r in NAMES if r not in NOT_FOR_COLUMNS)


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """One column: what an answer calls it, its first cells, and what it was taken for.

    `role` is blank where the column was not read; an identifying column has no cells.
    """

    header: str
    holds: str
    role: str
    identifying: bool = False


@dataclass(frozen=True, slots=True)
class SeenTable:
    """The columns of one table of a file or sheet."""

    file: str
    sheet: str
    columns: tuple[SeenColumn, ...]

    @property
    def place(self) -> str:
        """How the key of an answer names it."""
        return f"{self.file}/{self.sheet}" if self.sheet else self.file


def column_overview(
    source: SourceFile, answers: Mapping[str, str], limits: Limits | None = None
) -> tuple[SeenTable, ...]:
    """The columns of each table with a header in a file; none where it cannot be read.

    Parameters
    ----------
    source : SourceFile
    answers : mapping of str to str
        Answers that were given; those for other files are passed over.
    limits : Limits, optional
    """
    own = {k: v for k, v in answers.items() if _is_own(k, source.name)}
    context = ReadContext(
        findings=FindingLog(),
        questions=Questions(own, tuple(NAMES), [source.name]),
        today=dt.date.today(),
        limits=limits or Limits(),
    )
    return tuple(
        SeenTable(grid.file, grid.sheet, _columns(section, grid, context))
        for whole in _grids(source, context.limits)
        for grid in adjacent_grids(whole)
        for section in find_sections(grid)
        if section.has_header
    )


def _is_own(key: str, file: str) -> bool:
    base, _, place = key.partition("@")
    return base.startswith("column.") and (place in ("", file) or place.startswith(file + "/"))


def _grids(source: SourceFile, limits: Limits) -> Iterator[Grid]:
    content = source.content
    if not content.startswith(b"PK") and len(content) > FIRST_BYTES:
        content = content[: content.rfind(b"\n", 0, FIRST_BYTES) + 1]
    opened = open_container(content, limits)
    if isinstance(opened, Refused):
        return
    if isinstance(opened, FileTables):
        for table in opened.tables:
            numbers = list(table.numbers or range(1, len(table.rows) + 1))
            rows: list[list[Cell]] = [list(row) for row in table.rows]
            yield Grid(file=source.name, sheet=table.sheet, rows=rows, numbers=numbers)
        return
    if isinstance(opened, Workbook):
        try:
            for sheet in read_workbook(opened.content, source.name, limits):
                if isinstance(sheet, VisibleSheet) and sheet.grid.rows:
                    yield sheet.grid
        except (LimitError, ReadError):
            return
        return
    split = split_text(opened.text, count_known_names)
    grid = Grid(file=source.name)
    for number, row in enumerate(split.rows, start=split.first_row):
        if any(cell.strip() for cell in row):
            grid.rows.append(list(row))
            grid.numbers.append(number)
    if grid.rows:
        yield grid


def _columns(section: Section, grid: Grid, context: ReadContext) -> tuple[SeenColumn, ...]:
    roles = assign_roles(section, Location(grid.file, grid.sheet), context)
    _, roles = shape_of(roles, context)  # finds the columns of values
    role_names = _roles(roles)
    headers = [header_of(section, n.index) for n in section.names]
    return tuple(
        SeenColumn(
            header=lettered(section, i) if headers.count(header) > 1 else header,
            holds="" if i in roles.identifying else _first_cells(section, i),
            role=role_names.get(i, ""),
            identifying=i in roles.identifying,
        )
        for i, header in enumerate(headers)
    )


def _roles(roles: ColumnRoles) -> dict[int, str]:
    role_names = dict.fromkeys((n.index for n in roles.values), "thickness")
    role_names |= dict.fromkeys((n.index for n in roles.outcomes), "outcome value")
    role_names |= dict.fromkeys(roles.notes, "note")
    return role_names | {index: role for role, index in roles.by_role.items()}


def _first_cells(section: Section, index: int) -> str:
    return ", ".join(text_of(c).strip() for c in sample_of(section, index)[:SAMPLE_CELLS])
