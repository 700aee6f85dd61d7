"""When a therapy period began and ended, in words as exact as what is known of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.records import LIMITS_FROM_TAGS, limit_of
from sm_tracker.domain.regimens import abbreviate
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
    if therapy is not None and therapy["starts_by"]:
        return f"≤ {when.day(row['starts_on'], row['starts_day'])}"
    precision = "day" if therapy is None else str(therapy["date_precision"])
    return when.limit(row["starts_on"], row["starts_day"], precision)


def end_text(row: pd.Series, therapy: pd.Series | None, when: When) -> str:
    """The same of the end; ``≥ 25 Aug 2025`` from tags."""
    if therapy is not None and therapy["ends_after"]:
        return f"≥ {when.day(row['ends_on'], row['ends_day'])}"
    precision = "day"
    if therapy is not None:
        precision = str(therapy["end_date_precision"] or therapy["date_precision"])
    return when.limit(row["ends_on"], row["ends_day"], precision)


def is_from_tags(therapy: pd.Series | None) -> bool:
    """Whether start or end of a period is known from the tags of readings alone."""
    return therapy is not None and any(therapy[name] for name in LIMITS_FROM_TAGS)


def tag_limits(therapy: pd.Series, when: When) -> str:
    """``start between 10 Mar 2025 and 7 Apr 2025, end between …``; blank if known exactly."""
    parts = []
    if therapy["starts_by"]:
        by = _day(therapy["starts_by"], when)
        parts.append(_("start by {by}").format(by=by))
        if therapy["starts_after"]:
            after = _day(therapy["starts_after"], when)
            parts = [_("start between {after} and {by}").format(after=after, by=by)]
    if therapy["ends_after"]:
        after, by = (_day(therapy[name], when) for name in ("ends_after", "ends_by"))
        parts.append(_("end between {after} and {by}").format(after=after, by=by))
    return ", ".join(parts)


def _day(text: str, when: When) -> str:
    limit = limit_of(text)
    if isinstance(limit, dt.date):
        return when.day(limit, float((limit - _EPOCH).days))
    return when.day(None, math.nan if limit is None else float(limit))


@dataclass(frozen=True, slots=True)
class Offer:
    """A period whose dates come from tags: which one, and what is known of them."""

    period_id: str
    text: str


def offers(
    therapies: pd.DataFrame, shown: Iterable[str] = (), when: When | None = None
) -> tuple[Offer, ...]:
    """What to ask the real dates of: a sentence for each period known from tags.

    Parameters
    ----------
    therapies : DataFrame
        Contract THERAPIES of one patient.
    shown : iterable of str
        Only these periods; all if empty.
    when : When, optional
    """
    wanted = set(shown)
    return tuple(
        Offer(
            therapy["period_id"],
            _("{regimen}: {limits} (from the tags).").format(
                regimen=abbreviate(therapy["therapy"]), limits=tag_limits(therapy, when or When())
            ),
        )
        for _number, therapy in therapies.iterrows()
        if is_from_tags(therapy) and (not wanted or therapy["period_id"] in wanted)
    )
