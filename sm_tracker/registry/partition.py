"""One partition: read, set aside what cannot be read, call the change table, write Parquet.

This is what a Dask worker runs. What it returns is small; the rows go to disk.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.doubt import judged_measurements
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import MEASUREMENTS, completed_table
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ExportError, TrackerError
from sm_tracker.languages import Message
from sm_tracker.registry.batches import row_batches
from sm_tracker.registry.courses import FOLDERS, kept_rows, part_of
from sm_tracker.registry.identity import program_id
from sm_tracker.registry.rows import REFUSED_COLUMNS, mixed_time_rows, read_rows
from sm_tracker.registry.source import TABLES, SourceTable

if TYPE_CHECKING:
    import pyarrow as pa

METADATA_KEY = b"sm_tracker"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionTask:
    """All that a worker must know to compute one partition.

    `tables` are the input tables with the files of this partition only, `schemas` their
    Arrow types over all partitions. `copied` says that the files are those of
    :func:`~sm_tracker.registry.partitioning.partition_by_hash`, which carry the place that
    each row came from.
    """

    number: int
    run_id: str
    program_id: str
    tables: Mapping[str, SourceTable]
    schemas: Mapping[str, pa.Schema]
    out: Path
    settings: Settings
    copied: bool

    @property
    def changes_file(self) -> Path:
        """Where the change rows of the partition go."""
        return part_of(self.out, "changes", self.number)

    @property
    def refused_file(self) -> Path:
        """Where its refused rows go, if there are any."""
        return self.out / "refused" / f"part-{self.number:05d}.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionCounts:
    """What a partition held and gave.

    `n_doubtful_values` counts thickness values in open doubt, which are in no answer; `regimens`
    holds for each regimen its patients and its rows of the level period.
    """

    number: int
    run_id: str
    n_patients: int
    n_patients_refused: int
    n_measurements: int
    n_therapies: int
    n_doubtful_values: int
    n_changes: int
    regimens: dict[str, tuple[int, int]] = field(default_factory=dict)


def compute_partition(task: PartitionTask) -> PartitionCounts | TrackerError:
    """Compute one partition and write it; an error of the user's comes back as a value.

    Doing it twice, even at the same time, gives the same file: it is written under a name of
    its own and renamed.
    """
    try:
        if task.program_id != program_id():
            raise TrackerError(
                "A worker runs another version of this program",
                fix="install the same version on every machine of the cluster",
            )
        return _computed(task)
    except TrackerError as error:
        return error
    except OSError as error:
        return ExportError(
            Message("Partition {number} cannot be read or written", number=task.number),
            why=(error.strerror or type(error).__name__).lower(),
            fix="check the space on disk; every worker must reach the folders of the run",
        )


def _computed(task: PartitionTask) -> PartitionCounts:
    rows, refused = {}, []
    for name in TABLES:
        rows[name], found = read_rows(_frame(task, name), TABLES[name])
        refused.append(found)
    rows["measurements"] = judged_measurements(completed_table(rows["measurements"], MEASUREMENTS))
    refused.append(mixed_time_rows(rows["measurements"], rows["therapies"]))
    codes = pd.Index(pd.concat([f["patient_id"] for f in rows.values()]).unique())
    set_aside = set(pd.concat(refused)["patient_id"]) if any(map(len, refused)) else set()
    # A patient with a row that cannot be read is set aside whole: a change from half a
    # record would look like any other.
    good = {name: f[~f["patient_id"].isin(set_aside)] for name, f in rows.items()}
    visits = visit_values(good["measurements"])
    changes = change_table_of_visits(visits, good["therapies"], task.settings)
    counts = _counts(task, rows, codes, changes, len(set_aside))
    _write_refused(task, pd.concat([f for f in refused if len(f)] or refused[:1]))
    for name, frame in kept_rows(visits, good["therapies"], task.settings).items():
        _write(frame, part_of(task.out, name, task.number), {})
    # Last, since this file says that the partition is finished.
    written = {METADATA_KEY: json.dumps(asdict(counts)).encode()}
    _write(completed_table(changes, CHANGES), task.changes_file, written)
    return counts


def _frame(task: PartitionTask, name: str) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    source, schema = task.tables[name], task.schemas[name]
    if task.copied:
        read = (pq.read_table(path, partitioning=None) for path in source.files)
        table = pa.concat_tables([schema.empty_table(), *read])
    else:
        pieces = [b for path in source.files for b in row_batches(source, path, schema)]
        table = pa.Table.from_batches(pieces, schema=schema)
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _counts(
    task: PartitionTask,
    rows: Mapping[str, pd.DataFrame],
    codes: pd.Index,
    changes: pd.DataFrame,
    n_refused: int,
) -> PartitionCounts:
    periods = changes[changes["level"] == "period"]
    by_regimen = periods.groupby("regimen")["patient_id"].agg(["nunique", "size"])
    return PartitionCounts(
        number=task.number,
        run_id=task.run_id,
        n_patients=len(codes),
        n_patients_refused=n_refused,
        n_measurements=len(rows["measurements"]),
        n_therapies=len(rows["therapies"]),
        n_doubtful_values=int((rows["measurements"]["doubt"] == "open").sum()),
        n_changes=len(changes),
        regimens={
            str(name): (int(n), int(size))
            for name, n, size in by_regimen.itertuples(index=True, name=None)
        },
    )


def _write_refused(task: PartitionTask, refused: pd.DataFrame) -> None:
    from sm_tracker.report.export_tables import made_safe

    if refused.empty:
        return
    safe = refused[list(REFUSED_COLUMNS)].astype("str").map(made_safe)
    text = safe.to_csv(index=False, header=False, lineterminator="\n")
    task.refused_file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _unfinished(task.refused_file)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(task.refused_file)


def _write(frame: pd.DataFrame, path: Path, metadata: Mapping[bytes, bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _unfinished(path)
    try:
        pq.write_table(table, unfinished, compression="zstd")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex}.unfinished")


def finished_counts(task: PartitionTask) -> PartitionCounts | None:
    """The counts of a partition that this run has finished before, else None."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    beside = (part_of(task.out, name, task.number) for name in FOLDERS)
    if not all(path.exists() for path in (task.changes_file, *beside)):
        return None
    try:
        metadata = pq.read_metadata(task.changes_file).metadata or {}
    except (pa.ArrowException, OSError):
        return None  # cut off by a crash of the machine; it is computed again
    written = json.loads(metadata.get(METADATA_KEY, b"{}"))
    if written.get("run_id") != task.run_id:
        return None
    regimens = {name: (n, size) for name, (n, size) in written.pop("regimens").items()}
    return PartitionCounts(regimens=regimens, **written)
