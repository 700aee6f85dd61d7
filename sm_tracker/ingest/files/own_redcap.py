"""An export of the REDCap project of our own, taken apart into our own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sm_tracker.domain.redcap_project import INSTRUMENTS, ProjectField, project_fields
from sm_tracker.ingest.files.grid import Cell, Grid, is_blank, text_of

_INSTRUMENT = ("redcap_repeat_instrument", "repeat instrument")
_FLAGS = {"1": "true", "0": "false"}


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The tables of an export, and the rows that belong to none of them."""

    grids: tuple[Grid, ...]
    left: tuple[int, ...]


def own_redcap_tables(grid: Grid) -> OwnTables | None:
    """The tables of an export of our own project, raw or labelled; None for any other table.

    The fields of the readings, or those of the therapies, must all be there.
    """
    if not grid.rows:
        return None
    header = [text_of(c).strip() for c in grid.rows[0]]
    folded = [name.casefold() for name in header]
    instrument = next((folded.index(n) for n in _INSTRUMENT if n in folded), None)
    columns = _columns(folded)
    if instrument is None or not any(
        {f.name for f in project_fields() if f.instrument == form}
        <= {f.name for f in columns.values()}
        for form in ("reading", "therapy")
    ):
        return None
    return _apart(grid, instrument, columns)


def _columns(folded: Sequence[str]) -> dict[int, ProjectField]:
    known = {f.name: f for f in project_fields()} | {f.label: f for f in project_fields()}
    return {i: known[name] for i, name in enumerate(folded) if name in known}


def _apart(grid: Grid, instrument: int, columns: Mapping[int, ProjectField]) -> OwnTables:
    grids: list[Grid] = []
    placed: set[int] = set()
    for table, form in INSTRUMENTS.items():
        own = {i: f for i, f in columns.items() if f.instrument == form}
        names: list[Cell] = ["patient_id", *(f.column for f in own.values())]
        found = Grid(file=grid.file, sheet=table, rows=[names], numbers=[grid.numbers[0]])
        for number, row in zip(grid.numbers[1:], grid.rows[1:], strict=True):
            said = text_of(row[instrument]).strip().casefold() if instrument < len(row) else ""
            if said == form:
                found.rows.append([row[0], *(_decoded(row, i, f) for i, f in own.items())])
                found.numbers.append(number)
                placed.add(number)
        if len(found.rows) > 1:
            grids.append(found)
    left = tuple(n for n in grid.numbers[1:] if n not in placed)
    taken = sum(not is_blank(c) for g in grids for row in g.rows[1:] for c in row)
    whole = sum(not is_blank(c) for row in grid.rows[1:] for c in row)
    if grids:
        grids[0].named = whole - taken
    return OwnTables(tuple(grids), left)


def _decoded(row: Sequence[Cell], index: int, field: ProjectField) -> Cell:
    cell = row[index] if index < len(row) else ""
    if field.kind == "yesno":
        return _FLAGS.get(text_of(cell).strip(), cell)
    return field.choices.get(text_of(cell).strip(), cell) if field.choices else cell
