"""What `db verify` promises to see, each attacked with the guards off, and what it remarks."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import inspect

from sm_tracker.store import Actor, RecordStore, open_store, verify
from sm_tracker.store.schema import Base
from sm_tracker.store.table_rules import AS_MADE, table_fingerprints

ADMIN = Actor("ann", "dermatology", "admin")


@pytest.fixture
def filled(store, reading, file_of):
    """An import of two patients with answers, and answers remembered for its header."""
    result, files = file_of(reading(2.1), reading(1.5, patient_id="B2"), name="of two.csv")
    store.import_batch(result, files, answers={"unit": "mm"})
    store.remember_answers("sig", {"unit": "mm"})
    return store


BESIDE_THE_RECORDS = {
    "remembered answers": ("UPDATE remembered_answers SET answers = '{}'", "tampered"),
    "who gave them": ("UPDATE remembered_answers SET saved_by = 'eve'", "tampered"),
    "removed answers": ("DELETE FROM remembered_answers", "missing"),
    "added answers": (
        "INSERT INTO remembered_answers (clinic, signature, answers, saved_at, saved_by, salt) "
        "VALUES ('dermatology', 'other', '{}', '2026', 'ann', '')",
        "unaudited",
    ),
    "answers of an import": ("UPDATE import_batch SET answers = '{}'", "tampered"),
    "findings of an import": ("UPDATE import_batch SET findings = '[{}]'", "tampered"),
    "the salt of its digest": ("UPDATE import_batch SET salt = ''", "tampered"),
    "the name of a file": ("UPDATE import_file SET name = 'x.csv'", "tampered"),
    "a file": ("DELETE FROM import_file", "tampered"),
    "a link to a patient": ("DELETE FROM import_patient WHERE patient_key = 2", "tampered"),
    "when it was imported": ("UPDATE import_batch SET imported_at = '2020'", "tampered"),
}


@pytest.mark.parametrize("attack", BESIDE_THE_RECORDS)
def test_what_came_with_an_import_or_is_remembered_cannot_be_changed_unseen(
    address, filled, problems, attack
):
    assert problems() == []
    statement, kind = BESIDE_THE_RECORDS[attack]
    address.run(statement)
    assert kind in {found for found, _ in problems()}


def test_the_tables_are_as_the_program_makes_them(address):
    with open_store(address.owner) as database, database.connection() as connection:
        made = table_fingerprints(connection)
    assert made == AS_MADE[address.kind]
    assert set(made) == set(Base.metadata.tables)


def rules_of(address):
    with open_store(address.owner) as database, database.connection() as connection:
        return [
            (table, rule["name"])
            for table in Base.metadata.tables
            for rule in inspect(connection).get_check_constraints(table)
        ]


def test_a_dropped_rule_of_any_table_is_seen(new_address, problems_of):
    every = rules_of(new_address("postgresql"))
    assert len(every) > 30
    address = new_address("postgresql")
    for table, rule in every:
        address.run(f'ALTER TABLE {table} DROP CONSTRAINT "{rule}"')
    told = problems_of(address)
    for table in {table for table, _ in every}:
        assert any(f"table {table} has not" in words for _, words in told), table


def test_a_rule_of_sqlite_that_is_made_to_let_all_pass_is_seen(new_address, problems_of):
    for table, rule in rules_of(new_address("sqlite")):
        address = new_address("sqlite")
        address.run(
            "PRAGMA writable_schema = ON",
            f"UPDATE sqlite_master SET sql = replace(sql, 'CONSTRAINT {rule} CHECK (', "
            f"'CONSTRAINT {rule} CHECK (1 OR ') WHERE name = '{table}'",
            f"UPDATE sqlite_master SET sql = replace(sql, 'CONSTRAINT \"{rule}\" CHECK (', "
            f"'CONSTRAINT \"{rule}\" CHECK (1 OR ') WHERE name = '{table}'",
        )
        told = problems_of(address)
        assert any(f"table {table} has not" in words for _, words in told), (table, rule)


@pytest.fixture
def problems_of():
    def find(address):
        with open_store(address.owner) as opened:
            return [(p.kind, p.what) for p in verify(opened).problems]

    return find


def test_times_that_run_back_are_reported_and_are_no_problem(address, database, reading):
    moments = iter(dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in (1, 2, 5, 3, 6))
    store = RecordStore(database, ADMIN, clock=lambda: next(moments))
    for number in range(5):
        store.add(reading(2.0, site=f"site {number}"))
    with open_store(address.owner) as opened:
        found = verify(opened)
    assert found.passed
    assert [str(r) for r in found.remarks] == [
        "audit entry 5 of clinic dermatology is dated before the one it follows: the clock was "
        "set back, or the entry was dated back"
    ]


def test_what_an_erasure_blanks_beside_the_records_still_verifies(filled, problems):
    filled.erase_patient("B2", "asked for in writing")
    assert problems() == []
