"""Processes that write to a store, for load and for being killed; POSIX only.

One process imports the program and then forks a child for each job, so that fifty writers, or
a fresh writer for each of two hundred kills, need not each import it again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sm_tracker.domain.records import Measurement, Place, ReadResult
from sm_tracker.errors import TrackerError
from sm_tracker.store import (
    Actor,
    Addition,
    Correction,
    Database,
    ImportedFile,
    RecordStore,
    open_store,
    verify,
)

ROOT = Path(__file__).resolve().parents[1]
CLINIC = "dermatology"
ROWS_OF_AN_IMPORT = 40
EDITED_TOGETHER = 3
LONGEST_CHURN_S = 0.2
FIRST_DAY = dt.date(2020, 1, 1)
LARGE = "large"


@dataclass(frozen=True)
class Child:
    """A writer and the file in which it says what it has committed."""

    pid: int
    told: Path

    def lines(self) -> list[list[str]]:
        if not self.told.exists():
            return []
        whole = self.told.read_text(encoding="utf-8").rpartition("\n")[0]
        return [line.split() for line in whole.splitlines()]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = 300) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.005)
        raise TimeoutError(f"process {self.pid} has not ended")


class Workers:
    """Handle on the forking process."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._count = 0

    def launch(self, **job: Any) -> Child:
        self._count += 1
        told = self._folder / f"told-{self._count}"
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**job, "told": str(told)}) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()), told)


@contextlib.contextmanager
def workers(folder: Path) -> Iterator[Workers]:
    """Start the forking process; `folder` takes the files of the children."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.store_workers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Workers(process, folder)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(300)
        assert process.stdout is not None
        process.stdout.close()


def store_at(database: Database, user: str) -> RecordStore:
    return RecordStore(database, Actor(user, CLINIC, "editor"))


def reading(patient: str, number: int, **fields: Any) -> Measurement:
    day = FIRST_DAY + dt.timedelta(days=number)
    return Measurement(patient_id=patient, site="calf", date=day, thickness_mm=2.0, **fields)


def write(job: dict[str, Any], tell: Any) -> None:
    """A number of transactions, each reading and then adding a measurement with its entry."""
    patient = f"W{job['worker']}"
    with open_store(job["url"]) as database:
        store = store_at(database, patient)
        for number in range(job["transactions"]):
            begin = time.perf_counter()
            try:
                store.measurements([patient])
                store.add(reading(patient, number))
            except TrackerError as error:
                tell("failed", type(error).__name__)
            else:
                tell("ok", f"{time.perf_counter() - begin:.6f}")


def prepare_churn(url: str) -> None:
    """The records that the churning writer edits together."""
    with open_store(url) as database:
        additions = [Addition(reading("E", n, note="edit-0")) for n in range(EDITED_TOGETHER)]
        store_at(database, "setup").save_edits(additions)


def churn(job: dict[str, Any], tell: Any) -> None:
    """Imports and edits without end, telling each one that was committed."""
    choose = random.Random(job["seed"])
    with open_store(job["url"]) as database:
        store = store_at(database, "churn")
        tell("ready", "0")
        imports, edits = 0, 0
        while True:
            if choose.random() < 0.5:
                imports += 1
                name = f"import-{imports}"
                store.import_batch(import_of(name), [ImportedFile.of(name, name.encode())])
                tell("import", str(imports))
            else:
                edits += 1
                held = store.stored("measurement", ["E"])
                store.save_edits(
                    [
                        Correction(
                            entity="measurement",
                            record_id=s.record_id,
                            changes={"note": f"edit-{edits}"},
                            reason="again",
                            expected_version=s.version,
                        )
                        for s in held
                    ]
                )
                tell("edit", str(edits))


def import_large(job: dict[str, Any], tell: Any) -> None:
    """One import of many rows."""
    with open_store(job["url"]) as database:
        found = import_of(LARGE, job["rows"])
        tell("ready", "0")
        store_at(database, "large").import_batch(found, [ImportedFile.of(LARGE, b"large")])
        tell("done", "0")


def undo_large(job: dict[str, Any], tell: Any) -> None:
    """The undoing of the only import of a store."""
    with open_store(job["url"]) as database:
        store = store_at(database, "large")
        (batch,) = store.imports()
        tell("ready", "0")
        store.undo_import(batch.batch_id)
        tell("done", "0")


def import_of(name: str, n_rows: int = ROWS_OF_AN_IMPORT) -> ReadResult:
    """What a file of one patient with as many readings as an import has."""
    rows = (reading(name, n) for n in range(n_rows))
    placed = tuple(replace(r, place=Place(file=name, row=n)) for n, r in enumerate(rows, 2))
    return ReadResult(outcome="accept", measurements=placed)


def damage_after_kill(url: str, owner: str, child: Child) -> list[str]:
    """What is wrong with a store whose churning writer was killed; empty if nothing is."""
    last = {"import": 0, "edit": 0}
    for kind, number in child.lines():
        last[kind] = int(number)
    wrong = []
    with open_store(owner) as database:
        wrong += [p.what for p in verify(database).problems]
    with open_store(url) as database:
        held = store_at(database, "check").measurements()
    notes = {m.note for m in held if m.patient_id == "E"}
    edit = int(next(iter(notes)).removeprefix("edit-")) if len(notes) == 1 else -1
    if edit not in (last["edit"], last["edit"] + 1):
        wrong.append(f"edits stand at {sorted(notes)}, and edit {last['edit']} was committed")
    for number in range(1, last["import"] + 3):
        rows = sum(m.patient_id == f"import-{number}" for m in held)
        whole = {ROWS_OF_AN_IMPORT} if number <= last["import"] else {0, ROWS_OF_AN_IMPORT}
        if rows not in whole:
            wrong.append(f"import {number} of {last['import']} committed ones has {rows} rows")
    return wrong


def kill_at_a_random_moment(
    running: Workers,
    url: str,
    owner: str,
    seed: int,
    after_kill: Callable[[], None] = lambda: None,
) -> tuple[int, list[str]]:
    """Let a writer churn, kill it, and look; gives what it had committed and what is wrong."""
    prepare_churn(url)
    child = running.launch(job="churn", url=url, seed=seed)
    choose = random.Random(seed)
    # Told so far: that it is ready, and each deed. Some are killed before their first.
    deeds, until = choose.randint(1, 4), time.monotonic() + 60
    while len(child.lines()) < deeds and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(choose.uniform(0, LONGEST_CHURN_S))
    child.kill()
    after_kill()
    return len(child.lines()) - 1, damage_after_kill(url, owner, child)


def copy_of(template: Path, folder: Path, number: int) -> str:
    """A fresh SQLite store; gives its address."""
    path = folder / f"store-{number}.sqlite3"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


JOBS = {
    "write": write, "churn": churn, "import_large": import_large, "undo_large": undo_large,
}  # fmt: skip


def print_damage(damaged: list[list[str]]) -> None:
    """Print what is wrong with the first few damaged stores."""
    for wrong in damaged[:5]:
        print("   ", "; ".join(wrong[:3]))


def _forking_loop() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _child(json.loads(line))
        print(pid, flush=True)


def _child(job: dict[str, Any]) -> None:
    status = 1
    try:
        with Path(job["told"]).open("w", encoding="utf-8", buffering=1) as told:
            JOBS[job["job"]](job, lambda *w: print(*w, file=told))
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    _forking_loop()
