"""Round ticks for values and for time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sm_tracker.figures.languages import date_of, date_text, month_text, number, say
from sm_tracker.figures.page.values import Tick
from sm_tracker.languages import Language

YEAR_DAYS = 365.25
_LEAST_SPAN_DAYS = 60.0
MONTH_DAYS = YEAR_DAYS / 12
_MOST_SPAN_IN_DAYS = 140.0
_DAY_STEPS = (1, 2, 5, 7, 14)


@dataclass(frozen=True, slots=True)
class Scale:
    """Range of a y axis with its ticks."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    decimals: int


def change_scale(
    values: Sequence[float],
    least: float,
    steps: Sequence[float],
    language: Language,
    *,
    least_decimals: int = 0,
) -> tuple[float, float, tuple[Tick, ...]]:
    """An axis of changes around zero: its ends and signed ticks.

    Parameters
    ----------
    values : sequence of float
    least : float
        The axis reaches at least so far to each side.
    steps : sequence of float
        Possible steps between ticks, rising; the first with six ticks or fewer is taken.
    language : {"en", "de", "fr"}
    least_decimals : int
        Fewest decimals of the ticks.
    """
    low, high = min([-least, *values]), max([least, *values])
    span = high - low
    # Room for the numbers, which stand beside their mark on the side away from zero.
    low, high = low - 0.22 * span, high + 0.17 * span
    step = next((s for s in steps if (high - low) / s <= 5), steps[-1])
    decimals = max(least_decimals, -math.floor(math.log10(step) + 1e-9))
    ticks = tuple(
        Tick(round(k * step, 6), number(k * step, decimals, language, sign=True) if k else "0")
        for k in range(math.ceil(low / step), math.floor(high / step) + 1)
    )
    return round(low, 4), round(high, 4), ticks


def value_scale(
    low: float,
    high: float,
    *,
    least_span: float,
    most_ticks: int,
    least_step: float,
    foot: float,
    language: Language,
    from_zero: bool = False,
) -> Scale:
    """A y axis around values from `low` to `high` that rarely starts at zero.

    Parameters
    ----------
    low, high : float
        Smallest and largest value drawn.
    least_span : float
        A narrower range is widened, so that noise does not look like change.
    most_ticks : int
    least_step : float
        Smallest step between ticks; the range starts on a multiple of it.
    foot : float
        Room left below the values, as a share of their span.
    from_zero : bool
        The axis begins at zero where no value lies below it.
    """
    span = max(high - low, least_span)
    middle = (low + high) / 2
    bottom = min(low, middle - span / 2) - foot * span
    top = max(high, middle + span / 2) + 0.12 * span
    if low >= 0:
        bottom = 0.0 if from_zero else max(bottom, 0.0)
    bottom = math.floor(bottom / least_step + 1e-9) * least_step
    step = _step(top - bottom, most_ticks, least_step)
    while math.floor(top / step + 1e-9) <= math.ceil(bottom / step - 1e-9):
        step = _finer(step)  # An axis with one number has no scale.
    decimals = max(0, -math.floor(math.log10(min(step, least_step)) + 1e-9))
    first = math.ceil(bottom / step - 1e-9)
    last = math.floor(top / step + 1e-9)
    ticks = tuple(
        Tick(round(k * step, 6), number(k * step, decimals, language))
        for k in range(first, last + 1)
    )
    return Scale(round(bottom, 6), round(top, 6), ticks, decimals)


def even_ticks(
    low: float, high: float, most: int, language: Language, *, sign: bool = False
) -> tuple[Tick, ...]:
    """Round numbers along an axis: at most `most`, and two at least.

    Examples
    --------
    >>> [t.text for t in even_ticks(-0.31, 0.12, 5, "en", sign=True)]
    ['\u22120.3', '\u22120.2', '\u22120.1', '0', '+0.1']
    """
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    sizes = [f * power for f in (10, 5, 2, 1, 0.5, 0.2, 0.1)]
    found: list[int] = []
    for step in sizes:
        inside = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        if len(inside) > most and len(found) >= 2:
            break
        found, used = list(inside), step
        if len(inside) > most:
            break
    decimals = max(0, -math.floor(math.log10(used) + 1e-9))
    return tuple(
        Tick(round(k * used, 9), number(k * used, decimals, language, sign=sign) if k else "0")
        for k in found
    )


def _finer(step: float) -> float:
    """The next smaller of 1, 2, 5, 10, 20 and so on."""
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    return {1: 0.5, 2: 1.0, 5: 2.0}[round(step / power)] * power


def _step(span: float, most: int, least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least) + 1e-9)
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            if step >= least - 1e-12 and span / step <= most:
                return step
        power *= 10


def time_range(first: float, last: float, *, dated: bool, arrow: bool) -> tuple[float, float]:
    """Limits of the time axis around the days drawn, with room for an arrow at the end."""
    span = max(last - first, _LEAST_SPAN_DAYS)
    middle = (first + last) / 2
    low = min(first - 0.02 * span, middle - span / 2)
    high = max(last + (0.025 if arrow else 0.015) * span, middle + span / 2)
    if dated:
        new_year = _days(dt.date(date_of(first).year, 1, 1))
        if first - 0.12 * span <= new_year and span > YEAR_DAYS:
            low = min(low, new_year - 0.005 * span)
    return low, high


def _days(day: dt.date) -> float:
    return float((day - dt.date(1970, 1, 1)).days)


def time_ticks(low: float, high: float, *, dated: bool, language: Language) -> tuple[Tick, ...]:
    """Ticks of the time axis: on the calendar, or days, months and years from day zero."""
    return _date_ticks(low, high, language) if dated else _day_ticks(low, high, language)


def _day_ticks(low: float, high: float, language: Language) -> tuple[Tick, ...]:
    """Days of a short course; months and years of a longer one, counted from day zero."""
    span = high - low
    if span > 3 * YEAR_DAYS:
        return _counted(low, high, 12 * max(1, math.ceil(span / YEAR_DAYS / 14)), language)
    if span > _MOST_SPAN_IN_DAYS:
        months = next((m for m in (1, 2, 3) if span / (m * MONTH_DAYS) <= 10), 6)
        return _counted(low, high, months, language)
    step = next(s for s in _DAY_STEPS if span / s <= 10)
    first, last = math.ceil(low / step), math.floor(high / step)
    return tuple(
        Tick(float(k * step), _length("tick_days", k * step, language), k % 2 == 0)
        for k in range(first, last + 1)
    )


def _counted(low: float, high: float, months: int, language: Language) -> tuple[Tick, ...]:
    """Ticks every so many months from day zero; whole years and day zero are the major ones."""
    size = months * MONTH_DAYS
    counts = range(math.ceil(low / size), math.floor(high / size) + 1)
    return tuple(
        Tick(k * size, _months_in_words(k * months, language), (k * months) % 12 == 0)
        for k in counts
    )


def _months_in_words(months: int, language: Language) -> str:
    if months % 12:
        return _length("tick_months", months, language)
    years = months // 12
    return _length("tick_year" if abs(years) == 1 else "tick_years", years, language)


def _length(unit: str, count: int, language: Language) -> str:
    return say(language, unit, n=number(count, 0, language)) if count else "0"


def _date_ticks(low: float, high: float, language: Language) -> tuple[Tick, ...]:
    span = high - low
    if span > 1.5 * YEAR_DAYS:
        return _year_ticks(low, high, language)
    if span > 100:
        months = next(m for m in (1, 2, 3) if span / (30.4 * m) <= 9 or m == 3)
        return _month_ticks(low, high, months, language)
    return _week_ticks(low, high, language)


def _week_ticks(low: float, high: float, language: Language) -> tuple[Tick, ...]:
    span = high - low
    step = 14 if span > 45 else 7 if span > 14 else 2
    days = range(math.ceil(low), math.floor(high) + 1, step)
    texts = [date_text(t, language) for t in days]
    # The year stands where it is new.
    years = [text.rpartition(" ")[2] for text in texts]
    short = [
        text.rpartition(" ")[0] if k and years[k] == years[k - 1] else text
        for k, text in enumerate(texts)
    ]
    return tuple(
        Tick(float(t), s, k % 2 == 0) for k, (t, s) in enumerate(zip(days, short, strict=True))
    )


def _year_ticks(low: float, high: float, language: Language) -> tuple[Tick, ...]:
    years = range(date_of(math.floor(low)).year, date_of(math.ceil(high)).year + 1)
    every = max(1, math.ceil(len(years) / 14))
    ticks = []
    for year in years:
        ticks.append(Tick(_days(dt.date(year, 1, 1)), str(year), year % every == 0))
        if every == 1:
            ticks.append(Tick(_days(dt.date(year, 7, 1)), month_text(7, language), False))
    return tuple(t for t in ticks if low <= t.at <= high)


def _month_ticks(low: float, high: float, every: int, language: Language) -> tuple[Tick, ...]:
    day = date_of(math.floor(low)).replace(day=1)
    ticks: list[Tick] = []
    while _days(day) <= high:
        if _days(day) >= low and (day.month - 1) % every == 0:
            named = not ticks or day.month == 1
            text = month_text(day.month, language) + (f" {day.year}" if named else "")
            ticks.append(Tick(_days(day), text, named))
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return tuple(ticks)
