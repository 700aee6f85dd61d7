"""Events in the store: they are kept, found, corrected, undone, erased and backed up as records."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import text

from sm_tracker.domain.records import Event
from sm_tracker.domain.tables import events_frame
from sm_tracker.errors import MixedTimeError, RecordError, StoreError
from sm_tracker.store import RecordStore, open_store, restore_backup, verify, write_backup
from sm_tracker.store.database import engines, parsed_address
from sm_tracker.store.migrate import migrate_tables

DAY = dt.date(2024, 3, 5)
BIOPSY = Event(patient_id="A1", date=DAY, event="Stanzbiopsie Unterarm re.", kind="biopsy")
VAGUE = Event(
    patient_id="A1", date=dt.date(2023, 7, 1), event="flood in the house",
    date_precision="quarter", note="told by the patient",
)  # fmt: skip


def test_an_event_comes_back_from_the_store_as_it_went_in(store):
    for event in (BIOPSY, VAGUE):
        store.add(event)
    assert store.events() == [BIOPSY, VAGUE]
    assert store.records().events.equals(events_frame([BIOPSY, VAGUE]))


def test_a_patient_of_whom_only_an_event_is_known_is_in_the_list(store):
    store.add(BIOPSY)
    (patient,) = store.patients()
    assert (patient.code, patient.n_events, patient.n_measurements) == ("A1", 1, 0)


def test_a_correction_a_removal_and_their_history_are_kept(store):
    held = store.add(BIOPSY)
    store.correct(
        "clinical_event", held.record_id, {"kind": "surgery"}, reason="excision",
        expected_version=1,
    )  # fmt: skip
    store.mark_removed("clinical_event", held.record_id, reason="other patient", expected_version=2)
    assert store.events() == []
    history = store.history("clinical_event", held.record_id)
    assert [e.action for e in history] == ["add", "correct", "remove"]
    assert history[1].changes["kind"] == ("biopsy", "surgery")


def test_the_same_file_again_adds_no_event_and_undoing_its_import_takes_it_out(store, file_of):
    result, files = file_of(BIOPSY, VAGUE)
    done = store.import_batch(result, files)
    again = store.preview_import(*file_of(BIOPSY, VAGUE, name="again.csv"))
    assert (done.added, len(again.added), len(again.unchanged)) == (2, 0, 2)
    changed = dataclasses.replace(BIOPSY, note="with histology")
    differing = store.preview_import(*file_of(changed, name="later.csv"))
    assert [c.fields for c in differing.changed] == [("note",)]
    store.undo_import(done.batch_id)
    assert store.events() == []


def test_an_erased_patient_leaves_no_event(store, problems):
    store.add(BIOPSY)
    store.add(dataclasses.replace(VAGUE, patient_id="B2"))
    assert store.erase_patient("A1", "asked for").records == 1
    assert [e.patient_id for e in store.events()] == ["B2"]
    assert "Stanzbiopsie" not in repr(store.audit_trail())
    assert problems() == []


def test_a_backup_holds_the_events(address, store, tmp_path):
    store.add(BIOPSY)
    write_backup(address.owner, tmp_path / "b.sqlite3")
    again = f"sqlite:///{tmp_path / 'again.sqlite3'}"
    restore_backup(tmp_path / "b.sqlite3", again)
    with open_store(again) as database:
        assert RecordStore(database, store.actor).events() == [BIOPSY]
        assert verify(database).problems == []


def test_an_event_that_is_changed_behind_the_program_is_found(address, store, problems):
    store.add(BIOPSY)
    address.run("UPDATE clinical_event SET event = 'photo'")
    assert [kind for kind, _ in problems()] == ["tampered"]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM clinical_event", "marked, not deleted"),
        ("UPDATE clinical_event SET kind = 'holiday'", "kind_known"),
        ("UPDATE clinical_event SET event = ''", "event_given"),
        ("UPDATE clinical_event SET day = 3", "date_or_day"),
    ],
)
def test_the_database_itself_guards_events(address, store, statement, why):
    store.add(BIOPSY)
    with (
        engines(parsed_address(address.owner)) as database,
        pytest.raises(StoreError, match=why),
        database.connection(writing=True) as connection,
    ):
        connection.execute(text(statement))


def test_an_event_on_a_day_number_is_refused_beside_readings_with_dates(store, reading):
    store.add(reading(2.1))
    with pytest.raises(MixedTimeError):
        store.add(Event(patient_id="A1", day=12, event="photo", kind="photo"))


@pytest.mark.parametrize(
    "fields", [{"event": " "}, {"kind": "holiday"}, {"date": None}, {"date_precision": "hour"}]
)
def test_an_event_that_says_nothing_or_the_impossible_is_not_made(fields):
    with pytest.raises(RecordError):
        dataclasses.replace(BIOPSY, **fields)


def test_a_store_of_the_version_before_events_takes_them_after_its_upgrade(tmp_path, address):
    url = f"sqlite:///{tmp_path / 'before.sqlite3'}"
    migrate_tables(parsed_address(url), "0006")
    with pytest.raises(StoreError, match="older than this program"):
        open_store(url)
    migrate_tables(parsed_address(url))
    with engines(parsed_address(url)) as database, database.connection() as connection:
        assert connection.execute(text("SELECT count(*) FROM clinical_event")).scalar() == 0
