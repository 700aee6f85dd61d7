"""Reading files: bytes to grids, grids to records, records of all files joined."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sm_tracker.domain.placing import Held
from sm_tracker.domain.records import Outcome, ReadResult, Recognised
from sm_tracker.errors import LimitError, ReadError
from sm_tracker.ingest.containers import Refused, Workbook, open_container
from sm_tracker.ingest.decoding import Decoded, Repair
from sm_tracker.ingest.dialect import LONGEST_CELL, SEPARATOR_NAMES, split_text
from sm_tracker.ingest.doubtful import mark_doubts
from sm_tracker.ingest.findings import Report, Spot
from sm_tracker.ingest.harvest import Harvest
from sm_tracker.ingest.interview import Interview
from sm_tracker.ingest.joining import join
from sm_tracker.ingest.layout import find_sections
from sm_tracker.ingest.mapping import check_answered_columns
from sm_tracker.ingest.progress import OPENED, READ, Progress, Tell, spans
from sm_tracker.ingest.reader import HEADER_ONLY, read_grid
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.shape import is_redcap_dictionary
from sm_tracker.ingest.sources import Limits, SourceFile
from sm_tracker.ingest.spreadsheet import HiddenSheet, VisibleSheet, read_workbook
from sm_tracker.ingest.tables import Grid, column_letter, is_blank, named_rows, text_of

LINES_PER_ROW = 4
"""Lines of a text file that a row may take, blank lines and line breaks in cells counted in."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A grid with what the line "recognised as" says about its container."""

    grid: Grid
    separator: str
    container: str


def read_files(
    files: Sequence[SourceFile],
    *,
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    limits: Limits | None = None,
    progress: Tell | None = None,
    held: Held | None = None,
) -> ReadResult:
    """Read files into records, findings and open questions; nothing is stored.

    Parameters
    ----------
    files : sequence of SourceFile
        Measurements, therapies, outcomes, or any mixture; told apart by their content.
    answers : mapping of str to str, optional
        Answers by question key, see :data:`sm_tracker.ingest.interview.KEYS`. A key may
        carry ``@file`` or ``@file/sheet``. Answers that are not needed are passed over.
    today : datetime.date, optional
        Last day that is no future; the present day unless given.
    limits : Limits, optional
        What a file may not exceed.
    progress : callable, optional
        Called with the share done, from 0 to 1, and the name of the file at hand (blank once
        all files are joined): for each file and table and every 20,000 rows.
    held : Held, optional
        Given where the records are going to be stored: what is stored already. Readings that
        leave part of their series blank are then joined to it in writing, and where several
        series fit it is asked which.

    Returns
    -------
    ReadResult
        With no records while a question is open, and none where nothing could be read.

    Raises
    ------
    AnswerError
        If an answer has an unknown key, or a value that is not possible.
    """
    run = Run(
        report=Report(),
        interview=Interview(dict(answers or {}), [f.name for f in files]),
        today=today or dt.date.today(),
        limits=limits or Limits(),
        progress=Progress(progress),
        held=held,
    )
    opened = _open_all(list(_different(files, run)), run)
    # A REDCap data dictionary gives codes their meaning, so it is read before the exports.
    opened.sort(key=lambda o: not _is_dictionary(o.grid))
    harvest, recognised = Harvest(), []
    shares = spans([len(o.grid.rows) for o in opened], OPENED, READ)
    for one, span in zip(opened, shares, strict=True):
        run.progress.part(one.grid.file, span)
        records, lines = _read(one, opened, run)
        harvest.add(records)
        recognised += lines
    check_answered_columns(run)
    run.progress.part("", (READ, 1.0))
    join(harvest, run)
    mark_doubts(harvest, run)
    run.progress.step(1.0)
    return _result(harvest, recognised, run)


def _different(files: Sequence[SourceFile], run: Run) -> Iterator[SourceFile]:
    """The files without those whose content was given before."""
    seen: dict[str, str] = {}
    for source in files:
        if source.sha256 in seen:
            run.report.add("same_file_twice", Spot(source.name), other=seen[source.sha256])
        else:
            seen[source.sha256] = source.name
            yield source


def _open_all(sources: Sequence[SourceFile], run: Run) -> list[_Opened]:
    opened: list[_Opened] = []
    shares = spans([len(s.content) for s in sources], 0.0, OPENED)
    for source, span in zip(sources, shares, strict=True):
        run.progress.part(source.name, span)
        opened += _open(source, run)
    return opened


def _open(source: SourceFile, run: Run) -> Iterator[_Opened]:
    container = open_container(source.content, run.limits)
    spot = Spot(source.name)
    if isinstance(container, Refused):
        run.report.add(container.code, spot, **container.words)
    elif isinstance(container, Workbook):
        yield from _open_workbook(container, source.name, run)
    else:
        yield from _open_text(container, source.name, run)


def _say_lost_letters(text: str, spot: Spot, run: Run) -> None:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if "\ufffd" in line]
    word = re.search(r"[^\s;,|\"]*\ufffd[^\s;,|\"]*", lines[0][1])
    run.report.add(
        "letters_lost", spot, lines[0][0], value=word[0] if word else "",
        rows=named_rows(n for n, _ in lines),
    )  # fmt: skip


def _open_text(decoded: Decoded, file: str, run: Run) -> Iterator[_Opened]:
    spot = Spot(file)
    if _count_of_lines(decoded.text) > LINES_PER_ROW * run.limits.rows:
        run.report.add("too_many_rows", spot, limit=run.limits.rows)
        return
    split = split_text(decoded.text)
    if decoded.repairs:
        first = decoded.repairs[0]
        run.report.add(
            "mojibake_repaired", spot, first.line, value=first.before,
            words=_repair_words(decoded.repairs),
            rows=named_rows(r.line for r in decoded.repairs),
        )  # fmt: skip
    if "\ufffd" in decoded.text:
        _say_lost_letters(decoded.text, spot, run)
    if decoded.encoding != "UTF-8":
        run.report.add("encoding_named", spot, None, encoding=decoded.encoding)
    if split.open_quote is not None:
        quote = split.open_quote
        if quote.is_long_cell:
            run.report.add("cell_too_long", spot, quote.row, limit=LONGEST_CELL)
        else:
            run.report.add("quote_not_closed", spot, quote.row, value=quote.text, line=quote.line)
        return
    grid = Grid(file=file)
    for number, row in enumerate(split.rows, start=split.first_row):
        if any(row) and not "".join(row).isspace():
            grid.rows.append(row)  # type: ignore[arg-type]
            grid.numbers.append(number)
    if len(grid.rows) > run.limits.rows:
        run.report.add("too_many_rows", spot, limit=run.limits.rows)
    elif grid.width > run.limits.columns:
        run.report.add("too_many_columns", spot, limit=run.limits.columns)
    elif not grid.rows:
        run.report.add("file_empty", spot)
    else:
        separator = SEPARATOR_NAMES.get(split.separator, repr(split.separator))
        yield _Opened(grid, split.separator, f"{decoded.encoding} text, {separator}")


def _count_of_lines(text: str) -> int:
    return max(text.count("\n"), text.count("\r"))


def _repair_words(repairs: Sequence[Repair]) -> str:
    words = {r.before: r.after for r in repairs}
    shown = ", ".join(f"{b} was read as {a}" for b, a in list(words.items())[:6])
    return f"{shown} and {len(words) - 6} more" if len(words) > 6 else shown


def _open_workbook(book: Workbook, file: str, run: Run) -> Iterator[_Opened]:
    spot = Spot(file)
    try:
        for sheet in read_workbook(book.content, file, run.limits, run.progress):
            if isinstance(sheet, HiddenSheet):
                run.report.add("hidden_sheet", Spot(file, sheet.name), value=sheet.name)
            elif sheet.grid.rows:
                _say_sheet(sheet, run)
                yield _Opened(sheet.grid, "", "spreadsheet")
    except LimitError as error:
        code = "too_many_rows" if error.what == "rows" else "too_many_columns"
        limit = run.limits.rows if error.what == "rows" else run.limits.columns
        run.report.add(code, Spot(file, error.where), limit=limit)
    except ReadError:
        run.report.add("damaged_spreadsheet", spot)


def _say_sheet(sheet: VisibleSheet, run: Run) -> None:
    grid = sheet.grid
    spot = Spot(grid.file, grid.sheet)
    for number in sheet.hidden_rows:
        run.report.add("hidden_rows", spot, number)
    for index in sheet.hidden_columns:
        if any(index < len(row) and not is_blank(row[index]) for row in grid.rows):
            run.report.add("hidden_columns", spot, None, column=column_letter(index))
    if grid.epoch_1904:
        run.report.add("date_system_1904", spot, None)


def _is_dictionary(grid: Grid) -> bool:
    sections = find_sections(grid) if grid.width > 3 and len(grid.rows) < 5000 else []
    return any(is_redcap_dictionary(s) for s in sections)


def _read(one: _Opened, opened: list[_Opened], run: Run) -> tuple[Harvest, list[Recognised]]:
    grid = one.grid
    before = len(run.report.findings)
    harvest, lines, found = read_grid(grid, one.separator, run)
    beside = [o for o in opened if o is not one and o.grid.file == grid.file]
    if not found and beside and (is_text_only(grid) or _has_header_only(lines)):
        del run.report.findings[before:]
        run.report.add("sheet_left_out", Spot(grid.file, grid.sheet), None)
    elif not found and not lines:
        shown = ", ".join(text_of(c) for c in grid.rows[0][:8])
        run.report.add("not_recognised", Spot(grid.file, grid.sheet), None, columns=shown)
    return harvest, [
        Recognised(
            file=line.file, sheet=line.sheet, signature=line.signature,
            summary=f"{one.container}: {line.summary}",
        )
        for line in lines
    ]  # fmt: skip


def _has_header_only(lines: Sequence[Recognised]) -> bool:
    return bool(lines) and all(line.summary == HEADER_ONLY for line in lines)


def is_text_only(grid: Grid) -> bool:
    """Whether a sheet holds words only, as a legend does."""
    return all(isinstance(c, str) for row in grid.rows for c in row)


def _result(harvest: Harvest, recognised: list[Recognised], run: Run) -> ReadResult:
    nothing = not harvest and not run.interview.questions()
    if nothing and not any(f.level == "error" for f in run.report.findings):
        run.report.add("nothing_to_import", Spot(", ".join(run.interview.files)))
    findings = run.report.close()
    questions = run.interview.questions()
    if questions:
        outcome: Outcome = "ask"
    elif not harvest:
        outcome = "reject"
    elif any(f.level != "info" for f in findings):
        outcome = "accept_with_warning"
    else:
        outcome = "accept"
    kept = harvest if outcome not in ("ask", "reject") else Harvest()
    return ReadResult(
        outcome=outcome,
        measurements=tuple(kept.measurements),
        therapies=tuple(kept.therapies),
        outcomes=tuple(kept.outcomes),
        findings=findings,
        questions=questions,
        offers=run.interview.offers(),
        refused=tuple(run.report.refused),
        recognised=tuple(recognised),
    )
