"""Patients whose records cannot be placed on one time line, and the records of the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sm_tracker.domain.exposure import period_faults
from sm_tracker.domain.faults import Fault, Marked, mixed_times, set_aside
from sm_tracker.domain.record_limits import limit_faults
from sm_tracker.domain.tables import (
    EVENTS,
    MEASUREMENTS,
    OUTCOMES,
    THERAPIES,
    Records,
    completed_table,
)
from sm_tracker.domain.timeline import days_of_rows, value_faults


def record_faults(records: Records) -> Iterator[Fault]:
    """What keeps records off the time line, each table for itself and then all together."""
    marked: list[Marked] = []
    of_days = (
        (MEASUREMENTS, records.measurements), (OUTCOMES, records.outcomes),
        (EVENTS, records.events),
    )  # fmt: skip
    for table, frame in of_days:
        if table is EVENTS and frame.empty:  # most patients have none
            continue
        values = completed_table(frame, table)
        yield from limit_faults(table.name, values)
        yield from value_faults(table.name, values)
        t, dated = days_of_rows(values, "date", "day")
        marked.append((table.name, "day", values, dated, np.isfinite(t)))
    periods = completed_table(records.therapies, THERAPIES)
    yield from limit_faults(THERAPIES.name, periods)
    yield from period_faults(periods)
    t, dated = days_of_rows(periods, "start", "start_day")
    marked.append((THERAPIES.name, "start_day", periods, dated, np.isfinite(t)))
    yield from mixed_times(marked)


def computable_records(records: Records) -> tuple[Records, pd.DataFrame]:
    """The records of the patients that can be computed, and who cannot with the reason.

    Returns
    -------
    records : Records
        Without the patients that are set aside.
    set_aside : DataFrame
        One row each of these: ``patient_id``, ``code``, ``table``, ``file``, ``column``,
        ``rows``, ``reason``, ``where`` and ``fix``.
    """
    aside = set_aside(record_faults(records))
    if aside.empty:
        return records, aside
    codes = aside["patient_id"]
    kept = (f[~f["patient_id"].isin(codes)].reset_index(drop=True) for f in records.frames)
    return Records(*kept), aside
