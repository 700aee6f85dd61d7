"""Layouts of clinic files that nobody had listed: made up, read for the first time, then mended.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt
import json

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile, read_sources

D = dt.date


def read(text: str, name: str = "table.csv", **answers: str) -> ReadResult:
    source = SourceFile(name, text.encode())
    given = {k.replace("__", "."): v for k, v in answers.items()}
    return read_sources([source], answers=given, today=D(2026, 11, 1))


def values(result: ReadResult) -> list[tuple[object, ...]]:
    return [(m.patient_id, m.site, m.side, m.date, m.thickness_mm) for m in result.measurements]


def codes(result: ReadResult) -> list[str]:
    return [f.code for f in result.findings]


def test_a_cell_with_both_sides_gives_each_side_its_value_in_the_order_of_the_name():
    result = read("Patient;Datum;Unterarm re/li (mm)\nA1;12.03.2023;2,1/2,3\nA1;14.06.2023;1,9/-\n")
    assert values(result) == [
        ("A1", "forearm", "right", D(2023, 3, 12), 2.1),
        ("A1", "forearm", "left", D(2023, 3, 12), 2.3),
        ("A1", "forearm", "right", D(2023, 6, 14), 1.9),
    ]
    assert "sides_split" in codes(result)
    assert "several_values" not in codes(result)


def test_two_values_under_a_name_without_sides_stay_replicates():
    result = read("patient,date,site,mm\nA1,2023-03-12,calf,2.1/2.3\n")
    assert [m.replicate for m in result.measurements] == [1, 2]


def test_codes_of_sites_are_read_as_the_legend_below_the_table_says():
    result = read(
        "Patient,Date,Site code,Thickness (mm)\nA1,2023-02-01,1,2.1\nA1,2023-02-01,2,1.6\n"
        "\n1 = forearm\n2 = calf\n"
    )
    assert [m.site for m in result.measurements] == ["forearm", "calf"]
    assert "codes_from_legend" in codes(result)


def test_codes_that_the_legend_leaves_out_stay_as_they_are():
    result = read(
        "Patient,Date,Site code,Thickness (mm)\nA1,2023-02-01,1,2.1\nA1,2023-02-01,3,1.6\n"
        "\n1 = forearm\n2 = calf\n"
    )
    assert [m.site for m in result.measurements] == ["1", "3"]
    assert "codes_from_legend" not in codes(result)


def test_what_stands_around_a_list_in_json_belongs_to_each_of_its_records():
    visits = [{"date": "2024-03-01", "forearm_mm": 2.4}, {"date": "2024-06-01", "forearm_mm": 2.2}]
    people = [{"patient": "A1", "visits": visits}, {"patient": "A2", "visits": visits[:1]}]
    result = read(json.dumps(people), "visits.json")
    assert [(m.patient_id, m.thickness_mm) for m in result.measurements] == [
        ("A1", 2.4), ("A1", 2.2), ("A2", 2.4),
    ]  # fmt: skip


def test_blank_cells_of_patient_and_date_in_the_same_rows_are_filled_together():
    text = (
        "patient,date,site,thickness_mm\nA1,2024-03-01,,\n,,forearm,2.4\n,,calf,1.6\n"
        "A1,2024-06-01,,\n,,forearm,2.2\n,,calf,1.5\n"
    )
    assert [q.key for q in read(text).questions] == ["fill_down"]
    result = read(text, fill_down="fill-down")
    assert [m.thickness_mm for m in result.measurements] == [2.4, 1.6, 2.2, 1.5]


def test_columns_that_are_aligned_by_blanks_are_columns():
    result = read(
        "Patient   Date        Site      Thickness (mm)\n"
        "A1        2023-01-10  forearm   2.10\nA1        2023-04-12  calf      1.95\n"
    )
    assert [(m.site, m.thickness_mm) for m in result.measurements] == [
        ("forearm", 2.1), ("calf", 1.95),
    ]  # fmt: skip


def test_a_ruled_line_below_a_header_is_no_row():
    result = read(
        "| Patient | Date | Site | Thickness (mm) |\n|---|:--:|---|---:|\n"
        "| A1 | 2023-01-10 | forearm | 2.10 |\n| A1 | 2023-04-12 | forearm | 1.95 |\n"
    )
    assert len(result.measurements) == 2
    assert result.refused == ()


def test_a_day_of_a_week_is_a_day():
    result = read("patient,date,site,mm\nA1,2024-W12-3,calf,2.1\nA1,2024W251,calf,1.9\n")
    assert [m.date for m in result.measurements] == [D(2024, 3, 20), D(2024, 6, 17)]


def test_a_remark_on_intervals_in_a_name_does_not_hide_the_thickness():
    result = read("patient,date,site,thickness mm (95% CI)\nA1,2024-03-01,calf,2.4 [2.1–2.7]\n")
    assert [(m.thickness_mm, m.note) for m in result.measurements] == [(2.4, "2.1-2.7")]


BESIDE = (
    "Patient,Date,forearm mm,TEWL,Prednisolone mg/d\nA1,2024-01-05,2.4,11.2,20\n"
    "A1,2024-03-05,2.3,9.8,10\nA1,2024-06-05,2.1,8.1,0\n"
)


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


def test_a_day_in_the_status_of_a_course_is_its_end():
    result = read(
        "Patient,Drug,Start,Status\nA1,MTX,2022-01-10,discontinued 2023-02-01\n"
        "A1,IVIG,2023-03-01,ongoing\n"
    )
    assert [(t.therapy, t.end, t.end_status) for t in result.therapies] == [
        ("methotrexate", D(2023, 2, 1), "ended"), ("IVIG", None, "ongoing"),
    ]  # fmt: skip
    assert "end_from_status" in codes(result)


def test_a_day_in_a_status_whose_order_is_open_is_not_guessed():
    result = read("Patient,Drug,Start,Status\nA1,MTX,2022-01-10,stopped 02/03/2023\n")
    assert [(t.end, t.end_status) for t in result.therapies] == [(None, "unknown")]


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


FLAGS = (
    "patient,date,site,mm,MTX,IVIG\nA1,2023-01-05,calf,2.4,yes,no\nA1,2023-04-05,calf,2.2,yes,yes\n"
    "A1,2023-07-05,calf,2.1,no,yes\n"
)


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


TAGGED_UNDER_A_SHORT_NAME = (
    "Pat.-Nr.;Datum;Stelle;HD [mm];Behandlung\n12;03.04.2024;Unterarm links;2,35;keine\n"
    "12;15.05.2024;Unterarm links;2,10;IVIG 2 g/kg\n12;20.06.2024;Unterarm links;1,90;IVIG 2 g/kg\n"
)


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
