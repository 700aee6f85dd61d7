"""Tables written as JSON: our own form, a list of records, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sm_tracker.domain.own_columns import OWN_COLUMNS, OWN_FORM
from sm_tracker.ingest.files.file_tables import FileTable, FileTables, Said, cell_text
from sm_tracker.languages import Message

FHIR = "resourceType"
"""What each resource of the exchange format FHIR begins with."""
MOST_AROUND = 100
"""Values around a list that are written to each of its records."""


def tables_of_json(text: str) -> FileTables | None:
    """The tables of a JSON text, None where it holds none."""
    if own := _own_tables(text):
        return FileTables(kind=Message("JSON"), tables=own)
    rows = rows_of_json(text)
    if rows is None:
        return None
    said = Said(code="json_read", words={"count": len(rows) - 1})
    return FileTables(kind=Message("JSON"), tables=(FileTable(rows=rows),), said=(said,))


def _own_tables(text: str) -> tuple[FileTable, ...]:
    """The tables of a document of our own form, numbers as they are written in it."""
    if OWN_FORM not in text[:200]:
        return ()
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, dict) or found.get("form") != OWN_FORM:
        return ()
    tables = []
    for name, known in OWN_COLUMNS.items():
        records = found.get(name)
        if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
            continue
        names = list(dict.fromkeys((*known, *(n for r in records for n in r))))
        rows = [names, *([cell_text(r.get(n)) for n in names] for r in records)]
        tables.append(FileTable(rows=rows, sheet=name))
    return tuple(tables)


def rows_of_json(text: str) -> list[list[str]] | None:
    """Header and rows of a JSON text that is a table, None where it is none.

    A table is a list of records with plain values, one record a line, or such a list inside of
    an object. What an object holds beside its list is true of each record of the list.

    Examples
    --------
    >>> rows_of_json('[{"id": "A1", "mm": 2.1}, {"id": "A2", "note": "x"}]')
    [['id', 'mm', 'note'], ['A1', '2.1', ''], ['A2', '', 'x']]
    >>> rows_of_json('{"id": "A1", "visits": [{"mm": 2.1}, {"mm": 2.0}]}')
    [['id', 'mm'], ['A1', '2.1'], ['A1', '2.0']]
    """
    records = _records(text)
    if not records:
        return None
    names = list(dict.fromkeys(name for record in records for name in record))
    return [names, *([_text(record.get(name)) for name in names] for record in records)]


def _records(text: str) -> list[Mapping[str, Any]] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _lines(text)
    try:
        return list(_flat(found, {}))
    except (ValueError, RecursionError):
        return None


def _flat(found: object, around: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Records with plain values, each with what stands around its list."""
    if isinstance(found, list):
        for one in found:
            if not isinstance(one, dict):
                raise ValueError("a list holds something other than records")
            yield from _flat(one, around)
    elif isinstance(found, dict):
        if FHIR in found:
            raise ValueError("a resource of FHIR is not a table")
        plain, lists = _parts(found)
        if len(lists) > 1 or (lists and len(around.keys() | plain) > MOST_AROUND):
            raise ValueError("an object is not a record and does not hold a single list of records")
        if lists:
            yield from _flat(lists[0], {**around, **plain})
        else:
            yield {**around, **plain}


def _parts(found: Mapping[str, Any]) -> tuple[dict[str, Any], list[list[Any]]]:
    """The plain values of an object, those of an object inside it under both names, and lists."""
    plain: dict[str, Any] = {}
    lists: list[list[Any]] = []
    for name, value in found.items():
        if isinstance(value, dict):
            inner, more = _parts(value)
            plain |= {f"{name} {n}": v for n, v in inner.items()}
            lists += more
        elif isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
            lists.append(value)
        elif isinstance(value, list):
            plain[name] = "; ".join(map(_text, value))
        else:
            plain[name] = value
    return plain, lists


def _lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else repr(value)
