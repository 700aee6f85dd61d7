"""A page as a matplotlib figure, without pyplot (which is global and not thread-safe)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sm_tracker.figures.page.marks import MM, Disc, Mark, Page, Shape, Strokes, Words
from sm_tracker.figures.page.text_metrics import BOLD, FONT_FAMILIES, REGULAR

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform


def paint_page(page: Page) -> Figure:
    """Draw a page as a matplotlib figure of exactly its size.

    Every mark is placed in points from the page's lower left corner; nothing depends on
    matplotlib's settings. No colour is transparent, not even that of an edge without width,
    which a PDF would name as transparency.
    """
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    inches = (page.width_mm * MM / 72, page.height_mm * MM / 72)
    figure = Figure(figsize=inches, dpi=72, facecolor="#FFFFFF", edgecolor="#FFFFFF", linewidth=0)
    points = Affine2D().scale(1 / 72) + figure.dpi_scale_trans
    for order, mark in enumerate(page.marks):
        artist = _artist(mark, points)
        artist.set_zorder(1 + order)
        figure.add_artist(artist)
    return figure


def _artist(mark: Mark, points: Transform) -> Artist:
    if isinstance(mark, Words):
        return _text(mark, points)
    if isinstance(mark, Disc):
        return _disc(mark, points)
    if isinstance(mark, Strokes):
        return _strokes(mark, points)
    return _shape(mark, points)


def _text(mark: Words, points: Transform) -> Artist:
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

    font = FontProperties(
        family=list(FONT_FAMILIES),
        fname=str(BOLD if mark.bold else REGULAR),
        weight="bold" if mark.bold else "normal",
        size=mark.size,
    )
    return Text(
        mark.x,
        mark.y,
        mark.text,
        fontproperties=font,
        color=mark.colour,
        ha=mark.align,
        va="baseline",
        parse_math=False,
        transform=points,
    )


def _disc(mark: Disc, points: Transform) -> Artist:
    from matplotlib.patches import Circle

    return Circle(
        (mark.x, mark.y),
        mark.radius,
        facecolor=mark.fill or "none",
        edgecolor=mark.stroke or mark.fill or "none",
        linewidth=mark.width if mark.stroke else 0,
        transform=points,
    )


def _strokes(mark: Strokes, points: Transform) -> Artist:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = [corner for line in mark.lines for corner in line]
    codes = [Path.MOVETO, Path.LINETO] * len(mark.lines)
    return PathPatch(
        Path(corners, codes),
        facecolor="none",
        edgecolor=mark.stroke,
        linewidth=mark.width,
        capstyle="butt",
        transform=points,
    )


def _shape(mark: Shape, points: Transform) -> Artist:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = [*mark.points, mark.points[0]] if mark.closed else list(mark.points)
    codes = [Path.MOVETO] + [Path.LINETO] * (len(corners) - 1)
    if mark.closed:
        codes[-1] = Path.CLOSEPOLY
    # Matplotlib multiplies dashes by the width of the line.
    dashes = tuple(d / mark.width for d in mark.dash)
    return PathPatch(
        Path(corners, codes),
        facecolor=mark.fill or "none",
        edgecolor=mark.stroke or mark.fill or "none",
        linewidth=mark.width if mark.stroke else 0,
        linestyle=(0, dashes) if dashes else "solid",
        capstyle="butt",
        joinstyle="miter" if mark.closed else "round",
        fill=bool(mark.fill),
        transform=points,
    )
