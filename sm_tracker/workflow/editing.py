"""Records entered or corrected by hand: read by the rules of the import, then stored.

A form or a cell of a grid is written as one row of the program's own file and read like any
file, so that a value typed here is refused, questioned and normalised exactly as in a file.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sm_tracker.domain.doubt import ValueDoubt, open_doubts
from sm_tracker.domain.placing import StoredReadings
from sm_tracker.domain.records import (
    LIMITS_FROM_TAGS,
    THERAPY_NOT_STATED,
    Event,
    Measurement,
    OutcomeReading,
    Place,
    Question,
    ReadResult,
    Record,
    TherapyPeriod,
)
from sm_tracker.domain.series_key import SeriesKey, blanks_of, series_key_of
from sm_tracker.errors import ReadError
from sm_tracker.ingest import SourceFile
from sm_tracker.ingest.records.series import APART, PREFIX
from sm_tracker.languages import Message
from sm_tracker.report import record_words
from sm_tracker.report.doubt_words import doubted_value
from sm_tracker.report.export_tables import OWN_COLUMNS, WHOLE, made_safe
from sm_tracker.store import Correction, Entity, Stored
from sm_tracker.workflow.file_import import read_files

TABLES: Mapping[Entity, str] = {
    "measurement": "measurements",
    "therapy_period": "therapies",
    "outcome_reading": "outcomes",
    "clinical_event": "events",
}
FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "site": ("side", "site_text"),
    "therapy": ("therapy_text",),
    "thickness_mm": ("status",),
    "status": ("thickness_mm", "qualifier"),
    "doubt": ("doubt_reason",),
    "end": ("end_status",),
    "end_day": ("end_status",),
    "end_status": ("end", "end_day"),
}
"""Fields that a change of one field decides with it."""
START_LIMITS, END_LIMITS = LIMITS_FROM_TAGS[:2], LIMITS_FROM_TAGS[2:]
JUDGEMENT = ("doubt", "doubt_reason")
JUDGED = (Measurement, OutcomeReading)
"""Records of a value, which may be doubtful."""
JUDGED_BY = frozenset(
    {"thickness_mm", "value", "qualifier", "status", "site", "side", "layer", "device"}
    | {"frequency_mhz", "outcome", "unit"}
)
"""Fields that say how large a value is and beside which others it stands."""
SAID_BESIDE = frozenset(
    {
        "implausible_value",
        "value_out_of_range",
        "possible_missing_code",
        "series_joined",
        "answer_applied",
    }
)


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """What was typed, as the import reads it.

    Attributes
    ----------
    records : tuple of Record
    remarks : tuple of str
        What there is to know about them.
    doubts : tuple of ValueDoubt or None
        The open doubt about each record, if there is one.
    """

    records: tuple[Record, ...]
    remarks: tuple[str, ...] = ()
    doubts: tuple[ValueDoubt | None, ...] = ()


def typed_columns(entity: Entity) -> tuple[str, ...]:
    """The fields of a record that can be typed, in the order of our own files."""
    return OWN_COLUMNS[TABLES[entity]]


class OpenQuestion(ReadError):
    """What was typed can be stored once a person has said which series it belongs to.

    Parameters
    ----------
    question : Question
    """

    def __init__(self, question: Question) -> None:
        values = ", ".join(choice.value for choice in question.choices)
        super().__init__(without_row(question.message).rstrip("."), fix=f"choose one of {values}")
        self.question = question


class _Readings:
    """Readings beside which one is looked at."""

    def __init__(self, readings: Sequence[Measurement]) -> None:
        self._readings = readings

    def stated_series(self, patient_ids: Collection[str]) -> Mapping[str, Collection[SeriesKey]]:
        """What is stated of the series of each patient."""
        return {p: {series_key_of(m) for m in self.measurements([p])} for p in patient_ids}

    def measurements(self, patient_ids: Collection[str]) -> Sequence[Measurement]:
        """Those of some patients."""
        return [m for m in self._readings if m.patient_id in patient_ids]


def typed_records(
    entity: Entity,
    fields: Mapping[str, object],
    today: dt.date | None = None,
    beside: Sequence[Record] = (),
    *,
    held: StoredReadings | None = None,
    answers: Mapping[str, str] | None = None,
) -> TypedEntry:
    """Records from fields typed by hand, by the rules of the import.

    Parameters
    ----------
    entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
    fields : mapping
        Values by the column names of our own files; missing ones are blank.
    today : date, optional
        The day after which dates lie in the future.
    beside : sequence of Record
        The patient's other records of this kind, beside which values are judged.
    held : Held, optional
        What is stored already; a reading that leaves part of its series blank joins it.
    answers : mapping, optional
        To the question of an :class:`OpenQuestion`, by its key.

    Returns
    -------
    Entry
        Several records where the import would make several of the row.

    Raises
    ------
    OpenQuestion
        If a reading fits several series.
    ReadError
        If the import would refuse the row, or ask about anything else.
    """
    names = typed_columns(entity)
    file = _as_file(entity, names, fields)
    result = read_files([file], today=today, held=held, answers=answers)
    if len(result.questions) == 1 and result.questions[0].key.startswith(PREFIX):
        raise OpenQuestion(result.questions[0])
    records = result.records
    if not records:
        raise ReadError("This cannot be stored", why=_why(result), fix="correct it and save again")
    stated = bool(fields.get("doubt"))
    records = tuple(dataclasses.replace(r, place=Place()) for r in records)
    records, doubts = judged_records(records, beside, stated=stated)
    assumed = map(record_words.assumed_text, result.measurements)
    doubted = [doubted_value(r, d) for r, d in zip(records, doubts, strict=True) if d]
    return TypedEntry(records, (*filter(None, assumed), *_remarks(result), *doubted), doubts)


def judged_records(
    records: Sequence[Record], beside: Sequence[Record], *, stated: bool
) -> tuple[tuple[Record, ...], tuple[ValueDoubt | None, ...]]:
    """Records as the rule judges them beside others, and the open doubt about each.

    Parameters
    ----------
    records : sequence of Record
        Of one kind.
    beside : sequence of Record
    stated : bool
        Whether the records state themselves if they are doubtful.
    """
    values = [r for r in records if isinstance(r, JUDGED)]
    if not values:
        return tuple(records), (None,) * len(records)
    if not stated:
        values = [dataclasses.replace(r, doubt="", doubt_reason="") for r in values]
    others = [r for r in beside if isinstance(r, JUDGED)]
    doubts = open_doubts([*values, *others])[: len(values)]
    marked = tuple(
        r if d is None else dataclasses.replace(r, doubt="open", doubt_reason=d.reason)
        for r, d in zip(values, doubts, strict=True)
    )
    return marked, tuple(doubts)


def confirmed_records(records: Sequence[Record]) -> tuple[Record, ...]:
    """The same records, the open doubts of them answered: the values are as they were read."""
    return tuple(
        dataclasses.replace(r, doubt="confirmed")
        if isinstance(r, JUDGED) and r.doubt == "open"
        else r
        for r in records
    )


def correction(
    held: Stored[Any],
    cells: Mapping[str, object],
    reason: str,
    beside: Sequence[Record] = (),
) -> tuple[Correction, tuple[str, ...]]:
    """What corrects a record as cells of a grid say, and remarks about it.

    Parameters
    ----------
    held : Stored
        The record as it was shown when the cells were changed.
    cells : mapping
        New values by field, as typed.
    reason : str
    beside : sequence of Record
        The patient's other records of this kind, beside which the value is judged. A reading
        that is given another place joins the series there as far as it leaves it blank, but no
        cell is filled that was emptied.

    Raises
    ------
    ReadError
        If the import would refuse the changed row, or make several records of it.
    """
    changed = {**cells, **_implied(held.record, cells)}
    fields = {**fields_of(held.record), **changed}
    moved = _moved(held, cells, fields, beside)
    entry = moved or typed_records(held.entity, fields, beside=beside)
    if len(entry.records) != 1:
        raise ReadError(
            "This reads as several records",
            why=Message("{n} would be made of the changed row", n=len(entry.records)),
            fix="correct this one to the first of them and add the others",
        )
    names = set(changed).union(*(FOLLOWING.get(n, ()) for n in cells))
    if names & set(LIMITS_FROM_TAGS):
        names.add("dates_derived")
    new = entry.records[0]
    if isinstance(new, Measurement) and new.assumed:
        names |= {"assumed", *new.assumed.split()}
    names = {n for n in names if hasattr(new, n) and n != "patient_id"}
    names -= {n for n in JUDGEMENT if getattr(new, n, "") == getattr(held.record, n, "")}
    return (
        Correction(
            entity=held.entity,
            record_id=held.record_id,
            changes={n: getattr(new, n) for n in sorted(names)},
            reason=reason,
            expected_version=held.version,
        ),
        entry.remarks,
    )


def _moved(
    held: Stored[Any],
    cells: Mapping[str, object],
    fields: Mapping[str, object],
    beside: Sequence[Record],
) -> TypedEntry | None:
    """A reading that was given another place, as one of the series there; None if it was not."""
    if held.entity != "measurement" or not set(cells) & set(SeriesKey._fields):
        return None
    others = _Readings([r for r in beside if isinstance(r, Measurement)])
    try:
        entry = typed_records(held.entity, fields, beside=beside, held=others)
    except OpenQuestion as asked:
        apart = {asked.question.key: APART}
        entry = typed_records(held.entity, fields, beside=beside, held=others, answers=apart)
    if len(entry.records) != 1 or not isinstance(entry.records[0], Measurement):
        return entry
    new = entry.records[0]
    emptied = [n for n in new.assumed.split() if n in cells]
    kept = [n for n in new.assumed.split() if n not in cells]
    stated = {n: v for n, v in blanks_of(new).items() if n in emptied}
    now = dataclasses.replace(new, **stated, assumed=" ".join(kept))
    remarks = [r for r in entry.remarks if r != record_words.assumed_text(new)]
    said = filter(None, [record_words.assumed_text(now)])
    return TypedEntry((now,), (*said, *remarks), entry.doubts)


def fields_of(record: Record) -> dict[str, object]:
    """The fields of a record that can be typed."""
    entity = next(e for e, kind in _KINDS.items() if isinstance(record, kind))
    return {name: getattr(record, name) for name in typed_columns(entity)}


_KINDS: Mapping[Entity, type[Record]] = {
    "measurement": Measurement,
    "therapy_period": TherapyPeriod,
    "outcome_reading": OutcomeReading,
    "clinical_event": Event,
}


def _implied(record: Record, cells: Mapping[str, object]) -> dict[str, object]:
    """Fields that cannot stay as they are beside a new value of another."""
    if isinstance(record, JUDGED) and not JUDGED_BY.isdisjoint(cells):
        # Another value, or the same one in another series: it is judged again. That nobody has
        # stated the therapy does not concern the value.
        stated = record.doubt_reason != THERAPY_NOT_STATED
        anew = {n: "" for n in JUDGEMENT if stated and n not in cells}
        return {**anew, **_implied_status(record, cells)}
    if isinstance(record, TherapyPeriod):
        return {**_implied_end(cells), **_implied_limits(record, cells)}
    return {}


def _implied_end(cells: Mapping[str, object]) -> dict[str, object]:
    given = cells.get("end") or cells.get("end_day")
    if given is not None and "end_status" not in cells:
        return {"end_status": "ended"}
    if cells.get("end_status", "ended") != "ended":
        return {"end": None, "end_day": None, "end_date_precision": ""}
    return {}


def _implied_limits(record: TherapyPeriod, cells: Mapping[str, object]) -> dict[str, object]:
    """A start or end that a person gives is the real one: what the tags said about it goes.

    To blank one of the two limits of a date says the same of the date as it stands.
    """
    implied: dict[str, object] = {}
    for limits, dates in (
        (START_LIMITS, ("start", "start_day")),
        (END_LIMITS, ("end", "end_day", "end_status")),
    ):
        blanked = any(name in cells and not cells[name] for name in limits)
        if blanked or any(name in cells for name in dates):
            implied |= {name: None for name in limits if getattr(record, name) is not None}
    return implied


def _implied_status(record: Record, cells: Mapping[str, object]) -> dict[str, object]:
    if isinstance(record, Measurement):
        if cells.get("thickness_mm") is not None and "status" not in cells:
            return {"status": "ok"}
        if cells.get("status", "ok") != "ok":
            return {"thickness_mm": None, "qualifier": ""}
    return {}


def _as_file(entity: Entity, names: tuple[str, ...], fields: Mapping[str, object]) -> SourceFile:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerow([made_safe(_text(fields.get(name), name)) for name in names])
    return SourceFile(f"{TABLES[entity]}.csv", out.getvalue().encode())


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and name in WHOLE and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)


def _remarks(result: ReadResult) -> Iterator[str]:
    """What the import remarks; of its series and its doubt a single reading says more itself."""
    for finding in result.findings:
        if finding.code == "series_ambiguous":
            yield record_words.kept_apart()
        elif finding.level != "info" and finding.code not in SAID_BESIDE:
            yield without_row(finding.message)


def _why(result: ReadResult) -> str:
    refused = [f.message for f in result.findings if f.level == "error"]
    asked = [q.message for q in result.questions]
    noticed = [f.message for f in result.findings]
    words = refused or asked or noticed or [Message("a field is missing")]
    return "; ".join(map(without_row, words)).rstrip(".")


def without_row(message: Message, row: int = 2) -> str:
    """A message in words where nobody sees a file: no number of a row, fields by their labels."""
    words = record_words.field_words()
    values = {k: words.get(v, v) if k == "column" else v for k, v in message.values}
    text = str(message if message.many else Message(message.template, **values))
    for start in (Message("Row {row} was left out: ", row=row), Message("Row {row}: ", row=row)):
        text = text.removeprefix(str(start))
    return text
