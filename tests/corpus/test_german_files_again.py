"""German files of an adversary: several ways in one file, as a ward or a study nurse sends them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest


def workbook(
    *rows: list[object], merged: tuple[str, ...] = (), hidden: tuple[int, ...] = ()
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Messungen"
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def header_over_three_merged_rows() -> bytes:
    return workbook(
        ["Hautklinik Musterstadt, Sonographie"],
        [],
        ["Pat.-Nr.", "Untersuchung", "Hautdicke [mm]", None, None, None, "Bemerkung"],
        [None, "Datum", "Oberschenkel", None, "Handrücken", None, None],
        [None, None, "links", "rechts", "links", "rechts", None],
        ["SM01", dt.datetime(2020, 2, 4), 2.1, 2.2, 1.4, 1.5, "v. Therapie"],
        [None, dt.datetime(2020, 5, 5), 1.9, 2.0, 1.3, None, None],
        [None, dt.datetime(2020, 8, 4), 1.8, 1.9, "n.m.", 1.2, None],
        ["SM02", dt.datetime(2020, 3, 4), 3.1, 3.0, 2.4, 2.5, None],
        ["MW", None, 2.2, 2.3, 1.7, 1.7, None],
        merged=("C3:F3", "C4:D4", "E4:F4", "A3:A5", "A6:A8"),
        hidden=(7,),
    )


def readings_below_sites_below_the_unit() -> bytes:
    return workbook(
        ["Patient", "Datum", "Hautdicke in µm", None, None, "Hautdicke in µm", None, None],
        [None, None, "Unterarm", None, None, "Wade", None, None],
        [None, None, "M1", "M2", "M3", "M1", "M2", "M3"],
        ["S48", dt.datetime(2021, 3, 15), 2100, 2120, 2090, 1800, 1810, None],
        ["S48", "14.06.2021", 1900, 1920, 1890, 1700, 1710, 1690],
        merged=("C1:E1", "F1:H1", "C2:E2", "F2:H2", "A1:A3", "B1:B3"),
    )


HEADERS = [
    {
        "name": "letterhead_two_header_rows_units_in_cells_and_statistics_below",
        "content": [
            "Universitätsklinik – Hautklinik, Ultraschalllabor",
            "Auswertung 20-MHz-Sonographie; erstellt am 12.01.2023",
            "",
            "Patient;Datum;Hautdicke;;",
            ";;Unterarm li.;Unterarm re.;Wade li.",
            "P-01;15.3.21;2150 µm;2,2 mm;<0,5 mm",
            "P-01;14.6.21;1980 µm;2,05 mm;0,62 mm",
            "P-01;13.9.21;1.850 µm;k.A.;0,58 mm",
            "Mittelwert;;1993,3 µm;2,125 mm;0,6 mm",
            "SD;;150;0,1;0,02",
            "Legende: li. = links, re. = rechts",
        ],
        "encoding": "cp1252",
        "outcome": "accept_with_warning",
        "n": 8,
        "sites": 3,
        "censored": 1,
        "first": "P-01|Unterarm li.|2021-03-15|2.15",
        "last": "P-01|Wade li.|2021-09-13|0.58",
        "warned": [1, 2, 6, 8, 9, 10, 11],
        "mention": "windows-1252;two-digit;skipped;mean;<0,5;k.a.;1.850;3 in µm",
    },
    {
        "name": "header_over_three_rows",
        "content": [
            "Patient;Untersuchungsdatum;Hautdicke;;;",
            ";;Unterarm;;Wade;",
            ";;links (mm);rechts (mm);links (mm);rechts (mm)",
            "K1;04.02.2020;2,10;2,20;1,80;1,85",
            "K1;05.05.2020;2,00;2,10;1,75;1,80",
        ],
        "outcome": "accept",
        "n": 8,
        "sites": 4,
        "first": "K1|left forearm|2020-02-04|2.1",
        "last": "K1|right calf|2020-05-05|1.8",
    },
    {
        "name": "header_over_three_rows_the_names_in_the_last",
        "content": [
            "Ultraschallprotokoll",
            ";;Hautdicke (mm);;;",
            ";;Unterarm;;Wade;",
            "Patient;Datum;li.;re.;li.;re.",
            "K2;04.02.2020;2,10;2,20;1,80;1,85",
            "K2;05.05.2020;2,00;2,10;;1,80",
        ],
        "outcome": "accept_with_warning",
        "n": 7,
        "sites": 4,
        "first": "K2|left forearm|2020-02-04|2.1",
        "last": "K2|right calf|2020-05-05|1.8",
        "warned": [1],
    },
    {
        "name": "merged_header_over_three_rows_hidden_row_mean_row",
        "content": header_over_three_merged_rows,
        "file": "messungen.xlsx",
        "outcome": "accept_with_warning",
        "n": 14,
        "patients": 2,
        "sites": 4,
        "first": "SM01|Oberschenkel links|2020-02-04|2.1",
        "last": "SM02|Handrücken rechts|2020-03-04|2.5",
        "warned": [1, 7, 8, 10],
        "mention": "hidden;filled down;mean",
    },
    {
        "name": "readings_below_sites_below_the_unit",
        "content": readings_below_sites_below_the_unit,
        "file": "messungen.xlsx",
        "outcome": "accept",
        "n": 11,
        "sites": 2,
        "first": "S48|forearm|2021-03-15|2.1",
        "last": "S48|calf|2021-06-14|1.69",
        "mention": "µm",
        "mention_always": True,
    },
    {
        "name": "row_of_units_below_the_header",
        "content": [
            "Patient;Datum;Region;Dicke;Echogenität",
            ";;;[µm];[0-255]",
            "I14;04.02.2020;Wade;1.350;45",
            "I14;05.05.2020;Wade;1.280;52",
            "I14;04.08.2020;Wade;980;60",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "I14|Wade|2020-02-04|1.35",
        "last": "I14|Wade|2020-08-04|0.98",
        "warned": [3, 4],
    },
    {
        "name": "sides_and_unit_above_abbreviated_sites",
        "content": [
            "Hautsonographie 20 MHz",
            "Pat.Nr.\tDatum\tHautdicke links [mm]\t\tHautdicke rechts [mm]\t",
            "\t\tUA\tOS\tUA\tOS",
            "H-50\t15.3.21\t2,1\t1,9\t2,2\t2,0",
            "H-50\t15.6.21\t2,0\t1,8\t>6\t1,95",
            "MW\t\t2,05\t1,85\t2,2\t1,98",
        ],
        "outcome": "accept_with_warning",
        "n": 8,
        "sites": 4,
        "censored": 1,
        "first": "H-50|left forearm|2021-03-15|2.1",
        "last": "H-50|right thigh|2021-06-15|1.95",
        "warned": [1, 5, 6],
    },
    {
        "name": "lesions_named_below_the_thickness",
        "content": [
            "Patient;Datum;Hautdicke (mm);;",
            ";;Narbe Brandwunde;Rand oben;Spenderstelle",
            "K3;04.02.2020;2,10;2,20;1,80",
            "K3;05.05.2020;2,00;2,10;1,75",
        ],
        "outcome": "accept_with_warning",
        "n": 6,
        "sites": 3,
        "last": "K3|Spenderstelle|2020-05-05|1.75",
    },
    {
        "name": "a_first_row_without_values_is_a_record_and_no_header",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "K4;04.02.2020;Wade;n.m.",
            "K4;05.05.2020;Wade;2,0",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": [2],
    },
]


@pytest.mark.parametrize("case", HEADERS, ids=lambda c: c["name"])
def test_headers_over_several_rows(case, judge):
    judge(case)
