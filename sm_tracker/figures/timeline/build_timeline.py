"""The figure model: what a timeline shows, decided once for screen and print.

Nothing here knows plotly or matplotlib; both renderers draw the same frozen values, so
that a picture in a paper cannot differ from the one on the screen.
"""

from __future__ import annotations

import dataclasses
import math

import pandas as pd

from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.exposure import Periods, periods_on_axis
from sm_tracker.domain.series import rows_of_series
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import (
    EVENTS,
    OUTCOMES,
    THERAPIES,
    THICKNESS,
    VISITS,
    Table,
    completed_table,
)
from sm_tracker.domain.timeline import day_axis, require_one_axis
from sm_tracker.errors import SettingError
from sm_tracker.figures.chronology import Chronology, finite_values, period_names
from sm_tracker.figures.languages import capital, listed, require_language, say
from sm_tracker.figures.page.scales import time_range, time_ticks
from sm_tracker.figures.page.values import AxisKind
from sm_tracker.figures.timeline.alt_text import FigureContent, alt_text, figure_rows, row_titles
from sm_tracker.figures.timeline.curves import (
    Series,
    make_series,
    usual_replicates,
)
from sm_tracker.figures.timeline.event_marks import event_marks
from sm_tracker.figures.timeline.lanes import (
    lane_key,
    last_day,
    make_bars,
    make_lanes,
    session_days,
    shown_periods,
)
from sm_tracker.figures.timeline.notes import abbreviations_text, notes_of
from sm_tracker.figures.timeline.panels import outcome_panels, thickness_panels
from sm_tracker.figures.timeline.timeline_model import (
    Bar,
    EventMark,
    Shading,
    TimeAxis,
    TimelineModel,
    TimelineView,
)
from sm_tracker.languages import Language, Message

__all__ = ["TimelineModel", "TimelineView", "default_view", "figure_table", "timeline_model"]


def timeline_model(
    visits: pd.DataFrame,
    therapies: pd.DataFrame,
    outcomes: pd.DataFrame | None,
    changes: pd.DataFrame | None,
    settings: Settings,
    view: TimelineView,
    events: pd.DataFrame | None = None,
) -> TimelineModel:
    """Everything that one patient's timeline shows.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS, from ``visit_values``; may hold other patients too.
    therapies : DataFrame
        Contract THERAPIES.
    outcomes : DataFrame or None
        Contract OUTCOMES.
    changes : DataFrame or None
        Contract CHANGES, from ``change_table`` on the same readings; gives the baselines
        of the error band and of per cent. Without it there is no band.
    settings : Settings
    view : TimelineView
    events : DataFrame, optional
        Contract EVENTS.

    Returns
    -------
    TimelineModel
        Complete for any patient: without readings, without therapy, with one reading.

    Raises
    ------
    SettingError
        If the view names a site, period or language that is not there.
    MixedTimeError
        If the patient mixes calendar dates and day numbers.
    ColumnError
        If a table does not fit its contract.
    """
    require_language(view.language)
    own_visits = _own(visits, VISITS, view)
    own_outcomes = _own(outcomes, OUTCOMES, view)
    own_changes = _own(changes, CHANGES, view)
    periods = periods_on_axis(
        _own(therapies, THERAPIES, view), settings, pd.Index([view.patient_id])
    )
    own_events = _own_events(events, view)
    dated = _is_dated(own_visits, periods, own_outcomes, own_events)
    first = _first_reading(own_visits, own_outcomes)
    when = _chronology(first, periods, view, dated)
    series = make_series(own_visits, own_changes, view)
    marks = event_marks(own_events, when) if own_events is not None else ()
    return _assembled(series, periods, own_outcomes, own_changes, marks, when, view, settings)


def _own(frame: pd.DataFrame | None, table: Table, view: TimelineView) -> pd.DataFrame:
    if frame is None:
        frame = pd.DataFrame({n: [] for n, c in table.columns.items() if c.required})
    tidy = completed_table(frame, table)
    return tidy[tidy["patient_id"] == view.patient_id].reset_index(drop=True)


def _own_events(events: pd.DataFrame | None, view: TimelineView) -> pd.DataFrame | None:
    """The events of the patient; None where there are none to be shown."""
    if events is None or not view.show_events:
        return None
    own = events[events["patient_id"] == view.patient_id]
    return completed_table(own.reset_index(drop=True), EVENTS) if len(own) else None


def _is_dated(
    visits: pd.DataFrame,
    periods: Periods,
    outcomes: pd.DataFrame,
    events: pd.DataFrame | None,
) -> bool:
    marks = [
        ("visits", visits, visits["date"].notna().to_numpy()),
        ("therapies", periods.frame, periods.dated),
        ("outcomes", outcomes, outcomes["date"].notna().to_numpy()),
    ]
    if events is not None:
        marks.append(("events", events, events["date"].notna().to_numpy()))
    require_one_axis(marks)
    return any(bool(dated.any()) for _, _, dated in marks)


def _first_reading(visits: pd.DataFrame, outcomes: pd.DataFrame) -> float:
    """Day of the first reading of thickness, else of an outcome; NaN without one."""
    if len(visits):
        return float(visits["t"].min())
    return min(finite_values(day_axis(outcomes, "date", "day")[0]), default=math.nan)


def _chronology(
    first_reading: float, periods: Periods, view: TimelineView, dated: bool
) -> Chronology:
    zero, title = 0.0, ""
    if view.axis == "dates" and not dated:
        title = say(view.language, "days_recorded")
    elif view.axis == "days":
        zero, title = _day_zero(first_reading, periods, view)
    kind: AxisKind = "dates" if dated and view.axis == "dates" else "days"
    return Chronology(kind=kind, zero=zero, title=title, language=view.language)


def _day_zero(first_reading: float, periods: Periods, view: TimelineView) -> tuple[float, str]:
    language = view.language
    if isinstance(view.day_zero, str):
        i = _period_number(periods, view.day_zero, "day_zero")
        title = say(language, "days_from_start", regimen=period_names(periods)[i])
        return float(periods.window_start[i]), title
    if view.day_zero is not None:
        return float(view.day_zero), say(language, "days_from_zero")
    if math.isfinite(first_reading):
        return first_reading, say(language, "days_from_first")
    if len(periods.frame):
        title = say(language, "days_from_start", regimen=period_names(periods)[0])
        return float(periods.window_start[0]), title
    return 0.0, say(language, "days_from_zero")


def _period_number(periods: Periods, period_id: str, name: str) -> int:
    known = periods.frame["period_id"].tolist()
    if period_id not in known:
        raise SettingError(
            "This patient has no such therapy period",
            where=name,
            fix=Message("choose one of {names}", names=", ".join(known))
            if known
            else "leave it blank",
        )
    return known.index(period_id)


def _assembled(
    series: tuple[Series, ...],
    periods: Periods,
    outcomes: pd.DataFrame,
    changes: pd.DataFrame,
    events: tuple[EventMark, ...],
    when: Chronology,
    view: TimelineView,
    settings: Settings,
) -> TimelineModel:
    shown = _shown_series(series, view)
    drawable = tuple(s for s in shown if math.isfinite(s.scale))
    outcome_t, _ = day_axis(outcomes, "date", "day")
    listed = shown_periods(periods, view)
    read_days = [t for s in shown for t in s.visits["t"].tolist()] + outcome_t.tolist()
    days = _known_days(periods, listed, read_days)
    reach = last_day(periods, listed, read_days) if days else 0.0
    bars = make_bars(periods, listed, reach, _focus_changes(changes, series), when, view)
    shading = _shading(periods, bars, reach, when, view)
    usual_n = usual_replicates(drawable)
    last_read = when.x(max(read_days)) if read_days else 0.0
    drawn_days = [t for s in shown for t in s.visits["t"].tolist()] or read_days
    banded = shading or _whole_course(drawn_days, periods, when)
    main = "" if series else _main_outcome(outcomes, view)
    thickness = thickness_panels(
        drawable, periods, banded, usual_n, last_read, when, view, settings
    )
    panels = (
        *(() if main else thickness),
        *outcome_panels(outcomes, outcome_t, changes, periods, banded, main, when, view),
    )
    lanes = make_lanes(bars)
    precisions = _precisions(periods, listed)
    focus_name = ""
    if view.focus_period_id:
        i = _period_number(periods, view.focus_period_id, "focus_period_id")
        focus_name = period_names(periods)[i]
    drawn = FigureContent(
        series=series,
        shown=shown,
        panels=panels,
        lanes=lanes,
        periods=periods,
        focus_name=focus_name,
        usual_n=usual_n,
        when=when,
        view=view,
        settings=settings,
        course=_course_row(changes, series, periods, main),
        events=events,
    )
    return TimelineModel(
        panels=panels,
        lanes=lanes,
        time=_time_axis(days, bars, events, when),
        shading=shading,
        therapy_title=say(view.language, "therapy"),
        regimens=tuple(sorted(set(periods.frame["therapy"].tolist()))),
        lane_key=lane_key(bars, precisions, view.language),
        lane_words=_sentence(
            lane_key(bars, precisions, view.language, arrow="arrow_ongoing"), view.language
        ),
        notes=notes_of(drawn),
        abbreviations=abbreviations_text(lanes, view.language),
        alt=alt_text(drawn),
        rows=figure_rows(drawn),
        row_titles=row_titles(view.language),
        language=view.language,
        remark=view.remark,
        events=events,
        events_title=say(view.language, "events") if events else "",
    )


def _shown_series(series: tuple[Series, ...], view: TimelineView) -> tuple[Series, ...]:
    if view.shown is None:
        return series
    return tuple(s for s in series if s.focus or s.key in view.shown)


def _known_days(periods: Periods, listed: list[int], read_days: list[float]) -> list[float]:
    days = list(read_days)
    for i in listed:
        days += [periods.drawn_from[i], periods.start_last[i]]
        days += session_days(str(periods.frame["session_dates"].iloc[i]))
    return days


def _main_outcome(outcomes: pd.DataFrame, view: TimelineView) -> str:
    """The outcome in focus, else the first that is shown; blank without any."""
    known = outcomes_by_number(outcomes)
    shown = known if view.outcomes is None else view.outcomes
    return next((name for name in (view.focus_outcome, *shown) if name in known), "")


def outcomes_by_number(outcomes: pd.DataFrame) -> tuple[str, ...]:
    """Names of outcomes: first those of a known direction, then those of most values."""
    read = outcomes[outcomes["value"].notna()]
    counts = read["outcome"].value_counts()
    directed = set(read.loc[read["better"] != "", "outcome"])
    order = sorted(counts.index, key=lambda name: (name not in directed, -counts[name], name))
    return tuple(map(str, order))


def _whole_course(days: list[float], periods: Periods, when: Chronology) -> Shading | None:
    """Where the error band lies without any therapy: from the first reading to the last."""
    if len(periods.frame) or len(set(days)) < 2:
        return None
    return Shading(start=when.x(min(days)), end=when.x(max(days)), open_end=False)


def _course_row(
    changes: pd.DataFrame, series: tuple[Series, ...], periods: Periods, main: str
) -> pd.Series | None:
    """First against last reading of the series in focus, for a patient without therapy."""
    rows = _focus_changes(changes, series, "course")
    if main:
        rows = changes[(changes["level"] == "course") & (changes["measure"] == main)]
    return None if len(periods.frame) or rows.empty else rows.iloc[0]


def _focus_changes(
    changes: pd.DataFrame, series: tuple[Series, ...], level: str = "period"
) -> pd.DataFrame:
    focus = next((s for s in series if s.focus), None)
    rows = (changes["level"] == level) & (changes["measure"] == THICKNESS)
    if focus is not None:
        rows &= rows_of_series(changes, focus.key)
    return changes[rows]


def _shading(
    periods: Periods, bars: list[Bar], reach: float, when: Chronology, view: TimelineView
) -> Shading | None:
    if not view.focus_period_id:
        return None
    i = _period_number(periods, view.focus_period_id, "focus_period_id")
    drawn = next((b for b in bars if b.period_id == view.focus_period_id), None)
    open_end = periods.frame["end_status"].iloc[i] == "ongoing"
    if drawn is not None:
        return Shading(start=drawn.start, end=drawn.end, open_end=open_end)
    end = periods.end_last[i] if math.isfinite(periods.end_last[i]) else reach
    start = periods.window_start[i]
    return Shading(start=when.x(start), end=when.x(max(start, end)), open_end=open_end)


def _time_axis(
    days: list[float], bars: list[Bar], events: tuple[EventMark, ...], when: Chronology
) -> TimeAxis:
    places = [when.x(t) for t in days] + [p for b in bars for p in (b.start, b.end)]
    places += [p for e in events for p in (e.low, e.high)]
    if not places:
        return TimeAxis(kind=when.kind, low=0.0, high=1.0, ticks=())
    dated = when.kind == "dates"
    arrow = any(b.end_status != "ended" for b in bars)
    low, high = time_range(min(places), max(places), dated=dated, arrow=arrow)
    return TimeAxis(
        kind=when.kind,
        low=low,
        high=high,
        ticks=time_ticks(low, high, dated=dated, language=when.language),
        title=when.title,
    )


def _sentence(parts: tuple[str, ...], language: Language) -> str:
    return capital(listed(parts, language)) + "." if parts else ""


def _precisions(periods: Periods, listed: list[int]) -> set[str]:
    frame = periods.frame.iloc[listed]
    return {*frame["date_precision"].tolist(), *frame["end_date_precision"].tolist()}


def default_view(visits: pd.DataFrame, therapies: pd.DataFrame, patient_id: str) -> TimelineView:
    """The view a patient opens with: most measured site, therapy period started last."""
    own = completed_table(therapies, THERAPIES)
    own = own[own["patient_id"] == patient_id]
    if own.empty:
        return TimelineView(patient_id=patient_id)
    periods = periods_on_axis(own, Settings(), pd.Index([patient_id]))
    latest = periods.frame["period_id"].iloc[int(periods.window_start.argmax())]
    return TimelineView(patient_id=patient_id, focus_period_id=latest)


def figure_table(model: TimelineModel) -> pd.DataFrame:
    """Everything drawn as a table in words, one row a mark, for readers who need no picture."""
    rows = [dataclasses.astuple(row) for row in model.rows]
    return pd.DataFrame(rows, columns=list(model.row_titles), dtype="str")
