"""Tables of a grid to records: sections, columns, shape, and the reader of that shape."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import replace

from sm_tracker.domain.records import Recognised
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import Grid
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.ledger import Read, count_grid, count_section
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.shape_readers import READERS
from sm_tracker.ingest.tables.adjacent_tables import adjacent_grids
from sm_tracker.ingest.tables.column_roles import assign_roles, leave_identifying_out
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of, sample_of, share_of_numbers
from sm_tracker.ingest.tables.layout import find_sections
from sm_tracker.ingest.tables.legend_codes import decode_by_legend
from sm_tracker.ingest.tables.lesion_columns import keep_lesions_apart
from sm_tracker.ingest.tables.needed_columns import NEEDS_TIME, complete, with_patient
from sm_tracker.ingest.tables.paired_columns import split_sides
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.ingest.tables.repeat_marks import fill_repeat_marks
from sm_tracker.ingest.tables.row_repair import fill_blanks, fill_merged, fit_fields
from sm_tracker.ingest.tables.section import Section
from sm_tracker.ingest.tables.shape import (
    is_cbioportal,
    is_points,
    is_redcap,
    is_redcap_dictionary,
    shape_of,
)
from sm_tracker.ingest.tables.side_by_side import turn_side_by_side
from sm_tracker.ingest.tables.table_shapes import SHAPE_NAMES, TableShape
from sm_tracker.ingest.tables.therapy_spans import limits_of_sessions, split_spans
from sm_tracker.ingest.tables.unread_columns import offer_unread
from sm_tracker.languages import Message

ONE_USE_A_COLUMN = (*NEEDS_TIME, TableShape.THERAPIES, TableShape.SESSIONS)
"""Shapes whose reader uses a column or leaves it, whatever the row."""
OFFERED = (*NEEDS_TIME, TableShape.THERAPIES)
"""Shapes of which columns that nothing reads are offered."""
HEADER_ONLY = Message("a header without rows")


def read_grid(
    grid: Grid, separator: str, context: ReadContext
) -> tuple[RecordBatch, list[Recognised], bool]:
    """Records of one text file or sheet, a line on each table in it, and whether any was found.

    Parameters
    ----------
    grid : Grid
        Cells of the file or sheet.
    separator : str
        Separator of a text file, blank for a spreadsheet.
    context : ReadContext
        Takes up findings, questions, refused rows and the counts of the ledger.
    """
    location = Location(grid.file, grid.sheet)
    batch, recognised = RecordBatch(), []
    found = False
    context.tally.add("named", grid.named)
    grids = adjacent_grids(grid)
    tables = itertools.count(1)
    if len(grids) > 1:
        context.findings.add("tables_beside", location, None, count=len(grids))
    for part in grids:
        sections = find_sections(part)
        if len(sections) > 1:
            rows = ", ".join(str(s.header_rows[-1]) for s in sections if s.header_rows)
            context.findings.add("two_tables", location, None, count=len(sections), rows=rows)
        if not sections:
            count_grid(part, context.tally)
        for section in sections:
            _say_layout(section, location, context)
            here = replace(location, table=next(tables))
            several = len(grids) + len(sections) > 2
            records, line = _read_and_count(section, here, separator, context, several=several)
            found = found or line.summary not in (SHAPE_NAMES[TableShape.UNKNOWN], HEADER_ONLY)
            batch += records
            recognised.append(line)
    return batch, recognised, found


def _read_and_count(
    section: Section, location: Location, separator: str, context: ReadContext, *, several: bool
) -> tuple[RecordBatch, Recognised]:
    refused_before = len(context.findings.refused)
    batch, line, roles, shape = _read_section(section, location, separator, context)
    kept = {place.row for place in (*batch.places(), *batch.courses_at)}
    refused = {r.place.row for r in context.findings.refused[refused_before:]}
    count_section(
        Read(
            section,
            shape,
            roles,
            batch,
            frozenset(n for n in kept if n),
            frozenset(n for n in refused if n) - {p.row for p in batch.places() if p.row},
            several,
        ),
        location,
        context,
        context.tally,
    )
    return batch, line


def signature_of(section: Section) -> str:
    """A fingerprint of the header, under which answers can be remembered."""
    names = "|".join(plain_name(t) for t in section.header)
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def _say_layout(section: Section, location: Location, context: ReadContext) -> None:
    header = section.header_rows[0] if section.header_rows else "none"
    used = {number for _, number in section.group_of.values()}
    for number, text in section.above:
        if number not in used:
            context.findings.add("rows_above_header", location, number, value=text, header=header)
    if len(section.header_rows) > 1:
        context.findings.add(
            "header_joined", location, section.header_rows[0], last=section.header_rows[-1]
        )
    for number in section.repeats:
        context.findings.add("header_repeated", location, number)
    for number, text in section.summaries:
        context.findings.add("summary_row", location, number, value=text)
    for number, text in section.below:
        context.findings.add("legend_row", location, number, value=text)


_Result = tuple[RecordBatch, Recognised, ColumnRoles | None, TableShape]


def _read_section(
    section: Section, location: Location, separator: str, context: ReadContext
) -> _Result:
    """Records of one table, a line on it, its columns and its shape."""

    def result(
        batch: RecordBatch, roles: ColumnRoles | None, shape: TableShape, summary: Message
    ) -> _Result:
        signature = signature_of(section)
        line = Recognised(
            file=location.file, sheet=location.sheet, summary=summary, signature=signature
        )
        return batch, line, roles, shape

    refused = RefusedRows(location, section.header)
    roles, shape = _by_format(section, location, context) or (None, TableShape.UNKNOWN)
    if roles is None and not section.rows:
        context.findings.add("header_only", location, section.header_rows[-1])
        return result(RecordBatch(), None, TableShape.UNKNOWN, HEADER_ONLY)
    if roles is None:
        if separator:
            section = fit_fields(section, location, separator, context, refused)
        turned = turn_side_by_side(section, location, context)
        if turned is not section:
            context.findings.refused += refused.rows()
            section, refused = turned, RefusedRows(location, turned.header)
        roles, shape = _by_columns(section, location, context)
    batch = RecordBatch()
    if shape is not TableShape.UNKNOWN:
        batch = READERS[shape](roles, context, refused)
    if shape in ONE_USE_A_COLUMN:
        _say_unread(roles, batch, context)
    context.findings.refused += refused.rows(roles.identifying)
    if shape is TableShape.UNKNOWN:
        return result(batch, None, shape, SHAPE_NAMES[shape])
    return result(batch, roles, shape, _summary(shape, section, batch))


def _by_format(
    section: Section, location: Location, context: ReadContext
) -> tuple[ColumnRoles, TableShape] | None:
    """Columns and shape of a table in the form of a program, None for another one."""
    roles = ColumnRoles(section=section, location=location)
    shape = next((s for known, s in FORMATS if section.has_header and known(section)), None)
    if shape is None:
        return (roles, TableShape.POINTS) if is_points(section) else None
    if shape is not TableShape.REDCAP_DICTIONARY:
        roles = leave_identifying_out(roles, context)
    if shape is TableShape.REDCAP and 0 in roles.identifying:
        roles = with_patient(roles, context)
    return roles, shape


def _by_columns(
    section: Section, location: Location, context: ReadContext
) -> tuple[ColumnRoles, TableShape]:
    """Columns and shape of a table as its names and cells tell; unknown where it is not read."""
    if section.left_out:
        return ColumnRoles(section=section, location=location), TableShape.UNKNOWN
    roles = assign_roles(section, location, context)
    for told in (split_spans, limits_of_sessions, split_sides, decode_by_legend):
        roles = told(roles, context)
    shape, roles = shape_of(roles, context)
    for repaired in (fill_merged, fill_repeat_marks, fill_blanks):
        roles = repaired(roles, context)
    found = complete(roles, shape, context)
    if found is None:
        return roles, TableShape.UNKNOWN
    if shape is TableShape.LONG:
        found = keep_lesions_apart(found, context)
    return (offer_unread(found, shape, context) if shape in OFFERED else found), shape


FORMATS: tuple[tuple[Callable[[Section], bool], TableShape], ...] = (
    (is_redcap_dictionary, TableShape.REDCAP_DICTIONARY),
    (is_redcap, TableShape.REDCAP),
    (is_cbioportal, TableShape.CBIOPORTAL),
)
"""Forms of programs, told by the names of their columns, in the order in which they are tried."""


def _say_unread(roles: ColumnRoles, batch: RecordBatch, context: ReadContext) -> None:
    """Warn of columns of numbers that were not read and may hold a thickness."""
    used = roles.claimed | batch.columns_read
    for name in roles.section.names:
        sample = sample_of(roles.section, name.index) if name.index not in used else []
        if not sample or name.role == "not_thickness":
            continue
        if name.unit and share_of_numbers(sample) > 0.5:
            context.findings.add(
                "length_column_not_read", roles.location, None, column=name.text, unit=name.unit
            )
        elif not name.text and roles.values and share_of_numbers(sample) > 0.5:
            context.findings.add(
                "nameless_column_not_read", roles.location, None,
                column=header_of(roles.section, name.index),
            )  # fmt: skip


def _summary(shape: TableShape, section: Section, batch: RecordBatch) -> Message:
    if shape is TableShape.POINTS:
        return SHAPE_NAMES[shape]
    readings, therapies = len(batch.measurements), len(batch.therapies)
    outcomes, events = len(batch.outcomes), len(batch.events)
    counts = [
        Message.counted("{n} reading", "{n} readings", n=readings) if readings else None,
        Message.counted("{n} therapy period", "{n} therapy periods", n=therapies)
        if therapies
        else None,
        Message.counted("{n} outcome value", "{n} outcome values", n=outcomes)
        if outcomes
        else None,
        Message.counted("{n} event", "{n} events", n=events) if events else None,
        Message("tagged with a therapy") if batch.tags else None,
    ]
    return Message(
        "{shape}: {n} rows, {records}",
        shape=SHAPE_NAMES[shape],
        n=len(section.rows),
        records=[c for c in counts if c] or Message("no records"),
    )
