"""The installed package needs no checkout: every command works from any folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
CALL = (
    "import sys; from importlib.metadata import entry_points;"
    "[command] = entry_points(group='console_scripts', name='sm-tracker');"
    "sys.exit(command.load()())"
)
"""What the script `sm-tracker` does that pip writes."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """Surroundings in which the package is installed, with records of their own."""
    site, records = (tmp_path_factory.mktemp(name) for name in ("site", "records"))
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(site)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SM_TRACKER")}
    return {**kept, "PYTHONPATH": str(site), "SM_TRACKER_DATA_FOLDER": str(records)}


@pytest.fixture
def run(environment, tmp_path):
    """Runs the installed command in a folder that has nothing to do with it."""

    def command(*words):
        ran = subprocess.run(
            [sys.executable, "-c", CALL, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return command


def test_the_wheel_holds_every_file_of_the_program_and_none_of_the_tests(wheel):
    with zipfile.ZipFile(wheel) as zipped:
        there = set(zipped.namelist())
    program = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "sm_tracker").rglob("*")
        if p.is_file() and p.suffix not in (".pyc", ".po")
    }
    beside = {"app.py", ".streamlit/config.toml", "docs/methods.md"} | {
        p.relative_to(ROOT).as_posix()
        for folder in ("sample_data", "static")
        for p in (ROOT / folder).iterdir()
        if p.is_file()
    }
    wanted = program | {f"sm_tracker/shipped/{name}" for name in beside}
    assert wanted - there == set()
    assert {name for name in there - wanted if ".dist-info/" not in name} == set()
    assert "sm_tracker/py.typed" in there


def test_the_command_says_its_version_and_reads_files_from_any_folder(run, tmp_path):
    assert run("--version").startswith("SM Tracker ")
    file = tmp_path / "m.csv"
    file.write_text("patient_id,date,site,thickness_mm\nA1,2024-01-10,calf,2.5\n", "utf-8")
    assert "1 measurements" in run("check", "m.csv")


def test_an_installed_package_makes_its_database_and_finds_it_sound(run):
    run("db", "init")
    assert "nothing amiss" in run("db", "verify")


def test_an_archive_repeats_its_report_where_nothing_but_the_package_is_installed(run, tmp_path):
    file = tmp_path / "m.csv"
    file.write_text("patient_id,date,site,thickness_mm\nA1,2024-01-10,calf,2.5\n", "utf-8")
    run("report", "m.csv", "--out", "case.zip")
    with zipfile.ZipFile(tmp_path / "case.zip") as zipped:
        zipped.extractall(tmp_path)
    lines = (tmp_path / "README.txt").read_text("utf-8").splitlines()
    words = lines[lines.index("    report.pdf") + 1].split()
    assert words[:3] == ["python", "-m", "sm_tracker"]
    run(*words[3:])
    made = tmp_path / words[words.index("--out") + 1]
    assert made.read_bytes() == (tmp_path / "report.pdf").read_bytes()


def test_samples_and_catalogues_are_installed(environment, tmp_path):
    code = (
        "from sm_tracker.languages import gettext, speaking\n"
        "from sm_tracker.workflow import file_import\n"
        "assert len(file_import.sample_records().measurements) > 100\n"
        "with speaking('de'): assert gettext('Methods') == 'Methoden'\n"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=PATIENCE_S
    )


def test_the_dashboard_starts_from_any_folder_with_its_settings_and_fonts(environment, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ("dashboard", "--no-browser", "--port", str(port))
    server = subprocess.Popen(
        [sys.executable, "-c", CALL, *words],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            assert server.poll() is None
            assert time.monotonic() < deadline
            try:
                address = f"http://127.0.0.1:{port}/app/static/IBMPlexSans-Regular.woff2"
                with urllib.request.urlopen(address, timeout=PATIENCE_S) as font:
                    assert font.read(4) == b"wOF2"
                    break
            except OSError:
                time.sleep(0.1)
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=PATIENCE_S)
    # The address is that of our settings file; without it Streamlit serves the whole network.
    assert f"http://127.0.0.1:{port}" in said
    assert "Network URL" not in said
