"""Names of files and sheets are part of an erasure, wherever they stand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sm_tracker.domain.records import OutcomeReading, Place
from sm_tracker.store import Actor, RecordStore, open_store

ADMIN = Actor("ann", "dermatology", "admin")
NAMES = ["PSEUDONYM-77.csv", "visits_pseudonym-77_2024.xlsx", "PSEUDONYM-77"]


@pytest.fixture
def two_in_one_file(reading, course, file_of):
    """A file and a sheet named after the first patient; the second stands in them too."""

    def make(name):
        other = {"patient_id": "B2"}
        result, files = file_of(
            reading(2.1, patient_id="PSEUDONYM-77"),
            reading(1.5, **other),
            course(**other),
            OutcomeReading(outcome="mRSS", value=20, date=reading().date, **other),
            name=name,
        )
        place = Place(file="plain.xlsx", sheet=name, row=9)
        outcomes = tuple(dataclasses.replace(o, place=place) for o in result.outcomes)
        return dataclasses.replace(result, outcomes=outcomes), files

    return make


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_or_sheet_names_an_erased_patient(sqlite_address, two_in_one_file, name):
    path = Path(sqlite_address.owner.removeprefix("sqlite:///"))
    with open_store(sqlite_address.owner) as database:
        store = RecordStore(database, ADMIN)
        store.import_batch(*two_in_one_file(name), answers={})
        store.correct("measurement", 2, {"note": "seen"}, reason="seen", expected_version=1)
        assert store.erase_patient("PSEUDONYM-77", "asked for in writing").overwritten
        held = b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")))
    assert b"PSEUDONYM-77".lower() not in held.lower()


def test_rows_of_others_stay_as_they_are_but_for_the_name(store, two_in_one_file, problems):
    store.import_batch(*two_in_one_file("PSEUDONYM-77.csv"), answers={})
    before = [*store.measurements(["B2"]), *store.therapies(["B2"]), *store.outcomes(["B2"])]
    store.erase_patient("PSEUDONYM-77", "asked for in writing")
    after = [*store.measurements(["B2"]), *store.therapies(["B2"]), *store.outcomes(["B2"])]
    nowhere = Place()
    assert [dataclasses.replace(r, place=nowhere) for r in after] == [
        dataclasses.replace(r, place=nowhere) for r in before
    ]
    assert problems() == []


def test_the_history_of_such_a_row_keeps_who_and_when(store, two_in_one_file):
    store.import_batch(*two_in_one_file("PSEUDONYM-77.csv"), answers={})
    store.erase_patient("PSEUDONYM-77", "asked for in writing")
    first, last = store.history("measurement", 2)
    assert (first.action, first.user, first.redacted) == ("add", "ann", True)
    assert (last.action, last.after["file"]) == ("erase", "(erased)")


@pytest.mark.parametrize("corrected", [False, True])
def test_an_import_whose_file_named_an_erased_patient_can_still_be_undone(
    store, two_in_one_file, problems, corrected
):
    store.import_batch(*two_in_one_file("PSEUDONYM-77.csv"), answers={})
    if corrected:
        store.correct("measurement", 2, {"note": "seen"}, reason="seen", expected_version=1)
    store.erase_patient("PSEUDONYM-77", "asked for in writing")
    assert store.undo_import(1, including_edited=corrected).taken_out == 3
    assert store.measurements() == []
    assert problems() == []
