"""Files in: read, report, give back what was refused."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sm_tracker.config import SAMPLE_FOLDER, SAMPLE_STEM
from sm_tracker.domain.placing import StoredReadings
from sm_tracker.domain.records import Finding, Question, ReadResult
from sm_tracker.domain.tables import Records
from sm_tracker.domain.tables import tables_of_records as tables_of
from sm_tracker.errors import ReadError
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.languages import Message, speaking
from sm_tracker.report.export_tables import made_safe, template_tables


def files_from_paths(paths: Sequence[str | Path]) -> tuple[SourceFile, ...]:
    """Load files from disk; of files of one name in several folders, the later are numbered.

    Raises
    ------
    ReadError
        If a file is missing or cannot be opened.
    """
    sources: list[SourceFile] = []
    for path in map(Path, paths):
        try:
            taken = sum(Path(p).name == path.name for p in paths[: len(sources)])
            name = f"{path.stem} ({taken + 1}){path.suffix}" if taken else path.name
            sources.append(SourceFile(name, path.read_bytes()))
        except OSError as error:
            folder = path.is_dir()
            raise ReadError(
                "A file cannot be opened",
                where=str(path),
                why="it is a folder" if folder else _reason(error),
                fix="name the files in it" if folder else "check the name and the permissions",
            ) from None
    return tuple(sources)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def read_files(
    files: Sequence[SourceFile | str | Path] | SourceFile | str | Path,
    *,
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    progress: Callable[[float, str], None] | None = None,
    held: StoredReadings | None = None,
) -> ReadResult:
    """Read clinic files into records, findings and open questions; nothing is stored.

    Parameters
    ----------
    files : sequence of SourceFile or path
        Files in memory, or paths of files on disk; a single one may stand alone.
    answers : mapping of str to str, optional
        Answers to questions by their key.
    today : date, optional
        The day after which dates lie in the future.
    progress : callable, optional
        Called while it runs with the share done, from 0 to 1, and the name of the file at
        hand (blank once all files are joined).
    held : Held, optional
        What is stored already, given where the records are going to be stored as well: a
        record store, or :class:`NoStoredReadings`. Readings are then joined to their series in
        writing, and asked about where several fit.

    Returns
    -------
    ReadResult
        Every problem is a finding; what only a person can settle is a question.

    Raises
    ------
    ReadError
        If a path cannot be opened.
    AnswerError
        If an answer has no question, or is not one of its choices.
    """
    if isinstance(files, SourceFile | str | Path):
        files = [files]
    sources = [f if isinstance(f, SourceFile) else files_from_paths([f])[0] for f in files]
    return read_sources(sources, answers=answers, today=today, progress=progress, held=held)


def records_of(result: ReadResult) -> Records:
    """The records of a reading as tables; a rejected or open one has none."""
    return tables_of(result.measurements, result.therapies, result.outcomes, result.events)


def sample_records() -> Records:
    """The synthetic index case that the dashboard opens with."""
    names = [f"{SAMPLE_STEM}_{kind}.csv" for kind in ("measurements", "therapies", "outcomes")]
    return records_of(read_files(files_from_paths([SAMPLE_FOLDER / name for name in names])))


def refused_rows_csv(result: ReadResult) -> bytes:
    """The refused rows as a CSV file with a reason column, one block for each header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    header: tuple[str, ...] | None = None
    for row in result.refused:
        if row.header != header:
            header = row.header
            writer.writerow(["file", "sheet", "row", "reason", *header])
        place = [row.place.file, row.place.sheet, row.place.row, str(row.reason)]
        writer.writerow([*place, *(made_safe(cell) for cell in row.cells)])
    return out.getvalue().encode("utf-8-sig")


def template_files() -> dict[str, bytes]:
    """Empty files in our own form, to be filled in."""
    return template_tables()


def result_as_json(result: ReadResult) -> dict[str, object]:
    """A reading as plain values, in the form that docs/interfaces.md promises."""
    return {
        "outcome": result.outcome,
        "measurements": [_plain(m) for m in result.measurements if m.status == "ok"],
        "unreadable": [_plain(m) for m in result.measurements if m.status != "ok"],
        "therapies": [_plain(p) for p in result.therapies],
        "outcomes": [_plain(o) for o in result.outcomes],
        "events": [_plain(e) for e in result.events],
        "findings": [_finding(f) for f in result.findings],
        "questions": [_question(q) for q in result.questions],
        "offers": [_question(q) for q in result.offers],
        "recognised": [
            {
                "file": r.file,
                "sheet": r.sheet,
                **_worded("summary", r.summary),
                "signature": r.signature,
            }
            for r in result.recognised
        ],
        "ledger": dataclasses.asdict(result.ledger) if result.ledger else None,
    }


def _worded(name: str, message: Message) -> dict[str, object]:
    """A message in English under its name, and beside it the values that stand in it."""
    with speaking("en"):
        return {name: str(message), "template": message.template, "values": message.plain_values()}


def _finding(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "code": finding.code,
        "level": finding.level,
        **_worded("message", finding.message),
        "column": finding.column,
        "value": finding.value,
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "key": question.key,
        **_worded("message", question.message),
        "choices": [{"value": c.value, **_worded("preview", c.preview)} for c in question.choices],
        "file": question.file,
    }


def _plain(record: object) -> dict[str, object]:
    values = dataclasses.asdict(record)  # type: ignore[call-overload]
    place = values.pop("place")
    return {name: _plain_value(v) for name, v in {**values, **place}.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain_value(v) for v in value]
    return value
