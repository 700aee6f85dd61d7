"""Tables written as JSON: a list of records, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def rows_of_json(text: str) -> list[list[str]] | None:
    """Header and rows of a JSON text that is a table, None where it is none.

    A table is a list of records with plain values, one record a line, or one list under a
    single name.

    Examples
    --------
    >>> rows_of_json('[{"id": "A1", "mm": 2.1}, {"id": "A2", "note": "x"}]')
    [['id', 'mm', 'note'], ['A1', '2.1', ''], ['A2', '', 'x']]
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
    if isinstance(found, dict):
        lists = [v for v in found.values() if isinstance(v, list)]
        found = lists[0] if len(lists) == 1 else [found] if not lists else None
    if not isinstance(found, list) or not found:
        return None
    plain = all(
        isinstance(r, dict) and not any(isinstance(v, dict | list) for v in r.values())
        for r in found
    )
    return found if plain else None


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
