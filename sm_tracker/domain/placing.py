"""Into which series single readings go, seen against all readings there are of a site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sm_tracker.domain.records import Measurement, Place, with_kept
from sm_tracker.domain.series_key import SeriesKey, series_key_of, stated_keys

_Stated = tuple[str, SeriesKey]
"""A patient, and what a reading states of its series."""


class StoredReadings(Protocol):
    """The readings there are already, of which new ones may be part."""

    def stated_series(self, patient_ids: Collection[str]) -> Mapping[str, Collection[SeriesKey]]:
        """What is stated of the series of each patient: each combination once."""

    def measurements(self, patient_ids: Collection[str]) -> Sequence[Measurement]:
        """The readings of patients."""


class NoStoredReadings:
    """There are no readings yet."""

    def stated_series(self, patient_ids: Collection[str]) -> Mapping[str, Collection[SeriesKey]]:
        """Nothing."""
        return {}

    def measurements(self, patient_ids: Collection[str]) -> Sequence[Measurement]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class PlacedReading:
    """Where a reading goes that does not state its whole series.

    Attributes
    ----------
    series : SeriesKey
        The one it joins; its own, with blanks, where it fits several.
    choices : tuple of SeriesKey
        The series it fits, where there are several; else empty.
    """

    series: SeriesKey
    choices: tuple[SeriesKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where new readings go, and what they do to those that were there.

    Attributes
    ----------
    stated : list of SeriesKey
        What each reading states of its series itself.
    found : dict of int to Placed
        Readings that join a series by assumption, or fit several, by their place in the list.
    unsettled : tuple of (str, Placed)
        Patient and combination of readings there were, which belonged to one series so far and
        now fit several.
    """

    stated: list[SeriesKey]
    found: dict[int, PlacedReading]
    unsettled: tuple[tuple[str, PlacedReading], ...] = ()


def place_readings(
    readings: Sequence[Measurement], held: StoredReadings | None = None
) -> Placement:
    """Where readings go that leave part of their series blank.

    Parameters
    ----------
    readings : sequence of Measurement
        New ones.
    held : Held, optional
        What there is already of the same patients.
    """
    held = held or NoStoredReadings()
    stated = stated_keys(readings)
    there = held.stated_series({m.patient_id for m in readings})
    old = {(patient, key) for patient, keys in there.items() for key in keys}
    new = {(m.patient_id, key) for m, key in zip(readings, stated, strict=True)}
    doubtful = _of_doubtful_sites([*new, *old])
    if not doubtful:
        return Placement(stated, {})
    places = _places(doubtful)
    same: dict[str, _SameReadings] = {}
    found = {}
    for i, (m, key) in enumerate(zip(readings, stated, strict=True)):
        place = places.get((m.patient_id, key))
        if place is None or place == PlacedReading(key):
            continue
        if place.choices:
            if m.patient_id not in same:
                same[m.patient_id] = _SameReadings(held.measurements([m.patient_id]))
            place = same[m.patient_id].place_of(m, place.series) or place
        found[i] = place
    return Placement(stated, found, _unsettled(doubtful & old, places))


def _of_doubtful_sites(stated: Iterable[_Stated]) -> set[_Stated]:
    """Combinations of the sites whose readings do not all state the same."""
    of_site: dict[tuple[str, str], set[_Stated]] = defaultdict(set)
    for patient, key in stated:
        of_site[patient, key.site].add((patient, key))
    return set().union(*(found for found in of_site.values() if len(found) > 1))


def _places(stated: Iterable[_Stated]) -> dict[_Stated, PlacedReading]:
    """Where each combination goes among all combinations of its site."""
    combinations = list(stated)
    series = _series_of(combinations)
    known: dict[tuple[str, str], dict[SeriesKey, bool]] = defaultdict(dict)
    for (patient, _), (key, several) in zip(combinations, series, strict=True):
        known[patient, key.site][key] = several
    return {
        combination: _among(known[combination[0], key.site], key) if several else PlacedReading(key)
        for combination, (key, several) in zip(combinations, series, strict=True)
    }


def _series_of(stated: Sequence[_Stated]) -> list[tuple[SeriesKey, bool]]:
    """The series of each combination, and whether it fits several."""
    # Imported here, so that a file whose sites leave no doubt does not wait for it.
    import pandas as pd

    from sm_tracker.domain.series import SERIES_KEYS, join_series

    frame = pd.DataFrame([(patient, *key) for patient, key in stated], columns=list(SERIES_KEYS))
    frame = frame.astype({k: "float64" if k == "frequency_mhz" else "str" for k in SERIES_KEYS})
    joined = join_series(frame)
    rows = frame.assign(**joined.keys).itertuples(index=False)
    return list(zip(map(series_key_of, rows), joined.ambiguous.tolist(), strict=True))


def _among(known: Mapping[SeriesKey, bool], own: SeriesKey) -> PlacedReading:
    """A reading that stays apart, with the series that it fits, those that state most first.

    What is ambiguous itself is named only where there are not two others.
    """
    fitting = [key for key in known if key.fits(own) and own.left_blank(key)]
    clear = [key for key in fitting if not known[key]]
    fitting = clear if len(clear) > 1 else fitting
    fitting.sort(key=lambda key: (-len(own.left_blank(key)), key.texts()))
    return PlacedReading(own, tuple(fitting))


def _unsettled(
    old: Collection[_Stated], places: Mapping[_Stated, PlacedReading]
) -> tuple[tuple[str, PlacedReading], ...]:
    """Combinations that fit several series now and, by themselves, would not."""
    now = [combination for combination in old if places[combination].choices]
    before = _places(old) if now else {}
    return tuple(
        (patient, places[patient, key])
        for patient, key in sorted(now, key=str)
        if not before[patient, key].choices
    )


class _SameReadings:
    """Readings that are stored already; one that comes again is of the series it went to."""

    def __init__(self, held: Iterable[Measurement]) -> None:
        self._held: dict[Measurement, list[SeriesKey]] = defaultdict(list)
        for m in held:
            self._held[_without_series(m)].append(series_key_of(m))

    def place_of(self, reading: Measurement, own: SeriesKey) -> PlacedReading | None:
        """Where the same reading is stored, None where it is not."""
        found = {k for k in self._held.get(_without_series(reading), ()) if k.fits(own)}
        return PlacedReading(found.pop()) if len(found) == 1 else None


def _without_series(m: Measurement) -> Measurement:
    return with_kept(
        m, side="", layer="", device="", frequency_mhz=None, assumed="", place=Place(), doubt="",
        doubt_reason="",
    )  # fmt: skip
