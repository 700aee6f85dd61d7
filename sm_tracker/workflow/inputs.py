"""What a notebook hands over: paths, open files and tables, recognised one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sm_tracker.domain.records import Finding, Question, ReadResult
from sm_tracker.domain.tables import (
    EVENTS,
    MEASUREMENTS,
    OUTCOMES,
    THERAPIES,
    Records,
    Table,
    completed_table,
)
from sm_tracker.errors import AnswerError, ColumnError, ReadError
from sm_tracker.ingest import SourceFile
from sm_tracker.languages import Message, first_few, one_after_another
from sm_tracker.workflow.file_import import files_from_paths, read_files, records_of

TABLES = (MEASUREMENTS, THERAPIES, OUTCOMES, EVENTS)
GIVE = Message(
    "pass paths, open files, tables (pandas.DataFrame), sm.Records or the result of sm.read_files"
)
TIMES = {THERAPIES.name: ("start", "start_day"), EVENTS.name: ("date", "day")}
"""These tables have one of two columns: without it a column `therapy` may be a tag."""
SHOWN_COLUMNS = 8
OTHER_NAMES = {"thickness_mm": "thickness_um"}


def records_and_findings(
    inputs: Sequence[object],
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
) -> tuple[Records, tuple[Finding, ...]]:
    """The records in any mixture of files and tables, and what the import noticed.

    Parameters
    ----------
    inputs : sequence
        Paths, open files, files in memory, tables, records, or the results of readings.
    answers : mapping of str to str, optional
        Answers to the questions of the import.
    today : date, optional
        The day after which dates lie in the future.

    Raises
    ------
    ReadError
        If an input is of another kind, or its files were rejected.
    AnswerError
        If the files leave a question open; the message says how to answer it.
    ColumnError
        If a table is none of the four.
    """
    if not inputs:
        raise ReadError("Nothing was given to read", fix=GIVE)
    parts = [one for one in inputs if isinstance(one, Records)]
    results = [one for one in inputs if isinstance(one, ReadResult)]
    sources: list[SourceFile] = []
    for number, one in enumerate(inputs, 1):
        if isinstance(one, pd.DataFrame):
            table = _table_of(one, number)
            if set(one.columns) <= set(table.columns):
                parts.append(_records_of_table(one, table))
            else:
                # The import says what it does with columns that are not ours.
                sources.append(_as_file(one, f"table {number}.csv"))
        elif not isinstance(one, Records | ReadResult):
            sources.extend(_sources(one, number))
    if sources:
        results.append(read_files(sources, answers=answers, today=today))
    elif answers:
        raise AnswerError(
            "There is no question to answer",
            where="answers",
            why="no file was given, and tables are taken as they are",
            fix="leave answers out",
        )
    parts += [settled(result) for result in results]
    found = tuple(finding for result in results for finding in result.findings)
    return (parts[0] if len(parts) == 1 else _joined(parts)), found


def settled(result: ReadResult) -> Records:
    """The records of a reading that left no question open and was not rejected.

    Raises
    ------
    AnswerError
        With each open question, its choices and how to answer.
    ReadError
        If the files were rejected.
    """
    if result.outcome == "reject":
        raise ReadError(
            "The files hold nothing that can be used",
            where=", ".join(dict.fromkeys(f.place.file for f in result.findings if f.place.file)),
            why=one_after_another(
                [
                    Message.verbatim(str(f.message).rstrip("."))
                    for f in result.findings
                    if f.level == "error"
                ]
            ),
            fix="give tables of readings, therapies, outcomes or events as docs/data_format.md "
            "shows them",
        )
    if result.questions:
        answer = ", ".join(f"{q.key!r}: {_first_choice(q)!r}" for q in result.questions)
        n = len(result.questions)
        raise AnswerError(
            Message.counted(
                "The files leave {n} question open", "The files leave {n} questions open", n
            ),
            where="; ".join(q.key for q in result.questions),
            why=one_after_another([_asked(q) for q in result.questions]),
            fix=Message(
                "pass answers={given}, with the choice that is right", given=f"{{{answer}}}"
            ),
        )
    return records_of(result)


def _first_choice(question: Question) -> str:
    return question.choices[0].value if question.choices else "..."


def _asked(question: Question) -> Message:
    choices = ", ".join(f"{c.value!r} ({c.preview})" for c in question.choices)
    asked = str(question.message).rstrip(".")
    if not choices:
        return Message.verbatim(asked)
    return Message("{asked} Choices: {choices}", asked=asked, choices=choices)


def _sources(given: object, number: int) -> Iterator[SourceFile]:
    if isinstance(given, SourceFile):
        yield given
    elif isinstance(given, str | Path):
        yield from files_from_paths([given])
    elif callable(read := getattr(given, "read", None)):
        yield SourceFile(_name_of(given, number), _content(read, number))
    else:
        raise ReadError(
            Message("Input {number} cannot be read", number=number),
            where=Message("argument {number}", number=number),
            why=Message("it is of type {kind}", kind=type(given).__name__),
            fix=Message("{give}; several of them one after another", give=GIVE)
            if isinstance(given, list | tuple)
            else GIVE,
        )


def _name_of(given: object, number: int) -> str:
    name = getattr(given, "name", None)
    return name if isinstance(name, str) and name else f"input {number}.csv"


def _content(read: Any, number: int) -> bytes:
    content = read()
    if isinstance(content, str):
        return content.encode("utf-8")
    if isinstance(content, bytes | bytearray):
        return bytes(content)
    raise ReadError(
        Message("Input {number} cannot be read", number=number),
        where=Message("argument {number}", number=number),
        why=Message("its read() gives {kind}", kind=type(content).__name__),
        fix="open the file as text or in binary",
    )


def _as_file(frame: pd.DataFrame, name: str) -> SourceFile:
    return SourceFile(name, frame.to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8"))


def _records_of_table(frame: pd.DataFrame, own: Table) -> Records:
    """Records that hold one of the four tables."""
    blank = pd.DataFrame()
    return Records(
        *(
            completed_table(
                frame if table is own else blank.reindex(columns=_needed(table)), table
            ).reset_index(drop=True)
            for table in TABLES
        )
    )


def _needed(table: Table) -> list[str]:
    return [name for name, column in table.columns.items() if column.required]


def _lacking(table: Table, columns: set[str]) -> list[str]:
    missing = [n for n in _needed(table) if not columns & {n, OTHER_NAMES.get(n, n)}]
    if (times := TIMES.get(table.name)) and not columns & set(times):
        missing.append(" or ".join(times))
    return missing


def _table_of(frame: pd.DataFrame, number: int) -> Table:
    """Which of the four tables a frame is."""
    columns = set(map(str, frame.columns))
    lacking = {table.name: _lacking(table, columns) for table in TABLES}
    for table in TABLES:
        if not lacking[table.name]:
            return table
    fewest = min(map(len, lacking.values()))
    seen = first_few([str(name) for name in frame.columns], SHOWN_COLUMNS)
    raise ColumnError(
        "A table is neither measurements nor therapies, outcomes or events",
        where=Message("table {number}, with the columns {names}", number=number, names=seen),
        why=one_after_another(
            [
                Message("as {table} it lacks {names}", table=name, names=", ".join(names))
                for name, names in lacking.items()
                if len(names) == fewest
            ]
        ),
        fix="rename or add the missing columns, or pass the file itself, which the import reads "
        "with any column names",
    )


def _joined(parts: Sequence[Records]) -> Records:
    alike = zip(*(p.frames for p in parts), strict=True)
    filled = [[f for f in frames if len(f)] or [frames[0]] for frames in alike]
    return Records(*(pd.concat(some, ignore_index=True) for some in filled))
