"""Texts read as files, and what came of them."""

from __future__ import annotations

import datetime as dt

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile, read_sources

TODAY = dt.date(2026, 11, 1)


def read(text: str, name: str = "table.csv", **answers: str) -> ReadResult:
    source = SourceFile(name, text.encode())
    given = {k.replace("__", "."): v for k, v in answers.items()}
    return read_sources([source], answers=given, today=TODAY)


def values(result: ReadResult) -> list[tuple[object, ...]]:
    return [(m.patient_id, m.site, m.side, m.date, m.thickness_mm) for m in result.measurements]


def codes(result: ReadResult) -> list[str]:
    return [f.code for f in result.findings]
