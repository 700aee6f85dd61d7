"""Rows of a table of readings become measurements."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sm_tracker.domain.missing import is_unknown
from sm_tracker.domain.records import Measurement, Qualifier, Status
from sm_tracker.ingest.columns import ColumnName, layer_of, plain_name
from sm_tracker.ingest.doubtful import stated_doubts
from sm_tracker.ingest.findings import KINDS
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.people import Place, place_of, read_patients, read_places
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import Cell, text_of
from sm_tracker.ingest.times import Times, read_times
from sm_tracker.ingest.units import UNIT_PATTERN, unit_of
from sm_tracker.ingest.value_cells import ReadValue, ValueCells
from sm_tracker.ingest.values import read_values
from sm_tracker.ingest.words import (
    clean_text,
    label_text,
    read_flag,
    read_number,
    read_sign,
    starts_like_formula,
)

_ABOUT_VALUES = re.compile(
    r"\b(values?|werte?|angaben?|valeurs?|einheit|units?|unit[eé]s?|thickness|\w*dicken?|"
    r"[eé]paisseurs?|measurements?|messungen|messwerte|mesures?|exprim\w+)\b",
    re.IGNORECASE,
)
_NOT_ABOUT_VALUES = re.compile(
    r"(tiefe|depth|profondeur|resolution|aufl[oö]sung|frequenz|diameter|durchmesser)", re.IGNORECASE
)
_UNIT_WORD = re.compile(rf"(?<![\w/])({UNIT_PATTERN})(?![\w/²³])", re.IGNORECASE)
TEXT_ROLES = ("device", "examiner")
NUMBER_ROLES = ("frequency_mhz", "velocity_m_s", "replicate")


@dataclass(slots=True, kw_only=True)
class Readings:
    """Thickness cells of a table, one entry a reading: row, column, cell."""

    row: list[int] = field(default_factory=list)
    head: list[ColumnName] = field(default_factory=list)
    cell: list[Cell] = field(default_factory=list)


def readings_of(plan: Plan) -> Readings:
    """The cells of all value columns, row by row and then column by column."""
    readings = Readings()
    rows = plan.section.rows
    if len(plan.values) == 1:
        head = plan.values[0]
        at = head.index
        readings.cell = [row[at] if at < len(row) else "" for row in rows]
        readings.row = list(range(len(rows)))
        readings.head = [head] * len(rows)
        return readings
    for r, row in enumerate(rows):
        for head in plan.values:
            readings.row.append(r)
            readings.head.append(head)
            readings.cell.append(row[head.index] if head.index < len(row) else "")
    return readings


def read_measurements(plan: Plan, run: Run, refusals: Refusals) -> list[Measurement]:
    """All readings of one table; rows and readings with a problem are left out and named.

    Parameters
    ----------
    plan : Plan
        Columns by role; needs value columns and a time.
    run : Run
        Takes up findings and questions.
    refusals : Refusals
        Takes up the rows that are left out.
    """
    section = plan.section
    readings = readings_of(plan)
    patients, times = read_patients(plan, run), read_times(plan, run)
    by_head = {h.index: place_of(h.site_text) for h in plan.values if h.site_text}
    places = None
    if len(by_head) < len(plan.values):
        places = read_places(plan, run)
    unfinished = _unfinished_rows(plan, run)
    extras = _extras(plan, run)
    run.progress.step(0.4)
    problems: dict[int, list[str]] = {}
    for found in (patients.problems, times.problems, places.problems if places else {}, unfinished):
        for r, code in found.items():
            problems.setdefault(r, []).append(code)
    cells = _value_cells(plan, readings, extras, unfinished)
    if problems:
        cells.refused = frozenset(i for i, r in enumerate(readings.row) if r in problems)
    values = read_values(cells, run)
    run.progress.step(0.6)
    for r, code in extras.problems.items():
        problems.setdefault(r, []).append(code)
    measured: list[Measurement] = []
    for i, r in enumerate(run.progress.rows(readings.row, (0.6, 1.0))):
        if r in problems or i in values.problems:
            for code in (*problems.get(r, ()), *_listed(values.problems.get(i))):
                refusals.add(section.numbers[r], section.rows[r], reason_of(code))
            continue
        head, read = readings.head[i], values.read[i]
        place = by_head.get(head.index) or (places.found[r] if places else None)
        if place is not None and head.side:
            if place.side not in ("", head.side):
                run.report.add("side_conflict", plan.spot, section.numbers[r], column=head.text,
                               first=place.side, second=head.side)  # fmt: skip
                refusals.add(section.numbers[r], section.rows[r], reason_of("side_conflict"))
                continue
            place = replace(place, side=head.side)
        if read is not None and place is not None:
            if _signs_contradict(plan, r, head, read, extras, run, refusals):
                continue
            measured += _records(plan, r, head, read, place, patients.found[r], times, extras, run)
    run.value_columns.setdefault(plan.spot, []).extend(plan.values)
    run.unit_is_open |= bool(values.unsettled)
    return measured


def _listed(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()


def reason_of(code: str) -> str:
    """Short reason of a refused row: what its finding means."""
    return f"{code}: {KINDS[code].what}"


def _value_cells(
    plan: Plan, readings: Readings, extras: _Extras, unfinished: dict[int, str]
) -> ValueCells:
    section = plan.section
    units = plan.cells("unit") if "unit" in plan.roles else []
    statuses = extras.columns["status"] if "status" in plan.roles else []
    return ValueCells(
        spot=plan.spot,
        rows=[section.numbers[r] for r in readings.row],
        heads=readings.head,
        cells=readings.cell,
        units=[units[r] for r in readings.row] if units else [],
        unit_column=plan.name("unit"),
        stated=stated_unit([t for _, t in (*section.above, *section.below)]),
        wide=len(plan.values) > 1,
        explained=frozenset(
            i
            for i, r in enumerate(readings.row)
            if (statuses and statuses[r] != "ok") or r in unfinished
        )
        if statuses or unfinished
        else frozenset(),
    )


def stated_unit(lines: Sequence[str]) -> tuple[str, str] | None:
    """The one unit that lines around a table state for its values, with the words."""
    found = {}
    for line in lines:
        if _ABOUT_VALUES.search(line) and not _NOT_ABOUT_VALUES.search(line):
            units = {unit_of(m[1]) for m in _UNIT_WORD.finditer(line)}
            found.update(dict.fromkeys(units - {""}, line))
    return next(iter(found.items())) if len(found) == 1 else None


def _unfinished_rows(plan: Plan, run: Run) -> dict[int, str]:
    """Rows whose needed cells hold a formula without a result."""
    grid, section = plan.section.grid, plan.section
    if not grid.unfinished:
        return {}
    needed = {n.index for n in plan.values} | set(plan.roles.values())
    by_row: dict[int, list[int]] = {}
    for number, column in sorted(grid.unfinished):
        if column in needed:
            by_row.setdefault(number, []).append(column)
    found = {}
    for r, number in enumerate(section.numbers):
        for column in by_row.get(number, ()):
            found[r] = "formula_without_result"
            run.report.add(
                "formula_without_result", plan.spot, number, column=section.names[column].text
            )
    return found


@dataclass(slots=True)
class _Extras:
    """Cells of the optional columns, already read, by role; problems leave a row out."""

    columns: dict[str, list[Any]]
    problems: dict[int, str] = field(default_factory=dict)


_BLANK_EXTRAS: Mapping[str, Any] = {
    "device": "", "examiner": "", "layer": "", "note": "", "qualifier": "", "status": "ok",
    "frequency_mhz": None, "velocity_m_s": None, "replicate": None, "sd": None,
    "doubt": ("", ""),
}  # fmt: skip


def _extras(plan: Plan, run: Run) -> _Extras:
    count = len(plan.section.rows)
    extras = _Extras({role: [blank] * count for role, blank in _BLANK_EXTRAS.items()})
    for role in TEXT_ROLES:
        if role in plan.roles:
            extras.columns[role] = _cached(plan.cells(role), label_text)
    for role in NUMBER_ROLES:
        if role in plan.roles:
            extras.columns[role] = optional_numbers(plan, role, run)
    if "layer" in plan.roles:
        extras.columns["layer"] = _cached(plan.cells("layer"), lambda c: layer_of(label_text(c)))
    if "sd" in plan.roles and len(plan.values) == 1:
        extras.columns["sd"] = optional_numbers(plan, "sd", run)
    if "qualifier" in plan.roles:
        extras.columns["qualifier"] = _signs(plan, extras, run)
    if "status" in plan.roles:
        extras.columns["status"] = _statuses(plan, run)
    extras.columns["doubt"] = stated_doubts(plan, run)
    extras.columns["note"] = notes_of(plan, run)
    return extras


def _cached(cells: Sequence[Cell], read: Callable[[Cell], Any]) -> list[Any]:
    known: dict[Cell, Any] = {}
    for cell in cells:
        if cell not in known:
            known[cell] = read(cell)
    return [known[c] for c in cells]


def optional_numbers(plan: Plan, role: str, run: Run) -> list[float | None]:
    """Numbers of a column that may be left blank; text in it is named and left out."""
    cells = plan.cells(role)
    found = _cached(cells, _read_ordinal if role == "replicate" else read_number)
    for r, number in enumerate(found):
        if number is None and not is_unknown(text_of(cells[r])):
            run.report.add(
                "optional_unreadable", plan.spot, plan.section.numbers[r],
                column=plan.name(role), value=text_of(cells[r]),
            )  # fmt: skip
    return found


def _read_ordinal(cell: Cell) -> float | None:
    """The number of a reading: 2, #2, 2nd, "2 of 3", b."""
    text = clean_text(cell).casefold()
    match = _ORDINAL.fullmatch(text)
    if match:
        return float(match[1])
    return float("abcdef".index(text) + 1) if text and text in "abcdef" and len(text) == 1 else (
        read_number(cell))  # fmt: skip


_ORDINAL = re.compile(
    r"(?:#|nr\.? ?|no\.? ?|n° ?|r|m|w)?(\d{1,2})"
    r"(?: ?(?:of|/|von|de|sur) ?\d{1,2}|st|nd|rd|th|\.|er|e)?"
)


def _sign_of(text: str, meant: str) -> str | None:
    flag = read_flag(text) if meant and text else None
    return read_sign(text) if flag is None else meant if flag else ""


_BELOW = re.compile(r"^(?:below|under|unter|sous)\b")
_ABOVE = re.compile(r"^(?:above|over|ueber|au dessus)\b")


def _signs(plan: Plan, extras: _Extras, run: Run) -> list[str | None]:
    """Signs < and > row by row; a column "below limit" of yes and no gives them as well."""
    cells, name = plan.cells("qualifier"), plain_name(plan.name("qualifier"))
    meant = "<" if _BELOW.search(name) else ">" if _ABOVE.search(name) else ""
    found = _cached(cells, lambda c: _sign_of(text_of(c).strip(), meant))
    for r, sign in enumerate(found):
        if meant and sign and len(plan.values) == 1:
            index, row = plan.values[0].index, plan.section.rows[r]
            run.report.add(
                "below_value" if sign == "<" else "above_value", plan.spot,
                plan.section.numbers[r], column=plan.name("qualifier"),
                value=sign + (text_of(row[index]).strip() if index < len(row) else ""),
            )  # fmt: skip
        if sign is None:
            extras.problems[r] = "unknown_word"
            run.report.add(
                "unknown_word", plan.spot, plan.section.numbers[r],
                column=plan.name("qualifier"), value=text_of(cells[r]), allowed="<, > or blank",
            )  # fmt: skip
    return found


def _statuses(plan: Plan, run: Run) -> list[str]:
    from sm_tracker.ingest.numbers import parse_value

    known: dict[str, str] = {"": "ok", "ok": "ok", "okay": "ok", "valid": "ok", "gültig": "ok"}
    known |= dict.fromkeys(("mesuré", "mesurée", "fait", "faite", "réalisé", "valide", "gemessen",
                            "measured", "done", "erfolgt", "normal"), "ok")  # fmt: skip
    known |= {"not_measurable": "not_measurable", "beyond_depth": "beyond_depth"}
    found = []
    for r, cell in enumerate(plan.cells("status")):
        word = clean_text(cell).casefold()
        if word not in known:
            parsed = parse_value(word, decimal=".")
            known[word] = parsed.status if parsed is not None and parsed.value is None else "?"
        if known[word] in ("?", "missing"):
            run.report.add(
                "optional_unreadable", plan.spot, plan.section.numbers[r],
                column=plan.name("status"), value=text_of(cell),
            )  # fmt: skip
        found.append(known[word] if known[word] not in ("?", "missing") else "ok")
    return found


def notes_of(plan: Plan, run: Run) -> list[str]:
    """Free text of the note columns, several joined; text like a formula is named."""
    if not plan.notes:
        return [""] * len(plan.section.rows)
    found = []
    for r, row in enumerate(plan.section.rows):
        parts = [text_of(row[i]).strip() for i in plan.notes if i < len(row)]
        parts = [p[1:] if p[:1] == "'" and p[1:2] in tuple("=+-@\t") else p for p in parts if p]
        for part in parts:
            if part[0] in "=+-@\t\r" and starts_like_formula(part):
                run.report.add(
                    "formula_text", plan.spot, plan.section.numbers[r],
                    column=plan.section.names[plan.notes[0]].text, value=part,
                )  # fmt: skip
        found.append("; ".join(parts))
    return found


def _signs_contradict(
    plan: Plan, r: int, head: ColumnName, read: ReadValue, extras: _Extras, run: Run,
    refusals: Refusals,
) -> bool:  # fmt: skip
    sign, inside = extras.columns["qualifier"][r], read.parsed.qualifier
    if not sign or not inside or sign == inside:
        return False
    number = plan.section.numbers[r]
    run.report.add("sign_conflict", plan.spot, number, column=head.text, value=inside, second=sign)
    refusals.add(number, plan.section.rows[r], reason_of("sign_conflict"))
    return True


def _records(
    plan: Plan, r: int, head: ColumnName, read: ReadValue, place: Place, patient: str,
    times: Times, extras: _Extras, run: Run,
) -> list[Measurement]:  # fmt: skip
    """The measurements of one cell: one, several where it holds several, or none."""
    number, parsed = plan.section.numbers[r], read.parsed
    beside = extras.columns
    status: Status = beside["status"][r]
    doubt, doubt_reason = beside["doubt"][r]
    if parsed.status == "not_measurable" or parsed.status == "beyond_depth":
        status = parsed.status
    if parsed.status == "missing" and status == "ok":
        return []
    sign: Qualifier = beside["qualifier"][r]
    written = parsed.several or (parsed.value,)
    if status != "ok" and written != (None,):
        shown = ", ".join(f"{read.mm(v):g} mm" for v in written if v is not None)
        run.report.add(status, plan.spot, number, column=plan.name("status"), value=shown)
    note = "; ".join(filter(None, (beside["note"][r], parsed.note)))
    place_in_file = plan.spot.row(number)
    return [
        Measurement(
            patient_id=patient,
            site=place.site,
            date=times.dates[r],
            day=times.days[r],
            thickness_mm=read.mm(value) if status == "ok" else None,
            side=place.side,
            layer=head.layer or beside["layer"][r],
            qualifier=(parsed.qualifier or sign) if status == "ok" else "",
            status=status,
            replicate=_replicate(beside["replicate"][r], head, part, len(written)),
            device=beside["device"][r],
            frequency_mhz=beside["frequency_mhz"][r],
            velocity_m_s=beside["velocity_m_s"][r],
            examiner=beside["examiner"][r],
            note=note,
            sd_mm=read.mm(parsed.sd if parsed.sd is not None else beside["sd"][r]),
            approximate=parsed.approximate,
            site_text=place.text,
            doubt=doubt,
            doubt_reason=doubt_reason,
            place=place_in_file,
        )
        for part, value in enumerate(written, start=1)
    ]


def _replicate(stated: float | None, head: ColumnName, part: int, parts: int) -> int | None:
    if parts > 1:
        return part
    if head.replicate is not None:
        return head.replicate
    return int(stated) if stated is not None else None
