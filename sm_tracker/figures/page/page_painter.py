"""A plot on a page for print, in points, from which every file format is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import singledispatch
from itertools import groupby

from sm_tracker.figures.page.label_placement import Box
from sm_tracker.figures.page.marks import LEAST_LINE_PT, MM, Page, Strokes, hatch_lines
from sm_tracker.figures.page.plot import (
    Area,
    Axis,
    Bars,
    KeyItem,
    Label,
    Layout,
    Line,
    Medium,
    Plot,
    Points,
    Rule,
    fitting_ticks,
    print_medium,
)
from sm_tracker.figures.page.print_text import EDGE, LINE_GAP, TEXT_PT
from sm_tracker.figures.page.text_metrics import text_width, wrap_text
from sm_tracker.figures.page.values import Tick
from sm_tracker.figures.theme import GRAY, PRINT, RegimenStyle, Theme, blend

_HATCH_STRENGTH = 0.75
_LINE = 0.5
"""Points of a line for one px of the screen: paper is read from nearer."""
_BASE = 0.36
_KEY = 12.0
_LETTERS = {
    "circle": "o", "square": "s", "diamond": "D", "triangle-up": "^", "triangle-down": "v",
    "triangle-right": ">",
}  # fmt: skip


def print_plot(layout: Layout, *, width_mm: float, gray: bool = False, notes: bool = True) -> Page:
    """A plot as a page for print.

    Parameters
    ----------
    layout : callable
        Gives the plot for a medium.
    width_mm : float
        Exact width; the height follows from what is drawn.
    gray : bool
    notes : bool
        Whether the note is printed below.
    """
    medium, theme = print_medium(width_mm), GRAY if gray else PRINT
    plot = layout(medium)
    key = _key_lines(plot.key, medium.width)
    said = plot.note if notes else ""
    lines = wrap_text(said, medium.width, TEXT_PT) if said else []
    below = EDGE + LINE_GAP * len(lines) + (4.0 if lines else 0.0)
    high = EDGE + _KEY * len(key) + plot.top + plot.height + plot.bottom + below
    page = Page(width_mm, high / MM)
    top = high - EDGE - _KEY * len(key) - plot.top
    box = Box(EDGE + plot.left, top - plot.height, EDGE + medium.width - plot.right, top)
    with page.group("key"):
        _draw_key(page, key, high - EDGE, theme)
    sheet = _Sheet(page, plot, box, medium, theme)
    if plot.framed:
        with page.group("grid"):
            _draw_grid(sheet)
    for mark in plot.marks:
        with page.group(type(mark).__name__):
            _draw(mark, sheet)
    if plot.framed:
        with page.group("axes"):
            _draw_axes(sheet)
    for number, line in enumerate(lines):
        page.write(EDGE, below - 4.0 - LINE_GAP * (number + 1) + 2.4, line, TEXT_PT, theme.ink)
    return page


class _Sheet:
    """Where the marks of a plot lie on a page."""

    def __init__(self, page: Page, plot: Plot, box: Box, medium: Medium, theme: Theme) -> None:
        self.page, self.plot, self.box = page, plot, box
        self.medium, self.theme = medium, theme

    def x(self, value: float, *, share: bool = False) -> float:
        """Place across the page."""
        part = value if share else self.plot.x.share(value)
        return self.box.left + part * (self.box.right - self.box.left)

    def y(self, value: float, *, share: bool = False) -> float:
        """Place up the page."""
        part = value if share else self.plot.y.share(value)
        return self.box.low + part * (self.box.high - self.box.low)

    def colour(self, role: str, strength: float = 1.0) -> str:
        """A solid colour: nothing on a page is transparent."""
        full = str(getattr(self.theme, role))
        return full if strength >= 1 else blend(full, strength, self.theme.surface)

    def line(self, width: float) -> float:
        """Width of a line that has so many px on the screen."""
        return max(LEAST_LINE_PT, width * _LINE)

    def dash(self, lengths: tuple[float, ...]) -> tuple[float, ...]:
        """Dashes, in points."""
        return tuple(d * self.medium.unit for d in lengths)


def _draw_grid(sheet: _Sheet) -> None:
    box, page, grid = sheet.box, sheet.page, sheet.theme.grid
    if sheet.plot.y.grid:
        for tick in _within(sheet.plot.y):
            page.line([(box.left, y := sheet.y(tick.at)), (box.right, y)], grid, LEAST_LINE_PT)
    if sheet.plot.x.grid:
        for tick in _within(sheet.plot.x):
            page.line([(x := sheet.x(tick.at), box.low), (x, box.high)], grid, LEAST_LINE_PT)


def _within(axis: Axis) -> list[Tick]:
    low, high = sorted((axis.low, axis.high))
    return [t for t in axis.ticks if low - 1e-9 <= t.at <= high + 1e-9]


def _draw_axes(sheet: _Sheet) -> None:
    box, page, theme, medium = sheet.box, sheet.page, sheet.theme, sheet.medium
    x, y = sheet.plot.x, sheet.plot.y
    page.line([(box.left, box.low), (box.right, box.low)], theme.line, LEAST_LINE_PT)
    under = box.low - 4 - 0.9 * medium.note
    for tick in fitting_ticks(x, medium, box.right - box.left, note=True):
        at = sheet.x(tick.at)
        page.line([(at, box.low), (at, box.low - 2.2)], theme.line, LEAST_LINE_PT)
        half = text_width(tick.text, medium.note) / 2
        middle = min(max(at, EDGE + half), page.bounds.right - EDGE - half)
        page.write(middle, under, tick.text, medium.note, theme.ink, align="center")
    if x.title:
        foot = under - (1.35 * medium.note if x.ticks else 0.0)
        page.write((box.left + box.right) / 2, foot, x.title, medium.note, theme.muted,
                   align="center")  # fmt: skip
    for tick in _within(y):
        size = medium.size(note=not y.strong)
        base = sheet.y(tick.at) - _BASE * size
        page.write(box.left - 4, base, tick.text, size, theme.ink, align="right")
    if y.title:
        page.write(EDGE, box.high + 5, y.title, medium.note, theme.muted)


def _key_lines(items: Sequence[KeyItem], room: float) -> list[list[KeyItem]]:
    lines: list[list[KeyItem]] = [[]]
    used = 0.0
    for item in items:
        wide = _key_width(item)
        if lines[-1] and used + wide > room:
            lines.append([])
            used = 0.0
        lines[-1].append(item)
        used += wide
    return [line for line in lines if line]


def _key_width(item: KeyItem) -> float:
    return 10.0 + text_width(item.words, TEXT_PT) + 9.0


def _draw_key(page: Page, lines: list[list[KeyItem]], top: float, theme: Theme) -> None:
    for number, line in enumerate(lines):
        x, y = EDGE, top - _KEY * number - 5.5
        for item in line:
            colour = str(getattr(theme, item.role))
            if item.symbol == "band":
                page.box(Box(x, y - 3, x + 7, y + 3), fill=colour)
            else:
                radius = 2.2 if item.symbol == "square" else 2.8
                page.symbol(_LETTERS[item.symbol], x + 3.5, y, radius, colour, "", LEAST_LINE_PT)
            page.write(x + 10, y - _BASE * TEXT_PT, item.words, TEXT_PT, theme.muted)
            x += _key_width(item)


def draw_hatch(page: Page, body: Box, style: RegimenStyle, theme: Theme) -> None:
    """The pattern of a regimen on its bar."""
    lines = hatch_lines(body, style.pattern)
    if lines:
        ink = blend(style.hatch(theme), _HATCH_STRENGTH, style.colour(theme))
        page.marks.append(Strokes(lines=lines, stroke=ink, width=LEAST_LINE_PT))


@singledispatch
def _draw(mark: object, sheet: _Sheet) -> None:
    raise TypeError(type(mark).__name__)


@_draw.register
def _line(mark: Line, sheet: _Sheet) -> None:
    places = zip(mark.xs, mark.ys, strict=True)
    for known, run in groupby(places, lambda p: not math.isnan(p[1])):
        if known:
            points = [(sheet.x(x), sheet.y(y)) for x, y in run]
            colour = sheet.colour(mark.role, mark.strength)
            sheet.page.line(points, colour, sheet.line(mark.width), sheet.dash(mark.dash))


@_draw.register
def _area(mark: Area, sheet: _Sheet) -> None:
    points = [(sheet.x(x), sheet.y(y)) for x, y in zip(mark.xs, mark.ys, strict=True)]
    sheet.page.area(points, sheet.colour(mark.role))


@_draw.register
def _bars(mark: Bars, sheet: _Sheet) -> None:
    page, theme = sheet.page, sheet.theme
    for n, (at, start, end) in enumerate(zip(mark.at, mark.start, mark.end, strict=True)):
        half = mark.thick / 2
        if mark.across:
            xs, ys = (sheet.x(start), sheet.x(end)), (sheet.y(at - half), sheet.y(at + half))
        else:
            xs, ys = (sheet.x(at - half), sheet.x(at + half)), (sheet.y(start), sheet.y(end))
        body = Box(min(xs), min(ys), max(xs), max(ys))
        if mark.style is None:
            page.box(body, fill=sheet.colour(mark.roles[n]))
        else:
            page.box(body, fill=mark.style.colour(theme))
            draw_hatch(page, body, mark.style, theme)
            page.box(body, stroke=theme.ink, width=LEAST_LINE_PT)


@_draw.register
def _points(mark: Points, sheet: _Sheet) -> None:
    if mark.unseen:
        return
    places = zip(mark.xs, mark.ys, mark.symbols, mark.sizes, mark.roles, strict=True)
    for x, y, symbol, size, role in places:
        colour = sheet.colour(role)
        fill, rim = (sheet.theme.surface, colour) if mark.hollow else (colour, "")
        radius = size / 2 * sheet.medium.unit
        sheet.page.symbol(_LETTERS[symbol], sheet.x(x), sheet.y(y), radius, fill, rim, 1.0)


@_draw.register
def _label(mark: Label, sheet: _Sheet) -> None:
    size = sheet.medium.size(note=mark.note)
    base = {"top": -0.74, "middle": -_BASE, "bottom": 0.22}[mark.level] * size
    unit = sheet.medium.unit
    x = sheet.x(mark.x, share=mark.x_share) + mark.dx * unit
    y = sheet.y(mark.y, share=mark.y_share) + mark.dy * unit + base
    colour = sheet.colour(mark.role)
    sheet.page.write(x, y, mark.text, size, colour, bold=mark.bold, align=mark.anchor)


@_draw.register
def _rule(mark: Rule, sheet: _Sheet) -> None:
    box = sheet.box
    at = sheet.x(mark.at) if mark.upright else sheet.y(mark.at)
    ends = [(at, box.low), (at, box.high)] if mark.upright else [(box.left, at), (box.right, at)]
    colour = sheet.colour(mark.role, mark.strength)
    sheet.page.line(ends, colour, sheet.line(mark.width), sheet.dash(mark.dash))
