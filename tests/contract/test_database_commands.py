"""``python -m sm_tracker db ...`` as somebody uses it who keeps records for years."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sm_tracker.cli import main
from sm_tracker.config import configuration
from sm_tracker.store import Actor, RecordStore, open_store
from sm_tracker.workflow.file_import import files_from_paths, read_files, records_of

PLACE = ["file", "sheet", "row"]
FILES = {
    "m.csv": "patient_id,date,site,side,thickness_mm\nA1,2024-01-10,calf,left,2.5\n"
    "A1,2024-03-12,calf,left,2.1\nB2,2024-02-01,chest,,1.75\n",
    "t.csv": "patient_id,therapy,start,end,end_status,dose\nA1,IVIG,2024-01-15,,ongoing,2 g/kg\n",
}


@pytest.fixture
def files(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / name) for name in FILES]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder that is not there yet."""
    monkeypatch.setenv("SM_TRACKER_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.delenv("SM_TRACKER_DATABASE_URL", raising=False)
    configuration.cache_clear()
    yield tmp_path / "data"
    configuration.cache_clear()


@pytest.fixture
def run(capsys):
    def command(*words, status=0):
        assert main([str(w) for w in words]) == status, capsys.readouterr()
        told = capsys.readouterr()
        return told.out + told.err

    return command


@pytest.mark.parametrize("task", ["health", "verify", "backup", "upgrade", "export"])
def test_looking_for_a_database_that_is_not_there_makes_none(run, folder, tmp_path, task):
    told = run("db", task, "--to", tmp_path / "out.xlsx", status=1)
    assert "There is no database yet" in told
    assert "db init" in told
    assert list(tmp_path.iterdir()) == []


def test_folders_made_on_the_way_are_the_owners_only(run, folder, monkeypatch):
    deep = folder / "clinic" / "records"
    monkeypatch.setenv("SM_TRACKER_DATA_FOLDER", str(deep))
    configuration.cache_clear()
    run("db", "init")
    run("db", "backup")
    made = [folder, *folder.rglob("*")]
    assert {oct(p.stat().st_mode & 0o077) for p in made} == {"0o0"}


def test_from_an_empty_folder_to_a_restored_copy(run, files, folder, tmp_path):
    assert "ready" in run("db", "init")
    assert "4 rows added" in run("import", *files)
    assert "Nothing was added" in run("import", *files)
    assert "nothing amiss" in run("db", "verify")
    assert "up to date" in run("db", "upgrade")
    backup = tmp_path / "kept" / "backup.sqlite3"
    told = run("db", "backup", "--to", backup)
    anchor = re.search(r"^anchor .+$", told, re.MULTILINE)[0]
    assert "never overwrites" in run("db", "backup", "--to", backup, status=1)
    assert "never overwrites" in run("db", "restore", "--from", backup, status=1)
    (folder / "sm_tracker.sqlite3").unlink()
    assert "verified" in run("db", "restore", "--from", backup)
    assert "nothing amiss" in run("db", "verify", "--anchor", anchor)
    assert run("db", "health").startswith("ok\n")


def test_an_anchor_of_another_trail_is_found_amiss(run, files):
    run("import", *files)
    told = run("db", "verify", "--anchor", f"1:{'a' * 64}:local", status=1)
    assert "1 found amiss" in told
    assert "not the one whose anchor was kept" in told


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_reads_back_identical(run, files, address, tmp_path, kind):
    run("import", *files, "--db", address.owner)
    target = tmp_path / ("out.xlsx" if kind == "xlsx" else "out")
    if kind == "csv":
        target.mkdir()
    run("db", "export", "--db", address.owner, "--to", target)
    paths = sorted(target.iterdir()) if kind == "csv" else [target]
    again = records_of(read_files(files_from_paths([str(p) for p in paths])))
    with open_store(address.owner) as database:
        held = RecordStore(database, Actor("local user", "local", "viewer")).records()
    for name in ("measurements", "therapies", "outcomes"):
        pd.testing.assert_frame_equal(
            getattr(again, name).drop(columns=PLACE), getattr(held, name).drop(columns=PLACE)
        )


def test_a_command_works_for_the_clinic_it_names(run, files, tmp_path):
    run("import", *files, "--clinic", "dermatology")
    out = tmp_path / "out.csv"
    run("db", "export", "--to", out, "--clinic", "dermatology")
    assert "A1" in out.read_text(encoding="utf-8")
    other = tmp_path / "other.csv"
    assert "no records to export. Where: clinic local" in run(
        "db", "export", "--to", other, status=1
    )
    assert not other.exists()


def test_an_account_of_postgresql_is_let_in_by_command(run, postgresql_address):
    told = run("db", "grant", "--account", "tracker_app", "--db", postgresql_address.owner)
    assert told == "let in: tracker_app\n"
    assert "no such account" in run(
        "db", "grant", "--account", "nobody", "--db", postgresql_address.owner, status=1
    )


@pytest.mark.parametrize(
    ("words", "option"), [(["restore"], "--from"), (["grant"], "--account"), (["export"], "--to")]
)
def test_a_missing_option_is_asked_for(run, words, option):
    assert f"{option} " in run("db", *words, status=1)
