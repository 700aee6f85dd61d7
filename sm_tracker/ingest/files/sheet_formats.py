"""What the formats of a workbook show beyond the values: zeros, units, months, strikes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

STYLES = "xl/styles.xml"
_BUILT_IN_MONTH = 17  # mmm-yy
_ZEROS = re.compile(r"0{2,}")
_UNIT = re.compile(r'^[^"]*"\s*(mm|[\u00b5\u03bc]m|um|cm)\s*"')
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|;.*')


@dataclass(frozen=True, slots=True)
class Formats:
    """Formats by the number of their style: digits, units and dates of a month or year.

    `zeros` is the number of digits a whole number is filled up to, `units` the unit that stands
    behind a number, `vague` "month" or "year" for a date without its day, `struck` the styles
    that are struck through.
    """

    zeros: dict[int, int] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    vague: dict[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()

    @property
    def tell(self) -> bool:
        """Whether a format changes what a value says."""
        return bool(self.styles)

    @property
    def styles(self) -> frozenset[int]:
        """Styles whose format changes what a value says."""
        return frozenset((*self.zeros, *self.units, *self.vague))


def formats_of(archive: zipfile.ZipFile) -> Formats:
    """The telling formats of a workbook."""
    if STYLES not in archive.namelist():
        return Formats()
    root = fromstring(archive.read(STYLES))
    codes = {
        int(e.get("numFmtId") or 0): e.get("formatCode") or ""
        for e in root.iter()
        if _local(e) == "numFmt"
    }
    fonts = [f for group in root if _local(group) == "fonts" for f in group]
    crossed = {i for i, font in enumerate(fonts) if _is_struck(font)}
    found = Formats()
    struck = set()
    styles = [x for group in root if _local(group) == "cellXfs" for x in group]
    for style, element in enumerate(styles):
        number = int(element.get("numFmtId") or 0)
        _note(found, style, "mmm-yy" if number == _BUILT_IN_MONTH else codes.get(number, ""))
        if int(element.get("fontId") or 0) in crossed:
            struck.add(style)
    return Formats(found.zeros, found.units, found.vague, frozenset(struck))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_struck(font: Element) -> bool:
    return any(_local(e) == "strike" and e.get("val") not in ("0", "false") for e in font)


def _note(found: Formats, style: int, code: str) -> None:
    if _ZEROS.fullmatch(code):
        found.zeros[style] = len(code)
    elif unit := _UNIT.match(code):
        found.units[style] = unit[1]
    else:
        shown = _NOT_SHOWN.sub("", code).casefold()
        if "y" in shown and "d" not in shown and "h" not in shown:
            found.vague[style] = "month" if "m" in shown else "year"
