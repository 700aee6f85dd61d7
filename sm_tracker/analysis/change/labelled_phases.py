"""Visit values as labelled phases: the table that effect sizes are computed from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import ChangeInputs, prepare_inputs
from sm_tracker.domain.exposure_states import UNTREATED, state_labels
from sm_tracker.domain.series import keys_of
from sm_tracker.domain.series_key import SeriesKey, series_codes
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.domain.timeline import IntArray

PHASE_COLUMNS = ("dataset", "case_id", "session", "phase", "outcome", "direction")


def phases_of_visits(
    visit_frame: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Each usable visit value with the therapy that ran, as :func:`effect_sizes` reads it.

    Parameters
    ----------
    visit_frame : DataFrame
        Contract VISITS.
    therapies : DataFrame
        Contract THERAPIES.
    settings : Settings
        Their grace decides which readings still belong to a therapy that ended.

    Returns
    -------
    DataFrame
        ``dataset`` is the measure with its unit, ``case_id`` the patient and the series,
        ``session`` the day, ``phase`` the regimens that ran, ``direction`` the better one
        (decrease where nobody has said it). A value inside an uncertain start or end, or
        before tags that say nothing of it, belongs to no phase and is left out.
    """
    inputs = prepare_inputs(visit_frame, therapies, settings)
    visits = inputs.visits
    state = _state_of_values(inputs)
    phase = np.full(state.size, UNTREATED, dtype=object)
    phase[state >= 0] = state_labels(inputs.periods, inputs.states, state[state >= 0])[0]
    rows = visits.frame.iloc[visits.usable]
    better = rows["better"].mask(
        rows["measure"] == THICKNESS, "higher" if settings.improvement == "increase" else "lower"
    )
    for own in settings.outcome_settings:
        if own.better:
            better = better.mask(rows["measure"] == own.outcome, own.better)
    unit = rows["unit"].where(rows["unit"] == "", " (" + rows["unit"] + ")")
    labelled = pd.DataFrame(
        {
            "dataset": rows["measure"] + unit,
            "case_id": rows["patient_id"] + _series_names(rows),
            "session": visits.t,
            "phase": phase,
            "outcome": visits.value,
            "direction": np.where(better == "higher", "increase", "decrease"),
        }
    )
    known: pd.DataFrame = labelled[(phase != "") & (state != _NO_STATE)]
    return known.reset_index(drop=True)


_NO_PERIODS, _NO_STATE = -1, -2


def _state_of_values(inputs: ChangeInputs) -> IntArray:
    """Number of the exposure state of each usable value, or why it has none."""
    states, visits = inputs.states, inputs.visits
    if states.patient.size == 0:
        return np.full(visits.t.size, _NO_PERIODS)
    patient = visits.patient_of_series[visits.series]
    # States and values in one order; a value on the day of a change lies before it.
    owner = np.concatenate([patient, states.patient])
    day = np.concatenate([visits.t, states.opens])
    is_state = np.repeat([0, 1], [patient.size, states.patient.size])
    order = np.lexsort((is_state, day, owner))
    number = np.concatenate([np.full(patient.size, -1), np.arange(states.patient.size)])
    found = np.empty(order.size, dtype="int64")
    found[order] = np.maximum.accumulate(number[order])
    state = found[: patient.size]
    own = (state >= 0) & (states.patient[state] == patient)
    inside = (visits.t <= states.closes[state]) & ~(
        (visits.t > states.hole_from[state]) & (visits.t <= states.hole_to[state])
    )
    return np.where(own, np.where(inside, state, _NO_STATE), _NO_PERIODS)


def _series_names(rows: pd.DataFrame) -> pd.Series:
    """Name of the series of each row, blank for outcomes: side, site and what tells it apart."""
    found = pd.Series("", index=rows.index, dtype="str")
    for _, own in rows.groupby("patient_id", sort=False):
        names = {key: name for name, key in series_codes(keys_of(own), " ").items()}
        keys = list(SeriesKey._fields)
        for _, series in own.groupby(keys, dropna=False, sort=False):
            name = " ".join(names[keys_of(series)[0]].split())
            found[series.index] = f" {name}" if name else ""
    return found
