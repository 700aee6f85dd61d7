"""Versions of the tables: one set of migrations for both databases, forwards with a backup."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

from benchmarks.local_postgresql import OWNER
from sm_tracker.domain.records import OutcomeReading, TherapyPeriod
from sm_tracker.errors import StoreError
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.store import (
    Actor,
    ImportedFile,
    RecordStore,
    database_state,
    make_tables,
    open_store,
    restore_backup,
    upgrade_database_tables,
    verify,
)
from sm_tracker.store.address import parsed_address
from sm_tracker.store.copying import copy_rows
from sm_tracker.store.database import REVISIONS, engines
from sm_tracker.store.migrate import alembic_configuration, migrate_tables
from sm_tracker.store.schema import Base

ADMIN = Actor("ann", "dermatology", "admin")
# Rows that the program wrote while the tables had version 0004: an import of three files, a
# correction, two entries by hand and the erasure of the second patient.
OLD_STORE = json.loads((Path(__file__).parent / "kept" / "store_of_version_0004.json").read_text())
LAST_NUMBERS = {"patient": 2, "measurement": 6, "therapy_period": 3, "outcome_reading": 3}


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request, tmp_path):
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite3'}"
        return
    server = request.getfixturevalue("server")
    name = server.create_database()
    yield server.url(name, OWNER)
    server.drop_database(name)


@pytest.fixture
def old_url(bare_url):
    """A store of the first version with one patient of one clinic."""
    migrate_tables(parsed_address(bare_url), REVISIONS[0])
    with (
        engines(parsed_address(bare_url)) as database,
        database.connection(writing=True) as connection,
    ):
        connection.execute(text("INSERT INTO clinic VALUES ('dermatology', '2026-01-01')"))
        connection.execute(
            text("INSERT INTO patient (clinic, code) VALUES ('dermatology', 'OLD-1')")
        )
    return bare_url


def test_the_migrations_make_the_tables_the_program_works_with(address):
    with open_store(address.owner) as database, database.connection() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
        assert differences == []


def test_the_rules_of_the_tables_are_those_of_the_program(address):
    with open_store(address.owner) as database, database.connection() as connection:
        for table in Base.metadata.sorted_tables:
            held = {c["name"] for c in inspect(connection).get_check_constraints(table.name)}
            wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert held == wanted


def test_the_versions_known_without_alembic_are_those_of_the_migrations():
    script = ScriptDirectory.from_config(alembic_configuration())
    assert tuple(s.revision for s in reversed(list(script.walk_revisions()))) == REVISIONS


def test_a_database_without_tables_is_told_apart_from_a_missing_one(bare_url):
    if bare_url.startswith("sqlite"):
        with pytest.raises(StoreError, match="no database yet"):
            open_store(bare_url)
        Path(bare_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(StoreError, match=r"no tables of SM Tracker.*db init"):
        open_store(bare_url)


def test_two_programs_that_start_at_once_make_the_tables_once(bare_url):
    failures = []

    def start():
        try:
            make_tables(bare_url).close()
        except StoreError as error:
            failures.append(str(error))

    starters = [threading.Thread(target=start) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert failures == []
    with open_store(bare_url) as database:
        assert verify(database).passed


def test_an_older_database_is_refused_and_says_how_to_go_on(old_url):
    with pytest.raises(StoreError, match=r"older than this program.*db upgrade"):
        open_store(old_url)
    with pytest.raises(StoreError, match="older"):
        make_tables(old_url)


def test_a_newer_database_is_refused_and_left_as_it_is(address):
    address.run("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (open_store, make_tables):
        with pytest.raises(StoreError, match="newer than this program"):
            attempt(address.owner)
    with pytest.raises(StoreError, match="newer"):
        upgrade_database_tables(address.owner, backup_folder=None)
    assert "newer" in database_state(address.owner).problems[0]


def test_an_upgrade_backs_up_first_and_keeps_the_rows(old_url, tmp_path, reading):
    done = upgrade_database_tables(old_url, tmp_path / "backups")
    assert (done.before, done.after) == (REVISIONS[0], REVISIONS[-1])
    with open_store(old_url) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1, patient_id="OLD-1"))
        assert [p.code for p in store.patients()] == ["OLD-1"]
    assert done.backup.parent == tmp_path / "backups"


def test_the_backup_of_an_upgrade_can_be_restored_and_is_brought_up_to_date(
    old_url, tmp_path, reading
):
    made = upgrade_database_tables(old_url, tmp_path / "backups").backup
    # A patient from before the audit trail is unknown to it, and verification says so.
    with pytest.raises(StoreError, match="patient 1 of clinic dermatology is unknown"):
        restore_backup(made, f"sqlite:///{tmp_path / 'r.sqlite3'}")


def test_an_upgrade_of_a_present_database_does_nothing(address, tmp_path):
    done = upgrade_database_tables(address.owner, tmp_path / "backups")
    assert (done.before, done.after, done.backup) == (REVISIONS[-1], REVISIONS[-1], None)
    assert not (tmp_path / "backups").exists()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(old_url, tmp_path, monkeypatch):
    from sm_tracker.store.migrations.versions import v0003_row_level_security as last

    def broken():
        raise OSError("pulled plug")

    monkeypatch.setattr(last.op, "get_bind", broken)
    with pytest.raises(OSError, match="pulled plug"):
        upgrade_database_tables(old_url, tmp_path / "backups")
    monkeypatch.undo()
    with engines(parsed_address(old_url)) as database, database.connection() as connection:
        assert not inspect(connection).has_table("audit_entry")
    assert upgrade_database_tables(old_url, tmp_path / "again").after == REVISIONS[-1]


def test_the_tables_of_another_program_are_left_alone(bare_url):
    if bare_url.startswith("sqlite"):
        Path(bare_url.removeprefix("sqlite:///")).touch()
    with (
        engines(parsed_address(bare_url)) as database,
        database.connection(writing=True) as connection,
    ):
        connection.execute(text("CREATE TABLE invoices (number INTEGER)"))
    with pytest.raises(StoreError, match="belongs to another program"):
        make_tables(bare_url)


@pytest.fixture
def url_of_0004(bare_url, tmp_path):
    """A store as the program left it before doubts, tags and weeks were known."""
    file = f"sqlite:///{tmp_path / 'version_0004.sqlite3'}"
    migrate_tables(parsed_address(file), "0004")
    with (
        engines(parsed_address(file), foreign_keys=False) as database,
        database.connection(writing=True) as connection,
    ):
        guards = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).all()
        for name, _ in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for name, rows in OLD_STORE["tables"].items():
            columns = ", ".join(f'"{c}"' for c in rows[0])
            places = ", ".join(f":{c}" for c in rows[0])
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), rows)
        for name, last in LAST_NUMBERS.items():
            given = {"name": name, "last": last}
            connection.execute(
                text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"), given
            )
        for _, sql in guards:
            connection.exec_driver_sql(sql)
    if bare_url.startswith("sqlite"):
        return file
    migrate_tables(parsed_address(bare_url), "0004")
    with (
        engines(parsed_address(file)) as source,
        source.connection() as here,
        engines(parsed_address(bare_url)) as target,
        target.connection(writing=True) as there,
    ):
        copy_rows(here, there)
    return bare_url


@pytest.fixture
def upgraded(url_of_0004, tmp_path):
    """The same store after the upgrade, as its administrator sees it."""
    upgrade_database_tables(url_of_0004, tmp_path / "backups")
    with open_store(url_of_0004) as database:
        yield RecordStore(database, ADMIN)


def test_a_store_of_the_version_before_verifies_after_its_upgrade(upgraded):
    assert verify(upgraded.database).problems == []
    assert len(upgraded.measurements()) == 5
    assert {r.doubt for r in (*upgraded.measurements(), *upgraded.outcomes())} == {""}
    assert {p.starts_by for p in upgraded.therapies()} == {None}


def test_the_backup_made_before_the_upgrade_is_restored_and_brought_up_to_date(
    url_of_0004, tmp_path
):
    made = upgrade_database_tables(url_of_0004, tmp_path / "backups").backup
    again = f"sqlite:///{tmp_path / 'again.sqlite3'}"
    restore_backup(made, again)
    with open_store(again) as database:
        assert verify(database).passed
        assert len(RecordStore(database, ADMIN).measurements()) == 5


def test_rows_of_the_version_before_are_known_again_in_a_longer_file(upgraded):
    texts = dict(OLD_STORE["files"])
    texts["measurements.csv"] = (
        texts["measurements.csv"].replace("V4-2,2024-02-01,forearm,right,1.30,,\n", "")
        + "V4-1,2024-12-03,calf,left,1.70,,1\n"
    )
    files = [SourceFile(name, text.encode()) for name, text in texts.items()]
    result = read_sources(files, today=dt.date(2026, 11, 1))
    preview = upgraded.preview_import(result, [ImportedFile.of(f.name, f.content) for f in files])
    assert (len(preview.added), len(preview.changed)) == (1, 0)
    assert (len(preview.unchanged), len(preview.corrected)) == (8, 1)


def test_an_import_of_the_version_before_is_undone_whole(upgraded):
    assert upgraded.undo_import(1, including_edited=True).taken_out == 9
    assert upgraded.measurements() == []
    assert verify(upgraded.database).problems == []


def test_the_number_of_an_erased_record_is_not_given_again_after_an_upgrade(upgraded, reading):
    numbers = {
        upgraded.add(reading(1.9)).record_id,
        upgraded.add(TherapyPeriod(patient_id="A1", therapy="ECP", start=dt.date(2024, 1, 1),
                                   end_status="unknown")).record_id,
    }  # fmt: skip
    assert numbers == {7, 4}


def test_an_upgraded_store_takes_doubts_tags_weeks_and_unknown_directions(upgraded, reading):
    day = dt.date(2024, 6, 3)
    kept = [
        reading(0.21, doubt="open", doubt_reason="far_from_series"),
        TherapyPeriod(
            patient_id="A1", therapy="IVIG", start=day, end_status="ongoing",
            date_precision="week", end_date_precision="quarter", dates_derived=True,
            starts_after=dt.date(2024, 5, 6), starts_by=day,
        ),
        TherapyPeriod(
            patient_id="D1", therapy="IVIG", start_day=-3, end_status="ended", end_day=40,
            dates_derived=True, starts_by=-3, ends_after=40, ends_by=60,
        ),
        OutcomeReading(patient_id="A1", outcome="IgG", value=999, date=day, doubt="confirmed"),
    ]  # fmt: skip
    held = [upgraded.add(record) for record in kept]
    assert [upgraded.one(h.entity, h.record_id).record for h in held] == kept
    tables = upgraded.records(["D1"]).therapies
    assert tables[["starts_after", "starts_by", "ends_by"]].to_numpy().tolist() == [
        ["", "-3", "60"]
    ]
    assert verify(upgraded.database).problems == []


def test_a_doubt_that_is_taken_away_behind_the_program_is_found(address, problems, store, reading):
    store.add(reading(0.21, doubt="open", doubt_reason="far_from_series"))
    address.run("UPDATE measurement SET doubt = '', doubt_reason = ''")
    assert [kind for kind, _ in problems()] == ["tampered"]
