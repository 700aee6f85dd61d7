"""Open doubts of stored records: which there are, and answering them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sm_tracker.domain.doubt import ValueDoubt, open_doubts
from sm_tracker.domain.records import THERAPY_NOT_STATED, Measurement, OutcomeReading
from sm_tracker.store import Correction, RecordStore, Removal, Stored
from sm_tracker.workflow.editing import correction

Value = Measurement | OutcomeReading


@dataclass(frozen=True, slots=True)
class DoubtedRecord:
    """A stored record whose value is in open doubt, and its series as it was judged."""

    held: Stored[Value]
    doubt: ValueDoubt
    beside: tuple[Value, ...]


def doubted_records(store: RecordStore, patient_id: str) -> tuple[DoubtedRecord, ...]:
    """The values of a patient that count in nothing until somebody answers."""
    return (
        *doubted_among(store.stored("measurement", [patient_id])),
        *doubted_among(store.stored("outcome_reading", [patient_id])),
    )


def doubted_among(held: Sequence[Stored[Value]]) -> list[DoubtedRecord]:
    """Those of some stored records of one kind that are in open doubt beside each other.

    A value of which only the therapy is not stated is none: nobody doubts the value.
    """
    records = [s.record for s in held]
    return [
        DoubtedRecord(s, doubt, tuple(r for r in records if r is not s.record))
        for s, doubt in zip(held, open_doubts(records), strict=True)
        if doubt is not None and doubt.reason != THERAPY_NOT_STATED
    ]


def confirmation(doubted: DoubtedRecord, reason: str) -> Correction:
    """What says that a value is as it was read, so that it counts."""
    return Correction(
        entity=doubted.held.entity,
        record_id=doubted.held.record_id,
        changes={"doubt": "confirmed", "doubt_reason": doubted.doubt.reason},
        reason=reason,
        expected_version=doubted.held.version,
    )


def removal(doubted: DoubtedRecord, reason: str) -> Removal:
    """What takes a number out that stands for a missing value."""
    return Removal(
        entity=doubted.held.entity,
        record_id=doubted.held.record_id,
        reason=reason,
        expected_version=doubted.held.version,
    )


def corrected(
    doubted: DoubtedRecord, value: float, reason: str
) -> tuple[Correction, tuple[str, ...]]:
    """What gives a doubtful record another value, and remarks about it.

    Raises
    ------
    ReadError
        If the import would refuse the value.
    """
    name = "thickness_mm" if isinstance(doubted.held.record, Measurement) else "value"
    return correction(doubted.held, {name: value}, reason, doubted.beside)
