"""What the file alone cannot settle is asked, with a preview of what each answer gives."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.errors import AnswerError
from sm_tracker.ingest import SourceFile, read_sources

TODAY = dt.date(2026, 11, 1)
HEADER = "patient,date,site,thickness"


def source(name: str, *lines: str) -> SourceFile:
    return SourceFile(name, "\n".join(lines).encode())


def read(*sources: SourceFile, **answers: str):
    return read_sources(sources, answers=answers, today=TODAY)


def answered(sources: list[SourceFile], answers: dict[str, str]):
    return read_sources(sources, answers=answers, today=TODAY)


def keys(result) -> list[str]:
    return [q.key for q in result.questions]


def test_nothing_is_read_while_a_question_is_open():
    result = read(source("a.csv", HEADER, "A1,2020-02-04,calf,2.1"))
    assert (result.outcome, result.measurements, keys(result)) == ("ask", (), ["unit"])


def test_all_questions_of_a_file_are_asked_at_once():
    result = read(source("a.csv", HEADER, "A1,02/03/2020,calf,2.1"))
    assert keys(result) == ["date_order", "unit"]


def test_a_choice_shows_what_the_file_would_become():
    (question,) = read(source("a.csv", HEADER, "A1,2020-02-04,calf,1210")).questions
    proposed, other = question.choices
    assert (proposed.value, other.value) == ("µm", "mm")
    assert "1.210 mm" in str(proposed.preview)
    assert "1210.000 mm" in str(other.preview)


def test_two_files_with_the_same_question_are_asked_apart():
    files = [source(n, HEADER, "A1,2020-02-04,calf,2.1") for n in ("a.csv", "b.csv")]
    files[1] = source("b.csv", HEADER, "A1,2020-03-04,calf,2100")
    assert keys(read(*files)) == ["unit@a.csv", "unit@b.csv"]
    result = answered(files, {"unit@a.csv": "mm", "unit@b.csv": "µm"})
    assert [m.thickness_mm for m in result.measurements] == [2.1, 2.1]


def test_one_answer_may_hold_for_all_files():
    files = [source("a.csv", HEADER, "A1,2020-02-04,calf,2.1"),
             source("b.csv", HEADER, "A1,2020-03-04,calf,2.0")]  # fmt: skip
    assert answered(files, {"unit": "mm"}).outcome == "accept"


def test_the_answer_for_a_file_wins_over_the_answer_for_all():
    files = [source("a.csv", HEADER, "A1,2020-02-04,calf,2.1"),
             source("b.csv", HEADER, "A1,2020-03-04,calf,2000")]  # fmt: skip
    result = answered(files, {"unit": "mm", "unit@b.csv": "µm"})
    assert [m.thickness_mm for m in result.measurements] == [2.1, 2.0]


def test_a_file_may_be_named_even_where_it_is_not_needed():
    result = answered([source("a.csv", HEADER, "A1,2020-02-04,calf,2.1")], {"unit@a.csv": "mm"})
    assert result.outcome == "accept"


def test_an_impossible_answer_names_the_choices():
    file = source("a.csv", HEADER, "A1,02/03/2020,calf,2.1")
    with pytest.raises(AnswerError, match="day-first, month-first"):
        answered([file], {"date_order": "year-first"})


def test_an_answer_for_a_file_that_is_not_there_is_refused():
    with pytest.raises(AnswerError, match=r"not among those read"):
        answered([source("a.csv", HEADER, "A1,2020-02-04,calf,2.1")], {"unit@b.csv": "mm"})


def test_a_column_is_mapped_by_an_answer():
    lines = ("Who,When,Where,Reading A,Reading B", "A1,2020-02-04,calf,2.1,9.9")
    result = answered(
        [source("a.csv", *lines)],
        {"column.patient_id": "Who", "column.date": "When", "column.site": "Where",
         "column.thickness": "reading a", "unit": "mm"},
    )  # fmt: skip
    assert [(m.patient_id, m.site, m.thickness_mm) for m in result.measurements] == [
        ("A1", "calf", 2.1)
    ]


def test_a_mapped_column_that_no_file_has_is_refused_with_the_columns_seen():
    file = source("a.csv", HEADER, "A1,2020-02-04,calf,2.1")
    with pytest.raises(AnswerError, match="patient, date, site, thickness"):
        answered([file], {"column.thickness": "Dicke"})


def test_an_unknown_column_of_numbers_is_proposed_for_the_thickness():
    question, *_ = read(source("a.csv", "patient,date,site,Q7", "A1,2020-02-04,calf,2.1")).questions
    assert question.key == "column.thickness"
    assert [c.value for c in question.choices] == ["Q7", "none"]
    assert "2.1" in str(question.choices[0].preview)


def test_a_file_without_patient_asks_for_the_code():
    file = source("a.csv", "date,site,mm", "2020-02-04,calf,2.1")
    assert keys(read(file)) == ["patient_id"]
    result = read(file, patient_id="SM-007")
    assert [m.patient_id for m in result.measurements] == ["SM-007"]


def test_a_file_without_site_asks_for_the_site():
    file = source("a.csv", "patient,date,mm", "A1,2020-02-04,2.1")
    assert keys(read(file)) == ["site"]
    result = read(file, site="Unterarm links")
    assert [(m.site, m.side) for m in result.measurements] == [("forearm", "left")]


def test_the_same_header_has_the_same_signature_whatever_the_rows():
    one, other, third = (
        read(source("x.csv", header, row)).recognised[0].signature
        for header, row in (
            ("patient,date,site,mm", "A1,2020-02-04,calf,2.1"),
            ("patient,date,site,mm", "B1,2021-02-04,hand,1.1"),
            ("patient,date,site,thickness", "A1,2020-02-04,calf,2.1"),
        )
    )
    assert one == other != third
