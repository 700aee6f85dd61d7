"""Columns that nothing claims: offered with every way out, and no nagging about the others.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile, read_sources

D = dt.date
READINGS = (
    "patient,date,site,thickness (mm),{}\nA1,2024-01-08,forearm,2.5,{}\n"
    "A1,2024-04-08,forearm,2.3,{}\n"
)
COURSES = "patient,drug,start,stop,{}\nA1,IVIG,2024-01-08,2024-06-08,{}\nA2,MTX,2024-02-08,,{}\n"


def read(text: str, **answers: str) -> ReadResult:
    given = {k.replace("__", "."): v for k, v in answers.items()}
    source = SourceFile("table.csv", text.encode())
    return read_sources([source], answers=given, today=D(2026, 11, 1))


def offered(result: ReadResult) -> dict[str, list[str]]:
    return {q.key: [c.value for c in q.choices] for q in result.offers}


def test_a_second_column_of_dates_beside_readings_is_offered():
    text = READINGS.format("signed", "2024-01-15", "2024-04-20")
    result = read(text)
    assert result.outcome == "accept"
    assert offered(result) == {"unread.signed": ["date", "note", "leave-out"]}
    assert [m.date for m in read(text, unread__signed="date").measurements] == [
        D(2024, 1, 15), D(2024, 4, 20),
    ]  # fmt: skip


def test_a_column_of_codes_beside_readings_is_offered_as_patient_site_or_note():
    text = READINGS.format("batch", "K1", "K2")
    assert offered(read(text)) == {"unread.batch": ["patient_id", "site", "note", "leave-out"]}
    noted = read(text, unread__batch="note")
    assert [m.note for m in noted.measurements] == ["K1", "K2"]
    assert {m.patient_id for m in read(text, unread__batch="patient_id").measurements} == {
        "K1", "K2",
    }  # fmt: skip
    left_out = read(text, unread__batch="leave-out")
    assert left_out.offers == ()
    assert [m.note for m in left_out.measurements] == ["", ""]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("project", "SKIN-7", "SKIN-7"),  # the same in every row
        ("how it went", "was late and a little cold on that day", "everything went as planned"),
        ("sex", "f", "m"),  # known not to be needed
        ("machine no.", "4711", "4711"),
        ("e-mail", "ann@example.org", "bob@example.org"),
    ],
)
def test_a_column_that_is_clearly_something_else_is_only_named(header, first, second):
    result = read(READINGS.format(header, first, second))
    assert result.outcome in ("accept", "accept_with_warning")
    assert offered(result).keys() <= {"unread.machine no."}
    assert result.questions == ()


def test_a_column_beside_courses_is_offered_as_their_dose():
    text = COURSES.format("how much", "2 g/kg", "15 mg weekly")
    assert offered(read(text)) == {"unread.how much": ["dose", "note", "leave-out"]}
    answers = {"unread.how much": "dose"}
    source = SourceFile("table.csv", text.encode())
    given = read_sources([source], answers=answers, today=D(2026, 11, 1))
    assert [t.dose for t in given.therapies] == ["2 g/kg", "15 mg weekly"]


def test_numbers_beside_courses_are_offered_as_dose_or_cycles():
    text = COURSES.format("n", "6", "4")
    assert offered(read(text)) == {"unread.n": ["dose", "cycles", "note", "leave-out"]}
    assert [t.cycles for t in read(text, unread__n="cycles").therapies] == [6, 4]


def test_a_further_date_beside_courses_is_offered_as_a_note():
    text = COURSES.format("prescribed", "2024-01-02", "2024-02-01")
    assert offered(read(text)) == {"unread.prescribed": ["note", "leave-out"]}


@pytest.mark.parametrize(
    ("header", "cell", "dose"),
    [
        ("g/kg", "2", "2 g/kg"), ("mg/d", "20", "20 mg/d"), ("dose (mg)", "20", "20 mg"),
        ("Dosis [mg/kg]", "15", "15 mg/kg"), ("dose", "20 mg", "20 mg"),
        ("dose mg", "5 mg", "5 mg"),
    ],
)  # fmt: skip
def test_the_unit_in_the_name_of_a_column_of_doses_stands_behind_each_number(header, cell, dose):
    result = read(COURSES.format(header, cell, cell))
    assert [t.dose for t in result.therapies] == [dose, dose]


def test_a_share_in_per_cent_is_not_a_dose():
    result = read(COURSES.format("% of target", "80", "60"))
    assert [t.dose for t in result.therapies] == ["", ""]
    assert "unread.% of target" in offered(result)


def test_columns_that_are_not_read_are_named_without_a_word_on_what_they_hold():
    (finding,) = read(READINGS.format("TEWL", "11.2", "9.8")).findings
    assert (finding.code, str(finding.message)) == ("columns_not_read", "Not read: TEWL")


def test_courses_whose_dates_have_unknown_names_are_asked_about():
    text = "patient,drug,since when,up to when\nA1,MTX,2024-01-08,2024-06-30\n"
    keys = {q.key: [c.value for c in q.choices] for q in read(text).questions}
    assert keys["column.start"] == ["since when", "up to when"]
    result = read(text, column__start="since when", column__end="up to when")
    assert [(t.start, t.end) for t in result.therapies] == [(D(2024, 1, 8), D(2024, 6, 30))]


def test_no_end_is_missed_where_a_status_tells_it():
    result = read(
        "patient,drug,start,status\nA1,MTX,2024-01-08,stopped 2024-06-01\n"
        "A2,IVIG,2024-01-08,ongoing\n"
    )
    assert "no_end_column" not in [f.code for f in result.findings]
    nothing = read("patient,drug,start\nA1,MTX,2024-01-08\n")
    assert "no_end_column" in [f.code for f in nothing.findings]


def test_a_word_in_place_of_an_end_tells_a_state_and_refuses_no_course():
    result = read(
        "patient,drug,start,stop\nA1,MTX,2024-01-08,on hold\nA2,IVIG,2024-01-08,stopped\n"
        "A3,ECP,2024-01-08,until further notice\nA4,UVA1,2024-01-08,2024-05-02\n"
    )
    assert [t.end_status for t in result.therapies] == ["unknown", "unknown", "ongoing", "ended"]
    assert [f.place.row for f in result.findings if f.code == "end_unknown"] == [2, 3]


def test_a_damaged_date_in_place_of_an_end_still_refuses_the_course():
    result = read("patient,drug,start,stop\nA1,MTX,2024-01-08,31.02.2024\n")
    assert result.therapies == ()
