"""Tables that stand side by side on one sheet become grids of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sm_tracker.ingest.files.grid import Grid, is_blank
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.header_names import read_header
from sm_tracker.ingest.tables.header_rows import cell_texts, looks_like_content

SEARCHED_ROWS = 80
FEWEST_NAMES = 3
_COURSES = frozenset({"therapy", "start", "end", "start_day", "end_day"})
_READINGS = frozenset({"date", "day", "site", "thickness", "value"})


def adjacent_grids(grid: Grid) -> list[Grid]:
    """The tables of a sheet from left to right; one where there is only one.

    A table begins where the names of columns begin anew: with the patient once more, or after a
    blank column with names of another kind of record (courses beside readings).
    """
    for row in grid.rows[:SEARCHED_ROWS]:
        if any(looks_like_content(c) for c in row if not is_blank(c)):
            continue
        names = read_header(cell_texts(row))
        starts = _starts(grid, names)
        if len(starts) > 1:
            return list(_cut(grid, starts))
    return [grid]


def _starts(grid: Grid, names: Sequence[ColumnName]) -> list[int]:
    patients = [n.index for n in names if n.role == "patient_id" and n.exact]
    blank = [n.index for n in names if not n.text and n.index > 0]
    starts = [0, *patients[1:]]
    if len(patients) < 2:
        gaps = [i for i in blank if _is_empty(grid, i)]
        starts = [0, *(i + 1 for i in gaps if i + 1 < len(names) and names[i + 1].text)]
    ends = [*starts[1:], len(names)]
    parts = [names[a:b] for a, b in zip(starts, ends, strict=True)]
    return starts if len(parts) > 1 and _stand_alone(parts, bool(patients)) else [0]


def _stand_alone(parts: Sequence[Sequence[ColumnName]], patients: bool) -> bool:
    """Whether each part is a table of its own: as many names, of another kind of record."""
    kinds = []
    for part in parts:
        role_names = {n.role for n in part if n.role} | {"site" for n in part if n.site_known}
        if len(role_names) < FEWEST_NAMES or (patients and "patient_id" not in role_names):
            return False
        kinds.append(bool(role_names & {"therapy"} and role_names & _COURSES - {"therapy"}))
        if not kinds[-1] and not role_names & _READINGS:
            return False
    return len(set(kinds)) > 1


def _is_empty(grid: Grid, index: int) -> bool:
    return all(index >= len(row) or is_blank(row[index]) for row in grid.rows)


def _cut(grid: Grid, starts: Sequence[int]) -> Iterator[Grid]:
    for left, right in zip(starts, [*starts[1:], None], strict=True):
        rows, numbers = [], []
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            part = row[left:right]
            while part and is_blank(part[-1]):
                part.pop()
            if part:
                rows.append(part)
                numbers.append(number)
        last = right if right is not None else grid.width
        yield replace(
            grid,
            rows=rows,
            numbers=numbers,
            named=grid.named if not left else 0,
            first_column=grid.first_column + left,
            merged=tuple(
                (first, stop, a - left, b - left)
                for first, stop, a, b in grid.merged
                if left <= a <= b < last
            ),
            unfinished=frozenset((n, i - left) for n, i in grid.unfinished if left <= i < last),
        )
