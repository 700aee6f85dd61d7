"""Agreement of paired repeat visits: the Bland-Altman plot behind a measurement error."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from sm_tracker.analysis.error.repeatability import Range, Repeatability
from sm_tracker.figures.languages import number
from sm_tracker.figures.theme import LIGHT, Theme

HEIGHT, MARGIN = 300, {"l": 62, "r": 150, "t": 34, "b": 46}


def draw_agreement(found: Repeatability, theme: Theme = LIGHT) -> go.Figure:
    """Differences of paired visits against their mean, with bias and limits of agreement.

    Parameters
    ----------
    found : Repeatability
    theme : Theme

    Returns
    -------
    plotly.graph_objects.Figure
        Lines are labelled where they end; their intervals are bands.

    References
    ----------
    Bland JM, Altman DG (1986). Lancet 327:307-310.
    """
    lines = (
        ("bias", found.bias_mm, "solid"),
        ("upper limit", found.upper_limit_mm, "dash"),
        ("lower limit", found.lower_limit_mm, "dash"),
    )
    figure = go.Figure()
    figure.add_scatter(
        x=found.mean_mm.tolist(),
        y=found.difference_mm.tolist(),
        mode="markers",
        marker={"color": theme.surface, "size": 8, "line": {"color": theme.ink, "width": 1.4}},
        hovertemplate="mean %{x:.2f} mm<br>second − first %{y:+.2f} mm<extra></extra>",
        cliponaxis=False,
    )
    figure.update_layout(
        height=HEIGHT,
        margin=MARGIN,
        paper_bgcolor=theme.surface,
        plot_bgcolor=theme.surface,
        showlegend=False,
        font={"family": "IBM Plex Sans, Liberation Sans, Arial", "size": 12, "color": theme.ink},
        shapes=[shape for line in lines for shape in _shapes(line[1], line[2], theme)],
        annotations=[_label(name, value, theme) for name, value, _ in lines]
        + [_title(found, theme)],
        xaxis={"title": "mean of the pair, mm", "gridcolor": theme.grid, "zeroline": False},
        yaxis={
            "title": "second − first, mm",
            "gridcolor": theme.grid,
            "zerolinecolor": theme.line,
            "tickformat": "+.2f",
        },
    )
    return figure


def _shapes(value: Range, dash: str, theme: Theme) -> list[dict[str, Any]]:
    across = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
    line = {"color": theme.ink, "width": 1.2, "dash": dash}
    return [
        {**across, "type": "rect", "y0": value.low, "y1": value.high, "line_width": 0,
         "fillcolor": theme.band},
        {**across, "type": "line", "y0": value.value, "y1": value.value, "line": line},
    ]  # fmt: skip


def _label(name: str, value: Range, theme: Theme) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1.01,
        "y": value.value,
        "xanchor": "left",
        "showarrow": False,
        "text": f"{name} {number(value.value, 2, sign=True)} mm",
        "font": {"color": theme.muted, "size": 11},
    }


def _title(found: Repeatability, theme: Theme) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1.12,
        "xanchor": "left",
        "showarrow": False,
        "text": f"<b>Repeat visits</b>  {found.n_pairs} pairs of {found.n_patients} patients",
        "font": {"color": theme.ink, "size": 12},
    }
