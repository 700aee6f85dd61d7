"""More files of the kinds in test_kinds_of_trouble, made up after the import could read those.

Each expectation was written before the file was read for the first time.
"""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest
from openpyxl.styles import Font

D = dt.date


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def book_of(*rows: list[object], title: str = "Sheet") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def three_tables() -> bytes:
    return saved(
        book_of(
            ["patient", "date", "site", "mm"],
            ["A", D(2024, 1, 8), "calf", 2.4],
            ["A", D(2024, 4, 8), "calf", 2.2],
            [],
            ["patient", "therapy", "start", "end"],
            ["A", "IVIG", D(2024, 1, 10), D(2024, 3, 1)],
            [],
            ["patient", "date", "outcome", "value"],
            ["A", D(2024, 1, 8), "mRSS", 22],
        )
    )


def beside_with_a_title_row() -> bytes:
    return saved(
        book_of(
            ["Messungen", None, None, None, None, "Therapien"],
            ["Pat.", "Datum", "Region", "Dicke mm", None, "Pat.", "Medikament", "von", "bis"],
            ["P1", D(2024, 1, 8), "Wade", 2.4, None, "P1", "MTX", D(2024, 1, 9), D(2024, 6, 1)],
            ["P1", D(2024, 4, 8), "Wade", 2.2, None, "P2", "ECP", D(2024, 2, 9), None],
            ["P2", D(2024, 4, 9), "Wade", 1.8],
        )
    )


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


def patients_by_sheet_words() -> bytes:
    book = openpyxl.Workbook()
    for code in ("SSc-07", "SSc-08", "SSc-11"):
        sheet = book.create_sheet(code)
        sheet.append(["visit date", "body site", "skin thickness (mm)"])
        sheet.append([D(2024, 1, 8), "forearm", 2.1])
        sheet.append([D(2024, 4, 8), "forearm", 2.0])
    del book["Sheet"]
    return saved(book)


def header_over_three_rows() -> bytes:
    book = book_of(
        ["Patient", "Datum", "Unterarm (mm)", None, None, "Wade (mm)", None, None],
        [None, None, 1, 2, "MW", 1, 2, "MW"],
        ["H1", D(2024, 2, 5), 2.1, 2.3, 2.2, 1.5, 1.7, 1.6],
        ["H1", D(2024, 5, 6), 2.0, 2.2, 2.1, 1.4, 1.6, 1.5],
    )
    book.active.merge_cells("C1:E1")
    book.active.merge_cells("F1:H1")
    return saved(book)


CASES = [
    {
        "name": "three_tables_under_one_another",
        "file": "a.xlsx",
        "content": three_tables,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
    },
    {
        "name": "tables_beside_with_a_title_row",
        "file": "b.xlsx",
        "content": beside_with_a_title_row,
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "n": 3,
        "therapies": 2,
        "first_therapy": "P1|methotrexate|2024-01-09|2024-06-01",
    },
    {
        "name": "readings_then_courses_without_a_blank_line",
        "content": [
            "ID;Datum;Lokalisation;Hautdicke mm",
            "Z9;01.02.2024;Stirn;1,9",
            "Z9;01.05.2024;Stirn;1,7",
            "ID;Therapie;Start;Ende;Dosis",
            "Z9;UVA1;03.02.2024;30.04.2024;50 J/cm²",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
    },
    {
        "name": "visits_across_in_years",
        "content": ["patient,site,year 1 mm,year 2 mm", "J1,calf,2.4,2.0", "J2,calf,2.1,2.2"],
        "outcome": "ask",
        "answers": [({"visits_across": "turn"}, {"n": 4})],
    },
    {
        "name": "visits_across_before_after_french",
        "content": [
            "patient;site;épaisseur avant (mm);épaisseur après (mm)",
            "F1;mollet;2,4;2,0",
        ],
        "outcome": "ask",
        "mention": "avant;après",
    },
    {
        "name": "visits_across_follow_ups",
        "content": [
            "patient,site,baseline thickness (mm),FU1 thickness (mm),FU2 thickness (mm)",
            "F2,calf,2.4,2.0,1.9",
        ],
        "outcome": "ask",
        "mention": "fu1|FU1",
    },
    {
        "name": "status_english_in_a_sentence",
        "content": [
            "patient,drug,start,stop,status",
            "K1,MTX,2024-01-05,,stopped due to nausea",
            "K1,IVIG,2024-02-05,,ongoing",
            "K2,ECP,2024-02-05,,see letter",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 3,
        "first_therapy": "K1|methotrexate|2024-01-05|unknown",
        "mention": "see letter",
    },
    {
        "name": "status_french",
        "content": [
            "patient;traitement;début;fin;statut",
            "K3;Plaquenil;05/01/2024;;arrêté",
            "K3;IgIV;15/02/2024;;en cours",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 2,
        "first_therapy": "K3|hydroxychloroquine|2024-01-05|unknown",
    },
    {
        "name": "missing_code_minus_nine",
        "content": [
            "patient,date,forearm (mm),calf (mm)",
            "M1,2024-01-05,2.4,-9",
            "M1,2024-04-05,2.2,1.8",
        ],
        "outcome": "ask",
        "mention": "-9;missing",
    },
    {
        "name": "nine_nine_nine_micrometres_is_a_thickness",
        "content": [
            "patient,date,site,thickness (µm)",
            "M2,2024-01-05,eyelid,999",
            "M2,2024-04-05,eyelid,1010",
            "M2,2024-07-05,eyelid,980",
        ],
        "outcome": "accept",
        "n": 3,
    },
    {
        "name": "plaques_numbered_with_letters",
        "content": [
            "subject,visit date,location,plaque,thickness_mm",
            "P1,2024-01-05,abdomen,a,3.2",
            "P1,2024-01-05,abdomen,b,2.2",
            "P1,2024-04-05,abdomen,a,3.0",
            "P1,2024-04-05,abdomen,b,2.1",
        ],
        "outcome": "ask",
        "mention": "plaque",
    },
    {
        "name": "replicate_column_stays_a_replicate",
        "content": [
            "patient,date,site,reading no,thickness_mm",
            "P2,2024-01-05,abdomen,1,3.2",
            "P2,2024-01-05,abdomen,2,3.1",
            "P2,2024-04-05,abdomen,1,3.0",
            "P2,2024-04-05,abdomen,2,2.9",
        ],
        "outcome": "accept",
        "n": 4,
        "sites": 1,
    },
    {
        "name": "averages_under_merged_sites",
        "file": "c.xlsx",
        "content": header_over_three_rows,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 8,
        "sites": 2,
    },
    {
        "name": "unix_seconds",
        "content": ["patient,date,site,mm", "U1,1706745600,calf,2.4", "U1,1714521600,calf,2.3"],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "1970",
    },
    {
        "name": "spss_seconds_of_courses",
        "content": [
            "id;therapy;start;end",
            "U2;IVIG;13925865600;13937788800",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "1582|spss",
        "first_therapy": "U2|IVIG|2024-01-29|2024-06-15",
    },
    {
        "name": "blank_before_quotes_in_the_header",
        "content": [
            '"patient", "date", "site, side", "thickness_mm"',
            '"B1", "2024-02-05", "forearm, left", "2.4"',
            '"B1", "2024-05-05", "forearm, left", "2.2"',
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 1,
    },
    {
        "name": "one_question_for_sheets_called_by_codes",
        "file": "d.xlsx",
        "content": patients_by_sheet_words,
        "outcome": "ask",
        "answers": [({"patient_id": "sheet-name"}, {"n": 6, "patients": 3})],
    },
    {
        "name": "redcap_labels",
        "content": [
            "Record ID,Event Name,Repeat Instrument,Repeat Instance,Scan date,Body site,"
            "Skin thickness (mm),Complete?",
            "9,Baseline (Arm 1: main),Scan,1,2024-02-05,forearm,2.4,Complete",
            "9,Month 3 (Arm 1: main),Scan,1,2024-05-06,forearm,2.2,Complete",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 2,
        "first": "9|forearm|2024-02-05|2.4",
    },
    {
        "name": "redcap_fields_by_unit",
        "content": [
            "record_id,redcap_event_name,exam_date,exam_forearm_mm,exam_calf_mm",
            "10,v1_arm_1,2024-02-05,2.4,1.9",
            "10,v2_arm_1,2024-05-06,2.2,1.8",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 2,
    },
    {
        "name": "end_under_a_name_in_another_language",
        "content": [
            "paciente;therapy;start;último día",
            "N1;IVIG;2023-01-09;2023-06-30",
        ],
        "outcome": "ask",
        "mention": "último día;paciente",
    },
    {
        "name": "german_weeks_and_quarters",
        "content": [
            "Patient;Medikament;Beginn;Ende",
            "G1;MTX;KW 3/2023;KW 20/2023",
            "G2;IVIG;1. Quartal 2023;laufend",
            "G3;ECP;ca. 05/2023;05/2024",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "G1|methotrexate|2023-01-16|2023-05-21",
    },
    {
        "name": "seasons_german",
        "content": ["Patient;Medikament;Beginn;Ende", "G4;MTX;Herbst 2022;Frühjahr 2023"],
        "outcome": "ask",
        "mention": "herbst 2022;hemisphere",
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
        "name": "codes_made_dates_in_text",
        "content": [
            "id,date,site,mm",
            "3-11,2024-02-05,calf,2.4",
            "12-Mar,2024-02-06,calf,2.2",
            "13-Mar,2024-02-07,calf,2.1",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "12-mar",
        "warned": [3, 4],
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
    {
        "name": "cdisc_findings_with_tests",
        "content": [
            "STUDYID,DOMAIN,USUBJID,MKTESTCD,MKTEST,MKORRES,MKORRESU,MKLOC,MKLAT,MKDTC",
            "S1,MK,S1-01,SKTHICK,Skin Thickness,2.4,mm,FOREARM,LEFT,2024-02-05",
            "S1,MK,S1-01,SKTHICK,Skin Thickness,2.2,mm,FOREARM,LEFT,2024-05-06",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning ask",
        "n": 2,
        "patients": 1,
    },
    {
        "name": "italian_columns",
        "content": [
            "Paziente;Data;Sede;Spessore (mm)",
            "IT-1;10/03/2025;avambraccio;2,47",
            "IT-2;22/06/2025;coscia;2,20",
        ],
        "outcome": "ask",
        "also_ok": "accept accept_with_warning",
        "mention": "paziente;sede",
        "answers": [
            (
                {
                    "patient_id": "Paziente",
                    "site": "Sede",
                    "column.date": "Data",
                    "column.thickness": "Spessore (mm)",
                },
                {"n": 2, "patients": 2, "sites": 2},
            )
        ],
    },
    {
        "name": "a_score_is_no_thickness",
        "content": [
            "patient,date,site,stiffness points",
            "SC1,2024-02-05,calf,12",
            "SC1,2024-05-05,calf,9",
        ],
        "outcome": "ask",
        "also_ok": "reject",
        "mention": "score",
    },
    {
        "name": "stop_tag_german",
        "content": [
            "Patient;Datum;Region;Hautdicke mm;Therapie",
            "T1;08.01.2024;Wade;2,5;ECP",
            "T1;08.04.2024;Wade;2,4;ECP",
            "T1;08.07.2024;Wade;2,3;ECP abgesetzt",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "therapies": 1,
    },
    {
        "name": "schedules_with_numbers",
        "content": [
            "patient,therapy,start,end",
            "D1,IVIG 2 g/kg 6-weekly,2023-02-05,2023-08-01",
            "D2,Rituximab 1 g halbjährlich,2023-02-05,2024-08-01",
            "D3,IVIG 8-wöchentlich,2023-02-05,2024-08-01",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "mention": "6-weekly;halbjährlich;8-wöchentlich",
    },
    {
        "name": "json_records",
        "file": "h.json",
        "content": json.dumps(
            [
                {"patient": "J1", "date": "2024-02-05", "site": "calf", "thickness_mm": 2.4},
                {"patient": "J1", "date": "2024-05-05", "site": "calf", "thickness_mm": 2.2},
            ]
        ),
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
    },
    {
        "name": "spss_file_is_named",
        "file": "i.sav",
        "content": b"$FL2@(#) IBM SPSS STATISTICS 64-bit" + bytes(400),
        "outcome": "reject",
        "mention": "spss;csv",
    },
]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_further_file_of_these_kinds_is_read_or_said(judge, case):
    judge(case)
