"""A header over one row or several: which rows belong to it, and the names that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.files.grid import Cell, Grid, text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName, read_column_name
from sm_tracker.ingest.tables.header_names import read_header

MOST_ROWS = 4
NUMBER_LIKE = re.compile(
    r"^[<>≤≥~+\-−]?\s*\d+([.,]\d+)*(?:e[+\-]?\d{1,3})?\s*(mm|µm|μm|um|cm|%)?$", re.IGNORECASE
)
DATE_LIKE = re.compile(
    r"^\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}(?:[ T].*)?$"
    r"|^\d{1,2}\.?[ \-]?[A-Za-zäöüéû]{3,9}\.?[ \-]\d{2,4}$"
)
_FORMAT = re.compile(
    r"[\(\[]?[dtjmya]{1,4}[./\-][dtjm]{1,2}[./\-][dtjmya]{1,4}[\)\]]?", re.IGNORECASE
)
_BRACKETED = re.compile(r"\(.*\)|\[.*\]")
DICTIONARY_NAMES = ("variable field name", "field name"), "field type"
"""Column names that only a REDCap data dictionary has, the first by one of two names."""
_METHOD = re.compile(
    r"(?:(?:hochfrequenz |hochfrequenz|haut|hf |hf|b mode |b bild )?(?:sonographie|sonografie|"
    r"sonography|ultraschall|ultraschallmessung|ultraschalluntersuchung|ultrasound|ultrasonography|"
    r"echographie|us|hfus|sono)(?: (?:der |de la |of the )?(?:haut|skin|peau|cutanee))?"
    r"|dermascan(?: c)?|dub(?: skinscanner)?|dermalab|episcan|messungen|messwerte|measurements|"
    r"mesures)(?: (?:mit |at |a )?\d\d ?mhz)?|\d\d ?mhz(?: (?:ultraschall|sonographie|ultrasound|"
    r"sonography|echographie))?"
)
"""Titles over the columns that say how was measured, not what."""
_OF_A_VALUE = ("thickness", "value", "mean", "sd", "replicate")
_OF_A_RECORD = frozenset({"patient_id", "site", "therapy", "date", "start", "end", "day"})
"""Roles whose cells below the header begin the records."""
_TIMES = frozenset({"date", "visit", "day"})
_SIDES = frozenset({
    "left", "right", "links", "rechts", "gauche", "droite", "droit", "l", "r", "li", "re",
    "g", "d", "lt", "rt", "lks", "rts",
})  # fmt: skip


def cell_texts(row: Sequence[Cell]) -> list[str]:
    """Cells as text with single blanks."""
    return [" ".join(text_of(c).split()) for c in row]


def looks_like_content(cell: Cell) -> bool:
    """Whether a cell is a date or number rather than a name."""
    if not isinstance(cell, str):
        return True
    text = cell.strip()
    return bool(NUMBER_LIKE.match(text) or DATE_LIKE.match(text))


def has_date(row: Sequence[Cell]) -> bool:
    """Whether a cell of a row is a date."""
    return any(
        not isinstance(c, str | float) or (isinstance(c, str) and DATE_LIKE.match(c.strip()))
        for c in row
    )


def rows_of_header(grid: Grid, index: int, first: int) -> range:
    """Indexes of the rows of a header, given its row with the most known names.

    Rows above it count where they name groups of its columns, rows below where they go on
    with it; `first` is the uppermost row that may belong to it.
    """
    top, body = index, index + 1
    if names_a_dictionary(cell_texts(grid.rows[index])):
        return range(top, body)  # below it stand names of fields, which are its records
    while top > first and body - top < MOST_ROWS and _is_group_row(grid, top - 1, top):
        top -= 1
    while body < len(grid.rows) and body - top < MOST_ROWS and _goes_on(grid, top, body):
        body += 1
    return range(top, body)


def names_a_dictionary(texts: Sequence[str]) -> bool:
    """Whether the names of columns are those of a REDCap data dictionary."""
    names = {plain_name(text) for text in texts}
    (long, short), kind = DICTIONARY_NAMES
    return kind in names and bool(names & {long, short})


def joined_header(grid: Grid, rows: range) -> list[str]:
    """One name a column: the texts of the header's rows, groups carried over their columns."""
    return [" ".join(parts) for parts in header_parts(grid, rows)]


def header_parts(grid: Grid, rows: range) -> list[list[str]]:
    """For each column the texts that name it, from the uppermost row to the lowest."""
    texts = [cell_texts(grid.rows[i]) for i in rows]
    width = max(map(len, texts))
    written = [[*t, *[""] * (width - len(t))] for t in texts]
    wide = any(_spans(grid, i) for i in rows)
    spread = [
        _spread(written, level, _spans(grid, i) if wide else None)
        for level, i in enumerate(rows)
    ]  # fmt: skip
    return [list(dict.fromkeys(filter(None, column))) for column in zip(*spread, strict=True)]


def names_of_header(grid: Grid, rows: range) -> list[ColumnName]:
    """What the names of the columns say.

    A title over the columns that names the method, such as "sonography 20 MHz" over
    "forehead", is left out of the name where the rest is known. Another title, such as
    "echogenicity", says what is measured and stays.
    """
    parts = header_parts(grid, rows)
    names = read_header([" ".join(p) for p in parts])
    known = [_known_part(name, p) for name, p in zip(names, parts, strict=True)]
    return [
        replace(read, text=name.text, unit=read.unit or name.unit)
        if part and (read := read_column_name(part, name.index))
        else name
        for name, part in zip(names, known, strict=True)
    ]


def _known_part(name: ColumnName, parts: Sequence[str]) -> str:
    """The lower part of a name that is not known as a whole, where that part is known."""
    if len(parts) < 2 or _says_something(name) or not _METHOD.fullmatch(plain_name(parts[0])):
        return ""
    lower = " ".join(parts[1:])
    return lower if _says_something(read_column_name(lower)) else ""


def _says_something(name: ColumnName) -> bool:
    return bool(name.role or name.site_known or name.side or name.visit) or (
        name.replicate is not None
    )


def _spans(grid: Grid, index: int) -> dict[int, int]:
    """Merges over columns in a row: first column and last."""
    number = grid.numbers[index]
    return {
        left: right
        for first, last, left, right in grid.merged
        if first <= number <= last and right > left
    }


def _spread(
    written: Sequence[Sequence[str]], level: int, spans: dict[int, int] | None
) -> list[str]:
    """A row of a header with each name carried to the right over the columns it spans.

    A name spans its merge or, without merges, the blank cells beside it; it ends where a
    row above has a name of its own, and holds only where a row below has one.
    """
    texts = list(written[level])
    carried, until = "", -1
    for column, text in enumerate(texts):
        if text:
            last = len(texts) if spans is None else spans.get(column, column)
            carried, until = text, last
            continue
        if any(row[column] for row in written[:level]):
            carried = ""
        below = next((row[column] for row in written[level + 1 :] if row[column]), "")
        if column <= until and below:
            known = read_column_name(below)
            if known.exact and known.role not in _OF_A_VALUE:
                carried = ""
            texts[column] = carried
    return texts


def _is_group_row(grid: Grid, index: int, header: int) -> bool:
    """Whether the row above a header names groups of its columns, as merged cells do."""
    texts, names = cell_texts(grid.rows[index]), cell_texts(grid.rows[header])
    filled = [i for i, t in enumerate(texts) if t]
    if not filled or (filled[0] == 0 and not _stands_above(texts, names, len(filled))):
        return False
    if any(i >= len(names) or looks_like_content(grid.rows[index][i]) for i in filled):
        return False
    spans = any(r[0] <= grid.numbers[index] <= r[1] and r[3] > r[2] for r in grid.merged)
    says = any(
        n.site_known or n.says_thickness or n.layer or n.visit
        for n in (read_column_name(texts[i]) for i in filled)
    )
    return spans or says


def _stands_above(texts: Sequence[str], names: Sequence[str], filled: int) -> bool:
    """Whether a row that begins with a name goes with the row below, and is not a title."""
    if texts[0] == names[0]:
        return True
    return not names[0] and filled > 1 and read_column_name(texts[0]).exact


def _goes_on(grid: Grid, top: int, index: int) -> bool:
    """Whether a row goes on with the header above it: sides, units, readings, sites, lesions."""
    row = grid.rows[index]
    texts = cell_texts(row)
    filled = [i for i, t in enumerate(texts) if t.strip("-–—/. ")]
    names = [read_column_name(t) if t else None for t in _names_above(grid, top, index, filled)]
    if _dates_visits(names, row, filled):
        return True
    if not filled or any(_is_value(row[i]) for i in filled):
        return False
    if any(_begins_a_record(names[i], texts[i]) for i in filled):
        return False
    continuing = [i for i in filled if _continues(texts[i], names[i])]
    lesions = [i for i in filled if i not in continuing]
    return all(_is_part(i, names, texts, lesions) for i in lesions)


def _names_above(grid: Grid, top: int, index: int, filled: Sequence[int]) -> list[str]:
    names = joined_header(grid, range(top, index))
    return [*names, *[""] * (max(filled, default=-1) + 1 - len(names))]


def _same_role(one: ColumnName, other: ColumnName) -> bool:
    return one.role == other.role or {one.role, other.role} <= _TIMES


def _begins_a_record(above: ColumnName | None, text: str) -> bool:
    """Whether a text below such a name is that of a record and not a further name."""
    if above is None or not above.exact or above.role not in _OF_A_RECORD:
        return False
    named = read_column_name(text)
    if named.exact and _same_role(named, above):
        return False
    told = above.role in ("date", "start", "end", "day") and named.unit
    return not (_FORMAT.fullmatch(text) or _BRACKETED.fullmatch(text) or told)


def _continues(text: str, above: ColumnName | None) -> bool:
    name = read_column_name(text)
    return bool(
        name.site_known or name.unit or name.replicate is not None or name.statistic
        or name.layer or name.date_order or plain_name(text) in _SIDES
        or name.visit or text.isdigit() or name.role in ("thickness", "mean", "sd")
        or _FORMAT.fullmatch(text) or _BRACKETED.fullmatch(text) or read_site(text).choices
        or (name.exact and (above is None or not above.role or _same_role(name, above)))
    )  # fmt: skip


def _is_part(
    i: int, names: Sequence[ColumnName | None], texts: Sequence[str], lesions: Sequence[int]
) -> bool:
    """Whether a name that is not known tells apart columns of one group of values."""
    group = names[i]
    if group is None:
        start = max((k for k in range(i) if names[k] is not None), default=-1)
        group = names[start] if start >= 0 else None
    if group is None or not (group.says_thickness or group.role in _OF_A_VALUE):
        return False
    return len(lesions) > 1 and len({plain_name(texts[k]) for k in lesions}) == len(lesions)


def _dates_visits(
    names: Sequence[ColumnName | None], row: Sequence[Cell], filled: Sequence[int]
) -> bool:
    """Whether a row gives the dates of the visits that the row above names, and nothing else."""
    return len(filled) > 1 and all(
        (name := names[i]) is not None and bool(name.visit) and has_date([row[i]]) for i in filled
    )


def _is_value(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return not (isinstance(cell, float) and cell in range(1, 10))
    return looks_like_content(cell) and not re.fullmatch(r"\s*\d\s*", cell)
