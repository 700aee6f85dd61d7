"""When a therapy period began and ended, in words as exact as what is known of it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from sm_tracker.domain.records import LIMITS_FROM_TAGS, tag_limit_of
from sm_tracker.languages import N_
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import When

_EPOCH = dt.date(1970, 1, 1)


def start_text(row: pd.Series, therapy: pd.Series | None, when: When) -> str:
    """``10 Mar 2025``; ``≈ Mar 2021`` where known to the month, ``≤ 7 Apr 2025`` from tags.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    therapy : Series or None
        The period under contract THERAPIES, if there is one.
    when : When
    """
    if _from_tags(row, therapy, "starts_by"):
        return f"≤ {when.day(row['starts_on'], row['starts_day'])}"
    precision = "day" if therapy is None else str(therapy["date_precision"])
    return when.limit(row["starts_on"], row["starts_day"], precision)


def end_text(row: pd.Series, therapy: pd.Series | None, when: When) -> str:
    """The same of the end; ``≥ 25 Aug 2025`` from tags."""
    if _from_tags(row, therapy, "ends_after"):
        return f"≥ {when.day(row['ends_on'], row['ends_day'])}"
    precision = "day"
    if therapy is not None:
        precision = str(therapy["end_date_precision"] or therapy["date_precision"])
    return when.limit(row["ends_on"], row["ends_day"], precision)


def _from_tags(row: pd.Series, therapy: pd.Series | None, limit: str) -> bool:
    """Whether a limit is the first or last tagged reading, which lies within the stretch."""
    if therapy is None:
        return "dates_from_tags" in str(row["flags"]).split()
    return bool(therapy[limit])


def is_from_tags(therapy: pd.Series | None) -> bool:
    """Whether start or end of a period is known from the tags of readings alone."""
    return therapy is not None and any(therapy[name] for name in LIMITS_FROM_TAGS)


def tag_limits(therapy: pd.Series, when: When) -> str:
    """``start between 10 Mar and 7 Apr 2025, end between …``; blank if known exactly."""
    parts = []
    if therapy["starts_by"]:
        after, by = _days(therapy["starts_after"], therapy["starts_by"], when)
        words = _("start between {after} and {by}") if after else _("start not later than {by}")
        parts.append(words.format(after=after, by=by))
    if therapy["ends_after"]:
        after, by = _days(therapy["ends_after"], therapy["ends_by"], when)
        parts.append(_("end between {after} and {by}").format(after=after, by=by))
    return ", ".join(parts)


def _days(first: str, last: str, when: When) -> tuple[str, str]:
    """Two days in words; the year of both is said once."""
    limits = tag_limit_of(first), tag_limit_of(last)
    after, by = (_day(limit, when) for limit in limits)
    if all(isinstance(limit, dt.date) for limit in limits):
        years = [limit.year for limit in limits if isinstance(limit, dt.date)]
        if years[0] == years[1]:
            after = after.removesuffix(f" {years[0]}")
    return after, by


def _day(limit: dt.date | int | None, when: When) -> str:
    if isinstance(limit, dt.date):
        return when.day(limit, float((limit - _EPOCH).days))
    return "" if limit is None else when.day(None, float(limit))


_USUAL_WORDS = frozenset({
    N_("completed"), N_("intolerance"), N_("failure"), N_("no improvement"), N_("no response"),
    N_("adverse event"), N_("remission"), N_("relapse"),
    N_("intravenous"), N_("oral"), N_("subcutaneous"), N_("intramuscular"), N_("topical"),
    N_("extracorporeal"),
})  # fmt: skip
"""Reasons for stopping and routes in the words that records mostly have for them."""


def usual_word(text: str) -> str:
    """A usual reason or route in the language in use; any other stays as written.

    Examples
    --------
    >>> usual_word("intolerance"), usual_word("moved to another town")
    ('intolerance', 'moved to another town')
    """
    plain = text.strip().casefold()
    return _(plain) if plain in _USUAL_WORDS else text
