"""Versions of the tables: one set of migrations for both databases, forwards with a backup."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

from benchmarks.local_postgresql import OWNER
from sm_tracker.errors import StoreError
from sm_tracker.store import (
    Actor,
    RecordStore,
    health,
    initialise,
    open_store,
    restore,
    upgrade,
    verify,
)
from sm_tracker.store.database import REVISIONS, engines, parsed
from sm_tracker.store.migrate import configuration, migrate
from sm_tracker.store.schema import Base

ADMIN = Actor("ann", "dermatology", "admin")


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
    migrate(parsed(bare_url), REVISIONS[0])
    with engines(parsed(bare_url)) as database, database.connection(writing=True) as connection:
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
    script = ScriptDirectory.from_config(configuration())
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
            initialise(bare_url).close()
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
        initialise(old_url)


def test_a_newer_database_is_refused_and_left_as_it_is(address):
    address.run("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (open_store, initialise):
        with pytest.raises(StoreError, match="newer than this program"):
            attempt(address.owner)
    with pytest.raises(StoreError, match="newer"):
        upgrade(address.owner, backup_folder=None)
    assert "newer" in health(address.owner).problems[0]


def test_an_upgrade_backs_up_first_and_keeps_the_rows(old_url, tmp_path, reading):
    done = upgrade(old_url, tmp_path / "backups")
    assert (done.before, done.after) == (REVISIONS[0], REVISIONS[-1])
    with open_store(old_url) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1, patient_id="OLD-1"))
        assert [p.code for p in store.patients()] == ["OLD-1"]
    assert done.backup.parent == tmp_path / "backups"


def test_the_backup_of_an_upgrade_can_be_restored_and_is_brought_up_to_date(
    old_url, tmp_path, reading
):
    made = upgrade(old_url, tmp_path / "backups").backup
    # A patient from before the audit trail is unknown to it, and verification says so.
    with pytest.raises(StoreError, match="patient 1 of clinic dermatology is unknown"):
        restore(made, f"sqlite:///{tmp_path / 'r.sqlite3'}")


def test_an_upgrade_of_a_present_database_does_nothing(address, tmp_path):
    done = upgrade(address.owner, tmp_path / "backups")
    assert (done.before, done.after, done.backup) == (REVISIONS[-1], REVISIONS[-1], None)
    assert not (tmp_path / "backups").exists()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(old_url, tmp_path, monkeypatch):
    from sm_tracker.store.migrations.versions import v0003_row_level_security as last

    def broken():
        raise OSError("pulled plug")

    monkeypatch.setattr(last.op, "get_bind", broken)
    with pytest.raises(OSError, match="pulled plug"):
        upgrade(old_url, tmp_path / "backups")
    monkeypatch.undo()
    with engines(parsed(old_url)) as database, database.connection() as connection:
        assert not inspect(connection).has_table("audit_entry")
    assert upgrade(old_url, tmp_path / "again").after == REVISIONS[-1]


def test_the_tables_of_another_program_are_left_alone(bare_url):
    if bare_url.startswith("sqlite"):
        Path(bare_url.removeprefix("sqlite:///")).touch()
    with engines(parsed(bare_url)) as database, database.connection(writing=True) as connection:
        connection.execute(text("CREATE TABLE invoices (number INTEGER)"))
    with pytest.raises(StoreError, match="belongs to another program"):
        initialise(bare_url)
