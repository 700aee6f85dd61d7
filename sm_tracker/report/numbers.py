"""How numbers and dates are written: always with sign, unit and the same decimals."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

MINUS = "\u2212"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def signed(value: float, decimals: int) -> str:
    """A number with its sign, a true minus, and no sign at zero."""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else MINUS) + text


def mm(value: float) -> str:
    """A thickness: ``2.49``."""
    return f"{value:.2f}"


def change_mm(value: float) -> str:
    """A change: ``−0.87 mm``."""
    return f"{signed(value, 2)} mm"


def per_cent(value: float) -> str:
    """A change in per cent: ``−35 %``."""
    return f"{signed(value, 0)} %"


def plus_minus(value: float) -> str:
    """An error: ``±0.41 mm``."""
    return f"±{value:.2f} mm"


def interval(low: float, high: float) -> str:
    """Limits: ``[−1.02, −0.08]``."""
    return f"[{signed(low, 2)}, {signed(high, 2)}]"


def from_to(first: float, last: float) -> str:
    """Two thicknesses: ``2.49 → 1.62 mm``."""
    return f"{mm(first)} → {mm(last)} mm"


def whole(value: float) -> str:
    """A count; halves (ties among pairs) stay visible."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"


def day_text(date: object, day: float) -> str:
    """A calendar date as ``25 Aug 2025``, or ``day 182`` where there is none."""
    if isinstance(date, dt.date) and date == date:
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
    return "" if math.isnan(day) else f"day {day:.0f}"


def month_text(date: dt.date, precision: str) -> str:
    """A date known to the month or year: ``≈ Mar 2021``."""
    return f"≈ {date.year}" if precision == "year" else f"≈ {MONTHS[date.month - 1]} {date.year}"


@dataclass(frozen=True, slots=True)
class When:
    """How a day is written: as a calendar date, or in days from `zero`."""

    zero: float | None = None

    def day(self, date: object, day: float) -> str:
        """A day in words."""
        if self.zero is None:
            return day_text(date, day)
        return "" if math.isnan(day) else f"day {day - self.zero:.0f}"

    def limit(self, date: object, day: float, precision: str) -> str:
        """The limit of a therapy period, which may be known to the month or year only."""
        if precision == "day" or math.isnan(day):
            return self.day(date, day)
        if self.zero is None and isinstance(date, dt.date):
            return month_text(date, precision)
        return f"about {self.day(date, day)}"
