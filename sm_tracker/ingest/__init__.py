"""Bytes become a text table, a text table becomes records and findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sm_tracker.domain.records import Finding, Place, ReadResult
from sm_tracker.ingest.own_files import read_own_file
from sm_tracker.ingest.sources import Limits, SourceFile

__all__ = ["Limits", "SourceFile", "read_files"]


def read_files(
    files: Sequence[SourceFile],
    *,
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    limits: Limits | None = None,
) -> ReadResult:
    """Read files into records and findings; nothing is stored."""
    read = [(f, read_own_file(f, today or dt.date.today())) for f in files]
    unknown = [
        Finding(
            code="columns_unknown",
            level="error",
            message="The file has not the columns of one of our own files",
            place=Place(file=f.name),
        )
        for f, found in read
        if found is None
    ]
    own = [found for _, found in read if found is not None]
    findings = (*unknown, *(x for o in own for x in o.findings))
    measurements = tuple(x for o in own for x in o.measurements)
    therapies = tuple(x for o in own for x in o.therapies)
    outcomes = tuple(x for o in own for x in o.outcomes)
    nothing = not (measurements or therapies or outcomes)
    return ReadResult(
        outcome="reject" if nothing else "accept_with_warning" if findings else "accept",
        measurements=measurements,
        therapies=therapies,
        outcomes=outcomes,
        findings=findings,
        refused=tuple(x for o in own for x in o.refused),
        recognised=tuple(x for o in own for x in o.recognised),
    )
