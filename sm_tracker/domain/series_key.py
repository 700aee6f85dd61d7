"""The name of a series, and records as members of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from sm_tracker.domain.records import Measurement, with_kept

_NOTHING = ("", None)


class SeriesKey(NamedTuple):
    """What names a series of one patient; None for a frequency that is not stated."""

    site: str
    side: str = ""
    layer: str = ""
    device: str = ""
    frequency_mhz: float | None = None

    def fits(self, other: SeriesKey) -> bool:
        """Whether no value that both state differs."""
        return all(
            a == b or a in _NOTHING or b in _NOTHING for a, b in zip(self, other, strict=True)
        )

    def left_blank(self, other: SeriesKey) -> tuple[str, ...]:
        """Fields that this one leaves blank and the other states."""
        return tuple(
            name
            for name, own, their in zip(self._fields, self, other, strict=True)
            if own in _NOTHING and their not in _NOTHING
        )

    def texts(self) -> tuple[str, ...]:
        """What is stated, field by field as text."""
        mhz = self.frequency_mhz
        return (*self[:4], "" if mhz is None else f"{mhz:g}")


def series_codes(keys: Iterable[SeriesKey], sign: str) -> dict[str, SeriesKey]:
    """The series of a patient by a short text: site and side, more where these are not enough.

    Examples
    --------
    >>> list(series_codes([SeriesKey("chest"), SeriesKey("hand", "left")], ":"))
    ['chest:', 'hand:left']
    """
    known = list(keys)
    sites = [key[:2] for key in known]
    return {sign.join(key[:2] if sites.count(key[:2]) == 1 else key.texts()): key for key in known}


def series_key_of(row: Any) -> SeriesKey:
    """The series of a row (or record) with the fields of :class:`SeriesKey`."""
    return key_from((row.site, row.side, row.layer, row.device, row.frequency_mhz))


def key_from(fields: Any) -> SeriesKey:
    """The series of five values in the order of the fields, where a frequency may be NaN."""
    site, side, layer, device, mhz = fields
    return SeriesKey(site, side, layer, device, None if mhz is None or mhz != mhz else float(mhz))


def stated_keys(readings: Iterable[Measurement]) -> list[SeriesKey]:
    """What each reading states of its series; equal ones are one object."""
    known: dict[tuple[Any, ...], SeriesKey] = {}
    found = []
    for fields in map(_FIELDS, readings):
        key = known.get(fields)
        if key is None:
            key = known[fields] = key_from(fields)
        found.append(key)
    return found


_FIELDS = attrgetter(*SeriesKey._fields)


def filled_from_series(reading: Measurement, series: SeriesKey) -> Measurement:
    """A reading as one of a series, with the names of the fields that were assumed."""
    blank = series_key_of(reading).left_blank(series)
    values: dict[str, Any] = {name: getattr(series, name) for name in blank}
    return replace(reading, **values, assumed=" ".join(blank))


def as_stated(reading: Measurement) -> Measurement:
    """A reading without what was assumed of it."""
    return with_kept(reading, **blanks_of(reading), assumed="") if reading.assumed else reading


def blanks_of(reading: Measurement) -> dict[str, Any]:
    """The fields of a reading that were assumed, as it stated them itself: blank."""
    return {name: None if name == "frequency_mhz" else "" for name in reading.assumed.split()}
