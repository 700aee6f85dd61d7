"""For each shape of table the function that turns it into records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cbioportal import read_cbioportal
from sm_tracker.ingest.columns import DATE, ColumnName, plain_name, read_column_name
from sm_tracker.ingest.harvest import Harvest
from sm_tracker.ingest.layout import Section
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.measurements import read_measurements
from sm_tracker.ingest.outcomes import read_outcome_columns, read_outcome_table
from sm_tracker.ingest.points import read_points
from sm_tracker.ingest.redcap import read_dictionary, read_redcap
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.sessions import join_sessions, sessions_of_dates
from sm_tracker.ingest.shape import Shape, kind_of_record
from sm_tracker.ingest.tables import Cell, is_blank, text_of
from sm_tracker.ingest.tags import are_tags, read_tags
from sm_tracker.ingest.therapies import read_periods

LABORATORY = frozenset({"lab", "labs", "laboratory", "labor", "labo", "test", "blood"})
"""Words of a record type that may be a reading of the skin and mostly are another test."""
Reader = Callable[[Plan, Run, Refusals], Harvest]


def _readings(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """Readings, outcomes beside them, and the therapies they are tagged with."""
    _say_other_columns(plan, run)
    harvest = Harvest(measurements=read_measurements(plan, run, refusals))
    harvest.outcomes = read_outcome_columns(plan, run)
    return _with_therapies_beside(harvest, plan, run, refusals)


def _with_therapies_beside(harvest: Harvest, plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """What was read of a table, with the tags or the courses that stand beside it."""
    if are_tags(plan):
        harvest.tags = read_tags(plan, run)
    elif plan.has("therapy"):
        harvest.therapies = _courses_beside(plan, run, refusals)
    return harvest


def _say_other_columns(plan: Plan, run: Run) -> None:
    for index in sorted(set(plan.left_out)):
        name = plan.section.names[index]
        if name.role == "not_thickness":
            run.report.add("column_not_thickness", plan.spot, None, column=name.text)


def _courses_beside(plan: Plan, run: Run, refusals: Refusals) -> list:  # type: ignore[type-arg]
    """Courses that stand beside the readings, each once."""
    rows = [r for r, c in enumerate(plan.cells("therapy")) if not is_blank(c)]
    part = subset(plan, rows)
    first: dict[tuple[object, ...], int] = {}
    for r, row in enumerate(part.section.rows):
        key = tuple(
            text_of(row[i]) if i < len(row) else ""
            for role, i in part.roles.items()
            if role in ("patient_id", "therapy", "start", "end", "start_day", "end_day")
        )
        first.setdefault(key, r)
    return read_periods(subset(part, sorted(first.values())), run, refusals)


def subset(plan: Plan, rows: list[int]) -> Plan:
    """The same plan for some rows of its table."""
    section = plan.section
    part = replace(
        section, numbers=[section.numbers[r] for r in rows], rows=[section.rows[r] for r in rows]
    )
    return replace(plan, section=part, roles=dict(plan.roles), values=list(plan.values))


def _periods(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    return Harvest(therapies=join_sessions(plan, read_periods(plan, run, refusals), run))


def _sessions(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    return Harvest(therapies=sessions_of_dates(plan, run, refusals))


def _outcomes(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    if plan.has("outcome"):
        harvest = Harvest(outcomes=read_outcome_table(plan, run, refusals))
        return _with_therapies_beside(harvest, plan, run, refusals)
    run.report.add(
        "no_thickness_read", plan.spot, plan.section.header_rows[-1],
        columns=", ".join(n.text for n in plan.section.names),
    )  # fmt: skip
    harvest = Harvest(outcomes=read_outcome_columns(plan, run))
    return _with_therapies_beside(harvest, plan, run, refusals)


def _parameters(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """One row a parameter: thickness of a site, or another outcome."""
    harvest = Harvest()
    rows_of: dict[str, list[int]] = {}
    for r, cell in enumerate(plan.cells("outcome")):
        rows_of.setdefault(text_of(cell).strip(), []).append(r)
    value = plan.values[0] if plan.values else plan.section.names[plan.roles["value"]]
    others: list[int] = []
    for text, rows in rows_of.items():
        name = read_column_name(text)
        if not (name.says_thickness or name.site_known):
            others += rows
            continue
        part = subset(plan, rows)
        part.values = [_value_of_parameter(value, name)]
        harvest.measurements += read_measurements(part, run, refusals)
    harvest.measurements.sort(key=lambda m: m.place.row or 0)
    if others:
        harvest.outcomes = read_outcome_table(subset(plan, sorted(others)), run, refusals)
    return _with_therapies_beside(harvest, plan, run, refusals)


def _value_of_parameter(value: ColumnName, parameter: ColumnName) -> ColumnName:
    return replace(
        value,
        unit=parameter.unit or value.unit,
        site_text=parameter.site_text if parameter.site_known else "",
        layer=parameter.layer,
    )


def _mixed(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """One long table of measurements and therapies, told apart by a type."""
    rows_of: dict[str, list[int]] = {"measurement": [], "therapy": [], "outcome": []}
    for r, cell in enumerate(plan.cells("record_type")):
        kind = kind_of_record(text_of(cell))
        if kind and not (kind == "measurement" and _is_other_test(plan, r)):
            rows_of[kind].append(r)
        else:
            run.report.add("record_left_out", plan.spot, plan.section.numbers[r],
                           column=plan.name("record_type"), value=text_of(cell))  # fmt: skip
    harvest = Harvest()
    if rows_of["measurement"]:
        part = _with_roles(subset(plan, rows_of["measurement"]), {
            "date": ("start",), "day": ("start_day",), "site": ("subject", "therapy"),
        })  # fmt: skip
        _value_of_mixed(part)
        if part.values:
            harvest.measurements = read_measurements(part, run, refusals)
    if rows_of["therapy"]:
        part = _with_roles(subset(plan, rows_of["therapy"]), {
            "start": ("date",), "start_day": ("day",), "therapy": ("subject", "site"),
        })  # fmt: skip
        part.roles.setdefault("dose", part.roles.get("value", -1))
        if part.roles["dose"] < 0 or _is_empty(part, "dose"):
            part.roles.pop("dose")
        _unit_to_dose(part)
        if part.has("therapy") and (part.has("start") or part.has("start_day")):
            harvest.therapies = join_sessions(part, read_periods(part, run, refusals), run)
    if rows_of["outcome"]:
        part = _with_roles(subset(plan, rows_of["outcome"]), {
            "outcome": ("subject", "site"), "date": ("start",), "day": ("start_day",),
        })  # fmt: skip
        if part.has("outcome", "value"):
            harvest.outcomes = read_outcome_table(part, run, refusals)
    return harvest


def _is_other_test(plan: Plan, r: int) -> bool:
    """Whether a row of the laboratory is about anything but the thickness or a site of skin."""
    words = set(plain_name(text_of(plan.cell("record_type", r))).split())
    subject = "subject" if plan.has("subject") else "site"
    if not words & LABORATORY or not plan.has(subject):
        return False
    name = read_column_name(text_of(plan.cell(subject, r)))
    return not (name.site_known or name.says_thickness)


def _unit_to_dose(plan: Plan) -> None:
    """Write the unit beside the dose where both stand in columns of their own."""
    if not plan.has("dose", "unit") or plan.roles["dose"] != plan.roles.get("value"):
        return
    section, dose, unit = plan.section, plan.roles["dose"], plan.roles["unit"]
    rows = []
    for row in section.rows:
        written = [text_of(row[i]).strip() if i < len(row) else "" for i in (dose, unit)]
        rows.append([*row[:dose], " ".join(filter(None, written)), *row[dose + 1 :]])
    plan.section = replace(section, rows=rows)


def _is_empty(plan: Plan, role: str) -> bool:
    return all(is_blank(c) for c in plan.cells(role))


def _with_roles(plan: Plan, stand_ins: Mapping[str, tuple[str, ...]]) -> Plan:
    """A plan in which a missing or empty role is played by another column."""
    for role, others in stand_ins.items():
        if plan.has(role) and not _is_empty(plan, role):
            continue
        for other in others:
            if plan.has(other) and not _is_empty(plan, other):
                plan.roles[role] = plan.roles[other]
                break
    return plan


def _value_of_mixed(plan: Plan) -> None:
    if plan.values:
        return
    for role in ("thickness", "value", "dose"):
        if plan.has(role) and not _is_empty(plan, role):
            plan.values = [plan.section.names[plan.roles[role]]]
            return


def _visits_across(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """Visits across, sites down: turned after asking."""
    section = plan.section
    visits = [n for n in section.names if n.visit and n.index not in plan.roles.values()]
    shown = ", ".join(n.text for n in visits[:4])
    answer = run.interview.ask(
        "visits_across",
        f"The table has one column a visit ({shown} …) and one row a site. Shall it be turned "
        "(transposed), so that each cell becomes one reading?",
        (
            Choice("turn", f"{len(visits)} visits of {len(section.rows)} rows become "
                   f"{_filled(section, visits)} readings"),
            Choice("leave-out", "the table is not read"),
        ),
        plan.spot,
    )  # fmt: skip
    if answer == "leave-out":
        return Harvest()
    turned = _turned(*_unit_from_sites(plan, visits))
    harvest = Harvest(measurements=read_measurements(turned, run, refusals))
    if answer:
        run.report.add("table_turned", plan.spot, None, count=len(harvest.measurements))
    return harvest


def _filled(section: Section, visits: list[ColumnName]) -> int:
    return sum(
        n.index < len(row) and not is_blank(row[n.index]) for row in section.rows for n in visits
    )


def _unit_from_sites(plan: Plan, visits: list[ColumnName]) -> tuple[Plan, list[ColumnName]]:
    """Plan and visits where the unit that all names of sites carry is that of the visits."""
    if not plan.has("site") or any(n.unit for n in visits):
        return plan, visits
    index, section = plan.roles["site"], plan.section
    read = [read_column_name(text_of(c)) for c in plan.cells("site")]
    if len({n.unit for n in read}) != 1 or not read[0].unit or not all(n.site_text for n in read):
        return plan, visits
    rows = [
        [*row[:index], name.site_text, *row[index + 1 :]]
        for row, name in zip(section.rows, read, strict=True)
    ]
    with_unit = [replace(n, unit=read[0].unit) for n in visits]
    return replace(plan, section=replace(section, rows=rows)), with_unit


def _turned(plan: Plan, visits: list[ColumnName]) -> Plan:
    """The long form of a table with one column a visit; blank cells are no readings."""
    section = plan.section
    width = len(section.names)
    role = "date" if all(DATE.match(n.visit) for n in visits) else "visit"
    units = {n.unit for n in visits} - {""}
    unit = units.pop() if len(units) == 1 else ""
    value = ColumnName(index=width + 1, text="thickness", name="thickness", unit=unit)
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    for number, row in zip(section.numbers, section.rows, strict=True):
        lead = [*row, *[""] * width][:width]
        for name in visits:
            if not is_blank(lead[name.index]):
                rows.append([*lead, name.visit, lead[name.index]])
                numbers.append(number)
    names = [*section.names, ColumnName(index=width, text="visit", name="visit"), value]
    turned = replace(section, names=names, rows=rows, numbers=numbers)
    return replace(plan, section=turned, roles={**plan.roles, role: width}, values=[value])


READERS: Mapping[Shape, Reader] = {
    Shape.LONG: _readings,
    Shape.WIDE_SITE: _readings,
    Shape.WIDE_READING: _readings,
    Shape.WIDE_LAYER: _readings,
    Shape.WIDE_SIDE: _readings,
    Shape.VISITS_ACROSS: _visits_across,
    Shape.THERAPIES: _periods,
    Shape.SESSIONS: _sessions,
    Shape.OUTCOMES: _outcomes,
    Shape.PARAMETERS: _parameters,
    Shape.MIXED: _mixed,
    Shape.REDCAP: read_redcap,
    Shape.REDCAP_DICTIONARY: read_dictionary,
    Shape.CBIOPORTAL: read_cbioportal,
}

__all__ = ["READERS", "read_points", "subset"]
