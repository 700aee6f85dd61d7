"""What is known of the days on which a therapy period began and ended.

A date known to the week, month, quarter or year is a stretch of possible days; so is a limit
known from the tags of readings alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.domain.records import LIMITS_FROM_TAGS, PRECISIONS
from sm_tracker.domain.timeline import BoolArray, FloatArray, TextArray, days_of_texts

MONDAY = 3
"""Days from a Monday to 1970-01-01."""

_PRECISION_UNITS = dict(zip(PRECISIONS[1:], (("D", 7), ("M", 1), ("M", 3), ("Y", 1)), strict=True))


def possible_days(
    day: FloatArray, precision: TextArray, dated: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """First and last possible day of dates known to the day, week, month, quarter or year.

    Weeks begin on Monday (ISO 8601). Day numbers are always exact.
    """
    first, last = day.copy(), day.copy()
    for name, (unit, length) in _PRECISION_UNITS.items():
        rows = (precision == name) & dated & np.isfinite(day)
        if unit == "D":
            first[rows] = day[rows] - (day[rows] + MONDAY) % length
            last[rows] = first[rows] + length - 1
            continue
        number = day[rows].astype("int64").astype("datetime64[D]").astype(f"datetime64[{unit}]")
        begins = number.astype("int64") // length * length
        for limit, at in ((first, begins), (last, begins + length)):
            limit[rows] = at.astype(f"datetime64[{unit}]").astype("datetime64[D]").astype("int64")
        last[rows] -= 1
    return first, last


@dataclass(frozen=True, slots=True)
class TagLimits:
    """The four limits that tags give each period, in days; NaN where there is none.

    The first tagged reading is under the regimen already, the first one with another tag is
    not any more; in between the change may have come on any day. Where no reading with
    another tag comes first, nobody has said when the period began.
    """

    starts_after: FloatArray
    starts_by: FloatArray
    ends_after: FloatArray
    ends_by: FloatArray

    @classmethod
    def of(cls, frame: pd.DataFrame) -> TagLimits:
        """The limits in a frame of contract THERAPIES."""
        return cls(*(days_of_texts(frame[name], name) for name in LIMITS_FROM_TAGS))

    @property
    def of_start(self) -> BoolArray:
        """Which starts are known from tags."""
        return np.isfinite(self.starts_by)

    @property
    def of_end(self) -> BoolArray:
        """Which ends are known from tags."""
        return np.isfinite(self.ends_after)

    def starts(self, first: FloatArray, last: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and last possible start: these days, or what the tags say."""
        known, by = self.of_start, self.starts_by - 1
        after = np.where(np.isfinite(self.starts_after), self.starts_after, -np.inf)
        return np.where(known, np.minimum(after, by), first), np.where(known, by, last)

    def ends(self, first: FloatArray, last: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and last possible end: these days, or what the tags say."""
        known, after = self.of_end, self.ends_after
        until = np.fmax(self.ends_by - 1, after)
        return np.where(known, after, first), np.where(known, until, last)
