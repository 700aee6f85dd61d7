"""Records on day numbers with calendar dates, once the date of day 0 is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from sm_tracker.domain.records import LIMITS_FROM_TAGS
from sm_tracker.domain.tables import Records

_PAIRS = (("day", "date"), ("start_day", "start"), ("end_day", "end"))


def with_dates(records: Records, day_zero: Mapping[str, dt.date]) -> Records:
    """The records, those of the patients named with dates in the place of day numbers."""
    return Records(*(_dated(frame, day_zero) for frame in records.frames))


def _dated(frame: pd.DataFrame, day_zero: Mapping[str, dt.date]) -> pd.DataFrame:
    frame = frame.copy()
    zero = pd.to_datetime(frame["patient_id"].map(dict(day_zero)))
    for day, date in _PAIRS:
        if day not in frame:
            continue
        moved = frame[day].notna() & zero.notna()
        dates = zero[moved] + pd.to_timedelta(frame.loc[moved, day], unit="D")
        frame.loc[moved, date] = dates.astype(frame[date].dtype)
        frame.loc[moved, day] = float("nan")
    for column in ("session_dates", *LIMITS_FROM_TAGS):
        if column in frame:
            patients = frame["patient_id"]
            frame[column] = pd.Series(
                [
                    _times(text, day_zero.get(who))
                    for text, who in zip(frame[column], patients, strict=True)
                ],
                index=frame.index, dtype=frame[column].dtype,
            )  # fmt: skip
    return frame


def _times(text: str, zero: dt.date | None) -> str:
    """Days in a text as dates; what is a date already stays."""
    if zero is None:
        return text
    return " ".join(
        one if "-" in one[1:] else (zero + dt.timedelta(int(one))).isoformat()
        for one in text.split()
    )
