"""Days in words: on the calendar or from day zero, and under which regimen a day lies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.timeline import FloatArray
from sm_tracker.figures.languages import date_text, listed, number, say
from sm_tracker.figures.page.values import AxisKind
from sm_tracker.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """How days of one figure are placed and worded."""

    kind: AxisKind
    zero: float
    title: str
    language: Language

    def x(self, t: float) -> float:
        """Place of a day of the patient's axis in the figure."""
        return float(t) if self.kind == "dates" else float(t - self.zero)

    def when(self, x: float, precision: str = "day") -> str:
        """A place of the figure in words, with a sign where it is not exact."""
        about = "" if precision == "day" else "≈ "
        if self.kind == "dates":
            return about + date_text(x, self.language, precision)
        return about + say(self.language, "day", day=number(x, 0, self.language))


def period_names(periods: Periods) -> list[str]:
    """Short name of each period: the regimen's abbreviation, numbered if given again."""
    therapy = periods.frame["therapy"].tolist()
    given = Counter(therapy)
    running: Counter[str] = Counter()
    names = []
    for regimen in therapy:
        running[regimen] += 1
        again = f" ({running[regimen]})" if given[regimen] > 1 else ""
        names.append(abbreviate(regimen) + again)
    return names


def exposure_teller(
    periods: Periods, language: Language, read_days: Sequence[float] = ()
) -> Callable[[float], str]:
    """Tells of a day, in words, under which regimens it lies, and since when.

    The first day of a period still belongs to the time before it; days of grace after an
    end are named as such where they count for a series with usable values on `read_days`.
    """
    names = period_names(periods)
    until = np.fmax(periods.end_last, _counts_until(periods, np.asarray(read_days)))

    def told(t: float) -> str:
        near = np.flatnonzero((periods.start_first < t) & (t <= until))
        words = [_one_exposure(t, periods, int(i), names[i], language) for i in near]
        return listed([w for w in words if w], language) or say(language, "no_therapy")

    return told


def _counts_until(periods: Periods, read_days: FloatArray) -> FloatArray:
    """Last day that counts under each period for one series.

    The grace holds for what is given in cycles, pulses or once, and elsewhere only where the
    series has no usable value from the run-in to the end.
    """
    begins = periods.start_last + np.maximum(periods.lag - 1, 0)
    days = read_days[:, None]
    read = ((days > begins) & (days <= periods.end_last)).any(axis=0)
    return np.where(periods.keeps_grace | ~read, periods.counts_until, periods.end_last)


def _one_exposure(t: float, periods: Periods, i: int, name: str, language: Language) -> str:
    start, sure = periods.start_first[i], periods.start_last[i]
    end, last = periods.end_first[i], periods.end_last[i]
    day = number(t - start, 0, language)
    if sure < t <= end:
        key = "day_under" if start == sure else "about_day_under"
        if periods.frame["starts_by"].iloc[i]:
            key = "tagged_under"
        elif periods.frame["end_status"].iloc[i] == "unknown":
            key = "since_start"
        return say(language, key, day=day, regimen=name)
    if start < t <= last:
        key = "maybe_tagged" if periods.from_tags[i] else "maybe_under"
        return say(language, key, regimen=name)
    if last < t:
        return say(language, "after_end", day=number(t - last, 0, language), regimen=name)
    return ""


def finite_values(values: object) -> list[float]:
    """The finite ones among numbers."""
    return [float(v) for v in np.ravel(np.asarray(values, dtype="float64")) if math.isfinite(v)]
