"""Text to cells: separator, quotes and line ends of a text file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sm_tracker.languages import Message

SEPARATORS = (";", "\t", ",", "|")
SEPARATOR_NAMES = {
    ";": Message("semicolon"),
    "\t": Message("tab"),
    ",": Message("comma"),
    "|": Message("vertical bar"),
    " ": Message("blank"),
}
SAMPLE_LINES = 200
_SEP_LINE = re.compile(r"^\s*\"?sep=(.|\\t)\"?\s*(?:\r\n|\r|\n|$)", re.IGNORECASE)
CountNames = Callable[[list[str]], int]
_ALIGNED = re.compile(r" {2,}")
NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OpenQuote:
    """A quotation mark that is not closed where it should be."""

    row: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class TextRows:
    """Cells of a text file; `rows[i]` is row ``i + 1`` as a spreadsheet shows it.

    `open_quote` tells where a quotation mark is not closed; `rows` end there.
    """

    rows: list[list[str]]
    separator: str
    open_quote: OpenQuote | None = None
    first_row: int = 1


def split_text(text: str, count_names: CountNames) -> TextRows:
    """Split text into cells, the separator chosen by what makes a table of it.

    The separator is the one under which most column names are known; then the one under
    which most rows have the same number of cells. A first line ``sep=;`` settles it.
    `count_names` counts the columns that a row names.
    """
    written, body, first_row = _separator_line(text)
    if not written and (aligned := _without_alignment(body)):
        written, body = "\t", aligned
    separator = written or best_separator(body, count_names)
    rows, open_quote = _rows(body, separator, first_row)
    if open_quote is None and '"' in body:
        rows, separator = _unwrapped(rows, separator, count_names)
    return TextRows(rows, separator, open_quote, first_row)


def _without_alignment(text: str) -> str:
    """Columns that are aligned by two or more blanks, with a tab for them; else blank."""
    lines = [line.rstrip() for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    if any(s in text for s in SEPARATORS) or '"' in text:
        return ""
    widths = {len(_ALIGNED.split(line.strip())) for line in lines}
    if len(lines) < 2 or len(widths) != 1 or widths == {1}:
        return ""
    return "\n".join(_ALIGNED.sub("\t", line.strip()) for line in text.splitlines())


def _separator_line(text: str) -> tuple[str, str, int]:
    match = _SEP_LINE.match(text)
    if not match:
        return "", text, 1
    return ("\t" if match[1] == "\\t" else match[1]), text[match.end() :], 2


def best_separator(text: str, count_names: CountNames) -> str:
    """The separator that makes the best table of the first lines."""
    sample = "".join(io.StringIO(text, newline="").readlines(20_000)[:SAMPLE_LINES])
    there = [s for s in SEPARATORS if s in sample] or ([" "] if _blank_separated(sample) else [])
    return max(there, key=lambda s: _rating(sample, s, count_names), default=",")


def _rating(sample: str, separator: str, count_names: CountNames) -> tuple[int, float, bool, int]:
    rows = [r for r in _lenient(sample, separator) if any(c.strip() for c in r)]
    names = max((count_names(r) for r in rows[:60]), default=0)
    widths = Counter(len(r) for r in rows)
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return (names, 0.0, False, 0)
    count, width = max(wide)
    # Where two separators fit equally, the comma is the decimal sign.
    return (names if names > 1 else 0, count / len(rows), separator != ",", width)


def _blank_separated(sample: str) -> bool:
    lines = [line.split() for line in sample.splitlines() if line.strip()]
    widths = {len(words) for words in lines}
    return len(lines) > 1 and len(widths) == 1 and widths != {1}


def _lenient(text: str, separator: str) -> list[list[str]]:
    try:
        return list(_reader(text, separator, strict=False))
    except csv.Error:
        return []


def _reader(text: str, separator: str, *, strict: bool) -> csv._reader:  # type: ignore[name-defined]
    csv.field_size_limit(NO_LIMIT)
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        strict=strict,
        skipinitialspace=separator == " " or f'{separator} "' in text,
    )


def _rows(text: str, separator: str, first_row: int) -> tuple[list[list[str]], OpenQuote | None]:
    reader = _reader(text, separator, strict=True)
    rows: list[list[str]] = []
    line = 0
    try:
        for row in reader:
            rows.append(row)
            line = reader.line_num
    except csv.Error:
        again = _lenient(text, separator)
        if again and not any("\n" in c or "\r" in c for row in again for c in row):
            return again, None
        return rows, _open_quote(text, len(rows), line, first_row)
    swallowed = _swallowed(rows, separator)
    if swallowed is not None:
        return rows[:swallowed], _open_quote(text, swallowed, swallowed, first_row)
    return rows, None


def _open_quote(text: str, row: int, line: int, first_row: int) -> OpenQuote:
    lines = io.StringIO(text, newline="").readlines()
    shown = lines[line].strip() if line < len(lines) else ""
    return OpenQuote(row + first_row, line + first_row, shown)


def _swallowed(rows: list[list[str]], separator: str) -> int | None:
    """Index of a row in which a quoted cell holds whole rows of the table."""
    broken = [(i, c) for i, row in enumerate(rows) for c in row if "\n" in c or "\r" in c]
    if not broken:
        return None
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for index, cell in broken:
        inner = re.split(r"\r\n|\r|\n", cell)[1:-1]
        if width > 2 and any(len(part.split(separator)) == width for part in inner):
            return index
    return None


def _unwrapped(
    rows: list[list[str]], separator: str, count_names: CountNames
) -> tuple[list[list[str]], str]:
    """Rows that were quoted as a whole, as some programs export them, split once more."""
    filled = [r for r in rows if any(r)]
    if len(filled) < 2 or any(len([c for c in r if c]) > 1 for r in filled):
        return rows, separator
    inner = "\n".join(r[0].replace("\n", " ") if r else "" for r in rows)
    better = best_separator(inner, count_names)
    if better == " ":
        return rows, separator  # words of one cell
    again, open_quote = _rows(inner, better, 1)
    if open_quote is None and max(map(len, again), default=0) > 1:
        return again, better
    return rows, separator
