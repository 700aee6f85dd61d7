"""Backup and restore: what was saved comes back, on either database, or nothing claims to."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from sm_tracker.errors import StoreError
from sm_tracker.store import Actor, RecordStore, open_store, restore_backup, verify, write_backup

ADMIN = Actor("ann", "dermatology", "admin")


@pytest.fixture
def filled(address, store_of, reading, course, file_of):
    """Two clinics, an undone import, an erased patient; then what a reader sees of it."""
    store = store_of()
    first = store.import_batch(*file_of(reading(2.1), course(session_dates=(reading().date,))))
    store.undo_import(first.batch_id)
    store.import_batch(*file_of(reading(2.1), course(session_dates=(reading().date,))))
    store.add(reading(3.3, patient_id="Z9"))
    store.erase_patient("Z9", "asked for")
    store_of(clinic="surgery").add(reading(1.1))
    return address


def seen(url):
    with open_store(url) as database:
        return [
            (
                s.stored("measurement", with_removed=True),
                s.therapies(),
                s.audit_trail(),
                s.imports(),
            )
            for s in (
                RecordStore(database, Actor("ann", c, "admin")) for c in ("dermatology", "surgery")
            )
        ]


def test_a_backup_is_a_store_that_can_be_opened_and_verified(filled, tmp_path):
    made = write_backup(filled.owner, tmp_path / "b.sqlite3")
    with open_store(f"sqlite:///{made.path}") as copy:
        assert verify(copy).passed
    assert seen(f"sqlite:///{made.path}") == seen(filled.owner)
    assert [a.clinic for a in made.anchors] == ["dermatology", "surgery"]


def test_a_backup_is_one_file_that_only_its_owner_reads(filled, tmp_path):
    folder = tmp_path / "backups"
    write_backup(filled.owner, folder / "b.sqlite3")
    assert sorted(p.name for p in folder.iterdir()) == ["anchors.txt", "b.sqlite3"]
    assert {p.stat().st_mode & 0o077 for p in folder.iterdir()} == {0}


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_restored_store_is_the_same_and_goes_on(filled, new_address, tmp_path, reading, target):
    write_backup(filled.owner, tmp_path / "b.sqlite3")
    url = (
        f"sqlite:///{tmp_path / 'new' / 'store.sqlite3'}"
        if target == "sqlite"
        else new_address(target).owner
    )
    restore_backup(tmp_path / "b.sqlite3", url)
    assert seen(url) == seen(filled.owner)
    with open_store(url) as database, open_store(filled.owner) as original:
        again, there = (RecordStore(d, ADMIN).add(reading(4.4)) for d in (database, original))
        assert again.record_id == there.record_id
        assert RecordStore(database, ADMIN).audit_trail(last=1)[0].seq == (
            RecordStore(original, ADMIN).audit_trail(last=1)[0].seq
        )
        assert verify(database).passed


def test_numbers_of_erased_records_stay_unused_after_a_restore(
    address, store, new_address, tmp_path, reading
):
    store.add(reading(2.1))
    store.add(reading(2.2, patient_id="Z9"))
    store.erase_patient("Z9", "asked for")
    write_backup(address.owner, tmp_path / "b.sqlite3")
    url = new_address("postgresql").owner
    restore_backup(tmp_path / "b.sqlite3", url)
    with open_store(url) as database:
        assert RecordStore(database, ADMIN).add(reading(2.3)).record_id == 3


def test_a_backup_made_while_others_write_is_whole(address, database, tmp_path, reading):
    store = RecordStore(database, ADMIN)
    store.add(reading(2.1))
    going = threading.Event()
    stop = threading.Event()

    def write():
        while not stop.is_set():
            store.save_edits_of_a_pair(reading)
            going.set()

    store.save_edits_of_a_pair = lambda make: store.save_edits(pair(make))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert going.wait(20)
        made = write_backup(address.owner, tmp_path / "b.sqlite3")
    finally:
        stop.set()
        writer.join()
    with open_store(f"sqlite:///{made.path}") as copy:
        held = RecordStore(copy, ADMIN).measurements()
    # Pairs are written together, so a copy of one moment holds an odd number with the first.
    assert len(held) % 2 == 1
    assert len(held) >= 3


def pair(make):
    from sm_tracker.store import Addition

    return [Addition(make(2.0)), Addition(make(2.0, site="hand"))]


def test_a_backup_never_overwrites(filled, tmp_path):
    (tmp_path / "b.sqlite3").write_bytes(b"precious")
    with pytest.raises(StoreError, match="exists already"):
        write_backup(filled.owner, tmp_path / "b.sqlite3")
    assert (tmp_path / "b.sqlite3").read_bytes() == b"precious"


def test_a_restore_never_overwrites(filled, tmp_path):
    made = write_backup(filled.owner, tmp_path / "b.sqlite3").path
    with pytest.raises(StoreError, match=r"holds records already|database already"):
        restore_backup(made, filled.owner)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE measurement SET thickness_mm = 9 WHERE clinic = 'surgery'", "tampered"),
        ("DELETE FROM audit_entry WHERE seq = 2", "missing"),
    ],
)
def test_a_backup_of_tampered_records_is_kept_and_says_so(filled, tmp_path, statement, kind):
    filled.run(statement)
    made = write_backup(filled.owner, tmp_path / "b.sqlite3")
    assert kind in {p.kind for p in made.problems}
    assert made.path.is_file()
    with pytest.raises(StoreError, match="does not verify"):
        restore_backup(made.path, f"sqlite:///{tmp_path / 'r.sqlite3'}")


def test_a_tampered_backup_is_not_restored(filled, tmp_path):
    made = write_backup(filled.owner, tmp_path / "b.sqlite3").path
    with sqlite3.connect(made) as raw:
        raw.execute("UPDATE measurement SET thickness_mm = 9")
    raw.close()
    with pytest.raises(StoreError, match="does not verify"):
        restore_backup(made, f"sqlite:///{tmp_path / 'r.sqlite3'}")
    assert not (tmp_path / "r.sqlite3").exists()


@pytest.mark.parametrize("content", [b"", b"this is no database " * 100])
def test_what_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "b.sqlite3").write_bytes(content)
    with pytest.raises(StoreError, match=r"no tables of SM Tracker|not an SQLite file"):
        restore_backup(tmp_path / "b.sqlite3", f"sqlite:///{tmp_path / 'r.sqlite3'}")


def test_a_missing_backup_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        restore_backup(tmp_path / "none.sqlite3", f"sqlite:///{tmp_path / 'r.sqlite3'}")


def test_the_application_account_makes_no_backup_of_one_clinic(postgresql_address, tmp_path):
    with pytest.raises(StoreError, match="sees one clinic only"):
        write_backup(postgresql_address.application, tmp_path / "b.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_running_dashboard_goes_over_to_the_restored_file(sqlite_address, reading, tmp_path):
    with open_store(sqlite_address.owner) as running:
        store = RecordStore(running, Actor("ann", "dermatology", "admin"))
        store.add(reading(2.1))
        write_backup(sqlite_address.owner, tmp_path / "kept.sqlite3")
        store.add(reading(9.9, site="hand"))
        for end in ("", "-wal", "-shm"):
            held = Path(sqlite_address.owner.removeprefix("sqlite:///") + end)
            if held.exists():
                held.rename(held.with_name("aside" + end))
        restore_backup(tmp_path / "kept.sqlite3", sqlite_address.owner)
        assert [m.thickness_mm for m in store.measurements()] == [2.1]
        store.add(reading(1.9, site="thigh"))
    with open_store(sqlite_address.owner) as opened_later:
        again = RecordStore(opened_later, Actor("ann", "dermatology", "admin"))
        assert [m.thickness_mm for m in again.measurements()] == [2.1, 1.9]


def test_a_file_that_was_deleted_while_the_dashboard_runs_is_missed_and_not_made_anew(
    sqlite_address, reading
):
    path = Path(sqlite_address.owner.removeprefix("sqlite:///"))
    with open_store(sqlite_address.owner) as running:
        store = RecordStore(running, Actor("ann", "dermatology", "admin"))
        store.add(reading(2.1))
        path.unlink()
        for deed in (store.measurements, lambda: store.add(reading(1.9, site="hand"))):
            with pytest.raises(StoreError, match="The database file is gone"):
                deed()
    assert not path.exists()


@pytest.mark.parametrize("deed", ["fsync", "replace", "write"])
def test_a_disk_that_refuses_ends_a_backup_in_words_and_leaves_nothing(
    sqlite_address, tmp_path, monkeypatch, deed
):
    def refuses(*_given, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"os.{deed}", refuses)
    with pytest.raises(StoreError, match=r"no space left|cannot be kept"):
        write_backup(sqlite_address.owner, tmp_path / "folder" / "b.sqlite3")
    assert [p.name for p in (tmp_path / "folder").glob("b.sqlite3*")] == []
