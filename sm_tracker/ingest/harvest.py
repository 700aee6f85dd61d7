"""The records of one or more tables, as they are read and before they are settled together."""

from __future__ import annotations

from dataclasses import dataclass, field

from sm_tracker.domain.records import Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.ingest.tags import Tag


@dataclass(slots=True)
class Harvest:
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

    def add(self, other: Harvest) -> None:
        """Take up the records of another harvest."""
        self.measurements += other.measurements
        self.therapies += other.therapies
        self.outcomes += other.outcomes
        self.tags += other.tags
