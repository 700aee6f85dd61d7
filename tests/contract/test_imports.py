"""Importing: nothing twice, shown first, undone as a whole."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.domain.records import Finding, OutcomeReading, Place, Question
from sm_tracker.errors import ConflictError, MixedTimeError, RecordError, StoreError
from sm_tracker.languages import Message


def test_a_file_is_stored_once_however_often_it_is_imported(store, reading, course, file_of):
    result, files = file_of(reading(2.1), reading(1.9, site="hand"), course())
    first = store.import_batch(result, files)
    again = store.import_batch(result, files)
    assert (first.added, first.already_imported) == (3, False)
    assert (again.added, again.already_imported, again.batch_id) == (0, True, first.batch_id)
    assert "same file was imported before" in again.sentence
    assert len(store.measurements()) == 2


def test_the_same_rows_in_another_file_add_nothing(store, reading, file_of):
    store.import_batch(*file_of(reading(2.1), reading(1.9, site="hand")))
    report = store.import_batch(*file_of(reading(1.9, site="hand"), reading(2.1), name="b.csv"))
    assert (report.added, report.unchanged) == (0, 2)


def test_a_longer_file_adds_its_new_rows_only(store, reading, file_of):
    store.import_batch(*file_of(reading(2.1)))
    later = reading(1.8, date=dt.date(2024, 6, 1))
    report = store.import_batch(*file_of(reading(2.1), later))
    assert (report.added, report.unchanged) == (1, 1)
    assert [m.thickness_mm for m in store.measurements()] == [2.1, 1.8]


def test_equal_replicates_without_a_number_are_counted_not_merged(store, reading, file_of):
    store.import_batch(*file_of(reading(2.1), reading(2.1)))
    report = store.import_batch(*file_of(reading(2.1), reading(2.1), reading(2.1)))
    assert (report.added, report.unchanged) == (1, 2)
    assert len(store.measurements()) == 3


def test_the_preview_shows_what_a_changed_file_would_do_and_stores_nothing(store, reading, file_of):
    gone = reading(2.0, site="thigh")
    store.import_batch(*file_of(reading(2.1), gone))
    shown = store.preview_import(*file_of(reading(2.3), reading(1.7, site="hand")))
    assert [r.site for r in shown.added] == ["hand"]
    (change,) = shown.changed
    assert (change.stored.record.thickness_mm, change.incoming.thickness_mm) == (2.1, 2.3)
    assert change.fields == ("thickness_mm",)
    assert [s.record.site for s in shown.missing] == ["thigh"]
    assert [m.thickness_mm for m in store.measurements()] == [2.1, 2.0]


def test_rows_that_differ_are_replaced_only_on_request(store, reading, file_of):
    store.import_batch(*file_of(reading(2.1)))
    changed = file_of(reading(2.3))
    with pytest.raises(ConflictError, match="1 rows differ"):
        store.import_batch(*changed)
    assert [m.thickness_mm for m in store.measurements()] == [2.1]


@pytest.mark.parametrize(
    ("choice", "expected"), [("replace", [2.3]), ("keep", [2.1]), ("add", [2.1, 2.3])]
)
def test_rows_that_differ_are_replaced_kept_or_added(store, reading, file_of, choice, expected):
    store.import_batch(*file_of(reading(2.1)))
    store.import_batch(*file_of(reading(2.3)), on_changed=choice)
    assert [m.thickness_mm for m in store.measurements()] == expected


def test_an_import_does_what_was_shown_or_nothing(store, reading, file_of):
    new = file_of(reading(1.9, site="hand"))
    shown = store.preview_import(*new)
    store.add(reading(1.9, site="hand"))
    with pytest.raises(ConflictError, match="changed since the import was shown"):
        store.import_batch(*new, agreement=shown.agreement)
    assert len(store.measurements()) == 1
    again = store.preview_import(*new)
    assert store.import_batch(*new, agreement=again.agreement).unchanged == 1


def test_a_correction_made_here_survives_the_next_version_of_the_file(store, reading, file_of):
    store.import_batch(*file_of(reading(21.0)))
    (held,) = store.stored("measurement")
    store.correct(
        "measurement", held.record_id, {"thickness_mm": 2.1}, reason="slip", expected_version=1
    )
    report = store.import_batch(*file_of(reading(21.0), reading(1.9, site="hand")))
    assert (report.added, report.corrected, report.replaced) == (1, 1, 0)
    assert [m.thickness_mm for m in store.measurements()] == [2.1, 1.9]


def test_a_row_removed_here_does_not_come_back_with_the_file(store, reading, file_of):
    store.import_batch(*file_of(reading(2.1)))
    store.mark_removed("measurement", 1, reason="wrong patient", expected_version=1)
    report = store.import_batch(*file_of(reading(2.1), reading(1.9, site="hand")))
    assert (report.added, report.removed) == (1, 1)
    assert [m.site for m in store.measurements()] == ["hand"]


def test_an_import_is_undone_as_a_whole(store, reading, course, file_of):
    store.import_batch(*file_of(reading(2.1), course(dose="1 g/kg")))
    second = store.import_batch(
        *file_of(reading(2.3), course(dose="2 g/kg"), reading(1.9, site="hand")),
        on_changed="replace",
    )
    undone = store.undo_import(second.batch_id)
    assert (undone.taken_out, undone.given_back) == (1, 2)
    assert [m.thickness_mm for m in store.measurements()] == [2.1]
    assert [p.dose for p in store.therapies()] == ["1 g/kg"]
    latest = store.imports()[0]
    assert (latest.batch_id, latest.undone_by) == (second.batch_id, "ann")


def test_an_undone_import_can_be_done_again(store, reading, file_of):
    result, files = file_of(reading(2.1))
    store.undo_import(store.import_batch(result, files).batch_id)
    assert store.patients() == ()
    assert store.import_batch(result, files).added == 1
    assert len(store.measurements()) == 1


def test_an_import_is_not_undone_twice(store, reading, file_of):
    batch_id = store.import_batch(*file_of(reading(2.1))).batch_id
    store.undo_import(batch_id)
    with pytest.raises(StoreError, match="already undone"):
        store.undo_import(batch_id)


def test_undoing_does_not_pass_over_a_later_correction(store, reading, file_of):
    batch_id = store.import_batch(*file_of(reading(2.1), reading(1.9, site="hand"))).batch_id
    store.correct("measurement", 1, {"note": "seen"}, reason="note", expected_version=1)
    with pytest.raises(ConflictError, match="measurement 1"):
        store.undo_import(batch_id)
    assert len(store.measurements()) == 2
    store.undo_import(batch_id, including_edited=True)
    assert store.measurements() == []


def test_two_imports_undone_in_either_order_leave_nothing(store, reading, file_of):
    first = store.import_batch(*file_of(reading(2.1)))
    second = store.import_batch(*file_of(reading(2.3)), on_changed="replace")
    store.undo_import(first.batch_id, including_edited=True)
    store.undo_import(second.batch_id, including_edited=True)
    assert store.measurements() == []


def test_an_import_whose_changes_were_undone_counts_as_unedited(store, reading, file_of):
    first = store.import_batch(*file_of(reading(2.1)))
    second = store.import_batch(*file_of(reading(2.3)), on_changed="replace")
    store.undo_import(second.batch_id)
    assert store.undo_import(first.batch_id).taken_out == 1


def test_a_later_file_with_the_same_rows_brings_them_back_after_an_undo(store, reading, file_of):
    first = store.import_batch(*file_of(reading(2.1), name="a.csv"))
    second = file_of(reading(2.1), reading(2.1, site="hand"), name="b.csv")
    store.import_batch(*second)
    store.undo_import(first.batch_id)
    assert [m.site for m in store.measurements()] == ["hand"]
    assert store.import_batch(*second).added == 1
    assert {m.site for m in store.measurements()} == {"calf", "hand"}


@pytest.mark.parametrize("outcome", ["ask", "reject"])
def test_nothing_is_stored_of_a_file_that_was_not_accepted(store, reading, file_of, outcome):
    result, files = file_of(
        reading(2.1), outcome=outcome, questions=(Question(key="unit", message="mm or um?"),)
    )
    with pytest.raises(StoreError):
        store.import_batch(result, files)
    assert store.measurements() == []


def test_one_bad_record_keeps_the_whole_file_out(store, reading, file_of):
    with pytest.raises(RecordError, match="thickness_mm"):
        store.import_batch(*file_of(reading(2.1), reading(-1.0, site="hand")))
    assert (store.measurements(), store.imports()) == ([], ())


def test_dates_and_day_numbers_of_one_patient_are_not_mixed(store, reading, course, file_of):
    store.import_batch(*file_of(reading(2.1)))
    with pytest.raises(MixedTimeError, match="A1"):
        store.import_batch(*file_of(course(start=None, start_day=5), name="days.csv"))
    assert store.therapies() == []


def test_an_import_keeps_answers_and_findings(store, reading, file_of):
    finding = Finding(
        code="decimal_comma",
        level="info",
        message=Message.verbatim("read with decimal comma"),
        column="mm",
        value="2,1",
        place=Place(file="series.csv", row=2),
    )
    result, files = file_of(reading(2.1), findings=(finding,))
    batch_id = store.import_batch(result, files, answers={"date_order": "day-first"}).batch_id
    (listed,) = store.imports()
    assert listed.answers == {"date_order": "day-first"}
    assert listed.files == tuple(files)
    assert store.findings(batch_id) == (finding,)


def test_outcomes_are_imported_and_compared_too(store, file_of):
    mouth = OutcomeReading(
        patient_id="A1",
        outcome="mouth opening",
        value=34.0,
        unit="mm",
        better="higher",
        date=dt.date(2024, 3, 5),
    )
    store.import_batch(*file_of(mouth))
    report = store.import_batch(*file_of(mouth, name="other.csv"))
    assert (report.added, report.unchanged) == (0, 1)
    assert store.outcomes()[0].value == 34.0


def test_what_imports_do_stands_in_the_audit_trail(store, reading, file_of, problems):
    batch_id = store.import_batch(*file_of(reading(2.1))).batch_id
    store.import_batch(*file_of(reading(2.3)), on_changed="replace")
    store.undo_import(batch_id, including_edited=True)
    deeds = [(e.action, e.entity) for e in reversed(store.audit_trail())]
    assert deeds == [
        ("import", "import_batch"),
        ("add", "patient"),
        ("add", "measurement"),
        ("import", "import_batch"),
        ("replace", "measurement"),
        ("undo", "measurement"),
        ("undo import", "import_batch"),
    ]
    assert problems() == []
