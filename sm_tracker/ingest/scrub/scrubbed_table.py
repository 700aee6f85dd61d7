"""Cells of a table to harmless ones, each by what its column holds."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from sm_tracker.domain.missing import is_missing
from sm_tracker.ingest.cells.dates import DateOrder, order_evidence
from sm_tracker.ingest.files.decoding import composed
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.scrub.harmless_words import HarmlessWords, is_known, is_line, is_short_code
from sm_tracker.ingest.scrub.shifted_dates import DateMover
from sm_tracker.ingest.tables.column_meanings import count_known_names, read_column_name
from sm_tracker.ingest.tables.header_rows import DATE_LIKE, NUMBER_LIKE
from sm_tracker.ingest.tables.privacy import identifying_kind

Cell = object
"""A text, a number, a date, a truth value or nothing, as a library of spreadsheets gives it."""

_CODES = frozenset({"patient_id", "subject", "examiner", "code if short", "identifying if long"})
_DATES = frozenset({
    "date", "start", "end", "year", "month", "examination_date", "session_dates", "starts_after",
    "starts_by", "ends_after", "ends_by",
})  # fmt: skip
_CODE = re.compile(r"[^\W\d_]{1,3}[-_ ]?\d{1,4}")
_MOSTLY = 0.5
_SAMPLE = 300
_LEAST_NAMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbing:
    """What one file is scrubbed with: its words, its dates and the codes of its patients."""

    words: HarmlessWords
    dates: DateMover
    codes: frozenset[str] = frozenset()
    kept: dict[str, None] = field(default_factory=dict)
    """Words of headers that the reader does not know: they stay, so they are named."""

    def text(self, text: str, order: DateOrder = "day-first", *, of_dates: bool = False) -> str:
        """A cell or line that is not a code: its dates moved, its unknown words replaced."""
        if self._is_code(text):
            return self.words.of_code(text)
        pieces = re.split(self._codes_in_text(), text) if self.codes else [text]
        return "".join(
            self.words.of_code(piece) if i % 2 else self._without_codes(piece, order, of_dates)
            for i, piece in enumerate(pieces)
        )

    def _without_codes(self, text: str, order: DateOrder, of_dates: bool) -> str:
        whole = composed(text)
        pieces = self.dates.pieces(whole, order, of_dates=of_dates)
        new = "".join(
            piece if moved else self.words.of_text(piece, of_dates=of_dates)
            for piece, moved in pieces
        )
        # Accents that stand apart from their letters, as Macs write them, go apart again.
        return new if whole == text else unicodedata.normalize("NFD", new)

    def header(self, text: str) -> str:
        """A name of a column: it stays but for codes and dates, since it may be the trouble."""
        if self._is_code(text):
            return self.words.of_code(text)
        unknown = [w for w in re.findall(r"[^\W\d_]{3,}", text) if not is_known(w)]
        self.kept.update(dict.fromkeys(unknown))
        return self.dates.text(text)

    def _is_code(self, text: str) -> bool:
        plain = text.strip().casefold()
        return plain in self.codes and any(c.isalpha() for c in plain)

    def _codes_in_text(self) -> str:
        long = [c for c in self.codes if len(c) > 2 and any(x.isalpha() for x in c)]
        if not long:
            return r"(?!)()"
        listed = "|".join(map(re.escape, sorted(long, key=len, reverse=True)))
        return rf"(?i)(?<!\w)({listed})(?!\w)"


@dataclass(frozen=True, slots=True)
class _Column:
    holds: str = ""
    order: DateOrder = "day-first"


def scrubbed_rows(rows: Sequence[Sequence[Cell]], scrubbing: Scrubbing) -> list[list[Cell]]:
    """The rows of a file or sheet with every cell made harmless, in their place.

    A row of known column names begins a table; each column is judged by its name and by the
    cells beneath it.
    """
    done: list[list[Cell]] = []
    tops = [i for i, row in enumerate(rows) if _is_header(row)]
    for start, stop in zip([0, *tops], [*tops, len(rows)], strict=True):
        body = rows[start:stop]
        names: Sequence[Cell] = body[0] if start in tops and body else ()
        columns = _columns(names, body[1:] if names else body)
        for i, row in enumerate(body):
            of_names = bool(names) and i == 0
            done.append([_new_cell(c, columns[j], scrubbing, of_names) for j, c in enumerate(row)])
    return done


def _is_header(row: Sequence[Cell]) -> bool:
    texts = [c for c in row if isinstance(c, str) and c.strip()]
    if any(not isinstance(c, str) and c is not None for c in row):
        return False
    if any(DATE_LIKE.match(t.strip()) or NUMBER_LIKE.match(t.strip()) for t in texts):
        return False
    return count_known_names(texts) >= _LEAST_NAMES


def _columns(names: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> list[_Column]:
    width = max(map(len, (names, *body)), default=0)
    found = []
    for j in range(width):
        name = names[j] if j < len(names) and isinstance(names[j], str) else ""
        cells = [row[j] for row in body if j < len(row)]
        filled = [c for c in cells if c is not None and str(c).strip()][:_SAMPLE]
        found.append(_column(str(name), filled))
    return found


def _column(name: str, cells: Sequence[Cell]) -> _Column:
    texts = [c if isinstance(c, str) else _plain(c) for c in cells]
    role = read_column_name(name).role
    order: DateOrder = (
        "month-first" if order_evidence(texts).order == "month-first" else "day-first"
    )
    kind = identifying_kind(name, texts)
    if kind and kind != "birth date":
        return _Column("name", order)
    dates = sum(bool(DATE_LIKE.match(t.strip())) for t in texts)
    if role in _DATES or kind or (texts and dates > _MOSTLY * len(texts)):
        return _Column("dates", order)
    return _Column("code" if role in _CODES or (not role and _are_codes(texts)) else "", order)


def _are_codes(texts: Sequence[str]) -> bool:
    """Whether cells that nothing reads are codes: most of that form, one of them unknown.

    Beside A12 and B07 a M03 is no third month.
    """
    coded = [t for t in texts if _CODE.fullmatch(t.strip())]
    return len(coded) > _MOSTLY * len(texts) and any(map(is_short_code, coded))


def _plain(cell: Cell) -> str:
    return text_of(float(cell)) if isinstance(cell, int | float) else str(cell)


def _new_cell(cell: Cell, column: _Column, scrubbing: Scrubbing, of_names: bool) -> Cell:
    if isinstance(cell, dt.date):
        return scrubbing.dates.cell(cell)
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, int | float):
        return _new_number(cell, column, scrubbing)
    if not isinstance(cell, str) or not cell.strip():
        return cell
    if of_names:
        return scrubbing.header(cell)
    if column.holds == "name" or (
        column.holds == "code" and not _is_no_code(cell, scrubbing.codes)
    ):
        return scrubbing.words.of_code(cell)
    return scrubbing.text(cell, column.order, of_dates=column.holds == "dates")


def _is_no_code(cell: str, codes: frozenset[str]) -> bool:
    """Whether it stands in place of a code: a word for unknown, a mean, a total, a title."""
    return is_missing(cell, "code") or (cell.strip().casefold() not in codes and is_line(cell))


def _new_number(cell: float, column: _Column, scrubbing: Scrubbing) -> Cell:
    whole = cell == int(cell) if abs(cell) < 1e15 else False
    if not whole:
        return cell
    if column.holds in ("code", "name"):
        return type(cell)(scrubbing.words.of_code(str(int(cell))))
    if column.holds == "dates":
        text = scrubbing.dates.text(str(int(cell)), of_dates=True)
        return type(cell)(text) if text.isdigit() else cell
    if abs(cell) >= 1e5:
        return type(cell)(scrubbing.words.of_text(str(int(cell))))
    return cell
