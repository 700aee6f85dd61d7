"""Which unit each thickness value has: as written, by an answer, never by its size alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from sm_tracker.domain.doubt import missing_codes
from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.numbers import DecimalSign, parse_value
from sm_tracker.ingest.cells.units import factor_to_mm, foreign_unit, length_unit
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.value_cells import ReadValue, ValueCells, Values, numbers_of
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

LOOKS_LIKE_UM = 100.0
"""A number from here on is far from any skin thickness in mm and near to one in µm."""

THICKNESS_MM = (0.25, 15.0)
"""A value outside of it by its stated unit, and inside of it by another, is asked about."""

BY_SIZE = "by-size"
UNIT_WORDS = {"µm": "µm (um, micrometres)", "cm": "cm (centimetres)"}
LOST_SIGNS = frozenset({"?m", "m", "-", "?", "\ufffdm", "\ufffd"})


def written_units(cells: ValueCells, values: Values, context: ReadContext) -> list[int]:
    """Give each reading the unit that is written; the readings without one are returned."""
    unknown: list[int] = []
    for i, read in enumerate(values.read):
        if read is None:
            continue
        unit, strange = _unit_at(cells, i, read)
        if strange:
            values.problems[i] = "unknown_unit"
            values.read[i] = None
            context.findings.add(
                "unknown_unit", cells.location, cells.rows[i], value=strange,
                column=cells.unit_column or cells.heads[i].text,
            )  # fmt: skip
        elif unit:
            read.unit, read.factor = unit, factor_to_mm(unit)
        elif read.numbers:
            unknown.append(i)
    return unknown


def _unit_at(cells: ValueCells, i: int, read: ReadValue) -> tuple[str, str]:
    """Unit of one reading, and the text of a unit cell that names none."""
    if read.parsed.unit:
        return read.parsed.unit, ""
    if cells.units and not is_blank(cells.units[i]):
        text = text_of(cells.units[i]).strip()
        unit = length_unit(text)
        return unit, "" if unit or text in LOST_SIGNS or not read.numbers else text
    if cells.units and any(not is_blank(u) for u in cells.units):
        return "", ""
    head = cells.heads[i]
    if not head.unit and read.numbers and (foreign := foreign_unit(head.text)):
        return "", foreign
    return head.unit or (cells.unit_above[0] if cells.unit_above else ""), ""


def ask_unit(
    cells: ValueCells,
    values: Values,
    indexes: list[int],
    decimal: DecimalSign,
    context: ReadContext,
) -> None:
    """Ask for the unit of readings that carry none; the size only proposes an answer."""
    numbers = {i: r.numbers[0] for i in indexes if (r := values.read[i]) is not None}
    by_unit = {
        u: {i: _under(u, cells.cells[i], n, decimal) for i, n in numbers.items()}
        for u in ("mm", "µm")
    }
    if max(numbers.values()) >= LOOKS_LIKE_UM <= min(by_unit["µm"].values()):
        numbers = by_unit["µm"]  # 1.350 beside 980: the point groups thousands
    coded = _codes_for_missing(list(numbers.values()))
    telling = {i: n for (i, n), code in zip(numbers.items(), coded, strict=True) if not code}
    telling = telling or numbers  # 999 says nothing of the unit
    large = [i for i, n in telling.items() if abs(n) >= LOOKS_LIKE_UM]
    small = [i for i, n in telling.items() if abs(n) < LOOKS_LIKE_UM]
    span = _span(telling.values())
    if large and small:
        fewer, unit = (large, "µm") if len(large) <= len(small) else (small, "mm")
        proposed = BY_SIZE
        message = Message(
            "The unit of the thickness is not stated, and the values are of two magnitudes "
            "({span}): those of {rows} look like {unit}, the others like {other}. Which "
            "unit?",
            span=span,
            rows=cells.named_rows(fewer),
            unit=unit,
            other="mm" if unit == "µm" else "µm",
        )
    else:
        proposed = "µm" if large else "mm"
        message = Message(
            "The unit of the thickness is not stated in {columns}: values {span} look "
            "like {proposed}. Are they mm or µm?",
            columns=cells.named_columns(indexes),
            span=span,
            proposed=proposed,
        )
    _apply(cells, values, numbers, proposed, message, context, by_unit)


def _under(unit: str, cell: Cell, number: float, decimal: DecimalSign) -> float:
    """The number of a cell if it has this unit: in µm, 1.350 has a separator of thousands."""
    again = parse_value(cell, decimal=decimal, unit=unit) if isinstance(cell, str) else None
    return next(iter(numbers_of(again)), number) if again is not None else number


def doubt_units(cells: ValueCells, values: Values, asked: set[int], context: ReadContext) -> None:
    """Ask where a stated unit makes values impossible that another unit would make usual."""
    doubted: dict[int, float] = {}
    others: Counter[str] = Counter()
    for i, read in enumerate(values.read):
        if read is None or i in asked or read.factor is None or read.parsed.unit:
            continue
        number = next(iter(read.numbers), 0.0)
        other = _better_unit(number, read.unit)
        if other:
            doubted[i] = number
            others[other] += 1
    if not doubted or all(_codes_for_missing(list(doubted.values()))):
        return
    indexes = list(doubted)
    first = values.read[indexes[0]]
    stated = first.unit if first is not None else ""
    other = others.most_common(1)[0][0]
    shown = ", ".join(f"{n:g}" for n in list(doubted.values())[:4])
    message = Message(
        "The unit of {columns} is stated as {stated}, but the values of {rows} "
        "({shown}) look like another unit ({other}). Nothing is converted without an answer. "
        "Which unit do these values have?",
        columns=cells.named_columns(indexes),
        stated=stated,
        rows=cells.named_rows(indexes),
        shown=shown,
        other=other,
    )
    _apply(cells, values, doubted, other, message, context)


def _codes_for_missing(numbers: list[float]) -> list[bool]:
    value = np.array(numbers)
    return list(map(bool, missing_codes(np.zeros(value.size, dtype="int64"), value)))


def _better_unit(number: float, unit: str) -> str:
    """A unit that makes a number usual which its stated unit makes far too large or small."""
    low, high = THICKNESS_MM
    stated = number * factor_to_mm(unit)
    if number <= 0 or 0.02 < stated < 20:
        return ""
    fits = [u for u in ("mm", "µm") if u != unit and low <= number * factor_to_mm(u) <= high]
    return fits[0] if fits else ""


def _apply(
    cells: ValueCells,
    values: Values,
    numbers: dict[int, float],
    proposed: str,
    message: Message,
    context: ReadContext,
    by_unit: Mapping[str, dict[int, float]] = MappingProxyType({}),
) -> None:
    offered = [proposed, *(u for u in ("mm", "µm") if u != proposed)]
    if max(abs(n) for n in numbers.values()) <= 1.5:
        offered.append("cm")
    choices = [Choice(u, _preview(by_unit.get(u, numbers), u)) for u in offered]
    answer = context.questions.ask(
        "unit", message, choices, cells.location, free=lambda a: bool(length_unit(a))
    )
    if answer is None:
        values.unsettled |= set(numbers)
    for i, number in numbers.items():
        read = values.read[i]
        if read is not None:
            read.unit = _unit_by(answer or proposed, number)
            read.factor = factor_to_mm(read.unit)
    if answer == BY_SIZE:
        large = [i for i, n in numbers.items() if abs(n) >= LOOKS_LIKE_UM]
        context.findings.add(
            "unit_by_size", cells.location, cells.rows[large[0]] if large else None,
            rows=cells.named_rows(large), column=", ".join(cells.columns_of(list(numbers))),
        )  # fmt: skip


def ask_unit_of_numbers(
    numbers: list[float], message: Message, location: Location, context: ReadContext
) -> str | None:
    """Unit of numbers that are in no column of a table, None while the question is open."""
    proposed = "µm" if max(numbers) >= LOOKS_LIKE_UM else "mm"
    by_number = dict(enumerate(numbers))
    choices = [
        Choice(u, _preview(by_number, u)) for u in (proposed, "mm" if proposed == "µm" else "µm")
    ]
    answer = context.questions.ask(
        "unit", message, choices, location, free=lambda a: bool(length_unit(a))
    )
    return length_unit(answer) if answer else None


def _unit_by(answer: str, number: float) -> str:
    if answer == BY_SIZE:
        return "µm" if abs(number) >= LOOKS_LIKE_UM else "mm"
    return length_unit(answer)


def _preview(numbers: dict[int, float], unit: str) -> Message:
    mm = [n * factor_to_mm(_unit_by(unit, n)) for n in numbers.values()]
    return Message(
        "{n} readings, first {first:.3f} mm, last {last:.3f} mm; from {low:.3f} to {high:.3f} mm",
        n=len(mm),
        first=mm[0],
        last=mm[-1],
        low=min(mm),
        high=max(mm),
    )


def _span(numbers: Iterable[float]) -> Message:
    found = list(numbers)
    low, high = min(found), max(found)
    if low == high:
        return Message("{number:g}", number=low)
    return Message("{low:g} to {high:g}", low=low, high=high)


def report_units(cells: ValueCells, values: Values, context: ReadContext) -> None:
    """Say what was converted, and where units stood in the cells."""
    settled = {
        i: r
        for i, r in enumerate(values.read)
        if r is not None and r.factor is not None and r.numbers and i not in values.unsettled
    }
    in_cells = Counter(r.parsed.unit for r in settled.values() if r.parsed.unit)
    partly = 0 < in_cells.total() < len(settled) and len({r.unit for r in settled.values()}) > 1
    if len(in_cells) > 1 or partly:
        rows = [i for i, r in settled.items() if r.parsed.unit and r.unit != "mm"]
        context.findings.add(
            "units_in_cells", cells.location, cells.rows[rows[0]] if rows else None,
            counts=[Message("{n} in {unit}", n=n, unit=u) for u, n in in_cells.most_common()],
            rows=cells.named_rows(rows) if rows else Message("no rows"),
            column=", ".join(cells.columns_of(list(settled))),
        )  # fmt: skip
    converted = Counter((cells.heads[i].text, r.unit) for i, r in settled.items() if r.unit != "mm")
    for (column, unit), count in converted.items():
        context.findings.add(
            "unit_converted", cells.location, None, column=column, count=count,
            unit=UNIT_WORDS.get(unit, unit),
        )  # fmt: skip
    if cells.unit_above and any(
        not r.parsed.unit and not cells.heads[i].unit for i, r in settled.items()
    ):
        unit, words = cells.unit_above
        context.findings.add("unit_stated_above", cells.location, None, unit=unit, words=words)
