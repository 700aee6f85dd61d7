"""A fault at each write, flush, sync, renaming and deletion of each change of an SQLite store.

Each change is done again and again in a process of its own, in a copy of the same store; each
time another deed on the disk goes wrong: it fails, the disk is full, or the process dies before
it or halfway through. Afterwards the store must open and verify, the change must be there as a
whole or not at all, and it must succeed when it is done again.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.faulty_disk import WAYS, FaultyDisk, Way
from benchmarks.store_workers import CLINIC, import_of, reading
from sm_tracker.errors import TrackerError
from sm_tracker.store import (
    Actor,
    Addition,
    Correction,
    ImportedFile,
    LastView,
    RecordStore,
    make_tables,
    open_store,
    restore_backup,
    upgrade_database_tables,
    verify,
    write_backup,
)
from sm_tracker.store.address import parsed_address
from sm_tracker.store.database import REVISIONS, engines
from sm_tracker.store.migrate import migrate_tables

DONE, REFUSED, BROKEN, KILLED = 0, 3, 4, 137
MOST_OF_A_CHANGE = 120
Prepare = Callable[[Path], None]


@dataclasses.dataclass(frozen=True)
class Change:
    """One kind of change: what is there before, what is done, and what is then to be seen."""

    name: str
    prepare: Prepare
    act: Prepare
    state: Callable[[Path], object]


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault and what was wrong afterwards; blank if nothing was."""

    change: str
    way: Way
    at: int
    ended: int
    wrong: str


def _url(folder: Path, name: str = "store") -> str:
    return f"sqlite:///{folder / name}.sqlite3"


@contextlib.contextmanager
def _store(folder: Path, name: str = "store") -> Iterator[RecordStore]:
    with open_store(_url(folder, name)) as database:
        yield RecordStore(database, Actor("ann", CLINIC, "admin"))


def _filled(folder: Path) -> None:
    make_tables(_url(folder)).close()
    with _store(folder) as store:
        _import(folder, "first", store)
        store.save_edits([Addition(reading("E", n, note="before")) for n in range(3)])


def _import(folder: Path, name: str = "second", store: RecordStore | None = None) -> None:
    with contextlib.nullcontext(store) if store else _store(folder) as held:
        held.import_batch(
            import_of(name),
            [ImportedFile.of(name, name.encode())],
            answers={"unit": "mm"},
        )


def _edit(folder: Path) -> None:
    with _store(folder) as store:
        store.save_edits(
            [
                Correction(
                    entity="measurement",
                    record_id=s.record_id,
                    changes={"note": "after"},
                    reason="again",
                    expected_version=s.version,
                )
                for s in store.stored("measurement", ["E"])
                if s.record.note == "before"
            ]
        )


def _visit(folder: Path) -> None:
    with _store(folder) as store:
        if len(store.measurements(["E"])) == 3:
            store.save_edits([Addition(reading("E", 9, side=s)) for s in ("left", "right")])


def _undo(folder: Path) -> None:
    with _store(folder) as store:
        if store.imports()[0].undone_at is None:
            store.undo_import(1)


def _erase(folder: Path) -> None:
    with _store(folder) as store:
        if any(p.code == "first" for p in store.patients()):
            store.erase_patient("first", "asked for in writing")


def _answers(folder: Path) -> None:
    with _store(folder) as store:
        if not store.answers_for("header"):
            store.remember_answers("header", {"unit": "mm"})


def _view(folder: Path) -> None:
    with _store(folder) as store:
        store.save_view(LastView("E", {"sites": ["calf"]}))


def _back_up(folder: Path) -> None:
    if not (folder / "kept.sqlite3").exists():
        write_backup(_url(folder), folder / "kept.sqlite3")


def _with_backup(folder: Path) -> None:
    _filled(folder)
    write_backup(_url(folder), folder / "kept.sqlite3")
    _edit(folder)


def _restore(folder: Path) -> None:
    if not (folder / "restored.sqlite3").exists():
        restore_backup(folder / "kept.sqlite3", _url(folder, "restored"))


def _restore_in_place(folder: Path) -> None:
    if not (folder / "store.sqlite3").exists() or _notes(folder) == ["after"]:
        restore_backup(folder / "kept.sqlite3", _url(folder), move_aside=True)


def _of_the_first_version(folder: Path) -> None:
    address = parsed_address(_url(folder))
    migrate_tables(address, REVISIONS[0])
    with engines(address) as database, database.connection(writing=True) as raw:
        for statement in (
            f"INSERT INTO clinic VALUES ('{CLINIC}', '2026-01-01')",
            f"INSERT INTO patient (clinic, code) VALUES ('{CLINIC}', 'OLD-1')",
        ):
            raw.exec_driver_sql(statement)


def _upgrade(folder: Path) -> None:
    # A folder of its own each time: a second try within one second would meet the same name.
    upgrade_database_tables(_url(folder), folder / f"backups-{time.monotonic_ns()}")


def _notes(folder: Path, name: str = "store") -> list[str]:
    with _store(folder, name) as store:
        return sorted({m.note for m in store.measurements(["E"])})


def _seen(folder: Path, name: str = "store") -> object:
    """What a reader sees of a store, without moments and numbers that differ each time."""
    with _store(folder, name) as store:
        problems = [p.what for p in verify(store.database).problems]
        if problems:
            raise AssertionError(f"verify finds: {problems[:3]}")
        return (
            [
                (s.record_id, s.version, s.mark, dataclasses.astuple(s.record))
                for s in store.stored("measurement", with_removed=True)
            ],
            [(e.seq, e.action, e.entity, e.entity_id, e.redacted) for e in store.audit_trail()],
            [(i.batch_id, i.undone_at is None, i.files, i.answers) for i in store.imports()],
            store.answers_for("header"),
            store.view(),
        )


def _seen_with_copy(name: str) -> Callable[[Path], object]:
    def seen(folder: Path) -> object:
        there = (folder / f"{name}.sqlite3").exists()
        return _seen(folder), _seen(folder, name) if there else None

    return seen


def _seen_or_aside(folder: Path) -> object:
    """The store that lies in its place or, while it is empty, the one carried aside."""
    aside = [p.stem for p in folder.glob("store-aside-*.sqlite3")]
    if (folder / "store.sqlite3").exists():
        return _seen(folder)
    return _seen(folder, aside[-1])


def _version(folder: Path) -> object:
    with engines(parsed_address(_url(folder))) as database, database.connection() as raw:
        found = raw.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        codes = raw.exec_driver_sql("SELECT code FROM patient").scalars().all()
        whole = raw.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return found, codes, whole


CHANGES = (
    Change("import", _filled, _import, _seen),
    Change("edit", _filled, _edit, _seen),
    Change("visit", _filled, _visit, _seen),
    Change("undo", _filled, _undo, _seen),
    Change("erasure", _filled, _erase, _seen),
    Change("answers", _filled, _answers, _seen),
    Change("view", _filled, _view, _seen),
    Change("backup", _filled, _back_up, _seen_with_copy("kept")),
    Change("restore", _with_backup, _restore, _seen_with_copy("restored")),
    Change("restore in place", _with_backup, _restore_in_place, _seen_or_aside),
    Change("upgrade", _of_the_first_version, _upgrade, _version),
)


def _in_a_process(act: Prepare, folder: Path, disk: FaultyDisk) -> tuple[int, int]:
    """Do a change in a child on a faulty disk: how it ended, and how many deeds it took."""
    told = folder.with_name(folder.name + "-told")
    told.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        ended = BROKEN
        try:
            disk.put_in_place()
            act(folder)
            ended = DONE
        except TrackerError:
            ended = REFUSED
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            told.write_text(str(disk.deeds))
            os._exit(ended)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), int(told.read_text()) if told.exists() else 0


def _what_is_wrong(change: Change, folder: Path, ended: int, before: object, after: object) -> str:
    if ended not in (DONE, REFUSED, KILLED):
        return f"ended with {ended}"
    try:
        now = change.state(folder)
        if now not in (before, after):
            return "neither whole nor absent"
        if ended == DONE and now != after:
            return "said to be done, and is not there"
        if ended != KILLED and [p for p in folder.iterdir() if ".part" in p.name]:
            return "a work file is left"
        change.act(folder)
        if change.state(folder) != after:
            return "not as it should be after a second time"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def run_faults(folder: Path, change: Change, most: int) -> Iterator[Fault]:
    """Try a change with at most so many faults of each way, evenly over all its deeds."""
    template = folder / "template"
    template.mkdir()
    change.prepare(template)
    before = change.state(template)
    whole = folder / "whole"
    shutil.copytree(template, whole)
    ended, deeds = _in_a_process(change.act, whole, FaultyDisk())
    assert ended == DONE, f"{change.name} does not succeed on a sound disk"
    after = change.state(whole)
    assert after != before, f"{change.name} changes nothing"
    step = max(1.0, deeds / most)
    for way in WAYS:
        for at in sorted({int(1 + i * step) for i in range(min(most, deeds))}):
            tried = folder / "tried"
            shutil.rmtree(tried, ignore_errors=True)
            shutil.copytree(template, tried)
            ended, _ = _in_a_process(change.act, tried, FaultyDisk(at, way))
            wrong = _what_is_wrong(change, tried, ended, before, after)
            yield Fault(change.name, way, at, ended, wrong)


def main(most: int = MOST_OF_A_CHANGE, lines: bool = False, only: str = "") -> int:
    """Print how many faults were injected into each change, and what was wrong after them."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    begun = time.perf_counter()
    for change in CHANGES:
        if only and change.name != only:
            continue
        ended: Counter[int] = Counter()
        with tempfile.TemporaryDirectory() as name:
            for fault in run_faults(Path(name), change, most):
                total[change.name] += 1
                ended[fault.ended] += 1
                if fault.wrong:
                    found[change.name] += 1
                if lines:
                    print(json.dumps(dataclasses.asdict(fault)), flush=True)
                elif fault.wrong:
                    print(f"  {fault}", flush=True)
        if not lines:
            print(
                f"{change.name}: {total[change.name]} faults ({ended[REFUSED]} refused in words, "
                f"{ended[KILLED]} killed, {ended[DONE]} done all the same), "
                f"{found[change.name]} lost or damaged",
                flush=True,
            )
    if not lines:
        print(
            f"all: {total.total()} faults, {found.total()} lost or damaged; "
            f"{time.perf_counter() - begun:.0f} s"
        )
    return 1 if found else 0


def _options() -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--most", type=int, default=MOST_OF_A_CHANGE)
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("--only", default="")
    return vars(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main(**_options()))
