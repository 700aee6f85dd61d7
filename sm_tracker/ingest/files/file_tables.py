"""Tables that a file of another form than text or a spreadsheet holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sm_tracker.languages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding about a file, made before its tables are read."""

    code: str
    row: int | None = None
    words: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """One table of a file: rows of text, the names of the columns first.

    `numbers` are the numbers under which the rows are named, where they are not simply counted.
    `labels` are what the file calls its columns in words, beside their names.
    """

    rows: list[list[str]]
    sheet: str = ""
    numbers: Sequence[int] = ()
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTables:
    """The tables of one file, what it is, and what was found while it was taken apart.

    `named` counts the values that stand in no table and that a finding names.
    """

    kind: Message
    tables: tuple[FileTable, ...]
    said: tuple[Said, ...] = ()
    named: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not opened: code of the finding and the words of its sentence."""

    code: str
    words: dict[str, object]


def cell_text(value: object) -> str:
    """A typed value of a file as the text that a table would show.

    Examples
    --------
    >>> cell_text(2.0), cell_text(True), cell_text(None), cell_text(dt.date(2024, 2, 5))
    ('2', 'true', '', '2024-02-05')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
