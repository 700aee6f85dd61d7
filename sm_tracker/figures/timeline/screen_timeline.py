"""The timeline on the screen: a plotly figure drawn from the figure model."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from sm_tracker.figures.languages import say
from sm_tracker.figures.page.label_placement import Box, thin_ticks
from sm_tracker.figures.page.screen_text import (
    NARROW,
    NOTE_SIZE,
    PHONE,
    SCREEN_FONT,
    TEXT_SIZE,
    bold_html,
    html_safe,
    muted_span,
    screen_text_width,
)
from sm_tracker.figures.theme import LIGHT, Theme
from sm_tracker.figures.timeline.screen_events import add_events
from sm_tracker.figures.timeline.screen_lanes import add_lanes, too_short
from sm_tracker.figures.timeline.screen_marks import add_panel
from sm_tracker.figures.timeline.screen_plot import (
    BOTTOM,
    LANE,
    TOP,
    ScreenPlot,
    Traces,
    end_label_width,
)
from sm_tracker.figures.timeline.timeline_model import BreakLine, Panel, TimelineModel

SCREEN_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 3, "filename": "figure"},
    "scrollZoom": False,
    "doubleClick": "reset",
    "showTips": False,  # Plotly's notice of how to zoom back lies over the figure
    "responsive": True,
}
"""Plotly's settings for every figure on the screen: under the pointer one button, which saves
it as PNG on the spot; nothing is offered for upload."""

_TOGETHER, _BY_SITE, _OUTCOME = 208, 78, 54
_LABEL_GAP = 14
_LEFT, _MOST_LEFT = 52, 132
_RIGHT, _MOST_RIGHT = 124, 230
_LEFT_ON_PHONE, _RIGHT_ON_PHONE = 52, 104
_AXIS_TITLE = 18


def draw_timeline(
    model: TimelineModel, theme: Theme = LIGHT, *, zoom: bool = False, phone: bool = False
) -> go.Figure:
    """The timeline as a plotly figure of fixed height and any width from 600 px of plot up.

    Parameters
    ----------
    model : TimelineModel
    theme : Theme
        ``LIGHT`` or ``DARK``.
    zoom : bool
        Whether dragging sideways shows a part of the time (a double click all of it). It
        stays when the figure is drawn again on the same axis.
    phone : bool
        Whether it is drawn for 306 px and more instead: all of the time at once, with
        smaller marks, and words left out for which there is no room.

    Returns
    -------
    plotly.graph_objects.Figure
        ``customdata[0]`` of a bar or session is the ``period_id``, blank on everything else;
        show it with :data:`SCREEN_CONFIG`, ``theme=None`` and a constant ``key``.
    """
    heights = [_panel_height(p, model) for p in model.panels]
    plot = _plot(model, heights, PHONE if phone else NARROW)
    traces = Traces()
    shapes: list[dict[str, Any]] = list(_shading(model, plot, theme))
    notes: list[dict[str, Any]] = []
    named: set[BreakLine] = set()
    for number, panel in enumerate(model.panels):
        taken = _title(panel.title, panel.unit, (panel.subtitle,), number, plot, notes, theme)
        add_panel(traces, shapes, notes, panel, number, taken, named, plot, theme)
    if model.lanes:
        number = len(model.panels)
        short = any(too_short(bar, plot) for lane in model.lanes for bar in lane.bars)
        keys = (*model.lane_key, *((say(model.language, "key_short"),) if short else ()))
        _title(model.therapy_title, "", keys, number, plot, notes, theme)
        add_lanes(traces, notes, model, number, plot, theme)
    if model.events:
        number = len(plot.heights) - 1
        _title(model.events_title, "", (), number, plot, notes, theme)
        add_events(traces, notes, model, number, plot, theme)
    layout = _layout(model, plot, shapes, notes, theme)
    if zoom:
        layout["dragmode"] = "zoom"
        layout["xaxis"]["fixedrange"] = False
    return go.Figure(data=traces, layout=layout)


def _panel_height(panel: Panel, model: TimelineModel) -> int:
    if panel.beside:
        return _OUTCOME
    alone = sum(not p.beside for p in model.panels) == 1
    least = _TOGETHER if alone and panel.ticks else _BY_SITE
    return max(least, _LABEL_GAP * len(panel.end_labels) + 6)


def _plot(model: TimelineModel, heights: list[int], wide: float) -> ScreenPlot:
    if model.lanes:
        heights = [*heights, LANE * len(model.lanes)]
    if model.events:
        heights = [*heights, LANE]
    labels = [end_label_width(lab) for p in model.panels for lab in p.end_labels]
    names = [screen_text_width(lane.name, TEXT_SIZE, bold=lane.focus) for lane in model.lanes]
    right = min(max([_RIGHT, *(w + 14 for w in labels)]), _MOST_RIGHT)
    left = min(max([_LEFT, *(w + 14 for w in names)]), _MOST_LEFT)
    if wide < NARROW:
        left, right = min(left, _LEFT_ON_PHONE), min(right, _RIGHT_ON_PHONE)
    return ScreenPlot(
        time=model.time,
        heights=tuple(heights or [_TOGETHER]),
        left=round(left),
        right=round(right),
        wide=wide,
        bottom=BOTTOM + (_AXIS_TITLE if model.time.title else 0),
    )


def _title(
    title: str,
    unit: str,
    remarks: tuple[str, ...],
    number: int,
    plot: ScreenPlot,
    notes: list[dict[str, Any]],
    theme: Theme,
) -> Box:
    """Title above a panel; gives back the place it takes (px from the plot's left)."""
    head = ", ".join(p for p in (title, unit) if p) if title else ""
    room = plot.left + plot.wide + plot.right - 20 - screen_text_width(head, TEXT_SIZE, bold=True)
    rest: list[str] = []
    for remark in filter(None, remarks):
        room -= screen_text_width(remark, NOTE_SIZE) + 12
        if room > 0 or not plot.on_phone:
            rest.append(remark)
    if not head and not rest:
        return Box(0, 0, 0, 0)
    text = bold_html(html_safe(head)) + "".join(muted_span(html_safe(r), theme) for r in rest)
    notes.append(
        {
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 10 - plot.left,
            "y": plot.top_of(number),
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 2,
            "text": text,
            "showarrow": False,
            "align": "left",
            "font": {"size": TEXT_SIZE, "color": theme.ink},
        }
    )
    wide = screen_text_width(head, TEXT_SIZE, bold=True) + sum(
        screen_text_width(r, NOTE_SIZE) + 12 for r in rest
    )
    return Box(10 - plot.left, 2, 10 - plot.left + wide, 18)


def _shading(model: TimelineModel, plot: ScreenPlot, theme: Theme) -> list[dict[str, Any]]:
    if model.shading is None:
        return []
    start = plot.place(model.shading.start)
    end = plot.place(model.time.beyond(model.shading.end, open_end=model.shading.open_end))
    area = {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": start,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "fillcolor": theme.shading,
        "line": {"width": 0},
        "layer": "below",
    }
    edges = [start] if model.shading.open_end else [start, end]
    foot = plot.bottom_of(len(model.panels) - 1)
    return [area] + [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": edge,
            "x1": edge,
            "y0": foot,
            "y1": 1,
            "line": {"color": theme.context, "width": 1},
            "layer": "below",
        }
        for edge in edges
    ]


def _layout(
    model: TimelineModel,
    plot: ScreenPlot,
    shapes: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    theme: Theme,
) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "height": plot.height,
        "margin": {"t": TOP, "b": plot.bottom, "l": plot.left, "r": plot.right, "pad": 0},
        "paper_bgcolor": theme.surface,
        "plot_bgcolor": theme.surface,
        "font": {"family": SCREEN_FONT, "size": TEXT_SIZE, "color": theme.ink},
        "separators": ".," if model.language == "en" else ",.",
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "barmode": "overlay",
        "uirevision": "timeline",
        "hoverlabel": {
            "bgcolor": "#16242D",
            "bordercolor": theme.context,
            "align": "left",
            "font": {"color": "#FFFFFF", "size": TEXT_SIZE, "family": SCREEN_FONT},
        },
        "shapes": shapes,
        "annotations": notes,
        "xaxis": _time_axis(model, plot, theme),
    }
    for number, panel in enumerate(model.panels):
        layout[plot.axis_key(number)] = _value_axis(panel, number, plot, theme)
    if model.lanes:
        number = len(model.panels)
        layout[plot.axis_key(number)] = {
            **_axis(theme),
            "domain": plot.domain(number),
            "range": [len(model.lanes), 0],
            "tickvals": list(range(1, len(model.lanes))),
            "showticklabels": False,
        }
    if model.events:
        number = len(plot.heights) - 1
        layout[plot.axis_key(number)] = {
            **_axis(theme),
            "domain": plot.domain(number),
            "range": [1, 0],
            "tickvals": [],
            "showticklabels": False,
        }
    return layout


def _axis(theme: Theme) -> dict[str, Any]:
    return {
        "fixedrange": True,
        "zeroline": False,
        "showgrid": True,
        "gridcolor": theme.grid,
        "gridwidth": 1,
        "tickfont": {"size": TEXT_SIZE - 1, "color": theme.muted},
        "anchor": "x",
    }


def _value_axis(panel: Panel, number: int, plot: ScreenPlot, theme: Theme) -> dict[str, Any]:
    return {
        **_axis(theme),
        "domain": plot.domain(number),
        "range": [panel.low, panel.high],
        "tickvals": [t.at for t in panel.ticks],
        "tickformat": f".{panel.decimals}f",
        "showline": False,
    }


def _time_axis(model: TimelineModel, plot: ScreenPlot, theme: Theme) -> dict[str, Any]:
    ticks = thin_ticks(
        model.time.ticks,
        plot.px,
        lambda t: screen_text_width(t.text, TEXT_SIZE, bold=t.major),
        plot.wide,
    )
    axis: dict[str, Any] = {
        **_axis(theme),
        "type": "date" if model.time.kind == "dates" else "linear",
        "range": [plot.place(model.time.low), plot.place(model.time.high)],
        "uirevision": f"{model.time.kind} {model.time.low} {model.time.high}",
        "tickvals": [plot.place(t.at) for t in ticks],
        "ticktext": [bold_html(t.text) if t.major else t.text for t in ticks],
        "anchor": plot.axis_name(len(plot.heights) - 1),
        "showline": True,
        "linecolor": theme.line,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": theme.line,
        "hoverformat": "",
    }
    if model.time.title:
        axis["title"] = {
            "text": html_safe(model.time.title),
            "font": {"size": NOTE_SIZE, "color": theme.muted},
            "standoff": 4,
        }
    return axis
