"""Colours, patterns and line widths: one set for light, dark, print and greyscale.

Hue belongs to therapy, marker and dash to the site; curves are ink or grey. Hues are those
of Okabe and Ito (jfly.uni-koeln.de/color, 2008), which stay apart under colour blindness.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from sm_tracker.domain.regimens import abbreviate

DARK_FILL_LUMA = 90
"""Fills darker than this (0 to 255) take a white hatch, others an ink one."""


PALE_SHARE = 0.38
PALE_GRAY = "#8F8F8F"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours of one medium. `band` and `shading` are already blended with the surface."""

    name: str
    surface: str
    ink: str
    muted: str
    context: str
    grid: str
    line: str
    accent: str
    thinner: str
    within: str
    thicker: str
    flag: str
    band: str
    shading: str
    hatch: str
    gray: bool = False
    """Whether regimens take their greyscale fill."""


LIGHT = Theme(
    name="light",
    surface="#FFFFFF",
    ink="#16242D",
    muted="#53626C",
    context="#6F7D86",
    grid="#E7EBEA",
    line="#D5DBDA",
    accent="#1F4257",
    thinner="#0B6270",
    within="#53626C",
    thicker="#96470F",
    flag="#7A5200",
    band="rgba(22,36,45,0.085)",
    shading="rgba(31,66,87,0.05)",
    hatch="#16242D",
)
DARK = Theme(
    name="dark",
    surface="#172027",
    ink="#E9EEF0",
    muted="#A3B1BA",
    context="#8B9AA4",
    grid="#25313A",
    line="#33414B",
    accent="#9CC4DA",
    thinner="#7CCAD6",
    within="#A3B1BA",
    thicker="#EFA771",
    flag="#E3B75F",
    band="rgba(233,238,240,0.11)",
    shading="rgba(156,196,218,0.09)",
    hatch="#16242D",
)


def light_for_dark() -> dict[str, str]:
    """What each colour of the dark theme is in the light one, both as ``red, green, blue``.

    Examples
    --------
    >>> light_for_dark()["23, 32, 39"]
    '255, 255, 255'
    """
    pairs = zip(astuple(DARK), astuple(LIGHT), strict=True)
    return {_channels(a): _channels(b) for a, b in pairs if str(a).startswith("#")}


def _channels(colour: str) -> str:
    return ", ".join(map(str, bytes.fromhex(colour[1:])))


PRINT = Theme(
    name="print",
    surface="#FFFFFF",
    ink="#16242D",
    muted="#45545E",
    context="#6F7D86",
    grid="#DDE2E2",
    line="#16242D",
    accent="#1F4257",
    thinner="#0B6270",
    within="#53626C",
    thicker="#96470F",
    flag="#7A5200",
    band="#D3D8DB",
    shading="#EEF2F5",
    hatch="#16242D",
)
GRAY = Theme(
    name="gray",
    surface="#FFFFFF",
    ink="#1E1E1E",
    muted="#505050",
    context="#707070",
    grid="#DFDFDF",
    line="#1E1E1E",
    accent="#3A3A3A",
    thinner="#1E1E1E",
    within="#606060",
    thicker="#1E1E1E",
    flag="#505050",
    band="#D2D2D2",
    shading="#F1F1F1",
    hatch="#1E1E1E",
    gray=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenStyle:
    """Fill and pattern of a regimen; `pattern` is plotly's code, "" is solid."""

    fill: str
    gray_fill: str
    pattern: str

    def colour(self, theme: Theme) -> str:
        """The fill under a theme."""
        return self.gray_fill if theme.gray else self.fill

    def pale(self, theme: Theme) -> str:
        """The fill at 38 %, for days on which a period possibly ran; a grey one to be seen."""
        colour = PALE_GRAY if theme.gray else self.colour(theme)
        return blend(colour, PALE_SHARE, theme.surface)

    def hatch(self, theme: Theme) -> str:
        """Colour of the pattern's strokes: white on a dark fill, else ink."""
        return "#FFFFFF" if luma(self.colour(theme)) < DARK_FILL_LUMA else theme.hatch


_GRAY_OF_HUE = {
    "#F0E442": "#F2F2F2",
    "#E69F00": "#C9C9C9",
    "#009E73": "#8F8F8F",
    "#CC79A7": "#DADADA",
    "#56B4E9": "#B4B4B4",
    "#0072B2": "#4D4D4D",
    "#D55E00": "#A2A2A2",
    "#000000": "#262626",
}


def _style(fill: str, pattern: str) -> RegimenStyle:
    return RegimenStyle(fill=fill, gray_fill=_GRAY_OF_HUE[fill], pattern=pattern)


KNOWN_REGIMENS = {
    "UVA1": _style("#F0E442", "."),
    "HC": _style("#E69F00", "/"),
    "CP": _style("#009E73", "x"),
    "ECP": _style("#CC79A7", "\\"),
    "MP": _style("#56B4E9", "-"),
    "IVIG": _style("#0072B2", ""),
    "TOF": _style("#D55E00", "+"),
    "MTX": _style("#000000", "+"),
}


def _spare_styles() -> tuple[RegimenStyle, ...]:
    taken = {(s.fill, s.pattern) for s in KNOWN_REGIMENS.values()}
    patterns = ("+", "/", "x", ".", "\\", "-")  # never "|", which reads as session ticks
    hues = tuple(_GRAY_OF_HUE)
    turns = range(len(patterns))
    pairs = [(h, patterns[(i + t) % len(patterns)]) for t in turns for i, h in enumerate(hues)]
    return tuple(_style(h, p) for h, p in pairs if (h, p) not in taken)


SPARE_STYLES = _spare_styles()


def regimen_styles(regimens: Iterable[str]) -> dict[str, RegimenStyle]:
    """Fill and pattern of each regimen of one patient.

    Known regimens keep theirs in every figure. Others take a spare one chosen by their
    name, first of a hue that the patient does not have yet, so that no two regimens of a
    patient look alike while spare ones last (40) and the order of rows does not matter.

    Examples
    --------
    >>> regimen_styles(["IVIG"])["IVIG"].fill
    '#0072B2'
    """
    names = sorted(set(regimens))
    known = {n: KNOWN_REGIMENS[abbreviate(n)] for n in names if abbreviate(n) in KNOWN_REGIMENS}
    styles = dict(known)
    for name in (n for n in names if n not in known):
        styles[name] = _spare_style(name, list(styles.values()))
    return {name: styles[name] for name in names}


def _spare_style(name: str, taken: list[RegimenStyle]) -> RegimenStyle:
    """A free style from the place of the name's checksum on, one of an unused hue first."""
    place = zlib.crc32(name.casefold().encode()) % len(SPARE_STYLES)
    turned = SPARE_STYLES[place:] + SPARE_STYLES[:place]
    free = [s for s in turned if s not in taken] or list(turned)
    hues = {s.fill for s in taken}
    return next((s for s in free if s.fill not in hues), free[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStyle:
    """Marker and dash of a site: plotly's names and matplotlib's."""

    marker: str
    dash: str
    print_marker: str
    print_dash: tuple[float, ...]
    """Lengths on and off in points; empty is solid."""


SITE_STYLES = (
    SiteStyle(marker="circle", dash="solid", print_marker="o", print_dash=()),
    SiteStyle(marker="square", dash="8px,5px", print_marker="s", print_dash=(4, 2)),
    SiteStyle(marker="diamond", dash="2px,3px", print_marker="D", print_dash=(1, 1.5)),
    SiteStyle(
        marker="triangle-up", dash="7px,3px,2px,3px", print_marker="^", print_dash=(4, 1.5, 1, 1.5)
    ),
    SiteStyle(marker="triangle-down", dash="14px,4px", print_marker="v", print_dash=(8, 2)),
    SiteStyle(
        marker="pentagon",
        dash="9px,3px,2px,3px,2px,3px",
        print_marker="p",
        print_dash=(5, 1.5, 1, 1.5, 1, 1.5),
    ),
    SiteStyle(marker="hexagon", dash="4px,4px", print_marker="h", print_dash=(2, 2)),
    SiteStyle(marker="star", dash="14px,4px,4px,4px", print_marker="*", print_dash=(8, 2, 2, 2)),
)


def site_style(number: int) -> SiteStyle:
    """Style of the site drawn at place `number`; after eight the markers come again."""
    return SITE_STYLES[number % len(SITE_STYLES)]


def luma(colour: str) -> float:
    """Brightness of ``#RRGGBB`` after Rec. 601, 0 (black) to 255 (white)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def blend(colour: str, share: float, surface: str) -> str:
    """`colour` at an opacity of `share` on `surface`, as one solid colour.

    Examples
    --------
    >>> blend("#000000", 0.5, "#FFFFFF")
    '#808080'
    """
    channels = (
        round(share * int(colour[i : i + 2], 16) + (1 - share) * int(surface[i : i + 2], 16))
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{c:02X}" for c in channels)
