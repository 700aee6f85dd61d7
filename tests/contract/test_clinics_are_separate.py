"""Attacks from one clinic on another: every method of the store, and SQL behind its back."""

from __future__ import annotations

import inspect

import pytest
from sqlalchemy import text

from sm_tracker.domain.records import Event, OutcomeReading, ReadResult, TherapyPeriod
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import StoreError
from sm_tracker.store import (
    Actor,
    ImportedFile,
    LastView,
    RecordStore,
    Removal,
    database_state,
    open_store,
)
from sm_tracker.store.schema import Base

VICTIM = "victim clinic"


@pytest.fixture
def victim(store_of, reading, course, file_of):
    """Another clinic with one of everything; its first record has number 1."""
    store = store_of("vera", VICTIM)
    biopsy = Event(patient_id="A1", date=reading().date, event="biopsy", kind="biopsy")
    store.import_batch(*file_of(reading(2.1, note="of the victim"), course(), biopsy))
    store.save_settings(Settings(lag_days=14), "as agreed")
    store.remember_answers("sig", {"unit": "mm"})
    store.save_view(LastView("A1", {"sites": ["calf"]}))
    return store


def state(store):
    return (
        store.measurements(),
        store.therapies(),
        store.events(),
        store.settings(),
        store.answers_for("sig"),
        store.imports(),
        store.audit_trail(),
        store.view(),
    )


LEAKS_NOTHING = {
    "patients": lambda s: s.patients(),
    "records": lambda s: s.records(["A1"]).patients,
    "measurements": lambda s: s.measurements(["A1"]),
    "therapies": lambda s: s.therapies(["A1"]),
    "outcomes": lambda s: s.outcomes(["A1"]),
    "events": lambda s: s.events(["A1"]),
    "stored": lambda s: s.stored("measurement", ["A1"], with_removed=True),
    "audit_trail": lambda s: s.audit_trail(),
    "imports": lambda s: s.imports(),
    "settings_history": lambda s: s.settings_history(),
    "answers_for": lambda s: s.answers_for("sig"),
    "remembered_since": lambda s: s.remembered_since("sig"),
    "stated_series": lambda s: s.stated_series(["A1"]),
    "patients_of_import": lambda s: s.patients_of_import(1),
}
IS_REFUSED = {
    "one": lambda s: s.one("measurement", 1),
    "history": lambda s: s.history("measurement", 1),
    "undo_import": lambda s: s.undo_import(1),
    "findings": lambda s: s.findings(1),
    "correct": lambda s: s.correct("measurement", 1, {"note": "x"}, reason="x", expected_version=1),
    "mark_removed": lambda s: s.mark_removed("measurement", 1, reason="x", expected_version=1),
    "save_edits": lambda s: s.save_edits(
        [Removal(entity="therapy_period", record_id=1, reason="x", expected_version=1)]
    ),
    "erase_patient": lambda s: s.erase_patient("A1", "asked for"),
}
# Their answers are the attacker's own; each has a test below.
OWN_ROWS_ONLY = {
    "add",
    "import_batch",
    "preview_import",
    "settings",
    "save_settings",
    "remember_answers",
    "save_view",
    "view",
    "state_id",
    "note_access",
    "sign_in_state",
    "begin_sign_in",
    "end_sign_in",
}


def test_every_method_of_the_store_is_attacked_here():
    methods = {n for n, f in inspect.getmembers(RecordStore, inspect.isfunction) if n[0] != "_"}
    assert methods == set(LEAKS_NOTHING) | set(IS_REFUSED) | OWN_ROWS_ONLY


@pytest.mark.parametrize("method", LEAKS_NOTHING)
def test_a_query_gives_nothing_of_another_clinic(victim, store_of, method):
    assert len(LEAKS_NOTHING[method](store_of("eve", "attacker"))) == 0


@pytest.mark.parametrize("method", IS_REFUSED)
def test_another_clinics_record_cannot_be_reached_by_its_number_or_code(victim, store_of, method):
    before = state(victim)
    with pytest.raises(StoreError, match="There is no"):
        IS_REFUSED[method](store_of("eve", "attacker"))
    assert state(victim) == before


def test_the_same_codes_files_and_signatures_in_two_clinics_do_not_meet(
    victim, store_of, reading, course, file_of
):
    before = state(victim)
    attacker = store_of("vera", "attacker")
    same = file_of(reading(2.1, note="of the victim"), course())
    assert attacker.preview_import(*same).earlier is None
    assert len(attacker.preview_import(*same).added) == 2
    assert not attacker.import_batch(*same).already_imported
    attacker.add(reading(9.9))
    attacker.save_settings(Settings(lag_days=1), "mine")
    attacker.remember_answers("sig", {"unit": "um"})
    assert attacker.view() == LastView()
    attacker.save_view(LastView("A1", {}))
    assert attacker.state_id() != victim.state_id()
    assert state(victim) == before
    assert attacker.settings().lag_days == 1


def test_settings_of_another_clinic_are_not_ours(victim, store_of):
    assert store_of("eve", "attacker").settings() == Settings()


def test_a_view_cannot_name_a_patient_of_another_clinic(victim, store_of):
    eve = store_of("eve", "attacker")
    eve.save_view(LastView("A1", {}))
    assert eve.view().patient is None


def owned_tables():
    return sorted(t.name for t in Base.metadata.sorted_tables if "clinic" in t.columns)


@pytest.mark.parametrize("table", owned_tables())
def test_row_level_security_hides_other_clinics_from_raw_sql(postgresql_address, table, reading):
    with open_store(postgresql_address.application) as database:
        fill(database, reading)
        with database.session("attacker", writing=False) as session:
            seen = session.execute(text(f"SELECT count(*) FROM {table}")).scalar()
        with database.connection() as connection:
            unnamed = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
    with open_store(postgresql_address.owner) as owner, owner.connection() as connection:
        there = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
    assert (seen, unnamed) == (0, 0)
    assert there > 0


def fill(database, reading):
    store = RecordStore(database, Actor("vera", VICTIM, "admin"))
    store.begin_sign_in("t1")
    day = reading().date
    result = ReadResult(
        outcome="accept",
        measurements=(reading(2.1),),
        events=(Event(patient_id="A1", date=day, event="biopsy", kind="biopsy"),),
        therapies=(
            TherapyPeriod(
                patient_id="A1",
                therapy="ECP",
                start=day,
                end_status="ongoing",
                session_dates=(day,),
            ),
        ),
        outcomes=(OutcomeReading(patient_id="A1", outcome="mRSS", value=9, date=day),),
    )
    store.import_batch(result, [ImportedFile.of("a.csv", b"a")])
    store.save_settings(Settings(lag_days=14), "as agreed")
    store.remember_answers("sig", {"unit": "mm"})
    store.save_view(LastView("A1", {}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE measurement SET thickness_mm = 1",
        "UPDATE patient SET code = 'stolen'",
        "UPDATE import_batch SET findings = '[]'",
        "DELETE FROM therapy_session",
        "DELETE FROM view_state",
    ],
)
def test_row_level_security_lets_no_raw_sql_change_other_clinics(
    postgresql_address, reading, statement
):
    with open_store(postgresql_address.application) as database:
        fill(database, reading)
        with database.session("attacker", writing=True) as session:
            assert session.execute(text(statement)).rowcount == 0


def test_row_level_security_lets_no_row_be_slipped_into_another_clinic(postgresql_address, reading):
    with open_store(postgresql_address.application) as database:
        fill(database, reading)
        with (
            pytest.raises(StoreError, match="refused the change"),
            database.session("attacker", writing=True) as session,
        ):
            session.execute(
                text("INSERT INTO view_state (clinic, by_user, content) VALUES (:c, 'eve', '{}')"),
                {"c": VICTIM},
            )


def test_a_record_cannot_point_at_a_patient_of_another_clinic(database, victim, store_of, reading):
    store_of("eve", "attacker").add(reading(1.0, patient_id="E5"))
    with (
        pytest.raises(StoreError, match="breaks one of its rules"),
        database.session("attacker", writing=True) as session,
    ):
        session.execute(text("UPDATE measurement SET patient_key = 1 WHERE clinic = 'attacker'"))


def test_health_says_whether_the_second_wall_stands(postgresql_address, sqlite_address):
    assert database_state(postgresql_address.application).row_level_security == "on"
    assert "owns the tables" in database_state(postgresql_address.owner).row_level_security
    assert database_state(postgresql_address.owner).warnings
    assert database_state(sqlite_address.owner).row_level_security == "not offered"
