"""Files whose readings are tagged with a therapy, as clinics write them.

No course has dates here: it starts between two readings, and the last one goes on. What the
file leaves open (a blank, two therapies on one day, "before IVIG") is asked.
"""

import pytest

from sm_tracker.ingest import SourceFile, read_sources

TAGGED_ROWS = (
    ("2023-02-03", "none"), ("2023-05-05", "{first}"), ("2023-08-18", "{then}"),
    ("2023-11-21", "{then}"),
)  # fmt: skip


CASES = [
    {
        "name": "m50_german_table_with_doses_and_an_unreadable_value",
        "encoding": "cp1252",
        "content": [
            "Patienten-ID;Untersuchung am;Lokalisation;Hautdicke (mm);Therapie;Dosis",
            "SK-4;03.02.2022;Unterarm re.;2,61;keine;",
            "SK-4;12.05.2022;Unterarm re.;2,58;MTX;15 mg/Woche",
            "SK-4;10.08.2022;Unterarm re.;2,55;MTX;20 mg/Woche",
            "SK-4;02.11.2022;Unterarm re.;n.m.;IVIG;2 g/kg",
            "SK-4;01.02.2023;Unterarm re.;1,98;IVIG;2 g/kg",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "therapies": 2,
        "first_therapy": "SK-4|methotrexate|2022-05-12|2022-08-10",
        "last_therapy": "SK-4|IVIG|2022-11-02|ongoing",
        "mention": "start between 2022-02-03 and 2022-05-12, end between 2022-08-10 and 2022-11-02"
        ";start between 2022-08-10 and 2022-11-02, ongoing;as no therapy",
    },
    {
        "name": "m50_one_column_a_site_and_a_visit_without_any_value",
        "content": [
            "ID,Visit date,Forearm L (mm),Chest (mm),Treatment",
            "7,2020-01-10,2.40,3.00,no therapy",
            "7,2020-03-02,,,HCQ",
            "7,2020-05-04,2.36,n/a,HCQ",
            "7,2020-08-03,2.30,2.95,PUVA",
            "7,2020-10-05,not measurable,not measurable,HCQ",
            "7,2020-12-07,2.10,2.70,HCQ",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "7|hydroxychloroquine|2020-03-02|2020-05-04",
        "last_therapy": "7|hydroxychloroquine|2020-10-05|ongoing",
    },
    {
        "name": "m50_day_numbers",
        "content": [
            "patient_id,day,site,thickness_um,therapy",
            "B2,0,calf,2100,untreated",
            "B2,40,calf,2050,ciclosporin 3 mg/kg",
            "B2,75,calf,1990,ciclosporin 2 mg/kg",
            "B2,110,calf,1800,untreated",
            "B2,165,calf,1600,ECP",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "B2|ciclosporin|40|75",
        "last_therapy": "B2|ECP|165|ongoing",
        "mention": "start between day 0 and day 40, end between day 75 and day 110",
    },
    {
        "name": "m50_the_therapy_in_the_first_row_of_a_visit_only",
        "content": [
            "Patient;Datum;Ort;Wert mm;Medikation",
            "X;01.03.2021;Stirn;2,0;HCQ 200 mg",
            "X;01.03.2021;Kinn;1,5;",
            "X;01.05.2021;Stirn;1,9;IVIG",
            "X;01.05.2021;Kinn;1,4;",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "therapies": 2,
        "first_therapy": "X|hydroxychloroquine|2021-03-01|2021-03-01",
        "last_therapy": "X|IVIG|2021-05-01|ongoing",
        "mention": "row 2 was taken;row 4 was taken",
    },
    {
        "name": "m50_blanks_and_marks_for_nothing",
        "content": [
            "patient,date,site,mm,therapy",
            "C1,2021-01-04,calf,2.4,HCQ",
            "C1,2021-03-04,calf,2.3,",
            "C1,2021-05-04,calf,2.2,?",
            "C1,2021-07-04,calf,2.0,IVIG",
        ],
        "outcome": "ask",
        "mention": "rows 3, 4;as row 2",
        "answers": [
            (
                {"blank_therapy": "no-therapy"},
                {
                    "therapies": 2,
                    "mention": "end between 2021-01-04 and 2021-03-04"
                    ";start between 2021-05-04 and 2021-07-04;means no therapy",
                },
            ),
            (
                {"blank_therapy": "as-above"},
                {
                    "therapies": 2,
                    "first_therapy": "C1|hydroxychloroquine|2021-01-04|2021-05-04",
                    "mention": "repeats the therapy",
                },
            ),
            (
                {"blank_therapy": "not-stated"},
                {
                    "therapies": 2,
                    "mention": "end between 2021-01-04 and 2021-07-04"
                    ";start between 2021-01-04 and 2021-07-04;not stated in rows 3, 4",
                },
            ),
        ],
    },
    {
        "name": "m50_two_therapies_on_one_day",
        "content": [
            "patient,date,site,mm,therapy",
            "P1,2021-02-01,left calf,1.8,clobetasol",
            "P1,2021-03-01,left calf,1.7,clobetasol",
            "P1,2021-03-01,right calf,2.0,MTX",
            "P1,2021-04-01,right calf,1.8,MTX",
        ],
        "outcome": "ask",
        "mention": "clobetasol (row 3), methotrexate (row 4)",
        "answers": [
            (
                {"therapies_of_a_day": "together"},
                {
                    "therapies": 2,
                    "first_therapy": "P1|clobetasol|2021-02-01|2021-03-01",
                    "last_therapy": "P1|methotrexate|2021-03-01|ongoing",
                    "warned": [3, 4],
                },
            ),
            (
                {"therapies_of_a_day": "not-stated"},
                {
                    "therapies": 2,
                    "first_therapy": "P1|clobetasol|2021-02-01|2021-02-01",
                    "last_therapy": "P1|methotrexate|2021-04-01|ongoing",
                    "warned": [3, 4],
                },
            ),
        ],
    },
    {
        "name": "m50_words_that_turn_a_tag_around",
        "content": [
            "patient,date,site,mm,therapy",
            "R,2021-08-15,neck,1.8,IVIG abgesetzt",
            "R,2021-07-01,neck,1.7,unter IVIG",
            "R,2021-05-15,neck,1.8,IVIG 2. Zyklus",
            "R,2021-04-01,neck,2.4,keine (vor IVIG)",
        ],
        "outcome": "ask",
        "mention": "IVIG abgesetzt;keine (vor IVIG)",
        "answers": [
            (
                {"therapy.IVIG abgesetzt": "no-therapy", "therapy.keine (vor IVIG)": "no-therapy"},
                {
                    "therapies": 1,
                    "first_therapy": "R|IVIG|2021-05-15|2021-07-01",
                    "warned": [2, 5],
                    "mention": "means: no therapy ran",
                },
            ),
        ],
    },
    {
        "name": "m50_one_file_a_year_and_the_code_in_another_case",
        "content": {
            "2021.csv": "patient,date,site,mm,therapy\nS,2021-01-10,neck,2.6,MTX\n"
            "S,2021-03-10,neck,2.5,MTX\n",
            "2022.csv": "patient,date,site,mm,therapy\ns,2022-05-10,neck,2.4,MTX\n"
            "s,2022-06-10,neck,2.0,IVIG\n",
        },
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 1,
        "therapies": 2,
        "last_therapy": "S|IVIG|2022-06-10|ongoing",
        "mention": "end between 2022-05-10 and 2022-06-10",
    },
    {
        "name": "m50_tags_beside_a_table_with_the_dates",
        "content": {
            "readings.csv": "patient,date,site,mm,therapy\nU,2021-01-10,neck,2.6,none\n"
            "U,2021-03-10,neck,2.5,UVA1\nU,2021-05-20,neck,2.2,UVA1\nU,2021-07-10,neck,2.1,MTX\n",
            "courses.csv": "patient,therapy,start,end\nU,UVA1,2021-02-01,2021-05-01\n"
            "U,MTX,2021-06-01,\n",
        },
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "U|UVA1|2021-02-01|2021-05-01",
        "last_therapy": "U|methotrexate|2021-06-01|ongoing",
        "mention": "tagged with it: 2021-05-20;agree with them",
    },
    {
        "name": "m50_outcomes_tagged_with_a_therapy",
        "content": [
            "patient,date,mRSS,therapy",
            "T,2021-01-10,22,none",
            "T,2021-03-10,20,MTX",
            "T,2021-05-10,15,IVIG",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "T|methotrexate|2021-03-10|2021-03-10",
        "last_therapy": "T|IVIG|2021-05-10|ongoing",
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


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_tagged_files(case, judge):
    judge(case)


@pytest.mark.parametrize(
    ("first", "then", "dose"),
    [
        ("IVIG 2 g/kg every 4 weeks", "IVIG 2 g/kg every 4 weeks", "2 g/kg, every 4 weeks"),
        ("IVIG 2 g/kg", "IVIG 1 g/kg", "2 g/kg; 1 g/kg"),
        ("IVIG", "IVIG 1 g/kg", "1 g/kg"),
        ("IVIG", "IVIG", ""),
    ],
)
def test_a_run_of_tagged_readings_has_the_doses_of_its_tags_in_turn(first, then, dose):
    lines = ["patient_id,date,site,thickness_mm,therapy"]
    lines += [
        f"A1,{day},forearm,2.10,{tag.format(first=first, then=then)}" for day, tag in TAGGED_ROWS
    ]
    read = read_sources([SourceFile("tagged.csv", "\n".join(lines).encode())])
    assert [(t.therapy, t.dose, t.dates_derived) for t in read.therapies] == [("IVIG", dose, True)]


def test_a_dose_beside_two_therapies_in_one_cell_is_given_to_neither():
    lines = ["patient_id,date,site,thickness_mm,therapy"]
    tag = "IVIG and hydroxychloroquine 200 mg"
    lines += [f"A1,2023-0{month}-05,forearm,2.10,{tag}" for month in range(1, 5)]
    read = read_sources([SourceFile("tagged.csv", "\n".join(lines).encode())])
    assert {t.therapy: t.dose for t in read.therapies} == {"IVIG": "", "hydroxychloroquine": ""}
