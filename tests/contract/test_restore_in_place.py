"""A restore where another database lies or lay: nothing of either is lost or mixed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import tempfile
from pathlib import Path

import pytest

from sm_tracker.errors import StoreError
from sm_tracker.store import (
    Actor,
    RecordStore,
    make_tables,
    open_store,
    restore_backup,
    verify,
    write_backup,
)
from sm_tracker.store import backup as backup_module

ADMIN = Actor("ann", "dermatology", "admin")


def file_at(address):
    return Path(address.owner.removeprefix("sqlite:///"))


def values_in(path):
    with open_store(f"sqlite:///{path}") as database:
        assert verify(database).passed
        return [m.thickness_mm for m in RecordStore(database, ADMIN).measurements()]


@pytest.fixture
def kept_and_newer(sqlite_address, reading, tmp_path):
    """A backup with one reading; then a newer one whose writer was killed, left in the log."""
    with open_store(sqlite_address.owner) as database:
        RecordStore(database, ADMIN).add(reading(2.1))
    made = write_backup(sqlite_address.owner, tmp_path / "kept" / "b.sqlite3").path

    def write_and_die():
        opened = open_store(sqlite_address.owner)
        RecordStore(opened, ADMIN).add(reading(9.9, site="hand"))
        os.kill(os.getpid(), signal.SIGKILL)

    writer = multiprocessing.get_context("fork").Process(target=write_and_die)
    writer.start()
    writer.join()
    assert file_at(sqlite_address).with_name(file_at(sqlite_address).name + "-wal").stat().st_size
    return made, file_at(sqlite_address)


@pytest.mark.parametrize("left", [("-wal",), ("-shm",), ("-wal", "-shm"), ("-journal",)])
def test_nothing_is_restored_or_made_beside_what_belongs_to_another_database(
    kept_and_newer, left, tmp_path
):
    made, path = kept_and_newer
    path.rename(tmp_path / "moved.sqlite3")
    for end in ("-wal", "-shm", "-journal"):
        held = path.with_name(path.name + end)
        held.unlink(missing_ok=True) if end not in left else held.touch()
    for attempt in (
        lambda: restore_backup(made, f"sqlite:///{path}"),
        lambda: make_tables(f"sqlite:///{path}"),
        lambda: write_backup(f"sqlite:///{tmp_path / 'moved.sqlite3'}", path),
    ):
        with pytest.raises(StoreError, match="Files of another database lie here"):
            attempt()
    assert not path.exists()
    assert all(path.with_name(path.name + end).exists() for end in left)


def test_a_database_that_is_carried_aside_keeps_its_newest_records(kept_and_newer):
    made, path = kept_and_newer
    with pytest.raises(StoreError, match=r"a database already.*--move-aside"):
        restore_backup(made, f"sqlite:///{path}")
    restore_backup(made, f"sqlite:///{path}", move_aside=True)
    assert values_in(path) == [2.1]
    aside = list(path.parent.glob(f"{path.stem}-aside-*.sqlite3"))
    assert [values_in(p) for p in aside] == [[2.1, 9.9]]


def test_a_log_that_was_left_behind_is_carried_aside_and_not_read_into_the_restored_file(
    kept_and_newer, tmp_path
):
    made, path = kept_and_newer
    path.rename(tmp_path / "moved.sqlite3")
    log = path.with_name(path.name + "-wal").read_bytes()
    restore_backup(made, f"sqlite:///{path}", move_aside=True)
    assert values_in(path) == [2.1]
    kept = [p for p in path.parent.iterdir() if p.name.endswith("-wal") and "aside" in p.name]
    assert [p.read_bytes() for p in kept] == [log]
    kept[0].rename(tmp_path / "moved.sqlite3-wal")
    assert values_in(tmp_path / "moved.sqlite3") == [2.1, 9.9]


def test_a_database_that_cannot_be_read_is_carried_aside_as_it_is(kept_and_newer):
    made, path = kept_and_newer
    path.write_bytes(b"torn " * 1000)
    restore_backup(made, f"sqlite:///{path}", move_aside=True)
    assert values_in(path) == [2.1]
    aside = list(path.parent.glob(f"{path.stem}-aside-*.sqlite3"))
    assert [p.read_bytes() for p in aside] == [b"torn " * 1000]


def test_a_database_in_use_is_not_carried_aside(kept_and_newer, reading):
    made, path = kept_and_newer
    with open_store(f"sqlite:///{path}") as running:
        assert len(RecordStore(running, ADMIN).measurements()) == 2
        with pytest.raises(StoreError, match="is in use"):
            restore_backup(made, f"sqlite:///{path}", move_aside=True)
    assert values_in(path) == [2.1, 9.9]
    assert [p for p in path.parent.iterdir() if p.name.endswith(".part")] == []


@pytest.mark.parametrize("step", ["_copy_of_backup", "migrate_tables", "_verified", "_flush"])
def test_a_restore_killed_at_any_step_leaves_nothing_in_the_folder_for_temporary_files(
    kept_and_newer, monkeypatch, step, tmp_path
):
    made, path = kept_and_newer
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    whole = getattr(backup_module, step)

    def then_killed(*given):
        whole(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(backup_module, step, then_killed)
    killed = multiprocessing.get_context("fork").Process(
        target=restore_backup, args=(made, f"sqlite:///{path}")
    )
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    monkeypatch.undo()
    assert list(temporary.iterdir()) == []
    assert not path.exists()
    restore_backup(made, f"sqlite:///{path}")
    assert values_in(path) == [2.1]
    assert [p for p in path.parent.iterdir() if ".part" in p.name] == []


@pytest.mark.parametrize("name", ["what?.sqlite3", "a%20b.sqlite3", "a b#c&d=e.sqlite3", "ü.db"])
def test_the_path_of_a_database_is_taken_as_it_is_written(tmp_path, reading, name):
    with make_tables(f"sqlite:///{tmp_path / name}") as database:
        RecordStore(database, ADMIN).add(reading(2.1))
        assert database.path == tmp_path / name
    assert [p.name for p in tmp_path.iterdir()] == [name]
    restore_backup(
        write_backup(f"sqlite:///{tmp_path / name}", tmp_path / "b.sqlite3").path,
        f"sqlite:///{tmp_path / 'again' / name}",
    )
    assert values_in(tmp_path / "again" / name) == [2.1]


def test_a_backup_keeps_its_anchors_in_a_file_that_is_only_added_to(sqlite_address, reading):
    folder = file_at(sqlite_address).parent / "backups"
    with open_store(sqlite_address.owner) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1))
        first = write_backup(sqlite_address.owner, folder / "1.sqlite3").anchors
        before = (folder / "anchors.txt").read_bytes()
        store.add(reading(2.2, site="hand"))
        second = write_backup(sqlite_address.owner, folder / "2.sqlite3").anchors
    after = (folder / "anchors.txt").read_bytes()
    assert after.startswith(before)
    lines = [line.split("\t") for line in after.decode().splitlines()]
    assert [line[3] for line in lines] == [str(a) for a in (*first, *second)]
    assert {line[2] for line in lines} == {str(file_at(sqlite_address))}
    with sqlite3.connect(folder / "1.sqlite3") as raw:
        assert raw.execute("SELECT count(*) FROM measurement").fetchone() == (1,)
    raw.close()
