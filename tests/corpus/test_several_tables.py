"""Several tables in one sheet or text: under one another, side by side, mixed records.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

import pytest

from tests.corpus.workbooks import book_of, saved

D = dt.date

TURN = {"visits_across": "turn"}


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


CASES = [
    {
        "name": "a_laboratory_value_among_mixed_records_is_no_thickness",
        "content": [
            "patient,type,date,end,item,value,unit",
            "R50,measurement,2020-01-07,,calf,2.6,mm",
            "R50,therapy,2020-02-01,2020-08-01,IVIG,,",
            "R50,lab,2020-07-07,,CRP,3,mg/l",
            "R50,lab,2020-07-07,,CK,3.1,mm",
            "R50,lab test,2020-07-07,,skin thickness calf,2.2,mm",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "warned": [4, 5],
        "last": "R50|skin thickness calf|2020-07-07|2.2",
    },
    {
        "name": "courses_side_by_side",
        "content": [
            "patient,drug 1,start 1,stop 1,drug 2,start 2,stop 2",
            "A1,MTX,2020-02-03,2020-05-03,IVIG,2020-06-03,",
            "A2,HCQ,2020-02-03,,,,",
        ],
        "outcome": "ask",
        "answers": [
            (
                TURN,
                {
                    "therapies": 3,
                    "first_therapy": "A1|methotrexate|2020-02-03|2020-05-03",
                    "last_therapy": "A2|hydroxychloroquine|2020-02-03|ongoing",
                },
            )
        ],
    },
    {
        "name": "records_told_apart_by_their_nature",
        "content": [
            "Patient;Nature;Date;Fin;Détail;Résultat",
            "P37;écho;15/01/2021;;joue D;2,6 mm",
            "P37;ttt;20/01/2021;20/06/2021;Endoxan 750 mg/m², 6 cures;",
            "P37;écho;15/04/2021;;joue D;2400 µm",
            "P37;médicament;01/07/2021;;IgIV 2 g/kg;",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "therapies": 2,
        "last": "P37|right cheek|2021-04-15|2.4",
        "first_therapy": "P37|cyclophosphamide|2021-01-20|2021-06-20",
        "last_therapy": "P37|IVIG|2021-07-01|ongoing",
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
        "name": "m14_m10_a_block_of_rows_for_each_patient_under_a_repeated_header",
        "content": [
            "Patient: A1;;",
            "Datum;Region;mm",
            "04.02.2020;Wade;2,1",
            "05.05.2020;Wade;2,0",
            ";;",
            "Patient: A2;;",
            "Datum;Region;mm",
            "06.02.2020;Wade;1,1",
            "07.05.2020;Wade;1,0",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "first": "A1|calf|2020-02-04|2.1",
        "last": "A2|calf|2020-05-07|1.0",
        "mention": "A2 was taken from row 6",
    },
    {
        "name": "m51_therapies_below_the_readings_of_another_patient",
        "content": [
            "Patient: A1;;",
            "Datum;Region;mm",
            "04.02.2020;Wade;2,1",
            "05.05.2020;Wade;2,0",
            ";;",
            "Patient: A2;;",
            "Therapie;Beginn;Ende",
            "IVIG;01.02.2020;",
        ],
        "outcome": "accept_with_warning",
        "first": "A1|calf|2020-02-04|2.1",
        "first_therapy": "A2|IVIG|2020-02-01|ongoing",
    },
    {
        "name": "m51_mixed_records_english",
        "content": [
            "record,patient,date,end,site,mm,therapy",
            "measurement,C1,2020-02-04,,calf,2.4,",
            "therapy,C1,2020-02-10,2020-06-10,,,IVIG",
            "measurement,C1,2020-05-05,,calf,2.1,",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "first": "C1|calf|2020-02-04|2.4",
        "last": "C1|calf|2020-05-05|2.1",
        "first_therapy": "C1|IVIG|2020-02-10|2020-06-10",
    },
    {
        "name": "m51_mixed_records_german",
        "content": [
            "Art;Patient;Datum;Ende;Region;Hautdicke (mm);Therapie",
            "Messung;B1;04.02.2020;;Wade;2,4;",
            "Therapie;B1;10.02.2020;laufend;;;Quensyl",
            "Messung;B1;05.05.2020;;Wade;2,1;",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "first_therapy": "B1|hydroxychloroquine|2020-02-10|ongoing",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_several_tables(case, judge):
    judge(case)
