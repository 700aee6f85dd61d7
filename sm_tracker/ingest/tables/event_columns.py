"""Whether a table is about events: a day, what happened, and nothing that was measured or given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.visit_labels import days_of_label
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.column_names import EVENT_NAMES
from sm_tracker.ingest.tables.columns import (
    ColumnRoles,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.tables.thickness_columns import unassigned_numbers

_OF_OTHER_TABLES = (
    "site", "side", "layer", "thickness", "value", "therapy", "dose", "outcome",
)  # fmt: skip
"""Roles of what is measured or given: a table that has one is about that."""
_KINDS = ("kind", "record_type")
_TEXTS = ("subject", *_KINDS)
"""Roles of a column that says what happened, in a table that is named after events."""


def as_events(roles: ColumnRoles) -> ColumnRoles | None:
    """The roles of the columns of a table of events; None where it is about something else."""
    dated = _with_date(roles)
    if dated is None or roles.values or roles.outcomes or unassigned_numbers(dated):
        return None
    if any(roles.has(role) for role in _OF_OTHER_TABLES):
        return None
    event = next(filter(None, (_named(dated), _of_a_named_table(dated))), None)
    if event is None:
        return None
    kind = next((r for r in _KINDS if dated.by_role.get(r, event.index) != event.index), None)
    played = {"event": event.index} | ({"event_kind": dated.by_role[kind]} if kind else {})
    others = [r for r, index in dated.by_role.items() if index in played.values()]
    kept = tuple(i for i in dated.notes if i != event.index)
    return replace(dated, notes=kept).without(*others, "record_type").with_roles(**played)


def _with_date(roles: ColumnRoles) -> ColumnRoles | None:
    """Roles with a day: that of a start, or the only dates of a table named after events."""
    if roles.has("date") or roles.has("day"):
        return roles
    of_starts = {"start": "date", "start_day": "day"}
    found = {of_starts[r]: i for r, i in roles.by_role.items() if r in of_starts}
    if not found and _is_named_after_events(roles):
        dates = [
            n.index for n in roles.section.names
            if n.index not in roles.claimed
            and share_of_dates(sample_of(roles.section, n.index)) > 0.5
        ]  # fmt: skip
        found = {"date": dates[0]} if len(dates) == 1 else {}
    return roles.without(*of_starts).with_roles(**found) if found else None


def _named(roles: ColumnRoles) -> ColumnName | None:
    """The first column of words with a name for events; labels of visits are none."""
    return next(
        (
            name
            for name in roles.section.names
            if plain_name(name.text) in EVENT_NAMES and _holds_words(roles, name)
        ),
        None,
    )


def _holds_words(roles: ColumnRoles, name: ColumnName) -> bool:
    cells = sample_of(roles.section, name.index)
    if not cells or share_of_numbers(cells) > 0.5 or share_of_dates(cells) > 0.5:
        return False
    labels = sum(days_of_label(text_of(c)) is not None for c in cells)
    return 2 * labels < len(cells)


def _of_a_named_table(roles: ColumnRoles) -> ColumnName | None:
    """The column that says what happened, in a sheet or file that is named after events."""
    if not _is_named_after_events(roles):
        return None
    by_role = [roles.by_role[r] for r in _TEXTS if roles.has(r)]
    claimed = roles.claimed
    free = [n.index for n in roles.section.names if n.index not in claimed]
    for index in (*by_role, *free, *roles.notes):
        if _holds_words(roles, roles.section.names[index]):
            return roles.section.names[index]
    return None


def _is_named_after_events(roles: ColumnRoles) -> bool:
    location = roles.location
    names = (plain_name(location.sheet), plain_name(PurePath(location.file).stem))
    return any(set(name.split()) & _ONE_WORD for name in names)


_ONE_WORD = frozenset(name for name in EVENT_NAMES if " " not in name)
