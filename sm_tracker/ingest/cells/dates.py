"""Dates as clinics write them, read by explicit formats only; nothing is guessed.

Whether 02/03/2018 is in February or March is settled by the column
(:func:`order_evidence`) or by the user, never by a single cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sm_tracker.domain.records import Precision
from sm_tracker.ingest.cells.date_words import (
    APPROXIMATE_DATE,
    LEAD_WORDS,
    MONTHS,
    ONGOING,
    UNKNOWN_END,
    WEEKDAYS,
)
from sm_tracker.ingest.cells.vague_dates import vague_day

DateOrder = Literal["day-first", "month-first"]
Refused = Literal["", "impossible", "future", "zero", "not_a_date", "no_year", "too_early"]

LAST_MONTH: Final = 12
EARLIEST_YEAR: Final = 1950
"""Readings before this year are refused; skin ultrasound began around 1979."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateText:
    """What one cell of a date column says.

    Attributes
    ----------
    date : datetime.date or None
        The day; the first day of the week, month, quarter or year where `precision` says
        so. Also set where `refused` is "future", so that the message can name it.
    precision : {"day", "week", "month", "quarter", "year"}
        What the cell is known to.
    notes : tuple of str
        ``two_digit_year``, ``serial``, ``epoch_1904``, ``time_dropped``, ``zone_dropped``,
        ``compact`` (20200204) and ``approximate``.
    refused : str
        Why there is no date: ``impossible`` (31 February), ``future``, ``zero``
        (00.01.1900 and other empty dates of programs), ``too_early``, ``no_year`` or
        ``not_a_date``. Blank for a date.
    ongoing : bool
        The cell says that a therapy still runs (a word, or the year 9999).
    order_used : bool
        The order of day and month decided.
    """

    date: dt.date | None = None
    precision: Precision = "day"
    notes: tuple[str, ...] = ()
    refused: Refused = ""
    ongoing: bool = False
    order_used: bool = False


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """Whether day or month comes first in a column, and the cells that show it.

    `deciding` and `second` index the texts: the first cell that decides, and for
    "contradictory" the first one that shows the opposite. For "ambiguous" `deciding` is the
    first cell that can be read both ways.
    """

    order: Literal["day-first", "month-first", "ambiguous", "contradictory", "none_needed"]
    deciding: int | None = None
    second: int | None = None


_CLEAN = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003\u3000\t\r\n"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"), ""),
    **dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\u2015"), "-"),
    ord("\u2019"): "'",
    ord("\u1d49"): "e",  # 1er with its end raised
    ord("\u02b3"): "r",
    **{0xFF10 + d: str(d) for d in range(10)},
}
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_ISO_DAY_OF_WEEK = re.compile(r"(\d{4})-?W(\d\d)-?([1-7])")
_TIME = re.compile(
    r"(?:[T ]|, ?| - | um | à | at )\s*(\d{1,2}(?::\d\d){1,2}(?:[.,]\d+)?|\d{1,2}\s?[hH]\s?\d{0,2})"
    r"\s*(?:uhr|[ap]\.?m\.?)?\s*(z|utc|gmt|mez|mesz|cet|cest|[+-]\d\d:?\d\d)?(?:\[[\w/]+\])?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])\s?(\d{1,2})\2\s?(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|'?\d{2})\.?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{4})|(\d{4})[-/.](\d{1,2})")
_MONTH_SHORT_YEAR = re.compile(r"(0?[1-9]|1[0-2])/(\d\d)")
_YEAR = re.compile(r"(?:jahr |year |année )?(\d{4})", re.IGNORECASE)
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_NAME_YEAR = re.compile(
    rf"(\d{{1,2}})(?:\.|st|nd|rd|th|\s?er)?[\s\-./]*(?:of )?({_NAME})"
    r"\.?[\s\-./,]*(\d{4}|'?\d{2})"
)
_NAME_DAY_YEAR = re.compile(
    rf"({_NAME})\.?[\s\-]*(\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|-)(\d{{4}})"
)
_YEAR_NAME_DAY = re.compile(rf"(\d{{4}})[\s\-./]*({_NAME})\.?[\s\-./]*(\d{{1,2}})")
_NAME_YEAR = re.compile(
    rf"({_NAME})\.?[\s\-./,]*(\d{{4}}|'?\d{{2}})|(\d{{4}})[\s\-./]*({_NAME})\.?"
)
_DAY_NAME = re.compile(
    rf"(?:\d{{1,2}})(?:\.|st|nd|rd|th|er)?[\s\-./]*(?:{_NAME})\.?|\d{{1,2}}[./]\d{{1,2}}\.?"
)
_WEEKDAY = re.compile(
    rf"(?:le\s+)?(?:{'|'.join(WEEKDAYS)})\b\.?,?\s*(?:den\s+)?(?=\d|(?:{_NAME})\b)"
    r"|(?:le|den|am|du)\s+(?=\d)"
)
_LEAD_WORD = re.compile(rf"(?:{LEAD_WORDS})\s+(?=[\w'])", re.IGNORECASE)
_APPROXIMATE = re.compile(rf"(?:{APPROXIMATE_DATE})[\s\-]*(?=[\w'])", re.IGNORECASE)
_DOUBTED = re.compile(r"(.*\d)\s*(?:\(\?+\)|\?+)")
"""A date behind which a question mark stands."""

_UNKNOWN_PART = re.compile(
    r"^(?:(?:x{1,3}|\?{1,3}|un|uk|unk|nk|tt|dd|jj)[-/. ])+(?=[\w?])"
    r"|(?:[-/. ](?:x{1,3}|\?{1,3}|un|uk|unk|nk|tt|dd|jj|mm))+$"
)
"""Parts of a date that say that they are not known: xx/04/2021, 2021-04-??, UN-APR-2021."""
_ZERO = re.compile(
    r"0+(?:[.,]0+)?|0{1,2}([./-])\d{1,2}\1\d{2,4}|\d{1,2}([./-])0{1,2}\2\d{2,4}"
    r"|\d{4}([./-])(?:0{1,2}\3\d{1,2}|\d{1,2}\3 ?0{1,2})|0000.*|00:00(?::00)?"
)
_EMPTY_DATES: Final = frozenset(
    dt.date(*d)
    for d in (
        (1, 1, 1), (1601, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1),
        (1904, 1, 1), (1970, 1, 1),
    )
)  # fmt: skip
_EPOCH_1900 = dt.date(1899, 12, 30)  # one day early, since Excel counts 29 February 1900
_EPOCH_1904 = dt.date(1904, 1, 1)


def _clean(text: str) -> str:
    return " ".join(text.translate(_CLEAN).split()).removeprefix("'")


def ends_open(text: str) -> bool:
    """Whether the end of a therapy says that it still runs: blank, a word, or the year 9999.

    Examples
    --------
    >>> [ends_open(t) for t in ("", "laufend", "31.12.9999", "2020-01-01", "unknown")]
    [True, True, True, False, False]
    """
    plain = _clean(text)
    return plain in ("", "-", "--") or _is_ongoing(plain)


def end_unknown(text: str) -> bool:
    """Whether the end of a therapy says that nobody knows it."""
    return _clean(text).casefold().rstrip(".!") in UNKNOWN_END


def _is_ongoing(plain: str) -> bool:
    word = re.sub(r"\s*[(\[].*[)\]]$", "", plain.casefold()) or plain.casefold()
    word = word.strip("()[]").rstrip(".!")
    return bool(
        word in ONGOING
        or plain in ONGOING
        or re.fullmatch(
            r"9999(?:[-/.]\d\d?){0,2}|\d\d?[-/.]\d\d?[-/.]9999|9999\d{4}|2958465|2957003",
            plain[:10],
        )
    )


def parse_date(text: str, *, order: DateOrder, today: dt.date, epoch1904: bool = False) -> DateText:
    """Read one cell of a date column.

    Parameters
    ----------
    text : str
        The cell as written.
    order : {"day-first", "month-first"}
        Order of day and month where slashes, hyphens or blanks part them. Dates with
        points are always day-first.
    today : datetime.date
        Last day that is no future.
    epoch1904 : bool, optional
        Whether day numbers count from 1904-01-01 instead of Excel's 1900 system.

    Returns
    -------
    DateText
        With `refused` set where the cell is no acceptable date.

    Examples
    --------
    >>> day = dt.date(2026, 11, 1)
    >>> parse_date("04.02.20", order="day-first", today=day).notes
    ('two_digit_year',)
    >>> parse_date("März 2021", order="day-first", today=day).precision
    'month'
    >>> parse_date("31.02.2020", order="day-first", today=day).refused
    'impossible'
    """
    plain = _clean(text)
    if iso := _ISO_DAY.fullmatch(plain):
        return _checked(iso[1], iso[2], iso[3], today, ())
    if (of_week := _ISO_DAY_OF_WEEK.fullmatch(plain)) and int(of_week[2]) < 53:
        day = dt.date.fromisocalendar(*map(int, of_week.groups()))
        return _checked(f"{day:%Y}", f"{day:%m}", f"{day:%d}", today, ())
    if _is_ongoing(plain):
        return DateText(ongoing=True)
    notes: list[str] = []
    if (time := _TIME.search(plain)) and time.start() > 3:
        plain = plain[: time.start()].rstrip(", ")
        if set(time[1]) - set("0:.,hH"):
            notes.append("time_dropped")
        if time[2]:
            notes.append("zone_dropped")
    if _is_ongoing(plain):
        return DateText(ongoing=True)
    if lead := _LEAD_WORD.match(plain):
        plain = plain[lead.end() :]
    if doubted := _DOUBTED.fullmatch(plain):
        plain = doubted[1]
        notes.append("approximate")
    found = _numeric(plain, order, today, notes, epoch1904)
    return found or _in_words(plain.casefold(), order, today, notes, epoch1904)


def _numeric(
    plain: str, order: DateOrder, today: dt.date, notes: list[str], epoch1904: bool
) -> DateText | None:
    if _ZERO.fullmatch(plain):
        return DateText(refused="zero")
    if match := _YEAR_FIRST.fullmatch(plain):
        return _checked(match[1], match[3], match[4], today, notes)
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(match, order, today, notes)
    if match := _COMPACT.fullmatch(plain):
        return _checked(match[1], match[2], match[3], today, [*notes, "compact"])
    if match := _SERIAL.fullmatch(plain):
        return _serial(match, today, notes, epoch1904)
    if match := _MONTH_YEAR.fullmatch(plain):
        year, month = (match[2], match[1]) if match[2] else (match[3], match[4])
        return _checked(year, month, "1", today, notes, precision="month")
    if (match := _MONTH_SHORT_YEAR.fullmatch(plain)) and int(match[2]) > LAST_MONTH:
        year = _century(match[2], today)
        return _checked(year, match[1], "1", today, [*notes, "two_digit_year"], precision="month")
    if match := _YEAR.fullmatch(plain):
        return _checked(match[1], "1", "1", today, notes, precision="year")
    return None


def _year_last(
    match: re.Match[str], order: DateOrder, today: dt.date, notes: list[str]
) -> DateText:
    first, sign, second, year = match[1], match[2], match[3], match[4].lstrip("'")
    used = sign != "." and first != second
    if len(year) == 2:
        year, notes = _century(year, today), [*notes, "two_digit_year"]
    day, month = (second, first) if sign != "." and order == "month-first" else (first, second)
    return _checked(year, month, day, today, notes, order_used=used)


def _century(two_digits: str, today: dt.date) -> str:
    """Two-digit years lie in this century, unless that is in the future."""
    century = today.year // 100 * 100
    year = century + int(two_digits)
    return str(year if year <= today.year else year - 100)


def _serial(match: re.Match[str], today: dt.date, notes: list[str], epoch1904: bool) -> DateText:
    days = int(match[1])
    start = _EPOCH_1904 if epoch1904 else _EPOCH_1900
    marks = [*notes, "serial", *(["epoch_1904"] if epoch1904 else [])]
    if match[2] and int(match[2]):
        marks.append("time_dropped")
    day = start + dt.timedelta(days=days)
    return _checked(str(day.year), str(day.month), str(day.day), today, marks)


def _in_words(
    plain: str, order: DateOrder, today: dt.date, notes: list[str], epoch1904: bool
) -> DateText:
    """Dates with a month or weekday in letters, approximate ones, and what is none."""
    if weekday := _WEEKDAY.match(plain):
        rest = plain[weekday.end() :]
        found = _numeric(rest, order, today, notes, epoch1904) or _with_month_name(
            rest, today, notes
        )
        if found:
            return found
        plain = plain if plain.startswith("mar") else rest  # mardi, mars or March
    if found := _with_month_name(plain, today, notes):
        return found
    if vague := vague_day(plain, today):
        day, precision = vague
        return _checked(
            str(day.year), str(day.month), str(day.day), today, notes, precision=precision
        )
    if _DAY_NAME.fullmatch(plain):
        return DateText(refused="no_year")
    if approximate := _APPROXIMATE.match(plain):
        rest, marks = plain[approximate.end() :], [*notes, "approximate"]
        found = _numeric(rest, order, today, marks, epoch1904) or _with_month_name(
            rest, today, marks
        )
        if found:
            return found
    if known := _UNKNOWN_PART.sub("", plain) if _UNKNOWN_PART.search(plain) else "":
        found = _numeric(known, order, today, notes, epoch1904)
        found = found or _with_month_name(known, today, notes)
        if found is not None and found.precision != "day":
            return found
    return DateText(refused="not_a_date")


def _with_month_name(plain: str, today: dt.date, notes: list[str]) -> DateText | None:
    if match := _DAY_NAME_YEAR.fullmatch(plain):
        day, name, year = match.groups()
    elif match := _NAME_DAY_YEAR.fullmatch(plain):
        name, day, year = match.groups()
    elif match := _YEAR_NAME_DAY.fullmatch(plain):
        year, name, day = match.groups()
    elif match := _NAME_YEAR.fullmatch(plain):
        name, year, day = match[1] or match[4], match[2] or match[3], ""
    else:
        return None
    year = year.lstrip("'")
    if len(year) == 2:
        year, notes = _century(year, today), [*notes, "two_digit_year"]
    month = str(MONTHS[name.rstrip(".")])
    return _checked(year, month, day or "1", today, notes, precision="day" if day else "month")


def _checked(
    year: str,
    month: str,
    day: str,
    today: dt.date,
    notes: Sequence[str],
    *,
    precision: Precision = "day",
    order_used: bool = False,
) -> DateText:
    if int(year) == 9999:
        return DateText(ongoing=True)
    if not (int(year) and int(month) and int(day)):
        return DateText(refused="zero")
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        return DateText(refused="impossible", order_used=order_used)
    refused: Refused = ""
    if date in _EMPTY_DATES and precision == "day":
        return DateText(refused="zero")
    if date > today:
        refused = "future"
    elif date.year < EARLIEST_YEAR:
        refused = "too_early"
    return DateText(
        date=date,
        precision=precision,
        notes=tuple(notes),
        refused=refused,
        order_used=order_used,
    )


def order_evidence(texts: Sequence[str]) -> OrderEvidence:
    """Whether day or month comes first in the dates of one column.

    Parameters
    ----------
    texts : sequence of str
        The cells of the column. Only dates such as 02/03/2018, 2-3-18 and 02 03 2018
        count; ISO dates, dates with points or month names need no order.

    Returns
    -------
    OrderEvidence

    Examples
    --------
    >>> order_evidence(["05/02/2019", "21/05/2019"])
    OrderEvidence(order='day-first', deciding=1, second=None)
    >>> order_evidence(["02/03/2018"]).order, order_evidence(["2018-03-02"]).order
    ('ambiguous', 'none_needed')
    """
    day_first = month_first = ambiguous = None
    for index, text in enumerate(texts):
        if _ISO_DAY.match(text):
            continue
        match = _ordered(text)
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        if 12 < first <= 31 and 1 <= second <= 12:
            day_first = index if day_first is None else day_first
        elif 12 < second <= 31 and 1 <= first <= 12:
            month_first = index if month_first is None else month_first
        elif first != second and 1 <= first <= 12 and 1 <= second <= 12 and ambiguous is None:
            ambiguous = index
    if day_first is not None and month_first is not None:
        return OrderEvidence("contradictory", day_first, month_first)
    if day_first is not None:
        return OrderEvidence("day-first", day_first)
    if month_first is not None:
        return OrderEvidence("month-first", month_first)
    return OrderEvidence("none_needed" if ambiguous is None else "ambiguous", ambiguous)


def _ordered(text: str) -> re.Match[str] | None:
    """A date whose meaning hangs on the order of day and month."""
    plain = _clean(text)
    if time := _TIME.search(plain):
        plain = plain[: time.start()].rstrip(", ") if time.start() > 3 else plain
    if weekday := _WEEKDAY.match(plain.casefold()):
        plain = plain[weekday.end() :]
    match = _YEAR_LAST.fullmatch(plain)
    return match if match and match[2] != "." and match[4] != "9999" else None
