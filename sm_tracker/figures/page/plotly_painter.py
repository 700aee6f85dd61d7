"""A plot as an interactive plotly figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

import plotly.graph_objects as go

from sm_tracker.figures.page.plot import Area, Axis, Bars, Label, Line, Plot, Points, Rule
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    SCREEN_FONT,
    TEXT_SIZE,
    bold_html,
    html_safe,
)
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import current

_TURNED_FROM = 17
"""So many names along an axis and more stand aslant."""


def paint_plot(plot: Plot, theme: Theme) -> go.Figure:
    """Draw a plot, laid out for the screen, in the colours of a theme."""
    figure = go.Figure()
    figure.update_layout(_frame(plot, theme))
    if not plot.framed:
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
    else:
        figure.update_xaxes(_axis(plot.x, theme), title=_title(plot.x.title, theme))
        figure.update_yaxes(_axis(plot.y, theme), ticklen=6, tickcolor=theme.surface)
        if plot.x.strong and len(plot.x.ticks) >= _TURNED_FROM:
            figure.update_xaxes(tickangle=-45)
            figure.update_layout(margin_b=plot.bottom + 28, height=figure.layout.height + 28)
    if plot.y.title:
        _paint(
            Label(x=0, y=1, x_share=True, y_share=True, dx=-plot.left + 2, dy=7,
                  text=plot.y.title, role="muted", level="bottom"),
            figure, theme,
        )  # fmt: skip
    for mark in plot.marks:
        _paint(mark, figure, theme)
    return figure


def _frame(plot: Plot, theme: Theme) -> dict[str, Any]:
    return {
        "height": round(plot.height + plot.top + plot.bottom),
        "margin": {
            "t": plot.top, "b": plot.bottom, "l": plot.left, "r": plot.right, "pad": 0,
        },
        "paper_bgcolor": theme.surface,
        "plot_bgcolor": theme.surface,
        "font": {"family": SCREEN_FONT, "size": TEXT_SIZE, "color": theme.ink},
        "showlegend": False,
        "separators": ".," if current() == "en" else ", ",
        "hovermode": "closest",
        "dragmode": False,
        "bargap": 0,
        "barmode": "overlay",
        "uirevision": "cohort",
        "hoverlabel": {
            "bgcolor": "#16242D",
            "bordercolor": theme.context,
            "align": "left",
            "font": {"color": "#FFFFFF", "size": TEXT_SIZE, "family": SCREEN_FONT},
        },
    }  # fmt: skip


def _axis(axis: Axis, theme: Theme) -> dict[str, Any]:
    """A quiet axis: grid behind, no zero line of its own, not to be dragged."""
    return {
        "range": [axis.low, axis.high],
        "fixedrange": True,
        "zeroline": False,
        "showgrid": axis.grid,
        "gridcolor": theme.grid,
        "tickmode": "array",
        "tickvals": [t.at for t in axis.ticks],
        "ticktext": [html_safe(t.text) for t in axis.ticks],
        "tickfont": {
            "size": TEXT_SIZE if axis.strong else NOTE_SIZE,
            "color": theme.ink if axis.strong else theme.muted,
        },
    }


def _title(words: str, theme: Theme) -> dict[str, Any]:
    return {"text": html_safe(words), "font": {"size": NOTE_SIZE, "color": theme.muted}}


def _colour(theme: Theme, role: str) -> str:
    return str(getattr(theme, role))


def _asked(hover: Sequence[Sequence[str]]) -> dict[str, Any]:
    """What a mark says under the pointer, its first line in bold."""
    if not hover:
        return {"hoverinfo": "skip"}
    lines = [f"%{{customdata[{k}]}}" for k in range(len(hover[0]))]
    return {
        "customdata": [[html_safe(words) for words in row] for row in hover],
        "hovertemplate": "<br>".join([f"<b>{lines[0]}</b>", *lines[1:]]) + "<extra></extra>",
    }


@singledispatch
def _paint(mark: Any, figure: go.Figure, theme: Theme) -> None:
    raise TypeError(type(mark).__name__)


@_paint.register
def _line(mark: Line, figure: go.Figure, theme: Theme) -> None:
    line: dict[str, Any] = {"color": _colour(theme, mark.role), "width": mark.width}
    if mark.dash:
        line["dash"] = ",".join(f"{d:g}px" for d in mark.dash)
    figure.add_scatter(
        x=list(mark.xs), y=list(mark.ys), mode="lines", opacity=mark.strength, line=line,
        **_asked(mark.hover),
    )  # fmt: skip


@_paint.register
def _area(mark: Area, figure: go.Figure, theme: Theme) -> None:
    figure.add_scatter(
        x=list(mark.xs), y=list(mark.ys), mode="lines", fill="toself", line={"width": 0},
        fillcolor=_colour(theme, mark.role), hoverinfo="skip",
    )  # fmt: skip


@_paint.register
def _bars(mark: Bars, figure: go.Figure, theme: Theme) -> None:
    lengths = [b - a for a, b in zip(mark.start, mark.end, strict=True)]
    marker: dict[str, Any] = {"line": {"width": 0}}
    if mark.style is None:
        marker["color"] = [_colour(theme, role) for role in mark.roles]
    else:
        marker = {
            "color": mark.style.colour(theme),
            "line": {"color": theme.ink, "width": 0.8},
            "pattern": {
                "shape": mark.style.pattern, "fgcolor": mark.style.hatch(theme),
                "fgopacity": 0.75, "size": 6, "solidity": 0.22, "fillmode": "overlay",
            },
        }  # fmt: skip
    along, beside = ("x", "y") if mark.across else ("y", "x")
    figure.add_bar(
        orientation="h" if mark.across else "v", base=list(mark.start), width=mark.thick,
        marker=marker, **{along: lengths, beside: list(mark.at)}, **_asked(mark.hover),
    )  # fmt: skip


@_paint.register
def _points(mark: Points, figure: go.Figure, theme: Theme) -> None:
    colours = [_colour(theme, role) for role in mark.roles]
    hidden = {"opacity": 0} if mark.unseen else {"opacity": 1}
    look = (
        {"color": theme.surface, "line": {"width": 2, "color": colours}}
        if mark.hollow
        else {"color": colours, "line": {"width": 0}}
    )
    figure.add_scatter(
        x=list(mark.xs), y=list(mark.ys), mode="markers",
        marker={"symbol": list(mark.symbols), "size": list(mark.sizes), **hidden, **look},
        **_asked(mark.hover),
    )  # fmt: skip


@_paint.register
def _label(mark: Label, figure: go.Figure, theme: Theme) -> None:
    words = html_safe(mark.text)
    figure.add_annotation(
        text=bold_html(words) if mark.bold else words,
        x=mark.x, y=mark.y, xshift=mark.dx, yshift=mark.dy,
        xref="paper" if mark.x_share else "x", yref="paper" if mark.y_share else "y",
        xanchor=mark.anchor, yanchor=mark.level, showarrow=False,
        font={"size": NOTE_SIZE if mark.note else TEXT_SIZE, "color": _colour(theme, mark.role)},
    )  # fmt: skip


@_paint.register
def _rule(mark: Rule, figure: go.Figure, theme: Theme) -> None:
    span: dict[str, Any] = {"x0": 0, "x1": 1, "xref": "x domain", "y0": mark.at, "y1": mark.at}
    if mark.upright:
        span = {"y0": 0, "y1": 1, "yref": "y domain", "x0": mark.at, "x1": mark.at}
    line = {"color": _colour(theme, mark.role), "width": mark.width}
    if mark.dash:
        line["dash"] = ",".join(f"{d:g}px" for d in mark.dash)
    figure.add_shape(
        type="line", layer="above" if mark.above else "below", line=line, opacity=mark.strength,
        **span,
    )  # fmt: skip
