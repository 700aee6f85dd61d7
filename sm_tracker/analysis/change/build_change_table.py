"""The change table: readings and therapy periods in, one row per site and period out.

This is the only place that computes a change per regimen. Sentence, table, figure, the
clinic's list and the registry all come from :func:`change_table`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import (
    ChangeInputs,
    ChosenReadings,
    RowMeasure,
    patient_codes,
    prepare_inputs,
    row_dates,
    series_column,
    stacked_arrays,
)
from sm_tracker.analysis.change.concordance import concordance_columns
from sm_tracker.analysis.change.intervals import COURSE, PATIENT, PERIOD
from sm_tracker.analysis.change.patient_level import patient_rows
from sm_tracker.analysis.change.phase_change import phase_change
from sm_tracker.analysis.change.reading_change import (
    change_since_untreated,
    reading_change,
    readings_elsewhere,
)
from sm_tracker.analysis.change.reading_roles import (
    LEFT_OUT_REASONS,
    ReadingRoles,
)
from sm_tracker.analysis.kernels import (
    BoolArray,
    IntArray,
    moments,
)
from sm_tracker.domain.change_columns import CHANGES, LEVELS
from sm_tracker.domain.exposure_states import NO_THERAPY, state_labels
from sm_tracker.domain.records import END_STATUSES
from sm_tracker.domain.settings import Settings, given_settings
from sm_tracker.domain.tables import text_of_codes
from sm_tracker.domain.timeline import (
    joined_visits,
    outcome_visit_values,
    visit_values,
)

WHOLE_COURSE = "whole course"


BLOCK_PATIENTS = 10_000


def change_table(
    measurements: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings | None = None,
    outcomes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Change of skin thickness and outcomes per therapy period, for any number of patients.

    Parameters
    ----------
    measurements : DataFrame
        Contract MEASUREMENTS; one row per reading. A value counts unless its ``doubt`` is
        ``"open"``; nothing is judged here, see :func:`sm_tracker.domain.doubt.with_doubts`.
    therapies : DataFrame
        Contract THERAPIES; one row per therapy period.
    settings : Settings, optional
        Windows, measurement error and rules; the defaults of docs/methods.md if omitted.
    outcomes : DataFrame, optional
        Contract OUTCOMES; one row per value of a second outcome.

    Returns
    -------
    DataFrame
        Contract CHANGES: one row per patient, measure, site, side, layer, device and
        period, one for each combination and untreated interval that holds a reading and for
        the whole course, and one per period over the body sites. Nothing is dropped: what
        cannot be computed keeps its row with the reason.

    Raises
    ------
    ColumnError
        If a column is missing, holds values of the wrong kind, or a period is impossible.
    MixedTimeError
        If one patient mixes calendar dates and day numbers.
    """
    settings = given_settings(settings)
    visits = visit_values(measurements)
    if outcomes is not None:
        visits = joined_visits(visits, outcome_visit_values(outcomes))
    return change_table_of_visits(visits, therapies, settings)


def change_table_of_visits(
    visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The change table where the visit values (contract VISITS) are already known."""
    patients = patient_codes(visit_frame, therapies)
    if patients.size <= BLOCK_PATIENTS:
        return _table(prepare_inputs(visit_frame, therapies, settings), settings)
    # Blocks of whole patients bound the memory; each is computed in one sweep.
    of_visit = patients.get_indexer(pd.Index(visit_frame["patient_id"])) // BLOCK_PATIENTS
    of_period = patients.get_indexer(pd.Index(therapies["patient_id"])) // BLOCK_PATIENTS
    blocks = range(-(-patients.size // BLOCK_PATIENTS))
    return pd.concat(
        [
            _table(
                prepare_inputs(visit_frame[of_visit == b], therapies[of_period == b], settings),
                settings,
            )
            for b in blocks
        ],
        ignore_index=True,
    )


def _table(inputs: ChangeInputs, settings: Settings) -> pd.DataFrame:
    rows, visits = inputs.rows, inputs.visits
    measure = RowMeasure.of(rows, visits, settings)
    chosen = ChosenReadings.of(rows)
    elsewhere = readings_elsewhere(rows, visits)
    phases = moments(rows.reference), moments(rows.under)
    columns: dict[str, Any] = {
        **_identity(inputs),
        **reading_change(rows, visits, measure, chosen, elsewhere),
        **phase_change(inputs, phases, measure, chosen, elsewhere[0], settings),
        "sem_source": measure.error.source,
        "settings_id": text_of_codes([settings.settings_id], np.zeros(rows.series.size, int)),
        **change_since_untreated(rows, phases[1], measure, chosen, settings),
        **_left_out(rows),
        "measure": measure.name,
        "unit": measure.unit,
    }
    columns["answer"] = _answer(columns["verdict"])
    over_sites, head, period = patient_rows(columns, rows)
    columns |= concordance_columns(
        columns,
        over_sites,
        period,
        rows,
        measure.decrease,
        measure.directed,
        thinner_is_better=settings.improvement == "decrease",
    )
    over_sites |= {name: columns[name][head] for name in _OF_PERIOD}
    order = np.lexsort(
        (
            pd.factorize(columns["period_id"], sort=True)[0][np.r_[: rows.series.size, head]],
            np.r_[rows.interval.level, np.full(period.size, PATIENT)],
            np.r_[rows.interval.start_first, inputs.periods.start_first[period]],
            np.r_[rows.series, np.full(period.size, visits.first_of_series.size)],
            np.r_[rows.interval.patient, inputs.periods.patient[period]],
        )
    )
    return _assembled(columns, over_sites, rows.series.size, period.size, order)


_OF_PERIOD = (
    "patient_id", "period_id", "regimen", "starts_on", "ends_on", "end_status", "starts_day",
    "ends_day", "settings_id",
)  # fmt: skip


def _assembled(
    columns: dict[str, Any], below: dict[str, Any], n: int, n_below: int, order: IntArray
) -> pd.DataFrame:
    """Two blocks of rows as one table in order; a column that a block lacks is blank there."""
    blank: dict[str, Any] = {
        "text": text_of_codes([""], np.zeros(max(n, n_below), dtype="int64")),
        "number": np.full(max(n, n_below), np.nan),
        "date": np.full(max(n, n_below), np.datetime64("NaT"), dtype="datetime64[us]"),
    }
    table = {}
    for name, column in CHANGES.columns.items():
        above = columns.get(name, blank[column.kind][:n])
        under = below.get(name, blank[column.kind][:n_below])
        if column.kind == "number":
            above = np.asarray(above, dtype="float64")
        table[name] = stacked_arrays(above, under).take(order)
    return pd.DataFrame(table, copy=False)


def _answer(verdict: object) -> object:
    """Which of the two answers gives a row its one word."""
    without = np.isin(np.asarray(verdict), ("", "too_few_readings"))
    return text_of_codes(("phases", "readings"), without.astype("int64"))


def _identity(inputs: ChangeInputs) -> dict[str, object]:
    rows, periods, states = inputs.rows, inputs.periods, inputs.states
    interval = rows.interval
    own, course = interval.level == PERIOD, interval.level == COURSE
    of_state = ~own & ~course
    starts, ends = interval.begins.copy(), interval.until.copy()
    frame, period = periods.frame, interval.source[own]
    ends[own] = periods.end[period]
    first, last = rows.baseline.start[course], rows.under.stop[course] - 1
    known = rows.under.n[course] > 0
    starts[course] = np.where(known, np.r_[rows.under.t, 0.0][first], np.nan)
    ends[course] = np.where(known, np.r_[rows.under.t, 0.0][last], np.nan)
    status = np.where(np.isinf(ends), 1, 0)
    status[own] = pd.Index(END_STATUSES).get_indexer(pd.Index(frame["end_status"]))[period]
    status[course] = len(END_STATUSES)
    others, which = np.unique(interval.source[of_state], return_inverse=True)
    names, ids = state_labels(periods, states, others)
    ids[states.n_running[others] == 0] = NO_THERAPY
    source = np.full(interval.level.size, len(frame) + others.size)
    source[own], source[of_state] = period, len(frame) + which
    dated = _dated(inputs)
    return {
        "patient_id": inputs.patients.array.take(interval.patient),
        **{
            key: series_column(inputs.visits, rows.series, key)
            for key in ("site", "side", "layer", "device", "frequency_mhz")
        },
        "level": text_of_codes(LEVELS, interval.level),
        "period_id": text_of_codes([*frame["period_id"], *ids, ""], source),
        "regimen": text_of_codes([*frame["therapy"], *names, WHOLE_COURSE], source),
        "starts_on": row_dates(starts, dated),
        "ends_on": row_dates(ends, dated),
        "starts_day": starts,
        "ends_day": np.where(np.isfinite(ends), ends, np.nan),
        "end_status": text_of_codes([*END_STATUSES, ""], status),
    }


def _dated(inputs: ChangeInputs) -> BoolArray:
    """Whether the patient of each row is on the calendar."""
    visits, periods = inputs.visits, inputs.periods
    of_patient = np.zeros(len(inputs.patients), dtype=bool)
    of_patient[periods.patient] = periods.dated
    of_series = visits.frame["date"].notna().to_numpy()[visits.first_of_series]
    of_patient[visits.patient_of_series] = of_series
    return of_patient[inputs.rows.interval.patient]


def _left_out(rows: ReadingRoles) -> dict[str, object]:
    counts = np.column_stack([rows.left_out[name] for name in LEFT_OUT_REASONS])
    total = counts.sum(axis=1)
    distinct, which = np.unique(counts[total > 0], axis=0, return_inverse=True)
    labels, codes = (
        [
            mark.join(form.format(n=n, why=w) for n, w in zip(row, reasons, strict=True) if n)
            for row in distinct
        ]
        for mark, form, reasons in (
            ("; ", "{n} {why}", LEFT_OUT_REASONS.values()),
            (" ", "{why}:{n}", LEFT_OUT_REASONS),
        )
    )
    code = np.zeros(total.size, dtype="int64")
    code[total > 0] = which.ravel() + 1
    return {
        "n_left_out": total,
        "left_out": text_of_codes(["", *labels], code),
        "left_out_code": text_of_codes(["", *codes], code),
    }
