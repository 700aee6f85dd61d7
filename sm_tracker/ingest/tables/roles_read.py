"""Which columns of a table the reader of its shape reads, by their roles."""

from __future__ import annotations

from collections.abc import Mapping

from sm_tracker.domain.records import LIMITS_FROM_TAGS
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.visit_labels import days_of_label
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.tables.column_names import EVENT_NAMES
from sm_tracker.ingest.tables.columns import ColumnRoles, are_tags, sample_of
from sm_tracker.ingest.tables.table_shapes import TableShape

_WHO_AND_WHEN = frozenset({"patient_id", "date", "day", "week", "month", "year", "visit"})
_OF_READINGS = _WHO_AND_WHEN | {
    "site", "side", "layer", "thickness", "unit", "qualifier", "status", "replicate", "device",
    "frequency_mhz", "velocity_m_s", "examiner", "assumed", "doubt", "doubt_reason",
}  # fmt: skip
_OF_COURSES = frozenset({
    "patient_id", "therapy", "start", "end", "start_day", "end_day", "end_status",
    "date_precision", "end_date_precision", "period_id", "kind", "dose", "schedule", "cycles",
    "session_dates", "route", "stop_reason", "show_in_figure", "frequency_mhz",
    *LIMITS_FROM_TAGS,
})  # fmt: skip
_OF_TAGS = frozenset({"therapy", "dose", "schedule", "route", "cycles"})
_OF_OUTCOMES = _WHO_AND_WHEN | {"outcome", "value", "unit", "better", "doubt", "doubt_reason"}
_OF_EVENTS = frozenset({"patient_id", "date", "day", "event", "event_kind", "date_precision"})
_OF_MIXED = frozenset({"record_type", "subject"})
_ROLES_READ: Mapping[TableShape, frozenset[str]] = {
    TableShape.THERAPIES: _OF_COURSES,
    TableShape.SESSIONS: _OF_COURSES | {"date", "day"},
    TableShape.OUTCOMES: _OF_OUTCOMES,
    TableShape.EVENTS: _OF_EVENTS,
    TableShape.PARAMETERS: _OF_READINGS | _OF_OUTCOMES,
    TableShape.MIXED: _OF_READINGS | _OF_COURSES | _OF_OUTCOMES | _OF_MIXED,
    TableShape.VISITS_ACROSS: _OF_READINGS - {"date"},
    TableShape.REDCAP: frozenset(),
    TableShape.REDCAP_DICTIONARY: frozenset(),
    TableShape.CBIOPORTAL: frozenset(),
    TableShape.POINTS: frozenset(),
}
"""Roles whose columns the reader of a shape reads; those of readings for the others."""


def roles_read(roles: ColumnRoles, shape: TableShape) -> frozenset[str]:
    """Roles whose columns the reader of a table reads."""
    read = _ROLES_READ.get(shape, _OF_READINGS)
    if shape not in _ROLES_READ and roles.has("therapy"):
        read |= _OF_TAGS if are_tags(roles) else _OF_COURSES
    if shape not in _ROLES_READ and roles.has("event"):
        read |= _OF_EVENTS
    if _visits_are_events(roles):
        read -= {"visit"}
    if len(roles.values) == 1:
        read |= {"sd"}
    return read | {"unit"} if roles.has("dose") else read


def columns_without_reader(roles: ColumnRoles, shape: TableShape) -> frozenset[int]:
    """Columns whose names are those of another kind of table, so that nothing reads them here."""
    elsewhere = (_OF_COURSES | _OF_EVENTS | _OF_MIXED | {"visit"}) - roles_read(roles, shape)
    return frozenset(i for role, i in roles.by_role.items() if role in elsewhere)


def _visits_are_events(roles: ColumnRoles) -> bool:
    """Whether a column "event" beside a day says what happened, not which visit it was."""
    if not (roles.has("visit") and (roles.has("date") or roles.has("day"))):
        return False
    cells = [text_of(c) for c in sample_of(roles.section, roles.by_role["visit"])]
    labels = sum(days_of_label(c) is not None or any(map(str.isdigit, c)) for c in cells)
    return plain_name(roles.name("visit")) in EVENT_NAMES and 2 * labels < len(cells)
