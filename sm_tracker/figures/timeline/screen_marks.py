"""Curves and marks of one panel on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sm_tracker.figures.page.label_placement import Box, free_of
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    hover_row,
    hover_template,
    html_safe,
    screen_text_width,
)
from sm_tracker.figures.theme import Theme, site_style
from sm_tracker.figures.timeline.screen_labels import (
    Notes,
    add_break_lines,
    add_counts,
    add_past_words,
    annotation,
    curve_lines,
    end_annotations,
)
from sm_tracker.figures.timeline.screen_plot import ScreenPlot, Traces
from sm_tracker.figures.timeline.timeline_model import (
    Band,
    BreakLine,
    CensoredMark,
    Curve,
    DoubtfulMark,
    Panel,
)

_FOOT = 9.0


def add_panel(
    traces: Traces,
    shapes: Notes,
    notes: Notes,
    panel: Panel,
    number: int,
    title: Box,
    named: set[BreakLine],
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Add one panel: band, rules, curves, marks and labels.

    Parameters
    ----------
    title : Box
        Place of the panel's title in px from the plot's left and the panel's top.
    named : set of Rule
        Rules that a panel above has named already; those of this one are added.
    """
    axis = plot.axis_name(number)
    shapes.extend(_band_shapes(panel.band, panel, axis, plot, theme))
    for curve in sorted(panel.curves, key=lambda c: c.focus):
        _add_curve(traces, curve, axis, panel.beside, plot, theme)
    taken = _add_censored(traces, notes, panel, axis, plot, theme)
    taken += _add_doubtful(traces, notes, panel, axis, taken, plot, theme)
    taken += _add_unreadable(traces, notes, panel, number, plot, theme)
    taken += add_counts(notes, panel, number, taken, plot, theme)
    add_break_lines(shapes, notes, panel, number, (title, *taken), named, plot, theme)
    named.update(panel.rules)
    if panel.band is not None and panel.band.past:
        add_past_words(notes, panel, panel.band, number, taken, plot, theme)
    notes.extend(end_annotations(panel, number, plot, theme))
    if panel.empty_text:
        traces.add_scatter(x=[], y=[], yaxis=axis)
        middle = {"x": 0.5, "xref": "paper", "y": 0.5, "yref": f"{axis} domain"}
        notes.append(annotation(html_safe(panel.empty_text), theme, **middle))


def _band_shapes(
    band: Band | None, panel: Panel, axis: str, plot: ScreenPlot, theme: Theme
) -> list[dict[str, Any]]:
    if band is None:
        return []
    end = plot.place(plot.time.beyond(band.end, open_end=band.open_end))
    across = {"xref": "x", "yref": axis, "x0": plot.place(band.start), "x1": end}
    return [
        {
            "type": "rect",
            **across,
            "y0": panel.low if band.low is None else band.low,
            "y1": panel.high if band.high is None else band.high,
            "fillcolor": theme.band,
            "line": {"width": 0},
            "layer": "below",
        },
        {
            "type": "line",
            **across,
            "y0": band.baseline,
            "y1": band.baseline,
            "line": {"color": theme.ink, "width": 1, "dash": "2px,3px"},
            "layer": "between",
        },
    ]


def _add_curve(
    traces: Traces, curve: Curve, axis: str, outcome: bool, plot: ScreenPlot, theme: Theme
) -> None:
    style = site_style(curve.style)
    colour = theme.ink if curve.focus else theme.context
    thick = 1.6 if outcome else 2.4 if curve.focus else 1.3
    joints = [(k - 1, k + 1) for k in curve.joints]
    dash = "solid" if curve.focus else style.dash
    for stretches, line in (
        (curve.runs, {"color": colour, "width": thick, "dash": dash}),
        (joints, {"color": colour, "width": 1.3 if curve.focus else 1, "dash": "1px,4px"}),
    ):
        places = [(a, b) for a, b in stretches if b - a > 1]
        if places:
            _add_line(traces, curve, places, line, axis, plot)
    if curve.points:
        _add_points(traces, curve, axis, outcome, colour, plot, theme)


def _add_line(
    traces: Traces,
    curve: Curve,
    stretches: Sequence[tuple[int, int]],
    line: dict[str, Any],
    axis: str,
    plot: ScreenPlot,
) -> None:
    xs: list[Any] = []
    ys: list[Any] = []
    for a, b in stretches:
        xs += [*(plot.place(p.x) for p in curve.points[a:b]), None]
        ys += [*(p.y for p in curve.points[a:b]), None]
    traces.add_scatter(
        x=xs[:-1],
        y=ys[:-1],
        yaxis=axis,
        mode="lines",
        line=line,
        name=html_safe(curve.name),
        connectgaps=False,
        hoverinfo="skip",
    )


def _add_points(
    traces: Traces,
    curve: Curve,
    axis: str,
    outcome: bool,
    colour: str,
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    filled = curve.focus and not outcome
    size = 10 if filled else 7 if outcome else 8
    if plot.on_phone:
        size = 7 if filled else 4
    lines = max(len(p.hover) for p in curve.points)
    traces.add_scatter(
        x=[plot.place(p.x) for p in curve.points],
        y=[p.y for p in curve.points],
        yaxis=axis,
        mode="markers",
        name=html_safe(curve.name),
        marker={
            "symbol": site_style(curve.style).marker,
            "size": size,
            "opacity": 1,
            "color": colour if filled else theme.surface,
            "line": {
                "color": theme.surface if filled else colour,
                "width": 1 if filled else 1.3,
            },
        },
        customdata=[hover_row("", p.hover, lines) for p in curve.points],
        hovertemplate=hover_template(lines),
        unselected={"marker": {"opacity": 1}},
    )


def _add_censored(
    traces: Traces, notes: Notes, panel: Panel, axis: str, plot: ScreenPlot, theme: Theme
) -> list[Box]:
    """Bars with an arrow and their limit; gives back the places that the words take."""
    marks = [(c, m) for c in panel.curves for m in c.censored]
    if not marks:
        return []
    traces.add_scatter(
        x=[plot.place(m.x) for _, m in marks],
        y=[m.y for _, m in marks],
        yaxis=axis,
        mode="markers",
        marker={
            "symbol": "line-ew",
            "size": 7,
            "opacity": 1,
            "line": {"color": theme.ink, "width": 1.6},
        },
        customdata=[hover_row("", m.hover, 2) for _, m in marks],
        hovertemplate=hover_template(2),
        unselected={"marker": {"opacity": 1}},
    )
    shown: list[Box] = []
    for _, m in marks:
        sign = 1 if m.above else -1
        at = {"x": plot.place(m.x), "y": m.y, "xref": "x", "yref": axis}
        arrow = {"showarrow": True, "arrowhead": 2, "arrowsize": 0.9, "arrowwidth": 1.4}
        notes.append(
            {
                **at,
                **arrow,
                "text": "",
                "ax": 0,
                "ay": 13 * sign,
                "yshift": 13 * sign,
                "arrowcolor": theme.ink,
            }
        )
        _write_beside(notes, shown, (), panel, axis, m, 3 * sign, plot, theme)
    return shown


def _write_beside(
    notes: Notes,
    shown: list[Box],
    taken: Sequence[Box],
    panel: Panel,
    axis: str,
    mark: CensoredMark | DoubtfulMark,
    shift: int,
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Write what a mark says beside it, where no other words stand."""
    at = {"x": plot.place(mark.x), "y": mark.y, "xref": "x", "yref": axis}
    wide = screen_text_width(mark.text, NOTE_SIZE)
    right = plot.px(mark.x) + 10 + wide <= plot.wide
    left = plot.px(mark.x) + 9 if right else plot.px(mark.x) - 9 - wide
    up = plot.up(panel, _number(axis), mark.y)
    box = Box(left, up - 6, left + wide, up + 10)
    if free_of(box, (), [*shown, *taken], 0):
        shown.append(box)
        side = {"xanchor": "left", "xshift": 8} if right else {"xanchor": "right", "xshift": -8}
        notes.append(annotation(html_safe(mark.text), theme, **at, **side, yshift=shift))


def _add_doubtful(
    traces: Traces,
    notes: Notes,
    panel: Panel,
    axis: str,
    taken: Sequence[Box],
    plot: ScreenPlot,
    theme: Theme,
) -> list[Box]:
    """Hollow marks with a question mark in them; gives back the places of their words."""
    marks = [m for c in panel.curves for m in c.doubtful]
    if not marks:
        return []
    traces.add_scatter(
        x=[plot.place(m.x) for m in marks],
        y=[m.y for m in marks],
        yaxis=axis,
        mode="markers+text",
        text=["?"] * len(marks),
        textposition="middle center",
        textfont={"size": NOTE_SIZE - 1, "color": theme.ink},
        marker={
            "symbol": "circle",
            "size": 13,
            "opacity": 1,
            "color": theme.surface,
            "line": {"color": theme.ink, "width": 1.3},
        },
        customdata=[hover_row("", m.hover, 3) for m in marks],
        hovertemplate=hover_template(3),
        unselected={"marker": {"opacity": 1}},
    )
    shown: list[Box] = []
    for m in marks:
        _write_beside(notes, shown, taken, panel, axis, m, 0, plot, theme)
    return shown


def _number(axis: str) -> int:
    return int(axis[1:] or 1) - 1


def _add_unreadable(
    traces: Traces, notes: Notes, panel: Panel, number: int, plot: ScreenPlot, theme: Theme
) -> list[Box]:
    """Crosses at the foot; gives back the places that their words take."""
    if not panel.unreadable:
        return []
    axis = plot.axis_name(number)
    y = plot.value_at(panel, number, _FOOT)
    lines = max(len(m.hover) for m in panel.unreadable)
    traces.add_scatter(
        x=[plot.place(m.x) for m in panel.unreadable],
        y=[y for _ in panel.unreadable],
        yaxis=axis,
        mode="markers",
        marker={
            "symbol": "x-thin",
            "size": 8,
            "opacity": 1,
            "line": {"color": theme.ink, "width": 1.6},
        },
        customdata=[hover_row("", m.hover, lines) for m in panel.unreadable],
        hovertemplate=hover_template(lines),
        unselected={"marker": {"opacity": 1}},
    )
    crosses = [Box(plot.px(m.x) - 5, 0, plot.px(m.x) + 5, 18) for m in panel.unreadable]
    rules = [Box(plot.px(r.x) - 2, 0, plot.px(r.x) + 2, 18) for r in panel.rules]
    curves = curve_lines(panel, number, plot)
    taken: list[Box] = []
    for mark, cross in zip(panel.unreadable, crosses, strict=True):
        wide = screen_text_width(mark.text, NOTE_SIZE)
        sides = [
            (Box(cross.left - 3 - wide, 2, cross.left - 3, 16), "right", -8),
            (Box(cross.right + 3, 2, cross.right + 3 + wide, 16), "left", 8),
        ]
        for box, anchor, shift in sides:
            others = [*taken, *rules, *(c for c in crosses if c is not cross)]
            if box.left >= 0 and box.right <= plot.wide and free_of(box, curves, others, 1):
                place = {"x": plot.place(mark.x), "y": y, "xref": "x", "yref": axis}
                notes.append(
                    annotation(html_safe(mark.text), theme, **place, xanchor=anchor, xshift=shift)
                )
                taken.append(box)
                break
    return [*taken, *crosses]
