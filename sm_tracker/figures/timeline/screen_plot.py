"""Geometry of the screen figure: panels in px, places on the axes, widths of words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sm_tracker.figures.page.screen_text import (
    NARROW,
    NOTE_SIZE,
    PHONE,
    TEXT_SIZE,
    screen_text_width,
)
from sm_tracker.figures.timeline.timeline_model import EndLabel, Panel, TimeAxis

TOP, BOTTOM, GAP, LANE = 22, 26, 24, 28


class Traces(list[dict[str, Any]]):
    """Traces of a figure as plain mappings; plotly looks at them once, when it is made."""

    def add_scatter(self, **attributes: Any) -> None:
        """Add lines or marks."""
        self.append({"type": "scatter", **attributes})

    def add_bar(self, **attributes: Any) -> None:
        """Add bars."""
        self.append({"type": "bar", **attributes})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPlot:
    """Stacked panels of fixed height in px, from top to bottom, on one time axis."""

    time: TimeAxis
    heights: tuple[int, ...]
    left: int
    right: int
    bottom: int
    wide: float = NARROW

    @property
    def on_phone(self) -> bool:
        """Whether it is drawn for a phone, with smaller marks and fewer words."""
        return self.wide <= PHONE

    @property
    def inner(self) -> int:
        """Height between the margins  [px]."""
        return sum(self.heights) + GAP * (len(self.heights) - 1)

    @property
    def height(self) -> int:
        """Height of the whole figure  [px]."""
        return TOP + self.inner + self.bottom

    def domain(self, number: int) -> list[float]:
        """Lower and upper end of a panel as shares of the plot's height."""
        return [self.bottom_of(number), self.top_of(number)]

    def top_of(self, number: int) -> float:
        """Upper edge of a panel as a share of the plot's height."""
        above = sum(self.heights[:number]) + GAP * number
        return round(1 - above / self.inner, 6)

    def bottom_of(self, number: int) -> float:
        """Lower edge of a panel as a share of the plot's height."""
        if number < 0:
            return 1.0
        above = sum(self.heights[: number + 1]) + GAP * number
        return max(0.0, round(1 - above / self.inner, 6))

    def axis_name(self, number: int) -> str:
        """Plotly's short name of a panel's y axis."""
        return "y" if number == 0 else f"y{number + 1}"

    def axis_key(self, number: int) -> str:
        """Plotly's layout key of a panel's y axis."""
        return "yaxis" if number == 0 else f"yaxis{number + 1}"

    def place(self, x: float) -> str | float:
        """A place on the time axis as plotly takes it."""
        if self.time.kind == "days":
            return float(x)
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(days=x)
        return moment.date().isoformat() if x == int(x) else moment.isoformat(timespec="minutes")

    def px(self, x: float) -> float:
        """Distance from the left of the narrowest plot  [px]."""
        return self.wide * (x - self.time.low) / (self.time.high - self.time.low)

    def length(self, days: float) -> float:
        """A length of time as plotly takes it for a bar: ms on a date axis, else days."""
        return days * 86_400_000 if self.time.kind == "dates" else days

    def up(self, panel: Panel, number: int, y: float) -> float:
        """Height of a value above the foot of its panel  [px]."""
        return self.heights[number] * (y - panel.low) / (panel.high - panel.low)

    def value_at(self, panel: Panel, number: int, px: float) -> float:
        """The value at a height above the foot of its panel."""
        return panel.low + px / self.heights[number] * (panel.high - panel.low)


def end_label_width(label: EndLabel) -> float:
    """Width of words at the right end of a panel  [px]."""
    if label.kind == "limit":
        return screen_text_width(label.name, NOTE_SIZE)
    bolded = label.kind == "focus"
    return screen_text_width(f"{label.name} ", TEXT_SIZE, bold=bolded) + screen_text_width(
        label.value, TEXT_SIZE
    )
