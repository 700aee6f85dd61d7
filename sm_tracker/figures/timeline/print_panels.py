"""Panels for print: band, rules, curves, marks and their words."""

from __future__ import annotations

from collections.abc import Sequence

from sm_tracker.figures.page.label_placement import (
    Box,
    Line,
    distance_to_lines,
    free_of,
    nearest_free,
    spread_labels,
)
from sm_tracker.figures.page.marks import ASCENT, DESCENT, XY, Page
from sm_tracker.figures.page.print_text import TEXT_PT
from sm_tracker.figures.page.text_metrics import text_width
from sm_tracker.figures.theme import Theme, site_style
from sm_tracker.figures.timeline.print_frame import END_GAP, PageFrame, PanelFrame, fitted_end
from sm_tracker.figures.timeline.print_lanes import LeftOutText
from sm_tracker.figures.timeline.timeline_model import (
    Band,
    BreakLine,
    CensoredMark,
    Curve,
    DoubtfulMark,
    Panel,
    Point,
    TimelineModel,
)

_BASE = 0.36
"""Base line of text below its middle, as a share of its size."""
_CLEAR = 0.4
"""Least distance of an n from every line  [pt]."""
_CROWDED = 4.5
"""Points closer than this on average are drawn smaller  [pt]."""


def draw_panel(
    page: Page,
    frame: PanelFrame,
    panel: Panel,
    title: Box,
    named: set[BreakLine],
    layout: PageFrame,
    model: TimelineModel,
    unwritten: LeftOutText,
    theme: Theme,
) -> None:
    """Draw what lies within one panel, and the words at its right end.

    Parameters
    ----------
    title : Box
        Place of the panel's title.
    named : set of Rule
        Rules already named in a panel above; those of this one are added.
    """
    if panel.band is not None:
        with page.group("error-band"):
            _draw_band(page, frame, panel, panel.band, model, theme)
    for rule in panel.rules:
        x = frame.x(rule.x)
        page.line([(x, frame.box.low), (x, frame.box.high)], theme.muted, 0.5, (2, 2))
    for curve in sorted(panel.curves, key=lambda c: c.focus):
        with page.group("series", curve.name):
            _draw_curve(page, frame, curve, panel.beside, layout.narrow, theme)
    curves = _curve_lines(frame, panel)
    taken = [title]
    rules = [_rule_box(frame, rule) for rule in panel.rules]
    for curve in panel.curves:
        for mark in curve.censored:
            _draw_censored(page, frame, mark, curves, rules, taken, unwritten, theme)
        for doubtful in curve.doubtful:
            _draw_doubtful(page, frame, doubtful, curves, rules, taken, unwritten, theme)
    _draw_unreadable(page, frame, panel, curves, taken, unwritten, theme)
    _name_rules(page, frame, panel, curves, taken, named, theme)
    _write_counts(page, frame, panel, curves, taken, unwritten, theme)
    if panel.band is not None and panel.band.past:
        _write_past(page, frame, panel.band, panel, curves, taken, theme)
    if panel.empty_text:
        middle = (frame.box.left + frame.box.right) / 2
        base = (frame.box.low + frame.box.high) / 2
        page.write(middle, base, panel.empty_text, TEXT_PT, theme.muted, align="center")
    _write_ends(page, frame, panel, layout, theme)


def _draw_band(
    page: Page, frame: PanelFrame, panel: Panel, band: Band, model: TimelineModel, theme: Theme
) -> None:
    start = frame.x(band.start)
    end = frame.x(model.time.beyond(band.end, open_end=band.open_end))
    low = frame.y(panel.low if band.low is None else band.low)
    high = frame.y(panel.high if band.high is None else band.high)
    page.box(Box(start, low, end, high), fill=theme.band)
    y = frame.y(band.baseline)
    page.line([(start, y), (end, y)], theme.ink, 0.6, (1.2, 1.4))


def _draw_curve(
    page: Page, frame: PanelFrame, curve: Curve, outcome: bool, narrow: bool, theme: Theme
) -> None:
    style = site_style(curve.style)
    colour = theme.ink if curve.focus else theme.context
    at = [(frame.x(p.x), frame.y(p.y)) for p in curve.points]
    thick = 0.8 if outcome else 1.2 if curve.focus else 0.6
    dash = () if curve.focus else style.print_dash
    for a, b in curve.runs:
        if b - a > 1:
            page.line(at[a:b], colour, thick, dash)
    for k in curve.joints:
        page.line(at[k - 1 : k + 1], colour, 0.6, (0.8, 1.8))
    filled = curve.focus and not outcome
    size = (2.2 if filled else 1.7) * (0.82 if narrow else 1.0) * _crowding(frame, at)
    for x, y in at:
        page.symbol(
            style.print_marker,
            x,
            y,
            size,
            colour if filled else theme.surface,
            theme.surface if filled else colour,
            0.5 if filled else 0.6,
        )


def _crowding(frame: PanelFrame, at: Sequence[XY]) -> float:
    """Share of their size at which many points leave their line to be seen."""
    apart = (frame.box.right - frame.box.left) / max(len(at) - 1, 1)
    return min(1.0, max(0.65, apart / _CROWDED))


def _curve_lines(frame: PanelFrame, panel: Panel) -> list[Line]:
    lines: list[Line] = []
    for curve in panel.curves:
        at = [(frame.x(p.x), frame.y(p.y)) for p in curve.points]
        lines += [at[a:b] for a, b in curve.runs]
        lines += [at[k - 1 : k + 1] for k in curve.joints]
    return lines


def _text_box(left: float, middle: float, text: str) -> Box:
    base = middle - _BASE * TEXT_PT
    wide = text_width(text, TEXT_PT)
    return Box(left, base - DESCENT * TEXT_PT, left + wide, base + ASCENT * TEXT_PT)


def _put(page: Page, box: Box, text: str, taken: list[Box], theme: Theme) -> None:
    page.write(box.left, box.low + DESCENT * TEXT_PT, text, TEXT_PT, theme.muted)
    taken.append(box)


def _draw_censored(
    page: Page,
    frame: PanelFrame,
    mark: CensoredMark,
    curves: Sequence[Line],
    rules: Sequence[Box],
    taken: list[Box],
    unwritten: LeftOutText,
    theme: Theme,
) -> None:
    x, y = frame.x(mark.x), frame.y(mark.y)
    up = 1.0 if mark.above else -1.0
    page.line([(x - 2.2, y), (x + 2.2, y)], theme.ink, 1.0)
    page.line([(x, y), (x, y + up * 4.2)], theme.ink, 0.7)
    page.area([(x - 1.5, y + up * 3.6), (x + 1.5, y + up * 3.6), (x, y + up * 6.4)], theme.ink)
    taken.append(Box(x - 2.4, min(y, y + up * 6.5), x + 2.4, max(y, y + up * 6.5)))
    heights = (y + up * 2.5, y + up * 6, y - up * 4)
    if not _write_beside(page, frame, x, heights, mark.text, curves, rules, taken, theme):
        unwritten.remarks.append(f"{mark.hover[0]}.")


def _write_beside(
    page: Page,
    frame: PanelFrame,
    x: float,
    heights: Sequence[float],
    text: str,
    curves: Sequence[Line],
    rules: Sequence[Box],
    taken: list[Box],
    theme: Theme,
) -> bool:
    """Write words right or left of a mark, if possible on no line; whether there was room."""
    wide = text_width(text, TEXT_PT)
    places = [
        _text_box(left, middle, text) for left in (x + 4.5, x - 4.5 - wide) for middle in heights
    ]
    free = [b for b in places if b.inside(_room(frame)) and free_of(b, (), taken, 0)]
    for lines, boxes in ((curves, rules), (curves, ()), ((), ())):
        for box in free:
            if free_of(box, lines, boxes, 0.5):
                _put(page, box, text, taken, theme)
                return True
    return False


def _draw_doubtful(
    page: Page,
    frame: PanelFrame,
    mark: DoubtfulMark,
    curves: Sequence[Line],
    rules: Sequence[Box],
    taken: list[Box],
    unwritten: LeftOutText,
    theme: Theme,
) -> None:
    x, y = frame.x(mark.x), frame.y(mark.y)
    page.symbol("o", x, y, 3.4, theme.surface, theme.ink, 0.7)
    page.write(x, y - _BASE * TEXT_PT, "?", TEXT_PT, theme.ink, align="center")
    taken.append(Box(x - 3.6, y - 3.6, x + 3.6, y + 3.6))
    heights = (y, y + 4.5, y - 4.5)
    if not _write_beside(page, frame, x + 1, heights, mark.text, curves, rules, taken, theme):
        unwritten.remarks.append(f"{mark.hover[0]}.")


def _room(frame: PanelFrame) -> Box:
    """Where words of a panel may stand."""
    box = frame.box
    return Box(box.left + 1, box.low + 0.5, box.right, box.high + 1)


def _draw_unreadable(
    page: Page,
    frame: PanelFrame,
    panel: Panel,
    curves: Sequence[Line],
    taken: list[Box],
    unwritten: LeftOutText,
    theme: Theme,
) -> None:
    y = frame.box.low + 6.0
    crosses = []
    for mark in panel.unreadable:
        x = frame.x(mark.x)
        for rise in (-1.7, 1.7):
            page.line([(x - 1.7, y - rise), (x + 1.7, y + rise)], theme.ink, 0.8)
        crosses.append(Box(x - 2, y - 2, x + 2, y + 2))
    rules = [_rule_box(frame, rule) for rule in panel.rules]
    taken.extend(crosses)
    for mark, cross in zip(panel.unreadable, crosses, strict=True):
        wide = text_width(mark.text, TEXT_PT)
        for left in (cross.left - 2.5 - wide, cross.right + 2.5):
            box = _text_box(left, y, mark.text)
            if box.inside(_room(frame)) and free_of(box, curves, [*taken, *rules], 0.5):
                _put(page, box, mark.text, taken, theme)
                break
        else:
            unwritten.unreadable.extend(mark.hover[:-1])


def _rule_box(frame: PanelFrame, rule: BreakLine) -> Box:
    x = frame.x(rule.x)
    return Box(x - 0.6, frame.box.low, x + 0.6, frame.box.high)


def _name_rules(
    page: Page,
    frame: PanelFrame,
    panel: Panel,
    curves: Sequence[Line],
    taken: list[Box],
    named: set[BreakLine],
    theme: Theme,
) -> None:
    box = frame.box
    above = Box(1.5, box.high + 1, page.bounds.right - 1.5, box.high + 14)
    for rule in panel.rules:
        if rule in named:
            continue
        x, wide = frame.x(rule.x), text_width(rule.text, TEXT_PT)
        tries: list[tuple[Box, Box, Sequence[Line]]] = []
        if panel.title:  # else the axis of the panel above is there
            tries.append((_text_box(x - wide / 2, box.high + 6.5, rule.text), above, ()))
        for left in (x + 2.5, x - 2.5 - wide):
            tries.append((_text_box(left, box.high - 4.5, rule.text), _room(frame), curves))
        for place, room, lines in tries:
            if place.inside(room) and free_of(place, lines, [_grown(t, 3) for t in taken], 1):
                _put(page, place, rule.text, taken, theme)
                break
    named.update(panel.rules)


def _grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.low, box.right + by, box.high)


def _write_counts(
    page: Page,
    frame: PanelFrame,
    panel: Panel,
    curves: Sequence[Line],
    taken: list[Box],
    unwritten: LeftOutText,
    theme: Theme,
) -> None:
    """Write n at the best of six places by its distance to all lines, else of six further ones.

    An n that would lie on a line everywhere is left to the notes.
    """
    for curve in panel.curves:
        for point in curve.points:
            if not point.n_text:
                continue
            rules = [_rule_box(frame, r) for r in panel.rules]
            box = _best_place(frame, point, curves, [*taken, *rules])
            if box is None:
                unwritten.counts += 1
            else:
                _put(page, box, point.n_text, taken, theme)


def _best_place(
    frame: PanelFrame, point: Point, curves: Sequence[Line], taken: Sequence[Box]
) -> Box | None:
    def room_around(box: Box) -> float:
        return distance_to_lines(box, curves, 6.0)

    x, y = frame.x(point.x), frame.y(point.y)
    wide = text_width(point.n_text, TEXT_PT)
    best: Box | None = None
    for away in (6.2, 9.5):
        places = [
            _text_box(left, middle, point.n_text)
            for left in (x + 3, x - wide / 2, x - 3 - wide)
            for middle in (y + away, y - away)
        ]
        free = [b for b in places if b.inside(_room(frame)) and free_of(b, (), taken, 0)]
        best = max([best, *free] if best else free, key=room_around, default=None)
        # Further away only where every near place touches a line.
        if best is not None and room_around(best) >= 1.5:
            break
    return best if best is not None and room_around(best) >= _CLEAR else None


def _write_past(
    page: Page,
    frame: PanelFrame,
    band: Band,
    panel: Panel,
    curves: Sequence[Line],
    taken: list[Box],
    theme: Theme,
) -> None:
    """Limits of a past period beside its band, where they keep clear of every curve."""
    wide = text_width(band.past_text, TEXT_PT)
    wanted = frame.y(band.low if band.low is not None else band.baseline)
    blocked = [*taken, *(_rule_box(frame, r) for r in panel.rules)]
    for gap in (6.0, 2.5):
        for left in (frame.x(band.end) + 3, frame.x(band.start) - 3 - wide):
            for middle in nearest_free(wanted, 2, frame.box.low + 5, frame.box.high - 5):
                box = _text_box(left, middle, band.past_text)
                if box.inside(_room(frame)) and free_of(box, curves, blocked, gap):
                    _put(page, box, band.past_text, taken, theme)
                    return


def _write_ends(
    page: Page, frame: PanelFrame, panel: Panel, layout: PageFrame, theme: Theme
) -> None:
    box = frame.box
    wanted = [frame.y(label.y) for label in panel.end_labels]
    for label, middle in zip(
        panel.end_labels, spread_labels(wanted, END_GAP, box.low + 3.5, box.high - 2.5), strict=True
    ):
        text, size, bold = fitted_end(label, layout.narrow, layout.right_room - 7)
        colour = theme.ink if label.kind == "focus" else theme.muted
        page.write(box.right + 5, middle - _BASE * size, text, size, colour, bold=bold)
