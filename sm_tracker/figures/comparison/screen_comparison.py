"""The comparison of periods on the screen: a plotly figure with one column a site."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from sm_tracker.analysis.change.answers import SLIGHTLY
from sm_tracker.figures.comparison.comparison_model import ComparisonCell, ComparisonModel
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    SCREEN_FONT,
    TEXT_SIZE,
    bold_html,
    hover_row,
    hover_template,
    html_safe,
    screen_text_width,
)
from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, elide_text, wrap_text
from sm_tracker.figures.theme import Theme

ROW, _TOP, _BOTTOM = 52, 34, 46
_BOX = 31.0
_GAP = 0.028
_LEAST_LEFT, _MOST_LEFT, _RIGHT = 142, 260, 12
_COLUMN = 140.0
"""Width of a column for placing words, on the narrowest plot  [px]."""
_IN_A_BAND = 4
"""Columns beside each other; more go below, with the names of the rows again."""
_GUTTER = 10.0

_MARKS = {
    "thinner": ("triangle-down", 11),
    "slightly_thinner": ("triangle-down-open", 10),
    "slightly_thicker": ("triangle-up-open", 10),
    "thicker": ("triangle-up", 11),
}
_SQUARE = ("square", 8)


def draw_comparison(model: ComparisonModel, theme: Theme) -> go.Figure:
    """The periods of a patient side by side as a plotly figure.

    Parameters
    ----------
    model : ComparisonModel
    theme : Theme

    Returns
    -------
    plotly.graph_objects.Figure
        ``customdata[0]`` of every mark is the ``period_id`` (joined for a combination).
        All columns share one range, so that lengths compare.
    """
    figure = go.Figure()
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    left = _left(model)
    for number in range(len(model.columns)):
        _add_column(figure, shapes, notes, model, number, theme)
    for band in range(_bands(model)):
        for row in range(len(model.rows)):
            notes.extend(_row_names(model, row, band, left, theme))
    if not model.columns:
        figure.add_scatter(x=[], y=[])
        middle = {"x": 0.5, "xref": "paper", "y": 0.5, "yref": "paper"}
        notes.append(_words(html_safe(model.notes[0]), theme.muted, TEXT_SIZE, **middle))
    figure.update_layout(_layout(model, left, shapes, notes, theme))
    return figure


def _left(model: ComparisonModel) -> int:
    widths = [screen_text_width(r.name, TEXT_SIZE, bold=True) for r in model.rows]
    widths += [screen_text_width(r.when, NOTE_SIZE) for r in model.rows]
    return round(min(max([_LEAST_LEFT, *(w + 16 for w in widths)]), _MOST_LEFT))


def _suffix(number: int) -> str:
    return "" if number == 0 else str(number + 1)


def _bands(model: ComparisonModel) -> int:
    return max(1, math.ceil(len(model.columns) / _IN_A_BAND))


def _across(model: ComparisonModel, number: int) -> list[float]:
    """Left and right end of a column as shares of the plot's width."""
    count = min(len(model.columns), _IN_A_BAND)
    wide = (1 - _GAP * (count - 1)) / count
    start = number % _IN_A_BAND * (wide + _GAP)
    return [round(start, 6), round(min(1.0, start + wide), 6)]


def _down(model: ComparisonModel, band: int) -> list[float]:
    """Lower and upper end of a band of columns as shares of the plot's height."""
    own = ROW * max(len(model.rows), 1)
    between = _TOP + _BOTTOM
    inner = own * _bands(model) + between * (_bands(model) - 1)
    top = 1 - band * (own + between) / inner
    return [max(0.0, round(top - own / inner, 6)), round(top, 6)]


def _add_column(
    figure: go.Figure,
    shapes: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    model: ComparisonModel,
    number: int,
    theme: Theme,
) -> None:
    band = number // _IN_A_BAND
    axes = {"xaxis": f"x{_suffix(number)}", "yaxis": f"y{_suffix(band)}"}
    found = [(k, row, row.cells[number]) for k, row in enumerate(model.rows)]
    cells = [(k, row.key, cell) for k, row, cell in found if cell is not None]
    _add_boxes(shapes, cells, axes, theme)
    _add_means(figure, cells, axes, theme)
    _add_marks(figure, notes, model, cells, axes, theme)
    shapes.append(
        {
            "type": "line",
            "xref": axes["xaxis"],
            "yref": f"{axes['yaxis']} domain",
            "x0": 0,
            "x1": 0,
            "y0": 0,
            "y1": 1,
            "line": {"color": theme.ink, "width": 1.4, "dash": "2px,3px"},
            "opacity": 0.7,
            "layer": "above",
        }
    )
    low, high = _down(model, band)
    name = elide_text(model.columns[number], _COLUMN / SCREEN_FACTOR, TEXT_SIZE, bold=True)
    top = {"x": sum(_across(model, number)) / 2, "xref": "paper", "y": high, "yref": "paper"}
    top |= {"xanchor": "center", "yanchor": "bottom", "yshift": 5}
    head = _words(bold_html(html_safe(name)), theme.ink, TEXT_SIZE + 1, **top)
    notes.append({**head, "hovertext": html_safe(model.columns[number])})
    thinner, thicker = model.axis_words
    text = f"{thinner} ← {model.unit} → {thicker}"
    foot = {"x": _near_zero(model, text), "xref": axes["xaxis"], "y": low, "yref": "paper"}
    notes.append(_words(html_safe(text), theme.muted, NOTE_SIZE, **foot, yanchor="top", yshift=-22))


def _near_zero(model: ComparisonModel, text: str) -> float:
    """Middle of words as near to zero as the column allows."""
    half = screen_text_width(text, NOTE_SIZE) / 2 / _COLUMN * (model.high - model.low)
    if 2 * half >= model.high - model.low:
        return (model.low + model.high) / 2
    return round(min(max(0.0, model.low + half), model.high - half), 4)


def _words(text: str, colour: str, size: int, **place: Any) -> dict[str, Any]:
    return {"text": text, "showarrow": False, "font": {"size": size, "color": colour}, **place}


_Cells = list[tuple[int, str, ComparisonCell]]


def _middle(row: int) -> float:
    return row + 0.48


def _add_boxes(
    shapes: list[dict[str, Any]], cells: _Cells, axes: dict[str, str], theme: Theme
) -> None:
    half = _BOX / ROW / 2
    for row, _, cell in cells:
        if cell.low is not None and cell.high is not None:
            shapes.append(
                {
                    "type": "rect",
                    "xref": axes["xaxis"],
                    "yref": axes["yaxis"],
                    "x0": cell.low,
                    "x1": cell.high,
                    "y0": _middle(row) - half,
                    "y1": _middle(row) + half,
                    "fillcolor": theme.band,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )


def _add_means(figure: go.Figure, cells: _Cells, axes: dict[str, str], theme: Theme) -> None:
    own = [(row, key, c) for row, key, c in cells if c.mean is not None]
    if not own:
        return
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row, _, cell in own:
        y = round(_middle(row) + _BOX / ROW / 2 + 0.07, 6)
        xs += [cell.mean_low, cell.mean_high, None]
        ys += [y, y, None]
    figure.add_scatter(
        x=xs[:-1],
        y=ys[:-1],
        **axes,
        mode="lines",
        line={"color": theme.ink, "width": 1.4},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[c.mean for _, _, c in own],
        y=ys[::3],
        **axes,
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": 6,
            "opacity": 1,
            "line": {"color": theme.ink, "width": 1.6},
        },
        customdata=[hover_row(key, c.hover, 4) for _, key, c in own],
        hovertemplate=hover_template(4),
        unselected={"marker": {"opacity": 1}},
    )


def _add_marks(
    figure: go.Figure,
    notes: list[dict[str, Any]],
    model: ComparisonModel,
    cells: _Cells,
    axes: dict[str, str],
    theme: Theme,
) -> None:
    own = [(row, key, c) for row, key, c in cells if c.change is not None]
    if own:
        marks = [_MARKS.get(c.sign, _SQUARE) for _, _, c in own]
        figure.add_scatter(
            x=[c.change for _, _, c in own],
            y=[_middle(row) for row, _, _ in own],
            **axes,
            mode="markers",
            marker={
                "symbol": [symbol for symbol, _ in marks],
                "size": [size for _, size in marks],
                "color": [_colour(c.sign, theme) for _, _, c in own],
                "opacity": 1,
                "line": {"width": [2 if c.sign.startswith(SLIGHTLY) else 0 for _, _, c in own]},
            },
            customdata=[hover_row(key, c.hover, 4) for _, key, c in own],
            hovertemplate=hover_template(4),
            unselected={"marker": {"opacity": 1}},
        )
    for row, _, cell in cells:
        at = {"xref": axes["xaxis"], "y": _middle(row), "yref": axes["yaxis"], "yanchor": "middle"}
        notes.append(
            _reason_words(model, cell, at, theme)
            if cell.change is None
            else _value_words(model, cell, at, theme)
        )


def _colour(sign: str, theme: Theme) -> str:
    plain = sign.removeprefix(SLIGHTLY)
    return {"thinner": theme.thinner, "thicker": theme.thicker}.get(plain, theme.within)


def _reason_words(
    model: ComparisonModel, cell: ComparisonCell, at: dict[str, Any], theme: Theme
) -> dict[str, Any]:
    lines = wrap_text(cell.reason, _COLUMN / SCREEN_FACTOR, NOTE_SIZE)
    widest = max(lines, key=lambda line: screen_text_width(line, NOTE_SIZE))
    text = "<br>".join(html_safe(line) for line in lines)
    place = {"x": _near_zero(model, widest), "xanchor": "center", "bgcolor": theme.surface}
    return _words(text, theme.muted, NOTE_SIZE, **place, **at)


def _value_words(
    model: ComparisonModel, cell: ComparisonCell, at: dict[str, Any], theme: Theme
) -> dict[str, Any]:
    """The number beside its mark, away from zero where the column has room."""
    change = cell.change or 0.0
    px = _COLUMN / (model.high - model.low)
    wide = screen_text_width(cell.text, TEXT_SIZE) + 8
    leftward = change < 0 and (change - model.low) * px >= wide - _GUTTER
    leftward = leftward or (model.high - change) * px < wide - _GUTTER
    side = {"xanchor": "right", "xshift": -6} if leftward else {"xanchor": "left", "xshift": 6}
    return _words(cell.text, theme.ink, TEXT_SIZE, x=change, **side, **at)


def _row_names(
    model: ComparisonModel, row: int, band: int, left: int, theme: Theme
) -> list[dict[str, Any]]:
    own = model.rows[row]
    room = (left - 14) / SCREEN_FACTOR
    name = elide_text(own.name, room, TEXT_SIZE, bold=True)
    when = elide_text(own.when, room, NOTE_SIZE)
    at: dict[str, Any] = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -10}
    at["yref"] = f"y{_suffix(band)}"
    return [
        {
            **_words(bold_html(html_safe(name)), theme.ink, TEXT_SIZE, y=row + 0.34, **at),
            "hovertext": html_safe(own.name),
        },
        _words(html_safe(when), theme.muted, NOTE_SIZE, y=row + 0.68, **at),
    ]


def _layout(
    model: ComparisonModel,
    left: int,
    shapes: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    theme: Theme,
) -> dict[str, Any]:
    count = max(len(model.rows), 1)
    layout: dict[str, Any] = {
        "height": (_TOP + ROW * count + _BOTTOM) * _bands(model),
        "margin": {"t": _TOP, "b": _BOTTOM, "l": left, "r": _RIGHT, "pad": 0},
        "paper_bgcolor": theme.surface,
        "plot_bgcolor": theme.surface,
        "font": {"family": SCREEN_FONT, "size": TEXT_SIZE, "color": theme.ink},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "uirevision": "comparison",
        "hoverlabel": {
            "bgcolor": "#16242D",
            "bordercolor": theme.context,
            "align": "left",
            "font": {"color": "#FFFFFF", "size": TEXT_SIZE, "family": SCREEN_FONT},
        },
        "shapes": shapes,
        "annotations": notes,
    }
    for band in range(_bands(model)):
        layout[f"yaxis{_suffix(band)}"] = {
            "domain": _down(model, band),
            "range": [count, 0],
            "fixedrange": True,
            "zeroline": False,
            "showticklabels": False,
            "tickvals": list(range(count + 1)),
            "gridcolor": theme.grid,
            "anchor": f"x{_suffix(band * _IN_A_BAND)}",
        }
    if not model.columns:
        layout["xaxis"] = {"visible": False}
    for number in range(len(model.columns)):
        layout[f"xaxis{_suffix(number)}"] = {
            "domain": _across(model, number),
            "range": [model.low, model.high],
            "fixedrange": True,
            "zeroline": False,
            "gridcolor": theme.grid,
            "tickvals": [t.at for t in model.ticks],
            "ticktext": [t.text for t in model.ticks],
            "tickangle": 0,
            "tickfont": {"size": NOTE_SIZE, "color": theme.muted},
            "anchor": f"y{_suffix(number // _IN_A_BAND)}",
        }
    return layout
