"""Writers killed (SIGKILL) in the middle of imports and edits, two hundred times a database."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.local_postgresql import (
    APPLICATION,
    OWNER,
    NoServerProgram,
    Server,
    postgresql_server,
)
from benchmarks.store_workers import (
    Workers,
    copy_of,
    kill_at_a_random_moment,
    print_damage,
    workers,
)
from sm_tracker.store import grant_application_role, make_tables

KILLS = 200
CRASHES = 20


def main(kills: int = KILLS, crashes: int = CRASHES) -> None:
    """Run on both databases and print the figures."""
    with tempfile.TemporaryDirectory() as name, workers(Path(name)) as running:
        _sqlite(Path(name), running, kills)
        try:
            with postgresql_server(safe_against_power_loss=True) as server:
                _postgresql(server, running, kills, crashes)
        except NoServerProgram as missing:
            print(f"PostgreSQL not run: {missing}")


def _sqlite(folder: Path, running: Workers, kills: int) -> None:
    template = folder / "template.sqlite3"
    make_tables(f"sqlite:///{template}").close()
    results = []
    for seed in range(kills):
        url = copy_of(template, folder, seed)
        results.append(kill_at_a_random_moment(running, url, url, seed))
        for path in folder.glob(f"store-{seed}.sqlite3*"):
            path.unlink()
    _report("SQLite, writer killed", results)


def _postgresql(server: Server, running: Workers, kills: int, crashes: int) -> None:
    template = server.create_database()
    make_tables(server.url(template, OWNER)).close()
    grant_application_role(server.url(template, OWNER), APPLICATION)
    for title, count in (("writer killed", kills), ("writer killed, server crashed", crashes)):
        results = []
        for seed in range(count):
            name = server.create_database(template)
            url, owner = server.url(name, APPLICATION), server.url(name, OWNER)
            crash = server.restart_after_crash if "server" in title else _nothing
            results.append(kill_at_a_random_moment(running, url, owner, seed, crash))
            server.drop_database(name)
        _report(f"PostgreSQL, {title}", results)


def _nothing() -> None:
    """The server goes on."""


def _report(name: str, results: list[tuple[int, list[str]]]) -> None:
    damaged = [wrong for _, wrong in results if wrong]
    committed = sum(count for count, _ in results)
    print(
        f"{name}: {len(results)} kills, {committed} transactions committed before them, "
        f"{len(damaged)} stores with damage",
        flush=True,
    )
    print_damage(damaged)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
