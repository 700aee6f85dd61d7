"""A second, harder helping of most ways, with the shapes that the first one left out."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest


def workbook(*rows: list[object], hidden_column: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if hidden_column:
        book.active.column_dimensions[hidden_column].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


CASES = [
    {
        "name": "m04_french_header_decoded_wrongly",
        "content": [
            "NÂ° patient;Date;Site;Ã‰paisseur (mm)",
            "F1;04.02.2020;Ã©paule;2,1",
            "F1;05.05.2020;cou;2,0",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "F1|shoulder|2020-02-04|2.1",
        "mention": "Ã‰paisseur|NÂ°|Ã©paule;Épaisseur|N°|épaule",
    },
    {
        "name": "m06_tab_text_called_xls",
        "file": "messung.xls",
        "content": [
            "Patient\tDatum\tRegion\tHautdicke (mm)",
            "B1\t04.02.2020\tWade\t2,1",
            "B1\t05.05.2020\tWade\t2,0",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "last": "B1|calf|2020-05-05|2.0",
    },
    {
        "name": "m06_dermalab_cmf",
        "file": "20200204_1015.cmf",
        "content": [
            "Patient\tDate\tSite\tThickness [um]",
            "C1\t2020-02-04\tforearm\t1850",
            "C1\t2020-02-04\tthigh\t1540",
        ],
        "outcome": "accept",
        "n": 2,
        "sites": 2,
        "values": [1.85, 1.54],
    },
    {
        "name": "m09_thousands_and_decimals",
        "content": [
            "Patient;Datum;Region;Hautdicke (µm)",
            "B1;04.02.2020;Wade;1.850,5",
            "B1;05.05.2020;Wade;1.790",
            "B1;04.08.2020;Wade;985,25",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "B1|calf|2020-02-04|1.8505",
        "last": "B1|calf|2020-08-04|0.98525",
        "mention": "thousand",
    },
    {
        "name": "m10_letterhead_with_the_words_of_a_header",
        "content": [
            "Klinik;Hautklinik Musterstadt;;",
            "Gerät;DermaScan C, 20 MHz;;",
            "Datum;01.03.2023;;",
            "Untersucher;AB;;",
            ";;;",
            "Patient;Datum;Region;Hautdicke (mm)",
            "B10;04.02.2020;Stirn;2,4",
            "B10;05.05.2020;Stirn;2,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "first": "B10|forehead|2020-02-04|2.4",
        "warned": (1, 2, 3, 4),
    },
    {
        "name": "m12_mean_sign_and_spread",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B12;04.02.2020;Stirn;2,4",
            "B12;05.05.2020;Stirn;2,2",
            "Ø;;;2,3",
            "MW ± SD;;;2,3 ± 0,14",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "warned": (4, 5),
    },
    {
        "name": "m12_mean_in_the_date_column",
        "content": [
            "patient,date,site,mm",
            "C12,2020-02-04,calf,2.4",
            "C12,2020-05-05,calf,2.2",
            "C12,average,calf,2.3",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (4,),
    },
    {
        "name": "m13_an_empty_column_in_the_middle",
        "content": [
            "patient,date,,site,mm",
            "C13,2020-02-04,,calf,2.4",
            "C13,2020-05-05,,calf,2.2",
        ],
        "outcome": "accept",
        "n": 2,
    },
    {
        "name": "m16_short_german_heads",
        "content": [
            "Pat;Datum;Lok.;M1 (mm);M2 (mm);M3 (mm);MW;SD",
            "B16;04.02.2020;Wade;2,1;2,2;2,0;2,1;0,1",
            "B16;05.05.2020;Wade;1,9;1,8;2,0;1,9;0,1",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 6,
        "sites": 1,
        "values": [2.1, 2.2, 2.0, 1.9, 1.8, 2.0],
    },
    {
        "name": "m17_visits_named_with_their_date",
        "content": [
            "Patient;Region;V1 (04.02.2020);V2 (05.05.2020)",
            "B17;Wade;2,4 mm;2,2 mm",
            "B17;Stirn;2,0 mm;1,9 mm",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "mention": "column|turn",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 4, "sites": 2, "last": "B17|forehead|2020-05-05|1.9"},
            )
        ],
    },
    {
        "name": "m20_blank_unit_cell_is_not_guessed",
        "content": [
            "patient,date,site,value,unit",
            "C20,2020-02-04,calf,1500,um",
            "C20,2020-05-05,calf,1.4,",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "unit;row 3|1.4",
    },
    {
        "name": "m25_the_end_column_settles_the_start",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B25;MTX;05/03/2019;21/05/2019",
            "B25;IVIG;06/07/2019;08/09/2019",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 2,
        "first_therapy": "B25|methotrexate|2019-03-05|2019-05-21",
        "last_therapy": "B25|IVIG|2019-07-06|2019-09-08",
        "mention": "21/05/2019",
    },
    {
        "name": "m28_numbers_typed_as_text_in_a_sheet",
        "file": "zahlen.xlsx",
        "content": lambda: workbook(
            ["Patient", "Datum", "Region", "Hautdicke (mm)"],
            ["B28", "43865", "Wade", "2,0"],
            ["B28", "43956", "Wade", "1,9"],
        ),
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "B28|calf|2020-02-04|2.0",
        "last": "B28|calf|2020-05-05|1.9",
        "mention": "43865|serial|day number",
    },
    {
        "name": "m30_month_with_a_point",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B30;04.02.2020;Wade;2,0",
            "B30;05.2020;Wade;1,9",
            "B30;Aug 2020;Wade;1,8",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3, 4),
        "mention": "month",
    },
    {
        "name": "m32_impossible_end_of_a_therapy",
        "content": [
            "patient,therapy,start,end",
            "C32,IVIG,2019-01-07,2019-06-31",
            "C32,ECP,2019-07-07,2019-09-30",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "rejected": (2,),
        "mention": "2019-06-31",
    },
    {
        "name": "m37_comma_slipped_in_a_german_file",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B37;04.02.2020;Wade;2,1",
            "B37;05.05.2020;Wade;0,21",
            "B37;04.08.2020;Wade;2,0",
            "B37;04.11.2020;Wade;1,9",
            "B37;04.12.2020;Wade;0,0",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "rejected": (6,),
        "warned": (3,),
    },
    {
        "name": "m38_range_with_a_dash_and_words",
        "content": [
            "patient,date,site,mm",
            "C38,2020-02-04,calf,1.8–2.0",
            "C38,2020-05-05,calf,1.7 to 1.9",
        ],
        "outcome": "ask",
        "mention": "range",
        "answers": [({"range": "middle"}, {"n": 2, "values": [1.9, 1.8]})],
    },
    {
        "name": "m39_three_times_the_same",
        "content": [
            "patient,date,site,mm",
            "C39,2020-02-04,calf,2.4",
            "C39,2020-02-04,calf,2.4",
            "C39,2020-02-04,calf,2.4",
            "C39,2020-05-05,calf,2.2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (3, 4),
        "mention": "duplicate",
    },
    {
        "name": "m41_codes_without_their_blank",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "SM 01;04.02.2020;Wade;2,4",
            "SM01;05.05.2020;Wade;2,2",
            "Sm-01;04.08.2020;Wade;2,1",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 3,
        "patients": 1,
    },
    {
        "name": "m42_leading_zeros_in_french",
        "content": [
            "N° patient;Date;Site;Épaisseur (mm)",
            "0012;04.02.2020;mollet;2,4",
            "12;05.05.2020;mollet;2,2",
        ],
        "outcome": "ask",
        "mention": "0012",
        "answers": [
            (
                {"leading_zeros": "same"},
                {"n": 2, "patients": 1, "first": "0012|calf|2020-02-04|2.4"},
            )
        ],
    },
    {
        "name": "m44_hyphen_dato_and_heute",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B44;IVIG;06.01.2020;-",
            "B45;IVIG;06.01.2020;dato",
            "B46;IVIG;06.01.2020;31.12.9999",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "B44|IVIG|2020-01-06|ongoing",
        "last_therapy": "B46|IVIG|2020-01-06|ongoing",
    },
    {
        "name": "m45_weekly_injection",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B45;MTX 15 mg s.c. 1x/Woche;04.02.2019;30.06.2019",
            "B45;Prednisolon 60 mg/d absteigend;01.07.2019;30.07.2019",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "B45|methotrexate|2019-02-04|2019-06-30",
        "last_therapy": "B45|prednisolone|2019-07-01|2019-07-30",
        "mention": "15 mg",
    },
    {
        "name": "m50_a_therapy_that_comes_back",
        "content": [
            "Patient;Date;Site;Épaisseur (mm);Traitement",
            "F50;04.01.2019;joue;2,4;HCQ",
            "F50;04.02.2019;joue;2,3;HCQ",
            "F50;04.05.2019;joue;2,2;IgIV",
            "F50;04.08.2019;joue;2,0;IgIV",
            "F50;04.11.2019;joue;1,9;HCQ",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "therapies": 3,
        "first_therapy": "F50|hydroxychloroquine|2019-01-04|2019-02-04",
        "last_therapy": "F50|hydroxychloroquine|2019-11-04|ongoing",
        "mention": "derived",
    },
    {
        "name": "m51_mixed_records_french",
        "content": [
            "Type;Patient;Date;Fin;Site;Épaisseur (mm);Traitement",
            "mesure;F51;04.02.2020;;joue;2,4;",
            "traitement;F51;10.02.2020;en cours;;;IgIV",
            "mesure;F51;05.05.2020;;joue;2,1;",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "first_therapy": "F51|IVIG|2020-02-10|ongoing",
    },
    {
        "name": "m54_points_under_x_and_y",
        "content": ["x,y", "0.1,2.41", "91.2,2.18", "183.0,1.97"],
        "outcome": "ask",
        "mention": "axis|axes",
        "answers": [
            (
                {"points_x": "days", "points_y": "mm", "patient_id": "X", "site": "calf"},
                {"n": 3, "first": "X|calf|0|2.41"},
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
        "name": "m58_nom_et_prenom",
        "content": [
            "Nom;Prénom;Date de naissance;Code patient;Date;Site;Épaisseur (mm)",
            "Durand;Anne;01/03/1958;F58;13/02/2020;mollet;2,4",
            "Durand;Anne;01/03/1958;F58;14/05/2020;mollet;2,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "first": "F58|calf|2020-02-13|2.4",
        "mention": "nom;naissance|birth;not imported|identif",
    },
    {
        "name": "m58_patient_names_without_codes",
        "content": [
            "Patientenname;Datum;Region;Hautdicke (mm)",
            "Hans Muster;04.02.2020;Wade;2,4",
            "Anna Beispiel;05.05.2020;Wade;2,2",
        ],
        "outcome": "ask",
        "also_ok": "reject accept_with_warning",
        "mention": "name",
        "answers": [({"patient_id": "numbered"}, {"n": 2, "patients": 2})],
    },
    {
        "name": "m60_penetration_depth_in_german",
        "content": [
            "Patient;Datum;Region;Eindringtiefe (mm);Hautdicke (mm);Läsionsgröße (mm)",
            "B60;04.02.2020;Wade;8;2,4;35",
            "B60;05.05.2020;Wade;8;2,2;30",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "values": [2.4, 2.2],
    },
    {
        "name": "m61_trailing_separators_are_harmless",
        "content": [
            "patient,date,site,mm",
            "C61,2020-02-04,calf,2.4,,",
            "C61,2020-05-05,calf,2.2",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
    },
    {
        "name": "m66_one_site_in_three_languages",
        "content": [
            "patient;date;site;mm",
            "K66;04.02.2020;Unterarm links;2,4",
            "K66;05.05.2020;left forearm;2,2",
            "K66;04.08.2020;avant-bras gauche;2,1",
            "K66;04.08.2020;avant-bras droit;2,3",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "mention": "unterarm links",
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "m67_blank_cells_below_a_patient_in_text",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B67;04.02.2020;Wade;2,4",
            ";05.05.2020;Wade;2,2",
            ";04.08.2020;Wade;2,1",
            "B68;04.02.2020;Wade;1,9",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "blank",
        "answers": [
            ({"fill_down": "fill-down"}, {"n": 4, "patients": 2}),
            ({"fill_down": "leave-out"}, {"n": 2, "patients": 2, "rejected": (3, 4)}),
        ],
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
        "name": "m76_more_columns_than_the_limit",
        "content": lambda: (
            ",".join(f"c{i}" for i in range(600)) + "\n" + ",".join(["1"] * 600) + "\n"
        ),
        "outcome": "reject",
        "mention": "limit;500",
    },
    {
        "name": "m14_units_row_repeated_with_the_header",
        "content": [
            "patient,date,site,thickness",
            ",,,µm",
            "C14,2020-02-04,calf,2400",
            "patient,date,site,thickness",
            ",,,µm",
            "C14,2020-05-05,calf,2200",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.4, 2.2],
        "warned": (4,),
    },
    {
        "name": "m48_cycles_in_french",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F48;PCE 21 séances;04.02.2019;30.06.2020",
            "F48;Endoxan 6 bolus;01.07.2020;31.12.2020",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "F48|ECP|2019-02-04|2020-06-30",
        "last_therapy": "F48|cyclophosphamide|2020-07-01|2020-12-31",
        "mention": "21;6",
    },
    {
        "name": "m49_sessions_as_a_row_of_dates",
        "content": [
            "patient,therapy,session 1,session 2,session 3",
            "C49,ECP,2019-02-04,2019-03-04,2019-04-01",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning reject",
        "therapies": 1,
    },
    {
        "name": "m19_units_written_to_the_number",
        "content": [
            "Patient;Date;Site;Épaisseur",
            "F19;04.02.2020;mollet;1,5mm",
            "F19;05.05.2020;mollet;1420µm",
            "F19;04.08.2020;mollet;0,14cm",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "values": [1.5, 1.42, 1.4],
    },
    {
        "name": "m36_dots_and_crosses",
        "content": [
            "patient,date,site,thickness_mm",
            "C36,2020-02-04,ear,.",
            "C36,2020-05-05,ear,x",
            "C36,2020-08-04,ear,???",
            "C36,2020-11-04,ear,1.1",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": (2, 3, 4),
    },
    {
        "name": "m53_cbioportal_mixed_file",
        "file": "timeline.txt",
        "content": [
            "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tAGENT\tTEST\tRESULT",
            "P-1\t0\t\tLAB_TEST\t\t\tSKIN_THICKNESS_CALF_MM\t2.4",
            "P-1\t5\t90\tTREATMENT\tMedical Therapy\tIVIG\t\t",
            "P-1\t95\t\tLAB_TEST\t\t\tSKIN_THICKNESS_CALF_MM\t<0.5",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "therapies": 1,
        "first_therapy": "P-1|IVIG|5|90",
        "mention": "cbioportal;days",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_harder_files(case, judge):
    judge(case)
