"""Open doubts about values, stored ones and those of an import: which, and answering them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sm_tracker.domain.doubt import ValueDoubt, open_doubts
from sm_tracker.domain.records import THERAPY_NOT_STATED, Measurement, OutcomeReading
from sm_tracker.store import Correction, Entity, ImportPreview, RecordStore, Removal, Stored
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


@dataclass(frozen=True, slots=True)
class IncomingDoubt:
    """A value of files that is in open doubt, before it is stored.

    Attributes
    ----------
    key : str
        The same as long as the files are.
    record : Measurement or OutcomeReading
    doubt : ValueDoubt
    """

    key: str
    record: Value
    doubt: ValueDoubt


def incoming_doubts(store: RecordStore | None, preview: ImportPreview) -> list[IncomingDoubt]:
    """The doubtful values that an import would add or put in the place of others.

    What is stored already was asked about when it came in.
    """
    incoming = [*preview.added, *(row.incoming for row in preview.changed)]
    found: list[IncomingDoubt] = []
    for kind in (Measurement, OutcomeReading):
        new = [r for r in incoming if isinstance(r, kind)]
        asked = {r.patient_id for r in new if r.doubt == "open"}
        new = [r for r in new if r.patient_id in asked]
        judged = open_doubts([*new, *_stored_values(store, kind, asked)])
        found += [
            IncomingDoubt("", r, d)
            for r, d in zip(new, judged, strict=False)
            if d is not None and r.doubt == "open" and d.reason != THERAPY_NOT_STATED
        ]
    times: Counter[str] = Counter()
    for n, one in enumerate(found):
        times[base := _key(one.record)] += 1
        found[n] = replace(one, key=f"{base} {times[base]}")
    return found


def _stored_values(
    store: RecordStore | None, kind: type[Value], patients: Collection[str]
) -> list[Value]:
    if store is None or not patients:
        return []
    entity: Entity = "measurement" if kind is Measurement else "outcome_reading"
    held: Sequence[Stored[Any]] = store.stored(entity, sorted(patients))
    return [s.record for s in held if not s.mark]


def _key(record: Value) -> str:
    """Where a value stands in its file and what it is of."""
    place = record.place
    named: tuple[object, ...] = (
        (record.site, record.side, record.replicate, record.thickness_mm)
        if isinstance(record, Measurement)
        else (record.outcome, record.unit, record.value)
    )
    return repr((place.file, place.sheet, place.row, *named))


DoubtAnswer = float | None
"""What a person says of a doubtful value: the right one, or None where it is as it was read."""


def answer_stored(
    store: RecordStore, answered: Sequence[tuple[IncomingDoubt, DoubtAnswer]], reason: str
) -> int:
    """Answer doubts about values that an import has just stored as its files have them.

    They are corrections of what was imported, so that the history shows both values and the
    same row in a later file is known again.

    Returns
    -------
    int
        How many values were answered.

    Raises
    ------
    ReadError
        If the import would refuse a corrected value.
    StoreError
        If the store does not take the answers; none of them is then kept.
    """
    patients = sorted({one.record.patient_id for one, _answer in answered})
    waiting: dict[str, list[DoubtedRecord]] = {}
    for patient in patients:
        for held in doubted_records(store, patient):
            waiting.setdefault(_key(held.held.record), []).append(held)
    edits = []
    for one, answer in answered:
        if stored := waiting.get(_key(one.record)):
            held = stored.pop()
            edits.append(
                confirmation(held, reason) if answer is None else corrected(held, answer, reason)[0]
            )
    if edits:
        store.save_edits(edits)
    return len(edits)
