"""Dates known to a week, a quarter or a season: CW 12/2024, Q2 2024, spring 2023."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from sm_tracker.domain.records import Precision

Hemisphere = str
NORTHERN, SOUTHERN = "northern", "southern"

_QUARTER_WORD = r"(?:quartal|quarter|trimestre|qtr|quart\.?)"
_QUARTER = re.compile(
    rf"(?:[qt]\s?([1-4])|([1-4])\.?\s?(?:st|nd|rd|th|er|e|ème)?\s?{_QUARTER_WORD}"
    rf"|{_QUARTER_WORD}\s?([1-4]))[\s/\-,]*(\d{{4}}|'?\d{{2}})"
    r"|(\d{4})[\s/\-]*[qt]\s?([1-4])",
    re.IGNORECASE,
)
_WEEK_WORD = r"(?:cw|kw|wk|week|woche|kalenderwoche|calendar week|semaine|sem\.?)"
_WEEK = re.compile(
    rf"{_WEEK_WORD}\s?(\d{{1,2}})[\s/\-,.]*(?:of |von |de )?(\d{{4}}|'?\d{{2}})"
    rf"|(\d{{4}})[\s/\-]*(?:w|{_WEEK_WORD})\s?(\d{{1,2}})|(\d{{1,2}})\.?\s?{_WEEK_WORD}\s?(\d{{4}})",
    re.IGNORECASE,
)
_SEASONS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("spring", "frühling", "fruehling", "frühjahr", "fruehjahr", "printemps"), 2),
    **dict.fromkeys(("summer", "sommer", "été", "ete"), 3),
    **dict.fromkeys(("autumn", "fall", "herbst", "automne"), 4),
    **dict.fromkeys(("winter", "hiver"), 1),
}
"""Seasons of the northern half of the earth by the quarter of the year that they fill."""

_SEASON = re.compile(
    rf"(?:(?:early|late|mid|ca\.?|im|in|en|au|anfang|ende)[\s-]+)?({'|'.join(_SEASONS)})\s*"
    r"(?:of |de |von )?(?:\d{2,4}\s?/\s?)?(\d{4}|'?\d{2})",
    re.IGNORECASE,
)


def _year(text: str, today: dt.date) -> int:
    """A year of two digits lies in this century, unless that is in the future."""
    digits = text.lstrip("'")
    if len(digits) == 4:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    return year if year <= today.year else year - 100


def vague_day(text: str, today: dt.date) -> tuple[dt.date, Precision] | None:
    """First day of the week or quarter that a text names, and which of the two it is.

    Examples
    --------
    >>> vague_day("Q2 2024", dt.date(2026, 1, 1)), vague_day("KW 12/2024", dt.date(2026, 1, 1))
    ((datetime.date(2024, 4, 1), 'quarter'), (datetime.date(2024, 3, 18), 'week'))
    """
    if match := _QUARTER.fullmatch(text):
        quarter = next(g for g in (*match.group(1, 2, 3), match[6]) if g)
        year = _year(match[4] or match[5], today)
        return (dt.date(year, 3 * int(quarter) - 2, 1), "quarter") if year else None
    if match := _WEEK.fullmatch(text):
        week, year_text = next(
            (w, y) for w, y in (match.group(1, 2), match.group(4, 3), match.group(5, 6)) if w
        )
        try:
            return dt.date.fromisocalendar(_year(year_text, today), int(week), 1), "week"
        except ValueError:
            return None
    return None


def quarter_of_season(text: str, hemisphere: Hemisphere, today: dt.date) -> str:
    """The quarter in which a season lies, as a text that is read as a date; blank for no season.

    Examples
    --------
    >>> quarter_of_season("Frühjahr 2023", "northern", dt.date(2026, 1, 1))
    'Q2 2023'
    >>> quarter_of_season("spring 2023", "southern", dt.date(2026, 1, 1))
    'Q4 2023'
    """
    match = _SEASON.fullmatch(" ".join(text.split()))
    if not match:
        return ""
    quarter = _SEASONS[match[1].casefold()]
    if hemisphere == SOUTHERN:
        quarter = (quarter + 1) % 4 + 1
    return f"Q{quarter} {_year(match[2], today)}"


def last_day_of(date: dt.date, precision: str) -> dt.date:
    """The last day of the week, month, quarter or year that begins with a day."""
    if precision == "week":
        return date + dt.timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}.get(precision)
    if months is None:
        return date
    after = date.month - 1 + months
    return dt.date(date.year + after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)


def seasons_in(texts: Sequence[str], today: dt.date) -> list[str]:
    """Those of some texts that name a season."""
    return [t for t in texts if quarter_of_season(t, NORTHERN, today)]
