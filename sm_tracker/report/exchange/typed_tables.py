"""Our own tables with typed values: one JSON document, or one Parquet file a table."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pandas as pd

from sm_tracker.domain.own_columns import OWN_FORM, WHOLE, own_rules
from sm_tracker.domain.tables import Records
from sm_tracker.errors import ExportError
from sm_tracker.report.export_tables import own_tables

VERSION = 1
"""Of the JSON document; raised where a reader of the one before would misread it."""
INSTALL = "pip install -r requirements-registry.txt"
_TYPES = {"number": "float64", "whole": "Int64", "flag": "boolean"}


def write_json(records: Records) -> dict[str, bytes]:
    """One document with a list of records for each table; what is blank is left out."""
    document: dict[str, Any] = {"form": OWN_FORM, "version": VERSION}
    for name, table in own_tables(records).items():
        document[name] = [
            {c: _typed(name, c, text) for c, text in zip(table.columns, row, strict=True) if text}
            for row in table.itertuples(index=False)
        ]
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return {"records.json": (text + "\n").encode()}


def write_parquet(records: Records) -> dict[str, bytes]:
    """One Parquet file for each table.

    Raises
    ------
    ExportError
        If the library for it is not installed.
    """
    return {f"{name}.parquet": _parquet(name, t) for name, t in own_tables(records).items()}


def _parquet(name: str, table: pd.DataFrame) -> bytes:
    rules = own_rules(name)
    columns: dict[str, Any] = {}
    for column in table.columns:
        values = [_typed(name, column, text) if text else None for text in table[column]]
        kind: Any = _TYPES.get("whole" if column in WHOLE else rules[column].kind, "object")
        columns[column] = pd.Series(values, dtype=kind)
    out = io.BytesIO()
    try:
        pd.DataFrame(columns).to_parquet(out, engine="pyarrow", index=False)
    except ImportError:
        raise ExportError(
            "Parquet files cannot be written",
            where=name,
            why="the library for them is not installed",
            fix=INSTALL,
        ) from None
    return out.getvalue()


def _typed(table: str, column: str, text: str) -> str | int | float | bool | dt.date:
    """A cell of our own tables as the value that its description calls for."""
    kind = own_rules(table)[column].kind
    if column in WHOLE:
        return int(text)
    if kind == "number":
        return float(text)
    return text == "true" if kind == "flag" else text
