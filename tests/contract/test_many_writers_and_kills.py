"""Many writers at once lose nothing; a writer killed at any moment leaves nothing half done.

A moderate number here; ``python -m benchmarks store_load store_kill`` runs the large one.
"""

from __future__ import annotations

import os

import pytest

from benchmarks.store_load import run_writers
from benchmarks.store_workers import (
    Child,
    damage_after_kill,
    import_of,
    kill_at_a_random_moment,
    prepare_churn,
    store_at,
    workers,
)
from sm_tracker.store import ImportedFile, open_store

WRITERS, TRANSACTIONS = 12, 5
KILLS_AT_A_TIME, TIMES = 3, 4

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forking needs POSIX")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with workers(tmp_path_factory.mktemp("told")) as started:
        yield started


def test_writers_at_the_same_time_lose_nothing(running, address, problems):
    children = run_writers(running, address.application, WRITERS, TRANSACTIONS)
    assert [line for child in children for line in child.lines() if line[0] != "ok"] == []
    with open_store(address.application) as database:
        held = store_at(database, "check").measurements()
    written = {(m.patient_id, m.date) for m in held}
    assert len(held) == len(written) == WRITERS * TRANSACTIONS
    assert problems() == []


@pytest.mark.parametrize("time", range(TIMES))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_writer_leaves_each_transaction_whole_or_not_there(
    running, new_address, kind, time
):
    for kill in range(KILLS_AT_A_TIME):
        address = new_address(kind)
        seed = 1000 + time * KILLS_AT_A_TIME + kill
        _, wrong = kill_at_a_random_moment(running, address.application, address.owner, seed)
        assert wrong == []


def test_damage_by_a_kill_would_be_seen(sqlite_address, tmp_path):
    url = sqlite_address.owner
    prepare_churn(url)
    with open_store(url) as database:
        store_at(database, "churn").import_batch(import_of("import-1"), [ImportedFile("a", "a")])
    told = tmp_path / "told"
    told.write_text("ready 0\nimport 1\nedit 1\n", encoding="utf-8")
    sqlite_address.run('DELETE FROM measurement WHERE "row" = 5')
    wrong = damage_after_kill(url, url, Child(0, told))
    assert wrong == [
        "measurement 7 of clinic dermatology is gone",
        "edits stand at ['edit-0'], and edit 1 was committed",
        "import 1 of 1 committed ones has 39 rows",
    ]
