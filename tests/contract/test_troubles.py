"""When the database cannot: a clear sentence, nothing lost, nothing half done."""

from __future__ import annotations

import logging
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sm_tracker.domain.records import Place
from sm_tracker.errors import ConflictError, StoreError, TrackerError
from sm_tracker.store import (
    Actor,
    RecordStore,
    database_state,
    make_tables,
    open_store,
    restore_backup,
    verify,
    write_backup,
)
from tests.patience import PATIENCE_S

ADMIN = Actor("ann", "dermatology", "admin")
NOBODY = 65534


def path_of(address):
    return Path(address.owner.removeprefix("sqlite:///"))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "cannot be read"),
        ("nonsense", "cannot be read"),
        ("sqlite://", "cannot be kept in memory"),
        ("sqlite:///:memory:", "cannot be kept in memory"),
        ("mysql://u@h/d", "cannot be kept in mysql"),
    ],
)
def test_an_address_that_is_none_is_refused(url, sentence):
    with pytest.raises(StoreError, match=sentence):
        open_store(url)
    assert not database_state(url).ok


def test_a_server_that_is_not_there_is_named_without_the_password():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"postgresql://tracker:hidden-word@127.0.0.1:{port}/records"
    with pytest.raises(StoreError, match="cannot be reached") as refused:
        open_store(url)
    assert "hidden-word" not in str(refused.value)
    assert str(port) in str(refused.value)
    assert "hidden-word" not in repr(database_state(url))


@pytest.mark.parametrize("wrong", ["password", "database"])
def test_a_server_that_refuses_is_named_without_the_password(postgresql_address, wrong):
    url = postgresql_address.owner
    password = postgresql_address.server.password
    url = url.replace(password, "hidden-word") if wrong == "password" else url + "_other"
    with pytest.raises(StoreError, match="cannot be reached") as refused:
        open_store(url)
    assert "hidden-word" not in str(refused.value)
    assert password not in str(refused.value)


def test_a_server_that_goes_away_and_comes_back_is_used_again(postgresql_address, reading):
    server = postgresql_address.server
    with open_store(postgresql_address.application) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1))
        server.restart_after_crash()
        store.add(reading(1.9, site="hand"))
        assert len(store.measurements()) == 2


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\x01" * 5000]
)
def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path, content):
    (tmp_path / "s.sqlite3").write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged or not an SQLite file.*restore"):
        open_store(f"sqlite:///{tmp_path / 's.sqlite3'}")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{tmp_path}")


def test_a_database_locked_by_another_program_says_so_and_loses_nothing(sqlite_address, reading):
    with open_store(sqlite_address.owner, busy_timeout_ms=50) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1))
        other = sqlite3.connect(path_of(sqlite_address), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            store.add(reading(1.9, site="hand"))
        assert len(store.measurements()) == 1, "readers go on meanwhile"
        other.execute("ROLLBACK")
        other.close()
        store.add(reading(1.9, site="hand"))
        assert verify(database).passed


def test_a_clinic_locked_on_postgresql_says_so_and_loses_nothing(postgresql_address, reading):
    url = postgresql_address.application
    with open_store(url, busy_timeout_ms=2_000) as database, open_store(url) as other:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1))
        with RecordStore(other, ADMIN)._audited_change("editor", "hold the clinic"):
            with pytest.raises(StoreError, match="locked by another program"):
                store.add(reading(1.9, site="hand"))
            assert len(store.measurements()) == 1
            elsewhere = RecordStore(database, Actor("bob", "surgery", "editor"))
            elsewhere.add(reading(1.0))
        store.add(reading(1.9, site="hand"))
        assert len(store.measurements()) == 2


@pytest.fixture
def open_folder():
    """A folder that accounts other than root can reach."""
    folder = Path(tempfile.mkdtemp(prefix="tracker_"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def as_nobody():
    """Act without root's right to write everywhere."""

    class Nobody:
        def __enter__(self):
            self.was_root = os.geteuid() == 0
            if self.was_root:
                os.seteuid(NOBODY)

        def __exit__(self, *_):
            if self.was_root:
                os.seteuid(0)

    return Nobody()


def read_only_store(sqlite_address, folder, reading):
    with open_store(sqlite_address.owner) as database:
        RecordStore(database, ADMIN).add(reading(2.1))
    copy = folder / "store.sqlite3"
    shutil.copyfile(path_of(sqlite_address), copy)
    copy.chmod(0o444)
    folder.chmod(0o555)
    return copy


def test_a_read_only_folder_gives_a_clear_error_and_loses_nothing(
    sqlite_address, open_folder, as_nobody, reading
):
    copy = read_only_store(sqlite_address, open_folder, reading)
    before = copy.read_bytes()
    with (
        as_nobody,
        pytest.raises(StoreError, match=r"read-only|may not be read|permission"),
        open_store(f"sqlite:///{copy}") as database,
    ):
        RecordStore(database, ADMIN).add(reading(1.9, site="hand"))
    with as_nobody:
        assert not database_state(f"sqlite:///{copy}").ok
    assert copy.read_bytes() == before


def test_no_store_is_made_in_a_read_only_folder(open_folder, as_nobody):
    open_folder.chmod(0o555)
    with as_nobody, pytest.raises(StoreError, match=r"cannot be created.*permission denied"):
        make_tables(f"sqlite:///{open_folder / 'new' / 'store.sqlite3'}")
    assert list(open_folder.iterdir()) == []


def test_no_backup_goes_into_a_read_only_folder(sqlite_address, open_folder, as_nobody):
    made = open_folder / "s.sqlite3"
    make_tables(f"sqlite:///{made}").close()
    made.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody, pytest.raises(StoreError):
        write_backup(f"sqlite:///{made}", open_folder / "b.sqlite3")
    assert [p.name for p in open_folder.iterdir()] == ["s.sqlite3"]


def test_a_full_database_gives_a_clear_error_and_loses_nothing(sqlite_address, reading, file_of):
    with open_store(sqlite_address.owner) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1))

        from sqlalchemy import event

        @event.listens_for(database.writing, "connect")
        def no_more_pages(connection, _):
            connection.execute("PRAGMA max_page_count = 1")

        database.writing.dispose()
        many = [reading(2.0, replicate=n, note="x" * 500) for n in range(300)]
        with pytest.raises(StoreError, match=r"disk is full.*nothing of this step was stored"):
            store.import_batch(*file_of(*many))
        assert store.measurements() == [reading(2.1)]
        assert verify(database).passed


FILL = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from sm_tracker.store import Actor, RecordStore, open_store
from sm_tracker.domain.records import Measurement, ReadResult
from sm_tracker.store import ImportedFile
import datetime
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(sys.argv[2]) as database:
    store = RecordStore(database, Actor("ann", "dermatology", "admin"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    rows = tuple(
        Measurement(patient_id="A1", site="calf", date=datetime.date(2024, 3, 5),
                    thickness_mm=2.0, replicate=n, note="x" * 500)
        for n in range(2000)
    )
    store.import_batch(ReadResult(outcome="accept", measurements=rows), [ImportedFile("f", "f")])
"""


def test_a_disk_that_takes_no_more_bytes_gives_a_clear_error_and_loses_nothing(
    sqlite_address, reading, repository
):
    with open_store(sqlite_address.owner) as database:
        RecordStore(database, ADMIN).add(reading(2.1))
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(repository), sqlite_address.owner],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert "StoreError: The database could not be written" in done.stderr
    with open_store(sqlite_address.owner) as database:
        assert RecordStore(database, ADMIN).measurements() == [reading(2.1)]
        assert verify(database).passed
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_full_disk_of_the_server_is_told_as_such(postgresql_address, reading):
    postgresql_address.run(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN "
        "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $f$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON measurement "
        "FOR EACH ROW WHEN (NEW.site = 'hand') EXECUTE FUNCTION full_disk()",
    )
    with open_store(postgresql_address.application) as database:
        store = RecordStore(database, ADMIN)
        store.add(reading(2.1))
        with pytest.raises(StoreError, match="disk is full"):
            store.add(reading(1.9, site="hand"))
        assert store.measurements() == [reading(2.1)]


def test_health_of_a_good_store_names_no_problem(address):
    found = database_state(address.application)
    assert (found.ok, found.kind, found.problems) == (True, address.kind, [])
    assert found.version == "0008"


def test_health_of_a_missing_store_says_how_to_make_it(tmp_path):
    found = database_state(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert not found.ok
    assert "db init" in found.problems[0]


SECRET = "Mrs Example, calf, 2.17 mm"


def test_logs_and_messages_hold_nothing_of_a_patient(
    address, database, store, reading, course, file_of, caplog, tmp_path
):
    told = []

    def attempt(deed):
        try:
            deed()
        except TrackerError as error:
            told.append(str(error))

    secret = reading(2.17, patient_id="A1", note=SECRET, site=SECRET, place=Place(file=SECRET))
    with caplog.at_level(logging.DEBUG):
        store.import_batch(*file_of(secret, name="series.csv"))
        attempt(lambda: store.import_batch(*file_of(reading(9.9, site=SECRET), name="x.csv")))
        attempt(lambda: store.add(reading(-1.0, note=SECRET)))
        attempt(lambda: store.add(reading(2.1, note=SECRET + "\x00")))
        attempt(
            lambda: store.correct(
                "measurement", 1, {"thickness_mm": 2.5}, reason=SECRET, expected_version=9
            )
        )
        attempt(lambda: smuggle(database, SECRET))
        store.undo_import(1)
        store.erase_patient("A1", "asked for")
        write_backup(address.owner, tmp_path / "b.sqlite3")
        restore_backup(tmp_path / "b.sqlite3", f"sqlite:///{tmp_path / 'r.sqlite3'}")
    assert len(told) == 5
    logged = [r.getMessage() for r in caplog.records]
    assert any("undone" in line for line in logged), "the log does say what was done"
    assert [t for t in [*told, *logged] if "Example" in t or "2.17" in t] == []


def smuggle(database, words):
    """A row that breaks a rule of the database, past the checks of the program."""
    from sqlalchemy import text

    with database.session("dermatology", writing=True) as session:
        session.execute(
            text("UPDATE measurement SET qualifier = :words, note = :words"), {"words": words}
        )


def test_a_conflict_is_a_store_error_that_pages_can_catch():
    assert issubclass(ConflictError, StoreError)
