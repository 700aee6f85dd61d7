"""Where the assumed default of the measurement error hides an answer.

The default takes the upper bounds of Serup 1984, 0.09 mm and 7 %, so that no clinic calls noise
a change. The same study has lower bounds, 0.05 mm and 3 %. A row that names no direction under
the default, and would under the lower bounds, is one whose answer waits for the clinic's own
error.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.change.verdict import BETTER_VERDICTS, WORSE_VERDICTS
from sm_tracker.analysis.kernels import BoolArray
from sm_tracker.domain.settings import DEFAULT_SEM_SOURCE, Settings
from sm_tracker.domain.tables import THICKNESS

LOWER_SEM_MM, LOWER_SEM_FRACTION = 0.05, 0.03

_IDENTITY = [
    "patient_id", "level", "period_id", "measure", "site", "side", "layer", "device",
    "frequency_mhz",
]  # fmt: skip
_CHECKS_WITH_DIRECTION = ("thinner", "thicker")


def hidden_answers(
    changes: pd.DataFrame, visits: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> BoolArray:
    """Which period rows name a direction only under the lower bounds of the default's study.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES, computed from the other three.
    visits, therapies : DataFrame
        Contracts VISITS and THERAPIES.
    settings : Settings

    Returns
    -------
    ndarray of bool, shape (rows of changes,)
        False wherever the error is not the default, or the clinic's minimal important change
        hides the answer as well.

    References
    ----------
    Serup J (1984). Acta Derm Venereol 64:214-219.
    """
    asked = (
        (changes["level"] == "period").to_numpy()
        & (changes["sem_source"] == DEFAULT_SEM_SOURCE).to_numpy()
        & ~names_direction(changes)
    )
    if not asked.any():
        return asked
    lower = dataclasses.replace(settings, sem_mm=LOWER_SEM_MM, sem_fraction=LOWER_SEM_FRACTION)
    again = change_table_of_visits(visits[visits["measure"] == THICKNESS], therapies, lower)
    return asked & _identities(changes).isin(_identities(again[names_direction(again)]))


def _identities(changes: pd.DataFrame) -> pd.MultiIndex:
    """What tells the rows of a change table apart."""
    return pd.MultiIndex.from_frame(changes[_IDENTITY].fillna({"frequency_mhz": 0.0}))


def names_direction(changes: pd.DataFrame) -> BoolArray:
    """Whether the word of each row, of its phases or its readings, is thinner or thicker."""
    of_phases = changes["verdict"].isin(BETTER_VERDICTS + WORSE_VERDICTS).to_numpy()
    of_readings = changes["error_check"].isin(_CHECKS_WITH_DIRECTION).to_numpy()
    return np.asarray(np.where(changes["answer"] == "phases", of_phases, of_readings))
