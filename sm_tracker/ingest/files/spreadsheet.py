"""Workbooks to grids: values by calamine, by openpyxl where errors or their size ask for it."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from sm_tracker.errors import LimitError, ReadError
from sm_tracker.ingest.files.decoding import composed
from sm_tracker.ingest.files.grid import Cell, Grid, is_blank
from sm_tracker.ingest.files.progress import Progress
from sm_tracker.ingest.files.sheet_formats import Formats, formats_of
from sm_tracker.ingest.files.sheet_marks import SheetMarks, marks_of_sheets
from sm_tracker.ingest.files.sources import Limits

ZERO_DATE = "00.01.1900"
_DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)")
PATIENCE_S = 120
ENCRYPTED = 2
"""Exit status of the process that reads for a workbook with a password."""

MOST_CELLS = 10_000_000
"""Cells of the rectangle of a sheet that calamine may lay out in memory, blank ones included."""

BROKEN_WORKBOOK = (
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, OSError, OverflowError, AssertionError, RuntimeError, CalamineError,
    PasswordError, WorksheetNotFound, XmlError, ZipError,
)  # fmt: skip
"""What the readers raise on damaged files; openpyxl promises no error of its own.

The errors of both XML parsers it may use are kinds of `SyntaxError`.
"""


class PasswordNeeded(ReadError):
    """A workbook that is encrypted."""


@dataclass(frozen=True, slots=True)
class HiddenSheet:
    """A sheet that is hidden and therefore not read, with the number of its filled cells."""

    name: str
    cells: int = 0


@dataclass(frozen=True, slots=True)
class VisibleSheet:
    """A sheet as a grid, with the rows and columns of it that are hidden.

    `struck` are cells that are struck through (row number, column index), `comments` texts
    beside cells.
    """

    grid: Grid
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    struck: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    comments: tuple[tuple[int, int, str], ...] = ()


def read_workbook(
    content: bytes, file: str, limits: Limits, progress: Progress | None = None
) -> Iterator[HiddenSheet | VisibleSheet]:
    """Sheets of a workbook in their order: .xlsx, .xlsb, .xls or .ods.

    Raises
    ------
    ReadError
        If the workbook is damaged.
    LimitError
        If a sheet has more rows or columns than `limits` allow.
    """
    telling = progress or Progress(None)
    try:
        yield from (
            _read_xlsx(content, file, limits, telling)
            if _is_xlsx(content)
            else _read_other(content, file, limits, telling)
        )
    except PasswordError as error:
        raise PasswordNeeded("The workbook is encrypted", where=file) from error
    except BROKEN_WORKBOOK as error:
        raise ReadError("The workbook is damaged", where=file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a reader in Rust raises, no Exception
            raise
        raise ReadError("The workbook is damaged", where=file) from error


def _is_xlsx(content: bytes) -> bool:
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _read_other(
    content: bytes, file: str, limits: Limits, progress: Progress
) -> Iterator[HiddenSheet | VisibleSheet]:
    for title, is_visible, rows in _in_a_process(content, file):
        if not is_visible:
            yield HiddenSheet(title, _count(rows))
            continue
        grid = Grid(file=file, sheet=title, description="spreadsheet")
        _fill(grid, progress.counted(map(_cells, rows), len(rows)), limits)
        yield VisibleSheet(grid)


def _in_a_process(content: bytes, file: str) -> list[tuple[str, bool, list[list[object]]]]:
    """Sheets of a workbook, read where a damaged one ends no other work."""
    script = Path(__file__).with_name("sheet_process.py")
    try:
        done = subprocess.run(
            [sys.executable, str(script)], input=content, capture_output=True, check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ReadError("The workbook takes too long to read", where=file) from error
    if done.returncode == ENCRYPTED:
        raise PasswordNeeded("The workbook is encrypted", where=file)
    if done.returncode:
        raise ReadError("The workbook is damaged", where=file)
    found = json.loads(done.stdout)
    return [
        (title, visible, [[_dated(v) for v in row] for row in rows])
        for title, visible, rows in found
    ]


def _dated(value: object) -> object:
    return dt.date.fromisoformat(value[0]) if isinstance(value, list) else value


def _count(rows: Sequence[Sequence[Any]]) -> int:
    return sum(not is_blank(_cell(v)) for row in rows for v in row)


def _read_xlsx(
    content: bytes, file: str, limits: Limits, progress: Progress
) -> Iterator[HiddenSheet | VisibleSheet]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        formats = formats_of(archive)
        epoch_1904 = bool(_DATE_1904.search(archive.read("xl/workbook.xml")))
    marks = marks_of_sheets(content, formats.struck, formats.styles)
    fast = _opened_by_calamine(content, marks)
    rows_of = (
        _by_calamine(fast, marks, formats) if fast is not None else _by_openpyxl(content, formats)
    )
    for title, is_visible, rows, count in rows_of:
        own = marks.get(title, SheetMarks())
        grid = Grid(
            file=file, sheet=title, epoch_1904=epoch_1904, merged=own.merged,
            unfinished=own.unfinished, description="spreadsheet",
        )  # fmt: skip
        if not is_visible:
            yield HiddenSheet(title, sum(not is_blank(c) for row in rows for c in row))
            continue
        _fill(grid, progress.counted(rows, count or limits.rows), limits)
        seen = set(grid.numbers)
        yield VisibleSheet(
            grid, tuple(n for n in own.hidden_rows if n in seen), own.hidden_columns, own.struck,
            own.comments,
        )  # fmt: skip


Sheets = Iterator[tuple[str, bool, Iterator[list[Cell]], int]]
"""Title, whether it is visible, rows of cells and about how many rows, sheet by sheet."""


def _opened_by_calamine(content: bytes, marks: Mapping[str, SheetMarks]) -> CalamineWorkbook | None:
    """The workbook in the fast reader, unless that would lose errors or fill the memory."""
    if any(m.has_errors or m.area > MOST_CELLS for m in marks.values()):
        return None
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, XmlError, ZipError):
        return None


def _by_calamine(
    book: CalamineWorkbook, marks: Mapping[str, SheetMarks], formats: Formats
) -> Sheets:
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            visible = sheet.visible == SheetVisibleEnum.Visible
            styled = marks.get(sheet.name, SheetMarks()).styled
            yield sheet.name, visible, _with_formats(map(_cells, rows), styled, formats), len(rows)


def _with_formats(
    rows: Iterable[list[Cell]], styled: Mapping[int, Mapping[int, int]], formats: Formats
) -> Iterator[list[Cell]]:
    """Rows with what the formats of their cells show."""
    for number, cells in enumerate(rows, start=1):
        for index, style in styled.get(number, {}).items():
            if index < len(cells):
                cells[index] = _shown(cells[index], style, formats)
        yield cells


def _by_openpyxl(content: bytes, formats: Formats) -> Sheets:
    from openpyxl import load_workbook

    # openpyxl warns of odd names and styles, which concern no cell that is read.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    for sheet in list(book.worksheets):
        count = sheet.max_row or 0
        sheet.reset_dimensions()
        rows = (
            (
                [_shown(_cell(c.value), getattr(c, "_style_id", None), formats) for c in row]
                for row in sheet.iter_rows()
            )
            if formats.tell
            else map(_cells, sheet.iter_rows(values_only=True))
        )
        yield sheet.title, sheet.sheet_state == "visible", rows, count


def _fill(grid: Grid, rows: Iterator[list[Cell]], limits: Limits) -> None:
    for number, cells in enumerate(rows, start=1):
        while cells and is_blank(cells[-1]) and (number, len(cells) - 1) not in grid.unfinished:
            cells.pop()
        if not cells:
            continue
        if len(grid.rows) >= limits.rows:
            raise LimitError("rows", where=grid.sheet)
        if len(cells) > limits.columns:
            raise LimitError("columns", where=grid.sheet)
        grid.rows.append(cells)
        grid.numbers.append(number)


def _cells(values: Sequence[object]) -> list[Cell]:
    return [_cell(v) for v in values]


def _shown(value: Cell, style: int | None, formats: Formats) -> Cell:
    """A cell with the zeros or the unit that its format shows, or without the day it hides."""
    if style is None:
        return value
    if isinstance(value, dt.date) and style in formats.vague:
        if value.day != 1 or (formats.vague[style] == "year" and value.month != 1):
            return value  # the day was typed, and only not shown
        return f"{value.year}-{value.month:02d}" if formats.vague[style] == "month" else str(
            value.year)  # fmt: skip
    if not isinstance(value, float):
        return value
    if style in formats.zeros and value >= 0 and value == int(value):
        return str(int(value)).zfill(formats.zeros[style])
    return f"{value!r} {formats.units[style]}" if style in formats.units else value


def _cell(value: object) -> Cell:
    if value is None or value == "":
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
        # A date cell that holds 0 or a fraction: day 0 is read as a time of day.
        return ZERO_DATE if value == dt.time(0) else value.isoformat()
    return value if isinstance(value, dt.date) else str(value)
