"""The same records come from a workbook whatever the format it is saved in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile, read_sources

FOLDER = Path(__file__).parents[1] / "messy_formats"
TODAY = dt.date(2026, 11, 1)
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}
MOST_SECONDS = 5


def read(content: bytes, name: str = "book") -> ReadResult:
    return read_sources([SourceFile(name, content)], today=TODAY)


def records(result: ReadResult) -> list[object]:
    bare = (*result.measurements, *result.therapies)
    return [dataclasses.replace(r, place=dataclasses.replace(r.place, file="")) for r in bare]


def changed(content: bytes, change) -> bytes:
    """A workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return out.getvalue()


def strict(_name: str, part: bytes) -> bytes:
    for old, new in STRICT.items():
        part = part.replace(old, new)
    return part


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_a_workbook_reads_alike_in_each_format(ending):
    expected = read((FOLDER / "book.xlsx").read_bytes())
    found = read((FOLDER / f"book.{ending}").read_bytes())
    assert len(records(expected)) == 3
    assert records(found) == records(expected)
    assert [f.code for f in found.findings] == [f.code for f in expected.findings]
    assert found.ledger == expected.ledger


def test_strict_open_xml_is_read():
    content = (FOLDER / "book.xlsx").read_bytes()
    assert records(read(changed(content, strict))) == records(read(content))


def test_a_sheet_that_claims_billions_of_cells_is_refused():
    def repeated(name: str, part: bytes) -> bytes:
        if name != "content.xml":
            return part
        return part.replace(b"<table:table-row ", b'<table:table-row table:number-rows-repeated="'
                            b'900000000" ', 1)  # fmt: skip

    result = read(changed((FOLDER / "book.ods").read_bytes(), repeated))
    assert result.outcome == "reject"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"$FL2@(#) SPSS", "SPSS"),
        (b"<stata_dta><header>", "Stata"),
        (b"RDX3\nX\n", "R file"),
        (bytes(12) + b"\xc2\xea\x81\x60", "SAS"),
    ],
)
def test_files_of_statistics_programs_are_named_with_what_to_do(start, kind):
    result = read(start + bytes(300), "data.csv")
    assert result.outcome == "reject"
    assert kind in str(result.findings[0].message)
    assert "CSV" in str(result.findings[0].message)


def test_lines_of_json_are_a_table():
    lines = '{"patient":"A","date":"2024-02-05","site":"calf","thickness_mm":2.4}\n' * 2
    result = read(lines.encode(), "a.jsonl")
    assert len(result.measurements) == 1
    assert {f.code for f in result.findings} == {"json_read", "duplicate_row"}


def test_nested_json_is_no_table():
    result = read(b'{"patient": {"id": "A", "readings": [1, 2]}}', "a.json")
    assert result.outcome == "reject"


def seconds(content: bytes) -> float:
    start = time.process_time()
    read(content)
    return time.process_time() - start


@pytest.mark.long
def test_a_long_word_a_long_site_and_many_sites_cost_no_square():
    head = "patient_id,date,site,thickness (µm),image\n"
    word = "µabÃ9+" * 300_000
    site = "left upper skin " * 4_000
    letters = [f"{a}{b}{c}foo" for a in "abcdefghij" for b in "klmnopqrst" for c in "uvwxyzabcd"]
    many = "".join(f"A,2024-02-05,{name},2100,\n" for name in letters)
    for text in (f"A,2024-02-05,calf,2100,{word}\n", f"A,2024-02-05,{site},2100,\n", many):
        assert seconds((head + text).encode()) < MOST_SECONDS


@pytest.mark.long
def test_empty_formatted_rows_cost_little():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("x")
    sheet.append(["patient", "date", "site", "mm"])
    sheet.append(["A", dt.date(2024, 2, 5), "calf", 2.4])
    target = io.BytesIO()
    book.save(target)
    empty = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="0"/></row>' % (n, n)
        for n in range(3, 300_000)
    )

    def padded(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", empty + b"</sheetData>") if "sheet1" in name else part

    content = changed(target.getvalue(), padded)
    assert seconds(content) < MOST_SECONDS
    assert len(read(content).measurements) == 1


@pytest.mark.parametrize("at", [30, 513, 1600, 3300, 5200, 6900])
def test_a_damaged_old_workbook_ends_in_a_reason_and_nobody_elses_work(at):
    content = bytearray((FOLDER / "book.xls").read_bytes())
    content[at : at + 12] = b"\xff" * 12
    result = read(bytes(content))
    assert result.outcome in ("accept", "accept_with_warning", "reject")
    assert result.findings
