"""The timeline for print, drawn from the figure model on a page of exact width."""

from __future__ import annotations

from collections.abc import Sequence

from sm_tracker.figures.languages import capital, listed, say
from sm_tracker.figures.page.label_placement import Box, thin_ticks
from sm_tracker.figures.page.marks import MM, Page
from sm_tracker.figures.page.print_text import EDGE, LABEL_PT, LINE_GAP, TEXT_PT
from sm_tracker.figures.page.text_metrics import text_width, wrap_text
from sm_tracker.figures.page.values import Tick
from sm_tracker.figures.theme import GRAY, PRINT, Theme
from sm_tracker.figures.timeline.notes import unreadable_note
from sm_tracker.figures.timeline.print_events import draw_events
from sm_tracker.figures.timeline.print_frame import (
    PageFrame,
    PanelFrame,
    page_frame,
    shortened_names,
)
from sm_tracker.figures.timeline.print_lanes import LeftOutText, draw_lanes
from sm_tracker.figures.timeline.print_panels import draw_panel
from sm_tracker.figures.timeline.timeline_model import BreakLine, Panel, TimeAxis, TimelineModel
from sm_tracker.languages import Language

_LONG_TICK, _SHORT_TICK = 2.6, 1.6


def print_timeline(
    model: TimelineModel, *, width_mm: float, gray: bool = False, notes: bool = True
) -> Page:
    """The timeline as a page for print.

    Parameters
    ----------
    model : TimelineModel
        Panels by site (small multiples) or together, as the model says.
    width_mm : float
        Exact width of the page; the height follows from what is drawn.
    gray : bool
        Greyscale fills; patterns, markers and dashes carry the rest either way.
    notes : bool
        Whether abbreviations and notes are printed below; what had no room in the figure
        is printed in any case.

    Returns
    -------
    Page
        Text is 7 pt or larger, lines 0.5 pt or wider; no two texts overlap and none leaves
        the page.
    """
    theme = GRAY if gray else PRINT
    frame = page_frame(model, width_mm)
    # Drawn once on a page without notes, to learn what found no room in the figure.
    trial = Page(width_mm, frame.body_height / MM)
    unwritten = _draw(trial, model, frame, theme)
    room = width_mm * MM - 2 * EDGE
    lines = [
        line
        for text in _paragraphs(model, frame, unwritten, notes)
        for line in wrap_text(text, room, TEXT_PT)
    ]
    below = LINE_GAP * len(lines) + (5.0 if lines else 0.0) + EDGE
    page = Page(width_mm, (frame.body_height + below) / MM)
    _draw(page, model, frame.lifted(below), theme)
    with page.group("notes"):
        for number, line in enumerate(lines):
            y = below - 5.0 - LINE_GAP * (number + 1) + 2.4
            page.write(EDGE, y, line, TEXT_PT, theme.ink)
    return page


def _draw(page: Page, model: TimelineModel, frame: PageFrame, theme: Theme) -> LeftOutText:
    unwritten = LeftOutText()
    named: set[BreakLine] = set()
    for number, panel in enumerate(model.panels):
        own = frame.panels[number]
        with page.group("panel", panel.title):
            _shading(page, own, model, theme)
            _spines(page, own, panel, theme)
            taken = _title(page, own, panel, unwritten, model.language, theme)
            draw_panel(page, own, panel, taken, named, frame, model, unwritten, theme)
        labelled = number == len(model.panels) - 1 and not (frame.lanes or frame.events)
        with page.group("time-axis"):
            _time_axis(page, own, model, theme, labelled=labelled)
    if frame.lanes is not None:
        _shading(page, frame.lanes, model, theme)
        head = frame.lanes.box.high + 4
        page.write(EDGE, head, model.therapy_title, LABEL_PT, theme.ink, bold=True)
        draw_lanes(page, frame.lanes, model, unwritten, theme)
        _time_axis(page, frame.lanes, model, theme, labelled=frame.events is None)
    if frame.events is not None:
        _shading(page, frame.events, model, theme)
        head = frame.events.box.high + 4
        page.write(EDGE, head, model.events_title, LABEL_PT, theme.ink, bold=True)
        with page.group("events"):
            draw_events(page, frame.events, model, unwritten, theme)
        _time_axis(page, frame.events, model, theme, labelled=True)
    return unwritten


def _shading(page: Page, frame: PanelFrame, model: TimelineModel, theme: Theme) -> None:
    if model.shading is None:
        return
    end = model.time.beyond(model.shading.end, open_end=model.shading.open_end)
    box = frame.box
    page.box(Box(frame.x(model.shading.start), box.low, frame.x(end), box.high), fill=theme.shading)


def _spines(page: Page, frame: PanelFrame, panel: Panel, theme: Theme) -> None:
    box = frame.box
    page.line([(box.left, box.high), (box.left, box.low)], theme.line, 0.5)
    for tick in panel.ticks:
        y = frame.y(tick.at)
        if y > box.high + 0.01:
            continue
        page.line([(box.left - _LONG_TICK, y), (box.left, y)], theme.line, 0.5)
        base = y - 0.36 * TEXT_PT
        page.write(box.left - 4, base, tick.text, TEXT_PT, theme.ink, align="right")
    lowest = min((frame.y(t.at) for t in panel.ticks), default=box.high)
    if panel.starts_above_zero and lowest > box.low + 7:
        _break_sign(page, box, theme)


def _break_sign(page: Page, box: Box, theme: Theme) -> None:
    """Two slashes at the foot of an axis that does not start at zero."""
    page.area(
        [
            (box.left - 1.6, box.low + 1.3),
            (box.left + 1.6, box.low + 2.5),
            (box.left + 1.6, box.low + 4.3),
            (box.left - 1.6, box.low + 3.1),
        ],
        theme.surface,
    )
    for up in (1.3, 3.1):
        ends = [(box.left - 1.8, box.low + up), (box.left + 1.8, box.low + up + 1.3)]
        page.line(ends, theme.line, 0.5)


def _title(
    page: Page,
    frame: PanelFrame,
    panel: Panel,
    unwritten: LeftOutText,
    language: Language,
    theme: Theme,
) -> Box:
    """Title above a panel with its remark where there is room, else in the notes."""
    y = frame.box.high + 4
    if not panel.title:
        return Box(0, y, 0, y)
    head = f"{panel.title} ({panel.unit})" if panel.unit else panel.title
    box = page.write(EDGE, y, head, LABEL_PT, theme.ink, bold=True)
    parts = [p for p in panel.subtitle.split(" · ") if p]
    fitting = len(parts)
    while fitting and _wide(parts[:fitting]) > frame.box.right - box.right - 6:
        fitting -= 1
    if fitting < len(parts):
        left_over = ", ".join(parts[fitting:])
        unwritten.remarks.append(say(language, "remark", title=panel.title, text=left_over))
    if not fitting:
        return box
    rest = page.write(box.right + 6, y, " · ".join(parts[:fitting]), TEXT_PT, theme.muted)
    return Box(box.left, box.low, rest.right, box.high)


def _wide(parts: list[str]) -> float:
    return text_width(" · ".join(parts), TEXT_PT)


def _time_axis(
    page: Page, frame: PanelFrame, model: TimelineModel, theme: Theme, *, labelled: bool
) -> None:
    box = frame.box
    page.line([(box.left, box.low), (box.right, box.low)], theme.line, 0.5)
    for tick in model.time.ticks:
        long = _LONG_TICK if tick.major else _SHORT_TICK
        x = frame.x(tick.at)
        page.line([(x, box.low), (x, box.low - long)], theme.line, 0.5)
    if not labelled:
        return
    layout = page.bounds
    for tick in _labelled(frame, model.time):
        half = text_width(tick.text, TEXT_PT) / 2
        x = min(max(frame.x(tick.at), half + EDGE), layout.right - half - EDGE)
        page.write(x, box.low - 10.2, tick.text, TEXT_PT, theme.ink, align="center")
    if model.time.title:
        middle = (box.left + box.right) / 2
        half = text_width(model.time.title, TEXT_PT) / 2
        middle = min(max(middle, half + EDGE), max(layout.right - half - EDGE, half + EDGE))
        y = box.low - 10.2 - LINE_GAP
        page.write(middle, y, model.time.title, TEXT_PT, theme.muted, align="center")


def _labelled(frame: PanelFrame, time: TimeAxis) -> list[Tick]:
    """The ticks that are labelled, of which there are several wherever they fit."""
    box = frame.box

    def fitting(ticks: Sequence[Tick]) -> list[Tick]:
        return thin_ticks(
            ticks,
            lambda t: frame.x(t) - box.left,
            lambda t: text_width(t.text, TEXT_PT),
            box.right - box.left,
            6.0,
        )

    majors = [t for t in time.ticks if t.major]
    # A minor tick of a scale of years stays without a label in print.
    years = all(t.text.isdigit() for t in majors) or time.kind == "days"
    kept = fitting(majors if years and len(majors) > 2 else time.ticks)
    for step in range(2, len(time.ticks)) if len(kept) < 3 else ():
        for first in range(step):
            some = [t for k, t in enumerate(time.ticks) if t.major or k % step == first]
            found = fitting(some)
            if len(found) == len(some) > len(kept):
                return found
    return kept


def _paragraphs(
    model: TimelineModel, frame: PageFrame, unwritten: LeftOutText, notes: bool
) -> list[str]:
    """What is printed below: abbreviations first, then notes, then what found no room."""
    words = []
    diamond = capital(say(model.language, "key_short")) + "." if unwritten.short_bars else ""
    if notes:
        words.append(" ".join(p for p in (model.abbreviations, model.lane_words, diamond) if p))
    late = list(dict.fromkeys(unwritten.remarks))
    late += [diamond] if diamond and not notes else []
    names = shortened_names(model, frame)
    if names:
        late.append(say(model.language, "names_shortened", names=listed(names, model.language)))
    if unwritten.doses:
        doses = listed(unwritten.doses, model.language)
        late.append(say(model.language, "doses_unwritten", doses=doses))
    if unwritten.events:
        events = listed(unwritten.events, model.language)
        late.append(say(model.language, "events_unwritten", events=events))
    if unwritten.counts:
        key = "n_unwritten_one" if unwritten.counts == 1 else "n_unwritten"
        late.append(say(model.language, key, count=unwritten.counts))
    said = list(model.notes[:-1] if model.remark else model.notes)
    if unwritten.unreadable:
        plain = unreadable_note(model.language)
        full = unreadable_note(model.language, unwritten.unreadable)
        if notes and plain in said:
            said[said.index(plain)] = full
        else:
            late.append(full)
    closing = (model.remark,) if notes and model.remark else ()
    words.append(" ".join((*(said if notes else ()), *late, *closing)))
    return [w for w in words if w]
