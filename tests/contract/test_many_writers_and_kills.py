"""Many writers at once lose nothing; a writer killed at any moment leaves nothing half done.

A moderate number in the gate, a large one in the long run; ``python -m benchmarks store_load
store_kill`` prints how fast it goes.
"""

from __future__ import annotations

import os

import pytest

from benchmarks.local_postgresql import APPLICATION, OWNER, postgresql_server
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
from sm_tracker.store import ImportedFile, grant_application_role, make_tables, open_store

KILLS_AT_A_TIME, TIMES, LONG_TIMES, CRASHES = 3, 4, 67, 20

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forking needs POSIX")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with workers(tmp_path_factory.mktemp("told")) as started:
        yield started


@pytest.mark.parametrize(
    ("writers", "transactions"), [(12, 5), pytest.param(50, 20, marks=pytest.mark.long)]
)
def test_writers_at_the_same_time_lose_nothing(running, address, problems, writers, transactions):
    children = run_writers(running, address.application, writers, transactions)
    assert [line for child in children for line in child.lines() if line[0] != "ok"] == []
    with open_store(address.application) as database:
        held = store_at(database, "check").measurements()
    written = {(m.patient_id, m.date) for m in held}
    assert len(held) == len(written) == writers * transactions
    assert problems() == []


@pytest.mark.parametrize(
    "time",
    [*range(TIMES), *(pytest.param(n, marks=pytest.mark.long) for n in range(TIMES, LONG_TIMES))],
)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_writer_leaves_each_transaction_whole_or_not_there(
    running, new_address, kind, time
):
    for kill in range(KILLS_AT_A_TIME):
        address = new_address(kind)
        seed = 1000 + time * KILLS_AT_A_TIME + kill
        _, wrong = kill_at_a_random_moment(running, address.application, address.owner, seed)
        assert wrong == []


@pytest.mark.long
def test_a_server_that_crashes_with_its_writer_leaves_each_transaction_whole_or_not_there(running):
    with postgresql_server(safe_against_power_loss=True) as server:
        template = server.create_database()
        make_tables(server.url(template, OWNER)).close()
        grant_application_role(server.url(template, OWNER), APPLICATION)
        for seed in range(CRASHES):
            name = server.create_database(template)
            urls = server.url(name, APPLICATION), server.url(name, OWNER)
            _, wrong = kill_at_a_random_moment(running, *urls, seed, server.restart_after_crash)
            assert wrong == []
            server.drop_database(name)


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
