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
        "name": "a_title_over_sides_over_sites",
        "content": [
            "Patient;Datum;Sonographie 20 MHz;;;;Bemerkung",
            ";;rechts;;links;;",
            ";;Stirn [mm];Wade [mm];Stirn [mm];Wade [mm];",
            "A;1.2.20;2,1;1,9;2,0;1,8;ok",
            "A;1.5.20;2,0;1,8;1,9;<0,5;",
        ],
        "outcome": "accept_with_warning",
        "n": 8,
        "sites": 4,
        "censored": 1,
        "first": "A|right forehead|2020-02-01|2.1",
        "last": "A|left calf|2020-05-01|<0.5",
    },
    {
        "name": "names_broken_over_the_rows_and_units_with_sd_below",
        "content": [
            "Pat.-Nr.;Datum der;Hautdicke;;;",
            ";Untersuchung;Unterarm;;Oberschenkel;",
            ";;[µm];SD;[µm];SD",
            "A;01.02.2020;2.100;50;1.900;40",
            "A;01.05.2020;2.000;50;1.800;40",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "first": "A|Unterarm|2020-02-01|2.1",
        "last": "A|Oberschenkel|2020-05-01|1.8",
    },
    {
        "name": "four_rows_site_side_reading",
        "content": [
            "Klinik X",
            "Patient;Datum;Hautdicke;;;",
            ";;Unterarm;;;",
            ";;rechts;;links;",
            ";;M1;M2;M1;M2",
            "A;01.02.2020;2,1 mm;2,2 mm;1,9 mm;2,0 mm",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "first": "A|right forearm|2020-02-01|2.1",
        "last": "A|left forearm|2020-02-01|2.0",
    },
    {
        "name": "a_row_that_explains_the_columns",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "(Code);(TT.MM.JJJJ);(links/rechts);(Zahl)",
            "A;01.02.2020;Wade links;2,1",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 1,
        "last": "A|left calf|2020-02-01|2.1",
    },
    {
        "name": "a_group_of_scars_and_one_of_healthy_skin_are_never_one",
        "content": [
            "Patient;Datum;Narbe;;Gesunde Haut;",
            ";;Stirn (mm);Wade (mm);Stirn (mm);Wade (mm)",
            "A;01.02.2020;2,1;1,9;1,2;1,1",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 4,
        "first": "A|Narbe Stirn|2020-02-01|2.1",
        "mention": "gesunde haut",
    },
    {
        "name": "echogenicity_beside_the_thickness_of_the_same_sites_is_no_thickness",
        "content": [
            "Patient;Datum;Dicke (mm);;Echogenität;;Elastizität;",
            ";;Stirn;Wade;Stirn;Wade;Stirn;Wade",
            "A;04.02.2020;2,1;2,2;35;40;0,35;0,40",
            "A;05.05.2020;2,0;2,1;36;41;0,36;0,41",
        ],
        "outcome": "accept",
        "n": 4,
        "sites": 2,
        "values": [2.1, 2.2, 2.0, 2.1],
        "mention": "not read",
    },
    {
        "name": "circumferences_of_sites_are_no_thickness",
        "content": [
            "Patient;Datum;Umfang Oberarm (mm);Umfang Unterarm (mm)",
            "A;04.02.2020;310;255",
            "A;05.05.2020;305;250",
        ],
        "outcome": "reject",
        "also_ok": "ask",
    },
    {
        "name": "a_row_of_units_and_formats_with_dashes_where_there_is_none",
        "content": [
            "Patient;Datum;Stirn;Wade;Bemerkung",
            "-;TT.MM.JJJJ;mm;mm;-",
            "A;04.02.2020;2,4;2,0;",
        ],
        "outcome": "accept",
        "n": 2,
        "last": "A|Wade|2020-02-04|2.0",
    },
    {
        "name": "a_header_of_two_rows_comes_again",
        "content": [
            "Patient;Datum;Hautdicke (mm);",
            ";;Stirn;Wade",
            "A;04.02.2020;2,4;2,0",
            "Patient;Datum;Hautdicke (mm);",
            ";;Stirn;Wade",
            "B;04.02.2020;2,3;1,9",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "last": "B|Wade|2020-02-04|1.9",
        "warned": [4, 5],
    },
    {
        "name": "readings_and_their_mean_below_the_thickness",
        "content": [
            "Patient;Datum;Region;Hautdicke [mm];;;",
            ";;;1.;2.;3.;MW",
            "A;04.02.2020;Wade;2,1;2,2;2,15;2,15",
        ],
        "outcome": "accept",
        "n": 3,
        "values": [2.1, 2.2, 2.15],
        "mention": "mw",
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


VALUES = [
    {
        "name": "points_group_thousands_beside_a_larger_value_without_a_unit",
        "content": [
            "Patient;Datum;Region;Hautdicke",
            "J15;04.02.2020;Wade;1.350",
            "J15;05.05.2020;Wade;1.280",
            "J15;04.08.2020;Wade;980",
        ],
        "outcome": "ask",
        "mention": "980 to 1350 look like µm;first 1.350 mm, last 0.980 mm",
        "answers": [
            ({"unit": "µm"}, {"n": 3, "values": [1.35, 1.28, 0.98], "warned": [2, 3]}),
            # No skin is 980 mm thick: the row is refused, no longer stored with a warning.
            ({"unit": "mm"}, {"n": 2, "values": [1.35, 1.28], "warned": [4]}),
        ],
    },
    {
        "name": "patient_and_date_once_a_block",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "H57;15.03.2021;Wade;2,1",
            ";;Stirn;1,9",
            ";15.06.2021;Wade;2,0",
            ";;Stirn;1,8",
            "H58;15.03.2021;Wade;3,1",
            ";;Stirn;2,9",
        ],
        "outcome": "ask",
        "mention": "patient, datum;rows 3, 4, 5, 7",
        "answers": [
            (
                {"fill_down": "fill-down"},
                {
                    "n": 6,
                    "patients": 2,
                    "first": "H57|Wade|2021-03-15|2.1",
                    "last": "H58|Stirn|2021-03-15|2.9",
                },
            ),
            ({"fill_down": "leave-out"}, {"n": 2, "rejected": [3, 4, 5, 7]}),
        ],
    },
    {
        "name": "words_for_a_visit_without_a_value",
        "content": [
            "Patient;Datum;Region;Dicke (mm)",
            "U27;11.02.2020;Wade;#BEZUG!",
            "U27;12.02.2020;Wade;nicht erschienen",
            "U27;13.02.2020;Wade;Gerät defekt",
            "U27;14.02.2020;Wade;u. NWG",
            "U27;16.02.2020;Wade;verschoben",
            "U27;18.02.2020;Wade;2,05",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "values": [2.05],
        "warned": [2, 3, 4, 5, 6],
        "mention": "missing, not zero;gerät defekt;verschoben;u. nwg",
    },
    {
        "name": "both_sides_in_the_side_column_are_said",
        "content": [
            "Patient\tDatum\tSeite\tLokalisation\tDicke (mm)\t\t",
            "N5\t04.02.2020\tre\tUnterschenkel\t2,10\t\t",
            "\t\t\t\t\t\t",
            "N5\t05.05.2020\tbds.\tUnterschenkel\t2,00\t\t",
        ],
        "encoding": "utf-16",
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 2,
        "warned": [4],
        "mention": "bds.",
    },
    {
        "name": "numbers_in_a_column_without_a_name_are_said",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);;Bemerkung",
            "N6;04.02.2020;Wade;2,1;2,2;weich",
            "N6;05.05.2020;Wade;2,0;2,1;",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.1, 2.0],
        "mention": "column e",
    },
    {
        "name": "numbers_of_many_forms_and_signs_of_a_limit",
        "content": [
            "Patient;Datum;Region;Dicke (mm)",
            "U26;03.02.2020;Wade;unter 0,5",
            "U26;04.02.2020;Wade;kleiner als 0,4",
            "U26;05.02.2020;Wade;≤0,5",
            "U26;06.02.2020;Wade;über 6",
            "U26;08.02.2020;Wade;> 6000 µm",
            "U26;09.02.2020;Wade;1,95 (SD 0,1)",
            "U26;10.02.2020;Wade;2,0 mm (schlecht abgrenzbar)",
            "U26;11.02.2020;Wade;1,9?",
        ],
        "outcome": "accept_with_warning",
        "n": 8,
        "censored": 5,
        "values": [0.5, 0.4, 0.5, 6.0, 6.0, 1.95, 2.0, 1.9],
        "warned": [2, 3, 4, 5, 6, 7, 8, 9],
    },
    {
        "name": "a_header_that_puts_the_year_first_counts_for_two_digit_years",
        "content": [
            "Patient;Datum (JJ-MM-TT);Region;Hautdicke (mm)",
            "X;20-02-13;Wade;2,8",
            "X;20-06-05;Wade;2,6",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "X|Wade|2020-02-13|2.8",
        "last": "X|Wade|2020-06-05|2.6",
        "mention": "two-digit;20-02-13",
    },
    {
        "name": "dates_of_ten_forms_in_one_column",
        "content": [
            "Patient;Datum;Region;mm",
            "L17;4.2.20;Brust;2,4",
            "L17;15. März 2020;Brust;2,3",
            "L17;3-Mrz-21;Brust;2,2",
            "L17;01. Okt. 2021;Brust;2,1",
            "L17;Di, 07.12.2021;Brust;2,0",
            "L17;2022-02-01;Brust;1,9",
            "L17;20220601;Brust;1,8",
            "L17;5.Juni 2022;Brust;1,75",
            "L17;01.09.’22;Brust;1,7",
            "L17;01.12.2022 14:30 Uhr;Brust;1,6",
        ],
        "outcome": "accept_with_warning",
        "n": 10,
        "first": "L17|chest|2020-02-04|2.4",
        "last": "L17|chest|2022-12-01|1.6",
        "mention": "two-digit",
    },
]


ROWS_AND_LETTERS = [
    {
        "name": "running_numbers_of_the_rows_are_no_replicates",
        "content": [
            "Nr.;Patient;Datum;Region;Hautdicke (mm)",
            "1;A;04.02.2020;Wade;2,1",
            "2;A;04.02.2020;Wade;2,1",
            "3;A;05.05.2020;Wade;2,0",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "A|Wade|2020-05-05|2.0",
        "mention": "row 3 is an exact duplicate",
    },
    {
        "name": "numbers_of_readings_of_one_visit_are_replicates",
        "content": [
            "Nr.;Patient;Datum;Region;Hautdicke (mm)",
            "1;A;04.02.2020;Wade;2,1",
            "2;A;04.02.2020;Wade;2,2",
        ],
        "outcome": "accept",
        "n": 2,
        "values": [2.1, 2.2],
    },
    {
        "name": "everything_in_one_file",
        "content": [
            "Klinik für Dermatologie;;;;;",
            "Ausdruck vom 03.04.2023;;;;;",
            ";;;;;",
            "Pat-Nr;U-Datum;Messort;Seite;Dicke;Kommentar",
            '007;1.3.21;Unterarm;li;2.150 µm;"vor IVIG; geschwollen"',
            "007;1.3.21;Unterarm;re;2,2mm;",
            "007;31.6.21;Unterarm;li;2,0 mm;",
            "007;1.9.21;Unterarm;li;ca. 1,9 mm;",
            "007;1.9.21;Unterarm;re;n.m.;Artefakt",
            "007;1.9.21;Unterarm;li;ca. 1,9 mm;",
            "Mittelwert;;;;2,06;",
        ],
        "encoding": "cp1252",
        "outcome": "accept_with_warning",
        "n": 3,
        "patients": 1,
        "sites": 2,
        "first": "007|left forearm|2021-03-01|2.15",
        "last": "007|left forearm|2021-09-01|1.9",
        "rejected": [7],
        "warned": [1, 2, 5, 8, 9, 10, 11],
        "mention": "two-digit;duplicate;mean;ca.;n.m.;windows-1252",
    },
    {
        "name": "columns_of_lesions_and_controls",
        "content": [
            "Patient;Datum;Läsion Unterarm (mm);Kontrolle Unterarm (mm)",
            "A;01.02.2020;2,1;1,2",
            "A;01.05.2020;2,0;1,2",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "first": "A|Läsion Unterarm|2020-02-01|2.1",
        "mention": "kontrolle unterarm",
    },
    {
        "name": "columns_of_numbered_plaques_and_the_other_side",
        "content": [
            "Patient;Datum;Plaque 1 (mm);Plaque 2 (mm);kontralateral (mm)",
            "A;01.02.2020;2,1;2,2;1,2",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "sites": 3,
        "first": "A|plaque 1|2020-02-01|2.1",
        "last": "A|kontralateral|2020-02-01|1.2",
    },
    {
        "name": "abbreviated_sites_with_distal_and_proximal",
        "content": [
            "Patient;Datum;UA dist. re. mm;UA dist. li. mm;UA prox. re. mm",
            "A;01.02.2020;2,1;2,2;2,3",
        ],
        "outcome": "accept",
        "n": 3,
        "sites": 3,
        "first": "A|right distal forearm|2020-02-01|2.1",
        "last": "A|right proximal forearm|2020-02-01|2.3",
    },
    {
        "name": "means_of_each_patient_differences_and_changes_between_the_rows",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "A;04.02.2020;Wade;2,10",
            "A;05.05.2020;Wade;2,00",
            "Ø A;;;2,05",
            "B;04.02.2020;Wade;1,90",
            "B;05.05.2020;Wade;1,80",
            "Ø B;;;1,85",
            "Differenz;;;0,20",
            "Veränderung in %;;;-10",
            "Stabw.;;;0,1",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "first": "A|Wade|2020-02-04|2.1",
        "last": "B|Wade|2020-05-05|1.8",
        "warned": [4, 7, 8, 9, 10],
        "mention": "sums up",
    },
    {
        "name": "a_column_of_signs_under_an_unknown_name",
        "content": [
            "Patient;Datum;Region;Zeichen;Dicke (mm)",
            "A;04.02.2020;Wade;<;0,5",
            "A;05.05.2020;Wade;;2,1",
            "A;05.06.2020;Wade;>;6",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 3,
        "censored": 2,
        "first": "A|Wade|2020-02-04|<0.5",
        "last": "A|Wade|2020-06-05|>6",
    },
    {
        "name": "errors_of_a_spreadsheet_in_every_column",
        "content": [
            "Patient;Datum;Region;Dicke (mm)",
            "A;04.02.2020;Wade;#####",
            "A;#WERT!;Wade;2,0",
            "A;05.06.2020;#NV;1,9",
            "#NAME?;05.07.2020;Wade;1,8",
            "unbekannt;05.07.2020;Wade;1,8",
            "A;05.08.2020;Wade;1,7",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "patients": 1,
        "last": "A|Wade|2020-08-05|1.7",
        "rejected": [3, 4, 5, 6],
        "warned": [2],
    },
    {
        "name": "a_slip_of_the_pen_in_a_german_site_is_proposed_for_merging",
        "content": [
            "Patient;Datum;Region;Dicke (mm)",
            "A;04.02.2020;Unterschenkel re.;2,1",
            "A;05.05.2020;Unterschenkel rechts;2,0",
            "A;05.06.2020;Unterschnekel re;1,9",
            "A;05.07.2020;Unterschenkel li;1,8",
        ],
        "outcome": "ask",
        "mention": "unterschnekel re;left and right stay apart",
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "letters_lost_before_the_file_came",
        "content": [
            "Patient;Datum;K\ufffdrperstelle;Hautdicke (\ufffdm)",
            "A;04.02.2020;R\ufffdcken;2100",
            "A;05.05.2020;Wade;2000",
        ],
        "outcome": "ask",
        "mention": "letters were lost;rows 1, 2",
        "answers": [
            (
                {"unit": "µm"},
                {"n": 2, "first": "A|R\ufffdcken|2020-02-04|2.1", "mention": "were lost"},
            )
        ],
    },
    {
        "name": "hard_blanks_that_were_decoded_wrongly_and_made_plain",
        "content": [
            "Patient;Datum;KÃ¶rperstelle;Dicke",
            "A;04.02.2020;RÃ¼cken â€“ oben;2100 Âµm",
            "A;05.05.2020;GesÃ¤ÃŸ;2000Â Âµm",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.1, 2.0],
        "last": "A|Gesäß|2020-05-05|2.0",
        "mention": "körperstelle;gesäß",
    },
    {
        "name": "comment_lines_above_the_header_are_said",
        "content": [
            "# Export aus dem Klinikinformationssystem",
            "# erstellt 2021-01-01",
            "Patient;Datum;Region;Hautdicke (mm)",
            "A;04.02.2020;Wade;2,1",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": [1, 2],
    },
    {
        "name": "a_date_is_not_carried_from_one_patient_to_the_next",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "A;04.02.2020;Wade;2,1",
            "B;;Wade;2,0",
            "C;;Wade;1,9",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [3, 4],
    },
]


TURNED = [
    {
        "name": "sites_with_their_unit_down_and_dates_across",
        "content": ["Datum;01.02.2020;01.05.2020", "Stirn (mm);2,1;2,0", "Wade (mm);1,1;1,0"],
        "outcome": "ask",
        "mention": "turned",
        "answers": [
            (
                {"patient_id": "P7", "visits_across": "turn"},
                {"n": 4, "first": "P7|Stirn|2020-02-01|2.1", "last": "P7|Wade|2020-05-01|1.0"},
            )
        ],
    },
    {
        "name": "date_and_thickness_come_again",
        "content": [
            "Patient;Region;Datum;Dicke (mm);Datum;Dicke (mm)",
            "A;Wade;01.02.2020;2,1;01.05.2020;2,0",
            "B;Wade;01.02.2020;3,1;;",
        ],
        "outcome": "ask",
        "mention": "side by side",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 3, "first": "A|Wade|2020-02-01|2.1", "last": "B|Wade|2020-02-01|3.1"},
            ),
            ({"visits_across": "leave-out"}, {"outcome": "reject"}),
        ],
    },
    {
        "name": "courses_side_by_side_with_the_same_names_for_start_and_end",
        "content": [
            "Patient;Therapie 1;von;bis;Therapie 2;von;bis",
            "A;HCQ;01.01.2019;30.06.2019;IVIG;01.01.2020;laufend",
            "B;MTX;01.01.2019;30.06.2019;;;",
        ],
        "outcome": "ask",
        "mention": "side by side",
        "answers": [
            (
                {"visits_across": "turn"},
                {
                    "therapies": 3,
                    "first_therapy": "A|hydroxychloroquine|2019-01-01|2019-06-30",
                    "last_therapy": "B|methotrexate|2019-01-01|2019-06-30",
                },
            )
        ],
    },
    {
        "name": "two_columns_of_one_name_without_dates_of_their_own_are_asked_about",
        "content": ["Patient;Datum;Region;Dicke (mm);Dicke (mm)", "A;01.02.2020;Wade;2,1;2,0"],
        "outcome": "ask",
        "mention": "same name",
        "answers": [({"column.thickness": "replicates"}, {"n": 2, "values": [2.1, 2.0]})],
    },
]


@pytest.mark.parametrize("case", TURNED, ids=lambda c: c["name"])
def test_tables_that_are_to_be_turned(case, judge):
    judge(case)


@pytest.mark.parametrize("case", ROWS_AND_LETTERS, ids=lambda c: c["name"])
def test_rows_that_are_no_records_and_letters(case, judge):
    judge(case)


@pytest.mark.parametrize("case", VALUES, ids=lambda c: c["name"])
def test_values_sites_and_dates(case, judge):
    judge(case)


THERAPIES = [
    {
        "name": "drug_and_dose_under_one_head_below_a_letterhead",
        "content": [
            "Therapieübersicht Hautklinik;;;;",
            ";;;;",
            "Patient;Medikament / Dosis;Beginn;Ende;Bemerkung",
            "P1;Endoxan-Puls 750 mg/m² i.v., 6 Zyklen alle 4 Wo.;03/2019;08/2019;Übelkeit",
            "P1;Quensyl 200mg 1-0-1;15.9.19;lfd;",
            "P1;Octagam 2 g/kg über 5 Tage, 4-wöchentlich;1.4.20;31.3.20;",
            "P1;Urbason 40 mg ausschleichend;1.1.2018;Mitte 2018;",
            "Anzahl Therapien: 4;;;;",
        ],
        "encoding": "cp1252",
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "P1|cyclophosphamide|2019-03-01|2019-08-31",
        "last_therapy": "P1|methylprednisolone|2018-01-01|2018-12-31",
        "rejected": [6],
        "warned": [1, 4, 5, 7, 8],
    },
    {
        "name": "start_and_end_in_one_column",
        "content": [
            "Patient;Therapie;Zeitraum;Dosis",
            "V34;Methotrexat;01.02.2020 - 30.06.2020;15 mg/Wo.",
            "V34;IVIG;seit 03/2021;2 g/kg",
            "V34;Quensyl;07/2020–12/2020;400 mg",
            "V34;ECP;01.01.22 bis laufend;",
            "V34;Endoxan;03-06/2019;750 mg/m²",
            "V34;UVA1;01.02.–30.04.2018;50 J/cm²",
            "V34;Decortin;bis 31.01.2020;10 mg",
            "V34;Imurek;05.05.2017;100 mg",
        ],
        "outcome": "accept_with_warning",
        "therapies": 7,
        "first_therapy": "V34|methotrexate|2020-02-01|2020-06-30",
        "last_therapy": "V34|azathioprine|2017-05-05|unknown",
        "rejected": [8],
        "mention": "zeitraum;taken apart;unknown",
    },
    {
        "name": "spans_with_slashes_are_asked_about_like_other_dates",
        "content": [
            "Patient;Therapie;von - bis",
            "V35;Methotrexat;01/02/2020 - 03/06/2020",
            "V35;IVIG;02/07/2020 - 04/11/2020",
        ],
        "outcome": "ask",
        "mention": "ambiguous",
        "answers": [
            (
                {"date_order": "day-first"},
                {"therapies": 2, "first_therapy": "V35|methotrexate|2020-02-01|2020-06-03"},
            ),
            (
                {"date_order": "month-first"},
                {"therapies": 2, "first_therapy": "V35|methotrexate|2020-01-02|2020-03-06"},
            ),
        ],
    },
    {
        "name": "approximate_starts",
        "content": [
            "Patient;Therapie;Beginn;Ende;Dosis",
            "T23;Quensyl;03/2019;Juni 2019;200 mg/d",
            "T23;Urbason;Anf. 2020;Mitte 2020;60 mg",
            "T23;Octagam;1/20;9/21;2 g/kg",
            "T23;IVIG;Okt. 21;heute;2 g/kg",
            "T23;MTX;Q3 2021;;15 mg",
            "T23;Endoxan;unbekannt;03/2020;6x",
        ],
        "outcome": "accept_with_warning",
        "therapies": 5,
        "first_therapy": "T23|hydroxychloroquine|2019-03-01|2019-06-30",
        "rejected": [7],
        "warned": [3, 4, 5, 6],
        "mention": "1/20;month only;two-digit",
    },
    {
        "name": "free_text_with_dose_schedule_and_cycles",
        "content": [
            "Pat.-ID;Therapie;von;bis;Grund für Ende",
            "V33;IVIG 2 g/kg alle 4 Wo., 6 Zyklen;15.3.21;30.8.21;abgeschlossen",
            "V33;Endoxan-Pulstherapie 750 mg/m² KOF, 6x;01.02.19;30.07.19;Unverträglichkeit",
            "V33;Quensyl 2 x 200 mg tgl.;01.08.2018;31.01.2019;",
            "V33;ECP (21 Zyklen an 2 aufeinanderfolgenden Tagen);01.02.2020;30.04.2021;",
            "V33;Privigen 2g/kg KG q4w;01.10.2021;9999;",
            "V33;Sirolimus (Rapamune);01.10.2022;bis auf Weiteres;",
            "V33;Velcade/Dexa;01.03.2023;30.06.2023;",
            "V33;CellCept 2x1 g;01.03.2014;30.06.2013;Tippfehler",
        ],
        "outcome": "accept_with_warning",
        "therapies": 8,
        "first_therapy": "V33|IVIG|2021-03-15|2021-08-30",
        "last_therapy": "V33|dexamethasone|2023-03-01|2023-06-30",
        "rejected": [9],
        "mention": "alle 4 wo.;sirolimus;21 cycles",
    },
    {
        "name": "first_and_last_cycle_and_cycles_given_of_those_planned",
        "content": [
            "Pat.;Regime;Dosis;Zyklen;Erster Zyklus;Letzter Zyklus;Applikation",
            "X;IVIG;2 g/kg KG;6;15.03.2021;30.08.2021;i.v.",
            "X;ECP;-;21x;01.02.2020;30.04.2021;",
            "X;Endoxan;750 mg/m²;5/6;01.01.2019;30.06.2019;i.v.",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "X|IVIG|2021-03-15|2021-08-30",
        "last_therapy": "X|cyclophosphamide|2019-01-01|2019-06-30",
        "mention": "21 cycles;5 cycles were read from the text 5/6",
    },
    {
        "name": "ends_that_are_open_unknown_or_impossible",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "A;MTX;01.02.2020;lfd.",
            "C;MTX;01.02.2020;9999-12-31",
            "D;MTX;01.02.2020;k.A.",
            "F;MTX;01.02.2020;31.06.2020",
            "G;MTX;01.02.2020;dauerhaft",
            "H;MTX;01.02.2020;bis heute (Nov 2022)",
            "I;MTX;01.02.2020;00.00.0000",
        ],
        "outcome": "accept_with_warning",
        "therapies": 5,
        "first_therapy": "A|methotrexate|2020-02-01|ongoing",
        "last_therapy": "H|methotrexate|2020-02-01|ongoing",
        "rejected": [5, 8],
        "warned": [4],
    },
    {
        "name": "readings_tagged_with_a_therapy_or_with_none",
        "content": [
            "Patient;Datum;Region;Dicke (mm);Therapie",
            "W36;01.02.2020;Wade;2,8;keine",
            "W36;01.05.2020;Wade;2,6;HCQ",
            "W36;01.08.2020;Wade;2,5;HCQ",
            "W36;01.11.2020;Wade;2,2;IVIG",
            "W36;01.05.2021;Wade;2,1;Ø",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "therapies": 2,
        "last_therapy": "W36|IVIG|2020-11-01|2020-11-01",
        "mention": "derived",
    },
]


@pytest.mark.parametrize("case", THERAPIES, ids=lambda c: c["name"])
def test_therapies(case, judge):
    judge(case)
