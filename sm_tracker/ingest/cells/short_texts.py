"""Short words of cells: texts cleaned of odd blanks, sides, signs, yes and no, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, cast

from sm_tracker.domain.data import words
from sm_tracker.domain.missing import is_unknown
from sm_tracker.domain.records import Side
from sm_tracker.ingest.cells.numbers import parse_value
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import Cell, text_of

_BLANKS = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\t"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), ""),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
}
_SIDES: Final = cast("Mapping[str, Side]", words("side"))
_SIGNS: Final = words("sign")
_YES, _NO = words("yes"), words("no")
_FORMULA = re.compile(r"^\s*[=+@\t\r-]")
_WRAPPED = re.compile(r'^="(.*)"$', re.DOTALL)


def clean_text(cell: Cell) -> str:
    """A cell as one line of text: plain blanks and hyphens, no invisible characters.

    Examples
    --------
    >>> clean_text(' A\\u00a01 '), clean_text('="007"'), clean_text(7.0)
    ('A 1', '007', '7')
    """
    if not isinstance(cell, str):
        return text_of(cell)
    text = cell.strip()
    if text.isascii() and text.isalnum():
        return text
    if wrapped := _WRAPPED.match(text):
        text = wrapped[1]
    text = " ".join(text.translate(_BLANKS).split())
    return text[1:] if text.startswith("'") and len(text) > 1 else text


def label_text(cell: Cell) -> str:
    """A cell that names something, blank where it says that nobody knows.

    Examples
    --------
    >>> label_text("DUB "), label_text("unbekannt"), label_text("n/a")
    ('DUB', '', '')
    """
    text = clean_text(cell)
    return "" if is_unknown(text) else text


def read_side(text: str) -> Side | None:
    """Side of the body named by a cell, blank for none or both, None for another word."""
    return "" if is_unknown(text) else _SIDES.get(plain_name(text))


def read_sign(text: str) -> str | None:
    """``<``, ``>`` or blank of a qualifier cell, None for another word."""
    plain = text.strip().casefold()
    return _SIGNS.get(plain, _SIGNS.get(plain_name(text)) if plain_name(text) else None)


def read_flag(text: str) -> bool | None:
    """Yes or no in three languages, None for another word."""
    plain = plain_name(text)
    return True if plain in _YES else False if plain in _NO else None


def read_number(cell: Cell) -> float | None:
    """A finite number that may carry a unit such as MHz, None where there is none."""
    number = _number_of(cell)
    return number if number is not None and math.isfinite(number) else None


def _number_of(cell: Cell) -> float | None:
    if isinstance(cell, float):
        return cell
    text = re.sub(r"\s*(mhz|m/s|ms-1|m s-1)\s*$", "", clean_text(cell), flags=re.IGNORECASE)
    try:
        return float(text)
    except ValueError:
        pass
    for sign in (".", ","):
        if sign in text:
            parsed = parse_value(text, decimal="," if sign == "," else ".")
            if parsed is not None and parsed.status == "ok" and not parsed.qualifier:
                return parsed.value
    return None


def starts_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run a text as a formula; real numbers are none."""
    if not _FORMULA.match(text) or _WRAPPED.match(text.strip()):
        return False
    stripped = text.strip()
    if len(stripped) < 2 or re.fullmatch(r"[-+=–—. ]*", stripped):
        return False
    return not _is_number(stripped)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?\s*%?", text))
