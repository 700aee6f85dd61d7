"""Dates moved by one distance, each written as it was: order, signs, zeros, month in letters."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TypeAlias

from sm_tracker.domain.data import words
from sm_tracker.ingest.cells.date_words import MONTHS
from sm_tracker.ingest.cells.dates import EARLIEST_YEAR, LAST_MONTH, DateOrder

LATEST_YEAR = 2099
NO_DATE = dt.date(1970, 1, 1)
"""What programs write for an empty date; it stays, as it is a trouble and nobody's date."""
_FAMILIES = tuple(words("months in order"))
_NAME = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_Y4 = r"(?P<y>(?:19|20)\d\d)"
_Y = r"(?P<y>(?:19|20)\d\d|(?<!\d)['’]?\d\d)"
_IN_TEXT = tuple(
    re.compile(rf"(?<![\d\w]){pattern}(?!\d)", re.IGNORECASE)
    for pattern in (
        rf"{_Y4}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})",
        rf"(?P<a>\d{{1,2}})(?P<s>\s?[-/.]\s?)(?P<b>\d{{1,2}})(?P=s){_Y}",
        rf"{_Y4}(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])",
        rf"(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er)?[\s\-./]*(?:of )?(?P<n>{_NAME})\.?[\s\-./,]*{_Y}",
        rf"(?P<n>{_NAME})\.?[\s\-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|-){_Y4}",
        rf"{_Y4}[\s\-./]*(?P<n>{_NAME})\.?[\s\-./]*(?P<d>\d{{1,2}})",
        rf"(?P<n>{_NAME})\.?[\s\-./,]*{_Y}",
        rf"{_Y4}[\s\-./]*(?P<n>{_NAME})",
        rf"(?P<m>\d{{1,2}})\s?[-/.]\s?{_Y4}",
        rf"{_Y4}[-/.](?P<m>\d{{1,2}})",
    )
)
_YEAR = re.compile(rf"(?<![\d.,\w]){_Y4}(?![\d\w]|[.,]\d)")
_IN_COLUMN = (
    re.compile(r"(?P<a>\d{1,2})(?P<s> )(?P<b>\d{1,2}) (?P<y>\d{4}|\d\d)"),
    re.compile(r"(?P<y>\d{4})(?P<s> )(?P<m>\d{1,2}) (?P<d>\d{1,2})"),
    re.compile(r"(?P<m>0?[1-9]|1[0-2])/(?P<y>\d\d)"),
    re.compile(r"(?P<a>\d{1,2})(?P<s>[./])(?P<b>\d{1,2})\.?"),
)
_COUNTED = (
    (re.compile(r"([1-5]\d{4})(?:[.,]\d+)?"), 1),
    (re.compile(r"(\d{9,11})(?:[.,]\d+)?"), 86_400),
    (re.compile(r"(\d{12,13})(?:[.,]\d+)?"), 86_400_000),
)
"""Days, seconds and thousandths since the first day of some program, with those in a day."""

Piece: TypeAlias = tuple[str, bool]
"""Part of a text, and whether it is a date that has been moved."""


@dataclass(frozen=True, slots=True)
class DateShift:
    """How far the dates of a file are moved: by days, or by whole months.

    Whole months keep a file ambiguous whose days and months cannot be told apart.
    """

    days: int = 0
    months: int = 0

    @property
    def years(self) -> int:
        """The distance in years, for a cell that says no more than the year."""
        return round(self.days / 365.25 + self.months / 12)

    def moved(self, date: dt.date) -> dt.date:
        """A day after the move.

        Examples
        --------
        >>> str(DateShift(days=-7).moved(dt.date(2020, 1, 3)))
        '2019-12-27'
        >>> str(DateShift(months=1).moved(dt.date(2020, 1, 31)))
        '2020-02-29'
        """
        month = date.year * 12 + date.month - 1 + self.months
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        kept = dt.date(year, month + 1, min(date.day, last))
        return kept + dt.timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class DateMover:
    """Moves the dates in texts. `today` settles the century of two-digit years."""

    shift: DateShift
    today: dt.date

    def cell(self, date: dt.date) -> dt.date:
        """A cell that is a date, with its time."""
        day = date.date() if isinstance(date, dt.datetime) else date
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR or day == NO_DATE:
            return date
        moved = self.shift.moved(day)
        return dt.datetime.combine(moved, date.time()) if isinstance(date, dt.datetime) else moved

    def text(self, text: str, order: DateOrder = "day-first", *, of_dates: bool = False) -> str:
        """A text with its dates moved, see :meth:`pieces`.

        Examples
        --------
        >>> mover = DateMover(DateShift(days=-7), dt.date(2026, 1, 1))
        >>> mover.text("seit 04.02.2020, März 2021"), mover.text("2/14/20", "month-first")
        ('seit 28.01.2020, März 2021', '2/7/20')
        """
        return "".join(piece for piece, _ in self.pieces(text, order, of_dates=of_dates))

    def pieces(
        self, text: str, order: DateOrder = "day-first", *, of_dates: bool = False
    ) -> list[Piece]:
        """A text cut into its dates, moved, and what stands between them, as it was.

        Parameters
        ----------
        text : str
            A cell, or a line of words.
        order : {"day-first", "month-first"}
            Of days and months in figures.
        of_dates : bool
            Whether it stands in a column of dates, where 2019, 43500 and 3.4. are dates too.
        """
        if not any(c.isdigit() for c in text):
            return [(text, False)]
        if of_dates and (new := self._of_column(text.strip(), order)):
            return [(text.replace(text.strip(), new), True)]
        pieces: list[Piece] = [(text, False)]
        with_years = of_dates or any(c.isalpha() for c in text)
        for pattern in (*_IN_TEXT, _YEAR) if with_years else _IN_TEXT:
            pieces = [p for piece in pieces for p in self._split(piece, pattern, order)]
        return pieces

    def _of_column(self, text: str, order: DateOrder) -> str:
        """A cell that is a date in a column of dates only; blank for another."""
        for pattern, per_day in _COUNTED:
            if match := pattern.fullmatch(text):
                start = dt.date(1899, 12, 30) + dt.timedelta(days=min(int(match[1]), 70_000))
                start = start if per_day == 1 else self.today
                days = (self.shift.moved(start) - start).days
                return str(int(match[1]) + days * per_day) + text[match.end(1) :]
        for pattern in _IN_COLUMN:
            if match := pattern.fullmatch(text):
                return self._rewritten(match, order) or ""
        return ""

    def _split(self, piece: Piece, pattern: re.Pattern[str], order: DateOrder) -> list[Piece]:
        """A piece of a text, cut at the dates of one form; what is moved is not moved again."""
        text, done = piece
        if done:
            return [piece]
        found: list[Piece] = []
        end = 0
        for match in pattern.finditer(text):
            new = self._rewritten(match, order)
            if new is not None:
                found += [(text[end : match.start()], False), (new, True)]
                end = match.end()
        return [*found, (text[end:], False)]

    def _rewritten(self, match: re.Match[str], order: DateOrder) -> str | None:
        """A date as it was written, moved; None where the figures are no date."""
        given = {k: v for k, v in match.groupdict().items() if v and k != "s"}
        day_key, month_key = _keys_of(match, order) if "a" in given else ("d", "m")
        name = given.get("n", "").casefold()
        month = MONTHS[name.rstrip(".")] if name else int(given.get(month_key, 7))
        day, year = int(given.get(day_key, 15)), self._year(given.get("y", str(self.today.year)))
        moved = self._moved(year, month, day)
        if moved is None:
            return None
        new = {"y": moved[0], "n": moved[1], month_key: moved[1], day_key: moved[2]}
        padded = all(len(given[k]) == 2 for k in (day_key, month_key) if k in given)
        out, end = "", 0
        for key in sorted(given, key=match.start):
            start = match.start(key) - match.start()
            out += match[0][end:start] + _written(key, given[key], new[key], padded)
            end = start + len(given[key])
        return out + match[0][end:]

    def _year(self, text: str) -> int:
        digits = text.lstrip("'’")
        if len(digits) == 4:
            return int(digits)
        year = self.today.year // 100 * 100 + int(digits)
        return year if year <= self.today.year else year - 100

    def _moved(self, year: int, month: int, day: int) -> tuple[int, int, int] | None:
        """Where a date goes; one that is in no calendar moves by years and stays impossible."""
        if not 0 < month < 32 or not 0 < day < 32 or not EARLIEST_YEAR <= year <= LATEST_YEAR:
            return None
        if (year, month, day) == (NO_DATE.year, NO_DATE.month, NO_DATE.day):
            return year, month, day
        try:
            moved = self.shift.moved(dt.date(year, month, day))
        except ValueError:
            return year + self.shift.years, month, day
        return moved.year, moved.month, moved.day


def _named(name: str, month: int) -> str:
    """Another month in the language and the form of a name; the name where neither is known."""
    plain = name.rstrip(".").casefold()
    for family in map(str.split, _FAMILIES):
        if plain in family:
            new = family[month - 1]
            styled = new.upper() if name.isupper() else new.title() if name[0].isupper() else new
            return styled + name[len(name.rstrip(".")) :]
    return name


def _keys_of(match: re.Match[str], order: DateOrder) -> tuple[str, str]:
    """Which of two figures is the day and which the month."""
    month_first = match["s"].strip() != "." and (
        int(match["b"]) > LAST_MONTH or (order == "month-first" and int(match["a"]) <= LAST_MONTH)
    )
    return ("b", "a") if month_first else ("a", "b")


def _written(key: str, was: str, now: int, padded: bool) -> str:
    """A part of a date, in the form the part had before."""
    if key == "n":
        return _named(was, now)
    if key == "y":
        return was[:-2] + f"{now % 100:02d}" if len(was) < len("2020") else str(now)
    return f"{now:02d}" if padded or was.startswith("0") else str(now)
