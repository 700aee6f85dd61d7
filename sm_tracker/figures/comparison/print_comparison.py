"""The comparison of periods for print, drawn from the figure model on a page."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sm_tracker.analysis.change.answers import SLIGHTLY
from sm_tracker.figures.comparison.comparison_model import ComparisonCell, ComparisonModel
from sm_tracker.figures.comparison.comparison_words import word
from sm_tracker.figures.languages import headed, listed
from sm_tracker.figures.page.label_placement import Box, thin_ticks
from sm_tracker.figures.page.marks import MM, Page
from sm_tracker.figures.page.print_text import EDGE, LABEL_PT, LINE_GAP, TEXT_PT, elide_site
from sm_tracker.figures.page.text_metrics import elide_text, text_width, wrap_text
from sm_tracker.figures.theme import GRAY, PRINT, Theme

ROW = 25.0
_HEAD, _FOOT, _KEY = 15.0, 26.0, 13.0
_BOX_TOP, _BOX, _MEAN = 5.0, 12.5, 20.5
_COLUMN_GAP = 9.0
_LEAST_COLUMN = 72.0
_BASE = 0.36
_VALUE_GAP = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Columns of one page: how many stand beside each other, and where.

    Each is a plot of `width` with its numbers in a column of `values` to the right, so that
    no number lies on a band.
    """

    left: float
    width: float
    values: float
    in_a_band: int
    bands: int
    top: float
    rows: int
    low: float
    high: float

    def place(self, value: float) -> float:
        """Distance of a value from the left of its plot  [pt]."""
        return (value - self.low) / (self.high - self.low) * self.width

    def box(self, number: int) -> Box:
        band, place = divmod(number, self.in_a_band)
        start = self.left + place * (self.width + self.values + _COLUMN_GAP)
        high = self.top - _HEAD - band * (_HEAD + ROW * self.rows + _FOOT)
        return Box(start, high - ROW * self.rows, start + self.width, high)


def print_comparison(
    model: ComparisonModel, *, width_mm: float, gray: bool = False, notes: bool = True
) -> Page:
    """All periods with their change against the error band, as a page for print.

    Parameters
    ----------
    model : ComparisonModel
    width_mm : float
        Exact width; columns that do not fit beside each other go below.
    gray : bool
    notes : bool
        Whether abbreviations and notes are printed below.

    Returns
    -------
    Page
        Text is 7 pt or larger, lines 0.5 pt or wider.
    """
    theme = GRAY if gray else PRINT
    page_width = width_mm * MM
    columns = _columns(model, page_width, 0.0)
    names = _shortened(model, columns)
    down, up = model.axis_words
    bold = word(model.language, "note_bold", down=down, up=up)
    bolded = [bold] if any(map(_beyond, _cells(model))) else []
    # After the sentence on the signs, since bold says the same of the numbers.
    said = [*model.notes[:3], *bolded, *model.notes[3:]]
    paragraphs = [model.abbreviations, " ".join(said)] if notes else []
    if names:
        paragraphs.append(headed("…", listed(names, model.language), model.language) + ".")
    lines = [line for p in paragraphs if p for line in wrap_text(p, page_width - 2 * EDGE, TEXT_PT)]
    below = LINE_GAP * len(lines) + (4.0 if lines else 0.0) + EDGE
    bands = columns.bands * (_HEAD + ROW * columns.rows + _FOOT)
    key_lines = _key_lines(model, page_width)
    height = EDGE + _KEY * len(key_lines) + bands + below
    page = Page(width_mm, height / MM)
    with page.group("key"):
        _draw_key(page, model, key_lines, height, theme)
    columns = _columns(model, page_width, height - EDGE - _KEY * len(key_lines))
    if not model.columns or not model.rows:
        base = columns.top - _HEAD - ROW / 2
        page.write(page_width / 2, base, "–", LABEL_PT, theme.muted, align="center")
    for number, name in enumerate(model.columns):
        with page.group("column", name):
            _draw_column(page, model, columns, number, theme)
    for number, line in enumerate(lines):
        y = below - 4.0 - LINE_GAP * (number + 1) + 2.4
        page.write(EDGE, y, line, TEXT_PT, theme.ink)
    return page


def _columns(model: ComparisonModel, page_width: float, top: float) -> _Columns:
    words = [text_width(r.name, LABEL_PT, bold=True) for r in model.rows]
    words += [text_width(r.when, TEXT_PT) for r in model.rows]
    left = min(max([20.0, *words]) + 6 + EDGE, 0.42 * page_width)
    room = page_width - left - EDGE - 4
    count = max(1, len(model.columns))
    fitting = max(1, int((room + _COLUMN_GAP) / (_LEAST_COLUMN + _COLUMN_GAP)))
    in_a_band = math.ceil(count / math.ceil(count / fitting))
    values = _value_room(model)
    width = (room - _COLUMN_GAP * (in_a_band - 1)) / in_a_band - values
    low, high = _range(model)
    return _Columns(
        left=left,
        width=width,
        values=values,
        low=low,
        high=high,
        in_a_band=in_a_band,
        bands=math.ceil(count / in_a_band),
        top=top,
        rows=max(1, len(model.rows)),
    )


def _cells(model: ComparisonModel) -> list[ComparisonCell]:
    return [c for r in model.rows for c in r.cells if c is not None and c.change is not None]


def _value_room(model: ComparisonModel) -> float:
    """Width of a column of numbers  [pt]; none where there is no number."""
    widths = [text_width(c.text, TEXT_PT, bold=_beyond(c)) for c in _cells(model)]
    return max(widths) + _VALUE_GAP if widths else 0.0


def _beyond(cell: ComparisonCell) -> bool:
    return cell.sign != "neither"


def _range(model: ComparisonModel) -> tuple[float, float]:
    """What is drawn, without the room that the screen keeps for numbers beside marks."""
    drawn = [
        value
        for c in _cells(model)
        for value in (c.change, c.low, c.high, c.mean_low, c.mean_high)
        if value is not None
    ]
    if not drawn:
        return model.low, model.high
    least = min((abs(t.at) for t in model.ticks if t.at), default=0.0)
    low, high = min(-least, *drawn), max(least, *drawn)
    margin = 0.05 * (high - low)
    return max(model.low, low - margin), min(model.high, high + margin)


def _shortened(model: ComparisonModel, columns: _Columns) -> list[str]:
    room = columns.left - 6 - EDGE
    names = [r.name for r in model.rows if _fit_name(r.name, room) != r.name]
    heads = [c for c in model.columns if _fit_head(c, columns) != c]
    return list(dict.fromkeys(names + heads))


def _fit_name(name: str, room: float) -> str:
    return elide_text(name, room + 0.01, LABEL_PT, bold=True)


def _fit_head(name: str, columns: _Columns) -> str:
    return elide_site(name, columns.width + columns.values + 0.01, LABEL_PT, bold=True)


_Item = tuple[str, str]


def _key_lines(model: ComparisonModel, page_width: float) -> list[list[_Item]]:
    """What the marks mean, in as many lines as the page needs."""
    lines: list[list[_Item]] = [[]]
    used = EDGE
    for item in model.key:
        wide = _key_width(item)
        if lines[-1] and used + wide > page_width - EDGE:
            lines.append([])
            used = EDGE
        lines[-1].append(item)
        used += wide
    return lines


def _key_width(item: _Item) -> float:
    sign = 16.0 if item[0] in ("band", "mean") else 9.0
    return sign + text_width(item[1], TEXT_PT) + 10.0


def _draw_key(
    page: Page, model: ComparisonModel, lines: list[list[_Item]], height: float, theme: Theme
) -> None:
    for number, line in enumerate(lines):
        x, y = EDGE, height - EDGE - _KEY * number - 6.5
        for item in line:
            sign = item[0]
            wide = 13.0 if sign in ("band", "mean") else 6.0
            if sign == "band":
                page.box(Box(x, y - 3, x + wide, y + 3), fill=theme.band)
            elif sign == "mean":
                page.line([(x, y), (x + wide, y)], theme.ink, 0.8)
                middle = x + wide / 2
                page.line([(middle, y - 2.2), (middle, y + 2.2)], theme.ink, 0.8)
            else:
                _draw_mark(page, sign, x + wide / 2, y, theme)
            page.write(x + wide + 3, y - _BASE * TEXT_PT, item[1], TEXT_PT, theme.muted)
            x += _key_width(item)


def _draw_mark(page: Page, sign: str, x: float, y: float, theme: Theme) -> None:
    """A mark by direction; that of a slight change is open."""
    shape, colour = {
        "thinner": ("v", theme.thinner),
        "thicker": ("^", theme.thicker),
    }.get(sign.removeprefix(SLIGHTLY), ("s", theme.within))
    if sign.startswith(SLIGHTLY):
        page.symbol(shape, x, y, 2.7, theme.surface, colour, 1.0)
    else:
        page.symbol(shape, x, y, 2.9 if shape != "s" else 2.2, colour, "", 0.5)


def _draw_column(
    page: Page, model: ComparisonModel, columns: _Columns, number: int, theme: Theme
) -> None:
    box = columns.box(number)

    def at(value: float) -> float:
        return box.left + columns.place(value)

    name = _fit_head(model.columns[number], columns)
    page.write(box.left, box.high + 4, name, LABEL_PT, theme.ink, bold=True)
    if number % columns.in_a_band == 0:
        _write_rows(page, model, columns, box, theme)
    for row in range(len(model.rows)):
        y = box.high - ROW * row
        page.line([(box.left, y), (box.right + columns.values, y)], theme.grid, 0.5)
    reasons = []
    for row, own in enumerate(model.rows):
        cell = own.cells[number]
        top = box.high - ROW * row
        if cell is None:
            continue
        if cell.change is None:
            reasons.append((cell, top))
            continue
        left, right = at(cell.low or 0.0), at(cell.high or 0.0)
        page.box(Box(left, top - _BOX_TOP - _BOX, right, top - _BOX_TOP), fill=theme.band)
    zero = at(0.0)
    page.line([(zero, box.high), (zero, box.low)], theme.ink, 0.7, (1.2, 1.4))
    for row, own in enumerate(model.rows):
        cell = own.cells[number]
        if cell is not None and cell.change is not None:
            _draw_cell(page, cell, columns, box, box.high - ROW * row, theme)
    for cell, top in reasons:
        _write_reason(page, cell, box, zero, top, columns.values, theme)
    _draw_axis(page, model, columns, box, theme)


def _write_rows(
    page: Page, model: ComparisonModel, columns: _Columns, box: Box, theme: Theme
) -> None:
    room = columns.left - 6 - EDGE
    for row, own in enumerate(model.rows):
        top = box.high - ROW * row
        right = columns.left - 6
        name = _fit_name(own.name, room)
        page.write(right, top - 10.5, name, LABEL_PT, theme.ink, bold=True, align="right")
        when = elide_text(own.when, room + 0.01, TEXT_PT)
        page.write(right, top - 19.5, when, TEXT_PT, theme.muted, align="right")


def _draw_cell(
    page: Page, cell: ComparisonCell, columns: _Columns, box: Box, top: float, theme: Theme
) -> None:
    y = top - _BOX_TOP - _BOX / 2
    if cell.mean is not None and cell.mean_low is not None and cell.mean_high is not None:
        foot = top - _MEAN
        left, middle, right = (
            box.left + columns.place(v) for v in (cell.mean_low, cell.mean, cell.mean_high)
        )
        page.line([(left, foot), (right, foot)], theme.ink, 0.8)
        page.line([(middle, foot - 2), (middle, foot + 2)], theme.ink, 0.8)
    _draw_mark(page, cell.sign, box.left + columns.place(cell.change or 0.0), y, theme)
    right = box.right + columns.values
    base, bold = y - _BASE * TEXT_PT, _beyond(cell)
    page.write(right, base, cell.text, TEXT_PT, theme.ink, bold=bold, align="right")


def _write_reason(
    page: Page,
    cell: ComparisonCell,
    box: Box,
    zero: float,
    top: float,
    values: float,
    theme: Theme,
) -> None:
    room = box.right + values - box.left
    lines = wrap_text(cell.reason, room, TEXT_PT)
    if len(lines) > 2:
        lines = [lines[0], elide_text(" ".join(lines[1:]), room, TEXT_PT)]
    half = max(text_width(line, TEXT_PT) for line in lines) / 2
    middle = min(max(zero, box.left + half), box.right + values - half)
    first = top - ROW / 2 + LINE_GAP * (len(lines) - 1) / 2 - _BASE * TEXT_PT
    clear = Box(
        middle - half - 1, first - LINE_GAP * (len(lines) - 1) - 2, middle + half + 1, first + 6
    )
    page.box(clear, fill=theme.surface)
    for number, line in enumerate(lines):
        y = first - LINE_GAP * number
        page.write(middle, y, line, TEXT_PT, theme.muted, align="center")


def _draw_axis(
    page: Page, model: ComparisonModel, columns: _Columns, box: Box, theme: Theme
) -> None:
    page.line([(box.left, box.low), (box.right, box.low)], theme.line, 0.5)
    shown = [t for t in model.ticks if columns.low <= t.at <= columns.high]
    for tick in shown:
        x = box.left + columns.place(tick.at)
        page.line([(x, box.low), (x, box.low - 2.2)], theme.line, 0.5)
    ordered = sorted(shown, key=lambda t: abs(t.at))
    for tick in thin_ticks(
        tuple(ordered),
        columns.place,
        lambda t: text_width(t.text, TEXT_PT),
        box.right - box.left,
        4.0,
    ):
        x = box.left + columns.place(tick.at)
        if x + text_width(tick.text, TEXT_PT) / 2 <= page.bounds.right - EDGE:
            page.write(x, box.low - 9.5, tick.text, TEXT_PT, theme.ink, align="center")
    thinner, thicker = model.axis_words
    room = box.right - box.left + columns.values + 4
    text, before = f"{thinner} ← {model.unit} → {thicker}", f"{thinner} ← "
    if text_width(text, TEXT_PT) > room:
        # The notes say which way is thinner.
        text, before = f"← {model.unit} →", "← "
    half = text_width(text, TEXT_PT) / 2
    # The unit stands below zero, where there is room on both sides.
    unit = text_width(before, TEXT_PT) + text_width(model.unit, TEXT_PT) / 2
    wanted = box.left + columns.place(0.0) + half - unit
    middle = min(max(wanted, box.left - 2 + half), box.right + columns.values + 2 - half)
    page.write(middle, box.low - 18.5, text, TEXT_PT, theme.muted, align="center")
