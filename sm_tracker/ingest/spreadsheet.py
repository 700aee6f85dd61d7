"""Workbooks to grids: values by openpyxl, read-only; marks of the sheets beside them."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sm_tracker.errors import LimitError, ReadError
from sm_tracker.ingest.decoding import composed
from sm_tracker.ingest.progress import Progress
from sm_tracker.ingest.sheet_marks import SheetMarks, marks_of_sheets
from sm_tracker.ingest.sources import Limits
from sm_tracker.ingest.tables import Cell, Grid, is_blank

ZERO_DATE = "00.01.1900"
_TELLING = re.compile(rb'formatCode="(?:0{2,}"|[^"]*&quot;[^"&]*(?:mm|\xc2\xb5m|um|cm)\b)')
"""Formats of numbers that add what a reader sees: leading zeros, a unit in quotes."""
_ZEROS = re.compile(r"0{2,}")
_UNIT = re.compile(r'^[^"]*"\s*(mm|[\u00b5\u03bc]m|um|cm)\s*"')
BROKEN_WORKBOOK = (
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, OSError, OverflowError, AssertionError, RuntimeError,
)  # fmt: skip
"""What openpyxl raises on damaged files; it promises no error of its own.

The errors of both XML parsers it may use are kinds of `SyntaxError`.
"""


@dataclass(frozen=True, slots=True)
class HiddenSheet:
    """A sheet that is hidden and therefore not read."""

    name: str


@dataclass(frozen=True, slots=True)
class VisibleSheet:
    """A sheet as a grid, with the rows and columns of it that are hidden."""

    grid: Grid
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[int, ...]


def read_workbook(
    content: bytes, file: str, limits: Limits, progress: Progress | None = None
) -> Iterator[HiddenSheet | VisibleSheet]:
    """Sheets of a workbook in their order.

    Raises
    ------
    ReadError
        If the workbook is damaged.
    LimitError
        If a sheet has more rows or columns than `limits` allow.
    """
    from openpyxl import load_workbook

    # openpyxl warns of odd names and styles, which concern no cell that is read.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    try:
        marks = marks_of_sheets(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        epoch_1904, telling = book.epoch.year == 1904, _has_telling_formats(content)
        sheets = list(book.worksheets)
    except BROKEN_WORKBOOK as error:
        raise _damaged(file) from error
    for sheet in sheets:
        if sheet.sheet_state != "visible":
            yield HiddenSheet(sheet.title)
            continue
        try:
            grid = Grid(file=file, sheet=sheet.title, epoch_1904=epoch_1904)
            yield _visible(
                sheet,
                grid,
                marks.get(sheet.title, SheetMarks()),
                limits,
                progress or Progress(None),
                telling,
            )
        except BROKEN_WORKBOOK as error:
            raise _damaged(file) from error


def _damaged(file: str) -> ReadError:
    return ReadError("The workbook is damaged", where=file)


def _visible(
    sheet: Any, grid: Grid, marks: SheetMarks, limits: Limits, progress: Progress, telling: bool
) -> VisibleSheet:
    grid.merged, grid.unfinished, grid.description = marks.merged, marks.unfinished, "spreadsheet"
    stated_rows = sheet.max_row or limits.rows
    sheet.reset_dimensions()
    rows = progress.counted(sheet.iter_rows(values_only=not telling), stated_rows)
    for number, values in enumerate(rows, start=1):
        cells = [_shown(c) for c in values] if telling else [_cell(v) for v in values]
        while cells and is_blank(cells[-1]) and (number, len(cells) - 1) not in grid.unfinished:
            cells.pop()
        if not cells:
            continue
        if len(grid.rows) >= limits.rows:
            raise LimitError("rows", where=sheet.title)
        if len(cells) > limits.columns:
            raise LimitError("columns", where=sheet.title)
        grid.rows.append(cells)
        grid.numbers.append(number)
    seen = set(grid.numbers)
    return VisibleSheet(
        grid, tuple(n for n in marks.hidden_rows if n in seen), marks.hidden_columns
    )


def _has_telling_formats(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        return "xl/styles.xml" in names and bool(_TELLING.search(archive.read("xl/styles.xml")))


def _shown(cell: Any) -> Cell:
    """A cell with the leading zeros or the unit that the format of its number shows."""
    value = _cell(cell.value)
    if not isinstance(value, float):
        return value
    form = str(cell.number_format or "")
    if _ZEROS.fullmatch(form) and value >= 0 and value == int(value):
        return str(int(value)).zfill(len(form))
    unit = _UNIT.match(form)
    return f"{value!r} {unit[1]}" if unit else value


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.time):
        # A date cell that holds 0 or a fraction: openpyxl reads day 0 as a time of day.
        return ZERO_DATE if value == dt.time(0) else value.isoformat()
    return value if isinstance(value, dt.date) else str(value)
