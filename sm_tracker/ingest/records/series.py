"""Readings that do not state their whole series: said, joined where they will be stored, or asked.

What is only looked at is joined when it is analysed. What will be stored is joined here, so
that data that come later do not undo it; where several series fit, a person says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import reduce

from sm_tracker.domain.placing import PlacedReading, Placement, place_readings
from sm_tracker.domain.record_fields import LONGEST_NAME
from sm_tracker.domain.records import Choice, Measurement, Place
from sm_tracker.domain.series_key import SeriesKey, filled_from_series, series_key_of
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.files.grid import named_rows
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, together

BOTH_SIDES = ", both sides"
"""Ending of the name of a site whose values are of both sides together."""
APART = "apart"
PREFIX = "series."
MOST_NAMED = 6
"""Patients named in one finding."""


def join_blanks(
    measurements: Sequence[Measurement], both_sides: Set[Place], context: ReadContext
) -> tuple[list[Measurement], list[SeriesKey]]:
    """Join readings that leave part of their series blank, and say so.

    Parameters
    ----------
    measurements : sequence of Measurement
    both_sides : set of Place
        Rows whose value is of both sides together.
    context : ReadContext
        With `held` the readings are going to be stored: the series they join is written into
        them, and where several fit it is asked which. Without, they stay as they are.

    Returns
    -------
    measurements : list of Measurement
    series : list of SeriesKey
        The series of each, whether or not it was written.
    """
    measurements = _both_sides_apart(measurements, both_sides, context)
    placement = place_readings(measurements, context.held)
    found = placement.found
    joined = {i: p.series for i, p in found.items() if not p.choices}
    unsure = {i: p for i, p in found.items() if p.choices}
    _say_joined(measurements, joined, context)
    answered = unsure if context.held is None else _answered(measurements, unsure, context)
    joined |= {i: p.series for i, p in answered.items() if not p.choices}
    _say_ambiguous(measurements, {i: p for i, p in answered.items() if p.choices}, context)
    _say_unsettled(placement, measurements, context)
    known = {i: p.series for i, p in unsure.items()} | joined
    series = [known.get(i, key) for i, key in enumerate(placement.stated)]
    if context.held is not None:
        measurements = [
            filled_from_series(m, joined[i]) if i in joined else m
            for i, m in enumerate(measurements)
        ]
    return measurements, series


def _both_sides_apart(
    measurements: Sequence[Measurement], rows: Set[Place], context: ReadContext
) -> list[Measurement]:
    """Values of both sides together as a site of their own, where a side is measured as well.

    Such a value belongs to neither side; its blank side must not join one of them.
    """
    both = [i for i, m in enumerate(measurements) if _is_of_both_sides(m, rows)]
    if not both:
        return list(measurements)
    sided = {(m.patient_id, m.site) for m in measurements if m.side}
    if context.held is not None:
        stated = context.held.stated_series({measurements[i].patient_id for i in both})
        sided |= {(patient, k.site) for patient, keys in stated.items() for k in keys if k.side}
    result = list(measurements)
    for i in both:
        m = measurements[i]
        if (m.patient_id, m.site) in sided:
            result[i] = replace(m, site=m.site[: LONGEST_NAME - len(BOTH_SIDES)] + BOTH_SIDES)
    return result


def _is_of_both_sides(m: Measurement, rows: Set[Place]) -> bool:
    return not m.side and (m.place in rows or read_site(m.site_text).both_sides)


def _answered(
    measurements: Sequence[Measurement], unsure: Mapping[int, PlacedReading], context: ReadContext
) -> dict[int, PlacedReading]:
    """Where a person puts readings that fit several series, asked once a site.

    Those whose question is open are left out.
    """
    groups: dict[tuple[str, PlacedReading], list[int]] = {}
    for i, p in unsure.items():
        groups.setdefault((measurements[i].site, p), []).append(i)
    answered: dict[int, PlacedReading] = {}
    numbers: Counter[str] = Counter()
    for (site, p), indexes in groups.items():
        numbers[site] += 1
        key = PREFIX + site + (f" {numbers[site]}" if numbers[site] > 1 else "")
        names = {series_text(choice): choice for choice in p.choices}
        readings = [measurements[i] for i in indexes]
        answer = _ask(key, names, readings, p, context)
        if answer == APART:
            answered |= dict.fromkeys(indexes, p)
        elif answer is not None:
            answered |= dict.fromkeys(indexes, PlacedReading(names[answer]))
            place = readings[0].place
            words = Message(
                "the readings of {site} in {rows} are of the series {series}",
                site=site,
                rows=_rows(readings),
                series=_in_words(names[answer]),
            )
            context.findings.add(
                "answer_applied", Location(place.file, place.sheet), place.row, words=words
            )
    return answered


def _ask(
    key: str,
    names: Mapping[str, SeriesKey],
    readings: Sequence[Measurement],
    p: PlacedReading,
    context: ReadContext,
) -> str | None:
    n, first = len(readings), readings[0]
    fields = _field_words(p)
    return context.questions.ask(
        key,
        Message.counted(
            "{n} reading of {site} ({rows}) does not state {fields}, and several series fit. "
            "Which one does it belong to?",
            "{n} readings of {site} ({rows}) do not state {fields}, and several series fit. "
            "Which one do they belong to?",
            n=n,
            site=first.site,
            rows=_rows(readings),
            fields=fields,
        ),
        [
            *(Choice(name, Message("counted with this series")) for name in names),
            Choice(
                APART,
                Message("kept apart as a series of its own, without {fields}", fields=fields),
            ),
        ],
        Location(first.place.file, first.place.sheet),
    )  # fmt: skip


def _say_joined(
    measurements: Sequence[Measurement], joined: Mapping[int, SeriesKey], context: ReadContext
) -> None:
    """One finding for the readings of a file that leave the same blank and join the same series."""
    groups: dict[tuple[str, str, SeriesKey, tuple[str, ...]], list[Measurement]] = {}
    for i, series in joined.items():
        m = measurements[i]
        blank = series_key_of(m).left_blank(series)
        groups.setdefault((m.place.file, m.place.sheet, series, blank), []).append(m)
    for (file, sheet, series, blank), readings in groups.items():
        context.findings.add(
            "series_joined", Location(file, sheet), readings[0].place.row, site=series.site,
            rows=_rows(readings), fields=_listed(blank), series=_in_words(series),
        )  # fmt: skip


def _say_ambiguous(
    measurements: Sequence[Measurement], apart: Mapping[int, PlacedReading], context: ReadContext
) -> None:
    groups: dict[tuple[str, str, str, PlacedReading], list[Measurement]] = {}
    for i, p in apart.items():
        m = measurements[i]
        groups.setdefault((m.place.file, m.place.sheet, m.site, p), []).append(m)
    for (file, sheet, site, p), readings in groups.items():
        context.findings.add(
            "series_ambiguous", Location(file, sheet), readings[0].place.row, site=site,
            rows=_rows(readings), fields=_field_words(p),
            series=_series_words(p.choices),
        )  # fmt: skip


def _say_unsettled(
    placement: Placement, measurements: Sequence[Measurement], context: ReadContext
) -> None:
    """Name stored readings that fit several series from now on, once for each combination."""
    patients: dict[PlacedReading, set[str]] = {}
    for patient, p in placement.unsettled:
        patients.setdefault(p, set()).add(patient)
    for p, codes in patients.items():
        place = next(m.place for m in measurements if m.patient_id in codes)
        more = " …" if len(codes) > MOST_NAMED else ""
        context.findings.add(
            "stored_series_ambiguous", Location(place.file, place.sheet), None, site=p.series.site,
            patients=", ".join(sorted(codes)[:MOST_NAMED]) + more,
            fields=_field_words(p), series=_series_words(p.choices),
        )  # fmt: skip


def _rows(readings: Sequence[Measurement]) -> Message:
    return named_rows(m.place.row or 0 for m in readings)


def _field_words(p: PlacedReading) -> Message:
    """What tells the series apart that a reading fits, and the reading does not state."""
    blank = {name for choice in p.choices for name in p.series.left_blank(choice)}
    values = {name: {getattr(choice, name) for choice in p.choices} for name in blank}
    return _listed([n for n in SeriesKey._fields if len(values.get(n, ())) > 1])


_FIELD_WORDS = {
    "side": Message("side"),
    "layer": Message("layer"),
    "device": Message("device"),
    "frequency_mhz": Message("frequency"),
}


def _listed(names: Sequence[str]) -> Message:
    *first, last = (_FIELD_WORDS[n] for n in names)
    return together([Message("{listed}", listed=first), last]) if first else last


def series_text(series: SeriesKey) -> str:
    """What a series states besides its site, as an answer writes it in any language.

    Examples
    --------
    >>> series_text(SeriesKey("forearm", "left", "dermis", "DUB", 22.0))
    'left, dermis, DUB, 22 MHz'
    """
    mhz = f"{series.frequency_mhz:g} MHz" if series.frequency_mhz is not None else ""
    return ", ".join(filter(None, (series.side, series.layer, series.device, mhz)))


def _in_words(series: SeriesKey) -> Message:
    sides = {"left": Message("left"), "right": Message("right")}
    rest = series_text(series._replace(side=""))
    return Message("{listed}", listed=[p for p in (sides.get(series.side), rest) if p])


def _series_words(choices: Sequence[SeriesKey]) -> Message:
    words = map(_in_words, choices)
    return reduce(lambda a, b: Message("{first} | {second}", first=a, second=b), words)
