"""Therapy lanes on the screen: bars, pale ends, arrows, session ticks and their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sm_tracker.figures.page.label_placement import BarRoom, place_bar_labels
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    TEXT_SIZE,
    bold_html,
    hover_row,
    hover_template,
    html_safe,
    screen_text_width,
)
from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, elide_text
from sm_tracker.figures.theme import RegimenStyle, Theme, regimen_styles
from sm_tracker.figures.timeline.screen_plot import LANE, ScreenPlot, Traces
from sm_tracker.figures.timeline.timeline_model import Bar, Lane, TimelineModel

# From the top of a lane, px: words 13, bar 9, session ticks 4.
_WORDS, _BAR_TOP, _BAR, _TICK = 6.5, 15.0, 9.0, 26.0
SHORTEST = 4.0
"""A bar narrower than this many px takes a diamond, or it would not be seen."""
_HOVER_LINES = 5
_TAIL = 26.0
_STUB = 12.0


def add_lanes(
    traces: Traces,
    notes: list[dict[str, Any]],
    model: TimelineModel,
    number: int,
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Add all lanes as traces, and their names and doses as annotations."""
    axis = plot.axis_name(number)
    styles = regimen_styles(model.regimens)
    placed = [(row, bar) for row, lane in enumerate(model.lanes) for bar in lane.bars]
    for regimen in dict.fromkeys(lane.regimen for lane in model.lanes):
        own = [(row, bar) for row, bar in placed if bar.regimen == regimen]
        _add_pale(traces, own, styles[regimen], axis, plot, theme)
        _add_bars(traces, own, styles[regimen], axis, plot, theme)
    _add_unknown_ends(traces, placed, axis, plot, theme)
    _add_signs(traces, placed, styles, axis, plot, theme)
    _add_sessions(traces, placed, axis, plot, theme)
    for row, lane in enumerate(model.lanes):
        notes.append(_lane_name(lane, row, axis, plot, theme))
        notes.extend(_bar_words(lane, row, axis, plot, theme))


def _down(row: int, px: float) -> float:
    return round(row + px / LANE, 6)


_Placed = Sequence[tuple[int, Bar]]


def _trace(
    placed: _Placed, spans: Sequence[tuple[float, float]], plot: ScreenPlot
) -> dict[str, Any]:
    middle = _BAR_TOP + _BAR / 2
    return {
        "orientation": "h",
        "base": [plot.place(a) for a, _ in spans],
        "x": [plot.length(b - a) for a, b in spans],
        "y": [_down(row, middle) for row, _ in placed],
        "width": round(_BAR / LANE, 6),
        "customdata": [hover_row(bar.period_id, bar.hover, _HOVER_LINES) for _, bar in placed],
        "hovertemplate": hover_template(_HOVER_LINES),
        "unselected": {"marker": {"opacity": 1}},
    }


def _solid_end(bar: Bar, plot: ScreenPlot) -> float:
    """Where the outlined bar ends: an unknown end leaves a dashed tail.

    An ongoing period that started with the last day known is drawn as long as its arrow.
    """
    if bar.end_status == "ongoing":
        return max(bar.middle_end, bar.middle_start + _STUB * _days_per_px(plot))
    if bar.end_status == "ended":
        return bar.middle_end
    tail = _TAIL * _days_per_px(plot)
    return bar.middle_end - min(tail, (bar.middle_end - bar.middle_start) / 2)


def _days_per_px(plot: ScreenPlot) -> float:
    return (plot.time.high - plot.time.low) / plot.wide


def _add_pale(
    traces: Traces, placed: _Placed, style: RegimenStyle, axis: str, plot: ScreenPlot, theme: Theme
) -> None:
    pale = [(row, b) for row, b in placed if b.approximate or b.end_status == "unknown"]
    if not pale:
        return
    traces.add_bar(
        **_trace(pale, [(b.start, b.end) for _, b in pale], plot),
        yaxis=axis,
        marker={"color": style.pale(theme), "line": {"width": 0}},
    )


def _add_bars(
    traces: Traces, placed: _Placed, style: RegimenStyle, axis: str, plot: ScreenPlot, theme: Theme
) -> None:
    spans = [(b.middle_start, _solid_end(b, plot)) for _, b in placed]
    traces.add_bar(
        **_trace(placed, spans, plot),
        yaxis=axis,
        marker={
            "color": style.colour(theme),
            "line": {"color": theme.ink, "width": [1.6 if b.focus else 0.8 for _, b in placed]},
            "pattern": {
                "shape": style.pattern,
                "fgcolor": style.hatch(theme),
                "fgopacity": 0.75,
                "size": 6,
                "solidity": 0.22,
                "fillmode": "overlay",
            },
        },
    )


def _add_unknown_ends(
    traces: Traces, placed: _Placed, axis: str, plot: ScreenPlot, theme: Theme
) -> None:
    xs: list[Any] = []
    ys: list[Any] = []
    for row, bar in placed:
        if bar.end_status == "unknown":
            top, foot = _down(row, _BAR_TOP), _down(row, _BAR_TOP + _BAR)
            solid, end = plot.place(_solid_end(bar, plot)), plot.place(bar.end)
            xs += [solid, end, end, solid, None]
            ys += [top, top, foot, foot, None]
    if xs:
        traces.add_scatter(
            x=xs,
            y=ys,
            yaxis=axis,
            mode="lines",
            line={"color": theme.ink, "width": 1, "dash": "3px,2px"},
            hoverinfo="skip",
        )


def too_short(bar: Bar, plot: ScreenPlot) -> bool:
    """Whether a bar could not be seen, so that a diamond marks it."""
    wide = plot.px(_solid_end(bar, plot)) - plot.px(bar.middle_start)
    return bar.end_status != "ongoing" and wide < SHORTEST


def _add_signs(
    traces: Traces,
    placed: _Placed,
    styles: dict[str, RegimenStyle],
    axis: str,
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Arrow of an ongoing period, question mark of an unknown end, diamond of a short one."""
    signs: list[tuple[str, float, int, Bar]] = []
    for row, bar in placed:
        if too_short(bar, plot):
            signs.append(("diamond", (bar.middle_start + _solid_end(bar, plot)) / 2, row, bar))
        if bar.end_status == "ongoing":
            signs.append(("triangle-right", max(bar.end, _solid_end(bar, plot)), row, bar))
    if signs:
        middle = _BAR_TOP + _BAR / 2
        traces.add_scatter(
            x=[plot.place(x) for _, x, _, _ in signs],
            y=[_down(row, middle) for _, _, row, _ in signs],
            yaxis=axis,
            mode="markers",
            cliponaxis=False,
            marker={
                "symbol": [s for s, _, _, _ in signs],
                "size": [15 if s == "triangle-right" else 10 for s, _, _, _ in signs],
                "color": [styles[b.regimen].colour(theme) for _, _, _, b in signs],
                "opacity": 1,
                "line": {
                    "color": theme.ink,
                    "width": [1.6 if b.focus else 0.8 for _, _, _, b in signs],
                },
            },
            customdata=[hover_row(b.period_id, b.hover, _HOVER_LINES) for _, _, _, b in signs],
            hovertemplate=hover_template(_HOVER_LINES),
            unselected={"marker": {"opacity": 1}},
        )


def _add_sessions(
    traces: Traces, placed: _Placed, axis: str, plot: ScreenPlot, theme: Theme
) -> None:
    marks = [(row, bar, s) for row, bar in placed for s in bar.sessions]
    if not marks:
        return
    traces.add_scatter(
        x=[plot.place(s.x) for _, _, s in marks],
        y=[_down(row, _TICK) for row, _, _ in marks],
        yaxis=axis,
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": 4,
            "opacity": 1,
            "line": {"color": theme.ink, "width": 1.3},
        },
        customdata=[hover_row(bar.period_id, s.hover, 2) for _, bar, s in marks],
        hovertemplate=hover_template(2),
        unselected={"marker": {"opacity": 1}},
    )


def _lane_name(lane: Lane, row: int, axis: str, plot: ScreenPlot, theme: Theme) -> dict[str, Any]:
    room = (plot.left - 14) / SCREEN_FACTOR
    name = html_safe(elide_text(lane.name, room, TEXT_SIZE, bold=lane.focus))
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "right",
        "xshift": -5,
        "y": _down(row, LANE / 2 + 1),
        "yref": axis,
        "yanchor": "middle",
        "text": bold_html(name) if lane.focus else name,
        "showarrow": False,
        "hovertext": html_safe(lane.regimen),
        "font": {"size": TEXT_SIZE, "color": theme.ink},
    }


def _bar_words(
    lane: Lane, row: int, axis: str, plot: ScreenPlot, theme: Theme
) -> list[dict[str, Any]]:
    rooms = [BarRoom(plot.px(b.start), plot.px(b.end), b.labels) for b in lane.bars]
    words = [
        {
            "x": plot.place(_day_at(label.at, plot)),
            "xref": "x",
            "xanchor": {"start": "left", "end": "right", "middle": "center"}[label.anchor],
            "y": _down(row, _WORDS),
            "yref": axis,
            "yanchor": "middle",
            "text": html_safe(label.text),
            "showarrow": False,
            "font": {
                "size": NOTE_SIZE,
                "color": theme.ink if lane.bars[label.bar].focus else theme.muted,
            },
        }
        for label in place_bar_labels(
            rooms, plot.wide, 4, lambda t: screen_text_width(t, NOTE_SIZE)
        )
    ]
    return words + [
        {
            "x": plot.place((_solid_end(bar, plot) + bar.end) / 2),
            "xref": "x",
            "xanchor": "center",
            "y": _down(row, _BAR_TOP + _BAR / 2),
            "yref": axis,
            "yanchor": "middle",
            "text": bold_html("?"),
            "showarrow": False,
            "font": {"size": NOTE_SIZE, "color": theme.ink},
        }
        for bar in lane.bars
        if bar.end_status == "unknown"
    ]


def _day_at(px: float, plot: ScreenPlot) -> float:
    return round(plot.time.low + px * _days_per_px(plot), 3)
