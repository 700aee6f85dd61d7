"""Batches of rows from CSV and Parquet, with the file and row that each came from."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sm_tracker.domain.tables import Table
from sm_tracker.errors import ColumnError
from sm_tracker.languages import Message
from sm_tracker.registry.source import TABLES, SourceTable, unreadable_file

if TYPE_CHECKING:
    import pyarrow as pa

# Free text and provenance decide no number and are left where they are.
NOT_READ = frozenset({"note", "site_text", "therapy_text", "file", "sheet", "row"})
OTHER_UNIT = {"measurements": ("thickness_um",)}
BATCH_ROWS = 1 << 16
BLOCK_BYTES = 1 << 23


def column_names_of(path: Path) -> tuple[str, ...]:
    """The names in the header of a CSV file or the schema of a Parquet file.

    Raises
    ------
    ReadError
        If the file is not what its name says.
    """
    if path.suffix == ".parquet":
        return tuple(_schema(path).names)
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            return tuple(next(csv.reader(opened), ()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable_file(path, str(error)) from None


def _schema(path: Path) -> pa.Schema:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise unreadable_file(path, str(error)) from None


def wanted_columns(table: Table, there: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file that the change table uses, in the order of the contract.

    Raises
    ------
    ColumnError
        If a required column is missing or a column is there twice.
    """
    own = (*(c for c in table.columns if c not in NOT_READ), *OTHER_UNIT.get(table.name, ()))
    wanted = tuple(c for c in own if c in there)
    twice = sorted({c for c in wanted if list(there).count(c) > 1})
    if twice:
        raise ColumnError(
            Message(
                "The table of {name} has {names} twice", name=table.name, names=", ".join(twice)
            )
        )
    if {"thickness_mm", "thickness_um"} <= set(wanted):
        raise ColumnError("The table of measurements has thickness both in mm and in µm")
    required = [n for n, c in table.columns.items() if c.required]
    missing = [n for n in required if n not in wanted]
    if "thickness_um" in wanted:
        missing = [n for n in missing if n != "thickness_mm"]
    if missing:
        raise ColumnError(
            Message("The table of {name} lacks {names}", name=table.name, names=", ".join(missing)),
            where=Message("columns seen: {names}", names=", ".join(there) or "none"),
            fix="add the missing columns, separated by commas",
        )
    return wanted


def storage_schema(source: SourceTable) -> pa.Schema:
    """One type for each column over all files of a table, plus file and row.

    Values that every file holds as numbers (or dates) stay such; all else is text, which is
    read strictly later, row by row.

    Raises
    ------
    ColumnError
        If a column is missing or of a kind that cannot be read.
    """
    import pyarrow as pa

    contract = TABLES[source.name]
    kinds: dict[str, set[str]] = {}
    order: dict[str, None] = {}
    for path in source.files:
        there = column_names_of(path)
        schema = _schema(path) if path.suffix == ".parquet" else None
        for name in wanted_columns(contract, there):
            order.setdefault(name)
            kind = "text" if schema is None else _kind(schema.field(name), name)
            kinds.setdefault(name, set()).add(kind)
    stored = {"number": pa.float64(), "date": pa.timestamp("us"), "flag": pa.bool_()}
    fields = [
        (name, stored.get(next(iter(kinds[name])), pa.string()))
        if len(kinds[name]) == 1 and name != "patient_id"
        else (name, pa.string())
        for name in order
    ]
    return pa.schema([*fields, ("file", pa.string()), ("row", pa.int64())])


def _kind(field: Any, name: str) -> str:
    import pyarrow as pa

    of = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_timestamp(of) and of.tz is not None:
        raise ColumnError(
            Message("Column {name} holds times with a time zone", name=name),
            why="the calendar day depends on the zone",
            fix="write dates without a time",
        )
    is_float = pa.types.is_floating(of) or pa.types.is_decimal(of)
    if name == "patient_id" and is_float:
        raise ColumnError("Column patient_id holds numbers with decimals", fix="write it as text")
    kinds = {
        "number": is_float or pa.types.is_integer(of),
        "date": pa.types.is_date(of) or pa.types.is_timestamp(of),
        "flag": pa.types.is_boolean(of),
        "text": pa.types.is_string(of)
        or pa.types.is_large_string(of)
        or pa.types.is_string_view(of)
        or pa.types.is_null(of),
    }
    found = [kind for kind, holds in kinds.items() if holds]
    if not found:
        raise ColumnError(
            Message("Column {name} is of the type {of}", name=name, of=of),
            fix="write text, numbers or dates",
        )
    return found[0]


def row_batches(source: SourceTable, path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of one file in pieces of bounded size, under the schema of its table.

    Raises
    ------
    ReadError
        If the file breaks off, is not UTF-8, or a row has too many or too few cells.
    """
    import pyarrow as pa

    wanted = wanted_columns(TABLES[source.name], column_names_of(path))
    first = 2 if path.suffix == ".csv" else 1  # as a spreadsheet counts: the header is row 1
    try:
        for batch in raw_batches(path, list(wanted)):
            yield _under(schema, batch, source.name_of(path), first)
            first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise unreadable_file(path, str(error)) from None


def raw_batches(path: Path, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    """The wanted columns of one file in pieces, as they are stored; those of CSV as text."""
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    if path.suffix == ".parquet":
        with pq.ParquetFile(path) as opened:
            yield from opened.iter_batches(batch_size=BATCH_ROWS, columns=wanted)
        return
    with pc.open_csv(
        path,
        read_options=pc.ReadOptions(block_size=BLOCK_BYTES),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=pc.ConvertOptions(
            include_columns=wanted, column_types={name: pa.string() for name in wanted}
        ),
    ) as opened:
        yield from opened


def _under(schema: pa.Schema, batch: pa.RecordBatch, file: str, first: int) -> pa.RecordBatch:
    import pyarrow as pa

    n = batch.num_rows
    columns = []
    for field in schema:
        if field.name == "file":
            columns.append(pa.repeat(pa.scalar(file), n))
        elif field.name == "row":
            columns.append(pa.array(range(first, first + n), pa.int64()))
        elif field.name in batch.schema.names:
            columns.append(_cast(batch.column(field.name), field))
        else:
            columns.append(pa.nulls(n, field.type))
    return pa.record_batch(columns, schema=schema)


def _cast(values: Any, field: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if field.name == "patient_id":
        return pc.utf8_trim_whitespace(values.cast(pa.string()))
    if pa.types.is_timestamp(values.type) and pa.types.is_string(field.type):
        values = values.cast(pa.date32(), safe=False)
    # A time of day, and nanoseconds with it, is cut off later; only days count.
    return values.cast(field.type, safe=not pa.types.is_timestamp(field.type))
