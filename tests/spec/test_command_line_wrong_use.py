"""The command line used wrongly: what, where, why and how to put it right, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sm_tracker.cli import main
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
GOOD = "patient_id,date,site,thickness_mm\nA1,2024-01-10,forearm,2.50\nA1,2024-05-14,forearm,1.60\n"
THERAPY = "patient_id,therapy,start,end,end_status\nA1,IVIG,2024-01-15,,ongoing\n"
PARTS = ("Where: ", "Why: ", "To fix: ")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "m.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "t.csv").write_text(THERAPY, encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "a folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str, **given: object) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **given.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "sm_tracker", *words], env=env, stderr=subprocess.PIPE, **given
    )


REFUSED = [
    ("check missing.csv", "missing.csv"),
    ("check folder", "folder"),
    ("change m.csv t.csv --out nowhere/x.csv", "nowhere"),
    ("change m.csv t.csv --out folder", "folder"),
    ("change m.csv t.csv --settings m.csv", "m.csv"),
    ("change m.csv t.csv --set lag_days=x", "lag_days"),
    ("change m.csv t.csv --set lag_days=999999999999", "36,525"),
    ("change m.csv t.csv --set sem_mm=0,12", "decimal point"),
    ("change m.csv t.csv --set confidence=95", "0.95"),
    ("change m.csv t.csv --set improvement=up", "decrease"),
    ("change m.csv t.csv --set thickness=1", "sem_mm"),
    ("figure m.csv t.csv --out f.bmp", "bmp"),
    ("figure m.csv t.csv --out f", "no ending"),
    ("figure m.csv t.csv --out f.pdf --width-mm 0", "width of 0 mm"),
    ("figure m.csv t.csv --out f.pdf --patient B2", "A1"),
    ("figure m.csv t.csv --out f.pdf --site knee", "forearm"),
    ("figure m.csv t.csv --out f.pdf --day-zero soon", "a date such as"),
    ("report m.csv t.csv --out r.odt", "docx"),
    ("report m.csv t.csv --out nowhere/r.docx", "nowhere"),
    ("export m.csv --to xlsx --out folder", "folder"),
    ("change m.csv t.csv --out m.csv", "one of the input files"),
    ("export m.csv t.csv --to csv --out ./t.csv", "one of the input files"),
    ("effects empty.csv", "it is empty"),
    ("effects binary.csv", "binary.csv"),
    ("db export --to x.xlsx --db sqlite:///none.db", "db init"),
]


@pytest.mark.parametrize(("words", "named"), REFUSED, ids=[words for words, _ in REFUSED])
def test_a_refusal_says_what_where_why_and_how_to_put_it_right(words, named, folder, capsys):
    arguments = ["a folder" if word == "folder" else word for word in words.split()]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert named in said
    assert [part for part in PARTS if part not in said] == []


def test_no_table_of_an_export_is_written_over_a_file_that_was_read(folder, capsys):
    (folder / "t.csv").rename(folder / "x_therapies.csv")
    assert main(["export", "m.csv", "x_therapies.csv", "--to", "csv", "--out", "x.csv"]) == 1
    assert "x_therapies.csv" in capsys.readouterr().err
    assert (folder / "x_therapies.csv").read_text(encoding="utf-8") == THERAPY


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert "SM Tracker" in capsys.readouterr().out


def test_a_task_of_the_database_names_the_option_that_it_lacks(folder, capsys):
    assert main(["db", "restore", "--db", "sqlite:///none.db"]) == 1
    assert "--from FILE is missing" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--workers", "--partitions"])
@pytest.mark.parametrize("number", ["0", "-2", "two", "²"])
def test_workers_and_partitions_are_counted_from_one(option, number, folder, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["registry", "in", "out", f"{option}={number}"])
    assert stopped.value.code == 2
    assert f"{option}: '{number}' is not a whole number of 1 or more" in capsys.readouterr().err


def test_an_unknown_option_is_answered_with_the_usage_of_its_command(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["change", "m.csv", "--wrong"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "usage: python -m sm_tracker change" in said
    assert "--wrong" in said


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[]", "another form"),
        ('{"lag_days": "x"}', "lag_days"),
        ('{"lag_days": 1.5}', "whole number"),
        ('{"sem_mm": true}', "sem_mm"),
        ('{"sem_source": 5}', "sem_source"),
        ('{"nonsense": 1}', "nonsense"),
        ('{"error_settings": 5}', "another form"),
        ('{"error_settings": [{"sem_mm": "x", "sem_fraction": 0, "source": "s"}]}', "sem_mm"),
        ('{"error_settings": [{"sem_mm": -1, "sem_fraction": 0, "source": "s"}]}', "sem_mm"),
        ('{"error_settings": [{"sem_mm": 0.1}]}', "sem_fraction is missing"),
        ('{"regimen_windows": [{"regimen": "ECP", "lag_days": -3}]}', "windows of ECP"),
        ('{"regimen_windows": [{"regimen": "ECP", "lag_days": "x"}]}', "lag_days"),
    ],
)
def test_a_settings_file_changed_by_hand_is_refused_before_it_counts(
    content, named, folder, capsys
):
    (folder / "s.json").write_text(content, encoding="utf-8")
    assert main(["change", "m.csv", "t.csv", "--settings", "s.json"]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert named in said


@pytest.mark.parametrize(
    "words",
    [
        "change m.csv t.csv binary.csv",
        "figure m.csv t.csv binary.csv --out f.svg",
        "report m.csv t.csv binary.csv --out r.html",
        "export m.csv t.csv binary.csv --to csv --out x.csv",
        "import m.csv t.csv binary.csv --db sqlite:///records.db",
    ],
)
def test_a_file_that_could_not_be_read_fails_the_command_that_used_the_others(
    words, folder, capsys
):
    assert main(words.split()) == 1
    assert "binary.csv" in capsys.readouterr().err


COMPARED = ("--comparison", "--hide", "IVIG")


def test_a_choice_that_the_figure_has_no_use_for_is_named(folder, capsys):
    assert main(["figure", "m.csv", "t.csv", "--out", "f.svg", "--untreated"]) == 0
    assert "--untreated has no effect on the timeline" in capsys.readouterr().err
    assert main(["figure", "m.csv", "t.csv", "--out", "f.svg", *COMPARED]) == 0
    assert "--hide has no effect on the comparison" in capsys.readouterr().err


def test_records_are_exported_into_a_folder_that_is_made_for_them(folder, capsys):
    assert main(["import", "m.csv", "t.csv", "--db", "sqlite:///records.db"]) == 0
    assert main(["db", "export", "--db", "sqlite:///records.db", "--to", "new/tables"]) == 0
    assert {p.name for p in (folder / "new/tables").iterdir()} == {
        "measurements.csv",
        "therapies.csv",
    }


def test_names_of_every_alphabet_go_through_a_pipe_that_expects_ascii(folder):
    (folder / "Messungen März.csv").write_text(GOOD.replace("A1", "Ä1"), encoding="utf-8")
    ran = command(
        "check", "Messungen März.csv", "--json", stdout=subprocess.PIPE, cwd=folder,
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, b"")
    found = json.loads(ran.stdout.decode("utf-8"))
    assert found["measurements"][0]["patient_id"] == "Ä1"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output_is_named(folder):
    with Path("/dev/full").open("wb") as full:
        ran = command("change", "m.csv", "t.csv", stdout=full, cwd=folder)
    said = ran.stderr.decode()
    assert ran.returncode == 1
    assert "standard output" in said
    assert "Traceback" not in said


def test_a_reader_that_has_gone_ends_the_command_in_silence(folder):
    read, write = os.pipe()
    os.close(read)
    ran = command("change", "m.csv", "t.csv", stdout=write, cwd=folder)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (1, b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that one process sends so")
def test_stopping_a_command_while_it_loads_says_only_that(folder):
    started = subprocess.Popen(
        [sys.executable, "-c", LOADING], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=PATIENCE_S)
    assert (started.returncode, said.strip()) == (1, b"stopped")


LOADING = """
import importlib.abc, signal, sys, time

# As at a terminal: what runs the tests may have told its children to ignore a stop.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "sm_tracker.cli":
            print("loading", flush=True)
            time.sleep(3600)

sys.meta_path.insert(0, Slow())
sys.argv = ["sm_tracker", "check"]
from sm_tracker.__main__ import run
sys.exit(run())
"""
