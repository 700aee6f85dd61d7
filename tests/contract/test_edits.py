"""Editing by hand: nothing is lost when two people edit, and every change is on record."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.errors import ColumnError, MixedTimeError, PermissionDenied, RecordError, StoreError
from sm_tracker.store import Actor, Addition, Correction, EditConflict, RecordStore, Removal


def correct(store, value, version=1, record_id=1):
    return store.correct(
        "measurement",
        record_id,
        {"thickness_mm": value},
        reason="read again",
        expected_version=version,
    )


def test_a_correction_changes_the_record_and_counts_its_version_up(store, reading):
    held = store.add(reading(21.0))
    now = correct(store, 2.1)
    assert (held.version, now.version) == (1, 2)
    assert store.measurements() == [reading(2.1)]


def test_the_second_of_two_editors_is_told_and_sees_both_versions(store_of, reading):
    ann, bob = store_of("ann", role="editor"), store_of("bob", role="editor")
    ann.add(reading(2.1))
    correct(ann, 2.2)
    with pytest.raises(EditConflict, match="changed by somebody else") as refused:
        correct(bob, 2.3)
    assert refused.value.stored.record.thickness_mm == 2.2
    assert refused.value.yours.thickness_mm == 2.3
    assert (refused.value.stored.version, refused.value.expected_version) == (2, 1)
    assert [m.thickness_mm for m in ann.measurements()] == [2.2]
    assert correct(bob, 2.3, version=refused.value.stored.version).version == 3


def test_a_mark_based_on_an_old_version_is_refused_too(store, reading):
    store.add(reading(2.1))
    correct(store, 2.2)
    with pytest.raises(EditConflict):
        store.mark_removed("measurement", 1, reason="twice", expected_version=1)
    assert len(store.measurements()) == 1


def test_edits_of_a_grid_are_saved_all_or_none(store, reading):
    store.add(reading(2.1))
    edits = [
        Addition(reading(1.9, site="hand")),
        Correction(
            entity="measurement",
            record_id=1,
            changes={"thickness_mm": 2.2},
            reason="read again",
            expected_version=7,
        ),
    ]
    with pytest.raises(EditConflict):
        store.save_edits(edits)
    assert store.measurements() == [reading(2.1)]


def test_several_edits_are_one_moment_in_the_history(store, reading):
    store.save_edits([Addition(reading(2.1)), Addition(reading(1.9, site="hand"))])
    moments = {store.history("measurement", n)[0].at for n in (1, 2)}
    assert len(moments) == 1


def test_removing_is_a_mark_and_can_be_taken_back(store, reading):
    store.add(reading(2.1))
    removed = store.mark_removed("measurement", 1, reason="wrong site", expected_version=1)
    assert store.measurements() == []
    (listed,) = store.stored("measurement", with_removed=True)
    assert (listed.mark, listed.mark_reason) == ("removed", "wrong site")
    store.mark_removed(
        "measurement", 1, reason="was right", expected_version=removed.version, removed=False
    )
    assert store.measurements() == [reading(2.1)]


def test_a_removed_record_is_not_corrected(store, reading):
    store.add(reading(2.1))
    store.mark_removed("measurement", 1, reason="wrong", expected_version=1)
    with pytest.raises(StoreError, match="marked as removed"):
        correct(store, 2.2, version=2)


def test_the_history_of_a_record_tells_who_when_what_and_why(database, reading):
    moments = iter(dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC) for day in (1, 2, 3))
    store = RecordStore(database, Actor("ann", "dermatology", "editor"), lambda: next(moments))
    store.add(reading(21.0), reason="from paper")
    correct(store, 2.1)
    store.mark_removed("measurement", 1, reason="other patient", expected_version=2)
    told = [(e.action, e.user, e.at[:10], e.reason) for e in store.history("measurement", 1)]
    assert told == [
        ("add", "ann", "2026-11-01", "from paper"),
        ("correct", "ann", "2026-11-02", "read again"),
        ("remove", "ann", "2026-11-03", "other patient"),
    ]
    assert store.history("measurement", 1)[1].changes == {"thickness_mm": (21.0, 2.1)}


def test_corrected_sessions_are_in_the_history(store, course):
    store.add(course(session_dates=(dt.date(2024, 1, 8),)))
    store.correct(
        "therapy_period",
        1,
        {"session_dates": (dt.date(2024, 1, 9), dt.date(2024, 2, 9))},
        reason="from the letter",
        expected_version=1,
    )
    assert store.therapies()[0].session_dates == (dt.date(2024, 1, 9), dt.date(2024, 2, 9))
    assert store.history("therapy_period", 1)[1].changes["session_dates"] == (
        ["2024-01-08"],
        ["2024-01-09", "2024-02-09"],
    )


def test_a_correction_that_changes_nothing_leaves_no_trace(store, reading):
    store.add(reading(2.1))
    assert correct(store, 2.1).version == 1
    assert len(store.history("measurement", 1)) == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_needs_a_reason(store, reading, reason):
    store.add(reading(2.1))
    with pytest.raises(StoreError, match="reason"):
        store.correct("measurement", 1, {"note": "x"}, reason=reason, expected_version=1)


@pytest.mark.parametrize("field", ["patient_id", "place", "version", "clinic", "nonsense"])
def test_only_fields_of_the_record_can_be_corrected(store, reading, field):
    store.add(reading(2.1))
    with pytest.raises(ColumnError, match=field):
        store.correct("measurement", 1, {field: "B2"}, reason="x", expected_version=1)


def test_a_correction_obeys_the_rules_of_a_new_record(store, reading):
    store.add(reading(2.1))
    with pytest.raises(RecordError, match="thickness_mm"):
        correct(store, -2.1)
    assert store.measurements() == [reading(2.1)]


def test_a_record_of_a_dated_patient_cannot_be_moved_to_a_day_number(store, reading):
    store.save_edits([Addition(reading(2.1)), Addition(reading(1.9, site="hand"))])
    with pytest.raises(MixedTimeError):
        store.correct("measurement", 1, {"date": None, "day": 3}, reason="x", expected_version=1)


def test_a_record_that_does_not_exist_is_named(store):
    with pytest.raises(StoreError, match="no measurement 99"):
        correct(store, 2.1, record_id=99)


def test_an_unknown_kind_of_record_is_refused(store):
    with pytest.raises(StoreError, match="no kind of record"):
        store.one("patient; DROP TABLE patient", 1)


VIEWER_MAY_NOT = {
    "add": lambda s, m: s.add(m),
    "correct": lambda s, m: correct(s, 2.2),
    "mark": lambda s, m: s.save_edits(
        [Removal(entity="measurement", record_id=1, reason="x", expected_version=1)]
    ),
    "undo": lambda s, m: s.undo_import(1),
    "remember": lambda s, m: s.remember_answers("a", {}),
    "erase": lambda s, m: s.erase_patient("A1", "asked for"),
    "settings": lambda s, m: s.save_settings(s.settings(), "x"),
}


@pytest.mark.parametrize("deed", VIEWER_MAY_NOT)
def test_a_viewer_changes_nothing(store_of, reading, deed):
    store_of().add(reading(2.1))
    with pytest.raises(PermissionDenied, match="viewer"):
        VIEWER_MAY_NOT[deed](store_of("vic", role="viewer"), reading(1.0))
    assert store_of("vic", role="viewer").measurements() == [reading(2.1)]


def test_a_viewer_imports_nothing(store_of, reading, file_of):
    with pytest.raises(PermissionDenied):
        store_of("vic", role="viewer").import_batch(*file_of(reading(2.1)))


def test_an_editor_does_not_erase(store_of, reading):
    store_of("ed", role="editor").add(reading(2.1))
    with pytest.raises(PermissionDenied, match="erase a patient"):
        store_of("ed", role="editor").erase_patient("A1", "asked for")


@pytest.mark.parametrize(
    ("user", "clinic", "role"),
    [("", "c", "admin"), ("u", " ", "admin"), ("u", "c", "owner"), ("u\n", "c", "admin")],
)
def test_nobody_acts_without_name_clinic_and_role(user, clinic, role):
    with pytest.raises(PermissionDenied):
        Actor(user, clinic, role)


def test_the_state_changes_with_every_change_and_only_then(store_of, reading):
    store = store_of()
    before = store.state_id()
    assert store.state_id() == before
    store.add(reading(2.1))
    after = store.state_id()
    assert after != before
    assert store_of(clinic="surgery").state_id() not in (before, after)
