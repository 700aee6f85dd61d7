"""The limits of a record in whole tables, where nobody has made a record of each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.domain.faults import Fault
from sm_tracker.domain.record_fields import FIRST_DATE, LAST_DATE, FieldRule, rules_of
from sm_tracker.domain.records import Event, Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.languages import Message

RECORD_OF: dict[str, type[Any]] = {
    "measurements": Measurement, "therapies": TherapyPeriod, "outcomes": OutcomeReading,
    "events": Event,
}  # fmt: skip
"""The kind of record of each table, by its name."""


def limit_faults(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """Rows of a table that hold what a record cannot hold, column by column.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        Columns of their kinds; those that are not there are passed over.
    """
    for name, rule in rules_of(RECORD_OF[table]).items():
        if name not in frame:
            continue
        for wrong, detail in _beyond(frame[name], rule):
            if wrong.any():
                yield Fault("beyond_limits", table, name, frame, np.asarray(wrong), detail)


def _beyond(values: pd.Series, rule: FieldRule) -> Iterator[tuple[Any, Message]]:
    """Which values are beyond a limit, limit by limit, with what is wrong."""
    if rule.longest:
        # Most columns hold few different texts.
        if max(map(len, values.unique()), default=0) > rule.longest:
            yield (
                values.str.len() > rule.longest,
                Message("is longer than {n:,} characters", n=rule.longest),
            )
    elif rule.kind == "date":
        early, late = pd.Timestamp(FIRST_DATE), pd.Timestamp(LAST_DATE)
        yield values < early, Message("is before {date}", date=FIRST_DATE)
        yield values > late, Message("is after {date}", date=LAST_DATE)
    elif rule.kind in ("number", "whole"):
        numbers = values.to_numpy(dtype="float64")
        yield np.isinf(numbers), Message("is not finite")
        if rule.above is not None:
            yield numbers <= rule.above, Message("is not above zero")
        if rule.least is not None:
            yield (
                numbers < rule.least,
                Message("is below {limit}", limit=_in_unit(rule.least, rule)),
            )
        if rule.most is not None:
            yield numbers > rule.most, Message("is above {limit}", limit=_in_unit(rule.most, rule))


def _in_unit(limit: float, rule: FieldRule) -> Message:
    if rule.unit:
        return Message("{number:,.0f} {unit}", number=float(limit), unit=rule.unit)
    return Message("{number:,.0f}", number=float(limit))
