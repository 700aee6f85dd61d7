"""Where the tables of a grid are: letterhead, header rows, body, rows that are not records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import Cell, Grid, is_blank, text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName, read_column_name
from sm_tracker.ingest.tables.header_rows import (
    DATE_LIKE,
    cell_texts,
    has_date,
    looks_like_content,
    names_a_dictionary,
    names_of_header,
    rows_of_header,
)

SEARCHED_ROWS = 80
LONGEST_NAME = 80
_SUMMARY = re.compile(
    r"^(?:the )?(?:mean|means|average|avg|mittelwerte?|mw|mittel|durchschnitt|moyennes?|moy|median|"
    r"mediane|sd|std|stdev|std dev|stabw|stabwn|standardabweichung|standard deviation|ecart type|"
    r"total|totals|summe|sum|somme|gesamt|gesamtmittelwert|min|minimum|max|maximum|sem|cv|"
    r"variance|varianz|range|spannweite|etendue|anzahl|n|count|nombre|mean sd|mw sd|"
    r"minimum maximum|min max|variationskoeffizient|overall|subtotal|zwischensumme|sous total|"
    r"mittelw|stdabw|std abw|differenz|difference|delta|diff|veraenderung|aenderung|change|"
    r"variation|"
    r"effectifs?|ic ?95|ci ?95|95 ci|iqr|ecarts types|quartiles?|moyenne et et|et(?=$)|sigma)"
    r"(?: (?:\w+ ?){0,5})?$"
)
_SIGNS_OF_MEAN = re.compile(r"[Ø∅⌀ø](?![^\W\d_])|x\u0304|x̅|[ΔΣ∑]")
"""Signs for a mean, a sum or a difference that stand alone, as in Ø 2,05."""
_STATISTIC = re.compile(
    r"(?:mean|average|avg|mittelwert|mittel|mw|durchschnitt|moyenne|median|mediane|sd|std|stdev|"
    r"stabw|standardabweichung|standard deviation|ecart type|summe|sum|somme|total|gesamt)"
)
_LEGEND = re.compile(
    r"^(?:legend|legende|key|notes?|remarks?|anmerkung(?:en)?|bemerkung(?:en)?|hinweise?|"
    r"remarques?|abbreviations?|abkuerzungen?|abreviations?|source|quelle|stand|printed|gedruckt|"
    r"ausgedruckt|imprime|erstellt|created|export|exportiert|exported|end of|ende der|fin du|"
    r"unterschrift|signature|page|seite \d|measured with|gemessen mit|footnote|fussnote|"
    r"all values|alle werte|toutes les valeurs|unit|einheit|unite|device|geraet|appareil)\b"
)
_PAGE = re.compile(
    r"-?\s*(?:page|seite|blatt|feuille|feuillet)\s*:?\s*\d+\s*(?:(?:/|sur|of|von|de)\s*\d+)?\s*-?"
    r"|\(?(?:suite(?: page suivante)?|fortsetzung(?: n.chste seite)?|continued(?: on next page)?"
    r"|à suivre|\.\.\./\.\.\.)\)?",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:[-=_]{3,}|:-+:?|-+:)?\s*")
"""A cell of a line that is drawn with signs: ---, ====, :---:."""
_PATIENT_LINE = re.compile(
    r"^\s*(?:patient(?:in|e|en)?|pat|subject|proband(?:in)?|case|fall|sujet|participant)"
    r"(?:[\s.\-_]*(?:id|code|nr|no|nummer|number|n°|n))?\.?\s*[:=#]?\s*(?P<code>\S.*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of a grid: named columns and rows of cells.

    `names[i]` belongs to ``rows[r][i]``; rows may be shorter than the header. `above`
    holds what stands before the header. `group_of` gives the patient code of a line such
    as "Patient: A1" that a row stands under.

    `body` are the numbers of the rows as they were found, `lines_used` those of lines around
    them that say something about the records, `patient_lines` those of lines among
    them that name a patient, and `origins` the columns of the file behind those
    of a table that was turned. `left_out` says that by an answer it is not read.
    """

    grid: Grid
    names: Sequence[ColumnName]
    header_rows: tuple[int, ...]
    numbers: Sequence[int] = ()
    rows: Sequence[Sequence[Cell]] = ()
    above: Sequence[tuple[int, str]] = ()
    below: Sequence[tuple[int, str]] = ()
    summaries: Sequence[tuple[int, str]] = ()
    repeats: Sequence[int] = ()
    group_of: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    has_header: bool = True
    body: Sequence[int] = ()
    lines_used: frozenset[int] = frozenset()
    patient_lines: Sequence[int] = ()
    origins: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    left_out: bool = False
    _columns: dict[int, Sequence[Cell]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def column(self, index: int) -> Sequence[Cell]:
        """Cells of one column, blank where a row is short; gathered once."""
        if index not in self._columns:
            try:
                self._columns[index] = [row[index] for row in self.rows]
            except IndexError:
                self._columns[index] = [row[index] if index < len(row) else "" for row in self.rows]
        return self._columns[index]

    def with_cells(self, changed: Mapping[int, Mapping[int, Cell]]) -> Section:
        """With other cells, by row and column."""
        if not changed:
            return self
        rows = list(self.rows)
        for r, cells in changed.items():
            row = list(rows[r])
            row += [""] * (max(cells) + 1 - len(row))
            for column, cell in cells.items():
                row[column] = cell
            rows[r] = row
        return replace(self, rows=rows)

    def with_columns(self, *columns: tuple[ColumnName, Sequence[Cell]]) -> Section:
        """With more columns on the right, each by its name and cells."""
        width = max(len(self.names), *map(len, self.rows))
        unnamed = [ColumnName(index=i, text="", name="") for i in range(len(self.names), width)]
        named = [replace(name, index=i) for i, (name, _) in enumerate(columns, start=width)]
        added = zip(*(cells for _, cells in columns), strict=True)
        rows = [
            [*row, *[""] * (width - len(row)), *more]
            for row, more in zip(self.rows, added, strict=True)
        ]
        return replace(self, names=[*self.names, *unnamed, *named], rows=rows)

    def of_rows(self, indexes: Sequence[int]) -> Section:
        """The same table with some of its rows."""
        return replace(
            self,
            rows=[self.rows[r] for r in indexes],
            numbers=[self.numbers[r] for r in indexes],
        )

    def in_file(self, columns: Iterable[int]) -> set[int]:
        """The columns of the file behind columns of this table, which may have been turned."""
        if self.origins:
            return {i for c in columns for i in self.origins.get(c, ())}
        return {c for c in columns if 0 <= c < self.grid.width}

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as written."""
        return tuple(n.text for n in self.names)


def find_sections(grid: Grid) -> list[Section]:
    """The tables of a grid from top to bottom.

    A row is a header where at least two column names are known and nothing in it is a
    date or number, or, where none is, the row above the first row of numbers and dates.
    """
    starts = _apart(grid, _header_rows(grid))
    if not starts:
        return _without_known_names(grid)
    tables: list[_Lines] = []
    patient: tuple[str, int] | None = None
    for position, index in enumerate(starts):
        stop = starts[position + 1] if position + 1 < len(starts) else len(grid.rows)
        first = 0 if position == 0 else index
        if tables and _same_header(grid, index, tables[-1].section):
            rows = rows_of_header(grid, index, index)
            tables[-1].repeats += [grid.numbers[i] for i in rows]
            patient = tables[-1].fill(rows.stop, stop, patient)
            continue
        section, body = _headed(grid, index, first)
        tables.append(_Lines(section))
        patient = tables[-1].fill(body, stop, patient)
    return [t.cut_footer().table() for t in tables]


def _roles(row: Sequence[Cell]) -> set[str]:
    found = set()
    for cell in row:
        if not isinstance(cell, str) or is_blank(cell) or len(cell) > LONGEST_NAME:
            continue
        name = read_column_name(cell)
        if name.role:
            found.add(name.role)
        elif name.site_known:
            found.add(f"site {name.site_text}")
    return found


def _header_rows(grid: Grid) -> list[int]:
    """Indexes of rows that are headers, the first one after any letterhead."""
    scores: dict[int, int] = {}
    for index, row in enumerate(grid.rows):
        if index >= SEARCHED_ROWS and not scores:
            break
        if index >= SEARCHED_ROWS and not _may_be_header(row):
            continue
        score = _score(row)
        if score >= 2:
            scores[index] = score
    if not scores:
        return []
    best = max(s for i, s in scores.items() if i < SEARCHED_ROWS or i == min(scores))
    return [
        i for i, s in scores.items()
        if s >= max(3, best) or s == best or (s >= 3 and _heads_records(grid, i, scores))
    ]  # fmt: skip


def _heads_records(grid: Grid, index: int, scores: Mapping[int, int]) -> bool:
    """Whether records stand between a row of known names and the next one."""
    stop = min((i for i in scores if i > index), default=len(grid.rows))
    rows = grid.rows[index + 1 : min(stop, index + 1 + SEARCHED_ROWS)]
    width = len([c for c in grid.rows[index] if not is_blank(c)])
    records = [
        r for r in rows
        if any(looks_like_content(c) for c in r if not is_blank(c))
        and 2 * len([c for c in r if not is_blank(c)]) > width
    ]  # fmt: skip
    return bool(records)


def _apart(grid: Grid, starts: list[int]) -> list[int]:
    """Header rows without those that go on with the header above them."""
    kept: list[int] = []
    stop = 0
    for index in starts:
        if index >= stop:
            kept.append(index)
            stop = rows_of_header(grid, index, stop).stop
    return kept


def _may_be_header(row: Sequence[Cell]) -> bool:
    if any(not isinstance(c, str) or c[:1].isdigit() for c in row):
        return False
    return not looks_like_content(row[0])


def _score(row: Sequence[Cell]) -> int:
    contents = sum(looks_like_content(c) for c in row if not is_blank(c)) - _counted(row)
    if not contents and names_a_dictionary(cell_texts(row)):
        return len(row)
    role_names = _roles(row)
    if contents:
        # Dates may stand in a header, one column a visit; then an id or site leads the row.
        corner = isinstance(row[0], str) and read_column_name(row[0]).role == "thickness"
        lead = (
            role_names & {"patient_id", "site", "side"}
            or ({"thickness"} if corner else set())
            or (role_names & {"date", "visit"} if looks_like_content(row[0]) is False else set())
        )
        return len(lead) + contents if lead and contents >= 2 and _is_visits(row) else 0
    return len(role_names) if any(not r.startswith("site ") for r in role_names) else 0


def _counted(row: Sequence[Cell]) -> int:
    """How many cells count 1, 2, 3 and so on, as the names of readings do."""
    digits = [text_of(c).strip() for c in row if isinstance(c, str | float)]
    numbers = [d for d in digits if d.isdigit()]
    in_turn = len(numbers) > 1 and numbers == [str(k + 1) for k in range(len(numbers))]
    return len(numbers) if in_turn else 0


def _is_visits(row: Sequence[Cell]) -> bool:
    filled = [c for c in row if not is_blank(c)]
    dates = [c for c in filled if not isinstance(c, str | float) or (
        isinstance(c, str) and DATE_LIKE.match(c.strip()))]  # fmt: skip
    named = [c for c in filled if isinstance(c, str) and read_column_name(c).role]
    return len(dates) >= 2 and len(dates) + len(named) >= len(filled) - 1


def _same_header(grid: Grid, index: int, section: Section) -> bool:
    ours = [plain_name(t) for t in cell_texts(grid.rows[index])]
    theirs = [plain_name(t) for t in section.header]
    while ours and not ours[-1]:
        ours.pop()
    while theirs and not theirs[-1]:
        theirs.pop()
    first = [plain_name(t) for t in cell_texts(grid.rows[_index_of(grid, section.header_rows[0])])]
    while first and not first[-1]:
        first.pop()
    return ours in (theirs, first) or (ours == theirs[: len(ours)] and len(ours) > 3)


def _index_of(grid: Grid, number: int) -> int:
    return grid.numbers.index(number)


def _headed(grid: Grid, index: int, first: int) -> tuple[Section, int]:
    """A section with its header, over one row or several, and the index of its first row."""
    rows = rows_of_header(grid, index, first)
    above = [
        (grid.numbers[i], " ".join(t for t in cell_texts(grid.rows[i]) if t))
        for i in range(first, rows.start)
    ]
    names = names_of_header(grid, rows)
    if names[0].role in ("date", "visit") and len([n for n in names[1:] if n.visit]) > 1:
        names[0] = ColumnName(index=0, text=names[0].text, name="")  # it names what runs across
    names = _told_by_corner(names)
    numbers = tuple(grid.numbers[i] for i in rows)
    return Section(grid=grid, names=names, header_rows=numbers, above=above), rows.stop


def _told_by_corner(names: list[ColumnName]) -> list[ColumnName]:
    """Names of visits with the unit of a corner that says what the cells below them hold."""
    corner, *others = names
    visits = [n for n in others if n.visit]
    if len(visits) < 2 or not (corner.says_thickness or corner.role == "thickness"):
        return names
    if len(visits) < len([n for n in others if n.text]):
        return names
    return [
        ColumnName(index=0, text=corner.text, name=""),
        *(replace(n, unit=n.unit or corner.unit) if n.visit else n for n in others),
    ]


@dataclass(slots=True)
class _Lines:
    """The lines of a table by what they are, while it is read from top to bottom."""

    section: Section
    numbers: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    below: list[tuple[int, str]] = field(default_factory=list)
    summaries: list[tuple[int, str]] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    group_of: dict[int, tuple[str, int]] = field(default_factory=dict)
    patient_lines: list[int] = field(default_factory=list)

    def fill(
        self, start: int, stop: int, patient: tuple[str, int] | None = None
    ) -> tuple[str, int] | None:
        """Take up the rows of the grid, apart from lines that are not records.

        `patient` is the code of a line such as "Patient: A1" that holds at the first row; the
        one that holds after the last row is returned.
        """
        section, grid = self.section, self.section.grid
        if patient is None:
            for number, text in section.above:
                patient = patient_line(text, number) or patient
        has_patient = any(n.role == "patient_id" for n in section.names)
        keys = [n.index for n in section.names if n.role in ("patient_id", "site")]
        ordinary = _OrdinaryRows(keys)
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            if has_patient and row in ordinary:
                self.numbers.append(number)
                self.rows.append(row)
            elif page := _page_text(row):
                self.below.append((number, page))
            elif line := _summary_text(row) or _dated_summary(row, keys):
                self.summaries.append((number, line))
            elif (not has_patient or index == stop - 1) and (
                named := _patient_alone(row, number)
            ):  # fmt: skip
                patient = named
                self.patient_lines.append(number)
            else:
                self.numbers.append(number)
                self.rows.append(row)
                if patient and not has_patient:
                    self.group_of[number] = patient
        return patient

    def cut_footer(self) -> _Lines:
        """Take legends and signatures off the end: few cells, no date and no number."""
        width = len([n for n in self.section.names if n.text])
        while self.rows and _is_footer(self.rows[-1], width):
            text = " ".join(t for t in cell_texts(self.rows.pop()) if t)
            self.below.insert(0, (self.numbers.pop(), text))
        return self

    def table(self) -> Section:
        """The table as it stands now."""
        return replace(
            self.section,
            numbers=self.numbers,
            rows=self.rows,
            below=self.below,
            summaries=self.summaries,
            repeats=self.repeats,
            group_of=self.group_of,
            patient_lines=self.patient_lines,
            lines_used=frozenset(self.patient_lines),
            body=tuple(self.numbers),
        )


def _patient_alone(row: Sequence[Cell], number: int) -> tuple[str, int] | None:
    """The patient of a line that holds little else."""
    alone = [t for t in cell_texts(row) if t]
    return patient_line(" ".join(alone), number) if len(alone) <= 2 else None


class _OrdinaryRows:
    """Rows whose first two cells, patient and site are filled and name no statistic.

    Each distinct cell is judged once, so that the rows of a long table cost a look each.
    """

    def __init__(self, keys: Iterable[int]) -> None:
        self._columns = sorted({0, 1, *keys})
        self._cells_of = itemgetter(*self._columns)
        self._names: set[Cell] = set()

    def __contains__(self, row: Sequence[Cell]) -> bool:
        if len(row) <= self._columns[-1]:
            return False
        cells = self._cells_of(row)
        if self._names.issuperset(cells):
            return True
        if any(map(_may_sum_up, cells)):
            return False
        self._names.update(cells)
        return True


def _may_sum_up(cell: Cell) -> bool:
    """Whether a row with this cell at its front may be a line of statistics or of a page."""
    if not isinstance(cell, str):
        return False
    return (
        is_blank(cell) or _names_summary(cell) or _ends_in_statistic(cell) or _names_statistic(cell)
    )


def patient_line(text: str, number: int) -> tuple[str, int] | None:
    """The code of a line such as "Patient: A1", with its row number."""
    match = _PATIENT_LINE.match(text)
    if not match or not match["code"]:
        return None
    code = match["code"].strip(" ;,:")
    fits = re.fullmatch(r"[A-Za-z]{0,6}[\-_/ ]?\d[\w\-/]*", code) and not DATE_LIKE.match(code)
    return (code, number) if fits else None


@lru_cache(maxsize=65536)
def _names_statistic(text: str) -> bool:
    return bool(_STATISTIC.fullmatch(plain_name(text)))


@lru_cache(maxsize=8192)
def _names_summary(text: str) -> bool:
    return bool(_SUMMARY.match(plain_name(_SIGNS_OF_MEAN.sub(" mean ", text))))


@lru_cache(maxsize=8192)
def _ends_in_statistic(text: str) -> bool:
    """Whether a text is a code and a statistic, as in "A1 mean" or "A1: total"."""
    words = plain_name(text).split()
    return 1 < len(words) < 5 and bool(_STATISTIC.fullmatch(words[-1]))


def _summary_text(row: Sequence[Cell]) -> str:
    """The text of a row that sums up others (mean, SD, total), else blank."""
    for cell in row[:3]:
        if is_blank(cell):
            continue
        if not isinstance(cell, str):
            return ""
        if cell.lstrip()[:1] in "*#†":
            return ""
        if (_names_summary(cell) or _ends_in_statistic(cell)) and not has_date(row):
            return " ".join(t for t in cell_texts(row) if t)
        if cell is not row[0] and not is_blank(row[0]):
            return ""
    return ""


def _page_text(row: Sequence[Cell]) -> str:
    """The text of a line that is ruled or says where a printed page ends, else blank."""
    if all(isinstance(c, str) and _RULE.fullmatch(c) for c in row) and any(row):
        return " ".join(cell_texts(row)).strip()
    filled = list(islice((c for c in row if not is_blank(c)), 2))
    text = text_of(filled[0]).strip() if len(filled) == 1 else ""
    return text if _PAGE.fullmatch(text) else ""


def _dated_summary(row: Sequence[Cell], keys: Sequence[int]) -> str:
    """The text of a row with a date whose patient or site is called mean, SD or the like."""
    texts = (text_of(row[i]) for i in keys if i < len(row))
    if any(_names_statistic(t) for t in texts if len(t) < 30):
        return " ".join(t for t in cell_texts(row) if t)
    return ""


def _is_footer(row: Sequence[Cell], width: int) -> bool:
    """Whether the last row of a table of some columns is a legend or a signature."""
    filled = [c for c in row if not is_blank(c)]
    first = next((text_of(c) for c in filled), "")
    is_note = _LEGEND.match(plain_name(first)) or (
        first.lstrip().startswith(("*", "#", "**", "†", "¹")) or len(first) > 40
    )
    few = len(filled) <= max(1, min(2, width - 2)) and not is_blank(row[0])
    alone = few and len(filled) == 1 and width > 2 and not looks_like_content(filled[0])
    return not has_date(row) and bool((is_note and few) or alone)


def _without_known_names(grid: Grid) -> list[Section]:
    """A section of a grid in which no row holds known column names."""
    rows = grid.rows
    for index in range(min(len(rows), SEARCHED_ROWS)):
        if len([c for c in rows[index] if not is_blank(c)]) < 2:
            continue
        if any(looks_like_content(c) for c in rows[index]) and not _is_row_of_dates(rows[index]):
            return [_unnamed(grid, index)]
        after = rows[index + 1 : index + 6]
        if any(looks_like_content(c) for row in after for c in row):
            section, body = _headed(grid, index, 0)
            lines = _Lines(section)
            lines.fill(body, len(rows))
            return [lines.cut_footer().table()]
    return []


def _is_row_of_dates(row: Sequence[Cell]) -> bool:
    """Whether a blank corner and dates of visits stand above a table."""
    first, *others = row
    filled = [c for c in others if not is_blank(c)]
    return is_blank(first) and len(filled) > 1 and all(has_date([c]) for c in filled)


def _unnamed(grid: Grid, index: int) -> Section:
    names = [read_column_name("", i) for i in range(grid.width)]
    above = [(grid.numbers[i], " ".join(cell_texts(grid.rows[i]))) for i in range(index)]
    numbers = list(grid.numbers[index:])
    return Section(
        grid=grid, names=names, header_rows=(), above=above, has_header=False, numbers=numbers,
        rows=list(grid.rows[index:]), body=tuple(numbers),
    )  # fmt: skip
