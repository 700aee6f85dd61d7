"""The optional table of patients: diagnosis, age group and sex, kept beside the change rows.

Not cut into partitions: it passes through in pieces, and no number depends on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sm_tracker.errors import ColumnError
from sm_tracker.languages import Message
from sm_tracker.registry.batches import column_names_of, raw_batches
from sm_tracker.registry.source import SourceTable, unreadable_file

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "patients.parquet"
TRAITS = ("diagnosis", "age_group", "sex")
COLUMNS = ("patient_id", *TRAITS)


def trait_columns(source: SourceTable) -> tuple[str, ...]:
    """The columns of the table of patients that are kept.

    Raises
    ------
    ColumnError
        If a file has no ``patient_id``, or none of the traits.
    """
    there = {name for path in source.files for name in column_names_of(path)}
    for path in source.files:
        if "patient_id" not in column_names_of(path):
            raise ColumnError(
                "The table of patients lacks patient_id",
                where=source.name_of(path),
                fix=Message("give columns {names}", names=", ".join(COLUMNS)),
            )
    wanted = tuple(c for c in COLUMNS if c in there)
    if len(wanted) < 2:
        raise ColumnError(
            Message("The table of patients holds none of {names}", names=", ".join(TRAITS)),
            where=source.name_of(source.files[0]),
            fix="give one of them, or leave the table out",
        )
    return wanted


def keep_traits(source: SourceTable, out: Path) -> None:
    """Write the table of patients into the output, in one step; one that is there is kept.

    Raises
    ------
    ReadError
        If a file is not what its name says.
    ColumnError
        If a column is missing, or a patient stands in two rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if (out / FILE).exists():
        return
    trait_columns(source)
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    unfinished = out / f".{FILE}.{uuid.uuid4().hex}.unfinished"
    seen: list[np.ndarray[Any, Any]] = []
    try:
        with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            for batch in _batches(source, schema):
                seen.append(_hashes(batch))
                writer.write_batch(batch)
        _require_once(seen)
        unfinished.replace(out / FILE)
    finally:
        unfinished.unlink(missing_ok=True)


def _batches(source: SourceTable, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for path in source.files:
        wanted = [c for c in COLUMNS if c in column_names_of(path)]
        try:
            for batch in raw_batches(path, wanted):
                yield _as_text(batch, schema)
        except (pa.ArrowException, OSError) as error:
            raise unreadable_file(path, str(error)) from None


def _as_text(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    def text(name: str) -> Any:
        if name not in batch.schema.names:
            return pa.repeat(pa.scalar(""), batch.num_rows)
        values = batch.column(name)
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        if name == "patient_id" and pa.types.is_floating(values.type):
            raise ColumnError(
                "Column patient_id of the table of patients holds numbers with decimals",
                fix="write it as text",
            )
        return pc.utf8_trim_whitespace(values.cast(pa.string()).fill_null(""))

    return pa.record_batch([text(name) for name in schema.names], schema=schema)


def _hashes(batch: pa.RecordBatch) -> np.ndarray[Any, Any]:
    from pandas.util import hash_array

    codes = np.asarray(batch.column("patient_id").to_pylist(), dtype=object)
    return hash_array(codes, categorize=False)


def _require_once(seen: list[np.ndarray[Any, Any]]) -> None:
    together = np.concatenate(seen) if seen else np.empty(0, "uint64")
    n_twice = together.size - np.unique(together).size
    if n_twice:
        raise ColumnError(
            "A patient has two rows in the table of patients",
            where=Message("{n_twice} rows too many", n_twice=n_twice),
            fix="keep one row for each patient",
        )


def read_traits(out: Path, patients: Collection[str]) -> pd.DataFrame | None:
    """Traits of these patients, or None where the run was given none."""
    import pyarrow.dataset as ds

    if not (out / FILE).exists():
        return None
    found = ds.dataset(out / FILE, format="parquet").to_table(
        filter=ds.field("patient_id").isin(sorted(patients))
    )
    frame: pd.DataFrame = found.to_pandas(ignore_metadata=True)
    return frame
