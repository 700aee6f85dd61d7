"""Words on the screen: sizes, widths, and what plotly may read as tags."""

from __future__ import annotations

import html

from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, text_width
from sm_tracker.figures.theme import Theme

NARROW = 600.0
"""Width in px of the narrowest plot that labels are placed for; wider ones add room."""
PHONE = 150.0
"""The same for a phone held upright."""
TEXT_SIZE, NOTE_SIZE = 12, 11
SCREEN_FONT = "IBM Plex Sans, Liberation Sans, Arial, sans-serif"


def screen_text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of words in the screen font, rather over than under  [px]."""
    return text_width(text, size, bold=bold) * SCREEN_FACTOR


def html_safe(text: str) -> str:
    """Words of a record made safe for plotly, which reads tags in text."""
    return html.escape(" ".join(text.split()), quote=False)


def bold_html(text: str) -> str:
    """Words, already safe, in bold."""
    return f"<b>{text}</b>" if text else ""


def muted_span(text: str, theme: Theme) -> str:
    """A second line of a title, already safe, in the quieter colour."""
    style = f"color:{theme.muted};font-size:{NOTE_SIZE}px"
    return f'  <span style="{style}">{text}</span>'


def hover_template(lines: int) -> str:
    """Hover of marks whose lines stand in ``customdata[1]`` and after."""
    rest = "".join(f"<br>%{{customdata[{k}]}}" for k in range(2, lines + 1))
    return f"<b>%{{customdata[1]}}</b>{rest}<extra></extra>"


def hover_row(period_id: str, hover: tuple[str, ...], lines: int) -> list[str]:
    """One row of customdata: the period (or blank), then the lines of the hover."""
    cells = [html_safe(h) for h in hover[:lines]]
    return [period_id, *cells, *[""] * (lines - len(cells))]
