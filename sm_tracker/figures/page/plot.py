"""A plot as a list of marks: places in data plus an offset, for any medium.

One function lays a figure out for a medium, and two painters draw the list: on the screen
through plotly, in print on a page. A colour is named by its role, a field of ``Theme``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sm_tracker.figures.page.label_placement import thin_ticks
from sm_tracker.figures.page.marks import MM
from sm_tracker.figures.page.print_text import EDGE, LABEL_PT, TEXT_PT
from sm_tracker.figures.page.screen_text import NARROW, NOTE_SIZE, TEXT_SIZE
from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, text_width
from sm_tracker.figures.page.values import Tick
from sm_tracker.figures.theme import RegimenStyle

Anchor = Literal["left", "center", "right"]
Level = Literal["top", "middle", "bottom"]
Hover = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What a figure is laid out for: its width, and how large words and distances are.

    Attributes
    ----------
    width : float
        Of the whole figure, on the screen of the narrowest one, in the medium's own unit.
    unit : float
        That unit (px or pt) for one px of the screen.
    text, note : float
        Sizes of words.
    factor : float
        How much wider the medium's font is than the measured one.
    printed : bool
    """

    width: float
    unit: float
    text: float
    note: float
    factor: float
    printed: bool

    def size(self, *, note: bool) -> float:
        """Size of words."""
        return self.note if note else self.text

    def measure(self, words: str, *, note: bool = True, bold: bool = False) -> float:
        """Width of words in the medium's unit."""
        return text_width(words, self.size(note=note), bold=bold) * self.factor


SCREEN = Medium(
    width=NARROW, unit=1.0, text=TEXT_SIZE, note=NOTE_SIZE, factor=SCREEN_FACTOR, printed=False
)


def print_medium(width_mm: float) -> Medium:
    """A page of that width."""
    return Medium(
        width=width_mm * MM - 2 * EDGE,
        unit=TEXT_PT / NOTE_SIZE,
        text=LABEL_PT,
        note=TEXT_PT,
        factor=1.0,
        printed=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Range of an axis (`low` may be above `high`), its ticks, and what it says."""

    low: float
    high: float
    ticks: tuple[Tick, ...] = ()
    title: str = ""
    grid: bool = True
    strong: bool = False
    """Whether its labels are names, in ink, rather than numbers."""

    def share(self, value: float) -> float:
        """Place of a value, 0 at the low end, 1 at the high one."""
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """The value at a place."""
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Lines through points; NaN in `ys` parts them.

    `strength` is the share of its colour that shows: opacity on the screen, a paler colour
    in print. `dash` is in px.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    role: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    strength: float = 1.0
    hover: Hover = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A filled area."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars from `start` to `end` along one axis, `thick` wide along the other."""

    at: tuple[float, ...]
    start: tuple[float, ...]
    end: tuple[float, ...]
    thick: float
    roles: tuple[str, ...] = ()
    style: RegimenStyle | None = None
    """Fill and pattern of a regimen, then with an outline."""
    across: bool = False
    """Whether the bars lie, start and end being values of the x axis."""
    hover: Hover = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Marks at points; sizes are diameters in px. A hollow one has a rim in its colour."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    symbols: tuple[str, ...]
    sizes: tuple[float, ...]
    roles: tuple[str, ...]
    hollow: bool = False
    unseen: bool = False
    """Only there to be asked, on a screen."""
    hover: Hover = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words at a place in data, or at a share of the plot, moved by so many of its units."""

    x: float
    y: float
    text: str
    role: str = "ink"
    dx: float = 0.0
    dy: float = 0.0
    """Upwards."""
    x_share: bool = False
    y_share: bool = False
    note: bool = True
    bold: bool = False
    anchor: Anchor = "left"
    level: Level = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line across the plot at a value of one axis."""

    at: float
    upright: bool = False
    role: str = "ink"
    width: float = 1.0
    dash: tuple[float, ...] = ()
    strength: float = 1.0
    above: bool = False


PlotMark = Line | Area | Bars | Points | Label | Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyItem:
    """One sign and its meaning, for a page that stands alone."""

    symbol: str
    role: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure laid out for one medium; room around the plot is in the medium's unit."""

    x: Axis
    y: Axis
    marks: tuple[PlotMark, ...]
    height: float
    """Of the plot itself, without the room around it."""
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    alt: str = ""
    note: str = ""
    key: tuple[KeyItem, ...] = ()
    framed: bool = True
    """Whether there are axes; without there are words only."""


Layout = Callable[[Medium], Plot]


def plot_of(
    medium: Medium,
    x: Axis,
    y: Axis,
    marks: Sequence[PlotMark],
    *,
    height: float,
    right: float = 8.0,
    left: float = 0.0,
    top: float = 8.0,
    bottom: float = 6.0,
    alt: str = "",
    note: str = "",
    key: Sequence[KeyItem] = (),
) -> Plot:
    """A plot with the room that its own labels need; all lengths in px of the screen.

    The title of the y axis stands above its ticks, that of the x axis below, so that no word
    is turned.
    """
    u = medium.unit
    beside = max((medium.measure(t.text, note=not y.strong) for t in y.ticks), default=0.0)
    line = 1.35 * medium.note
    return Plot(
        x=x,
        y=y,
        marks=tuple(marks),
        height=height * u,
        left=max(left * u, beside + 8 * u),
        right=right * u,
        top=top * u + (line + 3 * u if y.title else 0.0),
        bottom=bottom * u + (line if x.ticks else 0.0) + (line + 2 * u if x.title else 0.0),
        alt=alt,
        note=note,
        key=tuple(key),
    )


def fitting_ticks(
    axis: Axis, medium: Medium, width: float, *, note: bool = True
) -> tuple[Tick, ...]:
    """The ticks of a lying axis whose labels stay apart in a plot of that width.

    Where fewer than two have room, the outermost are kept: an axis with one number has no
    scale.
    """

    def place(value: float) -> float:
        return axis.share(value) * width

    def wide(tick: Tick) -> float:
        return medium.measure(tick.text, note=note)

    kept = thin_ticks(axis.ticks, place, wide, width, 6 * medium.unit)
    if len(kept) < 2 <= len(axis.ticks):
        kept = [axis.ticks[0], axis.ticks[-1]]
    return tuple(kept)
