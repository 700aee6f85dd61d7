"""Rows that do not fit their header: separators in text, split decimals, merged and blank cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.files.grid import Cell, count_blanks, is_blank, named_rows, text_of
from sm_tracker.ingest.messages.finding_log import Location, refusal_reason
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.columns import ColumnRoles, are_tags, column_cells, shown_as
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.ingest.tables.section import Section
from sm_tracker.languages import Message, first_few

_WHOLE = re.compile(r"^\s*[<>~]?\s*\d{1,4}\s*$")
_FRACTION = re.compile(r"^\s*\d{1,3}\s*(mm|µm|um|cm)?\s*$", re.IGNORECASE)
NEEDED = frozenset({"patient_id", "date", "day", "site", "thickness", "therapy", "start"})
FILLED_DOWN = ("patient_id", "date", "day", "visit", "site", "side", "therapy", "start", "device",
               "examiner", "layer", "subject", "record_type")  # fmt: skip


def fit_fields(
    section: Section, location: Location, separator: str, context: ReadContext, refused: RefusedRows
) -> Section:
    """Bring the rows of a text table to the width of their header, or leave them out.

    Extra fields are joined to a remark in the last column, taken for decimals that a comma
    has split (after asking), or leave the row out.
    """
    width = _width(section)
    if not section.has_header or width < 2:
        return section
    long = [
        r for r, row in enumerate(section.rows) if len(row) > width and _filled_width(row) > width
    ]
    split = [r for r in long if separator == "," and _joined_decimals(section, section.rows[r])]
    joins = _ask_split(section, location, split, context) if split else False
    bad: set[int] = set()
    rows = list(section.rows)
    for r in long:
        row = section.rows[r]
        if r in split:
            joined = _joined_decimals(section, row)
            if joins and joined:
                rows[r] = joined
            else:
                bad.add(r)
        elif _role(section.names[width - 1]) == "note":
            tail = [text_of(c) for c in row[width - 1 :]]
            rows[r] = [*row[: width - 1], separator.join(tail).rstrip(separator + " ")]
            _say(
                replace(section, rows=rows), location, r, len(row), width, "extra_fields_joined",
                context,
            )  # fmt: skip
        else:
            bad.add(r)
    needed = [n.index for n in section.names if _is_needed(n)]
    section = replace(section, rows=rows)
    for r, row in enumerate(rows):
        if len(row) < width and needed and max(needed) >= len(row):
            bad.add(r)
    for r in sorted(bad):
        _say(section, location, r, len(rows[r]), width, "wrong_field_count", context)
        refused.add(section.numbers[r], rows[r], refusal_reason("wrong_field_count"))
    return section.of_rows([r for r in range(len(rows)) if r not in bad]) if bad else section


def _width(section: Section) -> int:
    named = [n.index for n in section.names if n.text]
    return max(named, default=-1) + 1


def _filled_width(row: Sequence[Cell]) -> int:
    return max((i for i, c in enumerate(row) if not is_blank(c)), default=-1) + 1


def _role(name: ColumnName) -> str:
    return name.role


def _is_needed(name: ColumnName) -> bool:
    return name.role in NEEDED or name.site_known or name.says_thickness


def _is_value(name: ColumnName) -> bool:
    return name.role in ("thickness", "value") or name.site_known or name.says_thickness or (
        name.replicate is not None
    )  # fmt: skip


def _joined_decimals(section: Section, row: Sequence[Cell]) -> list[Cell] | None:
    """The row with the two halves of its split decimals joined, if that makes it fit."""
    cells, joined = [text_of(c) for c in row], []
    for name in section.names:
        if not cells:
            break
        if (
            _is_value(name)
            and len(cells) > 1
            and _WHOLE.match(cells[0])
            and (_FRACTION.match(cells[1]))
        ):
            joined.append(f"{cells.pop(0).strip()},{cells.pop(0).strip()}")
        else:
            joined.append(cells.pop(0))
    fits = not any(c.strip() for c in cells) and joined != [text_of(c) for c in row]
    return list(joined) if fits else None


def _ask_split(section: Section, location: Location, rows: list[int], context: ReadContext) -> bool:
    example = section.rows[rows[0]]
    joined = _joined_decimals(section, example) or []
    value = next((text_of(joined[n.index]) for n in section.names
                  if _is_value(n) and n.index < len(joined)), "")  # fmt: skip
    numbers = first_few([str(section.numbers[r]) for r in rows], 12)
    answer = context.questions.ask(
        "split_values",
        Message(
            "Rows {rows} have more fields than the header has columns: the separator "
            "is a comma, and so seems to be the decimal sign. Do two fields belong together as "
            "one number, such as {value}?",
            rows=numbers,
            value=value,
        ),
        (
            Choice(
                "join",
                Message("row {row} holds {value}", row=section.numbers[rows[0]], value=value),
            ),
            Choice(
                "leave-out",
                Message.counted("{n} row is left out", "{n} rows are left out", n=len(rows)),
            ),
        ),
        location,
    )
    if answer == "join":
        context.findings.add(
            "answer_applied", location, section.numbers[rows[0]],
            words=Message(
                "values split by a decimal comma were joined in rows {rows}", rows=numbers
            ),
        )  # fmt: skip
    return answer != "leave-out"


def _say(
    section: Section,
    location: Location,
    r: int,
    found: int,
    wanted: int,
    code: str,
    context: ReadContext,
) -> None:
    context.findings.add(
        code, location, section.numbers[r], found=found, wanted=wanted,
        column=section.names[wanted - 1].text,
        value="" if code == "wrong_field_count" else text_of(section.rows[r][wanted - 1]),
    )  # fmt: skip


def fill_merged(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Fill cells down within merges, in columns that say who, when and where."""
    section = roles.section
    if not section.grid.merged:
        return roles
    role_of = {i: r for r, i in roles.by_role.items() if r in FILLED_DOWN}
    row_of = {n: r for r, n in enumerate(section.numbers)}
    changed: dict[int, dict[int, Cell]] = {}
    for first, last, left, right in section.grid.merged:
        for column in range(left, right + 1):
            if first == last or column not in role_of or first not in row_of:
                continue
            top = section.rows[row_of[first]]
            value = top[left] if left < len(top) else ""
            for number in range(first + 1, last + 1):
                if number in row_of and not is_blank(value):
                    changed.setdefault(row_of[number], {})[column] = value
                    context.findings.add(
                        "cell_filled_down", roles.location, number, value=text_of(value),
                        column=section.names[column].text,
                    )  # fmt: skip
    return replace(roles, section=section.with_cells(changed))


def fill_blanks(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Ask whether blank cells below a filled one repeat it, where columns look like that."""
    blanks: dict[int, list[int]] = {}
    for role in ("patient_id", "date", "site", "therapy"):
        if role == "therapy" and are_tags(roles) and _holds_values(roles):
            continue  # what a blank tag means is asked once all visits are known
        if role in roles.by_role:
            column = roles.by_role[role]
            within = roles.by_role.get("patient_id", column) if role == "date" else column
            if found := _block_blanks(roles.section, column, within):
                blanks[column] = found
    if not blanks:
        return roles
    for role in ("patient_id", "date"):
        # A column that is blank in the same rows as another stands for the same blocks.
        if roles.has(role) and roles.by_role[role] not in blanks:
            empty = [r for r, c in enumerate(roles.cells(role)) if is_blank(c)]
            if empty in blanks.values():
                blanks[roles.by_role[role]] = empty
    count = sum(map(len, blanks.values()))
    columns = [shown_as(roles.section, c) for c in blanks]
    rows = sorted({roles.section.numbers[r] for found in blanks.values() for r in found})
    answer = context.questions.ask(
        "fill_down",
        Message(
            "{blocks}; {blank}. Does a blank cell repeat the one above (fill down)?",
            blocks=Message.counted(
                "Column {columns} is filled in the first row of each block only",
                "Columns {columns} are filled in the first row of each block only",
                n=len(blanks),
                columns=columns,
            ),
            blank=Message.counted(
                "{rows} is blank", "{rows} are blank", n=len(rows), rows=named_rows(rows)
            ),
        ),
        (
            Choice(
                "fill-down",
                Message.counted(
                    "{n} blank cell takes the value above",
                    "{n} blank cells take the value above",
                    n=count,
                ),
            ),
            Choice(
                "leave-out",
                Message.counted(
                    "{n} row without a value in {columns} is left out",
                    "{n} rows without a value in {columns} are left out",
                    n=len(rows),
                    columns=columns,
                ),
            ),
        ),
        roles.location,
    )
    if answer == "leave-out":
        return roles
    changed: dict[int, dict[int, Cell]] = {}
    for column, found in blanks.items():
        cells = list(column_cells(roles.section, column))
        for r in found:
            cells[r] = changed.setdefault(r, {})[column] = cells[r - 1]
            if answer:
                context.findings.add(
                    "blank_filled_down", roles.location, roles.section.numbers[r],
                    value=text_of(cells[r]), column=roles.section.names[column].text,
                )  # fmt: skip
    return replace(roles, section=roles.section.with_cells(changed))


def _holds_values(roles: ColumnRoles) -> bool:
    return bool(roles.values or roles.outcomes or roles.has("outcome"))


def _block_blanks(section: Section, column: int, within: int) -> list[int]:
    """Rows with a blank in a column that is filled once a block, else none.

    `within` is a column of which each value has blocks of its own, such as that of the patient.
    """
    written = column_cells(section, column)
    if not count_blanks(written):
        return []
    cells = [text_of(c).strip() for c in written]
    groups = _carried([text_of(c).strip() for c in column_cells(section, within)])
    filled = [(g, c) for g, c in zip(groups, cells, strict=True) if c]
    blanks = [r for r, c in enumerate(cells) if not c and r > 0]
    if not filled or not cells[0] or len(blanks) < 2 or len(blanks) < len(filled):
        return []
    if column != within and any(groups[r] != groups[r - 1] for r in blanks):
        return []  # the first row of a patient never goes on with the row of another
    return blanks if len(set(filled)) == len(filled) or len(blanks) > 2 * len(filled) else []


def _carried(texts: list[str]) -> list[str]:
    """Texts with each blank replaced by the text before it."""
    carried = ""
    found = []
    for text in texts:
        carried = text or carried
        found.append(carried)
    return found
