"""Measurement error: what the clinic's own readings say about it, and what it lets one find."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.error.error_model import errors_in_force
from sm_tracker.analysis.error.phase_scatter import PhaseScatter
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.workflow.analysing import Analysis

__all__ = [
    "PhaseScatter",
    "errors_in_force",
    "hidden_by_default_error",
    "scatter_of",
    "what_is_found",
]


def scatter_of(analysis: Analysis) -> tuple[PhaseScatter, ...]:
    """Scatter within phases of all patients, then of each site and device with enough readings.

    Raises
    ------
    TooFewReadings
        Under 20 degrees of freedom in all.
    """
    from sm_tracker.analysis.error.phase_scatter import scatter_within_phases

    return scatter_within_phases(analysis.visits, analysis.records.therapies, analysis.settings)


def what_is_found(settings: Settings, error: ErrorSetting) -> pd.DataFrame:
    """Share of simulated courses that get each word with this error and these settings."""
    from sm_tracker.analysis.error import operating_characteristics as simulated

    return simulated.shares_found(settings, error)


def hidden_by_default_error(analysis: Analysis, patient_id: str) -> tuple[int, int]:
    """Rows of a patient's periods whose answer the default error hides, and all of them.

    A row counts as hidden if it names no direction, and would under the lower bounds of the
    study whose upper bounds are the default; see docs/methods.md.
    """
    from sm_tracker.analysis.error.hidden_answers import hidden_answers

    changes = analysis.changes
    own = (changes["patient_id"] == patient_id) & (changes["level"] == "period")
    own &= changes["measure"] == THICKNESS
    hidden = hidden_answers(changes, analysis.visits, analysis.records.therapies, analysis.settings)
    return int((hidden & own).sum()), int(own.sum())
