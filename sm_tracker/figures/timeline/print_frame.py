"""The frame of a printed timeline: margins, panels and places on the page, in points."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sm_tracker.figures.page.label_placement import Box
from sm_tracker.figures.page.marks import MM
from sm_tracker.figures.page.print_text import EDGE, LABEL_PT, LINE_GAP, TEXT_PT, elide_site
from sm_tracker.figures.page.text_metrics import elide_text, text_width
from sm_tracker.figures.timeline.timeline_model import EndLabel, Lane, Panel, TimelineModel

END_GAP = 8.8
NARROW_MM = 120.0
TITLE_ROW = 14.0
_PLAIN_ROW = 6.0
LANE = 15.8
_GAP = 4.0
_AXIS = 14.0
_TICK_PAD = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFrame:
    """One panel on the page: its rectangle, and the scales that fill it."""

    box: Box
    t_low: float
    t_high: float
    low: float = 0.0
    high: float = 1.0

    def x(self, t: float) -> float:
        """Place of a day  [pt]."""
        share = (t - self.t_low) / (self.t_high - self.t_low)
        return self.box.left + share * (self.box.right - self.box.left)

    def y(self, value: float) -> float:
        """Place of a value  [pt]."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.low + share * (self.box.high - self.box.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFrame:
    """All panels of a page, lanes and events last, before the height of the notes is known."""

    width_mm: float
    panels: tuple[PanelFrame, ...]
    lanes: PanelFrame | None
    events: PanelFrame | None
    right_room: float
    body_height: float
    """Height from the foot of the time axis to the top of the page  [pt]."""

    @property
    def narrow(self) -> bool:
        """Whether the page is a single column, with short words."""
        return self.width_mm < NARROW_MM

    def lifted(self, by: float) -> PageFrame:
        """The same frame with its foot raised  [pt]."""

        def lift(frame: PanelFrame) -> PanelFrame:
            box = frame.box
            raised = Box(box.left, box.low + by, box.right, box.high + by)
            return replace(frame, box=raised)

        panels = tuple(lift(p) for p in self.panels)
        return replace(
            self,
            panels=panels,
            lanes=lift(self.lanes) if self.lanes else None,
            events=lift(self.events) if self.events else None,
        )


def page_frame(model: TimelineModel, width_mm: float) -> PageFrame:
    """Lay out the panels of a timeline for a page of a given width.

    Margins follow the widest words beside the panels, each side at most a quarter of the
    page.
    """
    narrow = width_mm < NARROW_MM
    page = width_mm * MM
    left = min(max([14.0, *_left_words(model)]) + _TICK_PAD + 2, 0.26 * page)
    right_room = min(max([10.0, *(_end_width(e, narrow) for e in _ends(model))]) + 7, 0.30 * page)
    heights = [panel_height(p, model, narrow) for p in model.panels]
    if model.lanes:
        heights.append(LANE * len(model.lanes))
    if model.events:
        heights.append(LANE)
    axis = _AXIS + (LINE_GAP if model.time.title else 0)
    rows = [TITLE_ROW if p.title else _PLAIN_ROW for p in model.panels]
    rows += [TITLE_ROW] if model.lanes else []
    rows += [TITLE_ROW] if model.events else []
    body = sum(rows) + sum(heights) + _GAP * (len(heights) - 1) + axis + EDGE
    frames = []
    top = body - EDGE
    for number, height in enumerate(heights):
        top -= rows[number]
        box = Box(left + EDGE, top - height, page - right_room - EDGE, top)
        panel = model.panels[number] if number < len(model.panels) else None
        frames.append(_frame(box, panel, model))
        top -= height + _GAP
    count = len(model.panels)
    return PageFrame(
        width_mm=width_mm,
        panels=tuple(frames[:count]),
        lanes=frames[count] if model.lanes else None,
        events=frames[-1] if model.events else None,
        right_room=right_room,
        body_height=body,
    )


def _frame(box: Box, panel: Panel | None, model: TimelineModel) -> PanelFrame:
    frame = PanelFrame(box=box, t_low=model.time.low, t_high=model.time.high)
    return replace(frame, low=panel.low, high=panel.high) if panel else frame


def panel_height(panel: Panel, model: TimelineModel, narrow: bool) -> float:
    """Height of a panel by its kind, with room for its words at the end  [pt]."""
    if panel.beside:
        return 11.5 * MM
    alone = sum(not p.beside for p in model.panels) == 1
    height = (42 if narrow else 48) if alone and panel.ticks else (17 if narrow else 19)
    return max(height * MM, END_GAP * len(panel.end_labels) + 4)


def _left_words(model: TimelineModel) -> list[float]:
    ticks = [text_width(t.text, TEXT_PT) for p in model.panels for t in p.ticks]
    return ticks + [text_width(lane.name, LABEL_PT, bold=lane.focus) for lane in model.lanes]


def _ends(model: TimelineModel) -> list[EndLabel]:
    return [label for panel in model.panels for label in panel.end_labels]


def end_label_text(label: EndLabel, narrow: bool) -> tuple[str, float, bool]:
    """Words at the end of a panel with their size and weight."""
    if label.kind == "limit":
        return (label.short or label.name) if narrow else label.name, TEXT_PT, False
    text = f"{label.name} {label.value}".strip()
    return text, LABEL_PT, label.kind == "focus"


def _end_width(label: EndLabel, narrow: bool) -> float:
    text, size, bold = end_label_text(label, narrow)
    return text_width(text, size, bold=bold)


def fitted_end(label: EndLabel, narrow: bool, room: float) -> tuple[str, float, bool]:
    """Words at the end of a panel, a long name shortened so that its value stays."""
    text, size, bold = end_label_text(label, narrow)
    if text_width(text, size, bold=bold) <= room + 0.01:
        return text, size, bold
    if not label.value:
        return elide_text(text, room, size, bold=bold), size, bold
    value = f" {label.value}"
    rest = room - text_width(value, size, bold=bold)
    return elide_site(label.name, rest, size, bold=bold) + value, size, bold


def shortened_names(model: TimelineModel, page: PageFrame) -> list[str]:
    """Names too long for their place, in full, for the notes."""
    frame = (*page.panels, page.lanes, page.events)[0]
    assert frame is not None
    names = []
    for label in _ends(model):
        text, _, _ = fitted_end(label, page.narrow, page.right_room - 7)
        if "…" in text and label.name and label.value:
            names.append(label.name)
    for lane in model.lanes:
        if fitted_lane(lane, frame.box.left) != lane.name:
            names.append(lane.regimen)
    return list(dict.fromkeys(names))


def fitted_lane(lane: Lane, left: float) -> str:
    """Name of a lane, shortened to the room left of the plot."""
    room = left - EDGE - 4
    return elide_text(lane.name, room, LABEL_PT, bold=lane.focus)
