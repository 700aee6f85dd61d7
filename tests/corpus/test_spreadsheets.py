"""Ways M56 and M66 to M77: spreadsheets, dressed-up files, limits, and sites spelt in many ways."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font

from sm_tracker.ingest import SourceFile, read_sources
from tests.corpus.workbooks import book_of, saved, workbook, workbook_of_sheets
from tests.corpus.xlsb import xlsb

D = dt.date

HEADER = ["Patient", "Datum", "Region", "Hautdicke (mm)"]


def sheet_of(*rows: list[object], name: str = "Messungen") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def formulas_without_result() -> bytes:
    return saved(
        sheet_of(
            HEADER,
            ["S1", dt.date(2020, 2, 4), "Wade", 2.4],
            ["S1", dt.date(2020, 5, 5), "Wade", "=D2-0.2"],
            ["S1", "=B2+180", "Wade", 2.1],
        )
    )


def only_formulas() -> bytes:
    return saved(sheet_of(HEADER, ["S1", dt.date(2020, 2, 4), "Wade", "=1+1"]))


def merged_patient() -> bytes:
    book = sheet_of(
        ["patient", "date", "site", "mm"],
        ["S2", dt.date(2020, 2, 4), "calf", 2.4],
        [None, dt.date(2020, 5, 5), "calf", 2.2],
        [None, dt.date(2020, 8, 4), "calf", 2.1],
        ["S3", dt.date(2020, 2, 4), "calf", 1.9],
    )
    book.active.merge_cells("A2:A4")
    return saved(book)


def merged_site_and_patient_german() -> bytes:
    book = sheet_of(
        HEADER,
        ["S2", dt.date(2020, 2, 4), "Stirn", 2.4],
        [None, dt.date(2020, 5, 5), None, 2.2],
        [None, dt.date(2020, 2, 4), "Wade", 1.9],
        [None, dt.date(2020, 5, 5), None, 1.8],
    )
    for cells in ("A2:A5", "C2:C3", "C4:C5"):
        book.active.merge_cells(cells)
    return saved(book)


def all_as_text() -> bytes:
    book = sheet_of(
        HEADER,
        ["S4", "04.02.2020", "Wade", "2,40"],
        ["S4", "05.05.2020", "Wade", "2,20"],
        ["S4", dt.date(2020, 8, 4), "Wade", 2.1],
    )
    return saved(book)


def text_numbers_with_apostrophe() -> bytes:
    book = sheet_of(
        ["patient", "date", "site", "thickness (um)"], ["S4", "2020-02-04", "calf", "1500"]
    )
    book.active["D2"].quotePrefix = True
    book.active.append(["S4", "2020-05-05", "calf", 1420])
    return saved(book)


def several_sheets() -> bytes:
    book = sheet_of(HEADER, ["S5", dt.date(2020, 2, 4), "Wade", 2.4])
    therapies = book.create_sheet("Therapien")
    therapies.append(["Patient", "Therapie", "Beginn", "Ende"])
    therapies.append(["S5", "IVIG", dt.date(2020, 2, 10), None])
    empty = book.create_sheet("Tabelle3")
    empty["A1"] = None
    return saved(book)


def sheet_a_patient() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for patient, value in (("S6", 2.4), ("S7", 1.9)):
        sheet = book.create_sheet(patient)
        sheet.append(["patient", "date", "site", "mm"])
        sheet.append([patient, dt.date(2020, 2, 4), "calf", value])
        sheet.append([patient, dt.date(2020, 5, 5), "calf", value - 0.2])
    return saved(book)


def several_sheets_with_notes() -> bytes:
    book = sheet_of(HEADER, ["S5", dt.date(2020, 2, 4), "Wade", 2.4])
    notes = book.create_sheet("Hinweise")
    notes.append(["Gerät: 20 MHz, Gel dick auftragen"])
    notes.append(["Fragen an die Sonographie"])
    return saved(book)


def hidden_rows() -> bytes:
    book = sheet_of(
        HEADER,
        ["S8", dt.date(2020, 2, 4), "Wade", 2.4],
        ["S8", dt.date(2020, 5, 5), "Wade", 2.2],
        ["S8", dt.date(2020, 8, 4), "Wade", 2.0],
    )
    book.active.row_dimensions[3].hidden = True
    return saved(book)


def hidden_sheet() -> bytes:
    book = sheet_of(
        ["patient", "date", "site", "mm"], ["S8", dt.date(2020, 2, 4), "calf", 2.4], name="data"
    )
    old = book.create_sheet("old")
    old.append(["patient", "date", "site", "mm"])
    old.append(["S9", dt.date(2019, 2, 4), "calf", 9.9])
    old.sheet_state = "hidden"
    return saved(book)


def with_comments_and_chart_sheet() -> bytes:
    book = sheet_of(HEADER, ["S5", dt.date(2020, 2, 4), "Wade", 2.4])
    book.active["D2"].comment = Comment("Frau Muster", "x")
    chart = LineChart()
    chart.add_data(Reference(book.active, min_col=4, min_row=1, max_row=2))
    book.create_chartsheet("Diagramm").add_chart(chart)
    return saved(book)


def percent_formatted() -> bytes:
    book = sheet_of(HEADER, ["S5", dt.date(2020, 2, 4), "Wade", 2.4])
    book.active["D2"].number_format = '0.00" mm"'
    return saved(book)


def encrypted() -> bytes:
    """The container of a protected workbook: a compound file with an EncryptedPackage."""
    import msoffcrypto.format.ooxml as ooxml

    plain = io.BytesIO(saved(sheet_of(HEADER, ["S5", dt.date(2020, 2, 4), "Wade", 2.4])))
    target = io.BytesIO()
    ooxml.OOXMLFile(plain).encrypt("geheim", target)
    return target.getvalue()


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry:
            for _ in range(800):
                entry.write(b"0" * 1_000_000)
    return target.getvalue()


def xml_entities() -> bytes:
    original = io.BytesIO(saved(sheet_of(HEADER, ["S5", dt.date(2020, 2, 4), "Wade", 2.4])))
    target = io.BytesIO()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                content = bomb.encode() + content.replace(b"Wade", b"&b;")
            new.writestr(item, content)
    return target.getvalue()


HTML = (
    "<html><head><meta charset='utf-8'></head><body><table><tr><th>Patient</th><th>Datum</th>"
    "<th>Region</th><th>Hautdicke (mm)</th></tr><tr><td>S5</td><td>04.02.2020</td><td>Wade</td>"
    "<td>2,4</td></tr></table></body></html>"
)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    + bytes(200)
)
SITES = (
    "patient,date,site,mm\nC66,2020-02-04,left forearm,2.4\nC66,2020-05-05,Forearm left,2.2\n"
    "C66,2020-08-04,forarm left,2.1\nC66,2020-02-04,right forearm,2.0\n"
)
GERMAN_SITES = (
    "Patient;Datum;Region;Hautdicke (mm)\nB66;04.02.2020;Unterarm li.;2,4\n"
    "B66;05.05.2020;UA links;2,2\n"
    "B66;04.08.2020;linker Unterarm;2,1\nB66;04.08.2020;Unterarm re.;2,0\n"
)

COLUMNS = ["Patient", "Date", "Site", "Thickness (mm)"]


DAY = dt.datetime(2020, 1, 7)


def sheets_called_by_patients() -> bytes:
    book = openpyxl.Workbook()
    for i in range(12):
        sheet = book.create_sheet(f"Pat {i + 1:02d}")
        sheet.append(["Datum", "Messort", "Dicke mm"])
        sheet.append([D(2024, 1, 8), "Stirn", 1.5 + i / 10])
        sheet.append([D(2024, 4, 8), "Stirn", 1.4 + i / 10])
    del book["Sheet"]
    return saved(book)


def months_shown_only() -> bytes:
    book = book_of(
        ["Pat", "Therapie", "von", "bis"],
        ["M3", "UVA1", D(2022, 4, 1), D(2022, 6, 1)],
    )
    for cell in (book.active["C2"], book.active["D2"]):
        cell.number_format = "mmm\\ yy"
    return saved(book)


def struck_through() -> bytes:
    book = book_of(
        ["patient", "date", "site", "thickness (mm)"],
        ["T1", D(2024, 2, 5), "chest", 2.4],
        ["T1", D(2024, 5, 6), "chest", 2.9],
        ["T1", D(2024, 8, 5), "chest", 2.2],
    )
    for cell in book.active[3]:
        cell.font = Font(strike=True)
    return saved(book)


def commented() -> bytes:
    book = book_of(
        ["patient", "date", "site", "thickness (mm)"],
        ["T2", D(2024, 2, 5), "chest", 2.4],
        ["T2", D(2024, 5, 6), "chest", 2.9],
    )
    book.active["D3"].comment = Comment("do not use, gel bubble", "examiner")
    return saved(book)


def patients_by_sheet_words() -> bytes:
    book = openpyxl.Workbook()
    for code in ("SSc-07", "SSc-08", "SSc-11"):
        sheet = book.create_sheet(code)
        sheet.append(["visit date", "body site", "skin thickness (mm)"])
        sheet.append([D(2024, 1, 8), "forearm", 2.1])
        sheet.append([D(2024, 4, 8), "forearm", 2.0])
    del book["Sheet"]
    return saved(book)


def years_shown_only() -> bytes:
    book = book_of(
        ["subject", "drug", "start", "stop"],
        ["Y1", "hydroxychloroquine", D(2019, 1, 1), D(2021, 1, 1)],
    )
    for cell in (book.active["C2"], book.active["D2"]):
        cell.number_format = "yyyy"
    return saved(book)


def readings_shown_as_months() -> bytes:
    book = book_of(
        ["patient", "date", "site", "mm"],
        ["Y2", D(2024, 3, 1), "calf", 2.4],
        ["Y2", D(2024, 6, 17), "calf", 2.2],
    )
    for cell in (book.active["B2"], book.active["B3"]):
        cell.number_format = "mm/yyyy"
    return saved(book)


def struck_value_only() -> bytes:
    book = book_of(
        ["ID", "Datum", "Region", "Hautdicke (µm)"],
        ["S1", D(2024, 2, 5), "Brust", 2400],
        ["S1", D(2024, 5, 6), "Brust", 290],
    )
    book.active["D3"].font = Font(strike=True)
    return saved(book)


def read_book(content: bytes, name: str):
    return read_sources([SourceFile(name, content)], today=D(2026, 11, 1))


FOUR_COLUMNS = ["patient", "date", "site", "thickness (mm)"]


def with_empty_rows(count: int) -> bytes:
    """A table whose columns were formatted far below its last row, as codes of three digits."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(FOUR_COLUMNS)
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


CASES = [
    {
        "name": "m56_formulas_without_result",
        "file": "f.xlsx",
        "content": formulas_without_result,
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3, 4),
        "mention": "formula",
    },
    {
        "name": "m56_only_formulas",
        "file": "f.xlsx",
        "content": only_formulas,
        "outcome": "reject",
        "mention": "formula;row 2",
    },
    {
        "name": "m66_sites_english",
        "content": SITES,
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "mention": "forarm left",
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "m66_sites_german",
        "content": GERMAN_SITES,
        "outcome": "ask",
        "also_ok": "accept_with_warning accept",
        "n": 4,
        "sites": 2,
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "m66_unknown_sites_that_differ_by_a_letter",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "F66;04.02.2020;plaque dorsale;2,4",
            "F66;05.05.2020;plaque dorsal;2,2",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "plaque dorsal",
        "answers": [
            ({"sites": "merge"}, {"n": 2, "sites": 1}),
            ({"sites": "keep"}, {"n": 2, "sites": 2}),
        ],
    },
    {
        "name": "m67_merged_patient",
        "file": "m.xlsx",
        "content": merged_patient,
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "first": "S2|calf|2020-02-04|2.4",
        "last": "S3|calf|2020-02-04|1.9",
        "mention": "merge",
    },
    {
        "name": "m67_merged_german",
        "file": "m.xlsx",
        "content": merged_site_and_patient_german,
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 1,
        "sites": 2,
        "last": "S2|calf|2020-05-05|1.8",
        "mention": "merge",
    },
    {
        "name": "m68_all_as_text",
        "file": "t.xlsx",
        "content": all_as_text,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 3,
        "first": "S4|calf|2020-02-04|2.4",
        "last": "S4|calf|2020-08-04|2.1",
    },
    {
        "name": "m68_text_numbers",
        "file": "t.xlsx",
        "content": text_numbers_with_apostrophe,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "values": [1.5, 1.42],
    },
    {
        "name": "m69_measurements_and_therapies",
        "file": "s.xlsx",
        "content": several_sheets,
        "outcome": "accept",
        "n": 1,
        "therapies": 1,
        "first": "S5|calf|2020-02-04|2.4",
        "first_therapy": "S5|IVIG|2020-02-10|ongoing",
    },
    {
        "name": "m69_one_sheet_a_patient",
        "file": "s.xlsx",
        "content": sheet_a_patient,
        "outcome": "accept",
        "n": 4,
        "patients": 2,
        "last": "S7|calf|2020-05-05|1.7",
    },
    {
        "name": "m69_a_sheet_of_notes",
        "file": "s.xlsx",
        "content": several_sheets_with_notes,
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 1,
        "mention": "hinweise",
    },
    {
        "name": "m70_hidden_row",
        "file": "h.xlsx",
        "content": hidden_rows,
        "outcome": "accept_with_warning",
        "n": 3,
        "last": "S8|calf|2020-08-04|2.0",
        "mention": "hidden;3",
    },
    {
        "name": "m70_hidden_sheet",
        "file": "h.xlsx",
        "content": hidden_sheet,
        "outcome": "accept_with_warning",
        "n": 1,
        "patients": 1,
        "last": "S8|calf|2020-02-04|2.4",
        "mention": "hidden;old",
    },
    {
        "name": "m68_number_format_with_unit",
        "file": "t.xlsx",
        "content": percent_formatted,
        "outcome": "accept",
        "n": 1,
        "first": "S5|calf|2020-02-04|2.4",
    },
    {
        "name": "m69_comments_and_chart_sheet",
        "file": "t.xlsx",
        "content": with_comments_and_chart_sheet,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 1,
    },
    {
        "name": "m71_html_as_xls",
        "file": "liste.xls",
        "content": HTML,
        "outcome": "reject",
        "also_ok": "accept_with_warning",
        "n": 1,
        "mention": "html",
        "mention_always": True,
    },
    {
        "name": "m71_html_as_xlsx",
        "file": "liste.xlsx",
        "content": "\ufeff<!DOCTYPE html>\n" + HTML,
        "outcome": "reject",
        "also_ok": "accept_with_warning",
        "n": 1,
        "mention": "html",
        "mention_always": True,
    },
    {
        "name": "m72_password",
        "file": "geheim.xlsx",
        "content": encrypted,
        "outcome": "reject",
        "mention": "password",
    },
    {
        "name": "m72_compound_file_cut_short",
        "file": "geheim.xlsx",
        "content": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(3000),
        "outcome": "reject",
        "mention": "password|protected|old|binary",
    },
    {
        "name": "m73_zip_bomb",
        "file": "bomb.xlsx",
        "content": zip_bomb,
        "outcome": "reject",
        "mention": "unpack|large|limit|bytes",
    },
    {
        "name": "m73_entities",
        "file": "entities.xlsx",
        "content": xml_entities,
        "outcome": "reject",
        "mention": "entit|xml",
    },
    {
        "name": "m74_header_only_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
        ],
        "outcome": "reject",
        "mention": "header|no rows|no data",
    },
    {
        "name": "m74_header_only_sheet",
        "file": "leer.xlsx",
        "content": lambda: saved(sheet_of(HEADER)),
        "outcome": "reject",
        "mention": "header|no rows|no data|empty",
    },
    {
        "name": "m74_empty_file",
        "content": b"",
        "outcome": "reject",
        "mention": "empty",
    },
    {
        "name": "m75_picture_as_csv",
        "file": "bild.csv",
        "content": PNG,
        "outcome": "reject",
        "mention": "picture|image|png",
    },
    {
        "name": "m75_jpeg_as_txt",
        "file": "bild.txt",
        "content": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(300),
        "outcome": "reject",
        "mention": "picture|image|jpeg",
    },
    {
        "name": "m75_pdf_as_csv",
        "file": "brief.csv",
        "content": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        "outcome": "reject",
        "mention": "pdf",
    },
    {
        "name": "m75_random_bytes",
        "file": "x.csv",
        "content": bytes(range(256)) * 8,
        "outcome": "reject",
    },
    {
        "name": "leading_zeros_that_only_the_format_of_the_cell_shows",
        "file": "zeros.xlsx",
        "content": workbook_of_sheets(
            ("US", [COLUMNS, [7, DAY, "calf", 2.4], ["007", dt.datetime(2020, 4, 7), "calf", 2.2]]),
            formats=[("A2", "000")],
        ),
        "outcome": "accept",
        "n": 2,
        "patients": 1,
        "first": "007|calf|2020-01-07|2.4",
    },
    {
        "name": "unit_that_only_the_format_of_the_cell_shows",
        "file": "unit.xlsx",
        "content": workbook_of_sheets(
            ("US", [["Patient", "Date", "Site", "Thickness"], ["K11", DAY, "calf", 2400]]),
            formats=[("D2", '0" µm"'), ("B2", "dd/mm/yyyy")],
        ),
        "outcome": "accept",
        "n": 1,
        "first": "K11|calf|2020-01-07|2.4",
    },
    {
        "name": "dates_of_which_a_spreadsheet_turned_only_those_it_could_read",
        "file": "half.xlsx",
        "content": workbook_of_sheets(
            (
                "US",
                [
                    COLUMNS,
                    ["K9", dt.datetime(2020, 2, 1), "calf", 2.4],
                    ["K9", "13/04/2020", "calf", 2.2],
                    ["K9", dt.datetime(2020, 7, 5), "calf", 2.1],
                ],
            )
        ),
        "outcome": "accept_with_warning",
        "n": 3,
        "warned": [2, 3, 4],
        "mention": "exchanged day and month",
    },
    {
        "name": "one_sheet_a_patient_proposes_the_name_of_the_sheet",
        "file": "sheets.xlsx",
        "content": workbook_of_sheets(
            ("SM-01", [COLUMNS[1:], [DAY, "calf", 2.4]]),
            ("SM-02", [COLUMNS[1:], [DAY, "calf", 2.9]]),
        ),
        "outcome": "ask",
        "mention": "SM-01;SM-02",
        "answers": [
            (
                {
                    "patient_id@sheets.xlsx/SM-01": "SM-01",
                    "patient_id@sheets.xlsx/SM-02": "SM-02",
                },
                {"n": 2, "patients": 2, "last": "SM-02|calf|2020-01-07|2.9"},
            )
        ],
    },
    {
        "name": "m55_formula_where_a_number_belongs",
        "content": [
            "patient,date,site,mm",
            "C55,2020-02-04,calf,=1+1",
            "C55,2020-05-05,calf,+2.2",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (2,),
        "last": "C55|calf|2020-05-05|2.2",
    },
    {
        "name": "m70_hidden_column",
        "file": "versteckt.xlsx",
        "content": lambda: workbook(
            ["Patient", "Datum", "Region", "Hautdicke (mm)"],
            ["B70", dt.date(2020, 2, 4), "Wade", 2.4],
            ["B70", dt.date(2020, 5, 5), "Wade", 2.2],
            hidden_column="C",
        ),
        "outcome": "accept_with_warning",
        "n": 2,
        "mention": "hidden",
    },
    {
        "name": "m74_header_only_of_therapies",
        "content": ["Patient;Therapie;Beginn;Ende"],
        "outcome": "reject",
        "mention": "header|no data",
    },
    {
        "name": "one_question_for_all_sheets",
        "file": "d.xlsx",
        "content": sheets_called_by_patients,
        "outcome": "ask",
        "answers": [
            (
                {"patient_id": "sheet-name"},
                {"n": 24, "patients": 12, "first": "Pat 01|Stirn|2024-01-08|1.5"},
            )
        ],
    },
    {
        "name": "months_shown_only",
        "file": "e.xlsx",
        "content": months_shown_only,
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 1,
        "first_therapy": "M3|UVA1|2022-04-01|2022-06-30",
        "mention": "month",
    },
    {
        "name": "struck_through",
        "file": "g.xlsx",
        "content": struck_through,
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "struck|strike",
        "warned": [3],
    },
    {
        "name": "comments_are_named",
        "file": "h.xlsx",
        "content": commented,
        "outcome": "accept_with_warning",
        "mention": "do not use",
        "warned": [3],
    },
    {
        "name": "one_question_for_sheets_called_by_codes",
        "file": "d.xlsx",
        "content": patients_by_sheet_words,
        "outcome": "ask",
        "answers": [({"patient_id": "sheet-name"}, {"n": 6, "patients": 3})],
    },
    {
        "name": "years_shown_only",
        "file": "e.xlsx",
        "content": years_shown_only,
        "outcome": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "Y1|hydroxychloroquine|2019-01-01|2021-12-31",
        "mention": "year",
    },
    {
        "name": "readings_shown_as_months",
        "file": "f.xlsx",
        "content": readings_shown_as_months,
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 1,
        "first": "Y2|calf|2024-06-17|2.2",
        "rejected": [2],
    },
    {
        "name": "struck_value_only",
        "file": "g.xlsx",
        "content": struck_value_only,
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "warned": [3],
        "mention": "struck",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_spreadsheets(case, judge):
    judge(case)


def test_a_workbook_in_the_binary_form_of_excel_is_read():
    rows = [FOUR_COLUMNS, ["A1", "2024-01-08", "calf", 2.4], ["A1", "2024-04-08", "Wade li.", 2.25]]
    result = read_book(xlsb(rows), "book.xlsb")
    assert [(m.site, m.side, m.date, m.thickness_mm) for m in result.measurements] == [
        ("calf", "", D(2024, 1, 8), 2.4), ("calf", "left", D(2024, 4, 8), 2.25),
    ]  # fmt: skip
    assert result.ledger is not None
    assert (result.ledger.cells, result.ledger.used) == (12, 12)


def test_a_damaged_workbook_in_the_binary_form_is_named():
    content = xlsb([FOUR_COLUMNS, ["A1", "2024-01-08", "calf", 2.4]])
    result = read_book(content[: len(content) // 2], "book.xlsb")
    assert result.outcome == "reject"


def test_rows_that_hold_formats_only_are_no_rows():
    result = read_book(with_empty_rows(200_000), "book.xlsx")
    (reading,) = result.measurements
    assert (reading.patient_id, reading.thickness_mm) == ("007", 2.4)
    assert result.ledger is not None
    assert result.ledger.cells == 8


def test_a_cell_longer_than_a_spreadsheet_allows_is_named_and_the_rest_is_read():
    rows = ("patient,date,site,mm,note", f"A1,2024-01-08,calf,2.4,{'x' * 40_000}",
            "A1,2024-04-08,calf,2,ok")  # fmt: skip
    result = read_book("\n".join(rows).encode(), "long.csv")
    assert [m.thickness_mm for m in result.measurements] == [2.4, 2.0]
    (named,) = [f for f in result.findings if f.code == "cell_not_examined"]
    assert named.place.row == 2
