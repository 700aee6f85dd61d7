"""The audit trail: nobody rewrites it unseen, and verification says which row was touched."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sm_tracker.domain.settings import Settings
from sm_tracker.errors import StoreError
from sm_tracker.store import Actor, AuditAnchor, RecordStore, open_store, verify
from sm_tracker.store.guards import AS_MADE, trigger_fingerprints

ENTRY = "WHERE clinic = 'dermatology' AND seq ="


@pytest.fixture
def trail(store, reading, course, file_of):
    """Seven entries: an import, a correction, and settings."""
    store.import_batch(*file_of(reading(2.1), reading(1.9, site="hand"), course()))
    store.correct("measurement", 1, {"thickness_mm": 2.2}, reason="slip", expected_version=1)
    store.save_settings(Settings(lag_days=14), "as agreed")
    return store.audit_trail()


REFUSED = [
    "UPDATE audit_entry SET by_user = 'somebody'",
    "UPDATE audit_entry SET reason = NULL",
    "UPDATE audit_entry SET before = NULL, after = NULL, reason = NULL, salt = NULL, "
    "redacted_by = 6",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE seq = 6",
    "UPDATE audit_head SET entries = 6",
    "UPDATE audit_head SET entries = 8, entry_hash = 'x'",
    "DELETE FROM audit_head",
    "DELETE FROM measurement",
    "DELETE FROM therapy_period",
    "DELETE FROM patient",
    "DELETE FROM import_batch",
    "DELETE FROM clinic",
    "UPDATE saved_settings SET content = '{}'",
    "INSERT INTO audit_entry (clinic, seq, at, by_user, action, entity, entity_id, content_hash, "
    "previous_hash, entry_hash) SELECT clinic, 9, at, by_user, action, entity, entity_id, "
    "content_hash, previous_hash, entry_hash FROM audit_entry WHERE seq = 6",
]


def test_the_database_itself_refuses(address, trail, problems):
    with open_store(address.owner) as database:
        for statement in REFUSED:
            with pytest.raises(StoreError, match="sm_tracker: "):
                run(database, statement)
            assert problems() == [], statement


def run(database, statement):
    """One statement as the owner of the tables sends it, past the program."""
    with database.connection(writing=True) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("table", ["audit_entry", "audit_head", "measurement", "patient"])
def test_postgresql_refuses_to_empty_a_table(postgresql_address, table):
    with (
        open_store(postgresql_address.owner) as database,
        pytest.raises(StoreError, match="TRUNCATE"),
        database.connection(writing=True) as connection,
    ):
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_the_application_account_cannot_move_the_head_or_drop_a_guard(postgresql_address, reading):
    for statement in (
        "UPDATE audit_head SET entries = 0",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET by_user = 'x'",
        "UPDATE saved_settings SET content = '{}'",
    ):
        with (
            open_store(postgresql_address.application) as database,
            pytest.raises(StoreError, match="refused the change"),
            database.connection(writing=True) as connection,
        ):
            connection.execute(text(statement))


def test_a_replaced_row_does_not_slip_past_the_guards_of_sqlite(sqlite_address, reading):
    with open_store(sqlite_address.owner) as database:
        RecordStore(database, Actor("ann", "dermatology", "admin")).add(reading(2.1))
        with (
            pytest.raises(StoreError, match="must follow the last one"),
            database.connection(writing=True) as connection,
        ):
            connection.execute(
                text("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 1")
            )


def test_an_untouched_store_verifies(trail, problems):
    assert problems() == []


TAMPERING = {
    "a changed value": (
        "UPDATE measurement SET thickness_mm = 1.1 WHERE id = 2",
        ("tampered", "measurement 2 of clinic dermatology differs from what the audit trail says"),
    ),
    "a changed session or note": (
        "UPDATE therapy_period SET note = 'x'",
        (
            "tampered",
            "therapy period 1 of clinic dermatology differs from what the audit trail says",
        ),
    ),
    "a removed row": (
        "DELETE FROM measurement WHERE id = 2",
        ("missing", "measurement 2 of clinic dermatology is gone"),
    ),
    "a changed author": (
        f"UPDATE audit_entry SET by_user = 'eve' {ENTRY} 4",
        ("tampered", "audit entry 4 of clinic dermatology was changed"),
    ),
    "a changed content": (
        f"UPDATE audit_entry SET after = replace(after, '1.9', '1.2') {ENTRY} 4",
        ("tampered", "the content of audit entry 4 of clinic dermatology was changed"),
    ),
    "a changed reason": (
        f"UPDATE audit_entry SET reason = 'other' {ENTRY} 6",
        ("tampered", "the content of audit entry 6 of clinic dermatology was changed"),
    ),
    "a removed entry": (
        f"DELETE FROM audit_entry {ENTRY} 3",
        ("missing", "audit entry 3 of clinic dermatology is missing"),
    ),
    "a cut-off end": (
        "DELETE FROM audit_entry WHERE seq > 4",
        ("truncated", "the audit trail of clinic dermatology ends at entry 4, and 7 were written"),
    ),
    "an emptied trail": (
        "DELETE FROM audit_entry",
        ("truncated", "the audit trail of clinic dermatology ends at entry 0, and 7 were written"),
    ),
    "a moved head": (
        "UPDATE audit_head SET entry_hash = 'x'",
        ("tampered", "the audit head of clinic dermatology is not that of its last entry"),
    ),
    "a removed head": (
        "DELETE FROM audit_head",
        ("missing", "the audit head of clinic dermatology is missing"),
    ),
    "a blanking without an erasure": (
        "UPDATE audit_entry SET before = NULL, after = NULL, reason = NULL, salt = NULL, "
        f"redacted_by = 6 {ENTRY} 5",
        ("tampered", "audit entry 5 of clinic dermatology was blanked without an erasure"),
    ),
}


@pytest.mark.parametrize("deed", TAMPERING)
def test_verification_names_what_was_tampered_with(address, trail, problems, deed):
    statement, found = TAMPERING[deed]
    address.run(statement)
    assert found in problems()


def test_exchanged_entries_are_found(address, trail, problems):
    address.run(
        f"UPDATE audit_entry SET seq = 100 {ENTRY} 3",
        f"UPDATE audit_entry SET seq = 3 {ENTRY} 4",
        f"UPDATE audit_entry SET seq = 4 {ENTRY} 100",
    )
    assert {kind for kind, _ in problems()} >= {"reordered", "tampered"}


def test_a_row_that_the_trail_does_not_know_is_found(address, trail, problems):
    columns = (
        "clinic, patient_key, version, mark, mark_reason, imported_digest, note, file, sheet, "
        "date, site, side, layer, thickness_mm, qualifier, status, device, examiner, "
        "approximate, site_text"
    )
    address.run(
        f"INSERT INTO measurement ({columns}) SELECT {columns} FROM measurement WHERE id = 2"
    )
    assert problems() == [
        ("unaudited", "measurement 3 of clinic dermatology is unknown to the audit trail")
    ]


@pytest.mark.parametrize("value", ["'not a date'", "x'00ff'"])
def test_a_value_that_no_column_can_hold_is_found_in_sqlite(sqlite_address, reading, value):
    with open_store(sqlite_address.owner) as database:
        RecordStore(database, Actor("ann", "dermatology", "admin")).add(reading(2.1))
        sqlite_address.run(f"UPDATE measurement SET beyond_limits = TRUE, date = {value}")
        assert [p.what for p in verify(database).problems] == [
            "measurement 1 of clinic dermatology differs from what the audit trail says"
        ]


def test_a_guard_that_was_taken_away_is_named(address, trail, problems):
    on = "" if address.kind == "sqlite" else " ON audit_entry"
    with open_store(address.owner) as database, database.connection(writing=True) as connection:
        connection.execute(text(f"DROP TRIGGER audit_entry_no_delete{on}"))
    assert problems() == [("guard", "the guard audit_entry_no_delete is missing or switched off")]


def test_the_guards_of_a_new_store_are_those_that_verification_knows(address):
    with open_store(address.owner) as database, database.connection() as connection:
        assert trigger_fingerprints(connection) == AS_MADE[address.kind]


def test_a_guard_that_was_exchanged_for_an_empty_one_is_named(address, trail, problems):
    if address.kind == "sqlite":
        statements = (
            "DROP TRIGGER audit_entry_no_delete",
            "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
            "WHEN 0 BEGIN SELECT 1; END",
        )
    else:
        statements = (
            "CREATE OR REPLACE FUNCTION sm_never() RETURNS trigger LANGUAGE plpgsql "
            "AS $guard$ BEGIN RETURN OLD; END $guard$",
        )
    with open_store(address.owner) as database, database.connection(writing=True) as connection:
        for statement in statements:
            connection.execute(text(statement))
    assert (
        "guard",
        "the guard audit_entry_no_delete is not as the program made it",
    ) in problems()


def test_a_trigger_of_somebody_else_is_named(sqlite_address):
    with open_store(sqlite_address.owner) as database:
        with database.connection(writing=True) as connection:
            connection.execute(
                text(
                    "CREATE TRIGGER thinner AFTER INSERT ON measurement BEGIN UPDATE measurement "
                    "SET thickness_mm = 1 WHERE id = NEW.id; END"
                )
            )
        assert [p.what for p in verify(database).problems] == [
            "the trigger thinner is none of the program's"
        ]


def test_a_guard_or_wall_that_was_switched_off_is_named(postgresql_address):
    with open_store(postgresql_address.owner) as database:
        with database.connection(writing=True) as connection:
            connection.execute(
                text("ALTER TABLE measurement DISABLE TRIGGER measurement_no_delete")
            )
            connection.execute(text("ALTER TABLE outcome_reading DISABLE ROW LEVEL SECURITY"))
        assert [p.what for p in verify(database).problems] == [
            "the guard measurement_no_delete is missing or switched off",
            "row-level security of outcome_reading is switched off",
        ]


def test_a_trail_rebuilt_from_the_start_is_found_by_an_anchor_kept_elsewhere(
    address, store, reading
):
    store.add(reading(2.1))
    with open_store(address.owner) as database:
        (anchor,) = verify(database).anchors
    kept = str(anchor)
    # Whoever owns the file forgets everything and writes an orderly story of their own.
    tables = ("audit_entry", "audit_head", "measurement", "patient", "clinic")
    address.run(*(f"DELETE FROM {t}" for t in tables))
    store.add(reading(1.0))
    with open_store(address.owner) as database:
        assert verify(database).passed
        found = verify(database, [AuditAnchor.parse(kept)]).problems
    assert [p.kind for p in found] == ["tampered"]


def test_an_anchor_of_an_honest_trail_holds_for_ever(address, store, reading):
    store.add(reading(2.1))
    with open_store(address.owner) as database:
        anchors = verify(database).anchors
        store.add(reading(1.9, site="hand"))
        assert verify(database, anchors).passed


def test_an_anchor_beyond_the_end_shows_a_cut_trail(address, store, reading):
    store.add(reading(2.1))
    with open_store(address.owner) as database:
        found = verify(database, [AuditAnchor("dermatology", 9, "a" * 64)]).problems
    assert [p.kind for p in found] == ["truncated"]


@pytest.mark.parametrize("words", ["", "5", "x:y:z", "5:abc:dermatology"])
def test_what_is_no_anchor_is_refused(words):
    with pytest.raises(StoreError, match="anchor"):
        AuditAnchor.parse(words)


def test_each_clinic_has_a_chain_of_its_own(address, store_of, reading, problems):
    store_of().add(reading(2.1))
    store_of(clinic="surgery").add(reading(3.1))
    store_of().add(reading(1.9, site="hand"))
    address.run("UPDATE audit_entry SET by_user = 'eve' WHERE clinic = 'surgery' AND seq = 2")
    assert problems() == [("tampered", "audit entry 2 of clinic surgery was changed")]


def test_the_application_account_cannot_pretend_to_verify_everything(postgresql_address):
    with (
        open_store(postgresql_address.application) as database,
        pytest.raises(StoreError, match="sees one clinic only"),
    ):
        verify(database)


ENTRIES = (
    "INSERT INTO audit_entry (clinic, seq, at, by_user, action, entity, entity_id, content_hash, "
    "previous_hash, entry_hash) SELECT clinic, seq + 7, at, by_user, action, entity, entity_id, "
    "content_hash, {previous}, entry_hash FROM audit_entry WHERE seq <= 3 {besides}"
)
SEVERAL_AT_ONCE = {
    "entries that each follow the wrong one": ENTRIES.format(previous="previous_hash", besides=""),
    "a gap between entries": ENTRIES.format(previous="previous_hash", besides="AND seq <> 2"),
    "an end that does not follow": ENTRIES.format(
        previous="CASE seq WHEN 1 THEN (SELECT entry_hash FROM audit_head) "
        "WHEN 2 THEN previous_hash ELSE 'x' END",
        besides="",
    ),
}


@pytest.mark.parametrize("attempt", SEVERAL_AT_ONCE)
def test_several_entries_in_one_statement_must_follow_each_other(address, trail, problems, attempt):
    with open_store(address.owner) as database, pytest.raises(StoreError, match="must follow"):
        run(database, SEVERAL_AT_ONCE[attempt])
    assert problems() == []


def test_a_temporary_table_of_the_same_name_does_not_fool_the_guards(postgresql_address, reading):
    with open_store(postgresql_address.application) as database:
        RecordStore(database, Actor("ann", "dermatology", "admin")).add(reading(2.1))
        with database.session("dermatology", writing=True) as session:
            session.execute(text("CREATE TEMP TABLE audit_head AS SELECT * FROM audit_head"))
            session.execute(text("UPDATE pg_temp.audit_head SET entries = 98"))
            with pytest.raises(DBAPIError, match="must follow the last one"):
                session.execute(text(OUT_OF_ORDER))
            session.rollback()


OUT_OF_ORDER = (
    "INSERT INTO public.audit_entry (clinic, seq, at, by_user, action, entity, entity_id, "
    "content_hash, previous_hash, entry_hash) SELECT clinic, 99, at, by_user, action, entity, "
    "entity_id, content_hash, entry_hash, 'x' FROM public.audit_entry WHERE seq = 2"
)
