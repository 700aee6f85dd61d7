"""Sessions, courses, visits and patients side by side, and dates that lack a part.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

from sm_tracker.domain.records import ReadResult, TherapyPeriod
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.export_tables import write_csv

D = dt.date


def read(text: str, name: str = "table.csv", **answers: str) -> ReadResult:
    given = {k.replace("__", "."): v for k, v in answers.items()}
    return read_sources([SourceFile(name, text.encode())], answers=given, today=D(2026, 11, 1))


def keys(result: ReadResult) -> list[str]:
    return [q.key for q in result.questions]


def readings(result: ReadResult) -> list[tuple[object, ...]]:
    return [(m.patient_id, m.date, m.site, m.thickness_mm) for m in result.measurements]


CYCLES = (
    "Patient;Medikament;1. Zyklus;2. Zyklus;3. Zyklus;Bemerkung\n"
    "A1;IVIG;08.01.2024;05.02.2024;04.03.2024;gut vertragen\n"
)


def test_cycles_in_columns_of_dates_are_the_sessions_of_a_course():
    assert keys(read(CYCLES)) == ["sessions"]
    (course,) = read(CYCLES, sessions="one-course").therapies
    assert course.session_dates == (D(2024, 1, 8), D(2024, 2, 5), D(2024, 3, 4))
    assert (course.end, course.note) == (D(2024, 3, 4), "gut vertragen")


def test_a_list_of_sessions_in_a_cell_tells_start_and_end():
    text = 'patient,drug,sessions\nA1,ECP,"22.01.2024, 08.01.2024, 05.02.2024"\n'
    result = read(text)
    (course,) = result.therapies
    assert (course.start, course.end) == (D(2024, 1, 8), D(2024, 2, 5))
    assert len(course.session_dates) == 3
    assert "limits_of_sessions" in [f.code for f in result.findings]


def test_periods_of_a_day_each_come_back_from_our_own_file_as_they_were_kept():
    days = [D(2024, 1, 1) + dt.timedelta(weeks=k) for k in range(5)]
    kept = [
        TherapyPeriod(patient_id="A1", therapy="IVIG", start=d, end=d, end_status="ended")
        for d in days
    ]
    (content,) = write_csv(tables_of_records(therapies=kept)).values()
    result = read_sources([SourceFile("therapies.csv", content)], today=D(2026, 11, 1))
    assert result.outcome == "accept"
    assert [(t.start, t.end) for t in result.therapies] == [(d, d) for d in days]


def test_a_number_of_sessions_stays_a_number():
    (course,) = read("patient,drug,start,end,sessions\nA1,ECP,2024-01-08,2024-03-08,6\n").therapies
    assert (course.cycles, course.session_dates) == (6, ())


def test_limits_called_by_their_drug_become_a_course_each():
    text = (
        "patient,MTX start,MTX stop,IVIG start,IVIG stop\n"
        "A1,2024-01-08,2024-06-08,2024-07-01,\nA2,2024-02-08,,,\n"
    )
    assert keys(read(text)) == ["visits_across"]
    result = read(text, visits_across="turn")
    assert [(t.patient_id, t.therapy, t.start, t.end) for t in result.therapies] == [
        ("A1", "methotrexate", D(2024, 1, 8), D(2024, 6, 8)),
        ("A1", "IVIG", D(2024, 7, 1), None),
        ("A2", "methotrexate", D(2024, 2, 8), None),
    ]


def test_readings_by_week_beside_the_start_of_a_drug_are_readings_and_the_start_is_offered():
    text = (
        "patient;start IVIG;forearm week 0 (mm);forearm week 4 (mm);forearm week 12 (mm)\n"
        "A1;2024-01-10;2.4;2.2;2.0\nA2;2024-02-01;2.9;2.9;2.8\n"
    )
    assert keys(read(text)) == ["visits_across"]
    result = read(text, visits_across="turn")
    assert [(m.patient_id, m.day, m.thickness_mm) for m in result.measurements] == [
        ("A1", 0, 2.4), ("A1", 28, 2.2), ("A1", 84, 2.0),
        ("A2", 0, 2.9), ("A2", 28, 2.9), ("A2", 84, 2.8),
    ]  # fmt: skip
    assert [o.key for o in result.offers] == ["unread.start IVIG"]


def test_a_unit_stands_beside_other_words_in_the_brackets_of_a_header():
    for header in ("thickness (mean of 3, mm)", "thickness [mm; 20 MHz]", "thickness (right, mm)"):
        text = f'patient,date,site,"{header}"\nA1,2024-01-08,forearm,2.1\n'
        assert readings(read(text)) == [("A1", D(2024, 1, 8), "forearm", 2.1)]


DRUG_BELOW = (
    "Date,2024-01-05,2024-02-09,2024-03-08\n"
    "Forearm right (mm),2.4,2.3,2.1\nChest (mm),1.9,,1.8\nIVIG,{cells}\n"
)


def test_a_drug_in_a_row_below_the_sites_is_offered_and_is_never_a_site():
    for cells in ("no,yes,yes", ",x,x", "0,2,2"):
        text = DRUG_BELOW.format(cells=cells)
        result = read(text, visits_across="turn", patient_id="P1", unit="mm")
        assert {m.site for m in result.measurements} == {"forearm", "chest"}
        assert len(result.measurements) == 5
        assert [o.key for o in result.offers] == ["unread.IVIG"]
        assert "rows_without_record" in [f.code for f in result.findings]


def test_a_drug_in_a_row_below_the_sites_tags_the_readings_of_each_visit():
    answers = {"visits_across": "turn", "patient_id": "P1", "unit": "mm", "unread__IVIG": "given"}
    result = read(DRUG_BELOW.format(cells="no,yes,yes"), **answers)
    (course,) = result.therapies
    assert (course.therapy, course.start, course.end_status) == (
        "IVIG", D(2024, 2, 9), "ongoing",
    )  # fmt: skip
    assert "rows_without_record" not in [f.code for f in result.findings]


def test_visits_called_pre_and_post_with_a_date_each_are_turned():
    text = (
        "patient,site,pre (mm),post (mm),date pre,date post\n"
        "A1,forearm,2.5,2.1,2024-01-08,2024-06-09\n"
    )
    assert keys(read(text)) == ["visits_across"]
    assert readings(read(text, visits_across="turn")) == [
        ("A1", D(2024, 1, 8), "forearm", 2.5), ("A1", D(2024, 6, 9), "forearm", 2.1),
    ]  # fmt: skip


PATIENTS = "date,A-1 forearm (mm),A-2 forearm (mm)\n2024-01-08,2.5,1.9\n2024-04-08,2.3,\n"


def test_columns_called_by_codes_are_asked_about_as_patients():
    (question,) = read(PATIENTS).questions
    assert question.key == "patients_across"
    assert [c.value for c in question.choices] == ["turn", "one-patient"]
    assert readings(read(PATIENTS, patients_across="turn")) == [
        ("A-1", D(2024, 1, 8), "forearm", 2.5), ("A-2", D(2024, 1, 8), "forearm", 1.9),
        ("A-1", D(2024, 4, 8), "forearm", 2.3),
    ]  # fmt: skip
    assert keys(read(PATIENTS, patients_across="one-patient")) == ["patient_id"]


def test_codes_above_numbers_alone_and_a_blank_corner_are_patients_too():
    text = ",P01,P02\n08.01.2024,2.5,1.9\n08.04.2024,2.3,1.8\n"
    assert keys(read(text))[0] == "patients_across"
    answers = {"patients_across": "turn", "column__date": "column A", "site": "forearm"}
    result = read(text, **answers, unit="mm")
    assert {m.patient_id for m in result.measurements} == {"P01", "P02"}
    assert len(result.measurements) == 4


def test_readings_numbered_by_a_letter_are_not_patients():
    assert "patients_across" not in keys(read("date,site,m1,m2\n2024-01-08,calf,2.1,2.2\n"))
    assert "patients_across" not in keys(read("date,plaque 1 (mm),plaque 2 (mm)\n2024-01-08,2,3\n"))


def test_readings_under_1_2_3_and_a_sign_for_their_mean_stand_below_a_header():
    result = read("patient,date,site,1,2,3,x̄\nA1,2024-01-08,calf,2.1,2.2,2.0,2.1\n", unit="mm")
    assert [(m.replicate, m.thickness_mm) for m in result.measurements] == [
        (1, 2.1), (2, 2.2), (3, 2.0),
    ]  # fmt: skip


def test_months_across_are_visits_whose_days_are_asked():
    text = "Patient,site,Jan,Apr,July\nA1,calf,2.5,2.4,2.2\n"
    assert {"visits_across", "visit_days"} <= set(keys(read(text)))
    result = read(text, visits_across="turn", visit_days="Jan = 0; Apr = 91; July = 182", unit="mm")
    assert [m.day for m in result.measurements] == [0, 91, 182]


def test_a_year_that_stands_in_the_title_is_asked_about_once():
    text = "Hautdicke 2024\nPatient;Datum;Stelle;mm\nA1;10.03.;Wade;2,4\nA1;12.06.;Wade;2,2\n"
    (question,) = read(text).questions
    assert (question.key, [c.value for c in question.choices]) == ("year", ["2024"])
    dates = [m.date for m in read(text, year="2024").measurements]
    assert dates == [D(2024, 3, 10), D(2024, 6, 12)]
    assert [m.date.year for m in read(text, year="2023").measurements if m.date] == [2023, 2023]


def test_a_single_date_without_a_year_is_refused():
    result = read("patient,date,site,mm\nA1,10.03.2024,calf,2.4\nA1,12.06.,calf,2.2\n")
    assert [m.date for m in result.measurements] == [D(2024, 3, 10)]
    assert [f.code for f in result.findings] == ["unreadable_date"]


def test_an_age_is_not_the_day_of_a_reading_and_the_file_says_what_to_do():
    result = read("patient,age (years),site,mm\nA1,52.1,calf,2.4\nA1,52.6,calf,2.2\n")
    assert result.outcome == "reject"
    assert [f.code for f in result.findings] == ["age_is_no_date", "missing_column"]


def test_milliseconds_under_timestamp_are_days():
    text = "patient,timestamp,site,mm\nA1,1710028800000,calf,2.4\n"
    result = read(text, day_numbers="milliseconds-1970")
    assert [m.date for m in result.measurements] == [D(2024, 3, 10)]
