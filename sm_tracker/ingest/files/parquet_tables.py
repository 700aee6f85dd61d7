"""Parquet files as tables of text."""

from __future__ import annotations

import io

from sm_tracker.ingest.files.file_tables import FileTable, FileTables, Refused, cell_text
from sm_tracker.ingest.files.sources import Limits
from sm_tracker.languages import Message

PARQUET = Message("Parquet file")
INSTALL = "pip install -r requirements-registry.txt"


def table_of_parquet(content: bytes, limits: Limits) -> FileTables | Refused:
    """The table of a Parquet file, or why it is not read; sizes are looked at before it is."""
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        return Refused("extra_missing", {"kind": PARQUET, "command": INSTALL})
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        about = file.metadata
        groups = (about.row_group(i) for i in range(about.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
        if about.num_rows > limits.rows:
            return Refused("too_many_rows", {"limit": limits.rows})
        if about.num_columns > limits.columns:
            return Refused("too_many_columns", {"limit": limits.columns})
        if unpacked > limits.unpacked_bytes:
            words = {"size": unpacked, "limit": limits.unpacked_bytes, "packed": len(content)}
            return Refused("unpacked_too_large", words)
        columns = file.read().to_pydict()
    except (pyarrow.ArrowException, OSError, ValueError):
        return Refused("damaged_file", {"kind": PARQUET})
    cells = zip(*([cell_text(v) for v in column] for column in columns.values()), strict=True)
    rows = [list(columns), *map(list, cells)]
    return FileTables(kind=PARQUET, tables=(FileTable(rows=rows),))
