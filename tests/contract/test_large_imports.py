"""Imports of more rows than are written at once: in order, audited, told about, all or nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.domain.records import OutcomeReading
from sm_tracker.store import imports


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    """Seven rows at once, so that small files take several portions."""
    monkeypatch.setattr(imports, "PORTION", 7)


@pytest.fixture
def mixed_file(reading, course, file_of):
    """Twenty readings, five courses with sessions, ten outcome values, of four patients."""
    first = dt.date(2024, 1, 8)
    codes = [f"A{i % 4}" for i in range(20)]
    sessions = (first, first + dt.timedelta(days=28))
    mouth = OutcomeReading(
        patient_id="A0", outcome="mouth opening", value=31, unit="mm", date=first
    )
    return file_of(
        *(
            reading(1.0 + i / 10, patient_id=code, date=first + dt.timedelta(days=i))
            for i, code in enumerate(codes)
        ),
        *(course(dose=f"{i} g/kg", patient_id=f"A{i % 4}", session_dates=sessions)
          for i in range(5)),
        *(OutcomeReading(**{**_fields(mouth), "date": first + dt.timedelta(days=i)})
          for i in range(10)),
    )  # fmt: skip


def _fields(record):
    return {n: getattr(record, n) for n in ("patient_id", "outcome", "value", "unit")}


def test_every_row_is_numbered_in_the_order_of_the_file(store, mixed_file):
    result, files = mixed_file
    assert store.import_batch(result, files).added == 35
    for entity, written in (
        ("measurement", result.measurements),
        ("therapy_period", result.therapies),
        ("outcome_reading", result.outcomes),
    ):
        held = store.stored(entity)
        assert [s.record for s in held] == list(written)
        assert [s.record_id for s in held] == list(range(1, len(written) + 1))


def test_every_row_has_one_entry_and_the_chain_holds(store, mixed_file, problems):
    store.import_batch(*mixed_file)
    trail = store.audit_trail(last=1000)
    kinds = [(e.action, e.entity) for e in reversed(trail)]
    assert kinds == [
        ("import", "import_batch"),
        *[("add", "patient")] * 4,
        *[("add", "measurement")] * 20,
        *[("add", "therapy_period")] * 5,
        *[("add", "outcome_reading")] * 10,
    ]
    assert problems() == []


def test_an_entry_of_a_large_import_says_what_an_entry_of_a_single_row_says(
    store, reading, course, file_of
):
    held = course(session_dates=(dt.date(2024, 1, 8), dt.date(2024, 2, 5)), note="ä")
    store.import_batch(*file_of(reading(2.1), held))
    (measurement,) = store.history("measurement", 1)
    (period,) = store.history("therapy_period", 1)
    added = store.add(held)
    (by_hand,) = store.history("therapy_period", added.record_id)
    assert period.after.keys() == by_hand.after.keys()
    assert period.after["session_dates"] == by_hand.after["session_dates"]
    assert (measurement.after["thickness_mm"], measurement.after["id"]) == (2.1, 1)


def test_numbers_go_on_after_an_import_and_an_entry_by_hand(store, reading, mixed_file, file_of):
    store.import_batch(*mixed_file)
    assert store.add(reading(2.0, site="hand")).record_id == 21
    later = file_of(reading(2.0, site="thigh"), name="b.csv")
    store.import_batch(*later)
    assert store.stored("measurement")[-1].record_id == 22


def test_a_large_import_is_undone_as_a_whole(store, mixed_file, problems):
    batch_id = store.import_batch(*mixed_file).batch_id
    assert store.undo_import(batch_id).taken_out == 35
    assert store.patients() == ()
    assert problems() == []


def test_an_import_tells_how_far_it_has_come(store, mixed_file):
    told = []
    store.import_batch(*mixed_file, progress=told.append)
    assert told == sorted(told)
    assert len(set(told)) > 5
    assert told[0] > 0
    assert told[-1] <= 1


def test_an_import_broken_off_on_the_way_leaves_nothing(store, mixed_file, problems):
    class BrokenOff(Exception):
        pass

    def break_off(share):
        if share > 0.6:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        store.import_batch(*mixed_file, progress=break_off)
    assert (store.patients(), store.imports(), store.audit_trail()) == ((), (), ())
    assert store.import_batch(*mixed_file).added == 35
    assert problems() == []


def test_rows_stored_beside_differing_ones_keep_their_own_fingerprint(store, reading, file_of):
    store.import_batch(*file_of(reading(2.1)))
    new = file_of(*(reading(2.3 + i, site=s) for i, s in enumerate(("calf", "hand", "thigh"))))
    store.import_batch(*new, on_changed="add")
    later = file_of(reading(2.3), reading(9.9, site="chest"), name="c.csv")
    report = store.import_batch(*later)
    assert (report.added, report.unchanged) == (1, 1)
