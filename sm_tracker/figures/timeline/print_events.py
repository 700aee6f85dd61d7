"""The lane of events in print: one sign each, its words above it where there is room."""

from __future__ import annotations

from sm_tracker.figures.page.label_placement import BarRoom, place_bar_labels
from sm_tracker.figures.page.marks import Page
from sm_tracker.figures.page.print_text import TEXT_PT
from sm_tracker.figures.page.text_metrics import text_width
from sm_tracker.figures.theme import Theme
from sm_tracker.figures.timeline.event_marks import SIGNS
from sm_tracker.figures.timeline.print_frame import PanelFrame
from sm_tracker.figures.timeline.print_lanes import LeftOutText
from sm_tracker.figures.timeline.timeline_model import TimelineModel

_SIGN, _WORDS, _RADIUS = 11.3, 6.3, 2.2


def draw_events(
    page: Page, frame: PanelFrame, model: TimelineModel, unwritten: LeftOutText, theme: Theme
) -> None:
    """Draw the signs from the top of their frame down; words without room go to the notes."""
    left, right, top = frame.box.left, frame.box.right, frame.box.high
    y = top - _SIGN
    for event in model.events:
        if event.low < event.high:
            page.line([(frame.x(event.low), y), (frame.x(event.high), y)], theme.context, 0.6)
    rooms = []
    for event in model.events:
        x = frame.x(event.x)
        page.symbol(SIGNS[event.kind][0], x, y, _RADIUS, theme.surface, theme.ink, 0.6)
        rooms.append(BarRoom(x - left - _RADIUS, x - left + _RADIUS, event.labels))
    written = {}
    for label in place_bar_labels(rooms, right - left, 4, lambda t: text_width(t, TEXT_PT)):
        page.write(left + label.left, top - _WORDS, label.text, TEXT_PT, theme.muted)
        written[label.bar] = label.text
    for number, event in enumerate(model.events):
        if written.get(number) != event.hover[0]:
            unwritten.events.append(f"{event.hover[0]} ({event.when_text})")
