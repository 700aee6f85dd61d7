"""For each shape of table the function that turns it into records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.cells.therapy_text import split_therapy
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.records.cbioportal import read_cbioportal
from sm_tracker.ingest.records.events import read_events
from sm_tracker.ingest.records.measurements import read_measurements
from sm_tracker.ingest.records.outcomes import read_outcome_columns, read_outcome_table
from sm_tracker.ingest.records.points import read_points
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.redcap import read_dictionary, read_redcap
from sm_tracker.ingest.records.sessions import join_sessions, sessions_of_dates
from sm_tracker.ingest.records.tags import read_tags
from sm_tracker.ingest.records.therapies import read_therapy_periods
from sm_tracker.ingest.tables.column_meanings import DATE, ColumnName, read_column_name
from sm_tracker.ingest.tables.columns import ColumnRoles, are_tags
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.ingest.tables.section import Section
from sm_tracker.ingest.tables.shape import kind_of_record
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.ingest.tables.unread_columns import offer_unread
from sm_tracker.languages import Message

LABORATORY = frozenset({"lab", "labs", "laboratory", "labor", "labo", "test", "blood"})
"""Words of a record type that may be a reading of the skin and mostly are another test."""
Reader = Callable[[ColumnRoles, ReadContext, RefusedRows], RecordBatch]


def _readings(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Readings, with the outcomes, therapies and events that stand beside them."""
    _say_other_columns(roles, context)
    batch = read_measurements(roles, context, refused) + read_outcome_columns(roles, context)
    batch += _therapies_beside(roles, context, refused)
    return batch + _events_beside(roles, context, refused)


def _therapies_beside(
    roles: ColumnRoles, context: ReadContext, refused: RefusedRows
) -> RecordBatch:
    """The tags or the courses that stand beside readings."""
    if are_tags(roles):
        return RecordBatch(tags=tuple(read_tags(roles, context)))
    return _courses_beside(roles, context, refused) if roles.has("therapy") else RecordBatch()


def _say_other_columns(roles: ColumnRoles, context: ReadContext) -> None:
    for index in sorted(set(roles.left_out)):
        name = roles.section.names[index]
        if name.role == "not_thickness":
            context.findings.add("column_not_thickness", roles.location, None, column=name.text)


def _courses_beside(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Courses that stand beside the readings, each once."""
    said_by = ("patient_id", "therapy", "start", "end", "start_day", "end_day")
    return read_therapy_periods(_told_once(roles, "therapy", said_by), context, refused)


def _events_beside(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Events that stand beside the readings of their day, each once."""
    if not roles.has("event"):
        return RecordBatch()
    told = _told_once(roles, "event", ("patient_id", "event", "date", "day"))
    return read_events(replace(told, notes=()), context, refused)


def _told_once(roles: ColumnRoles, role: str, said_by: Sequence[str]) -> ColumnRoles:
    """The roles for the rows that fill one, the first of those that say the same."""
    rows = [r for r, c in enumerate(roles.cells(role)) if not is_blank(c)]
    part = rows_of_roles(roles, rows)
    indexes = [i for name, i in part.by_role.items() if name in said_by]
    first: dict[tuple[object, ...], int] = {}
    for r, row in enumerate(part.section.rows):
        first.setdefault(tuple(text_of(_cell(row, i)) for i in indexes), r)
    return rows_of_roles(part, sorted(first.values()))


def rows_of_roles(roles: ColumnRoles, rows: list[int]) -> ColumnRoles:
    """The same roles for some rows of its table."""
    return replace(roles, section=roles.section.of_rows(rows))


def _periods(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    return join_sessions(roles, read_therapy_periods(roles, context, refused), context)


def _outcomes(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    if roles.has("outcome"):
        batch = read_outcome_table(roles, context, refused)
        return batch + _therapies_beside(roles, context, refused)
    context.findings.add(
        "no_thickness_read", roles.location, roles.section.header_rows[-1],
        columns=", ".join(n.text for n in roles.section.names),
    )  # fmt: skip
    return read_outcome_columns(roles, context) + _therapies_beside(roles, context, refused)


def _parameters(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """One row a parameter: thickness of a site, or another outcome."""
    batch = RecordBatch()
    rows_of: dict[str, list[int]] = {}
    for r, cell in enumerate(roles.cells("outcome")):
        rows_of.setdefault(text_of(cell).strip(), []).append(r)
    value = roles.values[0] if roles.values else roles.section.names[roles.by_role["value"]]
    others: list[int] = []
    for text, rows in rows_of.items():
        name = read_column_name(text)
        if not (name.says_thickness or name.site_known):
            others += rows
            continue
        part = replace(rows_of_roles(roles, rows), values=(_value_of_parameter(value, name),))
        batch += read_measurements(part, context, refused)
    in_turn = tuple(sorted(batch.measurements, key=lambda m: m.place.row or 0))
    batch = replace(batch, measurements=in_turn)
    if others:
        batch += read_outcome_table(rows_of_roles(roles, sorted(others)), context, refused)
    return batch + _therapies_beside(roles, context, refused)


def _value_of_parameter(value: ColumnName, parameter: ColumnName) -> ColumnName:
    return replace(
        value,
        unit=parameter.unit or value.unit,
        site_text=parameter.site_text if parameter.site_known else "",
        layer=parameter.layer,
    )


def _mixed(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """One long table of measurements and therapies, told apart by a type."""
    rows_of: dict[str, list[int]] = {"measurement": [], "therapy": [], "outcome": []}
    for r, cell in enumerate(roles.cells("record_type")):
        kind = kind_of_record(text_of(cell))
        if kind and not (kind == "measurement" and _is_other_test(roles, r)):
            rows_of[kind].append(r)
        else:
            context.findings.add("record_left_out", roles.location, roles.section.numbers[r],
                           column=roles.name("record_type"), value=text_of(cell))  # fmt: skip
    batch = RecordBatch()
    for kind, read in (
        ("measurement", _mixed_readings), ("therapy", _mixed_courses), ("outcome", _mixed_outcomes),
    ):  # fmt: skip
        if rows_of[kind]:
            batch += read(rows_of_roles(roles, rows_of[kind]), context, refused)
    return batch


def _mixed_readings(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    roles = _with_stand_ins(roles, date=("start",), day=("start_day",), site=("subject", "therapy"))
    filled = [r for r in ("thickness", "value", "dose") if roles.has(r) and not _is_empty(roles, r)]
    if not roles.values and filled:
        roles = replace(roles, values=(roles.section.names[roles.by_role[filled[0]]],))
    return read_measurements(roles, context, refused) if roles.values else RecordBatch()


def _mixed_courses(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    roles = _with_stand_ins(
        roles, start=("date",), start_day=("day",), therapy=("subject", "site"), dose=("value",)
    )
    if roles.has("dose") and _is_empty(roles, "dose"):
        roles = roles.without("dose")
    roles = _unit_to_dose(roles)
    if not (roles.has("therapy") and (roles.has("start") or roles.has("start_day"))):
        return RecordBatch()
    return join_sessions(roles, read_therapy_periods(roles, context, refused), context)


def _mixed_outcomes(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    roles = _with_stand_ins(roles, outcome=("subject", "site"), date=("start",), day=("start_day",))
    if not roles.has("outcome", "value"):
        return RecordBatch()
    return read_outcome_table(roles, context, refused)


def _is_other_test(roles: ColumnRoles, r: int) -> bool:
    """Whether a row of the laboratory is about anything but the thickness or a site of skin."""
    words = set(plain_name(text_of(roles.cell("record_type", r))).split())
    subject = "subject" if roles.has("subject") else "site"
    if not words & LABORATORY or not roles.has(subject):
        return False
    name = read_column_name(text_of(roles.cell(subject, r)))
    return not (name.site_known or name.says_thickness)


def _unit_to_dose(roles: ColumnRoles) -> ColumnRoles:
    """Write the unit beside the dose where both stand in columns of their own."""
    if not roles.has("dose", "unit") or roles.by_role["dose"] != roles.by_role.get("value"):
        return roles
    section, dose, unit = roles.section, roles.by_role["dose"], roles.by_role["unit"]
    changed: dict[int, dict[int, Cell]] = {}
    for r, row in enumerate(section.rows):
        written = [text_of(row[i]).strip() if i < len(row) else "" for i in (dose, unit)]
        changed[r] = {dose: " ".join(filter(None, written))}
    return replace(roles, section=section.with_cells(changed))


def _is_empty(roles: ColumnRoles, role: str) -> bool:
    return all(is_blank(c) for c in roles.cells(role))


def _with_stand_ins(roles: ColumnRoles, **stand_ins: tuple[str, ...]) -> ColumnRoles:
    """Roles in which a missing or empty role is played by another column."""
    for role, others in stand_ins.items():
        if not roles.has(role) or _is_empty(roles, role):
            filled = (o for o in others if roles.has(o) and not _is_empty(roles, o))
            if other := next(filled, None):
                roles = roles.with_roles(**{role: roles.by_role[other]})
    return roles


def _visits_across(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Visits across, sites down: turned after asking."""
    section = roles.section
    told = bool(roles.visits)
    visits = roles.visits or [
        n for n in section.names if n.visit and n.index not in roles.by_role.values()
    ]
    if roles.has("date"):
        context.findings.add("epoch_of_visit", roles.location, None, column=roles.name("date"))
        roles = roles.without("date")
    shown = ", ".join(n.text for n in visits[:4])
    answer = (
        "turn"
        if told
        else context.questions.ask(
            "visits_across",
            Message(
                "The table has one column a visit ({shown} …) and one row a site. Should it be "
                "turned (transposed), so that each cell becomes one reading?",
                shown=shown,
            ),
            (
                Choice(
                    "turn",
                    Message(
                        "{n} visits of {rows} rows become {readings} readings",
                        n=len(visits),
                        rows=len(section.rows),
                        readings=_filled(section, visits),
                    ),
                ),
                Choice("leave-out", Message("the table is not read")),
            ),
            roles.location,
        )
    )
    columns = frozenset(n.index for n in visits)
    if answer == "leave-out":
        return RecordBatch(columns_read=columns)
    turned = _turned(*_unit_from_sites(roles, visits), context)
    batch = _readings(turned, context, refused)
    if answer:
        context.findings.add("table_turned", roles.location, None, count=len(batch.measurements))
    drugs = _rows_of_drugs(roles) if are_tags(turned) else {}
    told_at = frozenset(roles.location.row(roles.section.numbers[r]) for r in drugs)
    return replace(batch, columns_read=columns, courses_at=batch.courses_at | told_at)


def _filled(section: Section, visits: Sequence[ColumnName]) -> int:
    return sum(
        n.index < len(row) and not is_blank(row[n.index]) for row in section.rows for n in visits
    )


def _unit_from_sites(
    roles: ColumnRoles, visits: Sequence[ColumnName]
) -> tuple[ColumnRoles, Sequence[ColumnName]]:
    """Roles and visits where the unit that all names of sites carry is that of the visits."""
    if not roles.has("site") or any(n.unit for n in visits):
        return roles, visits
    index, section = roles.by_role["site"], roles.section
    drugs = _rows_of_drugs(roles)
    cells = {r: text_of(c) for r, c in enumerate(roles.cells("site")) if r not in drugs}
    read = {r: read_column_name(cell) for r, cell in cells.items()}
    units = {n.unit for n in read.values()}
    unit = units.pop() if len(units) == 1 else ""
    if not unit or not all(n.site_text for n in read.values()):
        return roles, visits
    section = section.with_cells({r: {index: n.site_text} for r, n in read.items()})
    with_unit = [replace(n, unit=unit) for n in visits]
    return replace(roles, section=section), with_unit


def _turned(roles: ColumnRoles, visits: Sequence[ColumnName], context: ReadContext) -> ColumnRoles:
    """The long form of a table with one column a visit; blank cells are not readings.

    A row that is called by a drug instead of a site becomes a column, and is offered as such.
    """
    section = roles.section
    width = len(section.names)
    role = "date" if all(DATE.match(n.visit) for n in visits) else "visit"
    units = {n.unit for n in visits} - {""}
    unit = units.pop() if len(units) == 1 else ""
    value = ColumnName(index=width + 1, text="thickness", name="thickness", unit=unit)
    drugs = _rows_of_drugs(roles)
    patients = [text_of(c) for c in roles.cells("patient_id")] if roles.has("patient_id") else []
    given: dict[str, dict[str, Sequence[Cell]]] = {}
    for r, drug in drugs.items():
        given.setdefault(drug, {})[patients[r] if patients else ""] = section.rows[r]
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    for r, (number, row) in enumerate(zip(section.numbers, section.rows, strict=True)):
        lead = [*row, *[""] * width][:width]
        who = patients[r] if patients else ""
        for name in visits:
            if r in drugs or is_blank(lead[name.index]):
                continue
            told = [_cell(of_drug.get(who, ()), name.index) for of_drug in given.values()]
            rows.append([*lead, name.visit, lead[name.index], *told])
            numbers.append(number)
    columns = [
        ColumnName(index=width + 2 + k, text=drug, name=drug) for k, drug in enumerate(given)
    ]
    names = [*section.names, ColumnName(index=width, text="visit", name="visit"), value, *columns]
    turned = replace(section, names=names, rows=rows, numbers=numbers)
    roles = replace(roles, section=turned, by_role={**roles.by_role, role: width}, values=(value,))
    if not columns:
        return roles
    offered = offer_unread(roles.leaving_out(*range(width)), TableShape.LONG, context)
    return replace(offered, left_out=roles.left_out)


def _cell(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else ""


def _rows_of_drugs(roles: ColumnRoles) -> dict[int, str]:
    """Rows that are called by a drug where the others are called by a site, with the name."""
    if not roles.has("site"):
        return {}
    called = {r: text_of(c).strip() for r, c in enumerate(roles.cells("site"))}
    return {r: n for r, n in called.items() if split_therapy(n).known and not read_site(n).known}


READERS: Mapping[TableShape, Reader] = {
    TableShape.LONG: _readings,
    TableShape.WIDE_SITE: _readings,
    TableShape.WIDE_READING: _readings,
    TableShape.WIDE_LAYER: _readings,
    TableShape.WIDE_SIDE: _readings,
    TableShape.VISITS_ACROSS: _visits_across,
    TableShape.THERAPIES: _periods,
    TableShape.SESSIONS: sessions_of_dates,
    TableShape.OUTCOMES: _outcomes,
    TableShape.EVENTS: read_events,
    TableShape.PARAMETERS: _parameters,
    TableShape.MIXED: _mixed,
    TableShape.REDCAP: read_redcap,
    TableShape.REDCAP_DICTIONARY: read_dictionary,
    TableShape.CBIOPORTAL: read_cbioportal,
    TableShape.POINTS: read_points,
}

__all__ = ["READERS"]
