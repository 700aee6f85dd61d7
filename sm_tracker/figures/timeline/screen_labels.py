"""Words at the curves of one panel on the screen: n, rules, limits, names at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sm_tracker.figures.page.label_placement import Box, Line, free_of, nearest_free, spread_labels
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    TEXT_SIZE,
    bold_html,
    html_safe,
    screen_text_width,
)
from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, elide_text
from sm_tracker.figures.theme import Theme
from sm_tracker.figures.timeline.screen_plot import ScreenPlot, end_label_width
from sm_tracker.figures.timeline.timeline_model import Band, BreakLine, EndLabel, Panel, Point

Notes = list[dict[str, Any]]
_KEEP = 12.0
_END_GAP = 14.0


def annotation(text: str, theme: Theme, **place: Any) -> dict[str, Any]:
    """An annotation without an arrow in the quieter colour."""
    return {
        "text": text,
        "showarrow": False,
        "font": {"size": NOTE_SIZE, "color": theme.muted},
        **place,
    }


def curve_lines(panel: Panel, number: int, plot: ScreenPlot) -> list[list[tuple[float, float]]]:
    """The joined stretches of all curves as lines in px."""
    lines = []
    for curve in panel.curves:
        at = [(plot.px(p.x), plot.up(panel, number, p.y)) for p in curve.points]
        lines += [at[a:b] for a, b in curve.runs]
        lines += [at[k - 1 : k + 1] for k in curve.joints]
    return lines


def add_counts(
    notes: Notes, panel: Panel, number: int, taken: Sequence[Box], plot: ScreenPlot, theme: Theme
) -> list[Box]:
    """Write n where it is lower than usual; gives back the places taken."""
    axis = plot.axis_name(number)
    curves = curve_lines(panel, number, plot)
    boxes: list[Box] = []
    for curve in panel.curves:
        for k, point in enumerate(curve.points):
            if not point.n_text:
                continue
            wide = screen_text_width(point.n_text, NOTE_SIZE)
            x, y = plot.px(point.x), plot.up(panel, number, point.y)
            sides = _count_sides(curve.points, k)
            tries = [(side, _count_box(x, y, wide, *side)) for side in sides]
            free = [t for t in tries if free_of(t[1], (), [*boxes, *taken], 0)]
            clear = [t for t in free if free_of(t[1], curves, (), 1)]
            if clear or (free and not plot.on_phone):
                (anchor, shift, up), box = (clear or free)[0]
                boxes.append(box)
                place = {"x": plot.place(point.x), "y": point.y, "xref": "x", "yref": axis}
                aside = {"xanchor": anchor, "xshift": shift, "yshift": up}
                notes.append(annotation(html_safe(point.n_text), theme, **place, **aside))
    return boxes


_Side = tuple[str, float, float]


def _count_box(x: float, y: float, wide: float, anchor: str, shift: float, up: float) -> Box:
    left = x + shift - {"left": 0, "center": wide / 2, "right": wide}[anchor]
    return Box(left, y + up - 6, left + wide, y + up + 6)


def _count_sides(points: Sequence[Point], k: int) -> list[_Side]:
    """Right of a falling point, left of a rising one, else above; then the other places."""
    right, left, above, below = (
        ("left", 6.0, 8.0),
        ("right", -6.0, 8.0),
        ("center", 0.0, 13.0),
        ("center", 0.0, -13.0),
    )
    before = points[k - 1].y if k else points[k].y
    after = points[k + 1].y if k + 1 < len(points) else points[k].y
    y = points[k].y
    if before >= y > after:
        return [right, above, below, left]
    if before < y <= after:
        return [left, above, below, right]
    return [above, right, left, below]


def add_break_lines(
    shapes: Notes,
    notes: Notes,
    panel: Panel,
    number: int,
    taken: Sequence[Box],
    named: set[BreakLine],
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Dashed rules with their words above the panel, or inside it where the title stands.

    The first box of `taken` is that of the title, above the panel; the others lie inside.
    """
    axis = plot.axis_name(number)
    curves = curve_lines(panel, number, plot)
    above, inside = [taken[0]], list(taken[1:])
    for rule in panel.rules:
        x = plot.place(rule.x)
        shapes.append(
            {
                "type": "line",
                "xref": "x",
                "yref": f"{axis} domain",
                "x0": x,
                "x1": x,
                "y0": 0,
                "y1": 1,
                "line": {"color": theme.muted, "width": 1, "dash": "3px,3px"},
                "layer": "below",
            }
        )
        if rule in named:
            continue
        anchor = _rule_anchor(rule, float(plot.heights[number]), curves, above, inside, plot)
        if anchor:
            place = {"x": x, "xref": "x", "y": 1, "yref": f"{axis} domain"}
            notes.append(annotation(html_safe(rule.text), theme, **place, **anchor))


def _rule_anchor(
    rule: BreakLine,
    high: float,
    curves: Sequence[Line],
    above: list[Box],
    inside: list[Box],
    plot: ScreenPlot,
) -> dict[str, Any]:
    """Where the words of a rule stand, the place noted as taken; empty if there is none."""
    wide, px = screen_text_width(rule.text, NOTE_SIZE), plot.px(rule.x)
    over = Box(px - wide / 2 - 6, 2, px + wide / 2 + 6, 18)
    right = Box(px + 4, high - 16, px + 4 + wide, high - 2)
    left = Box(px - 4 - wide, high - 16, px - 4, high - 2)
    if over.right <= plot.wide + 20 and free_of(over, (), above, 0):
        above.append(over)
        return {"yanchor": "bottom", "yshift": 1}
    if right.right <= plot.wide and free_of(right, curves, inside, 2):
        inside.append(right)
        return {"xanchor": "left", "yanchor": "top", "xshift": 3}
    if left.left >= 0 and free_of(left, curves, inside, 2):
        inside.append(left)
        return {"xanchor": "right", "yanchor": "top", "xshift": -3}
    return {}


def add_past_words(
    notes: Notes,
    panel: Panel,
    band: Band,
    number: int,
    taken: Sequence[Box],
    plot: ScreenPlot,
    theme: Theme,
) -> None:
    """Limits of a past period beside its band, where they keep clear of every curve."""
    wide = screen_text_width(band.past_text, NOTE_SIZE)
    high = float(plot.heights[number])
    wanted = plot.up(panel, number, band.low if band.low is not None else band.baseline)
    curves = curve_lines(panel, number, plot)
    start, end = plot.px(band.start), plot.px(band.end)
    rules = [Box(plot.px(r.x) - 1, 0, plot.px(r.x) + 1, high) for r in panel.rules]
    sides = [
        (end + 6, "left", 6.0, band.end),
        (start - 6 - wide, "right", -6.0, band.start),
    ]
    for gap in (_KEEP, 5.0):
        for left, anchor, shift, day in sides:
            if left < 0 or left + wide > plot.wide:
                continue
            for up in nearest_free(wanted, 4, 8, high - 8):
                box = Box(left, up - 7, left + wide, up + 7)
                if free_of(box, curves, [*taken, *rules], gap):
                    notes.append(
                        annotation(
                            band.past_text,
                            theme,
                            x=plot.place(day),
                            xref="x",
                            xanchor=anchor,
                            xshift=shift,
                            y=round(plot.value_at(panel, number, up), 4),
                            yref=plot.axis_name(number),
                            yanchor="middle",
                        )
                    )
                    return


def end_annotations(
    panel: Panel, number: int, plot: ScreenPlot, theme: Theme
) -> list[dict[str, Any]]:
    """Names and limits at the right end, one column pushed apart."""
    wanted = [plot.up(panel, number, label.y) for label in panel.end_labels]
    high = float(plot.heights[number])
    placed = spread_labels(wanted, _END_GAP, min(6.0, high / 2), max(high - 6.0, high / 2))
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 4,
            "y": label.y,
            "yref": plot.axis_name(number),
            "yanchor": "middle",
            "yshift": round(at - up, 2),
            "text": _end_text(label, plot),
            "hovertext": html_safe(label.name),
            "showarrow": False,
            "align": "left",
            "font": {
                "size": NOTE_SIZE if label.kind == "limit" else TEXT_SIZE,
                "color": theme.ink if label.kind == "focus" else theme.muted,
            },
        }
        for label, up, at in zip(panel.end_labels, wanted, placed, strict=True)
    ]


def _end_text(label: EndLabel, plot: ScreenPlot) -> str:
    room = plot.right - 10
    if label.kind == "limit":
        fits = end_label_width(label) <= room
        return html_safe(label.name if fits or not label.short else label.short)
    name = label.name
    if end_label_width(label) > room:
        value = screen_text_width(f" {label.value}", TEXT_SIZE)
        name = elide_text(
            name, (room - value) / SCREEN_FACTOR, TEXT_SIZE, bold=label.kind == "focus"
        )
    shown = bold_html(html_safe(name)) if label.kind == "focus" else html_safe(name)
    if not name:
        return bold_html(html_safe(label.value))
    return f"{shown} {html_safe(label.value)}"
