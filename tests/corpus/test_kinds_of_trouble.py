"""Kinds of trouble that real users report: made up after fifteen worked files, none copied.

Each expectation was written before the import could read the file.
"""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.comments import Comment
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


def courses_first() -> bytes:
    return saved(
        book_of(
            ["Patient", "Medikament", "Beginn", "Ende"],
            ["B-4", "MTX", D(2024, 1, 10), D(2024, 9, 30)],
            ["B-4", "IVIG", D(2024, 10, 1), "laufend"],
            ["Patient", "Datum", "Region", "Hautdicke (mm)"],
            ["B-4", D(2024, 1, 8), "Wade", 2.61],
            ["B-4", D(2024, 7, 9), "Wade", 2.33],
            ["B-4", D(2025, 1, 7), "Wade", 2.02],
        )
    )


def beside_each_other_without_a_gap() -> bytes:
    return saved(
        book_of(
            ["patient", "drug", "start", "end", "patient", "date", "site", "thickness mm"],
            ["K1", "IVIG", D(2024, 2, 1), None, "K1", D(2024, 1, 30), "thigh", 3.1],
            ["K2", "ECP", D(2024, 3, 1), D(2024, 8, 1), "K1", D(2024, 5, 2), "thigh", 2.7],
            [None, None, None, None, "K2", D(2024, 2, 28), "thigh", 2.2],
        )
    )


def sheets_called_by_patients() -> bytes:
    book = openpyxl.Workbook()
    for i in range(12):
        sheet = book.create_sheet(f"Pat {i + 1:02d}")
        sheet.append(["Datum", "Messort", "Dicke mm"])
        sheet.append([D(2024, 1, 8), "Stirn", 1.5 + i / 10])
        sheet.append([D(2024, 4, 8), "Stirn", 1.4 + i / 10])
    del book["Sheet"]
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


def months_shown_only() -> bytes:
    book = book_of(
        ["Pat", "Therapie", "von", "bis"],
        ["M3", "UVA1", D(2022, 4, 1), D(2022, 6, 1)],
    )
    for cell in (book.active["C2"], book.active["D2"]):
        cell.number_format = "mmm\\ yy"
    return saved(book)


def codes_made_dates() -> bytes:
    book = book_of(
        ["ID", "Datum", "Stelle", "mm"],
        ["5-31", D(2024, 3, 4), "Bauch", 2.2],
        [D(2026, 5, 11), D(2024, 3, 5), "Bauch", 2.3],
        ["5-13", D(2024, 3, 6), "Bauch", 2.4],
    )
    book.active["A3"].number_format = "d-mmm"
    return saved(book)


def averages_beside_replicates() -> bytes:
    book = book_of(
        ["ID", "Datum", "Region", "Messwerte mm", None, None, None],
        [None, None, None, "I", "II", "III", "x̄"],
        ["R1", D(2024, 3, 4), "Stirn", 1.9, 2.0, 2.1, 2.0],
        ["R1", D(2024, 6, 4), "Stirn", 1.7, 1.8, 1.6, 1.7],
    )
    book.active.merge_cells("D1:G1")
    return saved(book)


def two_encodings() -> bytes:
    return (
        "Patient;Datum;Körperstelle;Hautdicke (mm)\n".encode("cp1252")
        + "U1;04.03.2024;Oberschenkel außen;2,4\n".encode("cp1252")
        + "U1;04.06.2024;Oberschenkel außen;2,2\n".encode()
    )


CASES = [
    {
        "name": "tables_under_one_another_courses_first_no_blank_row",
        "file": "a.xlsx",
        "content": courses_first,
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 3,
        "therapies": 2,
        "first": "B-4|Wade|2024-01-08|2.61",
        "last_therapy": "B-4|IVIG|2024-10-01|ongoing",
    },
    {
        "name": "tables_under_one_another_two_blank_rows_and_titles",
        "content": [
            "Measurements",
            "subject;visit date;site;thickness [µm]",
            "X-1;2024-02-01;cheek;1210",
            "X-1;2024-08-01;cheek;1105",
            "",
            "",
            "Treatments",
            "subject;treatment;from;to",
            "X-1;hydroxychloroquine;2024-02-03;ongoing",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "last": "X-1|cheek|2024-08-01|1.105",
    },
    {
        "name": "tables_side_by_side_without_a_gap",
        "file": "b.xlsx",
        "content": beside_each_other_without_a_gap,
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "n": 3,
        "patients": 2,
        "therapies": 2,
        "first_therapy": "K1|IVIG|2024-02-01|ongoing",
    },
    {
        "name": "visits_across_t0_t1_t2_unit_first",
        "content": [
            "patient,site,mm T0,mm T1,mm T2",
            "V1,forearm,2.5,2.4,2.1",
            "V1,hand,1.5,1.4,1.4",
        ],
        "outcome": "ask",
        "mention": "T0|visit",
    },
    {
        "name": "visits_across_weeks",
        "content": [
            "id;Lokalisation;W0 (µm);W12 (µm);W24 (µm)",
            "V2;Wade;2410;2200;1990",
            "V3;Wade;1800;1790;1700",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 6, "first": "V2|Wade|0|2.41", "last": "V3|Wade|168|1.7"},
            )
        ],
    },
    {
        "name": "visits_across_thickness_month",
        "content": [
            "Patient,Site,Thickness baseline [mm],Thickness month 3 [mm],Thickness month 12 [mm]",
            "V4,calf,2.9,2.5,",
            "V5,calf,2.0,2.1,1.9",
        ],
        "outcome": "ask",
        "answers": [({"visits_across": "turn"}, {"n": 5, "last": "V5|calf|365|1.9"})],
    },
    {
        "name": "visits_pre_post",
        "content": ["patient,site,pre (mm),post (mm)", "V6,chest,3.0,2.2", "V7,chest,2.8,2.6"],
        "outcome": "ask",
        "mention": "pre;post",
    },
    {
        "name": "status_words_german",
        "content": [
            "Patient;Medikament;Beginn;Ende;Status",
            "W1;Quensyl;03.02.2023;;abgesetzt",
            "W1;MTX;03.05.2023;;läuft",
            "W2;ECP;03.05.2023;;pausiert seit Herbst",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 3,
        "first_therapy": "W1|hydroxychloroquine|2023-02-03|unknown",
        "mention": "abgesetzt;pausiert",
    },
    {
        "name": "missing_codes_micrometres",
        "content": [
            "id,date,site,thickness_um",
            "C1,2024-01-08,thigh,2410",
            "C1,2024-04-08,thigh,9999",
            "C1,2024-07-08,thigh,-99",
            "C1,2024-10-08,thigh,2210",
        ],
        "outcome": "ask",
        "mention": "9999;-99;missing",
        "answers": [
            ({"missing_codes": "leave-out"}, {"n": 2, "last": "C1|thigh|2024-10-08|2.21"}),
        ],
    },
    {
        "name": "missing_codes_888",
        "content": [
            "patient;datum;stelle;dicke mm",
            "C2;08.01.2024;Wade;2,4",
            "C2;08.04.2024;Wade;8,88",
            "C2;08.07.2024;Wade;9,99",
        ],
        "outcome": "ask",
        "mention": "8,88|8.88;9,99|9.99",
        "answers": [({"missing_codes": "leave-out"}, {"n": 1})],
    },
    {
        "name": "points_numbered",
        "content": [
            "patient,date,region,point,thickness mm",
            "L1,2024-01-08,back,1,3.2",
            "L1,2024-01-08,back,2,2.1",
            "L1,2024-04-08,back,1,3.0",
            "L1,2024-04-08,back,2,2.0",
        ],
        "outcome": "ask",
        "mention": "point",
        "answers": [({"told_apart": "apart"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "lesions_by_an_unknown_name",
        "content": [
            "Patient;Datum;Ort;Herdnr.;Hautdicke mm",
            "L2;08.01.2024;Bein;A;3,2",
            "L2;08.01.2024;Bein;B;2,1",
            "L2;08.04.2024;Bein;A;3,0",
            "L2;08.04.2024;Bein;B;1,9",
        ],
        "outcome": "ask",
        "mention": "herdnr",
        "answers": [({"told_apart": "apart"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "averages_beside_replicates",
        "file": "c.xlsx",
        "content": averages_beside_replicates,
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 6,
        "last": "R1|Stirn|2024-06-04|1.6",
    },
    {
        "name": "m28_days_since_1970",
        "content": ["patient,date,site,mm", "E1,19800,calf,2.4", "E1,19890,calf,2.3"],
        "outcome": "ask",
        "mention": "1970;19800",
    },
    {
        "name": "m28_seconds_since_1582",
        "content": [
            "patient,date,site,mm",
            "E2,13930012800,calf,2.4",
            "E2,13937788800,calf,2.3",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "spss|1582",
        "first": "E2|calf|2024-03-17|2.4",
    },
    {
        "name": "excel_day_numbers_stay",
        "content": ["patient,date,site,mm", "E3,45359,calf,2.4", "E3,45451,calf,2.3"],
        "outcome": "accept_with_warning",
        "first": "E3|calf|2024-03-08|2.4",
    },
    {
        "name": "blank_before_the_quote_semicolons",
        "content": [
            "Patient; Datum; Region; Hautdicke (mm); Bemerkung",
            'Q1; "04.03.2024"; "Bauch; links"; "2,4"; "a; b"',
            'Q1; "04.06.2024"; "Bauch; links"; "2,2"; ""',
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "sites": 1,
    },
    {
        "name": "two_encodings",
        "content": two_encodings,
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "mention": "encoding",
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
        "name": "redcap_dates_on_the_event_row",
        "content": [
            "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,"
            "visit_date,site,thick_mm",
            "7,visit_1_arm_1,,,2024-02-05,,",
            "7,visit_1_arm_1,scan,1,,forearm,2.4",
            "7,visit_1_arm_1,scan,2,,hand,1.4",
            "7,visit_2_arm_1,,,2024-05-06,,",
            "7,visit_2_arm_1,scan,1,,forearm,2.2",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "7|forearm|2024-02-05|2.4",
        "last": "7|forearm|2024-05-06|2.2",
    },
    {
        "name": "redcap_fields_of_the_drug_form",
        "content": [
            "record_id,redcap_repeat_instrument,redcap_repeat_instance,scan_date,scan_site,"
            "scan_thickness_mm,rxlog_drug,rxlog_start,rxlog_end",
            "8,scan,1,2024-02-05,forearm,2.4,,,",
            "8,rxlog,1,,,,IVIG,2024-02-07,2024-09-01",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "therapies": 1,
        "first_therapy": "8|IVIG|2024-02-07|2024-09-01",
    },
    {
        "name": "end_column_with_an_unknown_name",
        "content": [
            "patient,therapy,date,last administered",
            "N1,IVIG,2023-01-09,2023-06-30",
            "N2,UVA1,2023-02-13,2023-04-21",
        ],
        "outcome": "ask",
        "mention": "last administered",
    },
    {
        "name": "vague_dates_of_courses",
        "content": [
            "patient;drug;start;end",
            "G1;MTX;Q2 2023;Q4 2023",
            "G2;IVIG;CW 12/2024;CW 40/2024",
            "G3;ECP;03/2024?;ongoing",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "G1|methotrexate|2023-04-01|2023-12-31",
        "last_therapy": "G3|ECP|2024-03-01|ongoing",
        "warned": [2, 3, 4],
    },
    {
        "name": "m30_seasons_are_asked",
        "content": ["patient,drug,start,end", "G4,MTX,spring 2023,autumn 2023"],
        "outcome": "ask",
        "mention": "spring;hemisphere",
        "answers": [
            (
                {"season": "northern"},
                {"therapies": 1, "first_therapy": "G4|methotrexate|2023-04-01|2023-12-31"},
            ),
        ],
    },
    {
        "name": "vague_dates_of_readings_are_refused",
        "content": [
            "patient,date,site,mm",
            "G5,Q2 2023,calf,2.4",
            "G5,2023-08-01,calf,2.3",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [2],
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
        "name": "codes_made_dates",
        "file": "f.xlsx",
        "content": codes_made_dates,
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "date;row 3|11-may|2026-05-11",
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
        "name": "cdisc_names",
        "content": [
            "STUDYID,USUBJID,USDTC,USLOC,USLAT,USORRES,USORRESU",
            "SSC-1,SSC-1-004,2024-02-05,FOREARM,LEFT,2.4,mm",
            "SSC-1,SSC-1-004,2024-05-06,FOREARM,LEFT,2.2,mm",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning ask",
        "n": 2,
        "patients": 1,
        "first": "SSC-1-004|left forearm|2024-02-05|2.4",
    },
    {
        "name": "cdisc_courses",
        "content": [
            "STUDYID,USUBJID,CMTRT,CMDOSE,CMDOSU,CMSTDTC,CMENDTC",
            "SSC-1,SSC-1-004,METHOTREXATE,15,mg,2024-02-05,2024-10-01",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "SSC-1-004|methotrexate|2024-02-05|2024-10-01",
    },
    {
        "name": "polish_columns",
        "content": [
            "Pacjent;Data;Okolica;Grubość (mm)",
            "PL-1;10.03.2025;przedramię;2,47",
            "PL-2;22.06.2025;udo;2,20",
            "PL-3;23.06.2025;przedramię;1,80",
        ],
        "outcome": "ask",
        "also_ok": "accept accept_with_warning",
        "mention": "pacjent;okolica",
        "answers": [
            (
                {
                    "column.patient_id": "Pacjent",
                    "column.site": "Okolica",
                    "column.date": "Data",
                    "column.thickness": "Grubość (mm)",
                },
                {"n": 3, "patients": 3, "sites": 2},
            ),
            (
                {
                    "patient_id": "Pacjent",
                    "site": "Okolica",
                    "column.date": "Data",
                    "column.thickness": "Grubość (mm)",
                },
                {"n": 3, "patients": 3, "sites": 2},
            ),
        ],
    },
    {
        "name": "paraproteins_stay_apart",
        "content": [
            "patient,date,forearm (mm),IgG lambda (g/l),IgM lambda (g/l)",
            "O1,2024-02-05,2.4,12.1,0.8",
            "O1,2024-05-06,2.2,9.3,0.7",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "mention": "igg lambda;igm lambda",
    },
    {
        "name": "stop_and_dose_zero_end_a_course",
        "content": [
            "patient,date,site,thickness (mm),therapy",
            "S1,2024-01-08,calf,2.5,MTX 15 mg",
            "S1,2024-04-08,calf,2.4,MTX 15 mg",
            "S1,2024-07-08,calf,2.3,MTX stop",
            "S1,2024-10-08,calf,2.3,MTX 0 mg",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "therapies": 1,
    },
    {
        "name": "development_codes_are_no_abbreviations",
        "content": [
            "patient,therapy,start,end",
            "D1,CP-690550,2013-02-05,2013-08-01",
            "D2,CYC-116,2013-02-05,2013-08-01",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "therapies": 2,
        "first_therapy": "D1|CP-690550|2013-02-05|2013-08-01",
        "last_therapy": "D2|CYC-116|2013-02-05|2013-08-01",
    },
    {
        "name": "words_beside_a_drug_are_kept",
        "content": [
            "patient,therapy,start,end",
            "D3,low-dose IVIG,2023-02-05,2023-08-01",
            "D4,MTX second course,2023-02-05,2023-08-01",
            "D5,IVIG 2 g/kg 4-weekly,2023-02-05,2023-08-01",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "mention": "low-dose;second course;4-weekly",
        "last_therapy": "D5|IVIG|2023-02-05|2023-08-01",
    },
    {
        "name": "an_unknown_column_of_readings_is_never_silent",
        "content": [
            "patient,date,site,thickness (mm),repeat scan other device (mm)",
            "Z1,2024-02-05,calf,2.4,2.6",
            "Z1,2024-05-06,calf,2.2,2.5",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "repeat scan other device",
    },
]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_kind_of_trouble_is_read_or_said(judge, case):
    judge(case)
