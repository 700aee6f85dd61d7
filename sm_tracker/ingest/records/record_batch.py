"""The records of one or more tables, as they are read and before they are settled together."""

from __future__ import annotations

from dataclasses import dataclass, field

from sm_tracker.domain.records import Measurement, OutcomeReading, Place, TherapyPeriod
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.ingest.records.tags import Tag


@dataclass(slots=True)
class RecordBatch:
    """Records as they were read, before they are compared with each other.

    `series` holds that of each measurement, once it is known which of them join.
    """

    measurements: list[Measurement] = field(default_factory=list)
    therapies: list[TherapyPeriod] = field(default_factory=list)
    outcomes: list[OutcomeReading] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    series: list[SeriesKey] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.measurements or self.therapies or self.outcomes)

    def places(self) -> list[Place]:
        """Where each record and each tag was read."""
        return (
            [m.place for m in self.measurements]
            + [t.place for t in self.therapies]
            + [o.place for o in self.outcomes]
            + [t.place for t in self.tags]
        )

    def add(self, other: RecordBatch) -> None:
        """Take up the records of another batch."""
        self.measurements += other.measurements
        self.therapies += other.therapies
        self.outcomes += other.outcomes
        self.tags += other.tags
