"""Workbooks in the binary form of Excel, and with a million rows that hold formats only."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl

from sm_tracker.ingest import SourceFile, read_sources
from tests.corpus.xlsb import xlsb

D = dt.date
HEADER = ["patient", "date", "site", "thickness (mm)"]


def read(content: bytes, name: str):
    return read_sources([SourceFile(name, content)], today=D(2026, 11, 1))


def test_a_workbook_in_the_binary_form_of_excel_is_read():
    rows = [HEADER, ["A1", "2024-01-08", "calf", 2.4], ["A1", "2024-04-08", "Wade li.", 2.25]]
    result = read(xlsb(rows), "book.xlsb")
    assert [(m.site, m.side, m.date, m.thickness_mm) for m in result.measurements] == [
        ("calf", "", D(2024, 1, 8), 2.4), ("calf", "left", D(2024, 4, 8), 2.25),
    ]  # fmt: skip
    assert result.ledger is not None
    assert (result.ledger.cells, result.ledger.used) == (12, 12)


def test_a_damaged_workbook_in_the_binary_form_is_named():
    content = xlsb([HEADER, ["A1", "2024-01-08", "calf", 2.4]])
    result = read(content[: len(content) // 2], "book.xlsb")
    assert result.outcome == "reject"


def with_empty_rows(count: int) -> bytes:
    """A table whose columns were formatted far below its last row, as codes of three digits."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append([7, D(2024, 1, 8), "calf", 2.4])
    sheet["A2"].number_format = "000"
    target, padded = io.BytesIO(), io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(padded, "w", zipfile.ZIP_DEFLATED) as z:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                style = re.search(rb'r="A2" s="(\d+)"', content)[1]
                rows = b"".join(
                    b'<row r="%d"><c r="A%d" s="%b"/><c r="D%d" s="%b"/></row>'
                    % (n, n, style, n, style)
                    for n in range(3, count)
                )
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            z.writestr(name, content)
    return padded.getvalue()


def test_rows_that_hold_formats_only_are_no_rows():
    result = read(with_empty_rows(200_000), "book.xlsx")
    (reading,) = result.measurements
    assert (reading.patient_id, reading.thickness_mm) == ("007", 2.4)
    assert result.ledger is not None
    assert result.ledger.cells == 8


def test_a_cell_longer_than_a_spreadsheet_allows_is_named_and_the_rest_is_read():
    rows = ("patient,date,site,mm,note", f"A1,2024-01-08,calf,2.4,{'x' * 40_000}",
            "A1,2024-04-08,calf,2,ok")  # fmt: skip
    result = read("\n".join(rows).encode(), "long.csv")
    assert [m.thickness_mm for m in result.measurements] == [2.4, 2.0]
    (named,) = [f for f in result.findings if f.code == "cell_not_examined"]
    assert named.place.row == 2
