"""The lane of events on the screen: one sign each, its words above it, the rest on hover."""

from __future__ import annotations

from typing import Any

from sm_tracker.figures.page.label_placement import BarRoom, place_bar_labels
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    hover_row,
    hover_template,
    html_safe,
    screen_text_width,
)
from sm_tracker.figures.theme import Theme
from sm_tracker.figures.timeline.event_marks import SIGNS
from sm_tracker.figures.timeline.screen_plot import LANE, ScreenPlot, Traces
from sm_tracker.figures.timeline.timeline_model import TimelineModel

_WORDS, _SIGN = 7.0, 20.0
_HALF = 5.0
_HOVER_LINES = 4


def add_events(
    traces: Traces,
    notes: list[dict[str, Any]],
    model: TimelineModel,
    number: int,
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Add the signs of all events as a trace, and their words as annotations."""
    axis = plot.axis_name(number)
    at = round(_SIGN / LANE, 6)
    vague = [e for e in model.events if e.low < e.high]
    if vague:
        traces.add_scatter(
            x=[x for e in vague for x in (plot.place(e.low), plot.place(e.high), None)],
            y=[y for _ in vague for y in (at, at, None)],
            yaxis=axis,
            mode="lines",
            line={"color": theme.context, "width": 1.3},
            hoverinfo="skip",
        )
    traces.add_scatter(
        x=[plot.place(e.x) for e in model.events],
        y=[at] * len(model.events),
        yaxis=axis,
        mode="markers",
        cliponaxis=False,
        marker={
            "symbol": [SIGNS[e.kind][1] for e in model.events],
            "size": 7 if plot.on_phone else 9,
            "color": theme.surface,
            "opacity": 1,
            "line": {"color": theme.ink, "width": 1.3},
        },
        customdata=[hover_row("", e.hover, _HOVER_LINES) for e in model.events],
        hovertemplate=hover_template(_HOVER_LINES),
        unselected={"marker": {"opacity": 1}},
    )
    rooms = [BarRoom(plot.px(e.x) - _HALF, plot.px(e.x) + _HALF, e.labels) for e in model.events]
    per_px = (plot.time.high - plot.time.low) / plot.wide
    for label in place_bar_labels(rooms, plot.wide, 4, lambda t: screen_text_width(t, NOTE_SIZE)):
        notes.append(
            {
                "x": plot.place(round(plot.time.low + label.at * per_px, 3)),
                "xref": "x",
                "xanchor": {"start": "left", "end": "right", "middle": "center"}[label.anchor],
                "y": round(_WORDS / LANE, 6),
                "yref": axis,
                "yanchor": "middle",
                "text": html_safe(label.text),
                "showarrow": False,
                "font": {"size": NOTE_SIZE, "color": theme.muted},
            }
        )
