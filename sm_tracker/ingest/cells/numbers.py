"""Thickness cells become numbers with their sign, spread, unit or reason for being empty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from sm_tracker.domain.records import Qualifier
from sm_tracker.ingest.cells.number_words import (
    ABOVE,
    APPROXIMATE,
    BELOW,
    BEYOND_DEPTH,
    MISSING,
    NOT_MEASURABLE,
)
from sm_tracker.ingest.cells.units import UNIT_PATTERN, factor_to_mm, length_unit

DecimalSign = Literal[".", ","]
ValueStatus = Literal["ok", "missing", "not_measurable", "beyond_depth"]

_SIGNS: tuple[DecimalSign, ...] = (".", ",")

PLAUSIBLE_MM: Final = (0.2, 15.0)
"""Range in which a grouped number such as 1.350 is taken for a skin thickness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueText:
    """What one cell of a thickness column says.

    Attributes
    ----------
    value : float or None
        In the unit of the cell or column; None for a missing value, a range or several
        values.
    qualifier : {"", "<", ">"}
        ``<`` also for ≤ and "below", ``>`` also for ≥ and "more than".
    unit : str
        Unit inside the cell, as :func:`~sm_tracker.ingest.cells.units.unit_of` names it.
    sd : float or None
        Spread printed beside the value.
    low, high : float or None
        Limits of a range such as 1.8-2.0.
    several : tuple of float
        Values of a cell that holds more than one, such as 1.8/1.9/2.0.
    approximate : bool
        Marked as approximate (ca., ~, a question mark).
    status : {"ok", "missing", "not_measurable", "beyond_depth"}
        Why there is no value. "missing" covers blanks, n/a and spreadsheet errors.
    thousands : bool
        A point, comma or blank was read as a thousands separator.
    other_decimal : bool
        The cell uses the decimal sign that the column does not.
    note : str
        What stands behind the value, such as a remark in brackets.
    """

    value: float | None = None
    qualifier: Qualifier = ""
    unit: str = ""
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    several: tuple[float, ...] = ()
    approximate: bool = False
    status: ValueStatus = "ok"
    thousands: bool = False
    other_decimal: bool = False
    note: str = ""

    @property
    def missing(self) -> bool:
        """Whether the cell says that there is no value."""
        return self.status != "ok"


@dataclass(frozen=True, slots=True)
class DecimalEvidence:
    """Which decimal sign a column uses, and the cells that show it.

    `deciding` and `opposing` index the texts; both are set when the cells contradict each
    other (`deciding` has a comma, `opposing` a point). "ambiguous" means that every
    separator stands before exactly three digits, as in 1,350.
    """

    sign: Literal[".", ",", "ambiguous", "contradictory", "none_needed"]
    deciding: int | None = None
    opposing: int | None = None


_CLEAN = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003\u3000\t\r\n"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"), ""),
    **dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63\uff0d"), "-"),
    ord("\u00b7"): ".",  # the raised point of British journals
    ord("\uff0c"): ",",
    ord("\uff0e"): ".",
    ord("\u066b"): ",",
    ord("\u2264"): "<",
    ord("\u2a7d"): "<",
    ord("\uff1c"): "<",
    ord("\u2265"): ">",
    ord("\u2a7e"): ">",
    ord("\uff1e"): ">",
    ord("\u2019"): "'",
    **dict.fromkeys(map(ord, "\u00ab\u00bb\u201c\u201d\u201e"), " "),
}
_NUMBER = r"[-+]?(?:\d+(?:[ .,']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d{1,2})?"
_TOKEN = re.compile(rf"({_NUMBER})(?!\d|[.,]\d)(?:\s*({UNIT_PATTERN})(?![\w/²³]))?", re.IGNORECASE)
_SIMPLE = re.compile(r"\d{1,2}(?:([.,])\d{1,2})?")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}")
_SPREAD = re.compile(
    r"^(?:\(?\s*(?:±|\+\s?/\s?-|\+-|\bSD\b|\bs\s?=|σ|(?-i:\bET\b|\bSA\b)|[ée]cart[- ]type"
    r"|standard ?deviation|standardabweichung)\s*[:=]?)\s*",
    re.I,
)
_JOIN_RANGE = re.compile(r"^(?:-|to\b|bis\b|à\b|a\b|until\b|\.\.+|…)\s*", re.IGNORECASE)
_JOIN_SIGN = re.compile(r"^\s*[/;|&]\s*|^\s*,\s+|^\s+(?:et|and|und)\s+")
_JOIN_SEVERAL = re.compile(r"^\s*[/;|&]\s*|^\s*,\s+|^\s+(?:et|and|und)\s+|^\s+(?=\d)")
_BETWEEN = re.compile(
    r"(?:entre|zwischen|between|from|von|de)\s+(?P<low>[\d.,]+(?:\s?[a-zµμ]{1,2})?)\s+"
    r"(?:et|und|and|to|bis|à|a)\s+(?=\d)",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"(?:et|ou|and|or|und|oder)\s*(?:plus|more|mehr|davantage|\+)$", re.I)
_AND_LESS = re.compile(r"(?:et|ou|and|or|und|oder)\s*(?:moins|less|weniger)$", re.I)
_TRAILING_DOUBT = re.compile(r"\s*(?:\(\?\)|\?|\(?(?:ca|approx|env|circa)\.?\)?)$", re.IGNORECASE)
_NOTE = re.compile(r"^(?:\((?P<round>[^()]*)\)|\[(?P<square>[^\]]*)\]|(?P<mark>\*+|†|‡|#|!))$")
_RAISED = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹]{1,2}")


def clean_number_text(text: str) -> str:
    """A cell with plain blanks, minus signs and digits, and without invisible characters.

    Superscripts are kept: 2² is no 22.
    """
    plain = text.translate(_CLEAN)
    if not plain.isascii():
        plain = "".join(_plain_digit(c) for c in plain)
    plain = " ".join(plain.split())
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1]
    return plain.removeprefix("'").strip()


def _plain_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def parse_value(text: str, *, decimal: DecimalSign, unit: str = "") -> ValueText | None:
    """Read one cell of a thickness column.

    Parameters
    ----------
    text : str
        The cell as written.
    decimal : {".", ","}
        Decimal sign of the column, see :func:`decimal_evidence`.
    unit : str, optional
        Unit of the column; decides with the plausible range whether 1.350 is grouped.

    Returns
    -------
    ValueText or None
        None if the cell is neither a number nor a known word for a missing value.

    Examples
    --------
    >>> parse_value("< 0,4 mm", decimal=",").value, parse_value("1.350 µm", decimal=",").value
    (0.4, 1350.0)
    >>> parse_value("nicht messbar", decimal=",").status
    'not_measurable'
    """
    if (simple := _SIMPLE.fullmatch(text)) and simple[1] in (None, decimal):
        return ValueText(value=float(text.replace(",", ".")))
    plain = clean_number_text(text)
    word = plain.casefold().rstrip(".!")
    if word in MISSING:
        return ValueText(status="missing")
    if word in NOT_MEASURABLE:
        return ValueText(status="not_measurable")
    if word in BEYOND_DEPTH:
        return ValueText(status="beyond_depth")
    return _marked(plain, decimal, unit)


def _marked(plain: str, decimal: DecimalSign, unit: str) -> ValueText | None:
    """A number with the words and signs before it."""
    qualifier: Qualifier = ""
    approximate = False
    while True:
        for pattern, sign in ((BELOW, "<"), (ABOVE, ">")):
            if match := pattern.match(plain):
                if qualifier:
                    return None
                qualifier = "<" if sign == "<" else ">"
                plain = plain[match.end() :]
                break
        else:
            match = APPROXIMATE.match(plain)
            if not match:
                break
            approximate, plain = True, plain[match.end() :]
    if trailing := _TRAILING_DOUBT.search(plain):
        approximate, plain = True, plain[: trailing.start()]
    found = _numbers(plain, decimal, unit)
    if found is None:
        return None
    if qualifier and found.value is None:
        return None
    if found.qualifier and qualifier:
        return None
    return replace(
        found,
        qualifier=found.qualifier or qualifier,
        approximate=approximate or found.approximate,
    )


def _numbers(plain: str, decimal: DecimalSign, unit: str) -> ValueText | None:
    plain = _BETWEEN.sub(r"\g<low> - ", plain, count=1) if _BETWEEN.match(plain) else plain
    first = _TOKEN.match(plain)
    if first is None:
        return None
    value = _value_of(first, decimal, unit)
    if value is None:
        return None
    rest = plain[first.end() :].strip()
    if rest in ("", "."):
        return value if not rest or value.unit else None
    if rest == "+" or _AND_MORE.match(rest):
        return replace(value, qualifier=">")
    if _AND_LESS.match(rest):
        return replace(value, qualifier="<")
    if spread := _SPREAD.match(rest):
        return _with_spread(value, rest[spread.end() :], decimal, unit)
    if joined := _JOIN_RANGE.match(rest):
        return _with_range(value, rest[joined.end() :], decimal, unit)
    bare = re.fullmatch(rf"\(\s*({_NUMBER})\s*\)\s*({UNIT_PATTERN})?", rest, re.IGNORECASE)
    if bare and not _counts(bare[1], first[1]):
        return _with_spread(value, rest[1:].replace(")", "", 1), decimal, unit)
    if _RAISED.fullmatch(rest) and not first[1].isdigit():
        return replace(value, note=rest)  # a footnote; after a whole number it may be a power
    if note := _NOTE.match(rest):
        return replace(value, note=next(g for g in note.groups() if g is not None).strip())
    return _with_others(value, plain[first.end() :], decimal, unit)


def _counts(bracketed: str, value: str) -> bool:
    """Whether a number in brackets marks a footnote or a count: 2,20 (1) has no SD of 1."""
    return bracketed.isdigit() and len(bracketed) == 1 and not value.isdigit()


def _value_of(token: re.Match[str], decimal: DecimalSign, unit: str) -> ValueText | None:
    own_unit = length_unit(token[2]) if token[2] else ""
    digits = token[1]
    if _GROUPED.fullmatch(digits):
        number, thousands = _grouped(digits, decimal, own_unit or unit)
        other = not thousands and decimal not in digits
        return ValueText(value=number, unit=own_unit, thousands=thousands, other_decimal=other)
    signs = [c for c in digits if c in ".,"]
    if len(signs) > 2 and len(set(signs[:-1])) > 1:
        return None
    if len(signs) > 1 and len(set(signs)) == 1:  # 1.350.000
        number = float(_without(digits, ".,' "))
        return ValueText(value=number, unit=own_unit, thousands=True)
    last = signs[-1] if signs else decimal
    number = float(_without(digits, " '" + ("," if last == "." else ".")).replace(",", "."))
    return ValueText(
        value=number,
        unit=own_unit,
        thousands=len(signs) > 1 or " " in digits or "'" in digits,
        other_decimal=last != decimal,
    )


def _without(text: str, characters: str) -> str:
    return text.translate(dict.fromkeys(map(ord, characters)))


def _grouped(digits: str, decimal: DecimalSign, unit: str) -> tuple[float, bool]:
    """Value of a number such as 1.350, and whether its separator groups thousands."""
    as_decimal = float(digits.replace(",", "."))
    as_group = float(_without(digits, ".,"))
    if unit:
        factor = factor_to_mm(unit)
        low, high = PLAUSIBLE_MM
        plausible = [low <= abs(v) * factor <= high for v in (as_decimal, as_group)]
        if plausible[0] != plausible[1]:
            return (as_group, True) if plausible[1] else (as_decimal, False)
    return (as_decimal, False) if decimal in digits else (as_group, True)


def _with_spread(value: ValueText, rest: str, decimal: DecimalSign, unit: str) -> ValueText | None:
    token = _TOKEN.match(rest)
    if token is None or rest[token.end() :].strip(" )"):
        return None
    spread = _value_of(token, decimal, unit)
    if spread is None or spread.value is None or spread.value < 0:
        return None
    if value.unit and spread.unit and value.unit != spread.unit:
        return None
    return replace(
        value,
        sd=spread.value,
        unit=value.unit or spread.unit,
        other_decimal=value.other_decimal or spread.other_decimal,
    )


def _with_range(value: ValueText, rest: str, decimal: DecimalSign, unit: str) -> ValueText | None:
    token = _TOKEN.match(rest)
    if token is None or rest[token.end() :].strip():
        return None
    upper = _value_of(token, decimal, unit)
    if upper is None or upper.value is None or value.value is None or upper.value < 0:
        return None
    if value.unit and upper.unit and value.unit != upper.unit:
        return None
    low, high = sorted((value.value, upper.value))
    return replace(
        value,
        value=None,
        low=low,
        high=high,
        unit=value.unit or upper.unit,
        thousands=value.thousands or upper.thousands,
        other_decimal=value.other_decimal or upper.other_decimal,
    )


def _with_others(value: ValueText, rest: str, decimal: DecimalSign, unit: str) -> ValueText | None:
    """A cell that holds several values."""
    parts = [value]
    while rest.strip():
        joined = (_JOIN_SIGN if value.unit else _JOIN_SEVERAL).match(rest)
        token = _TOKEN.match(rest[joined.end() :]) if joined else None
        part = _value_of(token, decimal, unit) if token else None
        if joined is None or token is None or part is None:
            return None
        lost = joined[0].isspace() or (joined[0].strip() == "," and (parts[-1].value or 0) < 100)
        if lost and parts[-1].value == int(parts[-1].value or 0):
            return None  # "2 1" and "2, 1" may be one number as well as two values
        parts.append(part)
        rest = rest[joined.end() + token.end() :]
    units = {p.unit for p in parts} - {""}
    if len(units) > 1:
        return None
    return ValueText(
        several=tuple(p.value for p in parts if p.value is not None),
        unit=next(iter(units), ""),
        thousands=any(p.thousands for p in parts),
        other_decimal=any(p.other_decimal for p in parts),
    )


_SEPARATED = re.compile(
    rf"(?<![\d.,])(\d*(?:[.,]\d+)+)(?![\d.,])(?:\s*({UNIT_PATTERN})(?![\w/²³]))?", re.IGNORECASE
)


def decimal_evidence(texts: Sequence[str], *, unit: str = "") -> DecimalEvidence:
    """Which decimal sign a column of numbers uses.

    Parameters
    ----------
    texts : sequence of str
        Cells of one column; text that is no number is passed over.
    unit : str, optional
        Unit of the column.

    Returns
    -------
    DecimalEvidence
        With the first cell that decides. A separator before exactly three digits, after a
        number that does not start with zero, decides only where nothing else does and only
        one reading is a plausible thickness in its unit: 1,350 may be grouped.

    Examples
    --------
    >>> decimal_evidence(["1,350", "2,1"])
    DecimalEvidence(sign=',', deciding=1, opposing=None)
    >>> decimal_evidence(["1,350 µm"]).sign, decimal_evidence(["1,350"]).sign
    ('.', 'ambiguous')
    """
    sure: dict[str, int] = {}
    by_size: dict[str, int] = {}
    undecided: int | None = None
    for index, text in enumerate(texts):
        if "," not in text and "." not in text and text.isascii():
            continue
        for digits, own_unit in _SEPARATED.findall(clean_number_text(text)):
            if sign := _sign_of(digits):
                sure.setdefault(sign, index)
            elif sign := _sign_by_size(digits, length_unit(own_unit) or unit):
                by_size.setdefault(sign, index)
            elif undecided is None:
                undecided = index
    first = sure or by_size
    if len(first) == 2:
        return DecimalEvidence("contradictory", first[","], first["."])
    if "," in first:
        return DecimalEvidence(",", first[","])
    if "." in first:
        return DecimalEvidence(".", first["."])
    return DecimalEvidence("none_needed" if undecided is None else "ambiguous", undecided)


_OTHER_SIGN = {".": ",", ",": "."}


def _sign_of(digits: str) -> str:
    signs = [c for c in digits if c in ".,"]
    last = signs[-1]
    if len(signs) == 1:
        return "" if _GROUPED.fullmatch(digits) else last
    if len(set(signs)) == 2:
        return last
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
    return _OTHER_SIGN[last] if grouped else ""


def _sign_by_size(digits: str, unit: str) -> str:
    if not unit or not _GROUPED.fullmatch(digits):
        return ""
    sign = next(c for c in digits if c in ".,")
    readings = {_grouped(digits, d, unit)[1] for d in _SIGNS}
    if len(readings) == 2:
        return ""
    return _OTHER_SIGN[sign] if readings == {True} else sign
