"""A page for print as a list of marks in points, before any file format.

The renderer decides every place itself, so the same page comes out of every format, and
no mark is transparent: EPS has no transparency.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

from sm_tracker.figures.page.label_placement import Box
from sm_tracker.figures.page.text_metrics import printable, text_width

MM = 72 / 25.4
"""Points in a millimetre."""
LEAST_TEXT_PT = 7.0
LEAST_LINE_PT = 0.5
ASCENT, DESCENT = 0.74, 0.22
"""Height of the font above and below the base line, as a share of its size."""

Align = Literal["left", "center", "right"]
XY = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A line or an area; `fill` and `stroke` are solid colours or blank."""

    points: tuple[XY, ...]
    closed: bool = False
    fill: str = ""
    stroke: str = ""
    width: float = LEAST_LINE_PT
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A circle."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    width: float = LEAST_LINE_PT


@dataclass(frozen=True, slots=True, kw_only=True)
class Strokes:
    """Many short lines of one kind, such as a hatch."""

    lines: tuple[tuple[XY, XY], ...]
    stroke: str
    width: float = LEAST_LINE_PT


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    align: Align = "left"

    @property
    def box(self) -> Box:
        """The rectangle that the text takes."""
        wide = text_width(self.text, self.size, bold=self.bold)
        left = self.x - {"left": 0.0, "center": wide / 2, "right": wide}[self.align]
        low = self.y - DESCENT * self.size
        return Box(left, low, left + wide, self.y + ASCENT * self.size)


Mark = Shape | Disc | Strokes | Words
_NOT_IN_A_NAME = re.compile(r"[^\w]+")


def _enlarged(mark: Mark, by: float) -> Mark:
    """A mark on a page that is so many times as large."""
    if isinstance(mark, Words):
        return replace(mark, x=mark.x * by, y=mark.y * by, size=mark.size * by)
    width = mark.width * by
    if isinstance(mark, Disc):
        return replace(mark, x=mark.x * by, y=mark.y * by, radius=mark.radius * by, width=width)
    if isinstance(mark, Strokes):
        lines = tuple(((a * by, b * by), (c * by, d * by)) for (a, b), (c, d) in mark.lines)
        return replace(mark, lines=lines, width=width)
    points = tuple((x * by, y * by) for x, y in mark.points)
    return replace(mark, points=points, width=width, dash=tuple(d * by for d in mark.dash))


@dataclass(slots=True)
class Page:
    """A page of exact size; y counts upwards from its foot, in points."""

    width_mm: float
    height_mm: float
    marks: list[Mark] = field(default_factory=list)
    groups: list[tuple[str, int, int]] = field(default_factory=list)
    """Names of parts, each with its first mark and the one after its last."""
    title: str = ""
    alt: str = ""

    @contextmanager
    def group(self, *words: str) -> Iterator[None]:
        """All marks drawn inside belong to a part of that name, such as ``lane-ivig``."""
        first = len(self.marks)
        yield
        if len(self.marks) > first:
            name = "-".join(filter(None, (_NOT_IN_A_NAME.sub("-", w.lower()) for w in words)))
            self.groups.append((name.strip("-"), first, len(self.marks)))

    def enlarged(self, factor: float) -> Page:
        """The page with everything on it, letters and lines too, so many times as large."""
        grown = Page(
            self.width_mm * factor, self.height_mm * factor, groups=self.groups, title=self.title,
            alt=self.alt,
        )  # fmt: skip
        grown.marks = [_enlarged(mark, factor) for mark in self.marks]
        return grown

    @property
    def bounds(self) -> Box:
        """The whole page  [pt]."""
        return Box(0.0, 0.0, self.width_mm * MM, self.height_mm * MM)

    @property
    def words(self) -> list[Words]:
        """All text of the page."""
        return [m for m in self.marks if isinstance(m, Words)]

    def line(
        self, points: Sequence[XY], colour: str, width: float, dash: tuple[float, ...] = ()
    ) -> None:
        """Draw an open line."""
        self.marks.append(Shape(points=tuple(points), stroke=colour, width=width, dash=dash))

    def box(self, box: Box, fill: str = "", stroke: str = "", width: float = LEAST_LINE_PT) -> None:
        """Draw a rectangle."""
        corners = (
            (box.left, box.low),
            (box.right, box.low),
            (box.right, box.high),
            (box.left, box.high),
        )
        self.marks.append(Shape(points=corners, closed=True, fill=fill, stroke=stroke, width=width))

    def area(
        self, points: Sequence[XY], fill: str, stroke: str = "", width: float = LEAST_LINE_PT
    ) -> None:
        """Draw a filled polygon."""
        self.marks.append(
            Shape(points=tuple(points), closed=True, fill=fill, stroke=stroke, width=width)
        )

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        align: Align = "left",
    ) -> Box:
        """Write one line of text, `y` its base line; gives back the place taken."""
        words = Words(
            x=x, y=y, text=printable(text), size=size, colour=colour, bold=bold, align=align
        )
        if words.text:
            self.marks.append(words)
        return words.box

    def symbol(
        self, kind: str, x: float, y: float, radius: float, fill: str, stroke: str, width: float
    ) -> None:
        """Draw a site's marker (matplotlib's letter) around a point."""
        if kind == "o":
            self.marks.append(Disc(x=x, y=y, radius=radius, fill=fill, stroke=stroke, width=width))
        else:
            self.area(symbol_points(kind, x, y, radius), fill, stroke, width)


def _polygon(corners: int, turn: float = 0.0) -> tuple[XY, ...]:
    angles = [math.pi / 2 + turn + 2 * math.pi * k / corners for k in range(corners)]
    return tuple((math.cos(a), math.sin(a)) for a in angles)


def _star() -> tuple[XY, ...]:
    outer, inner = _polygon(5), _polygon(5, math.pi / 5)
    return tuple(
        point
        for a, b in zip(outer, inner, strict=True)
        for point in (a, (0.45 * b[0], 0.45 * b[1]))
    )


_SYMBOLS: dict[str, tuple[XY, ...]] = {
    "s": ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)),
    "D": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    "^": ((-1.1, -0.85), (1.1, -0.85), (0, 1.15)),
    "v": ((-1.1, 0.85), (1.1, 0.85), (0, -1.15)),
    ">": ((-0.85, -1.1), (-0.85, 1.1), (1.15, 0)),
    "p": _polygon(5),
    "h": _polygon(6),
    "*": tuple((1.35 * x, 1.35 * y) for x, y in _star()),
}


def symbol_points(kind: str, x: float, y: float, radius: float) -> tuple[XY, ...]:
    """Corners of a marker around a point."""
    return tuple((x + radius * dx, y + radius * dy) for dx, dy in _SYMBOLS[kind])


def hatch_lines(box: Box, pattern: str, gap: float = 2.4) -> tuple[tuple[XY, XY], ...]:
    """The strokes of a pattern within a rectangle.

    Drawn as plain lines, a hatch is the same in every format and stays editable.

    Parameters
    ----------
    box : Box
    pattern : {"", "/", "\\\\", "x", "-", "+", "."}
    gap : float
        Distance between strokes  [pt].

    Examples
    --------
    >>> hatch_lines(Box(0, 0, 6, 6), "-", 3)
    (((0, 2.0), (6, 2.0)), ((0, 4.0), (6, 4.0)))
    """
    lines: list[tuple[XY, XY]] = []
    if pattern in ("/", "x"):
        lines += _diagonals(box, gap * math.sqrt(2), rising=True)
    if pattern in ("\\", "x"):
        lines += _diagonals(box, gap * math.sqrt(2), rising=False)
    if pattern in ("-", "+"):
        # Closer without crossing strokes: one line alone in a low bar is not a pattern.
        apart = 0.7 * gap if pattern == "-" else gap
        lines += [((box.left, y), (box.right, y)) for y in _between(box.low, box.high, apart)]
    if pattern == "+":
        lines += [((x, box.low), (x, box.high)) for x in _between(box.left, box.right, gap)]
    if pattern == ".":
        half, apart = 0.3, 0.75 * gap
        for k, y in enumerate(_between(box.low, box.high, 0.6 * gap)):
            x = box.left + apart * (0.5 + 0.5 * (k % 2))
            while x + half <= box.right:
                lines.append(((x - half, y), (x + half, y)))
                x += apart
    return tuple(lines)


def _between(low: float, high: float, gap: float) -> list[float]:
    count = max(1, round((high - low) / gap)) if high - low >= gap else 1
    return [low + (high - low) * k / count for k in range(1, count)] or [(low + high) / 2]


def _diagonals(box: Box, gap: float, *, rising: bool) -> list[tuple[XY, XY]]:
    high, wide = box.high - box.low, box.right - box.left
    lines = []
    offset = gap / 2 - math.ceil(high / gap) * gap
    while offset < wide:
        start, end = max(offset, 0.0), min(offset + high, wide)
        if end > start:
            low_y, high_y = start - offset, end - offset
            if not rising:
                low_y, high_y = high - low_y, high - high_y
            lines.append(((box.left + start, box.low + low_y), (box.left + end, box.low + high_y)))
        offset += gap
    return lines
