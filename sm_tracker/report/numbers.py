"""How numbers and dates are written: always with sign, unit and the same decimals.

The decimal mark and the names of months are those of the language in use.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from sm_tracker import languages
from sm_tracker.figures.languages import date_text, listed
from sm_tracker.figures.languages import month_text as month_name
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext

MINUS = "\u2212"


def decimals(value: float, n: int) -> str:
    """A number with `n` decimals and the decimal mark of the language."""
    text = f"{value:.{n}f}"
    return text if languages.current() == "en" else text.replace(".", ",")


def signed(value: float, n: int) -> str:
    """A number with its sign, a true minus, and no sign at zero."""
    text = decimals(abs(value), n)
    if not text.strip("0.,"):
        return text
    return ("+" if value > 0 else MINUS) + text


def mm(value: float) -> str:
    """A thickness: ``2.49``."""
    return decimals(value, 2)


def change_mm(value: float) -> str:
    """A change: ``−0.87 mm``."""
    return f"{signed(value, 2)} mm"


def per_cent(value: float) -> str:
    """A change in per cent: ``−35 %``."""
    return f"{signed(value, 0)} %"


def plus_minus(value: float) -> str:
    """An error: ``±0.41 mm``."""
    return f"±{decimals(value, 2)} mm"


def interval(low: float, high: float, n: int = 2) -> str:
    """Limits with `n` decimals: ``[−1.02, −0.08]``."""
    limits = signed(low, n), signed(high, n)
    # Semicolons where the comma is the decimal mark.
    return f"[{', '.join(limits) if languages.current() == 'en' else listed(limits)}]"


def whole(value: float) -> str:
    """A count; halves (ties among pairs) stay visible."""
    return f"{value:.0f}" if float(value).is_integer() else decimals(value, 1)


def n_visit_values(n: int) -> str:
    """``1 visit value``, ``4 visit values``."""
    return ngettext("{n} visit value", "{n} visit values", n).format(n=n)


def n_readings(n: float) -> str:
    """A number of readings: ``3 readings``."""
    return ngettext("{n} reading", "{n} readings", n).format(n=f"{n:.0f}")


def day_text(date: object, day: float) -> str:
    """A calendar date as ``25 Aug 2025``, or ``day 182`` where there is none."""
    if isinstance(date, dt.date) and date == date:
        point = "." if languages.current() == "de" else ""
        return f"{date.day}{point} {month_name(date.month, languages.current())} {date.year}"
    return "" if math.isnan(day) else day_number(day)


def day_number(day: float) -> str:
    """A day of an axis without calendar: ``day 182``."""
    return _("day {number}").format(number=f"{day:.0f}")


def rough_date(date: dt.date, precision: str) -> str:
    """A date known to the week, month, quarter or year: ``≈ Mar 2021``."""
    days = date.toordinal() - dt.date(1970, 1, 1).toordinal()
    return f"≈ {date_text(days, languages.current(), precision)}"


@dataclass(frozen=True, slots=True)
class When:
    """How a day is written: as a calendar date, or in days from `zero`."""

    zero: float | None = None

    def day(self, date: object, day: float) -> str:
        """A day in words."""
        if self.zero is None:
            return day_text(date, day)
        return "" if math.isnan(day) else day_number(day - self.zero)

    def limit(self, date: object, day: float, precision: str) -> str:
        """The limit of a therapy period, which may be known only roughly."""
        if precision == "day" or math.isnan(day):
            return self.day(date, day)
        if self.zero is None and isinstance(date, dt.date) and date == date:
            return rough_date(date, precision)
        return _("about {day}").format(day=self.day(date, day))
