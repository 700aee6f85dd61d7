"""What a file would add or change, seen against what is stored. Pure; knows no database."""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sm_tracker.domain.records import (
    THERAPY_NOT_STATED,
    Event,
    Measurement,
    Record,
    TherapyPeriod,
    with_kept,
)
from sm_tracker.domain.series_key import as_stated, series_key_of
from sm_tracker.store.rows import (
    JUDGEMENT,
    Stored,
    content_digest,
    content_of_record,
    digest_as_stated,
)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A stored record for which the file says something else.

    Attributes
    ----------
    stored : Stored
        As it is now.
    incoming : Measurement, TherapyPeriod, OutcomeReading or Event
        As the file has it.
    fields : tuple of str
        Names of the fields that differ.
    """

    stored: Stored[Any]
    incoming: Record
    fields: tuple[str, ...]


@dataclass(slots=True)
class RecordComparison:
    """Rows of a file, sorted by what an import would do with them.

    Attributes
    ----------
    added : list of Record
        Not stored yet.
    added_digests : list of str
        Digest of each of them, in the same order.
    changed : list of ChangedRow
        Stored for the same visit, site and replicate (or course) with another content.
    unchanged : list of Stored
        Stored with the same content.
    corrected : list of Stored
        As the file has it when it was imported, but corrected here since; the correction stays.
    removed : list of Stored
        In the file, but marked as removed here; the mark stays.
    missing : list of Stored
        Stored from a file of the same name, but no longer in it; they stay.
    """

    added: list[Record] = field(default_factory=list)
    added_digests: list[str] = field(default_factory=list)
    changed: list[ChangedRow] = field(default_factory=list)
    unchanged: list[Stored[Any]] = field(default_factory=list)
    corrected: list[Stored[Any]] = field(default_factory=list)
    removed: list[Stored[Any]] = field(default_factory=list)
    missing: list[Stored[Any]] = field(default_factory=list)


def compare_records(
    stored: Iterable[Stored[Any]], incoming: Sequence[Record], *, files: Iterable[str] = ()
) -> RecordComparison:
    """Sort the rows of a file by what an import would do with them.

    A row is matched first by its whole content, then by its content as it was once imported,
    before it was corrected here or joined to a series, then by what identifies it
    (:func:`record_identity`). Each stored record answers to one row only,
    so equal replicates are counted, not merged. Whether a value is doubtful is not content: what
    is stored stands, unless the file says more (:func:`judged_further`).

    Parameters
    ----------
    stored : iterable of Stored
        What the store holds of the patients in the file, without records of undone imports.
    incoming : sequence of Record
        The rows of the file.
    files : iterable of str
        Names of the files, for finding rows that are no longer in them.

    Returns
    -------
    Comparison
    """
    left = _Unmatched(stored)
    result = RecordComparison()
    rest = []
    for record in incoming:
        said = content_digest(record)
        same = left.take(left.by_content, said)
        if same is None:
            rest.append(record)
        elif not same.mark and judged_further(record, same.record):
            result.changed.append(ChangedRow(same, record, differing_fields(same.record, record)))
        else:
            (result.removed if same.mark else result.unchanged).append(same)
    still = []
    for record in rest:
        said = digest_as_stated(record)
        same = left.take(left.as_imported, said)
        if same is None:
            still.append((record, said))
        elif same.mark:
            result.removed.append(same)
        else:
            joined = _is_only_joined(same.record, record)
            (result.unchanged if joined else result.corrected).append(same)
    for record, said in still:
        same = left.take(left.by_identity, record_identity(record), lambda s: not s.mark)
        if same is None:
            result.added.append(record)
            result.added_digests.append(said)
        else:
            judged = _with_stored_judgement(record, same.record)
            result.changed.append(ChangedRow(same, judged, differing_fields(same.record, judged)))
    names = set(files)
    result.missing = [s for s in left.all() if not s.mark and s.record.place.file in names]
    return result


def _is_only_joined(stored: Record, incoming: Record) -> bool:
    """Whether a stored record is what the file says, but for blanks of its series filled here."""
    if not isinstance(stored, Measurement) or not isinstance(incoming, Measurement):
        return False
    said = as_stated(incoming)
    blank = series_key_of(said).left_blank(series_key_of(stored))
    blanked = with_kept(stored, **{n: getattr(said, n) for n in blank})
    return content_digest(blanked) == content_digest(said)


class _Unmatched:
    """Stored records that no row of the file has claimed yet."""

    def __init__(self, stored: Iterable[Stored[Any]]) -> None:
        self._free = {(s.entity, s.record_id): s for s in stored}
        self.by_content: dict[Hashable, deque[Stored[Any]]] = defaultdict(deque)
        self.as_imported: dict[Hashable, deque[Stored[Any]]] = defaultdict(deque)
        self.by_identity: dict[Hashable, deque[Stored[Any]]] = defaultdict(deque)
        # Active records first, so that a removed twin never hides one that counts.
        for s in sorted(self._free.values(), key=lambda s: (bool(s.mark), s.record_id)):
            self.by_content[content_digest(s.record)].append(s)
            self.as_imported[s.imported_digest].append(s)
            self.by_identity[record_identity(s.record)].append(s)

    def take(
        self,
        index: dict[Hashable, deque[Stored[Any]]],
        key: Hashable,
        wanted: Callable[[Stored[Any]], bool] = lambda _: True,
    ) -> Stored[Any] | None:
        waiting = index.get(key)
        while waiting:
            found = waiting.popleft()
            known = (found.entity, found.record_id)
            if known in self._free and wanted(found):
                del self._free[known]
                return found
        return None

    def all(self) -> list[Stored[Any]]:
        return list(self._free.values())


def record_identity(record: Record) -> tuple[Hashable, ...]:
    """What makes two rows speak of the same reading, course, value or event."""
    if isinstance(record, Measurement):
        series = (record.site, record.side, record.layer, record.device, record.frequency_mhz)
        return (
            "measurement",
            record.patient_id,
            record.date,
            record.day,
            *series,
            record.replicate,
        )
    if isinstance(record, TherapyPeriod):
        return ("therapy", record.patient_id, record.therapy, record.start, record.start_day)
    if isinstance(record, Event):
        return ("event", record.patient_id, record.event.casefold(), record.date, record.day)
    return ("outcome", record.patient_id, record.outcome, record.date, record.day)


_UNDOUBTED = (TherapyPeriod, Event)
"""Records without a value that could be doubted."""


def judged_further(incoming: Record, stored: Record) -> bool:
    """Whether a file judges a value that nobody has judged in the store.

    That is a confirmation, or a doubt without the code of a reason: with a code it is the
    program's own, which it has of the stored value as well.
    """
    if isinstance(incoming, _UNDOUBTED) or isinstance(stored, _UNDOUBTED):
        return False
    if incoming.doubt == "confirmed":
        return stored.doubt != "confirmed"
    return incoming.doubt == "open" and not incoming.doubt_reason and not stored.doubt


def _with_stored_judgement(incoming: Record, stored: Record) -> Record:
    """A row as its file has it, with what is stored about the doubt of the very same value."""
    if isinstance(incoming, _UNDOUBTED) or judged_further(incoming, stored):
        return incoming
    if THERAPY_NOT_STATED in (incoming.doubt_reason, getattr(stored, "doubt_reason", "")):
        return incoming
    value = "thickness_mm" if isinstance(incoming, Measurement) else "value"
    if getattr(incoming, value) != getattr(stored, value):
        return incoming
    return dataclasses.replace(incoming, **{n: getattr(stored, n) for n in JUDGEMENT})


def differing_fields(old: Record, new: Record) -> tuple[str, ...]:
    """Names of the content fields in which two records differ."""
    before, after = content_of_record(old), content_of_record(new)
    return tuple(name for name in before if before[name] != after[name])
