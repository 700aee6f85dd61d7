"""Rows that do not fit their header: separators in text, split decimals, merged and blank cells."""

from __future__ import annotations

import re

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.columns import ColumnName
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.header_rows import has_date
from sm_tracker.ingest.layout import Section
from sm_tracker.ingest.mapping import Plan, column_cells, header_of
from sm_tracker.ingest.measurements import reason_of
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import Cell, is_blank, named_rows, text_of
from sm_tracker.ingest.tags import are_tags

_WHOLE = re.compile(r"^\s*[<>~]?\s*\d{1,4}\s*$")
_FRACTION = re.compile(r"^\s*\d{1,3}\s*(mm|µm|um|cm)?\s*$", re.IGNORECASE)
NEEDED = frozenset({"patient_id", "date", "day", "site", "thickness", "therapy", "start"})
FILLED_DOWN = ("patient_id", "date", "day", "visit", "site", "side", "therapy", "start", "device",
               "examiner", "layer", "subject", "record_type")  # fmt: skip


def fit_fields(section: Section, spot: Spot, separator: str, run: Run, refusals: Refusals) -> None:
    """Bring the rows of a text table to the width of their header, or leave them out.

    Extra fields are joined to a remark in the last column, taken for decimals that a comma
    has split (after asking), or leave the row out.
    """
    width = _width(section)
    if not section.has_header or width < 2:
        return
    long = [
        r for r, row in enumerate(section.rows) if len(row) > width and _filled_width(row) > width
    ]
    split = [r for r in long if separator == "," and _joined_decimals(section, section.rows[r])]
    joins = _ask_split(section, spot, split, run) if split else False
    bad: set[int] = set()
    for r in long:
        row = section.rows[r]
        if r in split:
            joined = _joined_decimals(section, row)
            if joins and joined:
                section.rows[r] = joined
            else:
                bad.add(r)
        elif _role(section.names[width - 1]) == "note":
            tail = [text_of(c) for c in row[width - 1 :]]
            section.rows[r] = [*row[: width - 1], separator.join(tail).rstrip(separator + " ")]
            _say(section, spot, r, len(row), width, "extra_fields_joined", run)
        else:
            bad.add(r)
    needed = [n.index for n in section.names if _is_needed(n)]
    for r, row in enumerate(section.rows):
        if len(row) < width and needed and max(needed) >= len(row):
            bad.add(r)
    _leave_out(section, spot, bad, width, run, refusals)


def _width(section: Section) -> int:
    named = [n.index for n in section.names if n.text]
    return max(named, default=-1) + 1


def _filled_width(row: list[Cell]) -> int:
    return max((i for i, c in enumerate(row) if not is_blank(c)), default=-1) + 1


def _role(name: ColumnName) -> str:
    return name.role


def _is_needed(name: ColumnName) -> bool:
    return name.role in NEEDED or name.site_known or name.says_thickness


def _is_value(name: ColumnName) -> bool:
    return name.role in ("thickness", "value") or name.site_known or name.says_thickness or (
        name.replicate is not None
    )  # fmt: skip


def _joined_decimals(section: Section, row: list[Cell]) -> list[Cell] | None:
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


def _ask_split(section: Section, spot: Spot, rows: list[int], run: Run) -> bool:
    example = section.rows[rows[0]]
    joined = _joined_decimals(section, example) or []
    value = next((text_of(joined[n.index]) for n in section.names
                  if _is_value(n) and n.index < len(joined)), "")  # fmt: skip
    numbers = ", ".join(str(section.numbers[r]) for r in rows[:12])
    more = f" and {len(rows) - 12} more" if len(rows) > 12 else ""
    answer = run.interview.ask(
        "split_values",
        f"Rows {numbers}{more} have more fields than the header has columns: the separator is a "
        f"comma, and so seems to be the decimal sign. Do two fields belong together as one "
        f"number, such as {value}?",
        (
            Choice("join", f"row {section.numbers[rows[0]]} holds {value}"),
            Choice("leave-out", f"{len(rows)} rows are left out"),
        ),
        spot,
    )
    if answer == "join":
        run.report.add(
            "answer_applied", spot, section.numbers[rows[0]],
            words=f"values split by a decimal comma were joined in rows {numbers}{more}",
        )  # fmt: skip
    return answer != "leave-out"


def _say(
    section: Section, spot: Spot, r: int, found: int, wanted: int, code: str, run: Run
) -> None:
    run.report.add(
        code, spot, section.numbers[r], found=found, wanted=wanted,
        column=section.names[wanted - 1].text,
        value="" if code == "wrong_field_count" else text_of(section.rows[r][wanted - 1]),
    )  # fmt: skip


def _leave_out(
    section: Section, spot: Spot, bad: set[int], width: int, run: Run, refusals: Refusals
) -> None:
    for r in sorted(bad):
        _say(section, spot, r, len(section.rows[r]), width, "wrong_field_count", run)
        refusals.add(section.numbers[r], section.rows[r], reason_of("wrong_field_count"))
    if bad:
        kept = [r for r in range(len(section.rows)) if r not in bad]
        section.rows = [section.rows[r] for r in kept]
        section.numbers = [section.numbers[r] for r in kept]


def fill_merged(plan: Plan, run: Run) -> None:
    """Fill cells down within merges, in columns that say who, when and where."""
    section = plan.section
    if not section.grid.merged:
        return
    role_of = {i: r for r, i in plan.roles.items() if r in FILLED_DOWN}
    row_of = {n: r for r, n in enumerate(section.numbers)}
    for first, last, left, right in section.grid.merged:
        for column in range(left, right + 1):
            if first == last or column not in role_of or first not in row_of:
                continue
            top = section.rows[row_of[first]]
            value = top[left] if left < len(top) else ""
            for number in range(first + 1, last + 1):
                if number in row_of and not is_blank(value):
                    _fill_cell(section, row_of[number], column, value)
                    run.report.add(
                        "cell_filled_down", plan.spot, number, value=text_of(value),
                        column=section.names[column].text,
                    )  # fmt: skip


def _fill_cell(section: Section, r: int, column: int, value: Cell) -> None:
    row = list(section.rows[r])
    row += [""] * (column + 1 - len(row))
    row[column] = value
    section.rows[r] = row


def fill_blanks(plan: Plan, run: Run) -> None:
    """Ask whether blank cells below a filled one repeat it, where columns look like that."""
    blanks: dict[int, list[int]] = {}
    for role in ("patient_id", "date", "site", "therapy"):
        if role == "therapy" and are_tags(plan) and _holds_values(plan):
            continue  # what a blank tag means is asked once all visits are known
        if role in plan.roles:
            column = plan.roles[role]
            within = plan.roles.get("patient_id", column) if role == "date" else column
            if found := _block_blanks(plan.section, column, within):
                blanks[column] = found
    if not blanks:
        return
    count = sum(map(len, blanks.values()))
    columns = ", ".join(header_of(plan.section, c) for c in blanks)
    rows = sorted({plan.section.numbers[r] for found in blanks.values() for r in found})
    named = f"Column {columns} is" if len(blanks) == 1 else f"Columns {columns} are"
    answer = run.interview.ask(
        "fill_down",
        f"{named} filled in the first row of each block only; {named_rows(rows)} "
        f"{'is' if len(rows) == 1 else 'are'} blank. Does a blank cell repeat the one above "
        "(fill down)?",
        (
            Choice("fill-down", f"{count} blank cells take the value above"),
            Choice("leave-out", f"{len(rows)} rows without a value in {columns} are left out"),
        ),
        plan.spot,
    )
    if answer != "leave-out":
        for column, found in blanks.items():
            _fill_from_above(plan, column, found, answer is not None, run)


def _holds_values(plan: Plan) -> bool:
    return bool(plan.values or plan.outcomes or plan.has("outcome"))


def _block_blanks(section: Section, column: int, within: int) -> list[int]:
    """Rows with a blank in a column that is filled once a block, else none.

    `within` is a column of which each value has blocks of its own, such as that of the patient.
    """
    cells = [text_of(c).strip() for c in column_cells(section, column)]
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


def _fill_from_above(plan: Plan, column: int, blank: list[int], say: bool, run: Run) -> None:
    for r in blank:
        above = plan.section.rows[r - 1]
        value = above[column] if column < len(above) else ""
        _fill_cell(plan.section, r, column, value)
        if say:
            run.report.add(
                "blank_filled_down", plan.spot, plan.section.numbers[r], value=text_of(value),
                column=plan.section.names[column].text,
            )  # fmt: skip


__all__ = ["fill_blanks", "fill_merged", "fit_fields", "has_date"]
