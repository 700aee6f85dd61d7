"""Two servers and commands that write to one SQLite file at the same time lose nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.store_load import run_writers
from benchmarks.store_workers import CLINIC, store_at, workers
from sm_tracker.store import open_store

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forking needs POSIX")
SERVERS, EACH, COMMANDS = 2, 10, 3


def test_two_servers_and_commands_on_one_file_lose_nothing(
    sqlite_address, problems_at, tmp_path, repository
):
    url = sqlite_address.owner
    commands, program = [], (sys.executable, "-m", "sm_tracker")
    for number in range(COMMANDS):
        file = tmp_path / f"file{number}.csv"
        file.write_text(
            "patient_id,date,site,thickness_mm\n"
            + "".join(f"C{number},2024-01-{d:02},calf,2.{d:02}\n" for d in range(1, 21)),
            encoding="utf-8",
        )
        commands.append(
            subprocess.Popen(
                [*program, "import", file, "--db", url, "--clinic", CLINIC],
                cwd=repository,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    with workers(tmp_path) as running:
        children = run_writers(running, url, SERVERS, EACH)
    told = [command.communicate(timeout=300)[0] for command in commands]
    assert [command.returncode for command in commands] == [0] * COMMANDS, told
    assert [line for child in children for line in child.lines() if line[0] != "ok"] == []
    with open_store(url) as database:
        held = store_at(database, "check").measurements()
    assert len(held) == SERVERS * EACH + COMMANDS * 20
    assert problems_at(url) == []


@pytest.fixture
def problems_at():
    from sm_tracker.store import verify

    def find(url):
        with open_store(url) as database:
            return [p.what for p in verify(database).problems]

    return find
