"""Fifty processes that each write twenty transactions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.local_postgresql import (
    APPLICATION,
    OWNER,
    NoServerProgram,
    postgresql_server,
)
from benchmarks.store_workers import Child, Workers, store_at, workers
from sm_tracker.store import grant_application_role, make_tables, open_store, verify

WRITERS = 50
TRANSACTIONS = 20


def main() -> None:
    """Run on both databases and print the figures."""
    print(f"{WRITERS} processes x {TRANSACTIONS} transactions (read, add a measurement, audit it)")
    with tempfile.TemporaryDirectory() as name, workers(Path(name)) as running:
        url = f"sqlite:///{name}/load.sqlite3"
        make_tables(url).close()
        _report("SQLite, synchronous=FULL", running, url, url)
        try:
            with postgresql_server(safe_against_power_loss=True) as server:
                database = server.create_database()
                owner = server.url(database, OWNER)
                make_tables(owner).close()
                grant_application_role(owner, APPLICATION)
                application = server.url(database, APPLICATION)
                _report("PostgreSQL, fsync=on", running, application, owner)
        except NoServerProgram as missing:
            print(f"PostgreSQL not run: {missing}")


def _report(name: str, running: Workers, url: str, owner: str) -> None:
    begin = time.perf_counter()
    children = run_writers(running, url, WRITERS, TRANSACTIONS)
    seconds = time.perf_counter() - begin
    told = [line for child in children for line in child.lines()]
    times = sorted(float(figure) for word, figure in told if word == "ok")
    failed = len(told) - len(times)
    with open_store(url) as database:
        stored = len(store_at(database, "check").measurements())
    with open_store(owner) as database:
        problems = len(verify(database).problems)
    print(
        f"{name}: {len(times)} committed, {failed} failed, "
        f"{WRITERS * TRANSACTIONS - stored} lost, {problems} problems found by verify; "
        f"{len(times) / seconds:.0f} transactions/s, median {statistics.median(times) * 1000:.0f} "
        f"ms, longest {times[-1]:.1f} s"
    )


def run_writers(running: Workers, url: str, writers: int, transactions: int) -> list[Child]:
    """Let writers write at the same time, and wait for them."""
    children = [
        running.launch(job="write", url=url, worker=n, transactions=transactions)
        for n in range(writers)
    ]
    for child in children:
        child.wait()
    return children


if __name__ == "__main__":
    main()
