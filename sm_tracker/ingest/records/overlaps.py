"""Courses of one therapy of one patient that overlap each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from sm_tracker.domain.records import TherapyPeriod
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.read_context import ReadContext


def report_overlaps(periods: Iterable[TherapyPeriod], context: ReadContext) -> None:
    """Warn where courses of one therapy of one patient overlap; touching ends do not.

    Patient codes have to be unified and duplicates taken out before. Courses are compared
    within their table: the course of another table may be the same one, told again.
    """
    by_course: dict[tuple[str, ...], list[TherapyPeriod]] = {}
    for period in periods:
        key = (period.place.file, period.place.sheet, period.patient_id, period.therapy)
        by_course.setdefault(key, []).append(period)
    for courses in by_course.values():
        courses.sort(key=lambda p: (p.start or dt.date.min, p.start_day or 0))
        for before, after in pairwise(courses):
            if _overlap(before, after) and before.place.row != after.place.row:
                context.findings.add(
                    "course_overlap",
                    Location(after.place.file, after.place.sheet),
                    after.place.row,
                    therapy=after.therapy,
                    other=before.place.row,
                )


def _overlap(before: TherapyPeriod, after: TherapyPeriod) -> bool:
    if before.end_status != "ended":
        return before.end_status == "ongoing"
    if before.end is not None and after.start is not None:
        return after.start < before.end
    if before.end_day is not None and after.start_day is not None:
        return after.start_day < before.end_day
    return False
