"""What became of the cells of a table: in a record, in a note, named by a finding, or refused.

The ledger counts cells and keeps none. A row that gave no record and is not refused is named, and
so is a column of which nothing was read; what no finding has named before is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sm_tracker.ingest.files.grid import Cell, Grid, count_blanks, is_blank, named_rows
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of, sample_of
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.roles_read import roles_read
from sm_tracker.ingest.tables.section import Section
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.ingest.tables.tally import Tally

_NOTES_READ = frozenset(TableShape) - {
    TableShape.CBIOPORTAL,
    TableShape.POINTS,
    TableShape.REDCAP_DICTIONARY,
}


@dataclass(frozen=True, slots=True)
class Read:
    """What the reading of one section gave, as far as the ledger has to know it.

    `roles` is None where no reader was found; `kept` and `refused` are numbers of rows;
    `is_one_of_several` tells that other tables share the sheet.
    """

    section: Section
    shape: TableShape
    roles: ColumnRoles | None
    batch: RecordBatch
    kept: frozenset[int]
    refused: frozenset[int]
    is_one_of_several: bool = False


def columns_read(roles: ColumnRoles, batch: RecordBatch, shape: TableShape) -> set[int]:
    """Columns of the file of which a reader read something other than notes."""
    role_names = roles_read(roles, shape)
    used = {index for role, index in roles.by_role.items() if role in role_names}
    used |= {n.index for n in (*roles.values, *roles.outcomes, *roles.visits)} | roles.consumed
    used |= batch.columns_read
    return roles.section.in_file(used)


def count_section(read: Read, location: Location, context: ReadContext, tally: Tally) -> None:
    """Count the cells of a section, and name what nothing has named yet."""
    section, roles = read.section, read.roles
    grid = section.grid
    kind_of = _kinds_of_columns(read, location, context)
    for number in section.header_rows:
        for i, cell in enumerate(_row(grid, number)):
            if not is_blank(cell):
                tally.add(kind_of.get(i, "named"), 1)
    used = {number for _, number in section.group_of.values()} | section.lines_used
    used |= roles.section.lines_used if roles is not None else frozenset()
    lines = [n for n, _ in (*section.above, *section.below, *section.summaries)]
    for number in (*lines, *section.repeats, *section.patient_lines):
        tally.add("used" if number in used else "named", _filled(_row(grid, number)))
    left = [n for n in section.body if n in read.refused or n not in read.kept]
    _count_columns(grid, section.body, left, kind_of, tally)
    silent = []
    for number in left:
        filled = _filled(_row(grid, number))
        tally.add("refused" if number in read.refused else "named", filled)
        if filled and number not in read.refused:
            silent.append(number)
    if (roles is not None or location.table > 1 or read.is_one_of_several) and (
        read.shape is not TableShape.REDCAP_DICTIONARY
    ):
        _name_rows(silent, location, context)


def count_grid(grid: Grid, tally: Tally) -> None:
    """Count the cells of a sheet in which no table was found, and that a finding names."""
    tally.add("named", sum(map(_filled, grid.rows)))


def _row(grid: Grid, number: int) -> Sequence[Cell]:
    return grid.row_of(number)


def _filled(row: Iterable[Cell]) -> int:
    return sum(not is_blank(c) for c in row)


def _kinds_of_columns(read: Read, location: Location, context: ReadContext) -> dict[int, str]:
    """For each column of the file: used, noted or named."""
    roles = read.roles
    if roles is None:
        return {}
    kinds = dict.fromkeys(roles.section.in_file({*roles.notes, *read.batch.note_columns}), "noted")
    if read.shape not in _NOTES_READ:
        kinds = {}
    kinds |= dict.fromkeys(columns_read(roles, read.batch, read.shape), "used")
    if not read.kept:
        return dict.fromkeys(kinds, "named")
    _name_columns(read, kinds, location, context)
    return kinds


def _name_columns(
    read: Read, kinds: Mapping[int, str], location: Location, context: ReadContext
) -> None:
    """Name the columns with content of which nothing was read, unless a finding has."""
    repaired = read.roles.section if read.roles is not None else read.section
    section = read.section if repaired.origins else repaired
    said = {
        f.column for f in context.findings.listed
        if f.column and (f.place.file, f.place.sheet) == (location.file, location.sheet)
    }  # fmt: skip
    listed = ", ".join(
        str(f.message.value("columns"))
        for f in context.findings.listed
        if f.code == "columns_not_read"
        and (f.place.file, f.place.sheet) == (location.file, location.sheet)
    )
    unread = []
    for index in range(section.grid.width):
        header = header_of(section, index)
        if index not in kinds and header not in said and header not in listed and sample_of(
            section, index
        ):  # fmt: skip
            unread.append(header)
    if unread:
        context.findings.add("columns_not_read", location, None, columns=", ".join(unread))


def _name_rows(numbers: Sequence[int], location: Location, context: ReadContext) -> None:
    """Name the rows that gave no record, unless a finding has named them."""
    if not numbers:
        return
    here = [f for f in context.findings.listed
            if (f.place.file, f.place.sheet) == (location.file, location.sheet)]  # fmt: skip
    if any(f.code == "blank_cells" for f in here):
        return
    said = {f.place.row for f in here}
    silent = [n for n in numbers if n not in said]
    if silent:
        context.findings.add("rows_without_record", location, silent[0], rows=named_rows(silent))


def _count_columns(
    grid: Grid, numbers: Sequence[int], left: Sequence[int], kind_of: Mapping[int, str],
    tally: Tally,
) -> None:  # fmt: skip
    """Count the cells of rows that gave records: all of them, and those that are not used."""
    out = set(left)
    rows = [_row(grid, n) for n in numbers if n not in out] if out else grid.rows_of(numbers)
    used = sum(map(len, rows)) - sum(map(count_blanks, rows))
    for index in range(max(map(len, rows), default=0)):
        kind = kind_of.get(index, "named")
        if kind != "used":
            column = [row[index] for row in rows if index < len(row)]
            filled = len(column) - count_blanks(column)
            tally.add(kind, filled)
            used -= filled
    tally.add("used", used)


__all__ = ["Read", "columns_read", "count_grid", "count_section"]
