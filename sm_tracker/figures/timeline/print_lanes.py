"""Therapy lanes for print: bars with plain-line patterns, arrows, session ticks, doses."""

from __future__ import annotations

from dataclasses import dataclass, field

from sm_tracker.figures.page.label_placement import BarRoom, Box, place_bar_labels
from sm_tracker.figures.page.marks import Page, symbol_points
from sm_tracker.figures.page.page_painter import draw_hatch
from sm_tracker.figures.page.print_text import LABEL_PT, TEXT_PT
from sm_tracker.figures.page.text_metrics import text_width
from sm_tracker.figures.theme import RegimenStyle, Theme, regimen_styles
from sm_tracker.figures.timeline.print_frame import LANE, PanelFrame, fitted_lane
from sm_tracker.figures.timeline.timeline_model import Bar, Lane, TimelineModel

_BAR_TOP, _BAR, _TICK = 8.7, 5.1, 1.8
_SHORTEST = 1.6
_TAIL = 14.0


@dataclass(slots=True)
class LeftOutText:
    """What found no room in the figure and is said in the notes instead."""

    doses: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    counts: int = 0
    short_bars: bool = False


def draw_lanes(
    page: Page, frame: PanelFrame, model: TimelineModel, unwritten: LeftOutText, theme: Theme
) -> None:
    """Draw all lanes from the top of their frame down."""
    styles = regimen_styles(model.regimens)
    box = frame.box
    for row, lane in enumerate(model.lanes):
        with page.group("lane", lane.name):
            top = box.high - row * LANE
            if row:
                page.line([(box.left, top), (box.right, top)], theme.grid, 0.5)
            name = fitted_lane(lane, box.left)
            base = top - _BAR_TOP - _BAR / 2 - 0.2 * LABEL_PT
            page.write(
                box.left - 4, base, name, LABEL_PT, theme.ink, bold=lane.focus, align="right"
            )
            for bar in lane.bars:
                _draw_bar(page, frame, bar, top, styles[bar.regimen], unwritten, theme)
            _write_doses(page, frame, lane, top, unwritten, theme)


def _draw_bar(
    page: Page,
    frame: PanelFrame,
    bar: Bar,
    top: float,
    style: RegimenStyle,
    unwritten: LeftOutText,
    theme: Theme,
) -> None:
    high, low = top - _BAR_TOP, top - _BAR_TOP - _BAR
    fill = style.colour(theme)
    pale = style.pale(theme)
    start, end = frame.x(bar.middle_start), frame.x(bar.middle_end)
    line = 0.9 if bar.focus else 0.5
    solid = end
    if bar.end_status == "unknown":
        solid = end - min(_TAIL, (end - start) / 2)
    if bar.approximate:
        page.box(Box(frame.x(bar.start), low, frame.x(bar.end), high), fill=pale)
    if bar.end_status == "unknown":
        _unknown_tail(page, Box(solid, low, end, high), pale, theme)
    if bar.end_status == "ongoing":
        _arrow(page, solid, (low + high) / 2, fill, line, theme)
    if solid - start >= _SHORTEST or bar.end_status == "ongoing":
        body = Box(start, low, solid, high)
        page.box(body, fill=fill)
        draw_hatch(page, body, style, theme)
        page.box(body, stroke=theme.ink, width=line)
    else:
        unwritten.short_bars = True
        middle = (start + solid) / 2
        page.area(symbol_points("D", middle, (low + high) / 2, 2.7), fill, theme.ink, line)
    for session in bar.sessions:
        x = frame.x(session.x)
        page.line([(x, low), (x, low - _TICK)], theme.ink, 0.5)


def _unknown_tail(page: Page, box: Box, pale: str, theme: Theme) -> None:
    page.box(box, fill=pale)
    edge = [(box.left, box.high), (box.right, box.high), (box.right, box.low), (box.left, box.low)]
    page.line(edge, theme.ink, 0.5, (2, 1.4))
    if box.right - box.left >= 8:
        middle = (box.left + box.right) / 2
        base = (box.low + box.high) / 2 - 0.36 * TEXT_PT
        page.write(middle, base, "?", TEXT_PT, theme.ink, bold=True, align="center")


def _arrow(page: Page, x: float, y: float, fill: str, line: float, theme: Theme) -> None:
    head = [(x, y - 4.2), (x, y + 4.2), (x + 5.4, y)]
    page.area(head, fill, theme.ink, line)


def _write_doses(
    page: Page, frame: PanelFrame, lane: Lane, top: float, unwritten: LeftOutText, theme: Theme
) -> None:
    left, right = frame.box.left, frame.box.right
    rooms = [BarRoom(frame.x(b.start) - left, frame.x(b.end) - left, b.labels) for b in lane.bars]
    labels = place_bar_labels(rooms, right - left, 4, lambda t: text_width(t, TEXT_PT))
    for label in labels:
        colour = theme.ink if lane.bars[label.bar].focus else theme.muted
        page.write(left + label.left, top - 6.3, label.text, TEXT_PT, colour)
    written = {label.bar: label.text for label in labels}
    for number, bar in enumerate(lane.bars):
        if bar.labels and written.get(number) != bar.labels[0]:
            unwritten.doses.append(f"{bar.name} {bar.labels[0]}")
