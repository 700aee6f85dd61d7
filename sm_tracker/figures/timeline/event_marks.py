"""Events as marks in a lane of their own: a sign for the kind, the words of the author."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sm_tracker.domain.event_kinds import OTHER_EVENT, event_kind_in_languages
from sm_tracker.domain.timeline import day_axis, days_of_dates
from sm_tracker.figures.chronology import Chronology
from sm_tracker.figures.languages import capital, choose
from sm_tracker.figures.timeline.timeline_model import EventMark
from sm_tracker.languages import Language

SIGNS: Mapping[str, tuple[str, str]] = {
    "biopsy": ("D", "diamond"),
    "admission": ("s", "square"),
    "infection": ("^", "triangle-up"),
    "photo": ("o", "circle"),
    "pregnancy": ("p", "pentagon"),
    "surgery": ("v", "triangle-down"),
    "other": ("h", "hexagon"),
}
"""The sign of each kind in print and on the screen."""
_SPANS = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
LONGEST_LABEL = 40


def event_marks(events: pd.DataFrame, when: Chronology) -> tuple[EventMark, ...]:
    """The events of one patient in the order of their days.

    Parameters
    ----------
    events : DataFrame
        Contract EVENTS of the patient.
    """
    days, _dated = day_axis(events, "date", "day")
    marks = [
        _mark(row, float(t), when)
        for t, (_n, row) in zip(days.tolist(), events.iterrows(), strict=True)
        if t == t
    ]
    return tuple(sorted(marks, key=lambda m: (m.x, m.labels)))


def _mark(row: pd.Series, t: float, when: Chronology) -> EventMark:
    low, high = _span(row, t)
    text = " ".join(str(row["event"]).split())
    kind = _kind_word(str(row["kind"]), when.language)
    precision = str(row["date_precision"])
    note = " ".join(str(row["note"]).split())
    short = text if len(text) <= LONGEST_LABEL else ""
    said = when.when(when.x(t), precision)
    lines = (text, kind if kind.casefold() != text.casefold() else "", said, note)
    return EventMark(
        kind=str(row["kind"]),
        x=when.x((low + high) / 2),
        low=when.x(low),
        high=when.x(high),
        labels=tuple(dict.fromkeys(filter(None, (short, _named(row, kind))))),
        kind_text=kind,
        when_text=said,
        hover=tuple(filter(None, lines)),
    )


def _named(row: pd.Series, kind: str) -> str:
    """The word of the kind; of another event the first words of its own."""
    if row["kind"] != OTHER_EVENT:
        return kind
    words = str(row["event"]).split()
    return words[0] if words and len(words[0]) <= LONGEST_LABEL else ""


def _kind_word(kind: str, language: Language) -> str:
    names = event_kind_in_languages(kind)
    return capital(choose(language, names)) if names else ""


def _span(row: pd.Series, t: float) -> tuple[float, float]:
    """First and last day of the week, month, quarter or year that is known."""
    freq = _SPANS.get(str(row["date_precision"]))
    if freq is None or pd.isna(row["date"]):
        return t, t
    period = pd.Period(row["date"], freq=freq)
    ends = days_of_dates(pd.Series([period.start_time, period.end_time.normalize()]))
    return float(ends[0]), float(ends[1])
