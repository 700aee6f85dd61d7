"""Thickness cells to values in mm: decimal sign, unit, sign, spread, or why there is none."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.columns import ColumnName
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.numbers import DecimalSign, ValueText, decimal_evidence, parse_value
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.tables import Cell, is_blank, text_of
from sm_tracker.ingest.units import factor_to_mm, unit_of

LOOKS_LIKE_UM = 100.0
"""A number from here on is far from any skin thickness in mm and near to one in µm."""

POSSIBLE_MM = (0.02, LOOKS_LIKE_UM)
PROBABLE_MM = (0.05, 20.0)
BY_SIZE = "by-size"
ROWS_NAMED = 12


@dataclass(slots=True, kw_only=True)
class ValueCells:
    """Thickness cells of one table, reading by reading.

    All sequences have the length of the readings: `rows` the row numbers, `heads` the
    columns, `cells` what was written, `units` the cells of a unit column (or empty).
    `stated` is a unit named once for the whole table, with the words that name it;
    `explained` are the readings whose status says why there is no value.
    """

    spot: Spot
    rows: Sequence[int]
    heads: Sequence[ColumnName]
    cells: Sequence[Cell]
    units: Sequence[Cell] = ()
    unit_column: str = ""
    stated: tuple[str, str] | None = None
    wide: bool = False
    explained: frozenset[int] = frozenset()


@dataclass(slots=True)
class ReadValue:
    """One cell as read: `parsed` in the unit written, `factor` to mm (None if not known)."""

    parsed: ValueText
    unit: str = ""
    factor: float | None = None

    def mm(self, value: float | None) -> float | None:
        """A number of the cell in mm, without the dust of binary fractions."""
        if value is None or self.factor is None:
            return None
        return value if self.factor == 1.0 else float(f"{value * self.factor:.12g}")


@dataclass(slots=True)
class Values:
    """What the cells of a table became; `problems` tells why a reading has to be left out."""

    read: list[ReadValue | None]
    problems: dict[int, str] = field(default_factory=dict)


def read_values(cells: ValueCells, run: Run) -> Values:
    """Read all thickness cells of one table.

    The decimal sign is decided for the table, the unit for each cell: in the cell, in the
    unit column, in the header, above the table, by an answer; in this order.
    """
    decimal = _decimal_sign(cells)
    values = Values([None] * len(cells.cells))
    _parse(cells, decimal, values, run)
    _units(cells, values, run)
    if any(_may_be_grouped(c) for c in cells.cells):
        _parse_grouped(cells, decimal, values)
    _report_reading(cells, values, run)
    _report_conversion(cells, values, run)
    return values


def _decimal_sign(cells: ValueCells) -> DecimalSign:
    texts = [c for c in cells.cells if isinstance(c, str)]
    evidence = decimal_evidence(texts)
    if evidence.sign in (".", ","):
        return "," if evidence.sign == "," else "."
    commas, points = (sum(s in t for t in texts) for s in ",.")
    return "," if commas > points else "."


def _may_be_grouped(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > 4 and ("," in cell or "." in cell)


def _parse(cells: ValueCells, decimal: DecimalSign, values: Values, run: Run) -> None:
    known: dict[str, ValueText | None] = {}
    for i, cell in enumerate(cells.cells):
        if not isinstance(cell, str):
            parsed = ValueText(value=cell) if isinstance(cell, float) else None
            if parsed is not None and not math.isfinite(cell if isinstance(cell, float) else 0):
                parsed = None
        else:
            if cell not in known:
                known[cell] = parse_value(cell, decimal=decimal)
            parsed = known[cell]
        if parsed is None:
            values.problems[i] = "not_a_number"
            run.report.add(
                "not_a_number", cells.spot, cells.rows[i], column=cells.heads[i].text,
                value=text_of(cell),
            )  # fmt: skip
        else:
            values.read[i] = ReadValue(parsed)


def _parse_grouped(cells: ValueCells, decimal: DecimalSign, values: Values) -> None:
    """Read numbers such as 1.350 once more, now that the unit is known."""
    for i, read in enumerate(values.read):
        cell = cells.cells[i]
        if read is None or not isinstance(cell, str) or not _may_be_grouped(cell):
            continue
        again = parse_value(cell, decimal=decimal, unit=read.unit)
        if again is not None:
            values.read[i] = replace(read, parsed=again)


def _units(cells: ValueCells, values: Values, run: Run) -> None:
    unknown: list[int] = []
    for i, read in enumerate(values.read):
        if read is None:
            continue
        unit, problem = _unit_at(cells, i, read)
        if problem:
            values.problems[i] = "unknown_unit"
            values.read[i] = None
            run.report.add(
                "unknown_unit", cells.spot, cells.rows[i], column=cells.unit_column, value=problem
            )
        elif unit:
            read.unit, read.factor = unit, factor_to_mm(unit)
        elif _numbers_of(read.parsed):
            unknown.append(i)
    if unknown:
        _ask_unit(cells, values, unknown, run)
    _doubt_units(cells, values, set(unknown), run)


def _unit_at(cells: ValueCells, i: int, read: ReadValue) -> tuple[str, str]:
    """Unit of one reading, and the text of a unit cell that names none."""
    if read.parsed.unit:
        return read.parsed.unit, ""
    if cells.units and not is_blank(cells.units[i]):
        text = text_of(cells.units[i])
        unit = unit_of(text)
        lost = "\ufffd" in text or text.strip() in ("?m", "m", "-", "?")
        return unit, "" if unit or lost or not _numbers_of(read.parsed) else text
    if cells.units and any(not is_blank(u) for u in cells.units):
        return "", ""
    return cells.heads[i].unit or (cells.stated[0] if cells.stated else ""), ""


def _numbers_of(parsed: ValueText) -> list[float]:
    found = [parsed.value, parsed.low, parsed.high, *parsed.several]
    return [n for n in found if n is not None]


def _ask_unit(cells: ValueCells, values: Values, indexes: list[int], run: Run) -> None:
    numbers = {i: _numbers_of(r.parsed)[0] for i in indexes if (r := values.read[i]) is not None}
    large = [i for i, n in numbers.items() if abs(n) >= LOOKS_LIKE_UM]
    small = [i for i in numbers if i not in set(large)]
    proposed = BY_SIZE if large and small else "µm" if large else "mm"
    span = _span(numbers.values())
    if large and small:
        fewer = min(large, small, key=len)
        message = (
            f"The unit of the thickness is not stated, and the values are of two magnitudes "
            f"({span}): {_named_rows(cells, fewer)} look like {'µm' if fewer is large else 'mm'}, "
            f"the others like {'mm' if fewer is large else 'µm'}. Which unit?"
        )
    else:
        message = (
            f"The unit of the thickness is not stated in {_column_words(cells, indexes)}: "
            f"values {span} look like {proposed}. Are they mm or µm?"
        )
    _apply_unit(cells, values, numbers, proposed, message, run)


def _apply_unit(
    cells: ValueCells,
    values: Values,
    numbers: dict[int, float],
    proposed: str,
    message: str,
    run: Run,
) -> None:
    offered = [proposed, *(u for u in ("mm", "µm") if u != proposed)]
    if max(abs(n) for n in numbers.values()) <= 1.5:
        offered.append("cm")
    choices = [Choice(u, _unit_preview(numbers, u)) for u in offered]
    answer = run.interview.ask(
        "unit", message, choices, cells.spot, free=lambda a: bool(unit_of(a))
    )
    for i, number in numbers.items():
        read = values.read[i]
        if read is not None:
            read.unit = _unit_by(answer or proposed, number)
            read.factor = factor_to_mm(read.unit)
            values.problems.pop(i, None)
    if answer == BY_SIZE:
        micro = [i for i, n in numbers.items() if abs(n) >= LOOKS_LIKE_UM]
        run.report.add(
            "unit_by_size", cells.spot, cells.rows[micro[0]] if micro else None,
            rows=_named_rows(cells, micro), column=_column_words(cells, list(numbers)),
        )  # fmt: skip


def _unit_by(answer: str, number: float) -> str:
    if answer == BY_SIZE:
        return "µm" if abs(number) >= LOOKS_LIKE_UM else "mm"
    return unit_of(answer)


def _unit_preview(numbers: dict[int, float], unit: str) -> str:
    mm = [n * factor_to_mm(_unit_by(unit, n)) for n in numbers.values()]
    ends = f"{len(mm)} readings, first {mm[0]:.3f} mm, last {mm[-1]:.3f} mm"
    return f"{ends}; from {min(mm):.3f} to {max(mm):.3f} mm"


def _span(numbers: Iterable[float]) -> str:
    found = list(numbers)
    low, high = min(found), max(found)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _named_rows(cells: ValueCells, indexes: Sequence[int]) -> str:
    numbers = list(dict.fromkeys(cells.rows[i] for i in indexes))
    more = f" and {len(numbers) - ROWS_NAMED} more" if len(numbers) > ROWS_NAMED else ""
    shown = ", ".join(map(str, numbers[:ROWS_NAMED]))
    return f"{'row' if len(numbers) == 1 else 'rows'} {shown}{more}"


def _column_words(cells: ValueCells, indexes: Sequence[int]) -> str:
    names = list(dict.fromkeys(cells.heads[i].text for i in indexes))
    return ("column " if len(names) == 1 else "columns ") + ", ".join(names[:6])


def _doubt_units(cells: ValueCells, values: Values, asked: set[int], run: Run) -> None:
    """Ask where the unit that is stated for a column makes its values impossible."""
    stated = {
        i: (n[0], r.mm(abs(n[0])) or 0.0)
        for i, r in enumerate(values.read)
        if r is not None and i not in asked and r.factor is not None and not r.parsed.unit
        and (n := _numbers_of(r.parsed)) and n[0] > 0
    }  # fmt: skip
    low, high = POSSIBLE_MM
    impossible = [i for i, (_, mm) in stated.items() if not low < mm < high]
    improbable = [i for i, (_, mm) in stated.items()
                  if not PROBABLE_MM[0] <= mm <= PROBABLE_MM[1]]  # fmt: skip
    if not impossible and not (len(stated) > 1 and len(improbable) == len(stated)):
        return
    doubted = improbable if len(improbable) == len(stated) else impossible
    unit = values.read[doubted[0]].unit  # type: ignore[union-attr]
    other = "µm" if unit != "µm" else "mm"
    shown = ", ".join(f"{stated[i][0]:g}" for i in doubted[:4])
    message = (
        f"The unit of {_column_words(cells, doubted)} is stated as {unit}, but "
        f"{_named_rows(cells, doubted)} ({shown}) look like another unit ({other}). "
        f"Nothing is converted without an answer. Which unit have these rows?"
    )
    numbers = {i: stated[i][0] for i in doubted}
    _apply_unit(cells, values, numbers, other, message, run)


def _report_reading(cells: ValueCells, values: Values, run: Run) -> None:
    """Findings about single cells: signs, spreads, missing values, thousands."""
    blanks = 0
    for i, read in enumerate(values.read):
        if read is None:
            continue
        parsed = read.parsed
        if parsed.value is not None and parsed.status == "ok":
            number = parsed.value
            if number <= 0:
                code = "negative_value" if number < 0 else "zero_value"
                _cell_finding(code, cells, i, run)
                values.problems[i] = code
                continue
        is_silent = is_blank(cells.cells[i]) and (cells.wide or i in cells.explained)
        blanks += is_silent and cells.wide
        for code in _codes_of(parsed, blank_is_silent=is_silent):
            _cell_finding(code, cells, i, run)
    if blanks:
        run.report.add("blank_cells", cells.spot, None, count=blanks)


def _codes_of(parsed: ValueText, *, blank_is_silent: bool) -> list[str]:
    if parsed.status == "missing":
        return [] if blank_is_silent else ["missing_value"]
    if parsed.status != "ok":
        return [parsed.status]
    flags = (
        (parsed.qualifier == "<", "below_value"),
        (parsed.qualifier == ">", "above_value"),
        (parsed.sd is not None, "value_with_sd"),
        (parsed.approximate, "approximate_value"),
        (parsed.thousands, "thousands_separator"),
        (parsed.other_decimal, "other_decimal_sign"),
        (bool(parsed.several), "several_values"),
        (bool(parsed.note), "text_after_value"),
    )
    return [code for holds, code in flags if holds]


def _cell_finding(code: str, cells: ValueCells, i: int, run: Run) -> None:
    text = text_of(cells.cells[i]).strip()
    run.report.add(
        code, cells.spot, cells.rows[i], column=cells.heads[i].text, value=text,
        shown=text or "blank",
    )  # fmt: skip


def _report_conversion(cells: ValueCells, values: Values, run: Run) -> None:
    in_cells: Counter[str] = Counter()
    converted: dict[tuple[str, str], list[int]] = {}
    for i, read in enumerate(values.read):
        if read is None or read.factor is None or read.parsed.status != "ok":
            continue
        if read.parsed.unit:
            in_cells[read.parsed.unit] += 1
        if read.unit != "mm":
            converted.setdefault((cells.heads[i].text, read.unit), []).append(i)
    if len(in_cells) > 1 or (in_cells and sum(in_cells.values()) < _count(values)):
        counts = ", ".join(f"{n} in {u}" for u, n in in_cells.most_common())
        rows = [i for i, r in enumerate(values.read) if r and r.parsed.unit and r.unit != "mm"]
        run.report.add(
            "units_in_cells", cells.spot, cells.rows[rows[0]] if rows else None, counts=counts,
            rows=_named_rows(cells, rows) if rows else "no rows",
            column=_column_words(cells, list(range(len(cells.heads)))).partition(" ")[2],
        )  # fmt: skip
    for (column, unit), indexes in converted.items():
        run.report.add(
            "unit_converted", cells.spot, None, column=column, count=len(indexes),
            unit=_UNIT_WORDS.get(unit, unit),
        )  # fmt: skip
    if cells.stated and any(
        r and r.unit == cells.stated[0] and not r.parsed.unit for r in values.read
    ):
        run.report.add(
            "unit_stated_above", cells.spot, None, unit=cells.stated[0], words=cells.stated[1]
        )


_UNIT_WORDS = {"µm": "µm (um, micrometres)", "cm": "cm (centimetres)"}


def _count(values: Values) -> int:
    return sum(1 for r in values.read if r is not None and _numbers_of(r.parsed))
