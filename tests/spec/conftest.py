"""Builders for specifications: small tables in, rows of the change table out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings

NUMBERS = ("day", "thickness_mm", "start_day", "end_day", "cycles", "velocity_m_s", "frequency_mhz")


def _table(text: str, **defaults: object) -> pd.DataFrame:
    lines = [line.strip() for line in text.strip().splitlines()]
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    frame = pd.DataFrame(rows, columns=header).assign(
        **{k: v for k, v in defaults.items() if k not in header}
    )
    for name in set(NUMBERS) & set(header):
        frame[name] = pd.to_numeric(frame[name].replace("", np.nan))
    for name in {"date", "start", "end"} & set(header):
        frame[name] = pd.to_datetime(frame[name].replace("", None))
    return frame


@pytest.fixture
def readings():
    """Readings from lines of text; patient A and the forearm unless given."""
    return lambda text: _table(text, patient_id="A", site="forearm")


@pytest.fixture
def therapies():
    """Therapy periods from lines of text; patient A unless given."""

    def build(text: str) -> pd.DataFrame:
        frame = _table(text, patient_id="A")
        if "end_status" not in frame:
            ends = frame["end_day"] if "end_day" in frame else frame["end"]
            frame["end_status"] = np.where(ends.isna(), "ongoing", "ended")
        return frame

    return build


@pytest.fixture
def changes(readings, therapies):
    """The rows of periods, combinations and untreated time of two texts."""

    def build(measured: str, treated: str, **settings: object) -> pd.DataFrame:
        table = change_table(readings(measured), therapies(treated), Settings(**settings))
        return table[~table["level"].isin(["course", "patient"])].reset_index(drop=True)

    return build


@pytest.fixture
def change(changes):
    """The only period row, or the one of a regimen, of two texts."""

    def build(measured: str, treated: str, regimen: str = "", **settings: object) -> pd.Series:
        table = changes(measured, treated, **settings)
        rows = table[table["level"] == "period"]
        if regimen:
            rows = rows[rows["regimen"] == regimen]
        assert len(rows) == 1, rows[["site", "regimen", "period_id"]]
        return rows.iloc[0]

    return build
