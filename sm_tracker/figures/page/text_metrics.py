"""The font that every figure is measured and printed with.

Liberation Sans (SIL Open Font License) is shipped, so that a figure looks the same on
every machine; its widths are those of Arial.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_FAMILY = "Liberation Sans"
FONT_FAMILIES = (FONT_FAMILY, "Arial", "Helvetica")
"""The shipped font first; the others have its widths, for an SVG opened without it."""
REGULAR = Path(__file__).parents[1] / "fonts" / "LiberationSans-Regular.ttf"
BOLD = Path(__file__).parents[1] / "fonts" / "LiberationSans-Bold.ttf"

SCREEN_FACTOR = 1.08
"""IBM Plex Sans, the screen font, is up to 8 per cent wider than Liberation Sans on the
words and numbers of a figure."""

MISSING = "□"
_KEPT_TOGETHER = re.compile(
    r"(?<=\d) (?=(?:mm|mg|g|J|MHz)\b|%)|(?<=\bdoi) | (?=[:;?!]( |$))|(?<=; \?) "
)
"""Blanks at which no line ends: between a number and its unit, before French punctuation,
and after the sign of an unknown end."""
_MEASURE = 1000


@lru_cache(maxsize=2)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        str(BOLD if bold else REGULAR), _MEASURE, layout_engine=ImageFont.Layout.BASIC
    )


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line of text in the unit of `size` (the font size, pt or px)."""
    return float(_font(bold).getlength(text)) * size / _MEASURE


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font  # here: matplotlib is slow to import

    return frozenset(FT2Font(str(REGULAR)).get_charmap())


def printable(text: str) -> str:
    """`text` on one line, with a box for each character that the shipped font lacks."""
    known = _characters()
    return "".join(c if ord(c) in known else MISSING for c in " ".join(text.split()))


def elide_text(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """`text`, or its beginning with an ellipsis where it is wider than `room`."""
    if text_width(text, size, bold=bold) <= room:
        return text

    def fits(start: str) -> bool:
        return text_width(start.rstrip() + "…", size, bold=bold) <= room

    return text[: _longest(text, fits)].rstrip(" ,;(") + "…"


def _longest(text: str, fits: Callable[[str], bool]) -> int:
    """Length of the longest beginning that fits, 0 for none; nothing much longer is measured."""
    high = 1
    while high < len(text) and fits(text[:high]):
        high *= 2
    low, high = high // 2, min(high, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return low


def wrap_text(text: str, room: float, size: float) -> list[str]:
    """Break text into lines no wider than `room`; a single longer word is cut.

    Examples
    --------
    >>> wrap_text("error of 0.09 mm", text_width("error of 0.09", 7), 7)
    ['error of', '0.09 mm']
    """
    lines: list[str] = []
    line = ""
    bound = _KEPT_TOGETHER.sub("\N{NO-BREAK SPACE}", " ".join(text.split()))
    for word in filter(None, bound.split(" ")):
        for piece in _pieces(word, room, size):
            longer = f"{line} {piece}" if line else piece
            if line and text_width(longer, size) > room:
                lines.append(line)
                line = piece
            else:
                line = longer
    lines = [*lines, line] if line else lines
    return [found.replace("\N{NO-BREAK SPACE}", " ") for found in lines]


def _pieces(word: str, room: float, size: float) -> list[str]:
    pieces = []
    while word:
        cut = max(1, _longest(word, lambda start: text_width(start, size) <= room))
        pieces.append(word[:cut])
        word = word[cut:]
    return pieces
