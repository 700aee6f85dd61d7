"""Therapy periods as bars in lanes: one lane a regimen, more where its periods overlap."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from sm_tracker.analysis.change.answers import answer_of
from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.records import tag_limit_of
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.figures.answer_words import word_text
from sm_tracker.figures.chronology import Chronology, period_names
from sm_tracker.figures.languages import (
    capital,
    expansion,
    headed,
    number,
    say,
    site_text,
)
from sm_tracker.figures.timeline.timeline_model import Bar, Lane, Session, TimelineView
from sm_tracker.languages import Language, speaking

_UNKNOWN_LEAST_DAYS = 14.0
_Change = Mapping[Hashable, Any]


def day_of_text(text: str) -> float:
    """Day of an ISO date or of a day number written as text.

    Examples
    --------
    >>> day_of_text("1970-01-11"), day_of_text("-3")
    (10.0, -3.0)
    """
    limit = tag_limit_of(text)
    return float((limit - dt.date(1970, 1, 1)).days if isinstance(limit, dt.date) else limit or 0)


def session_days(text: str) -> list[float]:
    """Days of sessions written as ISO dates or day numbers, separated by blanks.

    A word that is neither is passed over; the import has reported it.

    Examples
    --------
    >>> session_days("1970-01-11 12")
    [10.0, 12.0]
    """
    days = []
    for word in text.split():
        try:
            days.append(float(int(word)))
        except ValueError:
            try:
                days.append(float((dt.date.fromisoformat(word) - dt.date(1970, 1, 1)).days))
            except ValueError:
                continue
    return sorted(days)


def shown_periods(periods: Periods, view: TimelineView) -> list[int]:
    """Numbers of the periods that are drawn."""
    shown = periods.frame["show_in_figure"].to_numpy(dtype=bool)
    regimens = periods.frame["therapy"].tolist()
    return [i for i in range(len(regimens)) if shown[i] and regimens[i] not in view.hidden_regimens]


def last_day(periods: Periods, shown: Sequence[int], read_days: Sequence[float]) -> float:
    """Last day with anything known on it; open bars are drawn up to it."""
    days = list(read_days)
    for i in shown:
        days += [d for d in (periods.start_last[i], periods.end_last[i]) if math.isfinite(d)]
        days += session_days(str(periods.frame["session_dates"].iloc[i]))
    return max(days)


def make_bars(
    periods: Periods,
    shown: Sequence[int],
    reach: float,
    changes: pd.DataFrame,
    when: Chronology,
    view: TimelineView,
) -> list[Bar]:
    """The bars of the periods that are drawn, in order of start.

    Parameters
    ----------
    reach : float  [days on the patient's axis]
        Where ongoing bars and bars of unknown end stop.
    changes : DataFrame
        Contract CHANGES, rows of the focus series.
    """
    names = period_names(periods)
    own = changes.drop_duplicates("period_id").to_dict("records")
    by_period = {str(row["period_id"]): row for row in own}
    return [_bar(periods, i, names[i], reach, by_period, when, view) for i in shown]


def _bar(
    periods: Periods,
    i: int,
    name: str,
    reach: float,
    changes: Mapping[str, _Change],
    when: Chronology,
    view: TimelineView,
) -> Bar:
    row = periods.frame.iloc[i]
    start, latest_start = when.x(periods.drawn_from[i]), when.x(periods.start_last[i])
    status = row["end_status"]
    if status == "ended":
        end, earliest_end = when.x(periods.end_last[i]), when.x(periods.end_first[i])
    else:
        until = periods.end_last[i] if math.isfinite(periods.end_last[i]) else reach
        end = earliest_end = when.x(max(until, periods.start_last[i]))
    if status == "unknown":
        end = earliest_end = max(end, latest_start + _UNKNOWN_LEAST_DAYS)
    return Bar(
        period_id=row["period_id"],
        regimen=row["therapy"],
        name=name,
        start=start,
        end=end,
        middle_start=latest_start if row["starts_by"] else (start + latest_start) / 2,
        middle_end=earliest_end if row["ends_after"] else (end + earliest_end) / 2,
        end_status=status,
        focus=row["period_id"] == view.focus_period_id,
        labels=_labels(row, view),
        hover=_bar_hover(row, name, start, end, changes, when, view),
        sessions=_sessions(row, name, when),
        from_tags=bool(periods.from_tags[i]),
    )


def _labels(row: pd.Series, view: TimelineView) -> tuple[str, ...]:
    dose = " ".join(str(row["dose"]).split())
    counted = _cycles(row, dose, view)
    full = ", ".join(p for p in (dose, counted) if p)
    begun = dose.split(",")[0].strip()
    # What is left out of a dose must show: 600 mg alone would be another regimen.
    forms = (full, dose, begun if begun == dose else f"{begun} …", counted)
    return tuple(dict.fromkeys(f for f in forms if f))


def _cycles(row: pd.Series, dose: str, view: TimelineView) -> str:
    if not math.isfinite(row["cycles"]):
        return ""
    count = int(row["cycles"])
    if str(count) in "".join(c if c.isalnum() else " " for c in dose).split():
        return ""
    kind = row["kind"] if row["kind"] in ("pulse", "cyclic") else ""
    unit = say(view.language, f"unit_{'one_' if count == 1 else ''}{kind}")
    so_far = f" {say(view.language, 'so_far')}" if row["end_status"] == "ongoing" else ""
    return f"{count} {unit}{so_far}"


def limits_text(row: pd.Series, start: float, end: float, when: Chronology) -> str:
    """First and last day of a period in words, as exactly as they are known."""
    if row["starts_by"] or row["ends_after"]:
        return _limits_from_tags(row, start, end, when)
    first = when.when(start, row["date_precision"])
    if row["end_status"] != "ended":
        key = "ongoing" if row["end_status"] == "ongoing" else "end_unknown"
        return f"{first} – {say(when.language, key)}"
    last = when.when(end, row["end_date_precision"] or row["date_precision"])
    return first if first == last else f"{first} – {last}"


def _limits_from_tags(row: pd.Series, start: float, end: float, when: Chronology) -> str:
    language = when.language

    def between(after: str, by: str) -> str:
        words = [when.when(when.x(day_of_text(row[name]))) for name in (after, by) if row[name]]
        key = "between" if len(words) == 2 else "by"
        a, b = words[0], words[-1]
        return say(language, f"{key}_{when.kind}", a=a, b=b, first=a, last=b)

    first = between("starts_after", "starts_by") if row["starts_by"] else when.when(start)
    if row["end_status"] == "ended":
        last = between("ends_after", "ends_by") if row["ends_after"] else when.when(end)
        last = say(language, "tagged_end", end=last)
    else:
        last = say(language, "ongoing" if row["end_status"] == "ongoing" else "end_unknown")
    return say(language, "tagged_limits", start=first, end=last)


def _bar_hover(
    row: pd.Series,
    name: str,
    start: float,
    end: float,
    changes: Mapping[str, _Change],
    when: Chronology,
    view: TimelineView,
) -> tuple[str, ...]:
    full = expansion(row["therapy"], view.language)
    lines = [name, full if full.casefold() != name.casefold() else ""]
    lines.append(limits_text(row, start, end, when))
    lines.append(next(iter(_labels(row, view)), ""))
    own = changes.get(row["period_id"])
    if own is not None and math.isfinite(own["change_mm"]):
        lines.append(_change_line(own, view))
    return tuple(line for line in lines if line)


def _change_line(row: _Change, view: TimelineView) -> str:
    place = capital(site_text(row["site"], row["side"], view.language))
    first, last = (number(row[c], 2, view.language) for c in ("baseline_mm", "last_mm"))
    change = number(row["change_mm"], 2, view.language, sign=True)
    with speaking(view.language):
        word = word_text(answer_of(pd.Series(row)).word)
    return headed(place, f"{first} → {last} mm ({change} mm), {word}", view.language)


def _sessions(row: pd.Series, name: str, when: Chronology) -> tuple[Session, ...]:
    days = session_days(str(row["session_dates"]))
    return tuple(
        Session(x=when.x(t), hover=(f"{name} {k + 1}/{len(days)}", when.when(when.x(t))))
        for k, t in enumerate(days)
    )


def make_lanes(bars: Sequence[Bar]) -> tuple[Lane, ...]:
    """Bars in lanes, by first start; overlapping bars of one regimen take separate lanes."""
    lanes: list[list[Bar]] = []
    for bar in bars:
        free = (
            lane for lane in lanes if lane[0].regimen == bar.regimen and lane[-1].end <= bar.start
        )
        lane = next(free, None)
        if lane is None:
            lanes.append([bar])
        else:
            lane.append(bar)
    lanes_of = [lane[0].regimen for lane in lanes]
    return tuple(_lane(lane, alone=lanes_of.count(lane[0].regimen) == 1) for lane in lanes)


def _lane(bars: list[Bar], *, alone: bool) -> Lane:
    name = abbreviate(bars[0].regimen)
    if not alone:
        numbers = [b.name.rpartition("(")[2].rstrip(")") for b in bars]
        name = f"{name} ({', '.join(numbers)})"
    return Lane(
        name=name,
        regimen=bars[0].regimen,
        focus=any(b.focus for b in bars),
        bars=tuple(bars),
    )


def lane_key(
    bars: Sequence[Bar], precisions: set[str], language: Language, *, arrow: str = "key_ongoing"
) -> tuple[str, ...]:
    """What the marks of the lanes mean, for those that are drawn.

    `arrow` is ``"key_ongoing"`` with a sign for the screen, ``"arrow_ongoing"`` in words.
    """
    keys = []
    if any(b.sessions for b in bars):
        keys.append("key_sessions")
    if any(b.end_status == "ongoing" for b in bars):
        keys.append(arrow)
    inexact = precisions - {"day", ""}
    if any(b.approximate and b.from_tags for b in bars):
        keys.append("key_tags")
    if any(b.approximate and not b.from_tags for b in bars):
        keys.append(f"key_{inexact.pop()}" if len(inexact) == 1 else "key_inexact")
    if any(b.end_status == "unknown" for b in bars):
        keys.append("key_unknown")
    return tuple(say(language, k) for k in keys)
