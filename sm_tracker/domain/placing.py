"""Into which series single readings go, seen against all readings there are of a site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sm_tracker.domain.records import Measurement, Place
from sm_tracker.domain.series_key import SeriesKey, key_of


class Held(Protocol):
    """The readings there are already, of which new ones may be part."""

    def stated_series(self, patient_ids: Collection[str]) -> Mapping[str, Collection[SeriesKey]]:
        """What is stated of the series of each patient: each combination once."""

    def measurements(self, patient_ids: Collection[str]) -> Sequence[Measurement]:
        """The readings of patients."""


class NothingHeld:
    """There are no readings yet."""

    def stated_series(self, patient_ids: Collection[str]) -> Mapping[str, Collection[SeriesKey]]:
        """Nothing."""
        return {}

    def measurements(self, patient_ids: Collection[str]) -> Sequence[Measurement]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Placed:
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
    found : dict of int to Placed
        Readings that join a series by assumption, or fit several, by their place in the list.
    unsettled : tuple of (str, Placed)
        Patient and combination of readings there were, which belonged to one series so far and
        now fit several.
    """

    found: dict[int, Placed]
    unsettled: tuple[tuple[str, Placed], ...] = ()


def placed(readings: Sequence[Measurement], held: Held | None = None) -> Placement:
    """Where readings go that leave part of their series blank.

    Parameters
    ----------
    readings : sequence of Measurement
        New ones.
    held : Held, optional
        What there is already of the same patients.
    """
    held = held or NothingHeld()
    written = [(m.patient_id, key_of(m)) for m in readings]
    there = held.stated_series({m.patient_id for m in readings})
    of_held = [(patient, key) for patient, keys in there.items() for key in keys]
    sites = _sites_in_doubt([*written, *of_held])
    if not sites:
        return Placement({})
    own = [i for i, (patient, key) in enumerate(written) if (patient, key.site) in sites]
    beside = [(patient, key) for patient, key in of_held if (patient, key.site) in sites]
    stated = [*(written[i] for i in own), *beside]
    series = _series_of(stated)
    new, old = series[: len(own)], series[len(own) :]
    found = {i: Placed(key) for i, (key, _) in zip(own, new, strict=True) if key != written[i][1]}
    if not any(several for _, several in series):
        return Placement(found)
    known = _by_site(stated, series)
    unsure = {i: key for i, (key, several) in zip(own, new, strict=True) if several}
    same = _SameReadings(held.measurements({readings[i].patient_id for i in unsure}))
    for i, key in unsure.items():
        there_are = known[readings[i].patient_id, key.site]
        found[i] = same.place_of(readings[i], key) or _among(there_are, key)
    alone = _series_of(beside) if beside else []
    unsettled = [
        (patient, _among(known[patient, key.site], key))
        for (patient, _), (key, now), (_, before) in zip(beside, old, alone, strict=True)
        if now and not before
    ]
    return Placement(dict(sorted(found.items())), tuple(unsettled))


def _sites_in_doubt(stated: Iterable[tuple[str, SeriesKey]]) -> set[tuple[str, str]]:
    """The sites whose readings do not all state the same."""
    found: dict[tuple[str, str], set[SeriesKey]] = defaultdict(set)
    for patient, key in stated:
        found[patient, key.site].add(key)
    return {site for site, keys in found.items() if len(keys) > 1}


def _series_of(stated: Sequence[tuple[str, SeriesKey]]) -> list[tuple[SeriesKey, bool]]:
    """The series of each reading from what is stated of it, and whether it fits several."""
    # Imported here, so that a file whose sites leave no doubt does not wait for it.
    import pandas as pd

    from sm_tracker.domain.series import SERIES_KEYS, join_series

    frame = pd.DataFrame([(patient, *key) for patient, key in stated], columns=list(SERIES_KEYS))
    frame = frame.astype({k: "float64" if k == "frequency_mhz" else "str" for k in SERIES_KEYS})
    joined = join_series(frame)
    rows = frame.assign(**joined.keys).itertuples(index=False)
    return list(zip(map(key_of, rows), joined.ambiguous.tolist(), strict=True))


def _by_site(
    stated: Sequence[tuple[str, SeriesKey]], series: Sequence[tuple[SeriesKey, bool]]
) -> dict[tuple[str, str], dict[SeriesKey, bool]]:
    """The series of each site, and whether each is ambiguous itself."""
    found: dict[tuple[str, str], dict[SeriesKey, bool]] = defaultdict(dict)
    for (patient, _), (key, several) in zip(stated, series, strict=True):
        found[patient, key.site][key] = several
    return found


def _among(known: Mapping[SeriesKey, bool], own: SeriesKey) -> Placed:
    """A reading that stays apart, with the series that it fits, those that state most first.

    What is ambiguous itself is named only where there are not two others.
    """
    fitting = [key for key in known if key.fits(own) and own.left_blank(key)]
    clear = [key for key in fitting if not known[key]]
    fitting = clear if len(clear) > 1 else fitting
    fitting.sort(key=lambda key: (-len(own.left_blank(key)), key.texts()))
    return Placed(own, tuple(fitting))


class _SameReadings:
    """Readings that are stored already; one that comes again is of the series it went to."""

    def __init__(self, held: Iterable[Measurement]) -> None:
        self._held: dict[Measurement, list[SeriesKey]] = defaultdict(list)
        for m in held:
            self._held[_without_series(m)].append(key_of(m))

    def place_of(self, reading: Measurement, own: SeriesKey) -> Placed | None:
        """Where the same reading is stored, None where it is not."""
        found = {k for k in self._held.get(_without_series(reading), ()) if k.fits(own)}
        return Placed(found.pop()) if len(found) == 1 else None


def _without_series(m: Measurement) -> Measurement:
    return replace(
        m, side="", layer="", device="", frequency_mhz=None, assumed="", place=Place(), doubt="",
        doubt_reason="",
    )  # fmt: skip
