"""Where the tables of a grid are: letterhead, header rows, body, rows that are not records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from sm_tracker.ingest.tables.other_lines import (
    _dated_summary,
    _is_footer,
    _OrdinaryRows,
    _page_text,
    _patient_alone,
    _summary_text,
    patient_line,
)
from sm_tracker.ingest.tables.section import Section

SEARCHED_ROWS = 80
LONGEST_NAME = 80


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
