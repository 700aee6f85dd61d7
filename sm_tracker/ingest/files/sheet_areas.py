"""How large the sheets of .xlsb and .ods files are, before a reader lays them out in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

_ROW_HEADER = 0
_LAST_CELL_RECORD = 11
_REPEATED_ROWS = "number-rows-repeated"
_REPEATED_COLUMNS = "number-columns-repeated"


def largest_area(archive: zipfile.ZipFile) -> int:
    """Cells of the largest rectangle around the filled cells of a sheet."""
    names = archive.namelist()
    if "content.xml" in names:
        return _of_ods(archive)
    sheets = [n for n in names if n.startswith("xl/worksheets/") and n.endswith(".bin")]
    return max((_of_binary(archive.read(n)) for n in sheets), default=0)


def _of_binary(part: bytes) -> int:
    """Rows times columns of a binary sheet, by the records of its rows and cells."""
    last_row = last_column = row = 0
    for kind, start, size in _records(part):
        if size < 4:
            continue
        if kind == _ROW_HEADER:
            row = int.from_bytes(part[start : start + 4], "little")
        elif kind <= _LAST_CELL_RECORD:
            last_row = max(last_row, row)
            last_column = max(last_column, int.from_bytes(part[start : start + 4], "little"))
    return (last_row + 1) * (last_column + 1)


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield kind, at, size
        at += size


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for i in range(most):
        byte = part[at] if at < len(part) else 0
        at += 1
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            break
    return value, at


def _of_ods(archive: zipfile.ZipFile) -> int:
    largest = rows = columns = 0
    row_width = width = 0
    with archive.open("content.xml") as part:
        for event, element in iterparse(part, events=("start", "end")):
            tag = str(element.tag).rpartition("}")[2]
            if event == "start":
                if tag == "table":
                    rows = columns = 0
                elif tag == "table-row":
                    row_width = width = 0
            elif tag in ("table-cell", "covered-table-cell"):
                width += _times(element, _REPEATED_COLUMNS)
                if len(element) or any("value" in k for k in element.attrib):
                    row_width = width
            elif tag == "table-row":
                rows += _times(element, _REPEATED_ROWS)
                if row_width:
                    columns = max(columns, row_width)
                    largest = max(largest, rows * columns)
                element.clear()
    return largest


def _times(element: Element, name: str) -> int:
    value = next((v for k, v in element.items() if k.endswith(name)), "1")
    return int(value) if value.isdigit() else 1
