"""Rows that say a reading again, and different values of one visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sm_tracker.domain.records import (
    Choice,
    Event,
    Measurement,
    OutcomeReading,
    Place,
    TherapyPeriod,
)
from sm_tracker.domain.standard_names import standard_name
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_after_another, together

Record = TypeVar("Record", Measurement, TherapyPeriod, OutcomeReading, Event)
Visit = tuple[object, ...]


KEYS_OF_A_VISIT = (
    "patient_id", "site", "date_order", "column.patient_id", "column.site", "column.date",
    "column.thickness", "series.",
)  # fmt: skip
"""Questions whose answers decide which readings are of one visit."""


def settle_visits(batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Count exact duplicates once; ask what different values of one visit are."""
    measurements = batch.measurements
    groups: dict[Visit, list[int]] = {}
    for i, (m, own) in enumerate(zip(measurements, batch.series, strict=True)):
        key = (m.patient_id, m.date, m.day, own, m.replicate, m.examiner)
        groups.setdefault(key, []).append(i)
    if len(groups) == len(measurements) or context.questions.waits_for(KEYS_OF_A_VISIT):
        return batch  # in the latter case it is not known yet what is one visit
    several = [g for g in groups.values() if len(g) > 1]
    alike = [g for g in several if len({_content(measurements[i]) for i in g}) == 1]
    repeats = {i: g[0] for g in alike for i in g[1:]}
    _say_duplicates(measurements, repeats, context)
    conflicts = [g for g in several if g not in alike]
    changed, corrected = _ask_conflicts(measurements, conflicts, context)
    gone = repeats.keys() | corrected
    kept = [i for i in range(len(measurements)) if i not in gone]
    return replace(
        batch,
        measurements=tuple(changed.get(i, measurements[i]) for i in kept),
        series=tuple(batch.series[i] for i in kept),
        repeated=batch.repeated | {measurements[i].place for i in gone},
    )


def _content(m: Measurement) -> Visit:
    return (m.thickness_mm, m.qualifier, m.status, m.sd_mm)


def _say_duplicates(
    measurements: Sequence[Measurement], repeats: Mapping[int, int], context: ReadContext
) -> None:
    said = set()
    for i, first in repeats.items():
        place, other = measurements[i].place, measurements[first].place
        if place in said:
            continue
        said.add(place)
        context.findings.add(
            "duplicate_row", Location(place.file, place.sheet), place.row,
            other=_named_place(other, place),
        )  # fmt: skip


def _named_place(place: Place, beside: Place) -> Message:
    if place.file != beside.file:
        return Message("{row} of {file}", row=place.row, file=place.file)
    if place.sheet != beside.sheet:
        return Message("{row} of sheet {sheet}", row=place.row, sheet=place.sheet)
    return Message.verbatim(f"{place.row}")


def _ask_conflicts(
    measurements: Sequence[Measurement],
    conflicts: list[list[int]],
    context: ReadContext,
) -> tuple[dict[int, Measurement], set[int]]:
    """Replicates with their numbers, and values that a later one corrects, as answers say."""
    changed: dict[int, Measurement] = {}
    corrected: set[int] = set()
    by_file: dict[str, list[list[int]]] = defaultdict(list)
    for indexes in conflicts:
        by_file[measurements[indexes[-1]].place.file].append(indexes)
    for file, groups in by_file.items():
        answer = _ask_same_visit(measurements, groups, Location(file), context)
        for indexes in groups:
            if answer == "correction":
                _say_corrected(measurements, indexes, context)
                corrected.update(indexes[:-1])
            else:
                changed |= {i: replace(measurements[i], replicate=n)
                            for n, i in enumerate(indexes, start=1)}  # fmt: skip
                if answer:
                    place = measurements[indexes[0]].place
                    context.findings.add(
                        "read_as_replicates", Location(place.file, place.sheet), place.row,
                        rows=_rows_words(measurements, indexes),
                    )  # fmt: skip
    return changed, corrected


def _rows_words(measurements: Sequence[Measurement], indexes: Sequence[int]) -> Message:
    return together([str(n) for n in dict.fromkeys(measurements[i].place.row for i in indexes)])


def _ask_same_visit(
    measurements: Sequence[Measurement],
    groups: list[list[int]],
    location: Location,
    context: ReadContext,
) -> str | None:
    def values(indexes: list[int]) -> Message:
        return together([_value_words(measurements[i]) for i in indexes])

    example = groups[0]
    m = measurements[example[0]]
    visits = [
        Message("rows {rows} ({values})", rows=_rows_words(measurements, g), values=values(g))
        for g in groups[:8]
    ]
    if len(groups) > 8:
        visits.append(Message("and {n} more visits", n=len(groups) - 8))
    usable = [x for i in example if (x := measurements[i].thickness_mm) is not None]
    mean = Message("{mm:.3f} mm", mm=sum(usable) / len(usable)) if usable else Message("no value")
    return context.questions.ask(
        "same_visit",
        Message(
            "The same visit (patient, date and site) has different, conflicting values: "
            "{shown}. Are they replicates, or is the later row a correction?",
            shown=one_after_another(visits),
        ),
        (
            Choice(
                "replicate",
                Message(
                    "all are kept as replicates; {site} {date}: mean {mean} of {n}",
                    site=standard_name(m.site),
                    date=m.date or m.day,
                    mean=mean,
                    n=len(example),
                ),
            ),
            Choice(
                "correction",
                Message(
                    "the later row counts; {site} {date}: {value}",
                    site=standard_name(m.site),
                    date=m.date or m.day,
                    value=_value_words(measurements[example[-1]]),
                ),
            ),
        ),
        location,
    )


def _value_words(m: Measurement) -> Message:
    if m.thickness_mm is None:
        return _STATUS_WORDS[m.status]
    return Message("{sign}{mm:g} mm", sign=m.qualifier, mm=m.thickness_mm)


_STATUS_WORDS = {
    "ok": Message("no value"),
    "not_measurable": Message("not measurable"),
    "beyond_depth": Message("beyond depth"),
}


def _say_corrected(
    measurements: Sequence[Measurement], indexes: list[int], context: ReadContext
) -> None:
    last = indexes[-1]
    for i in indexes[:-1]:
        place = measurements[i].place
        context.findings.add(
            "later_value_used",
            Location(place.file, place.sheet),
            place.row,
            value=_value_words(measurements[i]),
            other=measurements[last].place.row,
        )


def without_repeats(
    records: Sequence[Record], context: ReadContext
) -> tuple[tuple[Record, ...], frozenset[Place]]:
    """Therapies, outcomes or events without exact duplicates, and where those stand."""
    first: dict[Record, Place] = {}
    kept: list[Record] = []
    repeated: set[Place] = set()
    for record in records:
        key = replace(record, place=Place())
        if isinstance(key, TherapyPeriod):
            key = replace(key, therapy_text="")  # IVIg and IVIG are one course
        if key not in first:
            first[key] = record.place
            kept.append(record)
            continue
        place = record.place
        repeated.add(place)
        if place != first[key]:
            context.findings.add(
                "duplicate_row", Location(place.file, place.sheet), place.row,
                other=_named_place(first[key], place),
            )  # fmt: skip
    return tuple(kept), frozenset(repeated)
