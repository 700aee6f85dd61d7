"""Reading files: bytes to grids, grids to records, records of all files joined."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sm_tracker.domain.placing import StoredReadings
from sm_tracker.domain.records import LETTERED, Outcome, ReadResult, Recognised
from sm_tracker.errors import LimitError, ReadError
from sm_tracker.ingest.files.collector import seldom_collected
from sm_tracker.ingest.files.containers import Workbook, open_container
from sm_tracker.ingest.files.decoding import Decoded, Repair
from sm_tracker.ingest.files.dialect import SEPARATOR_NAMES, split_text
from sm_tracker.ingest.files.file_tables import FileTables, Refused
from sm_tracker.ingest.files.grid import Grid, column_letter, is_blank, named_rows, text_of
from sm_tracker.ingest.files.known_forms import form_not_read, form_without_records
from sm_tracker.ingest.files.own_redcap import own_redcap_tables
from sm_tracker.ingest.files.progress import OPENED, READ, Progress, Tell, spans
from sm_tracker.ingest.files.sources import LONGEST_CELL, Limits, SourceFile
from sm_tracker.ingest.files.spreadsheet import (
    HiddenSheet,
    PasswordNeeded,
    VisibleSheet,
    read_workbook,
)
from sm_tracker.ingest.messages.finding_log import FindingLog, Location
from sm_tracker.ingest.messages.questions import Questions
from sm_tracker.ingest.records.doubtful import mark_doubts
from sm_tracker.ingest.records.joining import join
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.table_reader import HEADER_ONLY, read_grid
from sm_tracker.ingest.tables.column_meanings import count_known_names
from sm_tracker.ingest.tables.column_names import NAMES
from sm_tracker.ingest.tables.layout import find_sections
from sm_tracker.ingest.tables.privacy import identifying_kind
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.shape import is_redcap_dictionary
from sm_tracker.languages import Message

HIDDEN = "(may identify a person)"
REDCAP_OF_OURS = Message("REDCap project of our own form")
LINES_PER_ROW = 4
"""Lines of a text file that a row may take, blank lines and line breaks in cells counted in."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A grid with what the line "recognised as" says about its container."""

    grid: Grid
    separator: str
    container: Message


def read_sources(
    files: Sequence[SourceFile],
    *,
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    limits: Limits | None = None,
    progress: Tell | None = None,
    held: StoredReadings | None = None,
) -> ReadResult:
    """Read files into records, findings and open questions; nothing is stored.

    Parameters
    ----------
    files : sequence of SourceFile
        Measurements, therapies, outcomes, events, or any mixture; told apart by their content.
    answers : mapping of str to str, optional
        Answers by question key, see :data:`sm_tracker.ingest.messages.questions.KEYS`. A key may
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
    context = ReadContext(
        findings=FindingLog(),
        questions=Questions(dict(answers or {}), tuple(NAMES), [f.name for f in files]),
        today=today or dt.date.today(),
        limits=limits or Limits(),
        progress=Progress(progress),
        held=held,
    )
    with seldom_collected():
        return _read_all(files, context)


def _read_all(files: Sequence[SourceFile], context: ReadContext) -> ReadResult:
    opened = _open_all(list(_different(files, context)), context)
    # A REDCap data dictionary gives codes their meaning, so it is read before the exports.
    opened.sort(key=lambda o: not _is_dictionary(o.grid))
    batch, recognised = RecordBatch(), []
    shares = spans([len(o.grid.rows) for o in opened], OPENED, READ)
    for one, span in zip(opened, shares, strict=True):
        context.progress.part(one.grid.file, span)
        records, lines = _read(one, opened, context)
        codes, labels = {**context.codes, **records.codes}, {**context.labels, **records.labels}
        context = replace(context, codes=codes, labels=labels)
        batch += records
        recognised += lines
    context.questions.check_columns()
    context.questions.check_fit()
    context.progress.part("", (READ, 1.0))
    batch = join(batch, context)
    _count_repeated(batch, opened, context)
    batch = mark_doubts(batch, context)
    context.progress.step(1.0)
    return _result(batch, recognised, context)


def _count_repeated(batch: RecordBatch, opened: Sequence[_Opened], context: ReadContext) -> None:
    """Count the cells of rows that only repeat others as named, not as used."""
    if not batch.repeated:
        return
    gone = batch.repeated - set(batch.places())
    grids = {(o.grid.file, o.grid.sheet): o.grid for o in opened}
    for place in gone:
        row = grids[place.file, place.sheet].row_of(place.row or 0)
        context.tally.move("used", "named", sum(not is_blank(c) for c in row))


def _different(files: Sequence[SourceFile], context: ReadContext) -> Iterator[SourceFile]:
    """The files without those whose content was given before."""
    seen: dict[str, str] = {}
    for source in files:
        if source.sha256 in seen:
            context.findings.add(
                "same_file_twice", Location(source.name), other=seen[source.sha256]
            )
        else:
            seen[source.sha256] = source.name
            yield source


def _open_all(sources: Sequence[SourceFile], context: ReadContext) -> list[_Opened]:
    opened: list[_Opened] = []
    shares = spans([len(s.content) for s in sources], 0.0, OPENED)
    for source, span in zip(sources, shares, strict=True):
        context.progress.part(source.name, span)
        for one in _open(source, context):
            if _is_read(one, context):
                opened += _taken_apart(one, context)
    return opened


def _open(source: SourceFile, context: ReadContext) -> Iterator[_Opened]:
    container = open_container(source.content, context.limits, context.today)
    location = Location(source.name)
    if isinstance(container, Refused):
        context.findings.add(container.code, location, **container.words)
    elif isinstance(container, Workbook):
        yield from _open_workbook(container, source.name, context)
    elif isinstance(container, FileTables):
        yield from _open_tables(container, source.name, context)
    else:
        yield from _open_text(container, source.name, context)


def _open_tables(found: FileTables, file: str, context: ReadContext) -> Iterator[_Opened]:
    for said in found.said:
        context.findings.add(said.code, Location(file), said.row, **said.words)
    context.tally.add("named", found.named)
    for table in found.tables:
        grid = _grid_of(table.rows, 1, file, context, table.sheet, table.numbers)
        if table.labels and grid.rows:
            grid.rows[0] = list(map(_name_or_label, table.rows[0], table.labels))
        yield from _checked(grid, "", found.kind, context)


def _taken_apart(one: _Opened, context: ReadContext) -> Iterator[_Opened]:
    """The tables of an export of our own REDCap project, or the one that was opened."""
    own = own_redcap_tables(one.grid)
    if own is None:
        yield one
        return
    location = Location(one.grid.file, own.grids[0].sheet if own.grids else one.grid.sheet)
    if own.left:
        rows = named_rows(own.left)
        context.findings.add("rows_without_record", location, own.left[0], rows=rows)
    for grid in own.grids:
        yield _Opened(grid, "", REDCAP_OF_OURS)


def _name_or_label(name: str, label: str) -> str:
    """What a column is called in words, where its name tells nothing and its label does."""
    return label if not count_known_names([name]) and count_known_names([label]) else name


def _is_read(one: _Opened, context: ReadContext) -> bool:
    """Whether a table is of no form that is known and not read; what is not read is named."""
    header = [text_of(c) for c in one.grid.rows[0]]
    location = Location(one.grid.file, one.grid.sheet)
    if form := form_not_read(header, len(one.grid.rows) - 1):
        context.findings.add("form_not_read", location, None, form=form)
    elif form := form_without_records(header):
        context.findings.add("form_without_records", location, None, form=form)
    else:
        return True
    context.tally.add("named", sum(not is_blank(c) for row in one.grid.rows for c in row))
    return False


def _say_lost_letters(text: str, location: Location, context: ReadContext) -> None:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if "\ufffd" in line]
    word = re.search(r"[^\s;,|\"]*\ufffd[^\s;,|\"]*", lines[0][1])
    context.findings.add(
        "letters_lost", location, lines[0][0], value=word[0] if word else "",
        rows=named_rows(n for n, _ in lines),
    )  # fmt: skip


def _open_text(decoded: Decoded, file: str, context: ReadContext) -> Iterator[_Opened]:
    location = Location(file)
    if _count_of_lines(decoded.text) > LINES_PER_ROW * context.limits.rows:
        context.findings.add("too_many_rows", location, limit=context.limits.rows)
        return
    split = split_text(decoded.text, count_known_names)
    if decoded.repairs:
        first = decoded.repairs[0]
        context.findings.add(
            "mojibake_repaired", location, first.line, value=first.before,
            words=_repair_words(decoded.repairs),
            rows=named_rows(r.line for r in decoded.repairs),
        )  # fmt: skip
    if "\ufffd" in decoded.text:
        _say_lost_letters(decoded.text, location, context)
    if decoded.utf8_lines:
        context.findings.add(
            "mixed_encodings", location, decoded.utf8_lines[0], encoding=decoded.encoding,
            rows=named_rows(decoded.utf8_lines),
        )  # fmt: skip
    elif decoded.encoding != "UTF-8":
        context.findings.add("encoding_named", location, None, encoding=decoded.encoding)
    if split.open_quote is not None:
        quote = split.open_quote
        context.findings.add(
            "quote_not_closed", location, quote.row, value=quote.text, line=quote.line
        )
        return
    separator = SEPARATOR_NAMES.get(split.separator) or repr(split.separator)
    words = Message("{encoding} text, {separator}", encoding=decoded.encoding, separator=separator)
    grid = _grid_of(split.rows, split.first_row, file, context)
    yield from _checked(grid, split.separator, words, context)


def _grid_of(
    rows: Sequence[list[str]], first: int, file: str, context: ReadContext, sheet: str = "",
    numbers: Sequence[int] = (),
) -> Grid:  # fmt: skip
    """Rows of text with their numbers, without blank ones."""
    grid = Grid(file=file, sheet=sheet)
    counted = zip(numbers, rows, strict=True) if numbers else enumerate(rows, start=first)
    for number, row in counted:
        joined = "".join(row)
        if len(joined) > LONGEST_CELL:
            _leave_long_cells_out(row, number, grid, context)
        if joined and not joined.isspace():
            grid.rows.append(row)  # type: ignore[arg-type]
            grid.numbers.append(number)
    return grid


def _checked(grid: Grid, separator: str, words: Message, context: ReadContext) -> Iterator[_Opened]:
    """The grid, if it holds something and is within the limits."""
    location = Location(grid.file)
    if len(grid.rows) > context.limits.rows:
        context.findings.add("too_many_rows", location, limit=context.limits.rows)
    elif grid.width > context.limits.columns:
        context.findings.add("too_many_columns", location, limit=context.limits.columns)
    elif not grid.rows:
        if not grid.named:
            context.findings.add("file_empty", location)
    else:
        yield _Opened(grid, separator, words)


def _leave_long_cells_out(row: list[str], number: int, grid: Grid, context: ReadContext) -> None:
    """Blank cells that no spreadsheet could hold, and name them; nothing in them is examined."""
    for index, cell in enumerate(row):
        if len(cell) > LONGEST_CELL:
            row[index] = ""
            grid.named += 1
            context.findings.add(
                "cell_not_examined", Location(grid.file), number, length=len(cell),
                limit=LONGEST_CELL, column=LETTERED + column_letter(index), value=cell[:40],
            )  # fmt: skip


def _count_of_lines(text: str) -> int:
    return max(text.count("\n"), text.count("\r"))


def _repair_words(repairs: Sequence[Repair]) -> Message:
    words = {r.before: r.after for r in repairs}
    shown = tuple(
        Message("{before} was read as {after}", before=b, after=a)
        for b, a in list(words.items())[:6]
    )
    if len(words) <= len(shown):
        return Message("{listed}", listed=shown)
    return Message("{names} and {more} more", names=shown, more=len(words) - len(shown))


def _open_workbook(book: Workbook, file: str, context: ReadContext) -> Iterator[_Opened]:
    location = Location(file)
    try:
        for sheet in read_workbook(book.content, file, context.limits, context.progress):
            if isinstance(sheet, HiddenSheet):
                context.findings.add("hidden_sheet", Location(file, sheet.name), value=sheet.name)
                context.tally.add("named", sheet.cells)
            elif sheet.grid.rows:
                _say_sheet(sheet, context)
                yield _Opened(sheet.grid, "", Message("spreadsheet"))
    except LimitError as error:
        code = "too_many_rows" if error.args[0] == "rows" else "too_many_columns"
        limit = context.limits.rows if error.args[0] == "rows" else context.limits.columns
        context.findings.add(code, Location(file, error.where), limit=limit)
    except ReadError as error:
        locked = isinstance(error, PasswordNeeded)
        context.findings.add("password_protected" if locked else "damaged_spreadsheet", location)


def _say_sheet(sheet: VisibleSheet, context: ReadContext) -> None:
    grid = sheet.grid
    location = Location(grid.file, grid.sheet)
    for number in sheet.hidden_rows:
        context.findings.add("hidden_rows", location, number)
    for index in sheet.hidden_columns:
        if any(index < len(row) and not is_blank(row[index]) for row in grid.rows):
            context.findings.add("hidden_columns", location, None, column=column_letter(index))
    if sheet.struck:
        cells = {
            (n, i): row[i] for n, row in zip(grid.numbers, grid.rows, strict=True)
            for i in range(len(row)) if (n, i) in sheet.struck and not is_blank(row[i])
        }  # fmt: skip
        if cells:
            context.findings.add(
                "struck_through",
                location,
                min(cells)[0],
                rows=named_rows(n for n, _ in sorted(cells)),
                value=", ".join(text_of(c) for c in list(cells.values())[:4]),
            )
    for number, index, text in sheet.comments:
        context.findings.add(
            "cell_comment", location, number, column=LETTERED + column_letter(index),
            value=HIDDEN if identifying_kind("", [text]) else text,
        )  # fmt: skip
    if grid.epoch_1904:
        context.findings.add("date_system_1904", location, None)


def _is_dictionary(grid: Grid) -> bool:
    sections = find_sections(grid) if grid.width > 3 and len(grid.rows) < 5000 else []
    return any(is_redcap_dictionary(s) for s in sections)


def _read(
    one: _Opened, opened: list[_Opened], context: ReadContext
) -> tuple[RecordBatch, list[Recognised]]:
    grid = one.grid
    before = len(context.findings.listed)
    batch, lines, found = read_grid(grid, one.separator, context)
    beside = [o for o in opened if o is not one and o.grid.file == grid.file]
    if not found and beside and (is_text_only(grid) or _has_header_only(lines)):
        del context.findings.listed[before:]
        context.findings.add("sheet_left_out", Location(grid.file, grid.sheet), None)
    elif not found and not lines:
        shown = ", ".join(text_of(c) for c in grid.rows[0][:8])
        context.findings.add("not_recognised", Location(grid.file, grid.sheet), None, columns=shown)
    return batch, [
        Recognised(
            file=line.file, sheet=line.sheet, signature=line.signature,
            summary=Message("{container}: {table}", container=one.container, table=line.summary),
        )
        for line in lines
    ]  # fmt: skip


def _has_header_only(lines: Sequence[Recognised]) -> bool:
    return bool(lines) and all(line.summary == HEADER_ONLY for line in lines)


def is_text_only(grid: Grid) -> bool:
    """Whether a sheet holds words only, as a legend does."""
    return all(isinstance(c, str) for row in grid.rows for c in row)


def _result(batch: RecordBatch, recognised: list[Recognised], context: ReadContext) -> ReadResult:
    nothing = not batch and not context.questions.unanswered()
    if nothing and not any(f.level == "error" for f in context.findings.listed):
        context.findings.add("nothing_to_import", Location(", ".join(context.questions.files)))
    findings = context.findings.close()
    questions = context.questions.unanswered()
    if questions:
        outcome: Outcome = "ask"
    elif not batch:
        outcome = "reject"
    elif any(f.level != "info" for f in findings):
        outcome = "accept_with_warning"
    else:
        outcome = "accept"
    kept = batch if outcome not in ("ask", "reject") else RecordBatch()
    return ReadResult(
        outcome=outcome,
        measurements=kept.measurements,
        therapies=kept.therapies,
        outcomes=kept.outcomes,
        events=kept.events,
        findings=findings,
        questions=questions,
        offers=context.questions.offers(),
        refused=tuple(context.findings.refused),
        recognised=tuple(recognised),
        ledger=context.tally.total(outcome),
    )
