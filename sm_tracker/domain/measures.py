"""Rows by measure and level: who means skin thickness says so here, so that units never mix."""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.tables import THICKNESS


def thickness_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of skin thickness of a table of visit values or changes."""
    return frame[(frame["measure"] == THICKNESS).to_numpy()]


def outcome_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of second outcomes of a table of visit values or changes."""
    return frame[(frame["measure"] != THICKNESS).to_numpy()]


def rows_of_level(changes: pd.DataFrame, *levels: str) -> pd.DataFrame:
    """Rows of the change table of some levels: period, combination, untreated, course, patient."""
    return changes[changes["level"].isin(levels).to_numpy()]
