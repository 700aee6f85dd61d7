"""The records of one or more tables, as they are read and before they are settled together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sm_tracker.domain.records import Event, Measurement, OutcomeReading, Place, TherapyPeriod
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.tags import Tag
from sm_tracker.ingest.tables.column_meanings import ColumnName


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBatch:
    """Records as they were read, before they are compared with each other, and where they stood.

    `series` holds that of each measurement, once it is known which of them join.
    `courses_at` and `both_sides` are rows that gave a course and rows whose value is of both
    sides together, `repeated` those of records that say again what another says.
    `value_columns` are the columns of thickness of each table, `outcome_columns` the header of
    the column of each outcome; `unit_is_open` says that the unit of some values waits for an
    answer. `columns_read` and `note_columns` are columns of one table that its reader read
    outside of their roles. `codes` are the meanings of REDCap codes by field,
    `labels` what the fields are called there in words.
    """

    measurements: tuple[Measurement, ...] = ()
    therapies: tuple[TherapyPeriod, ...] = ()
    outcomes: tuple[OutcomeReading, ...] = ()
    events: tuple[Event, ...] = ()
    tags: tuple[Tag, ...] = ()
    series: tuple[SeriesKey, ...] = ()
    courses_at: frozenset[Place] = frozenset()
    both_sides: frozenset[Place] = frozenset()
    repeated: frozenset[Place] = frozenset()
    value_columns: Mapping[Location, tuple[ColumnName, ...]] = field(default_factory=dict)
    outcome_columns: Mapping[tuple[Location, str], str] = field(default_factory=dict)
    unit_is_open: bool = False
    columns_read: frozenset[int] = frozenset()
    note_columns: frozenset[int] = frozenset()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.measurements or self.therapies or self.outcomes or self.events)

    def places(self) -> list[Place]:
        """Where each record and each tag was read."""
        return (
            [m.place for m in self.measurements]
            + [t.place for t in self.therapies]
            + [o.place for o in self.outcomes]
            + [e.place for e in self.events]
            + [t.place for t in self.tags]
        )

    def __add__(self, other: RecordBatch) -> RecordBatch:
        """The records of both, these first."""
        joined: dict[str, Any] = {}
        for name in (f.name for f in fields(self)):
            one, two = getattr(self, name), getattr(other, name)
            if name == "value_columns":
                joined[name] = {k: one.get(k, ()) + two.get(k, ()) for k in {**one, **two}}
            else:
                joined[name] = one + two if isinstance(one, tuple) else one | two
        return RecordBatch(**joined)
