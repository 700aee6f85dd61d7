"""The name of a series, and records as members of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from sm_tracker.domain.records import Measurement

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


def key_of(row: Any) -> SeriesKey:
    """The series of a row (or record) with the fields of :class:`SeriesKey`."""
    mhz = row.frequency_mhz
    return SeriesKey(
        row.site, row.side, row.layer, row.device, None if mhz is None or mhz != mhz else float(mhz)
    )


def filled(reading: Measurement, series: SeriesKey) -> Measurement:
    """A reading as one of a series, with the names of the fields that were assumed."""
    blank = key_of(reading).left_blank(series)
    values: dict[str, Any] = {name: getattr(series, name) for name in blank}
    return replace(reading, **values, assumed=" ".join(blank))


def as_stated(reading: Measurement) -> Measurement:
    """A reading without what was assumed of it."""
    return replace(reading, **blanks_of(reading), assumed="") if reading.assumed else reading


def blanks_of(reading: Measurement) -> dict[str, Any]:
    """The fields of a reading that were assumed, as it stated them itself: blank."""
    return {name: None if name == "frequency_mhz" else "" for name in reading.assumed.split()}
