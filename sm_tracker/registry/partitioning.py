"""Partitions of whole patients: the input's own, or made by a hash of the patient code.

A patient must lie in one partition as a whole, because the change table needs all readings
and periods of a patient. That is checked, never believed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sm_tracker.errors import ReadError
from sm_tracker.languages import Message
from sm_tracker.registry.batches import row_batches, storage_schema
from sm_tracker.registry.source import TABLES, FileContent, SourceTable

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_PARTITION = 100_000
MOST_ROWS_PER_PARTITION = 200_000
MOST_PARTITIONS = 100_000
_ROWS_IN_HAND = 1_000_000
_OPEN_FILES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The files that hold the rows of one partition, by table; a table may have none."""

    number: int
    files: Mapping[str, tuple[Path, ...]]


def own_partitions(
    tables: Mapping[str, SourceTable], files: tuple[FileContent, ...]
) -> tuple[Partition, ...] | None:
    """The input's own partitions, or None if its files cannot serve as such.

    Files of the two tables with the same name inside their folders make a partition. They
    serve if no patient lies in two of them and none has more than `MOST_ROWS_PER_PARTITION`
    rows.
    """
    if any(f.n_rows > MOST_ROWS_PER_PARTITION for f in files):
        return None
    parts = sorted({t.part_of(path) for t in tables.values() for path in t.files})
    partitions = tuple(
        Partition(
            number=number,
            files={
                name: tuple(path for path in t.files if t.part_of(path) == part)
                for name, t in tables.items()
            },
        )
        for number, part in enumerate(parts)
    )
    return partitions if _patients_are_whole(tables, partitions) else None


def _patients_are_whole(
    tables: Mapping[str, SourceTable], partitions: tuple[Partition, ...]
) -> bool:
    if len(partitions) == 1:
        return True
    schemas = {name: storage_schema(table) for name, table in tables.items()}
    found: list[np.ndarray[Any, Any]] = []
    for partition in partitions:
        hashes = [
            np.unique(_hashes(batch)[0])
            for name, paths in partition.files.items()
            for path in paths
            for batch in row_batches(tables[name], path, schemas[name])
        ]
        found.append(np.unique(np.concatenate(hashes)) if hashes else np.empty(0, "uint64"))
    together = np.concatenate(found)
    return np.unique(together).size == together.size


def _hashes(batch: pa.RecordBatch) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Hash of each distinct patient code, and which of them each row has."""
    from pandas.util import hash_array

    codes = batch.column("patient_id").fill_null("").dictionary_encode()
    names = np.asarray(codes.dictionary.to_pylist(), dtype=object)
    return hash_array(names, categorize=False), codes.indices.to_numpy(zero_copy_only=False)


def number_of_partitions(files: tuple[FileContent, ...], asked: int | None) -> int:
    """How many partitions a run by hash has: about `ROWS_PER_PARTITION` rows each.

    Raises
    ------
    ReadError
        If the number asked for is below 1 or above `MOST_PARTITIONS`.
    """
    if asked is None:
        measured = [f.n_rows for f in files if not _is_therapies(f)]
        return max(1, -(-max(sum(measured), 1) // ROWS_PER_PARTITION))
    if not 1 <= asked <= MOST_PARTITIONS:
        raise ReadError(
            Message("{asked} partitions cannot be made", asked=asked),
            where="--partitions",
            fix=Message("give a number from 1 to {most}", most=MOST_PARTITIONS),
        )
    return asked


def _is_therapies(file: FileContent) -> bool:
    return Path(file.name.split("/")[0]).stem.endswith("therapies")


def partition_by_hash(
    tables: Mapping[str, SourceTable],
    folder: Path,
    n_partitions: int,
    on_rows: Callable[[int], None] = lambda n: None,
) -> None:
    """Write the input into `folder`, one subfolder a partition, in a stream.

    The folder appears under its name only when it is whole; a run that broke off leaves one
    that is thrown away by the next.

    Parameters
    ----------
    tables : mapping of str to SourceTable
    folder : Path
        Gets ``measurements`` and ``therapies``.
    n_partitions : int
    on_rows : callable
        Told the number of rows of each piece that went through.
    """
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, table in tables.items():
        _write(table, unfinished / name, n_partitions, on_rows)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def _write(
    source: SourceTable, folder: Path, n_partitions: int, on_rows: Callable[[int], None]
) -> None:
    import pyarrow as pa
    import pyarrow.dataset as ds

    schema = storage_schema(source)
    numbered = schema.append(pa.field("partition", pa.int32()))
    each = max(1, _ROWS_IN_HAND // n_partitions)
    ds.write_dataset(
        _numbered_batches(source, schema, n_partitions, on_rows),
        folder,
        schema=numbered,
        format="parquet",
        partitioning=ds.partitioning(pa.schema([("partition", pa.int32())])),
        max_partitions=n_partitions + 1,
        max_open_files=_OPEN_FILES,
        min_rows_per_group=each,
        max_rows_per_group=max(each, 1 << 17),
        # In one thread the rows of a patient keep their order.
        use_threads=False,
    )


def _numbered_batches(
    source: SourceTable,
    schema: pa.Schema,
    n_partitions: int,
    on_rows: Callable[[int], None],
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    numbered = schema.append(pa.field("partition", pa.int32()))
    for path in source.files:
        for batch in row_batches(source, path, schema):
            hashes, which = _hashes(batch)
            number = (hashes % np.uint64(n_partitions)).astype("int32")[which]
            yield pa.record_batch([*batch.columns, pa.array(number)], schema=numbered)
            on_rows(batch.num_rows)


def hashed_partitions(folder: Path, n_partitions: int) -> tuple[Partition, ...]:
    """The partitions that :func:`partition_by_hash` has written; some may be empty."""
    return tuple(
        Partition(
            number=number,
            files={
                name: tuple(sorted((folder / name / str(number)).glob("*.parquet"), key=_by_part))
                for name in TABLES
            },
        )
        for number in range(n_partitions)
    )


def _by_part(path: Path) -> tuple[int, str]:
    digits = "".join(c for c in path.stem if c.isdigit())
    return int(digits or 0), path.name
