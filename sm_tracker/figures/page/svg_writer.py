"""A page as an SVG that needs nothing but itself.

The letters that it uses travel in it, each line of text has its width, and groups are called
by what they hold, so that it looks alike without any font installed and can be edited.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from sm_tracker.figures.page.marks import MM, Disc, Mark, Page, Shape, Strokes, Words
from sm_tracker.figures.page.text_metrics import (
    BOLD,
    FONT_FAMILIES,
    FONT_FAMILY,
    REGULAR,
    text_width,
)

_FAMILIES = ", ".join(f"'{name}'" for name in FONT_FAMILIES) + ", sans-serif"
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def svg_bytes(page: Page) -> bytes:
    """A page as an SVG of exact size; the same page gives the same bytes."""
    high = page.height_mm * MM
    head = (
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" role="img" '
        'aria-labelledby="figure-title" aria-describedby="figure-description" '
        f'width="{page.width_mm:.4f}mm" height="{page.height_mm:.4f}mm" '
        f'viewBox="0 0 {page.width_mm * MM:.6f} {high:.6f}">\n'
        f'<title id="figure-title">{escape(page.title)}</title>\n'
        f'<desc id="figure-description">{escape(page.alt)}</desc>\n'
        f"<defs><style>{_font_faces(page.words)}</style></defs>\n"
        f'<rect width="100%" height="100%" style="fill: #FFFFFF"/>\n'
    )
    return (head + "\n".join(_elements(page, high)) + "\n</svg>\n").encode()


def _n(value: float) -> str:
    """A number with as many decimals as paper can show."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def _elements(page: Page, high: float) -> Iterator[str]:
    """Marks in their order, with the groups around them."""
    taken: dict[str, int] = {}
    begins: dict[int, list[str]] = {}
    ends: dict[int, int] = {}
    for name, first, after in sorted(page.groups, key=lambda g: (g[1], -g[2])):
        taken[name] = taken.get(name, 0) + 1
        own = name if taken[name] == 1 else f"{name}-{taken[name]}"
        begins.setdefault(first, []).append(f"<g id={quoteattr(own)}>")
        ends[after] = ends.get(after, 0) + 1
    for place in range(len(page.marks) + 1):
        yield from ["</g>"] * ends.get(place, 0)
        yield from begins.get(place, [])
        if place < len(page.marks):
            yield _element(page.marks[place], high)


def _element(mark: Mark, high: float) -> str:
    if isinstance(mark, Words):
        return _text(mark, high)
    if isinstance(mark, Disc):
        look = _look(mark.fill, mark.stroke, mark.width)
        return (
            f'<circle cx="{_n(mark.x)}" cy="{_n(high - mark.y)}" r="{_n(mark.radius)}" '
            f'style="{look}"/>'
        )
    if isinstance(mark, Strokes):
        path = "".join(_path(line, high) for line in mark.lines)
        return f'<path d="{path}" style="{_look("", mark.stroke, mark.width)}"/>'
    return _shape(mark, high)


def _shape(mark: Shape, high: float) -> str:
    look = _look(mark.fill, mark.stroke, mark.width)
    if mark.dash:
        look += f"; stroke-dasharray: {','.join(_n(d) for d in mark.dash)}"
    if mark.stroke:
        look += f"; stroke-linejoin: {'miter' if mark.closed else 'round'}"
    return f'<path d="{_path(mark.points, high)}{"Z" * mark.closed}" style="{look}"/>'


def _path(points: Iterable[tuple[float, float]], high: float) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(high - y)}" for x, y in points)


def _look(fill: str, stroke: str, width: float) -> str:
    look = f"fill: {fill or 'none'}"
    return f"{look}; stroke: {stroke}; stroke-width: {_n(width)}" if stroke else look


def _text(mark: Words, high: float) -> str:
    wide = text_width(mark.text, mark.size, bold=mark.bold)
    weight = "; font-weight: 700" if mark.bold else ""
    return (
        f'<text x="{_n(mark.x)}" y="{_n(high - mark.y)}" textLength="{_n(wide)}" '
        f'lengthAdjust="spacingAndGlyphs" style="font-size: {_n(mark.size)}px; '
        f"font-family: {_FAMILIES}{weight}; text-anchor: {_ANCHORS[mark.align]}; "
        f'fill: {mark.colour}">{escape(mark.text)}</text>'
    )


def _font_faces(words: Iterable[Words]) -> str:
    """The letters of each weight that the page uses."""
    used = {bold: "".join(sorted({c for w in words if w.bold == bold for c in w.text}))
            for bold in (False, True)}  # fmt: skip
    faces = (
        f"@font-face{{font-family:'{FONT_FAMILY}';font-weight:{700 if bold else 400};"
        f"src:url(data:font/woff;base64,{_letters(BOLD if bold else REGULAR, letters)})}}"
        for bold, letters in used.items()
        if letters
    )
    return "".join(faces)


@lru_cache(maxsize=64)
def _letters(font: Path, letters: str) -> str:
    """These letters of a font, as WOFF in base64."""
    # Here: the library is slow to import, and only an SVG needs it.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    wanted = Options(
        hinting=False, layout_features=[], name_IDs=[], glyph_names=False, drop_tables=["FFTM"],
        notdef_outline=True, recalc_timestamp=False,
    )  # fmt: skip
    face = TTFont(font, recalcTimestamp=False)
    subsetter = Subsetter(wanted)
    subsetter.populate(text=letters)
    subsetter.subset(face)
    face.flavor = "woff"
    buffer = io.BytesIO()
    face.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode()
