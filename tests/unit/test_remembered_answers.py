"""Answers remembered for files with the same header, and columns mapped by hand."""

from __future__ import annotations

import pytest

from sm_tracker.domain.records import Choice, Question, ReadResult, Recognised
from sm_tracker.errors import AnswerError
from sm_tracker.ingest import SourceFile
from sm_tracker.ingest.tables.column_overview import column_overview
from sm_tracker.workflow.file_import import read_files
from sm_tracker.workflow.mapping import mapping_answers
from sm_tracker.workflow.storing import (
    answers_by_header,
    read_remembering,
    remembered_answers,
)

UNNAMED = SourceFile("m.csv", b"a;b;c;d\nA1;2024-01-10;forearm;2.50\nA1;2024-05-14;forearm;1.6\n")


class Memory:
    """A store that remembers answers by signature and nothing else."""

    def __init__(self, **answers):
        self.answers = answers

    def answers_for(self, signature):
        return dict(self.answers.get(signature, {}))


def question(key, file="m.csv", *choices):
    return Question(key=key, message="?", file=file, choices=tuple(Choice(c, "") for c in choices))


def result(*questions, **signatures):
    lines = tuple(
        Recognised(file=f"{name}.csv", sheet="", summary="", signature=signature)
        for name, signature in signatures.items()
    )
    return ReadResult(
        outcome="ask" if questions else "accept", questions=questions, recognised=lines
    )


def test_answers_are_kept_for_the_header_of_the_file_they_were_given_for():
    answers = {"unit@m.csv": "mm", "date_order@t.csv": "day-first", "decimal": "comma"}
    assert answers_by_header(result(m="one", t="two"), answers) == {
        "one": {"unit": "mm", "decimal": "comma"},
        "two": {"date_order": "day-first", "decimal": "comma"},
    }


@pytest.mark.parametrize("key", ["patient_id", "site", "leading_zeros"])
def test_who_and_what_was_measured_is_asked_for_every_file(key):
    assert answers_by_header(result(m="one"), {f"{key}@m.csv": "A1"}) == {"one": {}}


def test_only_questions_that_are_open_are_answered_from_memory():
    memory = Memory(one={"unit": "mm", "date_order": "day-first"})
    assert remembered_answers(memory, result(question("unit"), m="one")) == {"unit": "mm"}


def test_a_remembered_answer_that_is_no_choice_any_more_is_not_used():
    memory = Memory(one={"column.date": "Datum"})
    asked = result(question("column.date", "m.csv", "Tag", "Termin"), m="one")
    assert remembered_answers(memory, asked) == {}


def test_a_column_mapped_by_hand_is_mapped_again_in_the_next_file():
    memory = Memory(one={"column.thickness": "Wert"})
    assert remembered_answers(memory, result(m="one")) == {"column.thickness@m.csv": "Wert"}


def test_answers_given_now_come_before_remembered_ones():
    seen = []

    def read(given):
        seen.append(dict(given))
        return result(*([] if "unit@m.csv" in given else [question("unit")]), m="one")

    _, used = read_remembering(Memory(one={"unit": "mm"}), read, {"unit@m.csv": "µm"})
    assert (used, seen) == ({}, [{"unit@m.csv": "µm"}])


def test_one_remembered_answer_can_lead_to_the_next_question():
    def read(given):
        if "unit" not in given:
            return result(question("unit"), m="one")
        return result(*([] if "decimal" in given else [question("decimal")]), m="one")

    final, used = read_remembering(Memory(one={"unit": "mm", "decimal": "comma"}), read, {})
    assert used == {"unit": "mm", "decimal": "comma"}
    assert final.outcome == "accept"


def test_what_shall_be_asked_again_is_asked():
    def read(given):
        return result(question("unit"), m="one")

    final, used = read_remembering(Memory(one={"unit": "mm"}), read, {}, {"unit"})
    assert used == {}
    assert final.questions


def test_a_remembered_answer_these_files_do_not_take_leaves_the_question_open():
    def read(given):
        if given:
            raise AnswerError("not possible")
        return result(question("unit"), m="one")

    final, used = read_remembering(Memory(one={"unit": "mm"}), read, {})
    assert used == {}
    assert final.outcome == "ask"


def test_the_columns_of_a_file_are_shown_with_what_they_hold_and_were_taken_for():
    (table,) = column_overview(UNNAMED, {})
    assert [(c.header, c.holds, c.role) for c in table.columns] == [
        ("a", "A1, A1", ""),
        ("b", "2024-01-10, 2024-05-14", ""),
        ("c", "forearm, forearm", ""),
        ("d", "2.50, 1.6", "thickness"),
    ]


def test_cells_of_an_identifying_column_are_not_shown():
    source = SourceFile("m.csv", b"Name,Datum,Wert\nAnna Beispiel,2024-01-10,2.5\n")
    (table,) = column_overview(source, {})
    assert table.columns[0].identifying
    assert table.columns[0].holds == ""


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04broken", b"one line"])
def test_a_file_that_is_no_table_shows_no_columns(content):
    assert column_overview(SourceFile("x", content), {}) == ()


def test_mapped_columns_are_read_as_said():
    (table,) = column_overview(UNNAMED, {})
    answers = {"unit": "mm"}
    for header, role in zip("abcd", ("patient_id", "date", "site", "thickness"), strict=True):
        answers = mapping_answers(table, header, role, answers)
    read = read_files([UNNAMED], answers=answers)
    assert [m.thickness_mm for m in read.measurements] == [2.5, 1.6]


def test_a_column_has_one_role_and_a_role_one_column():
    (table,) = column_overview(UNNAMED, {})
    answers = mapping_answers(table, "a", "patient_id", {})
    answers = mapping_answers(table, "b", "patient_id", answers)
    assert answers == {"column.patient_id@m.csv": "b"}
    assert mapping_answers(table, "b", "date", answers) == {"column.date@m.csv": "b"}
    assert mapping_answers(table, "b", "", answers) == {}
