"""Thickness cells to values in mm: decimal sign, unit, sign, spread, or why there is none."""

from __future__ import annotations

import math
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.numbers import DecimalSign, ValueText, decimal_evidence, parse_value
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.records.missing_codes import settle_missing_codes
from sm_tracker.ingest.records.value_cells import ReadValue, ValueCells, Values, numbers_of
from sm_tracker.ingest.records.value_units import ask_unit, doubt_units, report_units, written_units
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

MIDDLE, LEAVE_OUT = "middle", "leave-out"


def read_values(cells: ValueCells, context: ReadContext) -> Values:
    """Read all thickness cells of one table.

    The decimal sign is decided for the table, the unit for each cell: in the cell, in the
    unit column, in the header, above the table, by an answer; in this order.
    """
    values = Values([None] * len(cells.cells))
    decimal = _decimal_sign(cells)
    _parse(cells, decimal, values, context)
    settle_missing_codes(cells, values, context)
    unknown = written_units(cells, values, context)
    _parse_grouped(cells, decimal, values)
    if unknown:
        ask_unit(cells, values, unknown, decimal, context)
        _parse_grouped(cells, decimal, values)
    doubt_units(cells, values, set(unknown), context)
    _settle_ranges(cells, values, context)
    _report_cells(cells, values, context)
    report_units(cells, values, context)
    return values


def _decimal_sign(cells: ValueCells) -> DecimalSign:
    texts = [c for c in dict.fromkeys(cells.cells) if isinstance(c, str)]
    evidence = decimal_evidence(texts)
    if evidence.sign in (".", ","):
        return "," if evidence.sign == "," else "."
    commas, points = (sum(isinstance(c, str) and s in c for c in cells.cells) for s in ",.")
    return "," if commas > points else "."


def _parse(cells: ValueCells, decimal: DecimalSign, values: Values, context: ReadContext) -> None:
    known: dict[Cell, tuple[ValueText, tuple[float, ...]] | None] = {}
    for i, cell in enumerate(cells.cells):
        if cell not in known:
            parsed = _parsed(cell, decimal)
            known[cell] = None if parsed is None else (parsed, numbers_of(parsed))
        found = known[cell]
        if found is None:
            values.problems[i] = "not_a_number"
            _cell_finding("not_a_number", cells, i, context)
        else:
            values.read[i] = ReadValue(*found)


def _parsed(cell: Cell, decimal: DecimalSign) -> ValueText | None:
    if isinstance(cell, str):
        return parse_value(cell, decimal=decimal)
    return ValueText(value=cell) if isinstance(cell, float) and math.isfinite(cell) else None


def _parse_grouped(cells: ValueCells, decimal: DecimalSign, values: Values) -> None:
    """Read numbers such as 1.350 once more, now that the unit is known."""
    for i, cell in enumerate(cells.cells):
        if not _may_be_grouped(cell):
            continue
        read = values.read[i]
        if read is None or not read.unit or not isinstance(cell, str):
            continue
        again = parse_value(cell, decimal=decimal, unit=read.unit)
        if again is not None:
            values.read[i] = replace(read, parsed=again, numbers=numbers_of(again))


def _may_be_grouped(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > 4 and ("," in cell or "." in cell)


def _settle_ranges(cells: ValueCells, values: Values, context: ReadContext) -> None:
    """Ask what a range such as 1.8-2.0 stands for."""
    ranges = [
        i for i, r in enumerate(values.read)
        if r is not None and r.parsed.low is not None and r.parsed.high is not None
        and i not in cells.refused
    ]  # fmt: skip
    if not ranges:
        return
    shown = ", ".join(text_of(cells.cells[i]).strip() for i in ranges[:4])
    first = values.read[ranges[0]]
    middle = first.mm(_middle(first.parsed)) if first else None
    answer = context.questions.ask(
        "range",
        Message(
            "A range stands in place of a value in {rows} ({shown}). What shall be stored?",
            rows=cells.named_rows(ranges),
            shown=shown,
        ),
        (
            Choice(
                MIDDLE,
                Message(
                    "the middle, marked as approximate: row {row} becomes {middle:.3f} mm",
                    row=cells.rows[ranges[0]],
                    middle=middle,
                )
                if middle is not None
                else Message("the middle"),
            ),
            Choice(
                LEAVE_OUT,
                Message("nothing: {rows} left out", rows=cells.named_rows(ranges)),
            ),
        ),
        cells.location,
    )
    for i in ranges:
        read = values.read[i]
        if answer == LEAVE_OUT:
            values.problems[i] = "refused_by_answer"
            context.findings.add(
                "refused_by_answer",
                cells.location,
                cells.rows[i],
                column=cells.heads[i].text,
                value=text_of(cells.cells[i]),
                words=Message("it holds a range"),
            )
        elif read is not None:
            read.parsed = replace(read.parsed, value=_middle(read.parsed), approximate=True)
            if answer:
                _cell_finding("range_middle", cells, i, context)


def _middle(parsed: ValueText) -> float | None:
    if parsed.low is None or parsed.high is None:
        return None
    return float(f"{(parsed.low + parsed.high) / 2:.12g}")


def _report_cells(cells: ValueCells, values: Values, context: ReadContext) -> None:
    """Findings about single cells: signs, spreads, missing values, thousands."""
    blanks = 0
    codes_of: dict[int, list[str]] = {}  # by identity: readings of one text share what was parsed
    for i, read in enumerate(values.read):
        if read is None or i in values.coded:
            continue
        parsed = read.parsed
        if read.numbers and min(read.numbers) <= 0:
            values.problems[i] = "negative_value" if min(read.numbers) < 0 else "zero_value"
            _cell_finding(values.problems[i], cells, i, context)
            continue
        if id(parsed) not in codes_of:
            codes_of[id(parsed)] = _codes_of(parsed)
        codes = codes_of[id(parsed)]
        if not codes:
            continue
        if is_blank(cells.cells[i]) and (cells.wide or i in cells.explained):
            blanks += cells.wide
            continue
        for code in codes:
            _cell_finding(code, cells, i, context)
    if blanks:
        context.findings.add("blank_cells", cells.location, None, count=blanks)


def _codes_of(parsed: ValueText) -> list[str]:
    if parsed.status == "missing":
        return ["missing_value"]
    if parsed.status != "ok":
        return [parsed.status]
    flags = (
        (parsed.qualifier == "<", "below_value"),
        (parsed.qualifier == ">", "above_value"),
        (parsed.sd is not None, "value_with_sd"),
        (parsed.approximate and parsed.low is None, "approximate_value"),
        (parsed.thousands, "thousands_separator"),
        (parsed.other_decimal, "other_decimal_sign"),
        (bool(parsed.several), "several_values"),
        (bool(parsed.note), "text_after_value"),
    )
    return [code for holds, code in flags if holds]


def _cell_finding(code: str, cells: ValueCells, i: int, context: ReadContext) -> None:
    text = text_of(cells.cells[i]).strip()
    context.findings.add(
        code,
        cells.location,
        cells.rows[i],
        column=cells.heads[i].text,
        value=text,
        shown=text or Message("blank"),
    )
