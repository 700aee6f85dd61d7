"""Rows of a table of readings become measurements."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sm_tracker.domain.missing import is_unknown
from sm_tracker.domain.records import Measurement, Qualifier, Status
from sm_tracker.errors import RecordError
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.short_texts import (
    clean_text,
    label_text,
    read_flag,
    read_number,
    read_sign,
    starts_like_formula,
)
from sm_tracker.ingest.cells.units import UNIT_PATTERN, length_unit
from sm_tracker.ingest.files.grid import Cell, text_of
from sm_tracker.ingest.messages.finding_log import refusal_reason
from sm_tracker.ingest.records.doubtful import doubts_of_rows
from sm_tracker.ingest.records.making import leave_out
from sm_tracker.ingest.records.people import BodySite, body_site_of, read_body_sites, read_patients
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.times import Times, read_times
from sm_tracker.ingest.records.value_cells import ReadValue, ValueCells
from sm_tracker.ingest.records.values import read_values
from sm_tracker.ingest.tables.column_meanings import ColumnName, layer_of
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.languages import Message

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


def readings_of(roles: ColumnRoles) -> Readings:
    """The cells of all value columns, row by row and then column by column."""
    readings = Readings()
    rows = roles.section.rows
    if len(roles.values) == 1:
        head = roles.values[0]
        at = head.index
        readings.cell = [row[at] if at < len(row) else "" for row in rows]
        readings.row = list(range(len(rows)))
        readings.head = [head] * len(rows)
        return readings
    for r, row in enumerate(rows):
        for head in roles.values:
            readings.row.append(r)
            readings.head.append(head)
            readings.cell.append(row[head.index] if head.index < len(row) else "")
    return readings


def read_measurements(
    roles: ColumnRoles, context: ReadContext, refused: RefusedRows
) -> RecordBatch:
    """All readings of one table; rows and readings with a problem are left out and named.

    Parameters
    ----------
    roles : ColumnRoles
        Columns by role; needs value columns and a time.
    context : ReadContext
        Takes up findings and questions.
    refused : RefusedRows
        Takes up the rows that are left out.
    """
    section = roles.section
    readings = readings_of(roles)
    patients, times = read_patients(roles, context), read_times(roles, context)
    by_head = {h.index: body_site_of(h.site_text) for h in roles.values if h.site_text}
    places = None
    if len(by_head) < len(roles.values):
        places = read_body_sites(roles, context)
    unfinished = _unfinished_rows(roles, context)
    extras = _extras(roles, context)
    context.progress.step(0.4)
    problems: dict[int, list[str]] = {}
    for found in (patients.problems, times.problems, places.problems if places else {}, unfinished):
        for r, code in found.items():
            problems.setdefault(r, []).append(code)
    cells = _value_cells(roles, readings, extras, unfinished)
    if problems:
        cells.refused = frozenset(i for i, r in enumerate(readings.row) if r in problems)
    values = read_values(cells, context)
    context.progress.step(0.6)
    for r, code in extras.problems.items():
        problems.setdefault(r, []).append(code)
    measured: list[Measurement] = []
    for i, r in enumerate(context.progress.rows(readings.row, (0.6, 1.0))):
        if r in problems or i in values.problems:
            for code in (*problems.get(r, ()), *_listed(values.problems.get(i))):
                refused.add(section.numbers[r], section.rows[r], refusal_reason(code))
            continue
        head, read = readings.head[i], values.read[i]
        place = by_head.get(head.index) or (places.found[r] if places else None)
        if place is not None and head.side:
            if place.side not in ("", head.side):
                context.findings.add(
                    "side_conflict",
                    roles.location,
                    section.numbers[r],
                    column=head.text,
                    first=place.side,
                    second=head.side,
                )
                refused.add(section.numbers[r], section.rows[r], refusal_reason("side_conflict"))
                continue
            place = replace(place, side=head.side)
        if read is not None and place is not None:
            if _signs_contradict(roles, r, head, read, extras, context, refused):
                continue
            try:
                measured += _records(
                    roles, r, head, read, place, patients.found[r], times, extras, context
                )
            except RecordError as error:
                row = (roles.location, section.numbers[r], section.rows[r])
                leave_out(error, row, context, refused, partial(_column_of, roles, head))
    return RecordBatch(
        measurements=tuple(measured),
        both_sides=places.both_sides if places else frozenset(),
        value_columns={roles.location: roles.values},
        unit_is_open=bool(values.unsettled),
    )


def _listed(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()


def _value_cells(
    roles: ColumnRoles, readings: Readings, extras: _Extras, unfinished: dict[int, str]
) -> ValueCells:
    section = roles.section
    units = roles.cells("unit") if "unit" in roles.by_role else []
    statuses = extras.columns["status"] if "status" in roles.by_role else []
    return ValueCells(
        location=roles.location,
        rows=[section.numbers[r] for r in readings.row],
        heads=readings.head,
        cells=readings.cell,
        units=[units[r] for r in readings.row] if units else [],
        unit_column=roles.name("unit"),
        unit_above=unit_above_table([t for _, t in (*section.above, *section.below)]),
        wide=len(roles.values) > 1,
        explained=frozenset(
            i
            for i, r in enumerate(readings.row)
            if (statuses and statuses[r] != "ok") or r in unfinished
        )
        if statuses or unfinished
        else frozenset(),
    )


def unit_above_table(lines: Sequence[str]) -> tuple[str, str] | None:
    """The one unit that lines around a table state for its values, with the words."""
    found = {}
    for line in lines:
        if _ABOUT_VALUES.search(line) and not _NOT_ABOUT_VALUES.search(line):
            units = {length_unit(m[1]) for m in _UNIT_WORD.finditer(line)}
            found.update(dict.fromkeys(units - {""}, line))
    return next(iter(found.items())) if len(found) == 1 else None


def _unfinished_rows(roles: ColumnRoles, context: ReadContext) -> dict[int, str]:
    """Rows whose needed cells hold a formula without a result."""
    grid, section = roles.section.grid, roles.section
    if not grid.unfinished:
        return {}
    needed = {n.index for n in roles.values} | set(roles.by_role.values())
    by_row: dict[int, list[int]] = {}
    for number, column in sorted(grid.unfinished):
        if column in needed:
            by_row.setdefault(number, []).append(column)
    found = {}
    for r, number in enumerate(section.numbers):
        for column in by_row.get(number, ()):
            found[r] = "formula_without_result"
            context.findings.add(
                "formula_without_result", roles.location, number, column=section.names[column].text
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


def _extras(roles: ColumnRoles, context: ReadContext) -> _Extras:
    count = len(roles.section.rows)
    extras = _Extras({role: [blank] * count for role, blank in _BLANK_EXTRAS.items()})
    for role in TEXT_ROLES:
        if role in roles.by_role:
            extras.columns[role] = _cached(roles.cells(role), label_text)
    for role in NUMBER_ROLES:
        if role in roles.by_role:
            extras.columns[role] = optional_numbers(roles, role, context)
    if "layer" in roles.by_role:
        extras.columns["layer"] = _cached(roles.cells("layer"), lambda c: layer_of(label_text(c)))
    if "sd" in roles.by_role and len(roles.values) == 1:
        extras.columns["sd"] = optional_numbers(roles, "sd", context)
    if "qualifier" in roles.by_role:
        extras.columns["qualifier"] = _signs(roles, extras, context)
    if "status" in roles.by_role:
        extras.columns["status"] = _statuses(roles, context)
    extras.columns["doubt"] = doubts_of_rows(roles, context)
    extras.columns["note"] = row_notes(roles, context)
    return extras


def _cached(cells: Sequence[Cell], read: Callable[[Cell], Any]) -> list[Any]:
    known: dict[Cell, Any] = {}
    for cell in cells:
        if cell not in known:
            known[cell] = read(cell)
    return [known[c] for c in cells]


def optional_numbers(roles: ColumnRoles, role: str, context: ReadContext) -> list[float | None]:
    """Numbers of a column that may be left blank; text in it is named and left out."""
    cells = roles.cells(role)
    found = _cached(cells, _read_ordinal if role == "replicate" else read_number)
    for r, number in enumerate(found):
        if number is None and not is_unknown(text_of(cells[r])):
            context.findings.add(
                "optional_unreadable", roles.location, roles.section.numbers[r],
                column=roles.name(role), value=text_of(cells[r]),
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


def _signs(roles: ColumnRoles, extras: _Extras, context: ReadContext) -> list[str | None]:
    """Signs < and > row by row; a column "below limit" of yes and no gives them as well."""
    cells, name = roles.cells("qualifier"), plain_name(roles.name("qualifier"))
    meant = "<" if _BELOW.search(name) else ">" if _ABOVE.search(name) else ""
    found = _cached(cells, lambda c: _sign_of(text_of(c).strip(), meant))
    for r, sign in enumerate(found):
        if meant and sign and len(roles.values) == 1:
            index, row = roles.values[0].index, roles.section.rows[r]
            context.findings.add(
                "below_value" if sign == "<" else "above_value", roles.location,
                roles.section.numbers[r], column=roles.name("qualifier"),
                value=sign + (text_of(row[index]).strip() if index < len(row) else ""),
            )  # fmt: skip
        if sign is None:
            extras.problems[r] = "unknown_word"
            context.findings.add(
                "unknown_word",
                roles.location,
                roles.section.numbers[r],
                column=roles.name("qualifier"),
                value=text_of(cells[r]),
                allowed=Message("<, > or blank"),
            )
    return found


def _statuses(roles: ColumnRoles, context: ReadContext) -> list[str]:
    from sm_tracker.ingest.cells.numbers import parse_value

    known: dict[str, str] = {"": "ok", "ok": "ok", "okay": "ok", "valid": "ok", "gültig": "ok"}
    known |= dict.fromkeys(("mesuré", "mesurée", "fait", "faite", "réalisé", "valide", "gemessen",
                            "measured", "done", "erfolgt", "normal"), "ok")  # fmt: skip
    known |= {"not_measurable": "not_measurable", "beyond_depth": "beyond_depth"}
    found = []
    for r, cell in enumerate(roles.cells("status")):
        word = clean_text(cell).casefold()
        if word not in known:
            parsed = parse_value(word, decimal=".")
            known[word] = parsed.status if parsed is not None and parsed.value is None else "?"
        if known[word] in ("?", "missing"):
            context.findings.add(
                "optional_unreadable", roles.location, roles.section.numbers[r],
                column=roles.name("status"), value=text_of(cell),
            )  # fmt: skip
        found.append(known[word] if known[word] not in ("?", "missing") else "ok")
    return found


def row_notes(roles: ColumnRoles, context: ReadContext) -> list[str]:
    """Free text of the note columns, several joined; text like a formula is named."""
    if not roles.notes:
        return [""] * len(roles.section.rows)
    found = []
    for r, row in enumerate(roles.section.rows):
        parts = [text_of(row[i]).strip() for i in roles.notes if i < len(row)]
        parts = [p[1:] if p[:1] == "'" and p[1:2] in tuple("=+-@\t") else p for p in parts if p]
        for part in parts:
            if part[0] in "=+-@\t\r" and starts_like_formula(part):
                context.findings.add(
                    "formula_text", roles.location, roles.section.numbers[r],
                    column=roles.section.names[roles.notes[0]].text, value=part,
                )  # fmt: skip
        found.append("; ".join(parts))
    return found


def _signs_contradict(
    roles: ColumnRoles,
    r: int,
    head: ColumnName,
    read: ReadValue,
    extras: _Extras,
    context: ReadContext,
    refused: RefusedRows,
) -> bool:
    sign, inside = extras.columns["qualifier"][r], read.parsed.qualifier
    if not sign or not inside or sign == inside:
        return False
    number = roles.section.numbers[r]
    context.findings.add(
        "sign_conflict", roles.location, number, column=head.text, value=inside, second=sign
    )
    refused.add(number, roles.section.rows[r], refusal_reason("sign_conflict"))
    return True


def _records(
    roles: ColumnRoles, r: int, head: ColumnName, read: ReadValue, place: BodySite, patient: str,
    times: Times, extras: _Extras, context: ReadContext,
) -> list[Measurement]:  # fmt: skip
    """The measurements of one cell: one, several where it holds several, or none."""
    number, parsed = roles.section.numbers[r], read.parsed
    optional = extras.columns
    status: Status = optional["status"][r]
    doubt, doubt_reason = optional["doubt"][r]
    if parsed.status == "not_measurable" or parsed.status == "beyond_depth":
        status = parsed.status
    if parsed.status == "missing" and status == "ok":
        return []
    sign: Qualifier = optional["qualifier"][r]
    written = parsed.several or (parsed.value,)
    if status != "ok" and written != (None,):
        shown = ", ".join(f"{read.mm(v):g} mm" for v in written if v is not None)
        context.findings.add(
            status, roles.location, number, column=roles.name("status"), value=shown
        )
    note = "; ".join(filter(None, (optional["note"][r], parsed.note)))
    place_in_file = roles.location.row(number)

    return [
        Measurement(
            patient_id=patient,
            site=place.site,
            date=times.dates[r],
            day=times.days[r],
            thickness_mm=read.mm(value) if status == "ok" else None,
            side=place.side,
            layer=head.layer or optional["layer"][r],
            qualifier=(parsed.qualifier or sign) if status == "ok" else "",
            status=status,
            replicate=_replicate(optional["replicate"][r], head, part, len(written)),
            device=optional["device"][r],
            frequency_mhz=optional["frequency_mhz"][r],
            velocity_m_s=optional["velocity_m_s"][r],
            examiner=optional["examiner"][r],
            note=note,
            sd_mm=read.mm(parsed.sd if parsed.sd is not None else optional["sd"][r]),
            approximate=parsed.approximate,
            site_text=place.text,
            doubt=doubt,
            doubt_reason=doubt_reason,
            place=place_in_file,
        )
        for part, value in enumerate(written, start=1)
    ]


def _column_of(roles: ColumnRoles, head: ColumnName, field: str) -> str:
    """The header of the column that a field of a reading was read from."""
    return head.text if field == "thickness_mm" else roles.name(field.removesuffix("_mm"))


def _replicate(stated: float | None, head: ColumnName, part: int, parts: int) -> int | None:
    if parts > 1:
        return part
    if head.replicate is not None:
        return head.replicate
    return int(stated) if stated is not None else None
