"""Units of length as clinics write them: in a cell, in a unit column, in a header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sm_tracker.domain.data import rows_of

MM: Final = "mm"
UM: Final = "µm"
CM: Final = "cm"

_MICRO = "\u00b5\u03bc"  # the micro sign and the Greek letter look alike

_SPELLINGS: Mapping[str, str] = {row["unit"]: row["pattern"] for row in rows_of("units")}
_FACTORS: Mapping[str, float] = {row["unit"]: float(row["mm"]) for row in rows_of("units")}
_EXACT = {
    unit: re.compile(rf"(?:{spelling})\.?", re.IGNORECASE) for unit, spelling in _SPELLINGS.items()
}

UNIT_PATTERN: Final = "|".join(_SPELLINGS[u] for u in ("1/100 mm", "1/10 mm", MM, UM, CM))
"""Regular expression of every spelling, to be used without regard to case."""

# Spellings that are common words or syllables count only inside brackets or after a blank.
_SAFE = rf"mm|(?:Ã‚Â|Ã‚|Â|Ã)?[{_MICRO}]m|Î¼m|cm"
_BRACKETED = re.compile(
    r"\s*[(\[{](?P<before>[^()\[\]{}]*[,;])?\s*(?:in |en )?\s*"
    rf"(?P<unit>{UNIT_PATTERN})\s*(?P<after>[,;][^()\[\]{{}}]*)?[)\]}}]",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"^(.*?)(?:[\s_,;:.\-]+|\s*/\s*)(?:(?:in|en)[\s_]+)?({UNIT_PATTERN})$", re.IGNORECASE
)
_BEFORE = re.compile(rf"^({_SAFE}|um(?=_))[\s_\-:]+(.+)$", re.IGNORECASE)
_BETWEEN = re.compile(rf"^(.+?)(?:[\s_\-]+({_SAFE})|_+(um))[\s_\-]+(.+)$", re.IGNORECASE)
_GLUED = re.compile(
    rf"^(.*(?:thickness|dicke|epaisseur|épaisseur|value|wert|valeur))(mm|um|cm|[{_MICRO}]m)$",
    re.IGNORECASE,
)

_FOREIGN = re.compile(
    r"[(\[]\s*(?:in\s+)?(inch(?:es)?|in\.?|\"|″|mils?|thou|nm|dm|pixels?|px|pts?)\s*[)\]]"
    r"|[_\s,/](inch(?:es)?|pixels?|px|mils?)$",
    re.IGNORECASE,
)


def foreign_unit(header: str) -> str:
    """A unit named by a header that is none of ours, such as inches or pixels, else blank."""
    match = _FOREIGN.search(header.strip())
    return (match[1] or match[2]) if match else ""


def length_unit(text: str) -> str:
    """The unit a text names.

    Parameters
    ----------
    text : str
        A cell of a unit column, or what stands behind a number.

    Returns
    -------
    str
        ``"mm"``, ``"µm"`` (with the micro sign), ``"cm"``, ``"1/10 mm"``, ``"1/100 mm"``;
        blank if the text is no unit of length. A micro sign that was lost in decoding
        (``?m``) stays unknown: it is for the user to say.

    Examples
    --------
    >>> length_unit("Mikrometer"), length_unit("MM"), length_unit("mmHg")
    ('µm', 'mm', '')
    """
    trimmed = text.replace("\u00a0", " ").strip().strip("()[]").strip()
    return next((unit for unit, exact in _EXACT.items() if exact.fullmatch(trimmed)), "")


def factor_to_mm(unit: str) -> float:
    """Millimetres in one of a unit.

    Parameters
    ----------
    unit : str
        As :func:`unit_of` returns it.

    Raises
    ------
    KeyError
        If the unit is not one of them.
    """
    return _FACTORS[unit]


def unit_in_header(header: str) -> tuple[str, str]:
    """A column's name without its unit, and the unit.

    Parameters
    ----------
    header : str
        The header cell as written.

    Returns
    -------
    name : str
        The header without the unit, trimmed; blank if the header is only a unit.
    unit : str
        As :func:`unit_of`; blank if the header names none.

    Examples
    --------
    >>> unit_in_header("Hautdicke [µm]"), unit_in_header("thickness_mm"), unit_in_header("Datum")
    (('Hautdicke', 'µm'), ('thickness', 'mm'), ('Datum', ''))
    >>> unit_in_header("Thickness (mean ± SD, mm)"), unit_in_header("Skin (µm; 20 MHz)")
    (('Thickness (mean ± SD)', 'mm'), ('Skin (20 MHz)', 'µm'))
    """
    text = " ".join(header.replace("\u00a0", " ").split())
    if alone := length_unit(text):
        return "", alone
    if bracketed := _BRACKETED.search(text):
        beside = [(bracketed[part] or "").strip(" ,;") for part in ("before", "after")]
        others = f"({', '.join(filter(None, beside))})" if any(beside) else ""
        rest = f"{text[: bracketed.start()]} {others} {text[bracketed.end() :]}"
        return " ".join(rest.split()), length_unit(bracketed["unit"])
    if after := _AFTER.match(text) or _GLUED.match(text):
        return after[1].strip(" _,;:-/"), length_unit(after[2])
    if between := _BETWEEN.match(text):
        return f"{between[1]} {between[4]}", length_unit(between[2] or between[3])
    if before := _BEFORE.match(text):
        return before[2].strip(), length_unit(before[1])
    return text, ""
