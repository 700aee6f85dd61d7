"""The registry run from input folder to output folder: resumable, partition by partition."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sm_tracker.domain.settings import Settings
from sm_tracker.errors import ExportError
from sm_tracker.languages import Message
from sm_tracker.registry import manifest as manifests
from sm_tracker.registry.batches import NOT_READ, column_names_of, storage_schema, wanted_columns
from sm_tracker.registry.courses import FOLDERS
from sm_tracker.registry.identity import program_id, run_id
from sm_tracker.registry.needs import require_registry_packages
from sm_tracker.registry.partition import PartitionCounts, PartitionTask, finished_counts
from sm_tracker.registry.partitioning import (
    Partition,
    hashed_partitions,
    number_of_partitions,
    own_partitions,
    partition_by_hash,
)
from sm_tracker.registry.rows import REFUSED_COLUMNS
from sm_tracker.registry.scheduling import compute_all, needed_packages
from sm_tracker.registry.source import (
    TABLES,
    FileContent,
    SourceTable,
    file_contents,
    find_patients,
    find_tables,
    input_fingerprint,
)
from sm_tracker.registry.traits import keep_traits, trait_columns

BY_FILES, BY_HASH = "files of the input", "hash of patient_id"
REFUSED_FILE = "refused.csv"
_COPY = "input_by_patient"


class RunProgress(Protocol):
    """What shows how far a run is: a total for each stage, then steps."""

    def begin(self, stage: str, total: int, done: int, unit: str) -> None:
        """Start a stage of `total` units, of which `done` are there from before."""

    def step(self, n: int) -> None:
        """Say that `n` more units are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run gave.

    Attributes
    ----------
    folder : Path
    manifest : dict
        As it stands in ``run.json``.
    n_done_before : int
        Partitions that an earlier run had finished.
    """

    folder: Path
    manifest: Mapping[str, Any]
    n_done_before: int

    @property
    def refused(self) -> int:
        """Patients set aside."""
        return int(self.manifest["totals"]["n_patients_refused"])


class _Silent:
    def begin(self, stage: str, total: int, done: int, unit: str) -> None:
        pass

    def step(self, n: int) -> None:
        pass


def run_registry(
    source: str | Path,
    out: str | Path,
    settings: Settings | None = None,
    *,
    partitions: int | None = None,
    scheduler: str = "",
    workers: int | None = None,
    version: str = "",
    progress: RunProgress | None = None,
) -> RunReport:
    """Compute the change table of every patient of a registry.

    Parameters
    ----------
    source : path
        Folder with the tables ``measurements`` and ``therapies``, see docs/registry.md.
    out : path
        Folder of the output; new, empty, or of the same run broken off before.
    settings : Settings, optional
    partitions : int, optional
        Number of partitions by hash; by default the input's own files where they serve, else
        about 100,000 readings a partition.
    scheduler : str
        Address of a Dask scheduler, ``threads``, or blank for processes on this machine.
    workers : int, optional
        Local processes or threads.
    version : str
        Version of the program, for the manifest.
    progress : Progress, optional

    Returns
    -------
    RunReport
        A patient with a row that cannot be read, or whose record the change table refuses, is
        set aside whole and named with the reason in ``refused.csv``.

    Raises
    ------
    TrackerError
        If a package or a table is missing, a file is broken, `out` holds something else, or
        the cluster fails.
    """
    require_registry_packages(*needed_packages(scheduler), "pyarrow")
    with _files_at_hand(Path(out)):
        return _run(
            Path(source).absolute(),
            Path(out).absolute(),
            settings or Settings(),
            partitions=partitions,
            scheduler=scheduler,
            workers=workers,
            version=version,
            progress=progress or _Silent(),
        )


def _run(
    source: Path,
    out: Path,
    settings: Settings,
    *,
    partitions: int | None,
    scheduler: str,
    workers: int | None,
    version: str,
    progress: RunProgress,
) -> RunReport:
    tables, people = find_tables(source), find_patients(source)
    given = {**tables, **({people.name: people} if people else {})}
    if out == source or any(t.root in (out, *out.parents) for t in given.values()):
        raise ExportError("The output folder is the input folder", where=str(out))
    before = _earlier_run(out)
    read = file_contents(tables)
    files = read + file_contents({people.name: people} if people else {})
    schemas = {name: storage_schema(table) for name, table in tables.items()}
    plan = _plan(tables, read, partitions, before)
    identity = run_id(input_fingerprint(files), settings, plan.n_partitions)
    if before is not None:
        _require_same(before, identity, input_fingerprint(files), settings, plan, out)
        if before["complete"]:
            return RunReport(folder=out, manifest=before, n_done_before=plan.n_partitions)
    manifest = before or manifests.new_manifest(
        run_id=identity,
        files=files,
        columns_left_unread=_left_unread(tables, people),
        settings=settings,
        n_partitions=plan.n_partitions,
        partitioned_by=BY_HASH if plan.own is None else BY_FILES,
        version=version,
    )
    out.mkdir(parents=True, exist_ok=True)
    manifests.write_manifest(out, manifest)
    if people is not None:
        keep_traits(people, out)
    parts = plan.own or _copied(tables, read, out, plan.n_partitions, progress)
    tasks = [_task(p, tables, schemas, out, settings, identity, plan.own is None) for p in parts]
    counts, n_before = _compute(tasks, scheduler, workers, progress)
    return RunReport(folder=out, manifest=_finish(out, manifest, counts), n_done_before=n_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    n_partitions: int
    own: tuple[Partition, ...] | None


def _plan(
    tables: Mapping[str, SourceTable],
    files: tuple[FileContent, ...],
    asked: int | None,
    before: Mapping[str, Any] | None,
) -> _Plan:
    if asked is None and before is not None:
        asked = int(before["n_partitions"])
        if before["partitioned_by"] == BY_HASH:
            return _Plan(n_partitions=asked, own=None)
    own = own_partitions(tables, files)
    if own is not None and asked in (None, len(own)):
        return _Plan(n_partitions=len(own), own=own)
    return _Plan(n_partitions=number_of_partitions(files, asked), own=None)


def _earlier_run(out: Path) -> dict[str, Any] | None:
    if not out.exists():
        return None
    if not out.is_dir():
        raise ExportError("The output is not a folder", where=str(out), fix="give a folder")
    before = manifests.read_manifest(out)
    if before is None and any(out.iterdir()):
        raise ExportError(
            "The output folder holds other files",
            where=str(out),
            fix="give a new or empty folder",
        )
    return before


def _require_same(
    before: Mapping[str, Any],
    identity: str,
    input_fingerprint: str,
    settings: Settings,
    plan: _Plan,
    out: Path,
) -> None:
    if before["run_id"] == identity:
        return
    differs = {
        "the input": before["input"]["fingerprint"] != input_fingerprint,
        "the settings": before["settings_id"] != settings.settings_id,
        "the number of partitions": before["n_partitions"] != plan.n_partitions,
        "the program": before["program_id"] != program_id(),
    }
    raise ExportError(
        "The output folder holds another run",
        where=str(out),
        why=Message(
            "what differs: {names}",
            names=", ".join((name for name, is_so in differs.items() if is_so)),
        ),
        fix="give another folder, or remove this one",
    )


def _left_unread(
    tables: Mapping[str, SourceTable], people: SourceTable | None
) -> dict[str, list[str]]:
    unread: dict[str, set[str]] = {}
    if people is not None:
        everything = {name for path in people.files for name in column_names_of(path)}
        unread[people.name] = everything - {*trait_columns(people)} - NOT_READ
    for name, table in tables.items():
        for path in table.files:
            there = column_names_of(path)
            unread.setdefault(name, set()).update(
                {*there} - {*wanted_columns(TABLES[name], there)} - NOT_READ
            )
    return {name: sorted(columns) for name, columns in unread.items()}


def _copied(
    tables: Mapping[str, SourceTable],
    files: tuple[FileContent, ...],
    out: Path,
    n_partitions: int,
    progress: RunProgress,
) -> tuple[Partition, ...]:
    folder = out / _COPY
    if not folder.exists():
        progress.begin("partitioning", sum(f.n_rows for f in files), 0, " rows")
        partition_by_hash(tables, folder, n_partitions, progress.step)
    return hashed_partitions(folder, n_partitions)


def _task(
    partition: Partition,
    tables: Mapping[str, SourceTable],
    schemas: Mapping[str, Any],
    out: Path,
    settings: Settings,
    identity: str,
    copied: bool,
) -> PartitionTask:
    own = {
        name: SourceTable(name=name, root=table.root, files=partition.files[name])
        for name, table in tables.items()
    }
    return PartitionTask(
        number=partition.number,
        run_id=identity,
        program_id=program_id(),
        tables=own,
        schemas=schemas,
        out=out,
        settings=settings,
        copied=copied,
    )


def _compute(
    tasks: list[PartitionTask], scheduler: str, workers: int | None, progress: RunProgress
) -> tuple[list[PartitionCounts], int]:
    found = {task.number: finished_counts(task) for task in tasks}
    counts = [c for c in found.values() if c is not None]
    n_before = len(counts)
    progress.begin("partitions", len(tasks), n_before, " partitions")

    def done(partition: PartitionCounts) -> None:
        counts.append(partition)
        progress.step(1)

    compute_all(
        [task for task in tasks if found[task.number] is None],
        done,
        scheduler=scheduler,
        workers=workers,
    )
    return counts, n_before


def _finish(
    out: Path, manifest: Mapping[str, Any], counts: list[PartitionCounts]
) -> dict[str, Any]:
    complete = manifests.with_results(manifest, counts)
    parts = sorted((out / "refused").glob("part-*.csv"))
    with (out / REFUSED_FILE).open("w", encoding="utf-8", newline="") as together:
        csv.writer(together, lineterminator="\n").writerow(REFUSED_COLUMNS)
        for part in parts:
            with part.open(encoding="utf-8", newline="") as opened:
                shutil.copyfileobj(opened, together)
    manifests.write_manifest(out, complete)
    # The copy of the readings has done its work; what holds patients' rows is not kept twice.
    for done in (out / "refused", out / _COPY):
        shutil.rmtree(done, ignore_errors=True)
    for folder in ("changes", *FOLDERS):
        for left in (out / folder).glob(".*.unfinished"):
            left.unlink(missing_ok=True)
    return complete


@contextmanager
def _files_at_hand(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(
            "A file or folder of the run cannot be read or written",
            where=str(error.filename or out),
            why=(error.strerror or type(error).__name__).lower(),
            fix="check the permissions and the space on disk",
        ) from None
