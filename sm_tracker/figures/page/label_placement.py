"""Where labels go: pure geometry in px or pt, for both renderers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sm_tracker.figures.page.values import Tick

Measure = Callable[[str], float]
Anchor = Literal["start", "end", "middle"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; y counts upwards or downwards, as the caller does throughout."""

    left: float
    low: float
    right: float
    high: float

    def hits(self, other: Box, gap: float = 0.0) -> bool:
        """Whether two rectangles come closer than `gap` in both directions."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.low < other.high + gap
            and other.low < self.high + gap
        )

    def inside(self, other: Box) -> bool:
        """Whether this rectangle lies within another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.low >= other.low
            and self.high <= other.high
        )


def spread_labels(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Push labels of one column apart to at least `gap`, moving them as little as possible.

    Parameters
    ----------
    places : sequence of float
        Wanted places, any order.
    gap : float
        Least distance between neighbours; less where the column is too short for all.
    low, high : float
        Ends of the column.

    Returns
    -------
    list of float
        A place for each wanted one; the order along the column is kept.

    Examples
    --------
    >>> spread_labels([10, 10, 50], 14, 0, 100)
    [3.0, 17.0, 50.0]
    """
    if not places:
        return []
    gap = min(gap, (high - low) / max(len(places) - 1, 1))
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    # Pooling neighbours that touch gives the least squares solution.
    groups: list[tuple[float, int]] = []  # first place of the group, number of labels
    for i in order:
        first, size = min(max(float(places[i]), low), high), 1
        while groups and groups[-1][0] + gap * groups[-1][1] > first:
            before, count = groups.pop()
            shifted = first - gap * count
            first = (before * count + shifted * size) / (count + size)
            size += count
            first = min(max(first, low), high - gap * (size - 1))
        first = min(max(first, low), high - gap * (size - 1))
        groups.append((first, size))
    settled = [first + gap * k for first, size in groups for k in range(size)]
    result = [0.0] * len(places)
    for i, place in zip(order, settled, strict=True):
        result[i] = place
    return result


@dataclass(frozen=True, slots=True)
class BarRoom:
    """A bar in its lane, in px from the left of the plot, with its words from long to short."""

    start: float
    end: float
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarLabel:
    """Chosen words of a bar, and where they are anchored (`left` and `at` in px)."""

    bar: int
    text: str
    anchor: Anchor
    left: float
    at: float


def place_bar_labels(
    bars: Sequence[BarRoom], width: float, pad: float, measure: Measure
) -> list[BarLabel]:
    """Words above the bars of one lane that touch their bar and meet no other words.

    For each bar the longest words that fit, start-anchored, end-anchored or centred within
    the plot; words end before the next bar of the lane starts. Where the shortest form does
    not fit, the bar stays without words.

    Parameters
    ----------
    bars : sequence of BarRoom
        In order of start.
    width : float
        Width of the narrowest plot the words must fit; a wider one only adds room.
    pad : float
        Least distance to other words and to the next bar.
    """
    placed: list[tuple[float, float]] = []
    chosen = []
    for i, bar in enumerate(bars):
        limit = bars[i + 1].start - pad if i + 1 < len(bars) else width
        label = _bar_label(i, bar, min(limit, width), placed, pad, measure)
        if label is not None:
            chosen.append(label)
            placed.append((label.left, label.left + measure(label.text)))
    return chosen


def _bar_label(
    i: int,
    bar: BarRoom,
    limit: float,
    placed: Sequence[tuple[float, float]],
    pad: float,
    measure: Measure,
) -> BarLabel | None:
    for text in bar.labels:
        wide = measure(text)
        centred = max(0.0, min((bar.start + bar.end - wide) / 2, limit - wide))
        tries: list[tuple[Anchor, float, float]] = [
            ("start", bar.start, bar.start),
            ("end", bar.end - wide, bar.end),
            ("middle", centred, centred + wide / 2),
        ]
        for anchor, left, at in tries:
            fits = left >= 0 and left + wide <= limit
            touches = left <= bar.end and left + wide >= bar.start
            free = all(left >= b + pad or left + wide <= a - pad for a, b in placed)
            if fits and touches and free:
                return BarLabel(i, text, anchor, left, at)
    return None


def segment_hits(
    box: Box, first: tuple[float, float], second: tuple[float, float], gap: float
) -> bool:
    """Whether a straight line comes closer to a rectangle than `gap` (Liang and Barsky 1984)."""
    (x, y), (dx, dy) = first, (second[0] - first[0], second[1] - first[1])
    enter, leave = 0.0, 1.0
    for step, near, far in (
        (dx, box.left - gap - x, box.right + gap - x),
        (dy, box.low - gap - y, box.high + gap - y),
    ):
        if step == 0:
            if near > 0 or far < 0:
                return False
            continue
        a, b = sorted((near / step, far / step))
        enter, leave = max(enter, a), min(leave, b)
        if enter > leave:
            return False
    return True


Line = Sequence[tuple[float, float]]


def free_of(box: Box, lines: Sequence[Line], boxes: Sequence[Box], gap: float) -> bool:
    """Whether a rectangle keeps `gap` from all lines and does not touch the other boxes."""
    for line in lines:
        if len(line) == 1 and segment_hits(box, line[0], line[0], gap):
            return False
        if any(segment_hits(box, a, b, gap) for a, b in pairwise(line)):
            return False
    return not any(box.hits(other) for other in boxes)


def distance_to_lines(box: Box, lines: Sequence[Line], most: float) -> float:
    """Distance from a rectangle to the nearest line, up to `most`; 0 where they meet."""
    low, high = 0.0, most
    if not free_of(box, lines, (), 0.0):
        return 0.0
    if free_of(box, lines, (), most):
        return most
    for _ in range(12):
        middle = (low + high) / 2
        if free_of(box, lines, (), middle):
            low = middle
        else:
            high = middle
    return low


def nearest_free(wanted: float, step: float, low: float, high: float) -> list[float]:
    """Places from `low` to `high` in steps, nearest to the wanted one first."""
    count = int((high - low) / step)
    places = [low + k * step for k in range(count + 1)]
    return sorted(places, key=lambda y: (abs(y - wanted), y))


def thin_ticks(
    ticks: Sequence[Tick],
    place: Callable[[float], float],
    measure: Callable[[Tick], float],
    width: float,
    pad: float = 8.0,
) -> list[Tick]:
    """The ticks whose labels stay apart: as many major ones as fit, minor ones all or none.

    Parameters
    ----------
    place : callable
        Distance of a day from the left of the plot.
    measure : callable
        Width of a tick's label.
    width : float
        Width of the plot.
    """
    kept = _apart([t for t in ticks if t.major], [], place, measure, width, pad)
    minor = [t for t in ticks if not t.major]
    both = _apart(minor, kept, place, measure, width, pad)
    all_fit = len(both) == len(kept) + len(minor)
    return sorted(both if all_fit else kept, key=lambda t: t.at)


def _apart(
    ticks: Sequence[Tick],
    kept: Sequence[Tick],
    place: Callable[[float], float],
    measure: Callable[[Tick], float],
    width: float,
    pad: float,
) -> list[Tick]:
    result = list(kept)
    for tick in ticks:
        middle, half = place(tick.at), (measure(tick) + pad) / 2
        if 0 <= middle <= width and all(
            abs(middle - place(t.at)) >= half + (measure(t) + pad) / 2 for t in result
        ):
            result.append(tick)
    return result
