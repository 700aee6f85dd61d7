"""What a visit changes in the records: its values, the therapies of that day, an event."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sm_tracker.domain.records import (
    TherapyPeriod,
)
from sm_tracker.errors import ReadError
from sm_tracker.figures.languages import listed
from sm_tracker.store import Addition, Correction, Edit, Removal, Stored
from sm_tracker.workflow.editing import correction, typed_records
from sm_tracker.workflow.visit_entry import VisitEntry, When


@dataclass(frozen=True, slots=True)
class TherapyChange:
    """A running therapy that ends at a visit, or goes on with another dose.

    Attributes
    ----------
    held : Stored
        The period as it is stored.
    stop_reason : str
    new_dose : str
        Not blank: the period ends and one of the same therapy with this dose begins.
    """

    held: Stored[TherapyPeriod]
    stop_reason: str = ""
    new_dose: str = ""


@dataclass(frozen=True, slots=True)
class NewTherapy:
    """A therapy that begins at a visit."""

    therapy: str
    dose: str = ""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happened on the day of a visit; a blank kind is told by the words."""

    event: str
    kind: str = ""
    note: str = ""


VisitChange = TherapyChange | NewTherapy | NewEvent
"""What a visit stores besides its values."""


def edits_of(
    entry: VisitEntry,
    at: When,
    patient_id: str,
    changes: Sequence[VisitChange] = (),
    *,
    reason: str,
) -> tuple[Edit, ...]:
    """Everything that stores a visit, to be done as one.

    Raises
    ------
    ReadError
        If nothing was typed, a cell is refused, or a change of therapy or an event cannot be
        stored.
    """
    if entry.refused:
        raise ReadError(
            "The visit was not saved",
            why=listed(r.words for r in entry.refused),
            fix="correct these cells",
        )
    edits: list[Edit] = [Addition(record, reason) for record in entry.records]
    for change in changes:
        if isinstance(change, NewEvent):
            edits += _event_edits(change, at, patient_id, reason)
        else:
            edits += _therapy_edits(change, at, patient_id, reason)
    if not edits:
        raise ReadError("The visit was not saved", why="nothing is typed", fix="type a value")
    return tuple(edits)


def _event_edits(change: NewEvent, at: When, patient_id: str, reason: str) -> list[Edit]:
    time = "day" if isinstance(at, int) else "date"
    fields: dict[str, object] = {"patient_id": patient_id, time: at, **dataclasses.asdict(change)}
    return [Addition(r, reason) for r in typed_records("clinical_event", fields).records]


def _therapy_edits(
    change: TherapyChange | NewTherapy, at: When, patient_id: str, reason: str
) -> list[Edit]:
    start, end = ("start_day", "end_day") if isinstance(at, int) else ("start", "end")
    begun: dict[str, object] = {"patient_id": patient_id, start: at, "end_status": "ongoing"}
    if isinstance(change, NewTherapy):
        fields = begun | {"therapy": change.therapy, "dose": change.dose, "show_in_figure": True}
        return [Addition(r, reason) for r in typed_records("therapy_period", fields).records]
    ended = {end: at, "end_status": "ended", "stop_reason": change.stop_reason}
    edits: list[Edit] = [correction(change.held, ended, reason)[0]]
    if change.new_dose:
        old = change.held.record
        fields = begun | {
            "therapy": old.therapy, "kind": old.kind, "route": old.route,
            "dose": change.new_dose, "show_in_figure": old.show_in_figure,
        }  # fmt: skip
        edits += [Addition(r, reason) for r in typed_records("therapy_period", fields).records]
    return edits


def taking_back(
    edits: Sequence[Edit],
    stored: Sequence[Stored[Any]],
    changes: Sequence[VisitChange],
    *,
    reason: str,
) -> tuple[Edit, ...]:
    """What undoes a visit just stored: its records marked as removed, therapies as they were.

    Parameters
    ----------
    edits : sequence of Edit
        As given to the store; from :func:`edits_of`.
    stored : sequence of Stored
        What the store made of each, in the same order.
    changes : sequence of VisitChange
        Those of the visit, for what stood before.
    reason : str
    """
    before = {c.held.record_id: c.held.record for c in changes if isinstance(c, TherapyChange)}
    undone: list[Edit] = []
    for edit, now in zip(edits, stored, strict=True):
        named: dict[str, Any] = {
            "entity": now.entity, "record_id": now.record_id, "reason": reason
        }  # fmt: skip
        if isinstance(edit, Correction):
            as_before = {n: getattr(before[edit.record_id], n) for n in edit.changes}
            undone.append(Correction(**named, expected_version=now.version, changes=as_before))
        else:
            undone.append(Removal(**named, expected_version=now.version))
    return tuple(undone)
