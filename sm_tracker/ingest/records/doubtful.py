"""Doubtful values of files: what a column says of them, and what the rule says of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

import numpy as np

from sm_tracker.domain.doubt import (
    MISSING_CODE,
    POSSIBLE_MM,
    Doubts,
    outcome_doubts,
    thickness_doubts,
)
from sm_tracker.domain.records import Doubt, Measurement, OutcomeReading
from sm_tracker.domain.series_key import SeriesKey, series_key_of
from sm_tracker.domain.timeline import IntArray
from sm_tracker.ingest.cells.short_texts import clean_text, read_flag
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

Valued = TypeVar("Valued", Measurement, OutcomeReading)
ENOUGH_READINGS = 3
"""A series of a file with fewer is judged beside what is stored of it."""
_LAYER = attrgetter("patient_id", "layer")
_OUTCOME = attrgetter("patient_id", "outcome", "unit")


def doubts_of_rows(roles: ColumnRoles, context: ReadContext) -> list[tuple[Doubt, str]]:
    """What the columns of a table say of the doubt of each row, with the code of its reason."""
    if "doubt" not in roles.by_role:
        return [("", "")] * len(roles.section.rows)
    reasons = roles.cells("doubt_reason") if "doubt_reason" in roles.by_role else []
    found: list[tuple[Doubt, str]] = []
    for r, cell in enumerate(roles.cells("doubt")):
        doubt = _doubt_of(clean_text(cell).casefold())
        if doubt is None:
            context.findings.add(
                "optional_unreadable", roles.location, roles.section.numbers[r],
                column=roles.name("doubt"), value=text_of(cell),
            )  # fmt: skip
        found.append((doubt or "", clean_text(reasons[r]) if doubt and reasons else ""))
    return found


def _doubt_of(word: str) -> Doubt | None:
    written: dict[str, Doubt] = {"": "", "open": "open", "?": "open", "confirmed": "confirmed"}
    flag = read_flag(word)
    return written.get(word, None if flag is None else "open" if flag else "")


def mark_doubts(batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Judge the values of all files together; what a file says of a value stays.

    Where they are going to be stored, a series of few readings is judged beside what is stored
    of it. While the unit of a value is not known its size says nothing.
    """
    if batch.unit_is_open:
        return batch
    measured = batch.measurements
    own = [(m.patient_id, key) for m, key in zip(measured, batch.series, strict=True)]
    stored = _stored_beside(measured, own, context)
    mm = [
        m.thickness_mm if m.status == "ok" and not m.qualifier else None
        for m in (*measured, *stored)
    ]
    found = thickness_doubts(
        _numbered((*own, *((m.patient_id, series_key_of(m)) for m in stored))),
        _numbered(map(_LAYER, (*measured, *stored))),
        np.array(mm, dtype="float64"),
    )
    outcomes = batch.outcomes
    value = np.array([o.value for o in outcomes], dtype="float64")
    of_outcomes = outcome_doubts(_numbered(map(_OUTCOME, outcomes)), value)
    return replace(
        batch,
        measurements=_marked(measured, found, batch, context),
        outcomes=_marked(outcomes, of_outcomes, batch, context),
    )


def _stored_beside(
    measured: Sequence[Measurement], own: Sequence[tuple[str, SeriesKey]], context: ReadContext
) -> list[Measurement]:
    """Stored readings of the patients with short series, without those that the files repeat."""
    if context.held is None:
        return []
    counts = Counter(own)
    short = {patient for (patient, _), n in counts.items() if n < ENOUGH_READINGS}
    repeated = {(*key, m.date, m.day, m.thickness_mm) for m, key in zip(measured, own, strict=True)}
    return [
        m
        for m in (context.held.measurements(short) if short else ())
        if (m.patient_id, series_key_of(m), m.date, m.day, m.thickness_mm) not in repeated
    ]


def _numbered(keys: Iterable[Hashable]) -> IntArray:
    """The number of each key, equal for equal keys."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype="int64")


def _marked(
    records: Sequence[Valued], found: Doubts, batch: RecordBatch, context: ReadContext
) -> tuple[Valued, ...]:
    marked = list(records)
    for i in np.flatnonzero(found.reason[: len(records)] != "").tolist():
        record = records[i]
        if record.doubt:
            continue
        reason = str(found.reason[i])
        marked[i] = replace(record, doubt="open", doubt_reason=reason)
        _say(record, reason, float(found.usual[i]), float(found.suggested[i]), batch, context)
    return tuple(marked)


def _say(
    record: Measurement | OutcomeReading, reason: str, usual: float, suggested: float,
    batch: RecordBatch, context: ReadContext,
) -> None:  # fmt: skip
    if isinstance(record, Measurement):
        value, unit = record.thickness_mm or 0.0, " mm"
    else:
        value, unit = record.value, f" {record.unit}".rstrip()
    place = record.place
    location = Location(place.file, place.sheet)
    words = {"column": _column(record, location, batch), "value": f"{value:g}{unit}"}
    if reason == MISSING_CODE:
        context.findings.add("possible_missing_code", location, place.row, **words)
        return
    likely = _likely(suggested, unit)
    if np.isfinite(usual):
        context.findings.add(
            "implausible_value", location, place.row, usual=_quantity(f"{usual:.2g}", unit),
            likely=likely, **words,
        )  # fmt: skip
    else:
        low, high = POSSIBLE_MM
        context.findings.add(
            "value_out_of_range", location, place.row, low=low, high=f"{high:g}", likely=likely,
            **words,
        )  # fmt: skip


def _likely(suggested: float, unit: str) -> Message:
    """What a doubtful value may have been, or the question where no slip of the point fits."""
    if not np.isfinite(suggested):
        return Message("has the decimal point slipped, or is the unit another?")
    return Message("it looks like {suggested}.", suggested=_quantity(f"{suggested:.6g}", unit))


def _quantity(number: str, unit: str) -> Message:
    """A number with its unit; the decimal sign is that of whoever reads it."""
    return Message("{number:g}{unit}", number=float(number), unit=unit)


def _column(record: Measurement | OutcomeReading, location: Location, batch: RecordBatch) -> str:
    """Header of the column that a value was read from; of several, those that fit its site."""
    if isinstance(record, OutcomeReading):
        return batch.outcome_columns.get((location, record.outcome), "")
    heads = batch.value_columns.get(location, ())
    fitting = [
        h for h in heads
        if h.site_text in ("", record.site_text) and h.replicate in (None, record.replicate)
    ]  # fmt: skip
    return ", ".join(dict.fromkeys(h.text for h in fitting or heads))
