"""Ways M56 and M66 to M77: spreadsheets, dressed-up files, limits, and sites spelt in many ways."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment

HEADER = ["Patient", "Datum", "Region", "Hautdicke (mm)"]


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


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
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_spreadsheets(case, judge):
    judge(case)
