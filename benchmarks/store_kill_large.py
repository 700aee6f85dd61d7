"""Kills (SIGKILL) spread over an import and an undo of 30,000 rows: whole or absent after each.

On PostgreSQL the writer is killed, and in every second case the server process too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.local_postgresql import (
    APPLICATION,
    OWNER,
    NoServerProgram,
    Server,
    postgresql_server,
)
from benchmarks.store_workers import (
    LARGE,
    Workers,
    copy_of,
    import_of,
    print_damage,
    store_at,
    workers,
)
from sm_tracker.store import (
    ImportedFile,
    grant_application_role,
    make_tables,
    open_store,
    verify,
)

ROWS = 30_000
KILLS = 12
LAST_SHARE = 1.1
"""Kills go a little beyond the time of an undisturbed run, so that some come after its end."""


def main(kills: int = KILLS, rows: int = ROWS) -> None:
    """Run on both databases and print the figures."""
    with tempfile.TemporaryDirectory() as name, workers(Path(name)) as running:
        _sqlite(Path(name), running, kills, rows)
        try:
            with postgresql_server(safe_against_power_loss=True) as server:
                _postgresql(server, running, kills, rows)
        except NoServerProgram as missing:
            print(f"PostgreSQL not run: {missing}")


def _fill(url: str, rows: int) -> None:
    with open_store(url) as database:
        store_at(database, LARGE).import_batch(
            import_of(LARGE, rows), [ImportedFile.of(LARGE, b"large")]
        )


def _sqlite(folder: Path, running: Workers, kills: int, rows: int) -> None:
    empty, filled = folder / "empty.sqlite3", folder / "filled.sqlite3"
    for path in (empty, filled):
        make_tables(f"sqlite:///{path}").close()
    _fill(f"sqlite:///{filled}", rows)
    numbers = iter(range(1_000_000))
    for job, template in (("import_large", empty), ("undo_large", filled)):

        def fresh(template: Path = template) -> tuple[str, str]:
            url = copy_of(template, folder, next(numbers))
            return url, url

        _report(f"SQLite, {job}", _spread(running, job, kills, rows, fresh, lambda _: None))


def _postgresql(server: Server, running: Workers, kills: int, rows: int) -> None:
    templates = {job: server.create_database() for job in ("import_large", "undo_large")}
    for name in templates.values():
        make_tables(server.url(name, OWNER)).close()
        grant_application_role(server.url(name, OWNER), APPLICATION)
    _fill(server.url(templates["undo_large"], APPLICATION), rows)

    def crash(number: int) -> None:
        if number % 2:
            server.restart_after_crash()

    for job, template in templates.items():

        def fresh(template: str = template) -> tuple[str, str]:
            name = server.create_database(template)
            return server.url(name, APPLICATION), server.url(name, OWNER)

        _report(f"PostgreSQL, {job}", _spread(running, job, kills, rows, fresh, crash))


def _spread(
    running: Workers,
    job: str,
    kills: int,
    rows: int,
    fresh: Callable[[], tuple[str, str]],
    after_kill: Callable[[int], None],
) -> tuple[float, list[tuple[str, list[str]]]]:
    """Seconds of an undisturbed run, and for each kill what was there and what is wrong."""
    taken = _run(running, job, fresh()[0], rows, None)
    found = []
    for number in range(kills):
        url, owner = fresh()
        _run(running, job, url, rows, taken * LAST_SHARE * (number + 0.5) / kills)
        after_kill(number)
        found.append(_state(url, owner, rows))
    return taken, found


def _run(running: Workers, job: str, url: str, rows: int, kill_after: float | None) -> float:
    child = running.launch(job=job, url=url, rows=rows)
    while not child.lines():
        time.sleep(0.002)
    began = time.perf_counter()
    if kill_after is not None:
        time.sleep(kill_after)
        child.kill()
    child.wait()
    if kill_after is None and len(child.lines()) < 2:
        raise RuntimeError(f"{job} failed without being killed")
    return time.perf_counter() - began


def _state(url: str, owner: str, rows: int) -> tuple[str, list[str]]:
    with open_store(owner) as database:
        wrong = [p.what for p in verify(database).problems]
    with open_store(url) as database:
        store = store_at(database, "check")
        held, undone = len(store.measurements()), [i.undone_at is not None for i in store.imports()]
    state = {(0, ()): "nothing", (rows, (False,)): "all", (0, (True,)): "undone"}.get(
        (held, tuple(undone)), ""
    )
    return state, [*wrong, *([] if state else [f"{held} rows, undone: {undone}"])]


def _report(name: str, found: tuple[float, list[tuple[str, list[str]]]]) -> None:
    taken, results = found
    states = [state for state, _ in results]
    counts = ", ".join(f"{states.count(s)} {s}" for s in dict.fromkeys(states) if s)
    damaged = [wrong for _, wrong in results if wrong]
    print(
        f"{name}, {taken:.1f} s undisturbed: {len(results)} kills, then {counts}; "
        f"{len(damaged)} stores with damage",
        flush=True,
    )
    print_damage(damaged)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
