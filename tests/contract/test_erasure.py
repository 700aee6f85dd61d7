"""Erasing a patient: all content goes, the tombstone and the chain stay."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sm_tracker.domain.records import Finding, OutcomeReading, Place
from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store import Actor, LastView, RecordStore, open_store

SECRETS = ["PSEUDONYM-77", "weeping lesion", "calf of the patient", "IVIG-secret", "cell 3,77"]


@pytest.fixture
def filled(store, reading, course, file_of):
    """Two patients in one import; the first with telling texts everywhere."""
    mine = {"patient_id": "PSEUDONYM-77"}
    finding = Finding(
        code="unit_cell",
        level="warning",
        message=Message.verbatim("cell 3,77 read as mm"),
        column="mm",
        value="cell 3,77",
        place=Place(file="PSEUDONYM-77.csv", row=2),
    )
    result, files = file_of(
        reading(2.1, note="weeping lesion", site="calf of the patient", **mine),
        course("IVIG-secret", session_dates=(), **mine),
        OutcomeReading(outcome="mRSS", value=20, date=reading().date, **mine),
        reading(1.5, patient_id="B2"),
        name="PSEUDONYM-77.csv",
        findings=(finding,),
    )
    answers = {"M42 PSEUDONYM-77": "keep", "date_order": "day-first"}
    # A file name beside rows of others is not searched; this one stays out of B2's row.
    other = dataclasses.replace(result.measurements[1], place=Place(file="other.csv", row=9))
    result = dataclasses.replace(result, measurements=(result.measurements[0], other))
    store.import_batch(result, files, answers=answers)
    store.correct(
        "measurement",
        1,
        {"note": "weeping lesion, left"},
        reason="PSEUDONYM-77 called",
        expected_version=1,
    )
    store.remember_answers("sig", answers)
    store.save_view(LastView("PSEUDONYM-77", {"sites": ["calf of the patient"]}))
    return store


def test_nothing_of_the_patient_is_left_to_read(filled):
    erased = filled.erase_patient("PSEUDONYM-77", "asked for in writing")
    assert erased.records == 3
    assert [p.code for p in filled.patients()] == ["B2"]
    assert [m.patient_id for m in filled.measurements()] == ["B2"]
    told = repr(
        [
            filled.audit_trail(),
            filled.imports(),
            filled.findings(1),
            filled.view(),
            filled.answers_for("sig"),
            filled.records().measurements.to_csv(),
            filled.therapies(),
            filled.outcomes(),
        ]
    )
    assert [s for s in SECRETS if s in told] == []


def test_nothing_of_the_patient_is_left_in_the_files_of_sqlite(sqlite_address, reading):
    path = Path(sqlite_address.owner.removeprefix("sqlite:///"))
    with open_store(sqlite_address.owner) as database:
        store = RecordStore(database, Actor("ann", "dermatology", "admin"))
        store.add(reading(2.1, patient_id="PSEUDONYM-77", note="weeping lesion " * 250))
        store.add(reading(1.1, patient_id="B2", note="stays here"))
        assert b"weeping lesion" in every_byte(path)
        store.erase_patient("PSEUDONYM-77", "asked for in writing")
        left = every_byte(path)
    assert b"stays here" in left
    assert b"weeping" not in left
    assert b"PSEUDONYM" not in left


def every_byte(path):
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")))


def test_the_erasure_is_on_record_and_the_chain_still_verifies(filled, problems):
    erased = filled.erase_patient("PSEUDONYM-77", "asked for in writing")
    last = filled.audit_trail(last=1)[0]
    assert (last.action, last.entity, last.reason, last.user) == (
        "erase",
        "patient",
        "asked for in writing",
        "ann",
    )
    assert last.after["code"] is None
    blanked = [e for e in filled.audit_trail() if e.redacted]
    assert len(blanked) == erased.blanked == 5
    assert {(e.before, e.after, e.reason) for e in blanked} == {(None, None, "")}
    assert problems() == []


def test_other_patients_keep_their_records_and_history(filled):
    before = filled.history("measurement", 2)
    filled.erase_patient("PSEUDONYM-77", "asked for in writing")
    assert filled.history("measurement", 2) == before
    assert filled.imports()[0].answers == {"date_order": "day-first"}
    assert filled.answers_for("sig") == {"date_order": "day-first"}


def test_the_same_file_does_not_bring_an_erased_patient_back(filled, reading, file_of):
    file = file_of(reading(2.0, patient_id="C3"), name="c.csv")
    filled.import_batch(*file)
    filled.erase_patient("C3", "asked for in writing")
    assert filled.import_batch(*file).already_imported
    assert "C3" not in [p.code for p in filled.patients()]


def test_undoing_an_import_leaves_an_erased_patient_erased(filled, problems):
    filled.erase_patient("PSEUDONYM-77", "asked for in writing")
    assert filled.undo_import(1).taken_out == 1
    assert filled.patients() == ()
    assert problems() == []


def test_an_erased_record_is_not_found_any_more(filled):
    filled.erase_patient("PSEUDONYM-77", "asked for in writing")
    with pytest.raises(StoreError, match="no measurement 1"):
        filled.history("measurement", 1)
    with pytest.raises(StoreError, match="no such patient"):
        filled.erase_patient("PSEUDONYM-77", "again")


@pytest.mark.parametrize("reason", ["", "PSEUDONYM-77 asked", "for PSEUDONYM-77."])
def test_the_reason_must_be_given_and_must_not_name_the_patient(filled, reason):
    with pytest.raises(StoreError, match="reason"):
        filled.erase_patient("PSEUDONYM-77", reason)
    assert len(filled.patients()) == 2


def test_a_number_of_an_erased_record_is_never_given_again(store, reading):
    store.add(reading(2.1))
    store.erase_patient("A1", "asked for in writing")
    assert store.add(reading(2.1)).record_id == 2


def test_a_patient_of_the_same_code_elsewhere_is_untouched(store_of, reading):
    store_of(clinic="surgery").add(reading(2.1))
    store_of().add(reading(2.1))
    store_of().erase_patient("A1", "asked for in writing")
    assert len(store_of(clinic="surgery").measurements()) == 1


def test_rows_of_an_erased_patient_that_are_put_back_are_found(address, filled, problems):
    address.run("CREATE TABLE kept_aside AS SELECT * FROM measurement WHERE id = 1")
    filled.erase_patient("PSEUDONYM-77", "asked for in writing")
    address.run("INSERT INTO measurement SELECT * FROM kept_aside", "DROP TABLE kept_aside")
    assert (
        "tampered",
        "measurement 1 of clinic dermatology is there although its patient was erased",
    ) in problems()
