"""Tables of a grid to records: sections, columns, shape, and the reader of that shape."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import replace

from sm_tracker.domain.records import Recognised
from sm_tracker.ingest.beside import grids_beside
from sm_tracker.ingest.columns import plain_name
from sm_tracker.ingest.dittos import read_dittos
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.harvest import Harvest
from sm_tracker.ingest.layout import Section, find_sections
from sm_tracker.ingest.ledger import Read, count_grid, count_section
from sm_tracker.ingest.mapping import (
    Plan,
    header_of,
    leave_identifying_out,
    plan_columns,
    sample_of,
    share_of_numbers,
)
from sm_tracker.ingest.needed_columns import NEEDS_TIME, find_patient, is_complete
from sm_tracker.ingest.row_repair import fill_blanks, fill_merged, fit_fields
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.shape import (
    is_cbioportal,
    is_points,
    is_redcap,
    is_redcap_dictionary,
    shape_of,
)
from sm_tracker.ingest.shape_readers import READERS, read_points
from sm_tracker.ingest.shapes import Shape
from sm_tracker.ingest.side_by_side import turn_side_by_side
from sm_tracker.ingest.tables import Grid
from sm_tracker.ingest.therapy_spans import split_spans
from sm_tracker.ingest.told_apart import keep_apart

ONE_USE_A_COLUMN = (*NEEDS_TIME, Shape.THERAPIES, Shape.SESSIONS)
"""Shapes whose reader uses a column or leaves it, whatever the row."""
HEADER_ONLY = "a header without rows"


def read_grid(grid: Grid, separator: str, run: Run) -> tuple[Harvest, list[Recognised], bool]:
    """Records of one text file or sheet, a line on each table in it, and whether any was found.

    Parameters
    ----------
    grid : Grid
        Cells of the file or sheet.
    separator : str
        Separator of a text file, blank for a spreadsheet.
    run : Run
        Takes up findings, questions, refused rows and the counts of the ledger.
    """
    spot = Spot(grid.file, grid.sheet)
    harvest, recognised = Harvest(), []
    found = False
    run.tally.add("named", grid.named)
    beside = grids_beside(grid)
    tables = itertools.count(1)
    if len(beside) > 1:
        run.report.add("tables_beside", spot, None, count=len(beside))
    for part in beside:
        sections = find_sections(part)
        if len(sections) > 1:
            rows = ", ".join(str(s.header_rows[-1]) for s in sections if s.header_rows)
            run.report.add("two_tables", spot, None, count=len(sections), rows=rows)
        if not sections:
            count_grid(part, run.tally)
        for section in sections:
            _say_layout(section, spot, run)
            here = replace(spot, table=next(tables))
            several = len(beside) + len(sections) > 2
            records, line = _read_and_count(section, here, separator, run, several=several)
            found = found or line.summary not in (Shape.UNKNOWN.value, HEADER_ONLY)
            harvest.add(records)
            recognised.append(line)
    return harvest, recognised, found


def _read_and_count(
    section: Section, spot: Spot, separator: str, run: Run, *, several: bool
) -> tuple[Harvest, Recognised]:
    run.made.clear()
    refused_before = len(run.report.refused)
    harvest, line, plan, shape = _read_section(section, spot, separator, run)
    kept = {place.row for place in harvest.places()}
    refused = {r.place.row for r in run.report.refused[refused_before:]}
    count_section(
        Read(
            section,
            shape,
            plan,
            frozenset(n for n in kept | run.made if n),
            frozenset(n for n in refused if n) - {n for n in kept if n},
            several,
        ),
        spot,
        run,
        run.tally,
    )
    return harvest, line


def signature_of(section: Section) -> str:
    """A fingerprint of the header, under which answers can be remembered."""
    names = "|".join(plain_name(t) for t in section.header)
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def _say_layout(section: Section, spot: Spot, run: Run) -> None:
    header = section.header_rows[0] if section.header_rows else "none"
    used = {number for _, number in section.group_of.values()}
    for number, text in section.above:
        if number not in used:
            run.report.add("rows_above_header", spot, number, value=text, header=header)
    if len(section.header_rows) > 1:
        run.report.add("header_joined", spot, section.header_rows[0], last=section.header_rows[-1])
    for number in section.repeats:
        run.report.add("header_repeated", spot, number)
    for number, text in section.summaries:
        run.report.add("summary_row", spot, number, value=text)
    for number, text in section.below:
        run.report.add("legend_row", spot, number, value=text)


_Result = tuple[Harvest, Recognised, Plan | None, Shape]


def _read_section(section: Section, spot: Spot, separator: str, run: Run) -> _Result:
    """Records of one table, a line on it, its columns and its shape."""

    def line(summary: str) -> Recognised:
        return Recognised(
            file=spot.file, sheet=spot.sheet, summary=summary, signature=signature_of(section)
        )

    refusals = Refusals(spot, section.header, frozenset())
    for known, shape in FORMATS:
        if section.has_header and known(section):
            plan = _plan_of_format(section, shape, spot, run, refusals)
            harvest = READERS[shape](plan, run, refusals)
            run.report.refused += refusals.rows()
            return harvest, line(_summary(shape, section, harvest, separator)), plan, shape
    if is_points(section):
        plan = Plan(section=section, spot=spot)
        harvest = read_points(plan, run, refusals)
        run.report.refused += refusals.rows()
        return harvest, line(Shape.POINTS.value), plan, Shape.POINTS
    if not section.rows:
        run.report.add("header_only", spot, section.header_rows[-1])
        return Harvest(), line(HEADER_ONLY), None, Shape.UNKNOWN
    if separator:
        fit_fields(section, spot, separator, run, refusals)
    turned = turn_side_by_side(section, spot, run)
    if turned is not section:
        run.report.refused += refusals.rows()
        section, refusals = turned, Refusals(spot, turned.header, frozenset())
        if not section.rows:
            return Harvest(), line(Shape.UNKNOWN.value), None, Shape.UNKNOWN
    plan = plan_columns(section, spot, run)
    split_spans(plan, run)
    refusals.hidden = frozenset(plan.identifying)
    shape = shape_of(plan, run)
    fill_merged(plan, run)
    read_dittos(plan, run)
    fill_blanks(plan, run)
    if not is_complete(plan, shape, run):
        run.report.refused += refusals.rows()
        return Harvest(), line(Shape.UNKNOWN.value), None, Shape.UNKNOWN
    if shape is Shape.LONG:
        keep_apart(plan, run)
    harvest = READERS[shape](plan, run, refusals)
    if shape in ONE_USE_A_COLUMN:
        _say_unread(plan, run)
    run.report.refused += refusals.rows()
    return harvest, line(_summary(shape, section, harvest, separator)), plan, shape


FORMATS: tuple[tuple[Callable[[Section], bool], Shape], ...] = (
    (is_redcap_dictionary, Shape.REDCAP_DICTIONARY),
    (is_redcap, Shape.REDCAP),
    (is_cbioportal, Shape.CBIOPORTAL),
)
"""Forms of programs, told by the names of their columns, in the order in which they are tried."""


def _plan_of_format(
    section: Section, shape: Shape, spot: Spot, run: Run, refusals: Refusals
) -> Plan:
    plan = Plan(section=section, spot=spot)
    if shape is not Shape.REDCAP_DICTIONARY:
        leave_identifying_out(plan, run)
        refusals.hidden = frozenset(plan.identifying)
    if shape is Shape.REDCAP and 0 in plan.identifying:
        find_patient(plan, run)
    return plan


def _say_unread(plan: Plan, run: Run) -> None:
    """Warn of columns of numbers that were not read and may hold a thickness."""
    used = {n.index for n in (*plan.values, *plan.outcomes)} | set(plan.roles.values())
    used |= {*plan.identifying, *plan.notes, *plan.left_out, *plan.consumed}
    for name in plan.section.names:
        sample = sample_of(plan.section, name.index) if name.index not in used else []
        if not sample or name.role == "not_thickness":
            continue
        if name.unit and share_of_numbers(sample) > 0.5:
            run.report.add(
                "length_column_not_read", plan.spot, None, column=name.text, unit=name.unit
            )
        elif not name.text and plan.values and share_of_numbers(sample) > 0.5:
            run.report.add(
                "nameless_column_not_read", plan.spot, None,
                column=header_of(plan.section, name.index),
            )  # fmt: skip


def _summary(shape: Shape, section: Section, harvest: Harvest, separator: str) -> str:
    counts = [
        f"{len(records)} {name}"
        for name, records in (
            ("readings", harvest.measurements),
            ("therapy periods", harvest.therapies),
            ("outcome values", harvest.outcomes),
        )
        if records
    ]
    if harvest.tags:
        counts.append("tagged with a therapy")
    held = ", ".join(counts) or "no records"
    return f"{shape.value}: {len(section.rows)} rows, {held}"
