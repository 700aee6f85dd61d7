"""What a table is about: readings (long or wide), therapies, sessions, outcomes, a mixture."""

from __future__ import annotations

from collections.abc import Callable

from sm_tracker.domain.data import words
from sm_tracker.ingest.cells.plain_names import plain_name, word_set
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.tables.column_meanings import read_column_name
from sm_tracker.ingest.tables.columns import (
    ColumnRoles,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.tables.event_columns import as_events
from sm_tracker.ingest.tables.header_rows import names_a_dictionary
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.section import Section
from sm_tracker.ingest.tables.side_by_side import date_is_of_the_first
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.ingest.tables.thickness_columns import (
    Shaped,
    asked_column,
    chosen_column,
    column_of_values,
    likely_columns,
    one_column,
    one_column_a_part,
    one_column_a_reading,
    one_column_a_side,
    one_column_a_site,
    several_columns,
    unassigned_numbers,
)


def is_redcap(section: Section) -> bool:
    """Whether the columns are those of a REDCap export, with names of fields or with labels."""
    names = [n.text.casefold() for n in section.names]
    complete = any(n.endswith("_complete") for n in names)
    labels = {"event name", "repeat instrument", "repeat instance", "complete?"} & set(names)
    return (
        any(n.startswith("redcap_") for n in names)
        or (complete and "record_id" in names)
        or len(labels) > 1
    )


def is_redcap_dictionary(section: Section) -> bool:
    """Whether the columns are those of a REDCap data dictionary."""
    return names_a_dictionary(section.header)


_EVENT_COLUMNS = {"EVENT_TYPE", "TREATMENT_TYPE", "AGENT", "TEST", "RESULT"}


def is_cbioportal(section: Section) -> bool:
    """Whether the columns are those of a cBioPortal timeline file."""
    names = {n.text.upper(): n.index for n in section.names}
    if not {"PATIENT_ID", "START_DATE"} <= set(names) or names.keys().isdisjoint(_EVENT_COLUMNS):
        return False
    return share_of_dates(sample_of(section, names["START_DATE"])) < 0.5  # days, no dates


_AXES_OF_TIME = word_set("x t time zeit temps")
"""Names of a first axis that say neither a date nor what is counted."""


def is_points(section: Section) -> bool:
    """Whether the rows are pairs of numbers, as a figure digitiser writes them."""
    filled = [n.index for n in section.names if sample_of(section, n.index)]
    if len(filled) != 2 or not section.rows:
        return False
    names = [plain_name(section.names[i].text) for i in filled]
    axes = set(names) <= {"x", "y", ""} or names[0] in _AXES_OF_TIME
    if section.has_header and not axes:
        return False
    return all(share_of_numbers(sample_of(section, i)) > 0.95 for i in filled)


def shape_of(roles: ColumnRoles, context: ReadContext) -> Shaped:
    """What a table is about by the first rule that holds, and the columns as that makes them."""
    if roles.has("outcome") and (roles.values or roles.has("site", "value")) and (
        not _tells_measures(roles)
    ):  # fmt: skip
        roles = roles.without("outcome")  # "test: US" beside a thickness is a remark
    return next((s for rule in RULES if (s := rule(roles, context))), (TableShape.UNKNOWN, roles))


def _one_row_a_parameter(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    if not (roles.has("outcome") and (roles.has("value") or roles.values)):
        return None
    skin = _has_thickness_parameter(roles)
    return (TableShape.PARAMETERS if skin else TableShape.OUTCOMES), roles


def _events(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    found = as_events(roles)
    return (TableShape.EVENTS, found) if found else None


def _one_column_a_visit(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    return (TableShape.VISITS_ACROSS, roles) if _is_visits_across(roles) else None


def _one_row_a_record(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    mixed = roles.has("record_type") and _is_mixed(roles)
    return (TableShape.MIXED, roles) if mixed else None


def _is_about_courses(roles: ColumnRoles) -> bool:
    told = ("start", "start_day", "end", "session_dates")
    return roles.has("therapy") and any(roles.has(r) for r in told)


def _courses(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    if _is_about_courses(roles):
        return TableShape.THERAPIES, roles
    if not roles.has("therapy") or roles.outcomes or not _other_dates(roles):
        return None
    if not roles.has("date"):
        return None if roles.has("day") or roles.has("visit") else (TableShape.THERAPIES, roles)
    # A second date tells of courses, not of sessions of a day.
    return TableShape.THERAPIES, roles.without("date").with_roles(start=roles.by_role["date"])


def _sessions(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    sessions = roles.has("therapy") and _is_dated(roles) and not roles.outcomes
    return (TableShape.SESSIONS, roles) if sessions else None


def _outcomes(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """With a column of sites, or numbers left, it is a table that lacks the thickness."""
    outcomes = roles.outcomes and roles.has("patient_id") and _is_dated(roles)
    lacks_thickness = roles.has("site") or unassigned_numbers(roles)
    return (TableShape.OUTCOMES, roles) if outcomes and not lacks_thickness else None


def _is_dated(roles: ColumnRoles) -> bool:
    return roles.has("date") or roles.has("day")


RULES: tuple[Callable[[ColumnRoles, ReadContext], Shaped | None], ...] = (
    _one_row_a_parameter,
    _events,
    _one_column_a_visit,
    _one_row_a_record,
    chosen_column,
    one_column_a_side,
    one_column_a_site,
    one_column_a_part,
    one_column_a_reading,
    several_columns,
    one_column,
    likely_columns,
    column_of_values,
    asked_column,
    _courses,
    _sessions,
    _outcomes,
)
"""Shapes of tables in the order in which they are tried, each with the question that it asks."""


def _other_dates(roles: ColumnRoles) -> bool:
    """Whether a column of dates is left that no role claims."""
    claimed = roles.claimed
    return any(
        share_of_dates(sample_of(roles.section, n.index)) > 0.6
        for n in roles.section.names if n.index not in claimed
    )  # fmt: skip


_KIND_OF_RECORD = words("row of")


def kind_of_record(text: str) -> str:
    """What a record type names: measurement, therapy, outcome or blank."""
    plain = plain_name(text)
    said = {_KIND_OF_RECORD.get(w) for w in plain.split()}
    if kind := next((k for k in ("measurement", "therapy", "outcome") if k in said), ""):
        return kind
    for kind, stems in (
        ("therapy", ("therap", "treat", "behandl", "medik", "trait")),
        ("measurement", ("mess", "meas", "mesur", "ultras", "sono", "thick", "dick", "epais")),
    ):
        if any(stem in plain for stem in stems):
            return kind
    return ""


def _is_mixed(roles: ColumnRoles) -> bool:
    kinds = {kind_of_record(text_of(c)) for c in roles.cells("record_type")}
    return bool(kinds & {"measurement", "therapy"})


def _tells_measures(roles: ColumnRoles) -> bool:
    """Whether the cells of a column of parameters name measures, of skin or others."""
    if not all(n.says_thickness for n in roles.values):
        return True
    read = [read_column_name(t) for c in roles.cells("outcome") if (t := text_of(c).strip())]
    return any(n.says_thickness or n.role.startswith(("outcome:", "not_thickness")) for n in read)


def _has_thickness_parameter(roles: ColumnRoles) -> bool:
    names = {text_of(c) for c in roles.cells("outcome")}
    read = [read_column_name(n) for n in names if n.strip()]
    return any(n.says_thickness or n.site_known for n in read)


def _is_visits_across(roles: ColumnRoles) -> bool:
    visits = [n for n in roles.section.names if n.visit and n.index not in roles.identifying
              and n.index not in roles.by_role.values()]  # fmt: skip
    if len(visits) < 2 or roles.has("day") or (roles.has("date") and roles.values):
        return False
    if roles.has("date") and not date_is_of_the_first(roles.section, [n.visit for n in visits]):
        return False
    return share_of_numbers([c for n in visits for c in sample_of(roles.section, n.index)]) > 0.4
