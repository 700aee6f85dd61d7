"""Reads a workbook in a process of its own; run as a script, never imported for that.

The readers of .xls, .xlsb and .ods end their process at once where a damaged file makes them
ask for more memory than there is. Here that ends nobody else's.

Standard input is the file; standard output is JSON: a list of title, whether it is visible, and
rows, in which a date is a list of its ISO text.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys

MOST_MEMORY = 3 << 30


def json_value(value: object) -> object:
    """A cell as JSON can hold it."""
    if isinstance(value, dt.datetime):
        return [value.date().isoformat()]
    if isinstance(value, dt.date):
        return [value.isoformat()]
    if isinstance(value, dt.time):
        return "00.01.1900" if value == dt.time(0) else value.isoformat()
    return value if isinstance(value, str | float | int | bool) else str(value)


def read_standard_input() -> int:
    """Read one workbook; 1 if it is damaged, 2 if it is encrypted."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        import resource
    except ImportError:  # not on Windows
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            (
                sheet.name,
                sheet.visible == SheetVisibleEnum.Visible,
                [
                    [json_value(v) for v in row]
                    for row in book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                ],
            )
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError:
        return 2
    json.dump(sheets, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(read_standard_input())
