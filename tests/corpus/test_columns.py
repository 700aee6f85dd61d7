"""Columns: names in many languages, columns that nothing claims, two that claim one role.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.ingest import SourceFile, read_sources
from tests.corpus.texts import TODAY, codes, read

D = dt.date

THICKNESS_OF_SKIN = [
    "skin thickness (mm)", "chest wall skin thickness (mm)", "total skin thickness (mm)",
    "scar thickness (mm)", "dermal thickness (mm)", "Hautdicke in mm", "épaisseur cutanée (mm)",
]  # fmt: skip


REMARK_COLUMNS = {
    "test": ("US", "US"),
    "outcome": ("stable", "better"),
    "variable": ("skin", "skin"),
    "study day": ("0", "126"),
    "days since start": ("0", "126"),
    "day": ("Wednesday", "Thursday"),
    "position": ("supine", "supine"),
    "location": ("room 3", "room 3"),
    "qualifier": ("exact", "exact"),
    "replicate": ("1 of 1", "1 of 1"),
    "reading no": ("#1", "#1"),
    "operator": ("JS", "KL"),
    "status": ("ok", "measured"),
    "time": ("08:30", "09:15"),
    "date entered": ("2020-02-01", "2020-06-01"),
    "next visit": ("2020-05-20", "2020-08-20"),
    "date of diagnosis": ("2015-02-01", "2015-02-01"),
    "days since last IVIG": ("14", "19"),
    "type": ("lesional", "lesional"),
}


BESIDE = (
    "Patient,Date,forearm mm,TEWL,Prednisolone mg/d\nA1,2024-01-05,2.4,11.2,20\n"
    "A1,2024-03-05,2.3,9.8,10\nA1,2024-06-05,2.1,8.1,0\n"
)


FLAGS = (
    "patient,date,site,mm,MTX,IVIG\nA1,2023-01-05,calf,2.4,yes,no\nA1,2023-04-05,calf,2.2,yes,yes\n"
    "A1,2023-07-05,calf,2.1,no,yes\n"
)


TAGGED_UNDER_A_SHORT_NAME = (
    "Pat.-Nr.;Datum;Stelle;HD [mm];Behandlung\n12;03.04.2024;Unterarm links;2,35;keine\n"
    "12;15.05.2024;Unterarm links;2,10;IVIG 2 g/kg\n12;20.06.2024;Unterarm links;1,90;IVIG 2 g/kg\n"
)


UNKNOWN_NAMES = ["a,b,c,d", "A1,2019-03-14,calf,2.35", "A1,2019-04-02,calf,2.1"]


CASES = [
    {
        "name": "m59_m16_numbered_twins_are_readings",
        "content": [
            "patient,date,site,thickness (mm),thickness (mm).1",
            "C17,2020-02-04,calf,2.4,2.5",
        ],
        "outcome": "accept",
        "also_ok": "ask accept_with_warning",
        "n": 2,
    },
    {
        "name": "m57_m60_columns_listed",
        "content": [
            "Patient;Datum;Region;Mundöffnung (mm)",
            "B21;04.02.2020;Mund;35",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask reject",
        "n": 0,
        "mention": "thickness;mundöffnung",
    },
    {
        "name": "the_operator_is_who_held_the_probe",
        "content": [
            "patient,date,site,mm,operator",
            "A1,2020-02-03,calf,2.1,AB",
            "A1,2020-03-03,calf,2.0,CD",
        ],
        "outcome": "accept",
        "n": 2,
        "censored": 0,
    },
    {
        "name": "the_operator_is_a_sign",
        "content": [
            "patient,date,site,mm,operator",
            "A1,2020-02-03,calf,0.4,<",
            "A1,2020-03-03,calf,2.0,=",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "first": "A1|calf|2020-02-03|<0.4",
    },
    {
        "name": "infusions_by_product_one_row_each",
        "content": [
            "Patient,Infusion date,Product,Dose (g)",
            "A1,01/14/2020,Privigen,70",
            "A1,02/11/2020,Privigen,70",
            "A1,03/10/2020,Privigen,70",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"sessions": "one-course"},
                {"therapies": 1, "first_therapy": "A1|IVIG|2020-01-14|2020-03-10"},
            )
        ],
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
        "name": "two_columns_of_one_name_without_dates_of_their_own_are_asked_about",
        "content": ["Patient;Datum;Region;Dicke (mm);Dicke (mm)", "A;01.02.2020;Wade;2,1;2,0"],
        "outcome": "ask",
        "mention": "same name",
        "answers": [({"column.thickness": "replicates"}, {"n": 2, "values": [2.1, 2.0]})],
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
        "name": "m57_the_name_of_an_unknown_column_is_no_site",
        "content": UNKNOWN_NAMES,
        "given": {"column.thickness": "d", "column.patient_id": "a", "column.date": "b"},
        "outcome": "ask",
        "mention": "body site",
        "answers": [
            (
                {
                    "column.thickness": "d",
                    "column.patient_id": "a",
                    "column.date": "b",
                    "column.site": "c",
                    "unit": "mm",
                },
                {"n": 2, "sites": 1, "first": "A1|calf|2019-03-14|2.35"},
            )
        ],
    },
    {
        "name": "m57_a_mapped_column_with_a_number_in_its_name",
        "content": ["Kennung;Zeit;Ort;Q1", "A1;14.03.2019;Wade;2,35", "A1;02.04.2019;Wade;2,1"],
        "given": {
            "column.thickness": "Q1",
            "column.patient_id": "Kennung",
            "column.date": "Zeit",
            "column.site": "Ort",
            "unit": "mm",
        },
        "outcome": "accept",
        "n": 2,
        "sites": 1,
        "first": "A1|calf|2019-03-14|2.35",
    },
    {
        "name": "m59_one_of_two_thickness_columns_keeps_the_site_of_the_row",
        "content": [
            "Patient,Date,Site,thickness before (mm),thickness after (mm)",
            "A,2020-01-01,calf,2.1,2.0",
        ],
        "given": {"column.thickness": "thickness before (mm)"},
        "outcome": "accept_with_warning",
        "n": 1,
        "first": "A|calf|2020-01-01|2.1",
        "mention": "thickness after",
    },
    {
        "name": "m59_both_of_two_thickness_columns_as_readings",
        "content": [
            "Patient;Date;Site;épaisseur avant (mm);épaisseur après (mm)",
            "A;2020-01-01;mollet;2,1;2,0",
        ],
        "given": {"column.thickness": "replicates"},
        "outcome": "accept",
        "n": 2,
        "sites": 1,
        "last": "A|calf|2020-01-01|2.0",
    },
    {
        "name": "m18_a_column_named_by_its_method",
        "content": ["Patient;Datum;Region;HFUS (mm)", "A;04.02.2020;Wade;2,1"],
        "outcome": "accept",
        "first": "A|calf|2020-02-04|2.1",
    },
    {
        "name": "m57_no_thickness_german",
        "content": [
            "Patient;Datum;Region;Bemerkung",
            "B7;04.02.2020;Wade;weich",
            "B7;05.05.2020;Wade;fest",
        ],
        "outcome": "reject",
        "also_ok": "ask",
        "mention": "thickness;bemerkung|column",
    },
    {
        "name": "m57_no_date_french",
        "content": [
            "Patient;Site;Épaisseur (mm)",
            "F7;mollet;2,4",
            "F7;mollet;2,2",
        ],
        "outcome": "reject",
        "also_ok": "ask",
        "mention": "date;épaisseur|column",
    },
    {
        "name": "m57_no_start_of_therapy",
        "content": [
            "patient,therapy,dose",
            "C7,IVIG,2 g/kg",
        ],
        "outcome": "reject",
        "also_ok": "ask",
        "mention": "start;dose|column",
    },
    {
        "name": "m57_unknown_names_asked_for",
        "content": [
            "pid,when,where_on_body,reading_x",
            "C7,2020-02-04,calf,2.4 mm",
            "C7,2020-05-05,calf,2.2 mm",
        ],
        "outcome": "ask",
        "also_ok": "accept accept_with_warning reject",
        "n": 2,
        "mention": "column",
    },
    {
        "name": "m59_two_columns_of_one_name",
        "content": [
            "patient,date,site,thickness (mm),thickness (mm)",
            "C9,2020-02-04,calf,2.4,2.5",
            "C9,2020-05-05,calf,2.2,2.3",
        ],
        "outcome": "ask",
        "mention": "thickness (mm)|twice|two columns",
        "answers": [({"column.thickness": "replicates"}, {"n": 4, "values": [2.4, 2.5, 2.2, 2.3]})],
    },
    {
        "name": "m59_two_date_columns_german",
        "content": [
            "Patient;Datum;Datum;Region;Hautdicke (mm)",
            "B9;04.02.2020;05.02.2020;Wade;2,4",
            "B9;05.05.2020;06.05.2020;Wade;2,2",
        ],
        "outcome": "ask",
        "mention": "datum",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_columns(case, judge):
    judge(case)


@pytest.mark.parametrize("header", THICKNESS_OF_SKIN)
def test_a_thickness_of_skin_under_many_names_is_read(header):
    rows = f'patient,date,site,"{header}"\nA1,2020-01-15,calf,2.4\n'
    (reading,) = read_sources([SourceFile("t.csv", rows.encode())], today=TODAY).measurements
    assert reading.thickness_mm == 2.4


def test_an_operator_is_kept_as_examiner():
    content = "patient,date,site,mm,operator\nA1,2020-02-03,calf,2.1,AB\n"
    (reading,) = read_sources([SourceFile("t.csv", content.encode())], today=TODAY).measurements
    assert reading.examiner == "AB"


@pytest.mark.parametrize("header", REMARK_COLUMNS)
def test_a_column_beside_the_readings_does_not_change_them(header):
    first, second = REMARK_COLUMNS[header]
    content = (
        f"patient,date,body site,thickness (mm),{header}\nA1,2020-01-15,calf,2.4,{first}\n"
        f"A1,2020-05-20,calf,2.2,{second}\n"
    )
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert result.outcome == "accept", [f.message for f in result.findings]
    read = [(str(m.date), m.site, m.thickness_mm) for m in result.measurements]
    assert read == [("2020-01-15", "calf", 2.4), ("2020-05-20", "calf", 2.2)]
    assert not result.therapies
    assert not result.outcomes


@pytest.mark.parametrize("header", ["test", "outcome", "variable"])
def test_a_remark_beside_values_of_sites_with_a_column_of_units_makes_no_outcomes(header):
    content = f"patient,date,site,value,unit,{header}\nA1,2020-01-15,calf,2.4,mm,US\n"
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert [m.thickness_mm for m in result.measurements] == [2.4]
    assert not result.outcomes


def test_a_remark_on_intervals_in_a_name_does_not_hide_the_thickness():
    result = read("patient,date,site,thickness mm (95% CI)\nA1,2024-03-01,calf,2.4 [2.1–2.7]\n")
    assert [(m.thickness_mm, m.note) for m in result.measurements] == [(2.4, "2.1-2.7")]


def test_a_column_of_numbers_that_nothing_reads_is_offered_with_the_ways_out():
    result = read(BESIDE)
    assert result.outcome != "ask", "nothing waits for the answer"
    offered = {q.key: [c.value for c in q.choices] for q in result.offers}
    assert offered == {
        "unread.TEWL": ["outcome", "leave-out"],
        "unread.Prednisolone mg/d": ["outcome", "doses", "leave-out"],
    }


def test_an_offered_column_becomes_an_outcome_under_its_own_name():
    result = read(BESIDE, unread__TEWL="outcome")
    assert [(o.outcome, o.value) for o in result.outcomes] == [
        ("TEWL", 11.2), ("TEWL", 9.8), ("TEWL", 8.1),
    ]  # fmt: skip


def test_a_column_of_doses_tells_when_a_therapy_ran():
    source = SourceFile("table.csv", BESIDE.encode())
    answers = {"unread.Prednisolone mg/d": "doses"}
    result = read_sources([source], answers=answers, today=D(2026, 11, 1))
    (course,) = result.therapies
    assert (course.therapy, course.start, course.end) == (
        "prednisolone", D(2024, 1, 5), D(2024, 3, 5),
    )  # fmt: skip
    assert course.ends_by == D(2024, 6, 5)


def test_columns_that_are_numbered_beside_a_date_are_readings_of_that_day():
    result = read(
        "ID,Visit date,Site,#1,#2,#3,Ø (mm)\n7,2024-01-05,calf,2.1,2.2,2.0,2.1\n", unit="mm"
    )
    assert [(m.replicate, m.thickness_mm) for m in result.measurements] == [
        (1, 2.1), (2, 2.2), (3, 2.0),
    ]  # fmt: skip
    assert "mean_left_out" in codes(result)


def test_a_second_column_of_sites_is_asked_about_where_it_tells_readings_apart():
    result = read(
        "patient,date,region,subregion,mm\nA1,2023-01-05,arm,volar,2.4\n"
        "A1,2023-01-05,arm,dorsal,2.0\nA1,2023-04-05,arm,volar,2.2\nA1,2023-04-05,arm,dorsal,1.9\n"
    )
    assert [q.key for q in result.questions] == ["told_apart"]


def test_a_column_a_therapy_with_yes_and_no_is_offered_as_what_ran():
    offered = {q.key: [c.value for c in q.choices] for q in read(FLAGS).offers}
    assert offered == {
        "unread.MTX": ["given", "leave-out"],
        "unread.IVIG": ["given", "leave-out"],
    }
    result = read(FLAGS, unread__MTX="given", unread__IVIG="given")
    assert [(t.therapy, t.start, t.end) for t in result.therapies] == [
        ("methotrexate", D(2023, 1, 5), D(2023, 4, 5)), ("IVIG", D(2023, 4, 5), None),
    ]  # fmt: skip


def test_a_column_of_words_that_name_therapies_is_offered_as_what_ran():
    result = read("patient,date,site,mm,phase\nA1,2023-01-05,calf,2.4,IVIG\n")
    assert [(q.key, [c.value for c in q.choices]) for q in result.offers] == [
        ("unread.phase", ["therapy", "leave-out"]),
    ]  # fmt: skip


def test_a_length_beside_a_therapy_is_asked_about_before_the_table_is_one_of_sessions():
    (question,) = read(TAGGED_UNDER_A_SHORT_NAME).questions
    assert question.key == "column.thickness"
    assert [c.value for c in question.choices] == ["HD [mm]", "none"]
    result = read(TAGGED_UNDER_A_SHORT_NAME, column__thickness="HD [mm]")
    assert [m.thickness_mm for m in result.measurements] == [2.35, 2.10, 1.90]
    assert [(t.therapy, t.end_status) for t in result.therapies] == [("IVIG", "ongoing")]


def test_a_length_of_a_course_is_named_and_the_courses_are_read():
    result = read("pid,drug,start,end,lesion (mm)\nA,MTX,2024-01-02,2024-06-01,12\n")
    assert result.questions == ()
    assert [(t.therapy, t.end) for t in result.therapies] == [("methotrexate", D(2024, 6, 1))]
    assert "length_column_not_read" in codes(result)


def test_a_length_that_is_not_a_thickness_leaves_the_sessions_of_the_therapy():
    result = read(TAGGED_UNDER_A_SHORT_NAME, column__thickness="none", sessions="one-course")
    assert result.measurements == ()
    assert [t.therapy for t in result.therapies] == ["IVIG"]


def test_what_one_visit_is_is_not_asked_before_the_site_is_known() -> None:
    table = SourceFile("a.csv", b"Patient;Datum;mm\nA;04.02.2020;2,1\nA;04.02.2020;2,6\n")
    assert [q.key for q in read_sources([table]).questions] == ["site"]
    again = read_sources([table], answers={"site": "calf"})
    assert [q.key for q in again.questions] == ["same_visit"]


@pytest.mark.parametrize(
    "head", ["patient,date,outcome,value", "Patient,Datum,Parameter,Wert", "code,date,test,result"]
)
@pytest.mark.parametrize("scores", [("1", "1"), ("10", "7"), ("1", "2")])
def test_low_scores_beside_the_name_of_their_outcome_are_its_values(head, scores):
    result = read(f"{head}\nA1,2024-01-02,mRSS,{scores[0]}\nA1,2024-06-02,mRSS,{scores[1]}\n")
    assert result.outcome == "accept"
    assert [o.value for o in result.outcomes] == [float(s) for s in scores]


def test_small_whole_numbers_beside_a_thickness_number_its_readings() -> None:
    table = "Patient,Datum,Stelle,Messung,mm\nA,2024-02-04,Wade,1,2.1\nA,2024-02-04,Wade,2,2.2\n"
    assert [(m.replicate, m.thickness_mm) for m in read(table).measurements] == [(1, 2.1), (2, 2.2)]
