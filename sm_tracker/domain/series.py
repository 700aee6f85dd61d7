"""Which readings are one series: stated values that differ stay apart, a blank one joins.

A series is one patient, body site, side, layer, device and frequency. Clinics leave some of
these blank, so the law looks at what the readings of one site contradict. Two readings *fit*
if no value that both state differs.

* The types of a site are the combinations that state everything in which its readings differ.
* Readings that contradict every type are of types of their own: those that fit one another,
  and nothing of these that contradicts another of them, are one together.
* A reading joins the one type it fits. One that fits several stays apart and is ambiguous.

What all readings state alike, or none states, tells nothing apart and is never missing. So a
blank may be filled with the only value there is, and a join may be written down, without
another series coming out of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.domain.missing import is_unknown
from sm_tracker.domain.series_key import SeriesKey, key_from, series_key_of

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SERIES_KEYS = ("patient_id", "site", "side", "layer", "device", "frequency_mhz")
TYPE_KEYS = SERIES_KEYS[2:]
"""What tells the series of one site apart."""

_BLANK = 0
_MOST_AT_ONCE = 2_000_000
"""Pairs of combinations compared in one sweep, so that the memory is bounded."""


@dataclass(frozen=True, slots=True)
class JoinedSeries:
    """The series of each row of a table of readings.

    Attributes
    ----------
    number : ndarray of int
        Of the series; follows the sorted keys, so it does not depend on the order of rows.
    keys : dict of str to Series
        Side, layer, device and frequency of the series of each row: all that is stated by
        any of its rows. Words for unknown are blank.
    joined : ndarray of bool
        Whether the rows of the series do not all state the same.
    ambiguous : ndarray of bool
        Whether the row fits several series, and stays apart for that.
    """

    number: IntArray
    keys: dict[str, pd.Series]
    joined: BoolArray
    ambiguous: BoolArray


def join_series(readings: pd.DataFrame) -> JoinedSeries:
    """Find the series of each reading.

    Parameters
    ----------
    readings : DataFrame
        With the columns :data:`SERIES_KEYS`.

    Returns
    -------
    JoinedSeries
    """
    coded = {key: _codes(readings[key], key) for key in SERIES_KEYS}
    site = _numbered(coded[key].code for key in SERIES_KEYS[:2])
    row_kind = _numbered([site, *(coded[key].code for key in TYPE_KEYS)])
    _, first = np.unique(row_kind, return_index=True)
    stated = np.column_stack([coded[key].code[first] for key in TYPE_KEYS])
    kind = _series_of(site[first], stated)
    number = _numbered([site[first], *kind.stated.T])
    keys = {
        key: coded[key].column(kind.stated[:, k], stated[:, k], row_kind, readings[key])
        for k, key in enumerate(TYPE_KEYS)
    }
    return JoinedSeries(number[row_kind], keys, kind.joined[row_kind], kind.ambiguous[row_kind])


def series_numbers(frame: pd.DataFrame) -> IntArray:
    """Number the series of rows whose blanks are joined already, such as visit values."""
    return _numbered(_codes(frame[key], key).code for key in SERIES_KEYS)


def without_unknown(labels: pd.Series) -> pd.Series:
    """A column of labels, blank where one says that nobody knows."""
    unknown = [label for label in labels.dropna().unique() if is_unknown(str(label))]
    return labels.mask(labels.isin(unknown), "")


@dataclass(frozen=True, slots=True)
class _Coded:
    """A column as numbers in the order of its sorted values; zero is a blank."""

    code: IntArray
    labels: npt.NDArray[Any]
    reworded: bool

    def column(
        self, of_kind: IntArray, stated: IntArray, row_kind: IntArray, written: pd.Series
    ) -> pd.Series:
        """The values of the series; the column as it is where nothing was joined or reworded."""
        if not self.reworded and np.array_equal(of_kind, stated):
            return written
        labels = pd.Series(self.labels, dtype=written.dtype)
        return labels.take(of_kind[row_kind]).set_axis(written.index)


def _codes(column: pd.Series, key: str) -> _Coded:
    found, values = pd.factorize(column, sort=True)
    labels = np.asarray(values, dtype="float64" if key == "frequency_mhz" else object)
    if key == "frequency_mhz":
        return _Coded(found.astype("int64") + 1, np.r_[np.nan, labels], reworded=False)
    if key not in TYPE_KEYS:
        return _Coded(found.astype("int64") + 1, labels, reworded=False)
    known = np.array([not is_unknown(str(label)) for label in labels], dtype=bool)
    rank = np.where(known, np.cumsum(known), _BLANK)
    reworded = bool((labels[~known] != "").any())
    return _Coded(np.r_[rank, _BLANK][found], np.r_[[""], labels[known]], reworded)


def _numbered(codes: Any) -> IntArray:
    """One number for each combination of codes, in the order of the codes."""
    number: IntArray | int = 0
    for code in codes:
        # Renumbered at every key, so that the product of many keys cannot overflow.
        most = int(code.max(initial=0)) + 1
        _, number = np.unique(number * most + code, return_inverse=True)
    return np.asarray(number, dtype="int64")


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The series of each distinct combination of what readings of a site state."""

    stated: IntArray
    joined: BoolArray
    ambiguous: BoolArray


def _series_of(site: IntArray, stated: IntArray) -> _Kinds:
    """Series of distinct combinations, sorted by site.

    Only sites with several combinations need work.
    """
    together = stated.copy()
    joined, ambiguous = (np.zeros(len(site), dtype=bool) for _ in range(2))
    several = np.flatnonzero(np.bincount(site)[site] > 1) if site.size else site
    if several.size:
        own = np.unique(site[several], return_inverse=True)[1]
        telling = _telling(own, stated[several])
        apart = _numbered([own, *telling.T])
        _, first = np.unique(apart, return_index=True)
        lead, unsure = _leads(own[first], telling[first])
        series = lead[apart]
        of_series = np.zeros((lead.size, stated.shape[1]), dtype="int64")
        np.maximum.at(of_series, series, stated[several])
        together[several] = of_series[series]
        joined[several] = np.bincount(series)[series] > 1
        ambiguous[several] = unsure[apart]
    return _Kinds(together, joined, ambiguous)


def _telling(site: IntArray, stated: IntArray) -> IntArray:
    """The same combinations without the values in which a site does not differ."""
    first = np.flatnonzero(np.r_[True, np.diff(site) > 0])
    most = np.maximum.reduceat(stated, first)
    least = np.minimum.reduceat(np.where(stated == _BLANK, np.iinfo("int64").max, stated), first)
    return np.asarray(stated * (least < most)[site])


def _leads(site: IntArray, stated: IntArray) -> tuple[IntArray, BoolArray]:
    """For each combination the first one of its series, and whether it is ambiguous.

    Combinations are distinct and sorted by site, without what tells nothing apart.
    """
    lead, unsure = np.arange(len(site)), np.zeros(len(site), dtype=bool)
    first = np.flatnonzero(np.r_[True, np.diff(site) > 0])
    size = np.diff(np.r_[first, len(site)])
    telling = np.asarray(np.maximum.reduceat(stated, first) > _BLANK)
    full = ((stated > _BLANK) | ~telling[site]).all(axis=1)
    partial = ~np.logical_and.reduceat(full, first)
    for n in np.unique(size[partial]):
        own = np.flatnonzero(partial & (size == n))
        for some in np.array_split(own, -(-own.size * n * n // _MOST_AT_ONCE)):
            members = first[some][:, None] + np.arange(n)
            leads, alone = _leads_of_sites(stated[members], telling[some])
            lead[members] = np.take_along_axis(members, leads, axis=1)
            unsure[members] = alone
    return lead, unsure


def _leads_of_sites(stated: IntArray, telling: BoolArray) -> tuple[IntArray, BoolArray]:
    """The first combination of each one's series within its site, and what is ambiguous.

    Parameters
    ----------
    stated : ndarray of int
        Codes by site, combination and key.
    telling : ndarray of bool
        By site and key: whether the combinations differ in it.
    """
    while True:
        fits = _fitting(stated)
        full = np.asarray(((stated > _BLANK) | ~telling[:, None]).all(axis=2))
        # Types, and what contradicts all of them and is a type or a part of one itself.
        typical = np.asarray(full | ~(fits & full[:, None]).any(axis=2))
        candidates = fits & typical[:, None]
        settled = _agree(candidates, fits)
        members = candidates & settled[:, None]
        lead = np.argmax(members, axis=2)
        together = np.where(members[..., None], stated[:, None], _BLANK).max(axis=2)
        written = np.where((settled & typical)[..., None], together, stated)
        # What parts of a type state together can be a full type, and decide on others.
        if np.array_equal(written, stated):
            own = np.arange(stated.shape[1])
            return np.where(settled, lead, own), ~settled
        stated = written


def _fitting(stated: IntArray) -> BoolArray:
    """Which combinations of each site fit which, from codes by site, combination and key."""
    one, other = stated[:, :, None], stated[:, None]
    return np.asarray(((one == other) | (one == _BLANK) | (other == _BLANK)).all(axis=-1))


def _agree(chosen: BoolArray, fits: BoolArray) -> BoolArray:
    """Whether the combinations chosen for each one fit one another."""
    weight = chosen.astype("float64")
    pairs = ((weight @ fits.astype("float64")) * weight).sum(axis=2)
    return np.asarray(pairs == weight.sum(axis=2) ** 2)


def keys_of(frame: pd.DataFrame) -> list[SeriesKey]:
    """The distinct series of a table of one patient, in the order of its rows."""
    distinct = frame[list(SeriesKey._fields)].drop_duplicates()
    return [series_key_of(row) for row in distinct.itertuples(index=False)]


def ordered_series(visits: pd.DataFrame) -> list[SeriesKey]:
    """The series of one patient (contract VISITS): the sites measured most often first.

    Every list, button and figure follows this order. A site is counted over all its series.
    """
    counts: dict[SeriesKey, tuple[int, int]] = {}
    of_site: dict[tuple[str, str], int] = {}
    known = visits.groupby(list(SeriesKey._fields), dropna=False, sort=True)["state"]
    for fields, states in known:
        key = key_from(fields)
        usable = int((states == "ok").sum())
        counts[key] = (usable, len(states))
        of_site[key[:2]] = of_site.get(key[:2], 0) + usable

    def rank(key: SeriesKey) -> tuple[int, tuple[str, str], int, int]:
        usable, n = counts[key]
        return -of_site[key[:2]], key[:2], -n, -usable

    return sorted(counts, key=rank)


def sites_among(keys: Iterable[SeriesKey]) -> list[tuple[str, str]]:
    """The sites of series, each with its side; a blank side beside stated ones adds none."""
    found = dict.fromkeys(key[:2] for key in keys)
    sided = {site for site, side in found if side}
    return [(site, side) for site, side in found if side or site not in sided]


def rows_of_series(frame: pd.DataFrame, key: SeriesKey) -> pd.Series:
    """Which rows of a table of one patient are of a series."""
    mhz = frame["frequency_mhz"]
    own = mhz.isna() if key.frequency_mhz is None else mhz == key.frequency_mhz
    for name in SeriesKey._fields[:4]:
        own &= frame[name] == getattr(key, name)
    return own
