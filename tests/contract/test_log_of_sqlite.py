"""SQLite's write-ahead log: who folds it into the file, when, and what an erasure leaves in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sm_tracker.store import Actor, RecordStore, database_state, open_store, write_lock

ADMIN = Actor("ann", "dermatology", "admin")


def every_byte(path):
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")))


@pytest.fixture
def path(sqlite_address):
    return Path(sqlite_address.owner.removeprefix("sqlite:///"))


@pytest.fixture
def store(sqlite_address):
    with open_store(sqlite_address.owner) as database:
        yield RecordStore(database, ADMIN)


@pytest.fixture
def somebody_reads(path, store, reading):
    """Another program that looks at the state in which the patient still stands."""
    store.add(reading(2.1, patient_id="PSEUDONYM-77", note="weeping lesion " * 250))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM measurement").fetchone()
    yield reader
    reader.close()


def test_an_erasure_says_that_the_log_is_not_yet_overwritten_while_somebody_reads_it(
    path, store, somebody_reads
):
    assert not store.erase_patient("PSEUDONYM-77", "asked for in writing").overwritten
    assert b"weeping" in every_byte(path)
    assert any("erasure" in w for w in database_state(f"sqlite:///{path}").warnings)
    assert b"weeping" in every_byte(path)


@pytest.mark.parametrize("later", ["a change", "another process's change", "asked how it is"])
def test_what_an_erasure_left_is_overwritten_as_soon_as_nobody_reads_it(
    path, store, somebody_reads, later, reading
):
    store.erase_patient("PSEUDONYM-77", "asked for in writing")
    somebody_reads.execute("COMMIT")
    if later == "a change":
        store.add(reading(1.1, patient_id="B2"))
    elif later == "another process's change":
        with open_store(f"sqlite:///{path}") as other:
            RecordStore(other, ADMIN).add(reading(1.1, patient_id="B2"))
    else:
        state = database_state(f"sqlite:///{path}")
        assert [w for w in state.warnings if "erasure" in w] == []
    assert b"weeping" not in every_byte(path)
    assert b"PSEUDONYM" not in every_byte(path)


def test_an_erasure_that_nobody_disturbs_is_overwritten_at_once(path, store, reading):
    store.add(reading(2.1, patient_id="PSEUDONYM-77", note="weeping lesion " * 250))
    assert store.erase_patient("PSEUDONYM-77", "asked for in writing").overwritten
    assert b"weeping" not in every_byte(path)


def test_the_health_check_names_the_version_of_sqlite_and_its_fault(sqlite_address, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    told = " ".join(database_state(sqlite_address.owner).warnings)
    assert ("3.51.2" in told) == write_lock.has_wal_reset_fault()
    assert (sqlite3.sqlite_version in told) == write_lock.has_wal_reset_fault()


def test_the_log_is_folded_by_the_one_who_stands_at_the_head_of_the_line_and_by_nobody_else(
    path, store, reading, monkeypatch
):
    folded = []
    true_fold = write_lock.fold_log
    monkeypatch.setattr(
        "sm_tracker.store.database.fold_log",
        lambda *a, **k: folded.append(true_fold(*a, **k)) or folded[-1],
    )
    with store.database.connection(writing=True) as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
    long = "word " * 790
    edits = [reading(2.0, site=f"site {n}", note=long) for n in range(600)]
    from sm_tracker.store import Addition

    store.save_edits([Addition(r) for r in edits])
    assert folded == [True]
    assert write_lock.log_size(path) == 0


def test_nobody_folds_the_log_while_another_writes(path, store):
    with store.database.connection(writing=True):
        other = sqlite3.connect(path, isolation_level=None)
        assert not write_lock.fold_log(other, path, wait_ms=50)
        other.close()
